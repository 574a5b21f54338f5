"""May I use it? A short form, and the table with a verdict for each row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from licenses import facets, judged, profiles, tables
from licenses.choosing import FEWEST
from licenses.clauses import CLAUSES
from licenses.clauses.asker import sentence
from licenses.clauses.bearing import Verdict
from licenses.filters import RELEASE_ORDERS, CheckFilters
from licenses.judged import BEST_FIRST, Judged
from licenses.models import Release
from licenses.verdict import disclaimer

from .answers import asked_every_time, export, export_links, hidden_fields, page_link, presentation_faults, refused
from .asking import Asked, asked, chips
from .comparison import PAGE_SIZE, export_facts, past_the_end
from .following import following_filter
from .panel import counted, panel
from .questioning import controls


@require_safe
@asked_every_time
def check(request: HttpRequest) -> HttpResponse:
    """Who asks and what for, and the rows by what they may do. The whole state is a short address."""
    query = profiles.tidied(request.GET)
    if query != request.GET:
        return HttpResponseRedirect(facets.address(query, request.path))
    filters, who = CheckFilters(query, Release.objects.for_table()), asked(query)
    if faults := filters.faults() | presentation_faults(query) | who.faults:
        return not_understood(request, who, faults)
    found = judged.releases(who.profile, filters.qs)
    rows = found.grouped(filters.form.cleaned_data["verdict"])
    if form := query.get("format"):
        records = [tables.record(row) for row in tables.comparison(rows, CLAUSES, found.results).rows]
        return export(form, records, export_facts(who.profile), title(filters, who, found))
    pages = Paginator(rows, PAGE_SIZE)
    if faults := past_the_end(query, pages):
        return refused(request, faults)
    page = pages.page(int(query.get("page", "1")))
    return render(request, "licenses/check.html", shown(filters, who, found, page, query, request.path))


def not_understood(request: HttpRequest, who: Asked, faults: dict[str, list[str]]) -> HttpResponse:
    """What is wrong, and the form as it was filled in."""
    in_view = judged.releases(None, Release.objects.for_table()).in_view
    asked_for = controls(request.GET, who.believed, in_view, faults)
    return refused(
        request,
        faults,
        "licenses/check.html",
        controls=asked_for,
        form_open=True,
        filled_in=hidden_fields(request.GET, [name for name in filter_names(request.GET) if name not in faults]),
    )


def shown(
    filters: CheckFilters, who: Asked, found: Judged, page: Page[Release], query: QueryDict, path: str
) -> dict[str, Any]:
    sort = filters.form.cleaned_data["sort"] or next(iter(RELEASE_ORDERS))
    # What a verdict leaves out cannot be told by the database: no count is better than a wrong one.
    counts = None if query.get("verdict") else counted(filters)
    asked_for = controls(query, who.profile or who.believed, found.in_view, {})
    return panel(filters, counts, query, path) | answered(filters, who, found, query, path) | {
        "page": page,
        "table": with_groups(tables.comparison(page.object_list, results=found.results), found),
        "controls": asked_for,
        "form_open": who.profile is None,
        "unanswered": sum(not one.is_answered for one in asked_for if not one.is_always_asked),
        "filled_in": hidden_fields(query, filter_names(query)),
        "orders": [(name, label, name == sort) for name, (label, _) in RELEASE_ORDERS.items()],
        "sorts": {name: facets.sort_link(query, path, name, sort) for name in ("name", "license", "released")},
        "exports": export_links(query, path),
        "follow": following_filter(query, f"Changes for models{filters.sentence}"),
        "carried": hidden_fields(query, ("license", "publisher", "verdict", "with", *profiles.NAMES)),
        "back": to_comparison(query),
        "next_page": page_link(query, path, page.number + 1 if page.has_next() else None),
        "previous_page": page_link(query, path, page.number - 1 if page.has_previous() else None),
    }  # fmt: skip


def to_comparison(query: QueryDict) -> str:
    """Whoever came from a comparison to say who they are goes back with it; empty for others."""
    if len(query.getlist("with")) < FEWEST:
        return ""
    target = profiles.carried(query)
    target.setlist("with", query.getlist("with"))
    return facets.address(target, reverse("compare"))


def filter_names(query: QueryDict) -> list[str]:
    """What the form of questions carries along: all that is neither an answer nor a page."""
    return [name for name in query if name not in (*profiles.NAMES, *facets.PLACES)]


def answered(filters: CheckFilters, who: Asked, found: Judged, query: QueryDict, path: str) -> dict[str, Any]:
    """What the page says above the rows; nothing of it where nobody said who asks."""
    if who.profile is None:
        return {}
    return {
        "title": title(filters, who, found),
        "asker": sentence(who.profile),
        "judged": len(found.releases),
        "summary": found.summary(filters.sentence),
        "answers": chips(who.profile, query, path),
        "verdicts": toggles(found, query, path),
        "assumed": found.assumed,
        "disclaimer": disclaimer(found.results.values()),
        "profile_query": who.query.urlencode(),
    }


def title(filters: CheckFilters, who: Asked, found: Judged) -> str:
    if who.profile is None:
        return filters.title
    return f"For {sentence(who.profile)}: {found.summary(filters.sentence)}"


def toggles(found: Judged, query: QueryDict, path: str) -> list[tuple[Any, int, facets.Link]]:
    """Each verdict with its rows; a click shows them alone, or all again."""
    chosen = query.getlist("verdict")
    links = []
    for verdict in BEST_FIRST:
        target = facets.without(query, "verdict", verdict)
        if verdict not in chosen:
            target.appendlist("verdict", verdict)
        links.append(
            (
                verdict,
                found.counts[verdict],
                facets.Link(short(verdict, found.counts[verdict]), facets.address(target, path), verdict in chosen),
            )
        )
    return links


def short(verdict: Verdict, count: int) -> str:
    """After the number of rows."""
    return verdict.short.replace("needs", "need") if count != 1 else verdict.short


def with_groups(table: tables.Comparison, found: Judged) -> tables.Comparison:
    """Each row under its verdict, with the first thing that would change it."""
    groups = {verdict: tables.Group(verdict, count) for verdict, count in found.counts.items()}
    rows = [
        replace(row, group=groups[row.result.verdict], flip=found.flip(row.release.slug)) if row.result else row
        for row in table.rows
    ]
    return replace(table, rows=rows)
