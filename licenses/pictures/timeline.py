"""Clauses along time: which came with which words and which went. Pure over values.

Places are in percent, so that the picture fills its room while its words keep their size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby, pairwise

from licenses.clauses import CLAUSES, Answer, ClauseKind, Strength
from licenses.clauses.amounts import Comparator, ThresholdValue
from licenses.clauses.base import ground
from licenses.clauses.reading import Reading
from licenses.clauses.words import brief, brief_amount, detail
from licenses.movement import Direction, Move, substance

#: A history may grow long; the picture shows the end of it.
MOST_SPANS = 12
#: The least width of a timeline and of a crowded one, in pixels; site.css keeps them.
ROOM, MORE_ROOM, CROWD = 560, 760, 9
#: What a span takes to hold `– silent`, what a letter of 12 pixels takes, and what stays free beside a word.
LEAST, LETTER, MARGIN = 62, 6.5, 9
#: The share of the room that is left for names, whose letters are wider.
BOLD = 0.9
MARKS = {Answer.YES: "●", Answer.NO: "○", Answer.PARTLY: "◐", Answer.SILENT: "–", Answer.UNREAD: "?"}
SIGNS = {Comparator.GT: ">", Comparator.GTE: "≥"}
#: What all names of a line end in.
TAIL = re.compile(r"(?: (?:Community|License)){1,2}$")
BRACKETED = re.compile(r"\(([^()]{1,40})\)$")
#: A sentence is read aloud; the rows have the rest.
MOST_SAID = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A wording of a license while it was the newest of its line; `start` is None where nobody dated it."""

    name: str
    version: str
    start: date | None
    readings: Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Band:
    """A time through which a clause reads the same."""

    x: float
    width: float
    label: str
    ground: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    kind: ClauseKind
    bands: list[Band]

    @property
    def title(self) -> str:
        return f"{self.kind.title}: {'; '.join(band.title for band in self.bands)}"


@dataclass(frozen=True, slots=True)
class Tick:
    """Where other words begin: since when, and which license where it is a new one."""

    x: float
    width: float
    reach: float
    label: str
    day: str
    name: str


@dataclass(frozen=True, slots=True)
class Timeline:
    sentence: str
    ticks: list[Tick]
    rows: list[Row]
    is_crowded: bool
    is_widened: bool
    left_out: int


def timeline(spans: Sequence[Span], *, until: date) -> Timeline | None:
    """A row for each kind that reads otherwise in one span than in another; None where none does."""
    shown = spans[-MOST_SPANS:]
    moved = [kind for kind in CLAUSES if len(runs(one for span in shown if (one := substance_of(span, kind)))) > 1]
    if not moved:
        return None
    room = MORE_ROOM if len(shown) > CROWD else ROOM
    widths, is_widened = shared_out(lengths([span.start for span in shown], until), 100 * LEAST / room)
    edges = [*accumulate(widths, initial=0.0)]
    return Timeline(
        sentence=sentence(shown, moved),
        ticks=ticks(shown, edges, room),
        rows=[Row(kind, bands(kind, shown, edges, room)) for kind in moved],
        is_crowded=room == MORE_ROOM,
        is_widened=is_widened,
        left_out=len(spans) - len(shown),
    )


def substance_of(span: Span, kind: ClauseKind) -> tuple[object, ...] | None:
    """Equal where a clause says the same; None while nobody has read it."""
    reading = span.readings.get(kind.slug)
    return substance(reading) if reading else None


# Along the axis.


def lengths(starts: Sequence[date | None], until: date) -> list[int]:
    """How many days each lasted until the next that is dated; none where nobody knows."""
    found = []
    for n, start in enumerate(starts):
        end = next(filter(None, starts[n + 1 :]), until)
        found.append(max((end - start).days, 0) if start else 0)
    return found


