"""The comparison grid: rows and cells for the page, the same rows as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from .catch import READS, the_catch
from .clauses import CLAUSES, CORE, READ, Answer, ClauseKind, Strength
from .clauses.base import ground
from .clauses.bearing import Verdict
from .clauses.reading import Reading, Terms
from .clauses.sentence import first_few
from .clauses.words import brief, conditions, detail, particulars
from .models import Clause, License, LicenseKind, Release
from .verdict import Result

#: A license as `License.objects.by_answer()` names it.
Named = dict[str, str]
UNREAD = "Not read yet."
NO_RESULTS: Mapping[str, Result] = MappingProxyType({})
#: What a row needs: the columns and what the catch reads.
SHOWN = tuple(kind for kind in CLAUSES if kind.core or kind.slug in READS)
#: A spreadsheet takes a cell that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of one license: a word, and its size or place in plain words."""

    kind: ClauseKind
    reading: Reading | None = None
    in_doubt_since: datetime | None = None
    read_by_two: bool = False

    @property
    def answer(self) -> Answer:
        return self.reading.answer if self.reading else Answer.UNREAD

    @property
    def detail(self) -> str:
        return detail(self.reading) if self.reading else ""

    @property
    def brief(self) -> str:
        return brief(self.reading) if self.reading else ""

    @property
    def particulars(self) -> list[tuple[str, str]]:
        return particulars(self.reading) if self.reading else []

    @property
    def conditions(self) -> str:
        return conditions(self.reading) if self.reading else ""

    @property
    def encouraged(self) -> bool:
        return self.reading is not None and self.reading.strength is not Strength.MUST

    @property
    def is_proven(self) -> bool:
        """There are words to show; silence has none."""
        return self.answer not in (Answer.SILENT, Answer.UNREAD)

    @property
    def ground(self) -> str:
        return ground(self.kind, self.answer, encouraged=self.encouraged)


@dataclass(frozen=True, slots=True)
class Face:
    """A license as the table shows it, made once however many rows carry it."""

    catch: str
    cells: list[Cell]
    address: str = ""
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one verdict: how many there are, on this page and on others."""

    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class Row:
    release: Release
    license: License | None
    face: Face
    base: License | None = None
    #: For one profile, where somebody told us theirs; and the first thing that would change it, in words.
    result: Result | None = None
    flip: str = ""
    #: All rows of the same verdict, where they stand together.
    group: Group | None = None

    @property
    def catch(self) -> str:
        return with_base(self.face.catch, self.license, self.base)

    @property
    def cells(self) -> list[Cell]:
        return self.face.cells


def face(license: License, kinds: Iterable[ClauseKind] = CORE) -> Face:
    """The catch and the cells of some kinds. Needs readings, not their quotes."""
    terms = license.terms()
    cells = [cell(license, terms, kind) for kind in kinds]
    read_on = max((clause.read_on for clause in license.readings), default=None)
    return Face(the_catch(terms) + in_doubt(license), cells, license.get_absolute_url(), read_on)


def in_doubt(license: License) -> str:
    """What the catch owes to those who read no further."""
    doubted = [clause.declaration for clause in license.readings if clause.in_doubt_since]
    return f" In doubt, as the words changed: {first_few(doubted)}." if doubted else ""


def cell(license: License, terms: Terms, kind: ClauseKind) -> Cell:
    clause = license.clause(kind)
    if clause is None:
        return Cell(kind)
    return Cell(kind, terms.reading(kind), clause.in_doubt_since, clause.read_by_two)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole, as a bar draws it: where it starts and how wide it is, in percent."""

    label: str
    ground: str
    count: int
    start: float
    width: float
    licenses: list[Named]


def shares(parts: Iterable[tuple[str, str, int, list[Named]]]) -> list[Share]:
    """Parts as label, ground, count and the licenses behind it; empty ones are left out."""
    present = [part for part in parts if part[2]]
    total = sum(count for _, _, count, _ in present)
    starts = accumulate((count for _, _, count, _ in present), initial=0)
    return [
        Share(label, ground, count, 100 * start / total, 100 * count / total, licenses)
        for (label, ground, count, licenses), start in zip(present, starts, strict=False)
    ]


def distribution(counts: Mapping[str, int]) -> list[Share]:
    """Rows by kind of license as parts of a whole; those without one license of ours come last."""
    kinds = [*LicenseKind.choices, ("", "several or not known")]
    return shares((label, value or "none", counts.get(value, 0), []) for value, label in kinds)


def with_base(catch: str, license: License | None, base: License | None) -> str:
    """The catch, and under which terms its base model stands where these are others and not standard ones."""
    if base is None or base.kind == LicenseKind.STANDARD or (license and license.pk == base.pk):
        return catch
    return f"{catch} Made from a model under {base.short_name}, whose terms may reach it."


def unresolved(release: Release) -> str:
    """What stands for the catch where no single license tells the terms of the weights."""
    if release.weights is None:
        return "License not known."
    if release.weights.joins_several:
        return f"Several licenses together, read each: {', '.join(release.weights.others)}."
    return UNREAD


