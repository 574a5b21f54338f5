"""Which clauses moved between two wordings, or two versions of a license, and in which direction. Pure over values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from .clauses import CLAUSES, Answer, ClauseKind, FieldType, Nature, Strength
from .clauses.amounts import ThresholdValue
from .clauses.reading import Reading
from .clauses.words import brief, detail


class Direction(StrEnum):
    """For whoever uses the model. `NEITHER`: it differs, and that alone makes nobody freer or less free."""

    LOOSER = "looser"
    TIGHTER = "tighter"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Move:
    """One kind that reads otherwise after than before."""

    kind: ClauseKind
    before: Reading
    after: Reading

    @property
    def direction(self) -> Direction:
        return direction(self.before, self.after)

    @property
    def verb(self) -> str:
        """What happened to it, for the reader: a clause comes and goes, a permission is given and taken."""
        if self.direction is Direction.NEITHER:
            return "changed"
        bound, binds = self.before.binds, self.after.binds
        permission = self.kind.nature is Nature.PERMISSION
        if binds and not bound:
            return ("forbidden" if self.after.answer is Answer.NO else "limited") if permission else "appeared"
        if bound and not binds:
            return "allowed" if permission else "vanished"
        return str(self.direction)

    @property
    def words(self) -> str:
        """From what to what: `yes (above 100M monthly users) → no`, or the details that differ under one answer."""
        was, now = self.before, self.after
        if was.answer is not now.answer:
            return f"{in_short(was)} → {in_short(now)}"
        if detail(was) != detail(now):
            return f"{detail(was) or was.answer} → {detail(now) or now.answer}"
        return "in its details"


def in_short(reading: Reading) -> str:
    words = brief(reading)
    return f"{reading.answer} ({words})" if words else str(reading.answer)


def moves(before: Mapping[str, Reading], after: Mapping[str, Reading]) -> list[Move]:
    """The kinds that read otherwise, in table order. The mappings are kind slug → reading; unread kinds say nothing."""
    both = ((kind, before.get(kind.slug), after.get(kind.slug)) for kind in CLAUSES)
    return [Move(kind, was, now) for kind, was, now in both if was and now and substance(was) != substance(now)]


def substance(reading: Reading) -> tuple[object, ...]:
    """What the words make of it, without what is our way of telling: free text, addresses, exceptions."""
    said = {part.name for part in reading.kind.payload if part.type not in (FieldType.TEXT, FieldType.URL)}
    details = {name: value for name, value in reading.payload.items() if name in said}
    sizes = tuple(replace(size, exceptions="") for size in reading.thresholds)
    return reading.answer, reading.strength, details, sizes, reading.territories


def direction(before: Reading, after: Reading) -> Direction:
    """Freer, less free, or neither."""
    silent = Answer.SILENT in (before.answer, after.answer)
    if silent and before.kind.nature is Nature.PERMISSION and Answer.NO not in (before.answer, after.answer):
        return Direction.NEITHER  # A text that falls silent neither gives nor takes.
    change = weight(after) - weight(before) or reach(before, after)
    return Direction.TIGHTER if change > 0 else Direction.LOOSER if change < 0 else Direction.NEITHER


def weight(reading: Reading) -> int:
    """How much an answer binds: 0 for none of it, 3 for everyone."""
    if reading.is_open:
        return 0
    if reading.strength is not Strength.MUST:
        return 1
    return 2 if reading.answer in (Answer.PARTLY, Answer.SILENT) else 3


def reach(before: Reading, after: Reading) -> int:
    """Among equal answers: above 0 when it catches more than it did, below when it catches less, 0 when unclear."""
    found = {sized(before.thresholds, after.thresholds), placed(before, after), listed(before, after)} - {0}
    return found.pop() if len(found) == 1 else 0


def sized(before: tuple[ThresholdValue, ...], after: tuple[ThresholdValue, ...]) -> int:
    """A lower size catches more people, and so does one more size. Sizes are alike when all but the amount is."""
    if not before or not after:
        return 0
    was, now = ({like(one): one.amount for one in sizes} for sizes in (before, after))
    signs = {(was[key] > now[key]) - (was[key] < now[key]) for key in was.keys() & now.keys()} - {0}
    if was.keys() != now.keys():
        signs.add(compared(frozenset(was), frozenset(now)))
    return signs.pop() if len(signs) == 1 else 0


def like(size: ThresholdValue) -> ThresholdValue:
    """The same size whatever its amount; our words on exceptions do not count."""
    return replace(size, amount=0, exceptions="")


def placed(before: Reading, after: Reading) -> int:
    return compared(*(frozenset(r for one in reading.territories for r in one.regions) for reading in (before, after)))


#: Details of which more bind more: forbidden fields, what may change, what may be done from afar.
ADDING_UP = ("fields", "what", "means")


def listed(before: Reading, after: Reading) -> int:
    signs = {compared(entries(before, name), entries(after, name)) for name in ADDING_UP if before.kind.binds} - {0}
    return signs.pop() if len(signs) == 1 else 0


def entries(reading: Reading, name: str) -> frozenset[object]:
    value = reading.payload.get(name)
    return frozenset(value) if isinstance(value, list) else frozenset()


def compared(was: frozenset[object], now: frozenset[object]) -> int:
    return (now > was) - (now < was)
