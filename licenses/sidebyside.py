"""Two to six releases, licenses or models side by side: a line for each clause kind, the words under every answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from django.urls import reverse

from .bundles import Shelf
from .clauses import CLAUSES, ClauseKind, by_group
from .clauses.profile import Profile
from .clauses.sentence import joined
from .models import Clause, Component, Document, License
from .movement import substance
from .subjects import RELEASES, Subject
from .tables import Cell, Face, clause_record, csv_cell, csv_value, defused, face, unresolved
from .verdict import Judge, Result, disclaimer_of

NOT_RESOLVED = "Not known: no rule of ours recognises what this repository declares. That is not a “no”."


class Rows(StrEnum):
    """Which lines come, and in which order: empty for those that differ first."""

    FIRST = ""
    DIFFERING = "differing"
    ALL = "all"


class State(StrEnum):
    """What a line says of all subjects together. What is unread in one of them is never said to be the same."""

    DIFFERS = "differs"
    UNREAD = "not read for all"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Words:
    """A quote under an answer."""

    exact: str
    source: str
    state: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer with its proof."""

    cell: Cell
    quotes: list[Words]
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One clause kind, asked of all."""

    kind: ClauseKind
    entries: list[Entry]

    @property
    def state(self) -> State:
        readings = [entry.cell.reading for entry in self.entries if entry.cell.reading]
        if any(substance(reading) != substance(readings[0]) for reading in readings):
            return State.DIFFERS
        return State.SAME if len(readings) == len(self.entries) else State.UNREAD

    @property
    def words(self) -> str:
        """The state, and where nobody would see from the answers why they differ, that it is in their details."""
        shown = {(e.cell.answer, e.cell.detail, e.cell.encouraged) for e in self.entries if e.cell.reading}
        return "differs in details" if self.state is State.DIFFERS and len(shown) == 1 else str(self.state)


@dataclass(frozen=True, slots=True)
class Column:
    """One of those compared, with everything above its answers."""

    subject: Subject
    face: Face
    entries: list[Entry]
    documents: list[Document]
    #: The release of ours that it is, or that holds the repository.
    release: str
    components: list[Component]
    result: Result | None

    @property
    def publisher(self) -> str:
        subject = self.subject
        if subject.release:
            return subject.release.publisher.name
        if subject.model:
            return subject.model.author
        return subject.license.steward.name if subject.license and subject.license.steward else ""

    @property
    def others(self) -> list[str]:
        """What applies beside the license that leads."""
        weights = self.subject.release.weights if self.subject.release else None
        return weights.others if weights else []

    @property
    def no_components(self) -> str:
        """Why there are none."""
        if self.subject.sort == "license":
            return "no model"
        return "not assessed yet" if self.release else "not assessed: no release of ours holds it"

    @property
    def assessors(self) -> list[str]:
        """Who assessed the components, and when."""
        return list(dict.fromkeys(f"{one.assessor}, {one.as_of}" for one in self.components))

    @property
    def tally(self) -> str:
        """`3 yes, 1 partial, 6 no`"""
        values = [component.value for component in self.components]
        return ", ".join(f"{values.count(value)} {value}" for value in Component.Value.values if value in values)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one clause group. `others`: further up stand those of the group that differ."""

    name: str
    lines: list[Line]
    others: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two licenses whose words are both at hand."""

    names: str
    address: str


@dataclass(frozen=True, slots=True)
class Grid:
    columns: list[Column]
    lines: list[Line]

    def of(self, state: str) -> list[Line]:
        return [line for line in self.lines if line.state == state]

    @property
    def title(self) -> str:
        return f"{joined([column.subject.name for column in self.columns])} side by side"

    @property
    def sentence(self) -> str:
        """How far they differ, after the number of lines that do."""
        same, unread = len(self.of(State.SAME)), len(self.of(State.UNREAD))
        told = f" of {len(self.lines)} answers differ, {same} {'is' if same == 1 else 'are'} the same"
        return f"{told}, {unread} {'is' if unread == 1 else 'are'} not read for all." if unread else f"{told}."

    @property
    def results(self) -> list[Result]:
        return [column.result for column in self.columns if column.result]

    @property
    def assumed(self) -> list[str]:
        return list(dict.fromkeys(words for result in self.results for words in result.assumed))

    @property
    def disclaimer(self) -> str:
        """Of everything here together."""
        standings = [column.subject.standing for column in self.columns]
        bundles = [b for one in standings for b in (*one.own, *(each.bundle for each in one.inherited))]
        return disclaimer_of(bundles)

    def shown(self, rows: Rows) -> list[Line]:
        differing = self.of(State.DIFFERS)
        if rows is Rows.DIFFERING:
            return differing
        return self.lines if rows is Rows.ALL else [*differing, *(one for one in self.lines if one not in differing)]

    def sections(self, rows: Rows) -> list[Section]:
        """The lines by clause group; a group of which some differ comes twice where those stand first."""
        if rows is not Rows.FIRST:
            return [Section(group, lines) for group, lines in grouped(self.shown(rows))]
        differing = grouped(self.of(State.DIFFERS))
        above = {group for group, _ in differing}
        rest = grouped([line for line in self.lines if line.state is not State.DIFFERS])
        return [Section(group, lines) for group, lines in differing] + [
            Section(group, lines, group in above) for group, lines in rest
        ]

    def pairs(self) -> list[Pair]:
        """Each two licenses whose agreements are fetched: their words can be compared."""
        agreements = {
            column.subject.license.slug: document
            for column in self.columns
            if column.subject.license
            for document in column.documents
            if document.role == Document.Role.AGREEMENT and document.newest and document.newest["fetched"]
        }
        return [
            Pair(f"{one.whose} and {other.whose}", f"{other.diff_address}?with={slug}")
            for (slug, one), (_, other) in combinations(agreements.items(), 2)
        ]


def grouped(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    return [(str(group), found) for group, found in by_group(lines, lambda line: line.kind)]


# From handles to the grid.


def grid(subjects: Sequence[Subject], held: Shelf, profile: Profile | None) -> Grid:
    """Three queries, however many subjects."""
    licenses = {one.license.pk: one.license for one in subjects if one.license}
    License.objects.load_words(licenses.values())
    documents = list(Document.objects.current().filter(license__in=licenses).owned().with_newest().order_by("pk"))
    components = assessed(subjects, held)
    judge = Judge(profile) if profile else None
    columns = []
    for one in subjects:
        license, release = licenses[one.license.pk] if one.license else None, release_of(one, held)
        shown = face_of(one, license)
        columns.append(
            Column(
                one,
                shown,
                [entry(cell, license) for cell in shown.cells],
                [document for document in documents if license and document.license_id == license.pk],
                release,
                [component for component in components if component.release.slug == release],
                judge.result(one.standing) if judge else None,
            )
        )
    lines = zip(CLAUSES, *(column.entries for column in columns), strict=True)
    return Grid(columns, [Line(kind, list(found)) for kind, *found in lines])


def face_of(subject: Subject, license: License | None) -> Face:
    if license:
        return face(license, CLAUSES)
    return Face(unresolved(subject.release) if subject.release else NOT_RESOLVED, [Cell(kind) for kind in CLAUSES])


def entry(cell: Cell, license: License | None) -> Entry:
    clause = license.clause(cell.kind) if license else None
    if license is None or clause is None:
        return Entry(cell, [])
    address = reverse("clause", args=[license.slug, cell.kind.slug])
    return Entry(cell, list(quotes(clause)), clause.note, address)


def quotes(clause: Clause) -> Iterator[Words]:
    """In the order of the text's page, where each has a place by its number."""
    for number, said in enumerate(clause.words, 1):
        address = ""
        if said["revision"] and said["start"] is not None:
            text = reverse("text", args=[said["license"], said["document"]])
            address = f"{text}?revision={said['revision']}#q-{clause.kind}-{number}"
        state = {"missing": "no longer in the text", "moved": "in nearly the same words"}.get(said["state"], "")
        yield Words(said["exact"], f"{said['title']}, {said['section']}", state, address)