def answers(found: Iterable[tuple[str, str, list[Named]]], *, total: int) -> dict[str, list[Share]]:
    """Each kind's answers with the licenses behind them; what is left of the total is unread."""
    licenses = {(kind, answer): named for kind, answer, named in found}
    shown = {}
    for kind in CLAUSES:
        read = [(answer, licenses.get((kind.slug, answer), [])) for answer in READ]
        unread = total - sum(len(named) for _, named in read)
        counted = [*((answer, len(named), named) for answer, named in read), (Answer.UNREAD, unread, [])]
        shown[kind.slug] = shares((answer, ground(kind, answer), count, named) for answer, count, named in counted)
    return shown


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rows of the table, under the kinds that are its columns."""

    kinds: tuple[ClauseKind, ...]
    rows: list[Row]

    @property
    def read_on(self) -> date | None:
        """How fresh it is: when the newest of its readings was made."""
        return max((row.face.read_on for row in self.rows if row.face.read_on), default=None)


def comparison(
    releases: Iterable[Release], kinds: tuple[ClauseKind, ...] = CORE, results: Mapping[str, Result] = NO_RESULTS
) -> Comparison:
    """Rows of releases from `for_table()`, in their order; the readings come in one query. Results are by slug."""
    releases = list(releases)
    licenses = {release.license.pk: release.license for release in releases if release.license}
    License.objects.load_outlines(licenses.values(), {*kinds, *SHOWN})
    faces = {pk: face(license, kinds) for pk, license in licenses.items()}
    bases = Release.objects.bases({release.base_model for release in releases if release.base_model})
    unread = [Cell(kind) for kind in kinds]
    rows = []
    for release in releases:
        shown = faces[release.license.pk] if release.license else Face(unresolved(release), unread)
        result = results.get(release.slug)
        rows.append(Row(release, release.license, shown, bases.get(release.base_model), result))
    return Comparison(kinds, rows)


def with_clauses(cells: Iterable[Cell], license: License | None) -> list[tuple[Cell, Clause | None]]:
    """Each cell with the clause behind it, for pages that show the proof in full."""
    return [(cell, license.clause(cell.kind) if license else None) for cell in cells]


# The same rows for machines.


def record(row: Row) -> dict[str, Any]:
    """One release as JSON: facts first, then every clause with its answer and words."""
    release, license = row.release, row.license
    return {
        "name": release.name,
        "slug": release.slug,
        "publisher": release.publisher.name,
        "released": release.released,
        "announced_as": release.announced_as,
        "repos": release.repos,
        "base_model": release.base_model,
        "downloads": release.downloads,
        "license": license.name if license else None,
        "license_slug": license.slug if license else None,
        "license_expression": release.weights.expression if release.weights else None,
        "license_kind": license.kind if license else None,
        "catch": row.catch,
        "clauses": clause_records(row.cells),
        **(verdict_record(row.result) if row.result else {}),
    }


def verdict_record(result: Result) -> dict[str, Any]:
    """What a profile may do, for machines; never without the disclaimer."""
    return {
        "verdict": result.verdict,
        "reason": result.reason,
        "duties": [finding.outcome.must for _, finding in result.duties],
        "assumed": result.assumed,
        "disclaimer": result.disclaimer,
    }


def license_record(license: License) -> dict[str, Any]:
    """One license as JSON, in the same shape."""
    terms = license.terms()
    return {
        "name": license.name,
        "slug": license.slug,
        "identifier": license.identifier,
        "kind": license.kind,
        "label": license.label,
        "family": license.family,
        "version": license.version,
        "steward": license.steward.name if license.steward else None,
        "released": license.released_on,
        "models": license.models_counted,
        "catch": the_catch(terms),
        "clauses": clause_records([cell(license, terms, kind) for kind in CLAUSES]),
    }


def clause_records(cells: Iterable[Cell]) -> dict[str, Any]:
    return {cell.kind.slug: clause_record(cell) for cell in cells}


def clause_record(cell: Cell) -> dict[str, Any]:
    """One clause with its sizes and places as typed values, not words to be parsed."""
    found: dict[str, Any] = {"answer": cell.answer, "detail": cell.detail}
    if cell.in_doubt_since:
        found["in_doubt_since"] = cell.in_doubt_since.date().isoformat()
    if cell.reading:
        found["read_by_two"] = cell.read_by_two
        found["thresholds"] = [asdict(size) for size in cell.reading.thresholds]
        found["territories"] = [asdict(place) for place in cell.reading.territories]
    return found


FACTS = ("name", "publisher", "released", "license", "license_expression", "license_kind", "catch", "downloads")
#: What a row says beside, where a profile is known.
VERDICT_FACTS = ("verdict", "reason", "duties", "assumed", "disclaimer")
LICENSE_FACTS = ("name", "identifier", "kind", "family", "version", "steward", "released", "catch", "models")


def csv_rows(records: Iterable[dict[str, Any]], facts: Sequence[str]) -> Iterator[list[str]]:
    """Head and rows; a cell reads `yes: license above 700M monthly users at release`."""
    yield [*facts, *(kind.slug for kind in CLAUSES)]
    for row in records:
        values = [csv_value(row[name]) for name in facts]
        clauses = (row["clauses"][kind.slug] for kind in CLAUSES)
        yield [defused(cell) for cell in (*values, *map(csv_cell, clauses))]


def csv_value(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def csv_cell(clause: dict[str, Any]) -> str:
    doubt = f" (in doubt since {clause['in_doubt_since']})" if "in_doubt_since" in clause else ""
    return ": ".join(filter(None, (str(clause["answer"]), clause["detail"]))) + doubt


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
