"""One verdict in full: what decided, the words that prove it, what to do, what nobody has read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from licenses import explaining, facets, profiles
from licenses.clauses.asker import sentence
from licenses.clauses.profile import Profile
from licenses.explaining import Explained

from .answers import asked_every_time, format_faults, refused, takes
from .asking import USUAL, asked
from .verdict_exports import plainly, record

FORMATS = ("json", "txt")
KNOWN = (*profiles.NAMES, "format")


@require_safe
@asked_every_time
@takes(*KNOWN)
def check_release(request: HttpRequest, slug: str) -> HttpResponse:
    return answered(request, slug, explaining.of_release)


@require_safe
@asked_every_time
@takes(*KNOWN)
def check_license(request: HttpRequest, slug: str) -> HttpResponse:
    return answered(request, slug, explaining.of_license)


@require_safe
@asked_every_time
@takes(*KNOWN)
def check_model(request: HttpRequest, org: str, name: str) -> HttpResponse:
    return answered(request, f"{org}/{name}", explaining.of_model)


def answered(
    request: HttpRequest, name: str, explain: Callable[[str, Profile | None], Explained | None]
) -> HttpResponse:
    """The page; or the same for machines and for a file, where somebody said who asks."""
    form, who = request.GET.get("format", ""), asked(request.GET)
    if faults := who.faults | export_faults(form, who.profile):
        return refused(request, faults)
    found = explain(name, who.profile)
    if found is None:
        raise Http404(f"Nothing is known here of {name}.")
    if form == "json":
        return JsonResponse(record(found))
    if form == "txt":
        return HttpResponse(plainly(found), content_type="text/plain; charset=utf-8")
    return render(request, "licenses/verdict.html", shown(found, who.query))


def export_faults(form: str, profile: Profile | None) -> dict[str, list[str]]:
    if form in FORMATS and profile is None:
        return {"format": ["There is no verdict to give before you say who asks, such as commercial=yes&use=product."]}
    return format_faults(form or None, FORMATS)


def to_questions(found: Explained, query: QueryDict) -> str:
    """The form with these answers, above the row that they are for; a model of the Hub has none there."""
    target = query.copy()
    if found.subject.model is None:
        target["q"] = found.subject.name
    return facets.address(target, reverse("check"))


def shown(found: Explained, query: QueryDict) -> dict[str, Any]:
    address, carried = found.subject.verdict_address, query.urlencode()
    return {
        "found": found,
        "subject": found.subject,
        "result": found.result,
        "query": carried,
        "asker": sentence(found.profile) if found.profile else "",
        "change": to_questions(found, query),
        "changes": [(flip, f"{address}?{profiles.as_query(flip.profile).urlencode()}") for flip in found.changes],
        "usual": [(words, f"{address}?{plans}") for words, plans in USUAL],
        "exports": [(form.upper(), f"{address}?{carried}&format={form}") for form in FORMATS],
        "compare": f"{reverse('compare')}?{urlencode({'with': found.subject.handle})}&{carried}",
    }
