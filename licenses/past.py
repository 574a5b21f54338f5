"""Every reading that we ever held, as plain values: what a license said on a day, and what we held at a moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from .clauses.reading import Reading, Terms
from .models import Clause, License, LicenseKind
from .verdict import Bundle


@dataclass(frozen=True, slots=True)
class Held:
    """One reading with its two times, see `Clause`."""

    pk: int
    reading: Reading
    until: date | None
    read_on: date
    recorded_at: datetime
    superseded_at: datetime | None


#: Kind → the reading of it.
Readings = dict[str, Held]


@dataclass(frozen=True, slots=True)
class History:
    """One license through time; who licenses it and what sort of text it is are taken as they are today."""

    pk: int
    slug: str
    name: str
    custom: bool
    licensor: str
    released_on: date | None
    held: tuple[Held, ...]

    def on(self, day: date) -> Readings:
        """What its words said on a day, as we hold today. The first wording that we know stands for all days before."""
        standing = (each for each in self.held if each.superseded_at is None and (not each.until or day < each.until))
        return first_of_each(sorted(standing, key=lambda each: each.until or date.max))

    def held_at(self, moment: datetime) -> Readings:
        """What we held its words of today to say, with what was published at that moment."""
        return first_of_each(
            each for each in self.held
            if each.until is None and each.recorded_at <= moment
            and (each.superseded_at is None or moment < each.superseded_at)
        )  # fmt: skip

    def held_before(self, moment: datetime) -> Readings:
        """The same without it."""
        return first_of_each(
            each for each in self.held
            if each.until is None and each.recorded_at < moment
            and (each.superseded_at is None or moment <= each.superseded_at)
        )  # fmt: skip

    def turned_on(self, day: date) -> bool:
        """Somebody read what the words that took effect on that day say otherwise."""
        return any(each.superseded_at is None and day == each.until for each in self.held)

    def bundle(self, readings: Readings, others: dict[str, Reading | None]) -> Bundle:
        """As a verdict needs it. `others`: kinds that are to read otherwise, None for not at all."""
        values = {kind: each.reading for kind, each in readings.items()} | others
        said = {kind: reading for kind, reading in values.items() if reading is not None}
        read_on = max((each.read_on for each in readings.values()), default=None)
        return Bundle(self.slug, self.name, Terms(self.licensor, self.released_on, said), self.custom, read_on)


def first_of_each(held: Iterable[Held]) -> Readings:
    found: Readings = {}
    for each in held:
        found.setdefault(each.reading.kind.slug, each)
    return found


@lru_cache(maxsize=1)
def histories(mark: tuple[str, ...]) -> dict[int, History]:
    """By license; read anew when `bundles.mark()` differs."""
    held: dict[int, list[Held]] = defaultdict(list)
    for clause in Clause.objects.with_amounts():
        held[clause.license_id].append(
            Held(
                clause.pk, clause.value(), clause.effective_to, clause.read_on, clause.recorded_at, clause.superseded_at
            )
        )  # fmt: skip
    rows = License.objects.order_by().values_list("pk", "slug", "short_name", "kind", "licensor", "released_on")
    return {
        pk: History(pk, slug, name, kind == LicenseKind.CUSTOM, licensor, released_on, tuple(held[pk]))
        for pk, slug, name, kind, licensor, released_on in rows
    }
