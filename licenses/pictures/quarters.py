"""Changes by the quarter, in pixels: its words keep their size, and so it scrolls where there is no room. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from licenses.movement import Direction

MOST_QUARTERS = 40
#: In pixels: what a quarter and one of its bars take, the highest bar, and the words above and below.
PITCH, BAR, TALLEST, HEAD, FOOT = 38, 16, 84, 17, 58
#: The two that have bars, left and right; all else is a number below them.
DRAWN = (str(Direction.LOOSER), str(Direction.TIGHTER))


@dataclass(frozen=True, slots=True)
class Bar:
    """So many changes of one direction; the number stands above it."""

    direction: str
    count: int
    x: int
    y: int
    height: int
    width: int = BAR

    @property
    def above(self) -> int:
        return self.y - HEAD


@dataclass(frozen=True, slots=True)
class Quarter:
    first: date
    last: date
    x: int
    looser: int
    tighter: int
    other: int
    bars: list[Bar]
    width: int = PITCH

    @property
    def number(self) -> str:
        return f"Q{(self.first.month + 2) // 3}"

    @property
    def total(self) -> int:
        return self.looser + self.tighter + self.other


@dataclass(frozen=True, slots=True)
class Chart:
    sentence: str
    quarters: list[Quarter]
    width: int
    base: int = HEAD + TALLEST
    below: int = HEAD + TALLEST + 4
    height: int = HEAD + TALLEST + FOOT


def quarters(told: Mapping[tuple[date, str], int], *, until: date) -> Chart | None:
    """Changes by day and direction, summed up by quarters from the first to today's, the last forty of them."""
    now, counts = numbered(until), Counter[tuple[int, str]]()
    for (day, direction), number in told.items():
        if numbered(day) <= now:
            counts[numbered(day), direction] += number
    if not counts:
        return None
    first = max(min(number for number, _ in counts), now - MOST_QUARTERS + 1)
    earlier = sum(count for (number, _), count in counts.items() if number < first)
    drawn = {key: count for key, count in counts.items() if key[0] >= first}
    top = max((count for (_, direction), count in drawn.items() if direction in DRAWN), default=1)
    found = [quarter(number, n * PITCH, drawn, top) for n, number in enumerate(range(first, now + 1))]
    return Chart(counted(found, earlier), found, len(found) * PITCH)


def quarter(number: int, x: int, counts: Mapping[tuple[int, str], int], top: int) -> Quarter:
    of_it = {direction: count for (each, direction), count in counts.items() if each == number}
    bars = []
    for n, direction in enumerate(DRAWN):
        if count := of_it.get(direction, 0):
            height = max(round(TALLEST * count / top), 3)
            bars.append(Bar(direction, count, x + 2 + n * (BAR + 2), HEAD + TALLEST - height, height))
    looser, tighter = (of_it.get(direction, 0) for direction in DRAWN)
    other = sum(of_it.values()) - looser - tighter
    return Quarter(first_day(number), last_day(number), x, looser, tighter, other, bars)


def numbered(day: date) -> int:
    """Quarters, counted on."""
    return day.year * 4 + (day.month - 1) // 3


def first_day(number: int) -> date:
    return date(number // 4, number % 4 * 3 + 1, 1)


def last_day(number: int) -> date:
    """By way of the day after it, save in the last quarter that a calendar has."""
    month = number % 4 * 3 + 3
    return date(number // 4, month, 31 if month in (3, 12) else 30)


def counted(found: Sequence[Quarter], earlier: int) -> str:
    """`12 changes that somebody read since 2024 Q1: 4 looser, 6 tighter, 2 neither or both; most in 2025 Q2 (5).`"""
    looser, tighter, other = (sum(getattr(one, name) for one in found) for name in ("looser", "tighter", "other"))
    total = looser + tighter + other
    most = max(found, key=lambda one: one.total)
    words = f"{total} change{'s' * (total != 1)} that somebody read since {found[0].first.year} {found[0].number}"
    parts = f"{looser} looser, {tighter} tighter, {other} neither or both"
    busiest = f"; most in {most.first.year} {most.number} ({most.total})" if total else ""
    left = f" {earlier} earlier {'one is' if earlier == 1 else 'ones are'} not drawn." if earlier else ""
    return f"{words}: {parts}{busiest}.{left}"
