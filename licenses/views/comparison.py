"""The comparison table: the page this site is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenses import facets, judged, profiles, tables
from licenses.clauses import CLAUSES
from licenses.clauses.profile import Profile
from licenses.facets import Facets
from licenses.filters import RELEASE_ORDERS, ReleaseFilters
from licenses.models import Release
from licenses.verdict import Result

from .answers import asked_every_time, export, export_links, hidden_fields, page_link, presentation_faults, refused
from .asking import Asked, asked, carried
from .following import following_filter
from .panel import Counted, counted, panel

PAGE_SIZE = 50


@require_safe
@asked_every_time
def comparison(request: HttpRequest) -> HttpResponse:
    """Model, license, the catch, and the core clauses; or the same as CSV or JSON."""
    query = request.GET
    filters, who = ReleaseFilters(query, Release.objects.for_table()), asked(query)
    if faults := filters.faults() | presentation_faults(query) | who.faults:
        return refused(request, faults)
    if form := query.get("format"):
        rows = tables.comparison(filters.qs, CLAUSES, results(who.profile, filters.qs)).rows
        return export(form, [tables.record(row) for row in rows], export_facts(who.profile), filters.title)
    counts = counted(filters)
    pages = Counted(filters.qs, PAGE_SIZE, counts.result().total())
    if faults := past_the_end(query, pages):
        return refused(request, faults)
    page = pages.page(int(query.get("page", "1")))
    return render(request, "licenses/comparison.html", shown(filters, who, counts, page, query, request.path))


def past_the_end(query: QueryDict, pages: Paginator[Any]) -> dict[str, list[str]]:
    number = int(query.get("page", "1"))
    cure = f"“{number}” is past the last page. Use 1 to {pages.num_pages}."
    return {"page": [cure]} if number > pages.num_pages else {}


def results(profile: Profile | None, releases: Iterable[Release]) -> Mapping[str, Result]:
    return judged.releases(profile, releases).results if profile else tables.NO_RESULTS


def export_facts(profile: Profile | None) -> tuple[str, ...]:
    return (*tables.FACTS, *(tables.VERDICT_FACTS if profile else ()))


def shown(
    filters: ReleaseFilters, who: Asked, counts: Facets, page: Page[Release], query: QueryDict, path: str
) -> dict[str, Any]:
    sort = filters.form.cleaned_data["sort"] or next(iter(RELEASE_ORDERS))
    judged_here = results(who.profile, page.object_list)
    told = carried(who, judged_here.values(), query, path, to_check=facets.changed(query))
    return panel(filters, counts, query, path) | told | {
        "page": page,
        "table": tables.comparison(page.object_list, results=judged_here),
        "distribution": tables.distribution(counts.result()),
        "orders": [(name, label, name == sort) for name, (label, _) in RELEASE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "license", "released")},
        "exports": export_links(query, path),
        "follow": following_filter(query, f"Changes for models{filters.sentence}"),
        "carried": hidden_fields(query, ("license", "publisher", *profiles.NAMES)),
        "next_page": page_link(query, path, page.number + 1 if page.has_next() else None),
        "previous_page": page_link(query, path, page.number - 1 if page.has_previous() else None),
    }  # fmt: skip
