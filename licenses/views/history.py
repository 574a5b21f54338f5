"""What became of a clause and who did it: its readings, proposals, people, and all of it as one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from axes.helpers import get_client_ip_address
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from redis import RedisError
from redis.lock import Lock

from licenses import audit as trail
from licenses import deeds, facets, proposed
from licenses import history as readings
from licenses.clauses import KIND
from licenses.models import AuditEntry, License, Proposal
from licenses.roles import CURATE, may_publish_alone
from licenses.throttle import HOUR, NotNow, network, times, turn

from .answers import asked_every_time, later, refused, takes
from .guard import allowed, whoever

PAGE_SIZE = 50
#: How often one network may fetch the whole trail; and after how many seconds another may, whatever became of the last.
PER_HOUR, LONGEST = 6, 120


@require_safe
@asked_every_time
@takes()
def clause_history(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    return render(request, "licenses/clause_history.html", of_clause(slug, kind))


@allowed(CURATE)
@require_safe
def curate_history(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same, with a form under each earlier reading that publishes it again."""
    may = may_publish_alone(whoever(request), kind)
    return render(request, "curation/history.html", of_clause(slug, kind) | {"may_revert": may})


def of_clause(slug: str, kind: str) -> dict[str, Any]:
    if kind not in KIND:
        raise Http404(f"{kind} is no kind of clause.")
    license = get_object_or_404(License, slug=slug)
    return {"license": license, "kind": KIND[kind], "history": readings.history(license, KIND[kind])}


@require_safe
@asked_every_time
@takes()
def proposal(request: HttpRequest, key: str) -> HttpResponse:
    """What somebody proposed, and what became of it."""
    found = get_object_or_404(Proposal.objects.for_page(), key=key)
    answered = found.answered_by.for_page().order_by("pk")
    return render(request, "licenses/proposal.html", {"shown": proposed.shown(found), "answered": answered})


@require_safe
@asked_every_time
@takes()
def curators(request: HttpRequest) -> HttpResponse:
    return render(request, "licenses/curators.html", {"people": deeds.people()})


@require_safe
@asked_every_time
@takes("after")
def curator(request: HttpRequest, pk: int) -> HttpResponse:
    """What one person did here, the newest first."""
    after = request.GET.get("after", "")
    if after and not (after.isascii() and after.isdecimal() and len(after) <= 18):
        return refused(request, {"after": [f"“{after[:60]}” cannot be used with “after”. Use a link of this page."]})
    person = next(iter(deeds.people(pk)), None)
    if person is None:
        raise Http404("Nobody with this number did anything here.")
    found = list(AuditEntry.objects.of_person(pk).after(int(after or 0)).for_page()[: PAGE_SIZE + 1])
    rows = [deeds.done(entry) for entry in found[:PAGE_SIZE]]
    more = facets.address(facets.changed(request.GET, after=str(rows[-1].entry.pk)), request.path)
    context = {
        "person": person,
        "rows": rows,
        "next_page": more if len(found) > PAGE_SIZE else "",
        "first_page": request.path if after else "",
    }
    return render(request, "licenses/curator.html", context)


@require_safe
@takes()
def audit(request: HttpRequest) -> HttpResponseBase:
    """Every deed and every reading, one JSON object a line. It keeps a process busy: not for everybody at once."""
    if request.method == "HEAD":
        return streamed(())
    try:
        if times("audit", network(get_client_ip_address(request))) > PER_HOUR:
            return later(
                f"The trail is yours {PER_HOUR} times an hour. Ask again in an hour.", status=429, seconds=HOUR
            )
        mine = turn("audit", seconds=LONGEST)
    except NotNow:
        return later("The trail cannot be had at the moment. Ask again in a minute.", status=503, seconds=60)
    if mine is None:
        return later("Somebody else is fetching the trail. Ask again in a minute.", status=503, seconds=60)
    return streamed(until_the_end(mine))


def until_the_end(mine: Lock) -> Iterator[str]:
    try:
        yield from trail.lines()
    finally:
        with suppress(RedisError):
            mine.release()


def streamed(lines: Iterable[str]) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="openness-audit.jsonl"'
    patch_cache_control(response, public=True, max_age=0, s_maxage=60)
    return response
