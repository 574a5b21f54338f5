"""The feeds: of everything, and of one license, release, publisher or model; each as RSS, Atom and JSON Feed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from licenses import bundles, facets, feeds
from licenses.altering import altering
from licenses.change_filters import ChangeFilters
from licenses.feeds import Follow
from licenses.models import Change, ChangeQuerySet, License, OpenModel, Publisher, Release
from licenses.past import histories

from .answers import asked_every_time, refused

#: Name and page of what a feed is of; looked up only when the feed is written.
Subject = Callable[[], tuple[str, str]]


@require_safe
@asked_every_time
def everything(request: HttpRequest, form: str) -> HttpResponse:
    """One entry for each bulk, with the same filters as the page."""
    filters = ChangeFilters(request.GET, Change.objects.leads(), presentation=("archive",))
    return answer(request, form, filters, lambda: ("", reverse("changes")))


@require_safe
@asked_every_time
def of_publisher(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    changes = Change.objects.leads().from_publishers([slug])
    filters = ChangeFilters(request.GET, changes, presentation=("archive",))
    return answer(request, form, filters, lambda: publisher_of(slug))


@require_safe
@asked_every_time
def of_license(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return of_one(request, form, Change.objects.of_license(slug), lambda: license_of(slug))


@require_safe
@asked_every_time
def of_release(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return of_one(request, form, Change.objects.of_release(slug), lambda: release_of(slug))


@require_safe
@asked_every_time
def of_model(request: HttpRequest, org: str, name: str, form: str) -> HttpResponse:
    repo_id = f"{org}/{name}"
    return of_one(request, form, Change.objects.of_model(repo_id), lambda: model_of(repo_id))


def of_one(request: HttpRequest, form: str, changes: ChangeQuerySet, subject: Subject) -> HttpResponse:
    filters = ChangeFilters(request.GET, changes, of_one=True, presentation=("archive",))
    return answer(request, form, filters, subject)


def license_of(slug: str) -> tuple[str, str]:
    found = get_object_or_404(License, slug=slug)
    return found.short_name, found.get_absolute_url()


def release_of(slug: str) -> tuple[str, str]:
    return get_object_or_404(Release, slug=slug).name, reverse("release", args=[slug])


def publisher_of(slug: str) -> tuple[str, str]:
    return get_object_or_404(Publisher, slug=slug).name, reverse("publisher", args=[slug])


def model_of(repo_id: str) -> tuple[str, str]:
    found = OpenModel.objects.named(repo_id).first()
    if found is None:
        raise Http404(f"No model {repo_id} is known here.")
    return found.repo_id, found.get_absolute_url()


def answer(request: HttpRequest, form: str, filters: ChangeFilters, subject: Subject) -> HttpResponse:
    """304 after one query where nothing is new, two with a profile; else the document."""
    faults = filters.faults()
    if faults:
        return refusal(request, form, faults)
    mark, held = filters.qs.mark(), bundles.mark() if filters.profile else ()
    etag = quote_etag(digest(form, request.get_full_path(), mark | {"held": held}))
    # No day tells that a better reading of ours judges an old change otherwise.
    told_at = None if filters.profile else int((mark["told_at"] or feeds.BEGINNING).timestamp())
    if (same := get_conditional_response(request, etag=etag, last_modified=told_at)) is not None:
        return same
    filters.of, home = subject()
    faults = filters.strangers() | archive_faults(request, filters, mark["count"])
    if faults:
        return refusal(request, form, faults)
    return HttpResponse(
        feeds.WRITERS[form](written(request, filters, home, mark["count"], held)),
        content_type=f"{feeds.FORMS[form]}; charset=utf-8",
        headers={"ETag": etag} | ({"Last-Modified": http_date(told_at)} if told_at else {}),
    )


def written(
    request: HttpRequest, filters: ChangeFilters, home: str, count: int, held: tuple[str, ...]
) -> feeds.Document:
    """`held`: the mark of what we hold licenses to say."""
    query = facets.changed(request.GET, archive=None)
    path = request.path.rpartition(".")[0]
    follow = Follow(filters.title, home if filters.of else facets.address(query, home), path, query)
    if filters.profile:
        newest = filters.qs.order_by("-pk")
        found = altering(newest, filters.profile, histories(held), most=feeds.PAGE_SIZE)
        return feeds.document_for(follow, found, filters.asker, folded=not filters.of_one)
    archive = request.GET.get("archive")
    return feeds.document(follow, filters.qs, count, int(archive) if archive else None, folded=not filters.of_one)


def digest(form: str, address: str, mark: dict[str, object]) -> str:
    words = "\n".join((feeds.VERSION, form, address, *(f"{name} {value}" for name, value in mark.items())))
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:32]


def archive_faults(request: HttpRequest, filters: ChangeFilters, count: int) -> dict[str, list[str]]:
    """Only complete hundreds are archives: they stay as they are."""
    said = request.GET.get("archive")
    if not said:
        return {}
    if filters.profile:
        return {"archive": ["A feed for a profile has no archives. Leave “archive” out, or the profile."]}
    number = int(said) if said.isascii() and said.isdecimal() and len(said) <= 9 else 0
    complete = count // feeds.PAGE_SIZE
    if 1 <= number <= complete:
        return {}
    legal = f"a whole number from 1 to {complete}" if complete else "none of it: there is no archive yet"
    return {"archive": [f"“{said[:60]}” cannot be used with “archive”. Use {legal}."]}


def refusal(request: HttpRequest, form: str, faults: dict[str, list[str]]) -> HttpResponse:
    return JsonResponse({"errors": faults}, status=400) if form == "json" else refused(request, faults)
