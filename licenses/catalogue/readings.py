"""Readings in the database as the files say them, so that the two can be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from licenses.models import Clause, Quote, Territory, Threshold

from .clause_schema import TERRITORY, THRESHOLD

#: What makes two readings the same, whoever read them and whenever.
WORDS = ("answer", "strength", "note", "payload")
CONTENT = (*WORDS, "thresholds", "territories", "quotes")
#: What a license asks or grants, unlike how we put it and what we quote for it: only this is news.
SUBSTANCE = ("answer", "strength", "payload", "thresholds", "territories")
COLUMNS = (
    *("id", "license_id", "kind", "effective_from", "effective_to"),
    *("reader_id", "read_by", "read_on", "confirmed_by", "confirmed_on", *WORDS),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A reading in the database: its row, whether a curator made it, since when it was true, and what it says.

    `ended_by_curator`: of an earlier wording, as a curator read the one after it; no file need know of that yet.
    """

    pk: int
    by_curator: bool
    since: date | None
    reading: dict[str, Any]
    ended_by_curator: bool = False

    def says(self, reading: dict[str, Any]) -> bool:
        return all(self.reading[key] == reading[key] for key in CONTENT)

    def means(self, reading: dict[str, Any]) -> bool:
        return all(self.reading[key] == reading[key] for key in SUBSTANCE)

    def is_read_as(self, reading: dict[str, Any], since: date | None) -> bool:
        """By the same reader on the same day, of the same time; a confirmation on one side only is no other reading."""
        confirmations = (self.reading["confirmed"], reading["confirmed"])
        same = None in confirmations or confirmations[0] == confirmations[1]
        return bool(self.since == since and self.reading["read"] == reading["read"] and same)

    def lacks_confirmation(self, reading: dict[str, Any]) -> bool:
        return bool(reading["confirmed"] and not self.reading["confirmed"] and self.reading["read"] == reading["read"])


#: What a reading is about: a kind, and the day on which the words it was read in gave way; None for today's.
When = tuple[str, date | None]


def readings_held(license_pks: Iterable[int]) -> dict[int, dict[When, Held]]:
    """The readings of each license that none has superseded, in four queries."""
    current = Clause.objects.standing().filter(license__in=list(license_pks))
    thresholds = under(Threshold.objects.filter(clause__in=current.values("pk")), tuple(THRESHOLD.keys))
    territories = under(Territory.objects.filter(clause__in=current.values("pk")), tuple(TERRITORY.keys))
    quotes = under(Quote.objects.filter(clause__in=current.values("pk")), ("document__key", "section", "exact"))
    held: dict[int, dict[When, Held]] = defaultdict(dict)
    for values in current.values_list(*COLUMNS):
        row = dict(zip(COLUMNS, values, strict=True))
        held[row["license_id"]][row["kind"], row["effective_to"]] = Held(
            pk=row["id"],
            by_curator=row["reader_id"] is not None,
            since=row["effective_from"],
            reading={
                **{key: row[key] for key in WORDS},
                "thresholds": thresholds[row["id"]],
                "territories": territories[row["id"]],
                "quotes": [
                    {"document": quote["document__key"], "section": quote["section"], "words": quote["exact"]}
                    for quote in quotes[row["id"]]
                ],
                "read": {"by": row["read_by"], "on": row["read_on"]},
                "confirmed": confirmed(row),
            },
        )
    return {license: with_ends(readings) for license, readings in held.items()}


def with_ends(readings: dict[When, Held]) -> dict[When, Held]:
    turns = {(kind, each.since) for (kind, _), each in readings.items() if each.by_curator and each.since}
    return {when: replace(each, ended_by_curator=when in turns) for when, each in readings.items()}


def confirmed(row: dict[str, Any]) -> dict[str, Any] | None:
    return (
        {"by": row["confirmed_by"], "on": row["confirmed_on"]} if row["confirmed_by"] and row["confirmed_on"] else None
    )


def under(rows: Any, fields: tuple[str, ...]) -> dict[int, list[dict[str, Any]]]:
    """Child rows by clause, in the order in which they were written."""
    found = defaultdict(list)
    for clause, *values in rows.order_by("pk").values_list("clause_id", *fields):
        found[clause].append(dict(zip(fields, values, strict=True)))
    return found
