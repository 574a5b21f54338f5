"""Which changes alter the answer for one profile, worked out from what is stored of the terms before and after.

What cannot be worked out is told with "cannot tell" on that side, never left out: better one entry too many.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice

from .bundles import release_is_multimodal
from .clauses import KIND, Answer, ClauseKind
from .clauses.profile import Profile
from .clauses.reading import Reading
from .effects import Answered, Effect, answered, nobody_read, of_gate
from .models import Cause, Change, ChangeQuerySet, Direction, Event, Weight
from .movement import moves
from .past import History, Readings
from .verdict import Bundle, Judge, Standing

#: Changes that one page or feed looks at.
MOST = 2_000
#: Events after which a license stays the one it was.
STAYING = frozenset({Event.TEXT_CHANGED, Event.STATED, Event.TEXT_GONE, Event.RETURNED, Event.READ, Event.ADDED})
#: Events in which one license comes to say something else, which somebody has to read.
SAYING = frozenset({Event.TEXT_CHANGED, Event.STATED})
#: What is told of a side that nobody can judge.
NOT_HELD = "its terms are not held here, or nobody has read them"
NEW_WORDS = "nobody has read the new words yet"
OLD_WORDS = "nobody has read the earlier words"
FILE_GONE = "its license file was not there"
BASES = "what it is made from changed, and with it the terms that come along"


@dataclass(frozen=True, slots=True)
class Side:
    """The terms on one side of a change; `why` where they cannot be judged.

    `bare`: clauses of which only the answer is known, None for unread ones; `blind`: those whose details are not.
    """

    history: History | None = None
    readings: Readings = field(default_factory=dict)
    why: str = ""
    bare: tuple[tuple[str, Answer | None], ...] = ()
    blind: tuple[ClauseKind, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two of them the same."""
        pks = frozenset(each.pk for each in self.readings.values())
        return self.history and self.history.pk, pks, self.why, self.bare, self.blind

    @property
    def values(self) -> dict[str, Reading]:
        return {kind: each.reading for kind, each in self.readings.items()}

    def bundle(self) -> Bundle | None:
        others = {kind: Reading(KIND[kind], answer) if answer else None for kind, answer in self.bare}
        return self.history.bundle(self.readings, others) if self.history else None


@dataclass(frozen=True, slots=True)
class Found:
    """The changes that alter the answer, in their order; and the last one looked at, where there are more."""

    effects: dict[int, Effect]
    stopped_at: Change | None = None


def altering(changes: ChangeQuerySet, profile: Profile, histories: dict[int, History], *, most: int) -> Found:
    """The first of these changes, in their order, of which no more than `MOST` are looked at."""
    looked = list(changes.that_may_alter_answers()[: MOST + 1])
    judging = Judging(profile, histories)
    told = ((change.pk, effect) for change in looked[:MOST] if (effect := judging.effect(change)))
    effects = dict(islice(told, most))
    return Found(effects, looked[MOST - 1] if len(looked) > MOST and len(effects) < most else None)


