"""The licenses by clause, and one license with every clause and its proof."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenses import facets, tables, versions
from licenses.clauses import CLAUSES, CORE, by_group
from licenses.filters import LICENSE_ORDERS, LicenseFilters
from licenses.models import License, Release

from .answers import export, export_links, fresh_for_a_minute, hidden_fields, presentation_faults, refused
from .panel import counted, panel


@require_safe
@fresh_for_a_minute
def licenses(request: HttpRequest) -> HttpResponse:
    """Every license with the core clauses, as a matrix; or the same with all clauses as CSV or JSON."""
    query, path = request.GET, request.path
    filters = LicenseFilters(query, License.objects.for_table())
    if faults := filters.faults() | presentation_faults(query):
        return refused(request, faults)
    found = list(filters.qs)
    if form := query.get("format"):
        records = [tables.license_record(license) for license in found]
        return export(form, records, tables.LICENSE_FACTS, filters.title)
    sort = filters.form.cleaned_data["sort"] or next(iter(LICENSE_ORDERS))
    context = panel(filters, counted(filters), query, path) | {
        "rows": [(license, tables.outline(license)) for license in found],
        "kinds": CORE,
        "lines": lines(filters.form.cleaned_data["family"], found),
        "orders": [(name, label, name == sort) for name, (label, _) in LICENSE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "released")},
        "exports": export_links(query, path),
        "carried": hidden_fields(query, ("family", "publisher")),
    }
    return render(request, "licenses/licenses.html", context)


def lines(families: list[str], found: list[License]) -> list[list[versions.Version]]:
    """The version lines of the families that were asked for, from the licenses that the other filters leave."""
    return [line for family in families for line in versions.lines(one for one in found if one.family == family)]


@require_safe
@fresh_for_a_minute
def license(request: HttpRequest, slug: str) -> HttpResponse:
    """What one license says, today or as of a day: the catch, then every kind with its proof and its reader."""
    day, faults = as_of(request)
    if faults:
        return refused(request, faults)
    found = get_object_or_404(License.objects.for_page(), slug=slug).as_of(day)
    documents = list(found.documents.for_page())
    face = tables.face(found, CLAUSES)
    turns = versions.turns(found, documents)
    context = {
        "license": found,
        "catch": face.catch,
        "groups": by_group(tables.with_clauses(face.cells, found), lambda pair: pair[0].kind),
        "documents": documents,
        "releases": Release.objects.under(License.objects.filter(pk=found.pk)).order_by("-released_on", "slug"),
        "turns": turns,
        "line": versions.line(found, License.objects.of_family(found.family)) if found.family else [],
        "as_of": day,
        "days": [turn.day for turn in turns],
        "first": versions.first_day(documents),
    }
    return render(request, "licenses/license.html", context)


def as_of(request: HttpRequest) -> tuple[date | None, dict[str, Any]]:
    """The day asked for, and what is wrong with it."""
    said = request.GET.get("as_of", "")
    try:
        return (date.fromisoformat(said) if said else None), {}
    except ValueError:
        return None, {"as_of": [f"“{said[:60]}” is not a day. Write it as YYYY-MM-DD, such as 2024-04-18."]}