def release_of(subject: Subject, held: Shelf) -> str:
    if subject.release:
        return subject.release.slug
    line = held.kin.get(subject.handle) if subject.model else None
    return line.name.removeprefix(RELEASES) if line else ""


def assessed(subjects: Iterable[Subject], held: Shelf) -> list[Component]:
    """The components of their releases, in the order of the list of components."""
    slugs = {slug for one in subjects if (slug := release_of(one, held))}
    found = Component.objects.filter(release__slug__in=slugs).select_related("release")
    order = list(Component.Name.values)
    return sorted(found, key=lambda one: (order.index(one.name), one.assessor))


# The same for machines.


def record(grid: Grid, rows: Rows) -> dict[str, Any]:
    """Each subject with the facts and the answers shown; which kinds differ, and which cannot be compared."""
    shown = grid.shown(rows)
    return {
        "title": grid.title,
        "disclaimer": grid.disclaimer,
        "rows": [{"kind": line.kind.slug, "title": line.kind.title, "state": line.state} for line in shown],
        "subjects": [subject_record(column, {line.kind.slug for line in shown}) for column in grid.columns],
    }


def subject_record(column: Column, kinds: set[str]) -> dict[str, Any]:
    subject, license, result = column.subject, column.subject.license, column.result
    found = {
        "handle": subject.handle,
        "name": subject.name,
        "sort": subject.sort,
        "publisher": column.publisher,
        "license": license.slug if license else None,
        "license_kind": license.kind if license else None,
        "with": column.others,
        "catch": column.face.catch,
        "inherited": [
            {"how": one.how, "license": one.bundle.slug if one.bundle else None} for one in subject.standing.inherited
        ],
        "components": [
            {name: getattr(one, name) for name in ("name", "value", "assessor")} for one in column.components
        ],
        "clauses": {
            entry.cell.kind.slug: clause_record(entry.cell)
            | {"quotes": [{"exact": said.exact, "source": said.source} for said in entry.quotes]}
            for entry in column.entries
            if entry.cell.kind.slug in kinds
        },
    }
    if result is None:
        return found
    return found | {"verdict": result.verdict, "reason": result.reason, "assumed": result.assumed}


def csv_rows(grid: Grid, rows: Rows) -> Iterator[list[str]]:
    """A line for each fact and kind, a column for each subject, as on the page."""
    subjects = [subject_record(column, {line.kind.slug for line in grid.lines}) for column in grid.columns]
    facts = ["name", "handle", "sort", "publisher", "license", "license_kind", "catch"]
    for fact in [*facts, "verdict", "reason", "assumed"] if grid.results else facts:
        yield [defused(cell) for cell in (fact, "", *(csv_value(one[fact]) for one in subjects))]
    for line in grid.shown(rows):
        answers = (csv_cell(one["clauses"][line.kind.slug]) for one in subjects)
        yield [defused(str(cell)) for cell in (line.kind.slug, line.state, *answers)]
