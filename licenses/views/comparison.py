"""The comparison table: the page this site is for."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenses import facets, tables
from licenses.clauses import CLAUSES
from licenses.facets import Facets
from licenses.filters import RELEASE_ORDERS, ReleaseFilters
from licenses.models import Release

from .answers import asked_every_time, export, export_links, hidden_fields, page_link, presentation_faults, refused
from .following import following_filter
from .panel import Counted, counted, panel

PAGE_SIZE = 50


@require_safe
@asked_every_time
def comparison(request: HttpRequest) -> HttpResponse:
    """Model, license, the catch, and the core clauses; or the same as CSV or JSON."""
    filters = ReleaseFilters(request.GET, Release.objects.for_table())
    if faults := filters.faults() | presentation_faults(request.GET):
        return refused(request, faults)
    if form := request.GET.get("format"):
        rows = tables.comparison(filters.qs, CLAUSES).rows
        return export(form, [tables.record(row) for row in rows], tables.FACTS, filters.title)
    counts = counted(filters)
    pages = Counted(filters.qs, PAGE_SIZE, counts.result().total())
    number = int(request.GET.get("page", "1"))
    if number > pages.num_pages:
        return refused(request, {"page": [f"“{number}” is past the last page. Use 1 to {pages.num_pages}."]})
    page = pages.page(number)
    return render(request, "licenses/comparison.html", shown(filters, counts, page, request.GET, request.path))


def shown(filters: ReleaseFilters, counts: Facets, page: Page[Release], query: Any, path: str) -> dict[str, Any]:
    sort = filters.form.cleaned_data["sort"] or next(iter(RELEASE_ORDERS))
    return panel(filters, counts, query, path) | {
        "page": page,
        "table": tables.comparison(page.object_list),
        "distribution": tables.distribution(counts.result()),
        "orders": [(name, label, name == sort) for name, (label, _) in RELEASE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "license", "released")},
        "exports": export_links(query, path),
        "follow": following_filter(query, f"Changes for models{filters.sentence}"),
        "carried": hidden_fields(query, ("license", "publisher")),
        "next_page": page_link(query, path, page.number + 1 if page.has_next() else None),
        "previous_page": page_link(query, path, page.number - 1 if page.has_previous() else None),
    }
