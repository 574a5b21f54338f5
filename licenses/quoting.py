"""Find a quote in a text again, though the text was set anew, or its words changed a little. Pure.

`exact`: the same words in the same order; line wraps, punctuation, quote marks and letter case do not matter.
`context`: the words before and after stand as they were, and at least `CONTEXT` of those between are the quote's.
`fuzzy`: at least `FUZZY` of the words are the quote's, in their order.
Other numbers, other signs or another "not" are never the same quote: `context` and `fuzzy` ask all of them to agree.
They tell where to look, and prove nothing: "may" can have become "must".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .wording import TOKEN, folded, readable, tokens

FUZZY = 0.85
CONTEXT = 0.6
#: In words. "…" in a quote leaves out this many at most, and a quote has no more than `LONGEST`.
APART = 100
LONGEST = 300
#: A prefix or suffix of fewer words stands in too many places.
FEWEST = 2
#: Places that are looked at closer, of those where all words stand; where many do; and of a word, before it is common.
SAME, LIKELY, COMMON = 1000, 10, 2000
#: In characters: what `Quote.prefix` and `Quote.suffix` hold.
BESIDE = 120

NEGATIONS = dict.fromkeys(("not", "cannot"), "not") | dict.fromkeys(("no", "none", "nobody", "nothing"), "no")
OTHER_NEGATIONS = {"never", "without", "neither", "nor", "unless", "except", *"不未无無非禁勿没莫않없못"}
NUMERALS = {
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen", "twenty"),
    *("thirty", "forty", "fifty", "sixty", "ninety", "half", "third", "hundred", "thousand", "million", "billion"),
    *("trillion", "percent", "per", "cent", "k", "m", "b", "bn", "mm"),
    *"一二三四五六七八九十百千万萬亿億兆两半만억천백",
}

Span = tuple[int, int]


class How(StrEnum):
    EXACT = "exact"
    CONTEXT = "context"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Found:
    """Where the quote stands, in characters of the text, and how sure that is."""

    start: int
    end: int
    how: How


@dataclass(frozen=True, slots=True)
class Page:
    """The words of a text: what, where in the text, and at which numbers each of them comes."""

    words: list[str]
    spans: list[Span]
    places: dict[str, list[int]]

    def standing(self, words: Sequence[str]) -> Iterator[int]:
        """The numbers of the words at which these come in a row."""
        rarest = min(range(len(words)), key=lambda at: len(self.places.get(words[at], ())))
        for place in self.places.get(words[rarest], ()):
            start = place - rarest
            if start >= 0 and self.words[start : start + len(words)] == words:
                yield start


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stood around the quote, to choose among several places."""

    before: list[str]
    after: list[str]
    near: int | None

    def distance(self, page: Page, span: Span) -> int:
        return abs(page.spans[span[0]][0] - (self.near or 0))

    def agreement(self, page: Page, span: Span) -> int:
        """How many of the words around are the same, counted from the quote."""
        start, end = span
        here = page.words[max(0, start - len(self.before)) : start]
        there = page.words[end : end + len(self.after)]
        same = [*zip(reversed(self.before), reversed(here), strict=False), *zip(self.after, there, strict=False)]
        return sum(one == other for one, other in same)

    def best(self, page: Page, spans: Iterable[Span]) -> Span:
        nearest = sorted(spans, key=lambda span: self.distance(page, span))[:SAME]
        return max(nearest, key=lambda span: (self.agreement(page, span), -self.distance(page, span)))

    def found(self, page: Page, spans: Iterable[Span], how: How) -> Found:
        start, end = self.best(page, spans)
        return Found(page.spans[start][0], page.spans[end - 1][1], how)


def find(words: str, text: str, *, prefix: str = "", suffix: str = "", near: int | None = None) -> Found | None:
    """Where the words of a quote stand in a readable text; of several places the one that is most like its old one.

    A quote with "…" in it is found piece by piece, and exactly or not at all.
    """
    pieces = pieced(words)
    page = paged(text)
    beside = Neighbours(folded(readable(prefix))[-LONGEST:], folded(readable(suffix))[:LONGEST], near)
    spans, how = list(in_order(page, pieces)) if pieces else [], How.EXACT
    if not spans and len(pieces) == 1:
        spans, how = between(page, pieces[0], beside), How.CONTEXT
        if not spans:
            spans, how = alike(page, pieces[0]), How.FUZZY
    if not spans:
        return None
    return beside.found(page, spans, how)


def find_exact(words: str, text: str, *, near: int | None = None) -> Found | None:
    """Where these very words stand. Much quicker than `find` where they do not."""
    pieces, page = pieced(words), paged(text)
    spans = list(in_order(page, pieces)) if pieces else []
    return Neighbours([], [], near).found(page, spans, How.EXACT) if spans else None


def pieced(words: str) -> list[list[str]]:
    """What stands between "…"; nothing for a quote without words or with too many."""
    pieces = [piece for part in re.split(r"\.{3,}", readable(words)) if (piece := folded(part))]
    return pieces if sum(map(len, pieces)) <= LONGEST else []


