"""Two to six releases, licenses or models side by side; or whom to compare."""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from licenses import choosing, facets, profiles, sidebyside
from licenses.bundles import Shelf, shelf
from licenses.choosing import FEWEST, MOST, Chosen
from licenses.clauses.asker import sentence
from licenses.facets import Link
from licenses.sidebyside import Grid, Rows
from licenses.subjects import Subject

from .answers import asked_every_time, export_links, hidden_fields, presentation_faults, refused, takes
from .asking import asked

LONGEST = 200
ORDERS = (("Differing first", Rows.FIRST), ("Only what differs", Rows.DIFFERING), ("In our order", Rows.ALL))
#: Where the table begins: who adds or removes one stays there.
PLACE = "#grid"


@require_safe
@asked_every_time
@takes("with", "add", "rows", "quotes", "format", *profiles.NAMES)
def compare(request: HttpRequest) -> HttpResponse:
    query, person, held = request.GET, asked(request.GET), shelf()
    add = " ".join(query.get("add", "").split())
    handles = [handle for handle in query.getlist("with") if handle]
    chosen = choosing.chosen(handles, held, add)
    if found := chosen.faults | person.faults | faults(query, handles):
        return refused(request, found)
    if chosen.added:
        return HttpResponseRedirect(with_added(query, chosen, chosen.added.handle, request.path))
    if add or len(chosen.subjects) < FEWEST:
        return render(request, "licenses/compare_choose.html", choices(query, request.path, chosen, add, held))
    grid = sidebyside.grid(chosen.subjects, held, person.profile)
    rows = Rows(query.get("rows", ""))
    if form := query.get("format"):
        return export(form, grid, rows)
    asking = {
        "person": person,
        "asker": sentence(person.profile) if person.profile else "",
        "ask": to_questions(grid, person.query),
    }
    return render(request, "licenses/compare.html", shown(query, request.path, grid, rows) | asking)


def to_questions(grid: Grid, said: QueryDict) -> str:
    """Where to say who asks; the comparison goes along, so that there is a way back to it."""
    target = said.copy()
    target.setlist("with", [column.subject.handle for column in grid.columns])
    return facets.address(target, reverse("check"))


def faults(query: QueryDict, handles: list[str]) -> dict[str, list[str]]:
    """What is wrong with the other parameters."""
    legal = {"rows": [rows.value for rows in Rows if rows], "quotes": ["open"]}
    found = {
        name: [f"“{value[:60]}” cannot be used with “{name}”. Use {' or '.join(values)}, or leave it out."]
        for name, values in legal.items()
        if (value := query.get(name, "")) and value not in values
    }
    add = query.get("add", "")
    if add and not (add.isprintable() and len(add) <= LONGEST):
        found["add"] = [f"This is no name. Write at most {LONGEST} letters, digits and signs in one line."]
    elif add and len(handles) >= MOST:
        found["add"] = [f"There are {MOST} already, which is the most. Remove one first."]
    if "format" in query and (add or len(handles) < FEWEST):
        found["with"] = [f"A file is made of {FEWEST} to {MOST} that are named with “with”, and nothing to add."]
    return found | presentation_faults(query)


def address(query: QueryDict, path: str) -> str:
    return facets.address(query, path) + PLACE


def with_added(query: QueryDict, chosen: Chosen, handle: str, path: str) -> str:
    """The same with one more; who is here already comes no second time."""
    target = facets.changed(query, add=None)
    target.setlist("with", [one.handle for one in chosen.subjects])
    if chosen.added is None or chosen.added.address not in [one.address for one in chosen.subjects]:
        target.appendlist("with", handle)
    return address(target, path)


def without(query: QueryDict, subject: Subject, path: str) -> str:
    return address(facets.without(facets.changed(query, add=None), "with", subject.handle), path)


def choices(query: QueryDict, path: str, chosen: Chosen, add: str, held: Shelf) -> dict[str, Any]:
    """Whom to add: what the word may mean, or comparisons to begin with."""
    offered = choosing.offers(add) if add else []
    carried, starts = profiles.carried(query), [] if chosen.subjects or add else choosing.starts(held)
    return form(query) | {
        "subjects": [(one, without(query, one, path)) for one in chosen.subjects],
        "add": add,
        "offered_most": choosing.OFFERED,
        "offered": [
            (sort, [Link(name, with_added(query, chosen, handle, path)) for handle, name in found])
            for sort, found in offered
        ],
        "back": address(facets.changed(query, add=None), path) if len(chosen.subjects) >= FEWEST else "",
        "starts": [Link(words, address(started(carried, handles), path)) for words, handles in starts],
    }


def started(carried: QueryDict, handles: tuple[str, ...]) -> QueryDict:
    query = carried.copy()
    query.setlist("with", list(handles))
    return query


def shown(query: QueryDict, path: str, grid: Grid, rows: Rows) -> dict[str, Any]:
    is_open = query.get("quotes") == "open"
    quotes = address(facets.changed(query, quotes=None if is_open else "open"), path)
    return form(query) | {
        "grid": grid,
        "columns": [(column, without(query, column.subject, path)) for column in grid.columns],
        "sections": grid.sections(rows),
        "differing": len(grid.of(sidebyside.State.DIFFERS)),
        "orders": [
            Link(label, address(facets.changed(query, rows=value or None), path), value is rows)
            for label, value in ORDERS
        ],
        "quotes": Link("Hide the quotes" if is_open else "Show every quote", quotes, is_open),
        "pairs": grid.pairs(),
        "is_full": len(grid.columns) >= MOST,
        "exports": export_links(query, path),
    }


def form(query: QueryDict) -> dict[str, Any]:
    """What the form that adds one carries along."""
    return {"carried": hidden_fields(query, ("with", "rows", "quotes", *profiles.NAMES)), "most": MOST}


def export(form: str, grid: Grid, rows: Rows) -> HttpResponse:
    if form == "json":
        return JsonResponse(sidebyside.record(grid, rows))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="side-by-side.csv"'
    csv.writer(response).writerows(sidebyside.csv_rows(grid, rows))
    return response