def shared_out(days: Sequence[int], least: float) -> tuple[list[float], bool]:
    """Widths in percent, by time but none below the least; and whether one had to be widened for that."""
    narrow: set[int] = set()
    while True:
        left = 100 - least * len(narrow)
        total = sum(length for n, length in enumerate(days) if n not in narrow)
        more = {n for n, length in enumerate(days) if n not in narrow and length * left < least * total}
        if not total:
            return [100 / len(days)] * len(days), True
        if not more:
            return [least if n in narrow else left * length / total for n, length in enumerate(days)], bool(narrow)
        narrow |= more


def ticks(spans: Sequence[Span], edges: Sequence[float], room: int) -> list[Tick]:
    """A name has room until the next one."""
    licenses = runs([span.name for span in spans])
    reach = {first: edges[end] - edges[first] for first, end in licenses}
    words = dict(
        zip(
            reach,
            named([spans[n] for n in reach], [BOLD * room * width / 100 for width in reach.values()]),
            strict=True,
        )
    )
    return [
        Tick(
            x=edges[n],
            width=edges[n + 1] - edges[n],
            reach=reach.get(n, 0),
            label=words.get(n, ""),
            day=fitting(days_of(span, spans[n - 1] if n else None), room * (edges[n + 1] - edges[n]) / 100),
            name=span.name,
        )
        for n, span in enumerate(spans)
    ]


def named(spans: Sequence[Span], pixels: Sequence[float]) -> list[str]:
    """All in full, or all shorter in the same way; where some have no short name, each as its room allows."""
    for way in WAYS:
        words = [way(span) for span in spans]
        if all(word and fits(word, room) for word, room in zip(words, pixels, strict=True)):
            return words
    return [
        fitting([word for way in WAYS if (word := way(span))] or [span.name], room)
        for span, room in zip(spans, pixels, strict=True)
    ]


def short(name: str) -> str:
    """`Llama 3.1 Community License` → `Llama 3.1`"""
    return TAIL.sub("", name)


def inner(name: str) -> str:
    """`Modified MIT (Kimi K2)` → `Kimi K2`"""
    found = BRACKETED.search(name)
    return found[1] if found else short(name)


#: Names of a span, shorter and shorter; the last may be missing.
WAYS: tuple[Callable[[Span], str], ...] = (
    lambda span: span.name,
    lambda span: short(span.name),
    lambda span: inner(span.name),
    lambda span: span.version,
)


def days_of(span: Span, before: Span | None) -> list[str]:
    """The day as there is room for it: a second one in the same month must not look like the first."""
    if span.start is None:
        return ["undated"]
    day = span.start.isoformat()
    same_month = before is not None and before.start is not None and before.start.isoformat()[:7] == day[:7]
    return [day, day[5:] if same_month else day[:7]]


def letters(pixels: float) -> int:
    return max(int((pixels - MARGIN) / LETTER), 2)


def fits(word: str, pixels: float) -> bool:
    return len(word) <= letters(pixels)


def fitting(words: Sequence[str], pixels: float) -> str:
    """The first of several wordings that has room; where none has, the last one cut."""
    found = next((word for word in words if fits(word, pixels)), None)
    return found if found is not None else f"{words[-1][: letters(pixels) - 1].rstrip()}…"


# Clause by clause.


def bands(kind: ClauseKind, spans: Sequence[Span], edges: Sequence[float], room: int) -> list[Band]:
    """Neighbors that read the same are one band."""
    found: list[Band] = []
    before = ""
    for first, end in runs([substance_of(span, kind) for span in spans]):
        reading = spans[first].readings.get(kind.slug)
        x, width, words = edges[first], edges[end] - edges[first], told(reading)
        tries = [f"{labels(reading)[-1]} {words}, other details"] if words == before else []
        label = fitting([*tries, *labels(reading)], width * room / 100)
        title = f"{words}{', other details' * (words == before)} ({when(spans, first, end)})"
        found.append(Band(x, width, label, ground_of(kind, reading), title))
        before = words
    return found


def runs(values: Iterable[object]) -> list[tuple[int, int]]:
    """Where each run of equal values begins and ends."""
    edges = [0, *accumulate(len(list(same)) for _, same in groupby(values))]
    return list(pairwise(edges))