@lru_cache(maxsize=4)
def paged(text: str) -> Page:
    """Kept for the next quotes of the same few texts: a license has an agreement, a policy or two, a notice."""
    page = Page(folded(text), [match.span() for match in TOKEN.finditer(text)], {})
    for at, word in enumerate(page.words):
        page.places.setdefault(word, []).append(at)
    return page


def in_order(page: Page, pieces: Sequence[list[str]]) -> Iterator[Span]:
    """Where all pieces come, one soon after the other."""
    first, *others = [(list(page.standing(piece)), len(piece)) for piece in pieces]
    for start in first[0]:
        end = start + first[1]
        for places, length in others:
            place = upcoming(places, end)
            if place is None or place - end > APART:
                break
            end = place + length
        else:
            yield start, end


def upcoming(places: Sequence[int], at: int) -> int | None:
    found = bisect_left(places, at)
    return places[found] if found < len(places) else None


def between(page: Page, words: list[str], beside: Neighbours) -> list[Span]:
    """Where the words before and after still stand, with words between that are mostly these."""
    before, after = beside.before, beside.after
    if min(len(before), len(after)) < FEWEST:
        return []
    ends = list(page.standing(after))
    starts = (place + len(before) for place in page.standing(before))
    gaps = ((start, end) for start in starts if (end := upcoming(ends, start + 1)) and end - start <= 2 * len(words))
    nearest = sorted(gaps, key=lambda span: beside.distance(page, span))[:LIKELY]
    return [span for span in nearest if sameness(words, page.words[slice(*span)]) >= CONTEXT]


def sameness(words: list[str], others: list[str]) -> float:
    """The share of words that need no edit; none when a number or a "not" differs."""
    if marks(words) != marks(others):
        return 0
    (*_, (share, _, _)) = alignments(words, others, range(0, STEP * (len(others) + 1), STEP))
    return share


def alike(page: Page, words: list[str]) -> list[Span]:
    """The places with the most of these words in order, when these are enough and no number or "not" differs."""
    found = [match for low, high in regions(page, words) for match in matches(page, words, low, high)]
    most = max((share for share, _ in found), default=0)
    return [span for share, span in found if share == most]


def regions(page: Page, words: list[str]) -> Iterator[Span]:
    """Parts of the text that hold many of the words about where they would stand."""
    length = len(words)
    votes: Counter[int] = Counter()
    for at, word in enumerate(words):
        places = page.places.get(word, [])
        if len(places) <= COMMON:
            votes.update((place - at) // length for place in places)
    slack = length // 4 + 1
    for part, _ in votes.most_common(LIKELY):
        yield max(0, part * length - slack), (part + 2) * length + slack


def matches(page: Page, words: list[str], low: int, high: int) -> Iterator[tuple[float, Span]]:
    """The best match, and others beside it. A part of one that was refused is refused with it."""
    region = page.words[low:high]
    ends = [match for match in alignments(words, region, range(len(region) + 1)) if match[0] >= FUZZY]
    seen: list[Span] = []
    for share, start, end in sorted(ends, key=lambda match: (match[0], match[2] - match[1]), reverse=True):
        if all(end <= other_start or start >= other_end for other_start, other_end in seen):
            seen.append((start, end))
            if marks(words) == marks(region[start:end]):
                yield share, (low + start, low + end)


#: The edits and the word at which a match starts, in one integer: the least has the fewest edits, then starts first.
STEP = 1 << 32


def alignments(words: list[str], region: list[str], row: Iterable[int]) -> Iterator[tuple[float, int, int]]:
    """For each end in the region: the share of words that need no edit, and from where to where.

    Edit distance by words. `row` says what a start costs: nothing anywhere, or a step for each word that is left out.
    """
    above = list(row)
    for word in words:
        below = [above[0] + STEP]
        for at, other in enumerate(region):
            kept = above[at] if word == other else above[at] + STEP
            below.append(min(kept, above[at + 1] + STEP, below[at] + STEP))
        above = below
    for end, value in enumerate(above):
        edits, start = divmod(value, STEP)
        yield 1 - edits / max(len(words), end - start), start, end


def marks(words: Iterable[str]) -> list[str]:
    """What must not differ, in order: numbers in digits and words, signs, negations."""
    return [mark for word in words if (mark := marked(word))]


def marked(word: str) -> str:
    if not word[0].isalpha() or word in NUMERALS or word in OTHER_NEGATIONS:
        return word
    if word in NEGATIONS:
        return NEGATIONS[word]
    return "not" if word.endswith("n't") else "non" if word.startswith("non") else ""


def context(text: str, start: int, end: int, size: int = 32) -> tuple[str, str]:
    """What stands right before and after a place, from word to word: about `size` characters, never above `BESIDE`."""
    low = max(0, start - BESIDE)
    head, tail = text[low:start], text[end : end + BESIDE]
    # The outermost word may be cut.
    opens = [token.start for token in tokens(head) if token.start or not low]
    closes = [token.end for token in tokens(tail) if token.end < len(tail) or end + len(tail) == len(text)]
    opening = max((at for at in opens if len(head) - at >= size), default=min(opens, default=len(head)))
    closing = min((at for at in closes if at >= size), default=max(closes, default=0))
    return head[opening:], tail[:closing]
