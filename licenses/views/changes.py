"""What changed: the list that pages by key, and one change in full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from licenses import bundles, facets, profiles
from licenses.altering import MOST, altering
from licenses.change_filters import ANY, DIRECTIONS, UNREAD, ChangeFilters
from licenses.clauses import CLAUSES, KIND
from licenses.clauses.profile import Profile
from licenses.clauses.sentence import noun
from licenses.entries import texts
from licenses.facets import Link
from licenses.feeds import Follow
from licenses.models import Cause, Change, ChangeQuerySet, Event, LicenseKind
from licenses.past import histories
from licenses.pictures import Chart, quarters
from licenses.telling import Told, told

from .answers import asked_every_time, hidden_fields, refused, takes

PAGE_SIZE = 50
MOST_MODELS = 100
#: The questions of the panel that are about the change itself: name, head.
OF_THE_CHANGE = (
    ("direction", "Direction"), ("cause", "Whose doing"), ("weight", "Weight"), ("event", "What happened"),
)  # fmt: skip
PRESETS = (
    ("They changed it", {"cause": [Cause.TEXT, Cause.METADATA]}),
    ("Our readings", {"cause": [Cause.READING, Cause.RULES]}),
    ("Tightened", {"direction": ["tighter"]}),
    ("Loosened", {"direction": ["looser"]}),
    ("Texts", {"event": [Event.TEXT_CHANGED]}),
)


@require_safe
@asked_every_time
def changes(request: HttpRequest) -> HttpResponse:
    """Every event, the latest first: what they changed and what we read better, told apart."""
    query, path = request.GET, request.path
    filters = ChangeFilters(query, Change.objects.leads(), presentation=("after",))
    place = key(query["after"]) if "after" in query else None
    faults = filters.faults()
    if "after" in query and place is None:
        faults["after"] = ["This is not a page of ours. Start from the first one."]
    if faults or (faults := filters.strangers()):
        return refused(request, faults)
    return render(request, "licenses/changes.html", shown(filters, listed(filters, place), query, path))


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of one page. `last`: behind which the next page begins; None where there is none.

    `is_cut`: so many changes were looked at for a profile that the page ends before it is full.
    """

    rows: list[Told]
    last: Change | None
    is_cut: bool = False


def listed(filters: ChangeFilters, place: tuple[date, int] | None) -> Listed:
    newest = filters.qs.newest()
    rest = newest.after(*place) if place else newest
    if filters.profile:
        return altered(rest, filters.profile)
    found = list(rest.entries().with_subjects()[: PAGE_SIZE + 1])
    rows = found[:PAGE_SIZE]
    return Listed([told(change) for change in rows], rows[-1] if len(found) > PAGE_SIZE else None)


def altered(rest: ChangeQuerySet, profile: Profile) -> Listed:
    """Those that alter the answer, of as many as one page looks at."""
    found = altering(rest, profile, histories(bundles.mark()), most=PAGE_SIZE + 1)
    pks = list(found.effects)[:PAGE_SIZE]
    changes = list(Change.objects.filter(pk__in=pks).entries().with_subjects().newest())
    last = changes[-1] if len(found.effects) > PAGE_SIZE else found.stopped_at
    rows = [told(change, effect=found.effects[change.pk]) for change in changes]
    return Listed(rows, last, is_cut=found.stopped_at is not None)


def shown(filters: ChangeFilters, found: Listed, query: QueryDict, path: str) -> dict[str, Any]:
    asked = facets.questions(query, None, CLAUSES)
    active = chips(filters, query, path)
    data = filters.form.cleaned_data
    every = facets.address(facets.changed(query, models=None if data["models"] == "all" else "all"), path)
    return {
        "filters": filters,
        "rows": found.rows,
        "looked_at": MOST if found.is_cut else 0,
        "moved": options(filters, "moved"),
        "asked": [(name, head, options(filters, name)) for name, head in OF_THE_CHANGE],
        "kinds_of_license": [(value, label, None) for value, label in LicenseKind.choices],
        "chosen_kinds": data["kind"],
        "core": facets.grouped(asked, core=True),
        "more": facets.grouped(asked, core=False),
        "more_kinds": sum(not kind.core for kind in CLAUSES),
        "more_active": any(question.is_active for question in asked if not question.kind.core),
        "active": len(active),
        "chips": active,
        "presets": presets(query, path),
        "carried": hidden_fields(query, ("license", "publisher", *profiles.NAMES)),
        "all_models": data["models"] == "all",
        "other_models": every,
        "unread_too": unread_too(data["direction"], query, path),
        "chart": None if "after" in query or filters.profile else chart(filters),
        "chart_links": "" if facets.changed(query) else drawn(path),
        "follow": Follow(filters.title, facets.address(facets.changed(query), path), "/changes", facets.changed(query)),
        "next_page": next_page(query, path, found.last) if found.last else "",
        "first_page": facets.address(facets.changed(query), path) if "after" in query else "",
    }