def ground_of(kind: ClauseKind, reading: Reading | None) -> str:
    if reading is None:
        return ground(kind, Answer.UNREAD)
    return ground(kind, reading.answer, encouraged=reading.strength is not Strength.MUST)


def labels(reading: Reading | None) -> list[str]:
    """A mark and words, shorter and shorter; the mark alone tells the answer as well."""
    if reading is None:
        return ["? unread", "?"]
    mark, words = MARKS[reading.answer], brief(reading)
    sizes = " ".join(dict.fromkeys(size_in_short(size) for size in reading.thresholds))
    asked = [f"{reading.answer}, asked only", "asked"] if reading.strength is not Strength.MUST else []
    tries = [*([f"{reading.answer}: {words}", words] if words else []), sizes, *asked, str(reading.answer)]
    return [*(f"{mark} {one}" for one in tries if one), mark]


def size_in_short(size: ThresholdValue) -> str:
    """`>700M`, `≥$20M/month`"""
    return SIGNS[size.comparator] + (brief_amount(size) if size.metric.is_money else brief_amount(size).split()[0])


def told(reading: Reading | None) -> str:
    if reading is None:
        return "not read yet"
    asked = ", asked only" if reading.strength is not Strength.MUST else ""
    return f"{reading.answer}{asked}" + (f", {detail(reading)}" if detail(reading) else "")


def when(spans: Sequence[Span], first: int, end: int) -> str:
    """Whose words, where several licenses follow each other, and from which day until which."""
    who = list(dict.fromkeys(short(span.name) for span in spans[first:end]))
    start, stop = spans[first].start, spans[end].start if end < len(spans) else None
    since = f"{'from' if stop else 'since'} {start}" if start else ""
    time = " ".join(filter(None, [since, f"until {stop}" if stop else ""])) or "undated"
    several = len({span.name for span in spans}) > 1
    return f"{' to '.join(dict.fromkeys((who[0], who[-1])))}, {time}" if several else time


# In a sentence.


@dataclass(frozen=True, slots=True)
class Came:
    """What became of a clause from first to last: in which span, and the weightier the lower its rank."""

    rank: int
    span: int
    words: str


def sentence(spans: Sequence[Span], moved: Sequence[ClauseKind]) -> str:
    """`From Llama 2 to Llama 4, 12 clauses moved: geography appeared with Llama 3.2; and 11 more.`"""
    first, last = short(spans[0].name), short(spans[-1].name)
    whole = f"From {first} to {last}" if first != last else f"Since {spans[0].start or 'its first wording'}"
    found = [one for kind in moved if (one := came(spans, kind))]
    told = sorted(sorted(found, key=lambda one: one.rank)[:MOST_SAID], key=lambda one: one.span)
    parts = [
        f"{', '.join(one.words for one in same)} {with_which(spans, span)}"
        for span, same in groupby(told, key=lambda one: one.span)
    ]
    left = [f"and {len(moved) - len(told)} more"] if told and len(told) < len(moved) else []
    count = f"{len(moved)} clause{'s' * (len(moved) != 1)} moved"
    return f"{whole}, {count}{': ' * bool(told)}{'; '.join([*parts, *left])}."


def with_which(spans: Sequence[Span], n: int) -> str:
    """A version by its name, a later wording of it by its day."""
    name = spans[n].name
    is_version = name != spans[0].name and not any(span.name == name and span.readings for span in spans[:n])
    return f"with {short(name)}" if is_version else f"on {spans[n].start or 'an unknown day'}"


def came(spans: Sequence[Span], kind: ClauseKind) -> Came | None:
    read = [(n, reading) for n, span in enumerate(spans) if (reading := span.readings.get(kind.slug))]
    move = Move(kind, read[0][1], read[-1][1])
    if move.direction is Direction.NEITHER:
        return None
    turned = move.before.binds != move.after.binds
    states = [reading.binds if turned else substance(reading) for _, reading in read]
    span = read[runs(states)[-1][0]][0]
    title = kind.title.lower()
    words = f"{title} {move.verb}" if turned else f"{title} ({move.direction})"
    return Came((not turned) + 2 * (not kind.core), span, words)
