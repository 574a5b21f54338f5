"""When readings were true: a file says what today's words mean, and what earlier wordings said otherwise.

A kind that an earlier wording does not name read then as in the wording after it. So every reading holds from the
day the last wording that read otherwise gave way, or from the first wording that we know of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from licenses.clauses import KIND, Answer, Strength
from licenses.clauses.reading import Reading
from licenses.models import Territory, Threshold

from .readings import SUBSTANCE, When
from .source import Node, Problems

#: What a reading is when nothing else is said.
PLAIN: dict[str, Any] = {
    "answer": "silent",
    "strength": "must",
    "note": "",
    "payload": {},
    "thresholds": [],
    "territories": [],
    "quotes": [],
    "read": None,
    "confirmed": None,
}


class Dated(NamedTuple):
    """A reading as a file says it, and since when it was true; None for “as long as we know”."""

    reading: dict[str, Any]
    since: date | None


def readings_of(license: dict[str, Any]) -> dict[When, Dated]:
    """Every reading of a license's file, today's and those of its earlier wordings, silent ones too."""
    found: dict[When, Dated] = {}
    began: dict[str, date | None] = {}
    first = first_wording(license)
    for period in (*license["history"], {**license, "until": None}):
        for kind, reading in stated(period).items():
            reading["read"] = reading["read"] or period["read"] or license["read"]
            found[kind, period["until"]] = Dated(reading, began.get(kind, first))
            began[kind] = period["until"]
    return found


def in_force(readings: Mapping[When, Dated], day: date) -> dict[str, Reading]:
    """What the words said on a day, by kind; the first wording that we know holds for all days before it."""
    found: dict[str, Reading] = {}
    for (kind, until), dated in sorted(readings.items(), key=lambda each: each[0][1] or date.max):
        if until is None or day < until:
            found.setdefault(kind, value(kind, dated.reading))
    return found


def value(kind: str, reading: dict[str, Any]) -> Reading:
    """A reading of a file as a plain value."""
    return Reading(
        kind=KIND[kind],
        answer=Answer(reading["answer"]),
        strength=Strength(reading["strength"]),
        payload=reading["payload"],
        thresholds=tuple(Threshold(**size).value() for size in reading["thresholds"]),
        territories=tuple(Territory(**place).value() for place in reading["territories"]),
    )


def stated(period: dict[str, Any]) -> dict[str, dict[str, Any]]:
    said = {kind: dict(reading) for kind, reading in period["clauses"].items() if reading}
    return said | {kind: dict(PLAIN) for kind in period["silent"]}


def first_wording(license: dict[str, Any]) -> date | None:
    """The date of the oldest revision of the bundle; of the version's release where that is not dated; else None."""
    bundle = [[each["date"] for each in document["revisions"]] for document in license["documents"]]
    released: date | None = license["released"]
    if any(days[:1] == [None] and any(days) for days in bundle):  # An undated wording stands before the dated ones.
        return released
    return min((day for days in bundle for day in days if day), default=released)


def check_history(license: dict[str, Any], node: Node, problems: Problems) -> None:
    """The days on which wordings gave way are days of revisions, in order; and each says something of its own."""
    documents = license["documents"]
    turns = {each["date"] for document in documents for each in document["revisions"] if each["date"]}
    turns |= {document["retired"] for document in documents if document["retired"]}
    begun = first_wording(license)
    before = begun
    for period in license["history"]:
        until = period["until"]
        if until not in turns or until == begun:
            known = ", ".join(str(day) for day in sorted(turns - {begun})) or "none"
            problems.add(node, f"“until” is {until}, and no document changed on that day", f"Use one of: {known}")
        elif before and until <= before:
            problems.add(node, f"the wording until {until} stands after a later one", "Put the oldest first")
        before = until
        if not stated(period):
            problems.add(node, f"the wording until {until} reads like the one after it", "Leave it out")
    for kind, until in repeats(readings_of(license)):
        cure = "Leave it out; only what moved stands in the history"
        problems.add(node, f"“{kind}” until {until} reads like the wording after it", cure)


def repeats(readings: dict[When, Dated]) -> list[When]:
    """Readings of the past that say no more than the one that follows them, in the same words."""
    found: list[When] = []
    for (kind, until), dated in readings.items():
        after = next((other for (name, _), other in readings.items() if name == kind and other.since == until), None)
        if until and after and all(after.reading[key] == dated.reading[key] for key in (*SUBSTANCE, "quotes")):
            found.append((kind, until))
    return found