def chart(filters: ChangeFilters) -> Chart | None:
    return quarters(filters.qs.by_quarter(), until=timezone.localdate())


def drawn(path: str) -> str:
    """Where the changes stand that `by_quarter()` counts."""
    query = QueryDict(mutable=True)
    query.setlist("cause", [Cause.TEXT, Cause.METADATA])
    query.setlist("direction", [direction for direction in DIRECTIONS if direction != UNREAD])
    return facets.address(query, path)


def unread_too(directions: list[str], query: QueryDict, path: str) -> str:
    """The same with what nobody has read yet: it may tighten as well."""
    if not directions or UNREAD in directions:
        return ""
    wider = facets.changed(query)
    wider.setlist("direction", [*directions, UNREAD])
    return facets.address(wider, path)


def options(filters: ChangeFilters, name: str) -> list[tuple[str, str, bool]]:
    """Value, label, whether it is chosen."""
    chosen = filters.form.cleaned_data[name]
    return [(value, label, value in chosen) for value, label in filters.form.fields[name].choices if value]


def chips(filters: ChangeFilters, query: QueryDict, path: str) -> list[Link]:
    """Each active filter as a link that takes it away."""
    data, found = filters.form.cleaned_data, facets.chips(filters, query, path, ["kind"])
    for name, label in NAMED.items():
        for value in data[name]:
            if words := label(value):
                found.append(Link(words, facets.address(facets.without(query, name, value), path)))
    for name, names in (("license", filters.licenses), ("publisher", filters.publishers)):
        for value in data[name]:
            found.append(Link(names[value], facets.address(facets.without(query, name, value), path)))
    for name in ("from", "to"):
        if data[name]:
            found.append(Link(f"{name} {data[name]}", facets.address(facets.changed(query, **{name: None}), path)))
    if filters.profile:
        found.append(Link("for this profile", facets.address(profiles.without(facets.changed(query)), path)))
    return found


NAMED: dict[str, Callable[[str], str]] = {
    "direction": lambda value: f"direction: {value}",
    "cause": lambda value: Cause(value).label,
    "weight": lambda value: "of any weight" if value == ANY else f"weight: {value}",
    "event": lambda value: Event(value).label,
    "moved": lambda value: f"{noun(KIND[value])} moved",
}


def presets(query: QueryDict, path: str) -> list[Link]:
    """What people ask for most: each sets its parameter or takes it away, the others stay."""
    found = []
    for label, parameters in PRESETS:
        on = all(query.getlist(name) == values for name, values in parameters.items())
        target = facets.changed(query)
        for name, values in parameters.items():
            target.setlist(name, [] if on else values)
        found.append(Link(label, facets.address(target, path), on))
    return found


def key(after: str) -> tuple[date, int] | None:
    """`<day>-<id>` of the last row shown, or None when it is not one."""
    day, _, pk = after.rpartition("-")
    if not (pk.isascii() and pk.isdecimal() and len(pk) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def next_page(query: QueryDict, path: str, last: Change) -> str:
    return facets.address(facets.changed(query, after=f"{last.happened_on:%Y-%m-%d}-{last.pk}"), path)


@require_safe
@asked_every_time
@takes()
def change(request: HttpRequest, key: str) -> HttpResponse:
    """One change: before and after of every clause, its source, and the models that it tells of."""
    found = get_object_or_404(Change.objects.apart().with_subjects().select_related("lead"), key=key)
    # Its own count only here: `entries()` leaves out whoever follows another.
    found.folded = found.followers.count() if found.fold and not found.lead_id else 0
    models = found.followers.select_related("model").order_by("pk")[:MOST_MODELS] if found.folded else []
    context = {
        "row": told(found),
        "sentences": texts([found]).get(found.pk),
        "models": [follower.model for follower in models],
        "rest": max(found.folded - MOST_MODELS, 0),
        "follow": Follow("Changes", reverse("changes"), "/changes", QueryDict()),
    }
    return render(request, "licenses/change.html", context)
