"""What stands around the rows: counts beside each filter value, chips, presets, links that sort.

Every control is a link or a form field that changes the query string and nothing else: the URL is the state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import QueryDict

from .clauses import FREE, Answer, ClauseKind, Group, by_group
from .clauses.sentence import Wanted, value_phrase
from .filters import NEGATION, PRESETS, ClauseFilters
from .models import Clause, LicenseKind

#: Where in a result, or in which form: a changed filter starts anew.
PLACES = ("page", "after", "format")


class Facets:
    """How many rows each filter value would leave, all other filters as they are.

    One query reads the answers of every row that the other filters (search, publisher …) leave; the rest is
    counting in memory: the table has hundreds of rows, not millions.
    """

    def __init__(
        self, rows: QuerySet[Any], license: str, wanted: Iterable[Wanted], kinds_of_license: Collection[str] = ()
    ) -> None:
        """`license` is the path from a row to its license; empty when the rows are licenses."""
        pk, kind = (license, f"{license}__kind") if license else ("pk", "kind")
        answers = (
            Clause.objects.current()
            .filter(license=OuterRef(pk))
            .order_by()
            .values("license")
            .annotate(all=ArrayAgg(Concat("kind", Value(":"), "answer")))
            .values("all")
        )
        found = list(rows.order_by().values_list(pk, kind, Subquery(answers)))
        self.rows = Counter((license, kind or "") for license, kind, _ in found)
        self.answers = {license: readings(pairs or ()) for license, _, pairs in found}
        self.wanted = {(w.kind.slug, w.negated): w.kind.wants(list(w.values), negated=w.negated) for w in wanted}
        self.kinds = frozenset(kinds_of_license)

    def matches(self, license: int | None, kind: str, *, leaving_out: str = "") -> bool:
        if self.kinds and kind not in self.kinds and leaving_out != "kind":
            return False
        answers = self.answers[license]
        return all(
            answers.get(slug, Answer.UNREAD) in legal
            for (slug, negated), legal in self.wanted.items()
            if slug != leaving_out or negated
        )

    def result(self) -> Counter[str]:
        """Rows of the result itself by kind of license; those without one license under an empty kind."""
        counts = Counter[str]()
        for (license, kind), rows in self.rows.items():
            if self.matches(license, kind):
                counts[kind] += rows
        return counts

    def kinds_of_license(self) -> list[tuple[str, str, int]]:
        """Kind of license, its label, rows that choosing it alone would leave."""
        counts = Counter[str]()
        for (license, kind), rows in self.rows.items():
            if self.matches(license, kind, leaving_out="kind"):
                counts[kind] += rows
        return [(value, label, counts[value]) for value, label in LicenseKind.choices]

    def of(self, kind: ClauseKind) -> dict[str, int]:
        """Filter value → rows; values that nothing has are left at 0."""
        counts = dict.fromkeys(Answer, 0)
        for (license, kind_of_license), rows in self.rows.items():
            if self.matches(license, kind_of_license, leaving_out=kind.slug):
                counts[self.answers[license].get(kind.slug, Answer.UNREAD)] += rows
        values = [FREE, *Answer]
        return {str(value): sum(counts[answer] for answer in kind.means(value)) for value in values}


def readings(pairs: Iterable[str]) -> dict[str, Answer]:
    """`["mau_cap:yes", …]` → kind and answer"""
    return {slug: Answer(answer) for slug, _, answer in (pair.partition(":") for pair in pairs)}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of one kind in the filter panel: to be had, or to be left out."""

    value: str
    label: str
    count: int | None
    chosen: bool
    excluded: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One kind in the filter panel."""

    kind: ClauseKind
    options: list[Option]

    @property
    def is_active(self) -> bool:
        return any(option.chosen or option.excluded for option in self.options)


@dataclass(frozen=True, slots=True)
class Link:
    """A control that is a link: its words, where it goes, whether it is on."""

    label: str
    address: str
    on: bool = False


def questions(query: QueryDict, facets: Facets | None, kinds: Iterable[ClauseKind]) -> list[Question]:
    """Each kind with the values that would leave a row, or that are chosen; all values where nothing is counted."""
    found = []
    for kind in kinds:
        chosen, excluded = query.getlist(kind.slug), query.getlist(kind.slug + NEGATION)
        counts = facets.of(kind) if facets else dict.fromkeys((FREE, *Answer))
        options = [
            Option(str(value), label(kind, value), count, value in chosen, value in excluded)
            for value, count in counts.items()
        ]
        found.append(Question(kind, [o for o in options if o.count != 0 or o.chosen or o.excluded]))
    return found


def label(kind: ClauseKind, value: str) -> str:
    """The value as the panel words it: `no` says so where it takes in the silent ones."""
    return "no or silent" if value == Answer.NO and Answer.SILENT in kind.means(value) else str(value)


def grouped(asked: Iterable[Question], *, core: bool) -> list[tuple[Group, list[Question]]]:
    """The questions of the core kinds, or of the others, by group."""
    return by_group((one for one in asked if one.kind.core == core), lambda one: one.kind)


def address(query: QueryDict, path: str) -> str:
    """The path with its parameters, never a bare question mark."""
    encoded = query.urlencode(safe="!")
    return f"{path}?{encoded}" if encoded else path


def changed(query: QueryDict, **parameters: str | None) -> QueryDict:
    """A copy without the page and with parameters set, or removed when None."""
    copy = query.copy()
    for name in PLACES:
        copy.pop(name, None)
    for name, value in parameters.items():
        copy.pop(name, None)
        if value is not None:
            copy[name] = value
    return copy


def without(query: QueryDict, name: str, value: str) -> QueryDict:
    copy = changed(query)
    copy.setlist(name, [other for other in copy.getlist(name) if other != value])
    return copy


ROWS = ("kind", "license", "publisher", "family")


def chips(filters: ClauseFilters, query: QueryDict, path: str, names: Iterable[str] = ROWS) -> list[Link]:
    """Each active filter as a link that takes it away."""
    data = filters.form.cleaned_data
    found = []
    for one in filters.wanted:
        name = one.kind.slug + (NEGATION if one.negated else "")
        for value in one.values:
            words = value_phrase(one.kind, value)
            found.append(Link(f"not: {words}" if one.negated else words, address(without(query, name, value), path)))
    for name in names:
        for chosen in data.get(name) or ():
            value = getattr(chosen, "slug", chosen)
            label = LicenseKind(chosen).label + " license" if name == "kind" else str(chosen)
            found.append(Link(label, address(without(query, name, value), path)))
    for name in ("q", "author"):
        if data.get(name):
            found.append(Link(f"“{data[name]}”", address(changed(query, **{name: None}), path)))
    return found


def presets(query: QueryDict, path: str) -> list[Link]:
    """What people ask for most: each switches its filter on or off, the others stay."""
    found = []
    for label, parameters in PRESETS:
        on = all(query.getlist(name) == [value] for name, value in parameters.items())
        target = changed(query, **{name: None if on else value for name, value in parameters.items()})
        found.append(Link(label, address(target, path), on))
    return found


def sort_link(query: QueryDict, path: str, name: str, current: str) -> dict[str, str]:
    """For a column head: where a click goes and how the column is sorted now (`aria-sort`)."""
    state = {name: "ascending", f"-{name}": "descending"}.get(current, "none")
    target = f"-{name}" if current == name else name
    return {"address": address(changed(query, sort=target), path), "state": state}
