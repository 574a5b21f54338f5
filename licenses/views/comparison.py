"""The comparison table: the page this site is for."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenses import facets, tables
from licenses.clauses import CLAUSES, CORE
from licenses.filters import RELEASE_ORDERS, ReleaseFilters
from licenses.models import Release

from .answers import export, export_links, fresh_for_a_minute, hidden_fields, page_link, presentation_faults, refused

PAGE_SIZE = 50


@require_safe
@fresh_for_a_minute
def comparison(request: HttpRequest) -> HttpResponse:
    """Model, license, the catch, and the core clauses; or the same as CSV or JSON."""
    filters = ReleaseFilters(request.GET, Release.objects.for_table())
    if faults := filters.faults() | presentation_faults(request.GET):
        return refused(request, faults)
    releases = list(filters.qs)
    if form := request.GET.get("format"):
        return export(form, tables.comparison(releases, CLAUSES), filters.title)
    pages = Paginator(releases, PAGE_SIZE)
    number = int(request.GET.get("page", "1"))
    if number > pages.num_pages:
        return refused(request, {"page": [f"“{number}” is past the last page. Use 1 to {pages.num_pages}."]})
    page = pages.page(number)
    return render(request, "licenses/comparison.html", shown(filters, page, request.GET, request.path))


def shown(filters: ReleaseFilters, page: Page[Release], query: Any, path: str) -> dict[str, Any]:
    kinds = filters.form.cleaned_data["kind"]
    counts = facets.Facets(filters.without_facets(), filters.wanted, kinds)
    asked = facets.questions(query, counts, CLAUSES)
    sort = filters.form.cleaned_data["sort"] or next(iter(RELEASE_ORDERS))
    return {
        "filters": filters,
        "page": page,
        "table": tables.comparison(page.object_list),
        "core": facets.grouped(asked, core=True),
        "more": facets.grouped(asked, core=False),
        "more_kinds": len(CLAUSES) - len(CORE),
        "more_active": any(question.is_active for question in asked if not question.kind.core),
        "kinds_of_license": counts.kinds_of_license(),
        "chosen_kinds": kinds,
        "chips": facets.chips(filters, query, path),
        "presets": facets.presets(query, path),
        "orders": [(name, label, name == sort) for name, (label, _) in RELEASE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "license", "released")},
        "exports": export_links(query, path),
        "carried": hidden_fields(query, ("license", "publisher")),
        "next_page": page_link(query, path, page.number + 1 if page.has_next() else None),
        "previous_page": page_link(query, path, page.number - 1 if page.has_previous() else None),
    }
