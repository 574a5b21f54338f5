"""A list of models before one profile: a verdict for each, what to do once for all, and what stands in the way.

Fail closed: what is not known here, or not read, is never fine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .bundles import Shelf
from .clauses.bearing import Verdict
from .clauses.profile import Profile
from .lists import Entry, Listing
from .profiles import as_query
from .subjects import Subject, found
from .tables import defused
from .verdict import UNDATED, Bundle, Judge, Result, disclaimer

#: What a line says of a name that leads to nothing.
NOT_KNOWN = "not known here: nothing is said of its terms"
COLUMNS = ("name", "verdict", "because", "license", "stated", "duties", "place", "page")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list. Without a subject nobody can tell."""

    entry: Entry
    subject: Subject | None = None
    result: Result | None = None

    @property
    def verdict(self) -> Verdict:
        return self.result.verdict if self.result else Verdict.UNKNOWN

    @property
    def name(self) -> str:
        return self.entry.handle or self.entry.said

    @property
    def reason(self) -> str:
        return self.result.reason if self.result else self.entry.why or NOT_KNOWN

    @property
    def licenses(self) -> list[Bundle]:
        """Its own, as far as we know them."""
        return [one.bundle for one in self.result.own if one.bundle] if self.result else []

    @property
    def contradicted(self) -> str:
        """What the list states of its license, where we know it under others alone."""
        ours = {bundle.identifier.lower() for bundle in self.licenses}
        others = [name for name in self.entry.licenses if name.lower() not in ours]
        return ", ".join(others) if ours and others and len(others) == len(self.entry.licenses) else ""


@dataclass(frozen=True, slots=True)
class Task:
    """A duty that falls due for one or more of the list, to be done once for all."""

    use_case: str
    condition: str
    must: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Lines come worst first, then in the order of the list."""

    listing: Listing
    profile: Profile
    lines: tuple[Line, ...]

    @property
    def counts(self) -> Counter[Verdict]:
        return Counter(line.verdict for line in self.lines)

    @property
    def stops(self) -> list[Line]:
        return [line for line in self.lines if line.verdict in (Verdict.PROHIBITED, Verdict.NEEDS_LICENSE)]

    @property
    def unknown(self) -> list[Line]:
        return [line for line in self.lines if line.verdict is Verdict.UNKNOWN]

    @property
    def contradicted(self) -> list[Line]:
        return [line for line in self.lines if line.contradicted]

    @property
    def tasks(self) -> list[Task]:
        """Each duty once, with all it is due for; what most of the list asks for comes first."""
        names: dict[tuple[str, str, str], list[str]] = {}
        for line in self.lines:
            for _, finding in line.result.duties if line.result else ():
                key = (finding.use_case, finding.condition, finding.outcome.must)
                names.setdefault(key, []).append(line.name)
        tasks = [Task(*key, tuple(whose)) for key, whose in names.items()]
        return sorted(tasks, key=lambda task: -len(task.names))

    @property
    def disclaimer(self) -> str:
        return disclaimer(line.result for line in self.lines if line.result)

    def as_bad_as(self, verdict: Verdict) -> list[Line]:
        """Lines with this verdict or a worse one."""
        return [line for line in self.lines if line.verdict.rank <= verdict.rank]


def report(listing: Listing, profile: Profile, held: Shelf) -> Report:
    """A handful of queries, however long the list."""
    subjects = found({entry.handle for entry in listing.entries if entry.handle}, held)
    judge = Judge(profile)
    lines = [line(entry, subjects.get(entry.handle), judge) for entry in listing.entries]
    return Report(listing, profile, tuple(sorted(lines, key=lambda one: one.verdict.rank)))


def line(entry: Entry, subject: Subject | None, judge: Judge) -> Line:
    return Line(entry, subject, judge.result(subject.standing)) if subject else Line(entry)


# The same for machines.


def as_json(report: Report, site: str) -> dict[str, Any]:
    """All of it. `site` is put before the addresses of pages."""
    return {
        "profile": dict(as_query(report.profile).lists()),
        "form": report.listing.form,
        "notes": list(report.listing.notes),
        "counts": {verdict: report.counts[verdict] for verdict in Verdict},
        "duties": [
            {"use_case": task.use_case, "if": task.condition, "you_must": task.must, "for": list(task.names)}
            for task in report.tasks
        ],
        "models": [record(line, site) for line in report.lines],
    }


def record(line: Line, site: str) -> dict[str, Any]:
    found = {
        "name": line.name,
        "place": line.entry.place,
        "said": line.entry.said,
        "verdict": line.verdict,
        "because": line.reason,
        "license": ", ".join(bundle.name for bundle in line.licenses) or None,
        "stated_licenses": list(line.entry.licenses),
        "contradicted": bool(line.contradicted),
        "duties": [],
        "inherited": [],
        "assumed": [],
        "not_read": [],
        "page": site + line.subject.verdict_address if line.subject else None,
        "disclaimer": line.result.disclaimer if line.result else UNDATED,
    }
    return found | (details(line.result) if line.result else {})


def details(result: Result) -> dict[str, Any]:
    return {
        "duties": [finding.outcome.must for _, finding in result.duties],
        "inherited": [{"how": one.how, "verdict": judgment.verdict} for one, judgment in result.inherited],
        "assumed": list(dict.fromkeys(words for one in result.judgments for words in one.assumed)),
        "not_read": list(dict.fromkeys(kind.slug for one in result.judgments for kind in one.unread)),
    }


def csv_rows(report: Report, site: str) -> Iterator[list[str]]:
    yield [*COLUMNS, "disclaimer"]
    for row in (record(line, site) for line in report.lines):
        stated = ", ".join(row["stated_licenses"])
        cells: Iterable[str | None] = (
            row["name"], row["verdict"], row["because"], row["license"], stated, "; ".join(row["duties"]), row["place"],
            row["page"], row["disclaimer"],
        )  # fmt: skip
        yield [defused(str(cell or "")) for cell in cells]
