"""The licenses by clause, and one license with every clause and its proof."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from licenses import facets, tables, versions
from licenses.clauses import CLAUSES, CORE, KIND, by_group
from licenses.filters import LICENSE_ORDERS, LicenseFilters
from licenses.models import Artifact, Change, License
from licenses.pictures import Timeline
from licenses.telling import Told

from .answers import (
    asked_every_time,
    export,
    export_links,
    hidden_fields,
    page_link,
    presentation_faults,
    refused,
    takes,
)
from .following import following, following_filter, latest
from .panel import Counted, counted, panel

PAGE_SIZE = 75


@require_safe
@asked_every_time
def licenses(request: HttpRequest) -> HttpResponse:
    """Every license with the core clauses, as a matrix; or the same with all clauses as CSV or JSON."""
    query, path = request.GET, request.path
    filters = LicenseFilters(query, License.objects.for_table())
    if faults := filters.faults() | presentation_faults(query):
        return refused(request, faults)
    if form := query.get("format"):
        records = [tables.license_record(license) for license in filters.qs.with_outlines()]
        return export(form, records, tables.LICENSE_FACTS, filters.title)
    counts = counted(filters)
    pages = Counted(filters.qs.with_outlines(tables.SHOWN), PAGE_SIZE, counts.result().total())
    number = int(query.get("page", "1"))
    if number > pages.num_pages:
        return refused(request, {"page": [f"“{number}” is past the last page. Use 1 to {pages.num_pages}."]})
    return render(request, "licenses/licenses.html", shown(filters, counts, pages.page(number), query, path))


def shown(
    filters: LicenseFilters, counts: facets.Facets, page: Page[License], query: QueryDict, path: str
) -> dict[str, Any]:
    sort = filters.form.cleaned_data["sort"] or next(iter(LICENSE_ORDERS))
    return panel(filters, counts, query, path) | {
        "page": page,
        "rows": [(license, tables.face(license)) for license in page.object_list],
        "kinds": CORE,
        "lines": lines(filters),
        "orders": [(name, label, name == sort) for name, (label, _) in LICENSE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "released")},
        "exports": export_links(query, path),
        "follow": following_filter(query, f"Changes of licenses{filters.sentence}"),
        "carried": hidden_fields(query, ("family", "publisher")),
        "next_page": page_link(query, path, page.number + 1 if page.has_next() else None),
        "previous_page": page_link(query, path, page.number - 1 if page.has_previous() else None),
    }


def lines(filters: LicenseFilters) -> list[tuple[list[versions.Version], Timeline | None]]:
    """The version lines of the families that were asked for, from the licenses that the other filters leave."""
    found = [versions.lines(filters.qs.of_family(family)) for family in filters.form.cleaned_data["family"]]
    today = timezone.localdate()
    return [(line, versions.picture_of_versions(line, until=today)) for of_family in found for line in of_family]


@require_safe
@asked_every_time
@takes("as_of")
def license(request: HttpRequest, slug: str) -> HttpResponse:
    """What one license says, today or as of a day: the catch, then every kind with its proof and its reader."""
    day, faults = as_of(request)
    if faults:
        return refused(request, faults)
    found = get_object_or_404(License.objects.for_page(), slug=slug).as_of(day)
    documents = list(found.documents.for_page())
    face = tables.face(found, CLAUSES)
    turns = versions.turns(found, documents)
    line = versions.line(found, License.objects.of_family(found.family)) if found.family else []
    today, told = timezone.localdate(), latest(Change.objects.of_license(slug))
    context = {
        "license": found,
        "catch": face.catch,
        "groups": by_group(tables.with_clauses(face.cells, found), lambda pair: pair[0].kind),
        "documents": documents,
        "is_fetched": any(wording.is_fetched for document in documents for wording in document.wordings),
        "artifacts": Artifact.objects.naming(found),
        "kinds": len(CLAUSES),
        "read_on": face.read_on,
        "by_two": sum(clause.read_by_two for clause in found.readings),
        "turns": turns,
        "wordings_picture": versions.picture_of_wordings(found, until=today) if turns else None,
        "line": line,
        "line_picture": versions.picture_of_versions(line, until=today),
        "as_of": day,
        "days": [turn.day for turn in turns],
        "first": versions.first_day(found),
        "changes": told,
        "unread": None if day else unread_since(face.read_on, told),
        "all_changes": f"{reverse('changes')}?license={slug}",
        "follow": following(found.short_name, found.get_absolute_url()),
    }
    return render(request, "licenses/license.html", context)


def unread_since(read_on: date | None, changes: list[Told]) -> Told | None:
    """The change of words that nobody has read yet, if there is one: our answers are of the words before it."""
    waiting = (row for row in changes if row.waits and row.change.license_id)
    return next((row for row in waiting if read_on and row.change.seen_at.date() >= read_on), None)


@require_safe
@asked_every_time
@takes()
@vary_on_headers("HX-Request")
def clause(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One answer with its proof: a page of its own, or the panel that a cell of a table opens."""
    if kind not in KIND:
        raise Http404(f"{kind} is no kind of clause.")
    found = get_object_or_404(License.objects.with_readings([KIND[kind]]), slug=slug)
    cell = tables.face(found, [KIND[kind]]).cells[0]
    context = {"license": found, "cell": cell, "clause": found.clause(cell.kind)}
    return render(
        request, "licenses/_proof.html" if request.headers.get("HX-Request") else "licenses/clause.html", context
    )


def as_of(request: HttpRequest) -> tuple[date | None, dict[str, Any]]:
    """The day asked for, and what is wrong with it."""
    said = request.GET.get("as_of", "")
    try:
        day = date.fromisoformat(said) if said else None
    except ValueError:
        day = date.max
    if day and (day.isoformat() != said or day > timezone.localdate()):
        cure = "Write a day that has come as YYYY-MM-DD, such as 2024-04-18."
        return None, {"as_of": [f"“{said[:60]}” cannot be used with “as_of”. {cure}"]}
    return day, {}
