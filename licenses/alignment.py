"""Which of one list are which of another, by what is unique in both (patience). Pure.

What lies between is looked through again, a few times, so that the work grows with the length and not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

#: How often what lies between anchors is looked through for more of them.
DEPTH = 8
T = TypeVar("T", str, tuple[str, ...])


def align(old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int]]:
    """Which of one list are which of the other, in order; the same pairs whichever comes first."""
    if list(old) > list(new):
        return [(i, j) for j, i in align(new, old)]
    ids: dict[T, int] = {}
    a, b = ([ids.setdefault(one, len(ids)) for one in side] for side in (old, new))
    found: list[tuple[int, int]] = []
    left = [(0, len(a), 0, len(b), DEPTH)]
    while left:
        i, k, j, m, depth = left.pop()
        while i < k and j < m and a[i] == b[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        while i < k and j < m and a[k - 1] == b[m - 1]:
            k, m = k - 1, m - 1
            found.append((k, m))
        anchors: list[tuple[int, int]] = unique(a, b, i, k, j, m) if depth and i < k and j < m else []
        found += anchors
        bounds = pairwise([(i - 1, j - 1), *anchors, (k, m)]) if anchors else ()
        left += [(p + 1, r, q + 1, t, depth - 1) for (p, q), (r, t) in bounds]
    return sorted(found)


def unique(a: list[int], b: list[int], i: int, k: int, j: int, m: int) -> list[tuple[int, int]]:
    """What stands once in each of two stretches, as far as it is in the same order."""
    once = [{one for one, count in Counter(part).items() if count == 1} for part in (a[i:k], b[j:m])]
    both = once[0] & once[1]
    where = {b[q]: q for q in range(j, m) if b[q] in both}
    return rising([(p, where[a[p]]) for p in range(i, k) if a[p] in both])


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, not necessarily neighbors, whose second numbers rise as their first do."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, second) in enumerate(pairs):
        place = bisect_left(tops, second)
        before.append(last[place - 1] if place else -1)
        tops[place : place + 1] = [second]
        last[place : place + 1] = [number]
    found, at = [], last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]
