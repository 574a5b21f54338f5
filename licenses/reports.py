"""A list of models before one profile: a verdict for each, what to do once for all, and what stands in the way.

Fail closed: what is not known here, or not read, is never fine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .bundles import Shelf
from .clauses.bearing import Verdict
from .clauses.profile import Profile
from .lists import Entry, Listing
from .profiles import as_query
from .subjects import Subject, found, meant
from .tables import defused
from .verdict import UNDATED, Bundle, Judge, Result, disclaimer

#: What a line says of a name that leads to nothing.
NOT_KNOWN = "not known here: nothing is said of its terms"
COLUMNS = (
    "name", "verdict", "because", "license", "stated", "contradicted", "duties", "assumed", "not_read", "place", "page",
    "profile", "disclaimer",
)  # fmt: skip
BETWEEN = re.compile(r" +(?:AND|OR) +")
EXCEPTION = re.compile(r" +WITH .*")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list. Without a subject nobody can tell."""

    entry: Entry
    subject: Subject | None = None
    result: Result | None = None
    meant: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        return self.result.verdict if self.result else Verdict.UNKNOWN

    @property
    def name(self) -> str:
        return name(self.entry)

    @property
    def reason(self) -> str:
        if self.result:
            return self.result.reason
        asked = f"; did you mean {' or '.join(self.meant)}?" if self.meant else ""
        return (self.entry.why or NOT_KNOWN) + asked

    @property
    def licenses(self) -> list[Bundle]:
        """Its own, as far as we know them."""
        return [one.bundle for one in self.result.own if one.bundle] if self.result else []

    @property
    def contradicted(self) -> str:
        """What the list states of its license, and we do not know it under."""
        known = self.subject.standing.own if self.subject else ()
        ours = {name.lower() for bundle in known if bundle for name in (bundle.identifier, bundle.name)}
        return ", ".join(said for said in self.entry.licenses if not agrees(said, ours)) if ours else ""

    @property
    def assumed(self) -> list[str]:
        return self.result.assumed if self.result else []


def agrees(said: str, ours: Collection[str]) -> bool:
    """What is stated is among ours: all that apply together, or one of a choice."""
    found = [name in ours for name in identifiers(said)]
    return all(found) if " AND " in said.upper() else any(found)


def identifiers(expression: str) -> set[str]:
    """The licenses that an SPDX expression is made of, in lower case."""
    return {EXCEPTION.sub("", one).strip().lower() for one in BETWEEN.split(re.sub("[()]", " ", expression))}


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
    #: Bare names of a requirements file that are none of ours.
    packages: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        if not self.packages:
            return self.listing.notes
        what = "is a bare name" if len(self.packages) == 1 else "are bare names"
        note = f"{len(self.packages):,} of the list {what} as libraries have, and not looked up further"
        return (*self.listing.notes, f"{note}: {shortened(self.packages)}. Write a model as owner/name.")

    @property
    def assumed(self) -> list[str]:
        return list(dict.fromkeys(words for line in self.lines for words in line.assumed))

    @property
    def counts(self) -> Counter[Verdict]:
        return Counter(line.verdict for line in self.lines)

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
    unknown = [entry for entry in listing.entries if entry.handle not in subjects]
    offers = meant({name(entry) for entry in unknown if not entry.is_package}, held)
    judge = Judge(profile)
    lines = [
        line(entry, subjects.get(entry.handle), judge, offers)
        for entry in listing.entries
        if entry.handle in subjects or not entry.is_package
    ]
    packages = tuple(entry.handle for entry in unknown if entry.is_package)
    return Report(listing, profile, tuple(sorted(lines, key=lambda one: one.verdict.rank)), packages)


def line(entry: Entry, subject: Subject | None, judge: Judge, offers: dict[str, tuple[str, ...]]) -> Line:
    if subject is None:
        return Line(entry, meant=offers.get(name(entry), ()))
    return Line(entry, subject, judge.result(subject.standing))


def shortened(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def name(entry: Entry) -> str:
    return entry.handle or entry.said


# The same for machines.


def as_json(report: Report, site: str) -> dict[str, Any]:
    """All of it. `site` is put before the addresses of pages, which keep the profile."""
    query = as_query(report.profile).urlencode()
    return {
        "profile": dict(as_query(report.profile).lists()),
        "form": report.listing.form,
        "notes": list(report.notes),
        "counts": {verdict: report.counts[verdict] for verdict in Verdict},
        "duties": [
            {"use_case": task.use_case, "if": task.condition, "you_must": task.must, "for": list(task.names)}
            for task in report.tasks
        ],
        "models": [record(line, site, query) for line in report.lines],
    }


def record(line: Line, site: str, query: str) -> dict[str, Any]:
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
        "assumed": line.assumed,
        "not_read": [],
        "page": f"{site}{line.subject.verdict_address}?{query}" if line.subject else None,
        "disclaimer": line.result.disclaimer if line.result else UNDATED,
    }
    return found | (details(line.result) if line.result else {})


def details(result: Result) -> dict[str, Any]:
    return {
        "duties": [finding.outcome.must for _, finding in result.duties],
        "inherited": [{"how": one.how, "verdict": judgment.verdict} for one, judgment in result.inherited],
        "not_read": list(dict.fromkeys(kind.slug for one in result.judgments for kind in one.unread)),
    }


def csv_rows(report: Report, site: str) -> Iterator[list[str]]:
    """The columns of `record`, with lists in one cell, and on each row whom it answers."""
    query = as_query(report.profile).urlencode()
    yield list(COLUMNS)
    for row in (record(line, site, query) for line in report.lines):
        said = "yes" if row["contradicted"] else ""
        row |= {"stated": row["stated_licenses"], "profile": query, "contradicted": said}
        yield [cell(row[column]) for column in COLUMNS]


def cell(value: object) -> str:
    return defused("; ".join(value) if isinstance(value, list) else str(value or ""))
