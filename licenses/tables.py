"""The comparison grid: rows and cells for the page, the same rows as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .catch import READS, the_catch
from .clauses import CLAUSES, CORE, Answer, ClauseKind, Strength
from .clauses.reading import Reading
from .clauses.words import conditions, detail
from .models import Clause, License, Quote, Release

#: A spreadsheet takes a cell that starts so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Cell:
    """One answer of one license: a word, its size or place in plain words, and where the proof opens."""

    kind: ClauseKind
    reading: Reading | None = None
    proof: str = ""

    @property
    def answer(self) -> Answer:
        return self.reading.answer if self.reading else Answer.UNREAD

    @property
    def detail(self) -> str:
        return detail(self.reading) if self.reading else ""

    @property
    def conditions(self) -> str:
        return conditions(self.reading) if self.reading else ""

    @property
    def encouraged(self) -> bool:
        return self.reading is not None and self.reading.strength is not Strength.MUST

    @property
    def ground(self) -> str:
        """What the colour says again: open, binds, binds-some, or unknown for the silent and the unread."""
        if self.kind.is_open(self.answer):
            return "open"
        if self.answer in (Answer.SILENT, Answer.UNREAD):
            return "unknown"
        return "binds-some" if self.answer is Answer.PARTLY or self.encouraged else "binds"


@dataclass(frozen=True, slots=True)
class Proof:
    """The panel a cell opens: what we read, in which words of which document, who read it and when."""

    license: License
    clause: Clause
    cell: Cell

    @property
    def id(self) -> str:
        return self.cell.proof

    @property
    def quotes(self) -> list[Quote]:
        return self.clause.proofs


@dataclass(frozen=True, slots=True)
class Face:
    """A license as the table shows it, made once however many rows carry it."""

    catch: str
    cells: list[Cell]
    proofs: list[Proof]


@dataclass(frozen=True, slots=True)
class Row:
    release: Release
    license: License | None
    face: Face

    @property
    def catch(self) -> str:
        return self.face.catch

    @property
    def cells(self) -> list[Cell]:
        return self.face.cells


def proof_id(license: License, kind: ClauseKind) -> str:
    return f"proof-{license.slug}-{kind.slug}".replace(".", "-")


def face(license: License, kinds: Iterable[ClauseKind]) -> Face:
    """Needs a license from `with_readings()`."""
    terms = license.terms()
    cells: list[Cell] = []
    proofs: list[Proof] = []
    for kind in kinds:
        clause = license.clause(kind)
        cell = Cell(kind, terms.reading(kind), proof_id(license, kind) if clause and clause.proofs else "")
        cells.append(cell)
        if clause and cell.proof:
            proofs.append(Proof(license, clause, cell))
    return Face(the_catch(terms), cells, proofs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows with the proofs that their cells open, each proof once."""

    kinds: tuple[ClauseKind, ...]
    rows: list[Row]
    proofs: list[Proof]

    @property
    def read_on(self) -> date | None:
        """How fresh it is: when the newest of its readings was made."""
        return max((proof.clause.read_on for proof in self.proofs), default=None)


def comparison(releases: Iterable[Release], kinds: tuple[ClauseKind, ...] = CORE) -> Comparison:
    """Rows of releases from `for_table()`, in their order; the readings come in two queries."""
    releases = list(releases)
    licenses = {release.license.pk: release.license for release in releases if release.license}
    License.objects.load_readings(licenses.values(), [k for k in CLAUSES if k in kinds or k.slug in READS])
    faces = {pk: face(license, kinds) for pk, license in licenses.items()}
    unread = Face("Not read yet.", [Cell(kind) for kind in kinds], [])
    rows = []
    for release in releases:
        shown = faces[release.license.pk] if release.license else unread
        rows.append(Row(release, release.license, shown))
    return Comparison(kinds, rows, [proof for shown in faces.values() for proof in shown.proofs])


def with_clauses(cells: Iterable[Cell], license: License | None) -> list[tuple[Cell, Clause | None]]:
    """Each cell with the clause behind it, for pages that show the proof in full."""
    return [(cell, license.clause(cell.kind) if license else None) for cell in cells]


# The same rows for machines.


def record(row: Row) -> dict[str, Any]:
    """One row as JSON: facts first, then every clause with its answer and words."""
    release, license = row.release, row.license
    return {
        "name": release.name,
        "slug": release.slug,
        "publisher": release.publisher.name,
        "released": release.released,
        "repos": release.repos,
        "downloads": release.downloads,
        "license": license.name if license else None,
        "license_slug": license.slug if license else None,
        "license_expression": release.weights.expression if release.weights else None,
        "license_kind": license.kind if license else None,
        "catch": row.catch,
        "clauses": {cell.kind.slug: clause_record(cell) for cell in row.cells},
    }


def clause_record(cell: Cell) -> dict[str, Any]:
    """One clause with its sizes and places as typed values, not words to be parsed."""
    found: dict[str, Any] = {"answer": cell.answer, "detail": cell.detail}
    if cell.reading:
        found["thresholds"] = [asdict(size) for size in cell.reading.thresholds]
        found["territories"] = [asdict(place) for place in cell.reading.territories]
    return found


FACTS = ("name", "publisher", "released", "license", "license_expression", "license_kind", "catch", "downloads")


def csv_rows(rows: Iterable[Row]) -> Iterator[list[str]]:
    """Head and rows; a cell reads `yes: license needed above 700M monthly users at release`."""
    yield [*FACTS, *(kind.slug for kind in CLAUSES)]
    for row in rows:
        facts = record(row)
        cells = [f"{cell.answer}: {cell.detail}" if cell.detail else str(cell.answer) for cell in row.cells]
        yield [defused("" if facts[name] is None else str(facts[name])) for name in FACTS] + [*map(defused, cells)]


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