@dataclass(frozen=True, slots=True)
class Judging:
    """One profile before many changes: each wording of a license is judged once."""

    profile: Profile
    histories: dict[int, History]
    known: dict[tuple[object, ...], Answered] = field(default_factory=dict)
    on_days: dict[tuple[int, date], Readings] = field(default_factory=dict)

    def effect(self, change: Change) -> Effect | None:
        """None where the answer stays the same."""
        found = self.gate(change) if change.event == Event.GATE_CHANGED else self.terms(change)
        return found if found.alters or (change.is_theirs and not found.is_known) else None

    def gate(self, change: Change) -> Effect:
        before, after = (of_gate(gate, end_user=self.profile.merely_uses) for gate in (change.before, change.after))
        return Effect(before, after)

    def terms(self, change: Change) -> Effect:
        before, after = self.sides(change)
        multimodal = is_multimodal(change)
        return Effect(self.answer(before, multimodal), self.answer(after, multimodal), about(change))

    def answer(self, side: Side, multimodal: bool | None) -> Answered:
        key = (*side.key, multimodal)
        if key not in self.known:
            self.known[key] = self.judged(side, multimodal)
        return self.known[key]

    def judged(self, side: Side, multimodal: bool | None) -> Answered:
        bundle = side.bundle()
        if side.why or bundle is None or not bundle.terms.readings:
            return nobody_read(side.why or NOT_HELD)
        tests = (kind.bearing.when.test for kind in side.blind if kind.bearing)
        if any(test(self.profile, bundle.terms) for test in tests):
            return nobody_read(OLD_WORDS)
        return answered(Judge(self.profile).result(Standing((bundle,), multimodal=multimodal)))

    def sides(self, change: Change) -> tuple[Side, Side]:
        event = Event(change.event)
        if event is Event.BASE_CHANGED:
            return Side(why=BASES), Side(why=BASES)
        if not change.is_theirs and event in (Event.READ, Event.ADDED):
            before, after = self.ours(change)
        else:
            before, after = self.theirs(change)
            before, after = of_files(event, before, after)
        return reaching_back(change, before, after), after

    def ours(self, change: Change) -> tuple[Side, Side]:
        """The same words: what we held before we published, and after."""
        history = self.histories.get(change.license_id or 0)
        if history is None:
            return Side(), Side()
        held = (history.held_before(change.seen_at), history.held_at(change.seen_at))
        before, after = (Side(history, readings) for readings in held)
        return before, after

    def theirs(self, change: Change) -> tuple[Side, Side]:
        """The words until that day and from it on, as we read both today."""
        stays = change.license_id if change.event in STAYING else None
        before = self.on(change.license_before_id or stays, change.turned_on - timedelta(days=1))
        after = self.on(change.license_after_id or change.license_id, change.turned_on)
        if waits(change) and not (after.history and after.history.turned_on(change.turned_on)):
            after = Side(why=NEW_WORDS)
        return before, after

    def on(self, license: int | None, day: date) -> Side:
        history = self.histories.get(license or 0)
        if history is None:
            return Side()
        key = (history.pk, day)
        if key not in self.on_days:
            self.on_days[key] = history.on(day)
        return Side(history, self.on_days[key])


def waits(change: Change) -> bool:
    """Their words became others, and nobody has said yet what it means."""
    says = change.cause == Cause.TEXT and change.event in SAYING and change.weight != Weight.COSMETIC
    return says and not change.direction


def of_files(event: Event, before: Side, after: Side) -> tuple[Side, Side]:
    """A license file that went, or came back, leaves one side without words, unless another license took its place."""
    if before.key == after.key:
        if event is Event.TEXT_GONE:
            return before, Side(why=FILE_GONE)
        if event is Event.RETURNED:
            return Side(why=FILE_GONE), after
    return before, after


def reaching_back(change: Change, before: Side, after: Side) -> Side:
    """The side before, by what the change itself keeps of clauses that our readings do not tell apart."""
    if before.why or after.why or before.history is None or after.history is None:
        return before
    rows = [row for row in change.moved if isinstance(row, dict) and same_reading(str(row.get("kind")), before, after)]
    if rows:
        return with_moves(before, rows)
    turned = change.direction in (Direction.LOOSER, Direction.TIGHTER, Direction.MIXED)
    if change.is_theirs and turned and not moves(before.values, after.values):
        return Side(why=OLD_WORDS)
    return before


def same_reading(kind: str, before: Side, after: Side) -> bool:
    was, now = before.readings.get(kind), after.readings.get(kind)
    return was is not None and now is not None and was.pk == now.pk


def with_moves(side: Side, rows: Iterable[dict[str, str]]) -> Side:
    """Only the answer of an earlier wording is kept with a change, no size and no place."""
    bare: list[tuple[str, Answer | None]] = []
    blind: list[ClauseKind] = []
    for row in rows:
        kind = KIND[row["kind"]]
        was = Answer(row["before"]) if row.get("before") in list(Answer) else Answer.UNREAD
        if row.get("before") == row.get("after") or (binds(kind, was) and has_details(kind)):
            blind.append(kind)
        else:
            bare.append((kind.slug, was if was.is_read else None))
    return replace(side, bare=tuple(bare), blind=tuple(blind))


def binds(kind: ClauseKind, answer: Answer) -> bool:
    return answer.is_read and answer is not Answer.SILENT and not kind.is_open(answer)


def has_details(kind: ClauseKind) -> bool:
    return bool(kind.payload) or kind.has_thresholds or kind.has_territories


def is_multimodal(change: Change) -> bool | None:
    """Nobody says of a model of the Hub: one entry may tell of many, and their tags change without a word."""
    return release_is_multimodal(change.release) if change.release else None


def about(change: Change) -> str:
    """Of what the terms are, where not of the weights."""
    covers = set(change.covers)
    return " and ".join(sorted(covers)) if covers and covers <= {"code", "data"} else ""
