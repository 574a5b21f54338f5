"""What differs between two readable texts: paragraphs first, words within them, and what merely moved. Pure.

Spacing, punctuation and case are no difference. The work is bounded: what is too much is compared more coarsely.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

from .alignment import align
from .passages import Piece, Quoted, Span, flowing, pieces, sentence_places, spans, words
from .wording import TOKEN

#: Characters that are compared word by word; what is beyond is compared by paragraphs.
ROOM = 300_000
#: Words that a paragraph needs to be known again in another place.
ENOUGH = 8
#: Unchanged paragraphs shown beside a change, and sentences of a change told in a feed.
CONTEXT, MOST_SENTENCES, LONGEST_SENTENCE = 1, 6, 600
#: More sentences than any license has.
ALL = 100_000

Mark = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands beside what. `kind`: same, changed, added, removed, moved or folded.

    A moved paragraph has two rows: `other` is the number of the one where it went to or came from. A changed one has
    `both` as well: its words once, those taken out before those put in. A folded one stands for `count` rows.
    """

    kind: str
    number: int = 0
    before: tuple[Span, ...] | None = None
    after: tuple[Span, ...] | None = None
    both: tuple[Span, ...] = ()
    other: int = -1
    count: int = 1

    @property
    def inline(self) -> tuple[Span, ...]:
        return self.both or self.after or self.before or ()


@dataclass(frozen=True, slots=True)
class Diff:
    rows: tuple[Row, ...]
    left_out: str = ""

    @property
    def differs(self) -> bool:
        return any(row.kind != "same" for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Paragraphs of each kind; a moved one counts once."""
        found = Counter(row.kind for row in self.rows)
        found["moved"] //= 2
        return {kind: count for kind, count in found.items() if count}


class Change(NamedTuple):
    """Characters of one text in place of characters of the other; either may be none, at that place."""

    old: int
    old_end: int
    new: int
    new_end: int


class Match(NamedTuple):
    """Pieces of both texts that belong together, and what differs in them; none on one side for those alone."""

    old: range
    new: range
    changes: tuple[Change, ...] = ()


class Word(NamedTuple):
    piece: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts."""

    text: str
    pieces: list[Piece]
    quotes: Sequence[Quoted]

    def place(self, which: range) -> tuple[int, int]:
        return self.pieces[which[0]].start, self.pieces[which[-1]].end

    def length(self, which: range) -> int:
        return self.place(which)[1] - self.place(which)[0] if which else 0

    def spans(self, which: range, marks: Iterable[Mark] = ()) -> tuple[Span, ...] | None:
        return spans(self.text, *self.place(which), marks, self.quotes) if which else None

    def whole(self, which: range, mark: str) -> tuple[Span, ...] | None:
        return self.spans(which, [(*self.place(which), mark)]) if which else None

    def words(self, which: range) -> list[Word]:
        found = []
        for number in which:
            piece = self.pieces[number]
            for match in TOKEN.finditer(self.text, piece.start, piece.end):
                found.append(Word(number, match.start(), match.end(), match.group().casefold()))
        return found


def diff(before: str, after: str, quoted_before: Sequence[Quoted] = (), quoted_after: Sequence[Quoted] = ()) -> Diff:
    """What differs. Joined, the spans of each side are its text."""
    old, new = Side(before, pieces(before), quoted_before), Side(after, pieces(after), quoted_after)
    found: list[Match] = []
    room, whole = ROOM, 0
    for gap, anchor in gaps(old, new):
        length = old.length(gap.old) + new.length(gap.new)
        if gap.old and gap.new and length <= room:
            room -= length
            found += compared(old, new, gap)
        elif gap.old and gap.new and texts(old, gap.old) == texts(new, gap.new):
            found.append(gap)
        else:
            whole += (len(gap.old) + len(gap.new)) * bool(gap.old and gap.new)
            found += apart(gap.old, gap.new)
        found += anchor
    left_out = f"Too much differs to compare it word by word: {whole:,} parts are shown whole." if whole else ""
    return Diff(tuple(rows(old, new, found)), left_out)


def texts(side: Side, which: range) -> list[str]:
    return [word for number in which for word in side.pieces[number].words]


def gaps(old: Side, new: Side) -> Iterator[tuple[Match, list[Match]]]:
    """What lies between equal paragraphs, each with the paragraph after it. Texts of equal words are one gap."""
    keys = [[piece.words for piece in side.pieces] for side in (old, new)]
    ends = (len(old.pieces), len(new.pieces))
    everything = range(ends[0]), range(ends[1])
    pairs = [] if texts(old, everything[0]) == texts(new, everything[1]) else align(*keys)
    for (i, j), (k, m) in pairwise([(-1, -1), *pairs, ends]):
        anchor = [Match(range(k, k + 1), range(m, m + 1))] if (k, m) != ends else []
        yield Match(range(i + 1, k), range(j + 1, m)), anchor


def compared(old: Side, new: Side, gap: Match) -> Iterator[Match]:
    """The pieces of a gap side by side, by the words they share."""
    a, b = old.words(gap.old), new.words(gap.new)
    kept = steady(old, new, a, b, align([word.text for word in a], [word.text for word in b]))
    i, j = gap.old.start, gap.new.start
    for first, last in chains(related(old, new, [(a[i].piece, b[j].piece, i, j) for i, j in kept])):
        yield from apart(range(i, first[0]), range(j, first[1]))
        i, j = last[0] + 1, last[1] + 1
        both = range(first[0], i), range(first[1], j)
        yield Match(*both, tuple(changes(old, new, both, a, b, kept)))
    yield from apart(range(i, gap.old.stop), range(j, gap.new.stop))


def apart(old: range, new: range) -> Iterator[Match]:
    yield from (Match(range(i, i + 1), range(0)) for i in old)
    yield from (Match(range(0), range(j, j + 1)) for j in new)


def steady(old: Side, new: Side, a: list[Word], b: list[Word], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the few words that only happen to be the same amid rewritten ones; a whole piece stays."""
    runs = [
        [pairs[n] for n in run] for _, run in groupby(range(len(pairs)), lambda n: (pairs[n][0] - n, pairs[n][1] - n))
    ]
    starts, ends = [run[0] for run in runs], [run[-1] for run in runs]
    lost = [k - i + m - j - 2 for (i, j), (k, m) in zip([(-1, -1), *ends], [*starts, (len(a), len(b))], strict=True)]

    def stays(number: int) -> bool:
        length, (i, j) = len(runs[number]), starts[number]
        whole = min(len(old.pieces[a[i].piece].words), len(new.pieces[b[j].piece].words))
        return length > 3 or length >= whole or min(lost[number : number + 2]) < 2 * length

    return [pair for number, run in enumerate(runs) if stays(number) for pair in run]


def related(old: Side, new: Side, kept: list[tuple[int, int, int, int]]) -> list[tuple[int, int]]:
    """Pieces that share a third of the shorter one, or between which a sentence runs on over a break."""
    shared = Counter((p, q) for p, q, _, _ in kept)
    most = {
        (p, q)
        for (p, q), count in shared.items()
        if 3 * count >= min(len(old.pieces[p].words), len(new.pieces[q].words))
    }
    for (p, q, i, j), (r, t, k, m) in pairwise(kept):
        if k - i == m - j == 1 and (p == r) != (q == t):
            most |= {(p, q), (r, t)}
    return sorted(most)


def chains(pairs: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """First and last of pairs that hang together: a paragraph that was split belongs to both of its halves."""
    first = last = None
    for pair in pairs:
        if last and pair[0] != last[0] and pair[1] != last[1] and first:
            yield first, last
            first = None
        first, last = first or pair, pair
    if first and last:
        yield first, last


def changes(
    old: Side, new: Side, both: tuple[range, range], a: list[Word], b: list[Word], kept: list[tuple[int, int]]
) -> Iterator[Change]:
    """The words of some pieces that are not the same."""
    (i, k), (j, m) = stretch(a, both[0]), stretch(b, both[1])
    inside = (pair for pair in kept[bisect_left(kept, (i, 0)) : bisect_left(kept, (k, 0))] if j <= pair[1] < m)
    starts = old.place(both[0])[0], new.place(both[1])[0]
    first = i, j
    for p, q in (*inside, (k, m)):
        if p > i or q > j:
            alone = p == i or q == j
            old_place = place(a, i, p, k, first[0], starts[0], alone=alone)
            new_place = place(b, j, q, m, first[1], starts[1], alone=alone)
            yield Change(*with_bracket(old.text, *old_place), *with_bracket(new.text, *new_place))
        i, j = p + 1, q + 1


def stretch(found: list[Word], which: range) -> tuple[int, int]:
    """From where to where the words of some pieces go."""
    return tuple(bisect_left(found, end, key=lambda word: word.piece) for end in (which.start, which.stop))  # type: ignore[return-value]


def place(found: list[Word], i: int, p: int, k: int, first: int, start: int, *, alone: bool) -> tuple[int, int]:
    """The characters of words i to p. Where the other text has none, the blank beside them comes along."""
    before = found[i - 1].end if i > first else start
    if p == i:
        return before, before
    if not alone:
        return found[i].start, found[p - 1].end
    if i > first:
        return before, found[p - 1].end
    return start, found[p].start if p < k else found[p - 1].end


def with_bracket(text: str, start: int, end: int) -> tuple[int, int]:
    """What opens a bracket takes the one along that closes it."""
    closing = {")": "(", "]": "["}.get(text[end : end + 1])
    said = text[start:end]
    return start, end + (closing is not None and said.count(closing) > said.count(text[end]))


def rows(old: Side, new: Side, found: list[Match]) -> Iterator[Row]:
    elsewhere = moves(old, new, found)
    for number, match in enumerate(found):
        if number in elsewhere:
            yield moved(old, new, match, found[elsewhere[number]], number, elsewhere[number])
        elif match.changes:
            yield changed(old, new, match, number)
        elif (match.old and match.new) or texts(old, match.old) == texts(new, match.new):
            yield Row("same", number, old.spans(match.old), new.spans(match.new))
        else:
            kind = "removed" if match.old else "added"
            yield Row(kind, number, old.whole(match.old, "del"), new.whole(match.new, "ins"))


def changed(old: Side, new: Side, match: Match, number: int) -> Row:
    deleted, inserted = marks(old, new, match.changes)
    both: list[Span] = []
    at, end = new.place(match.new)
    for change in match.changes:
        both += spans(new.text, at, change.new, (), new.quotes)
        both += spans(old.text, change.old, change.old_end, [inked(old, change.old, change.old_end, "del")], old.quotes)
        both += spans(new.text, change.new, change.new_end, [inked(new, change.new, change.new_end, "ins")], new.quotes)
        at = change.new_end
    both += spans(new.text, at, end, (), new.quotes)
    return Row("changed", number, old.spans(match.old, deleted), new.spans(match.new, inserted), tuple(both))


def marks(old: Side, new: Side, changes: Iterable[Change]) -> tuple[list[Mark], list[Mark]]:
    both = [(inked(old, a, b, "del"), inked(new, i, j, "ins")) for a, b, i, j in changes]
    return [one for one, _ in both if one[0] < one[1]], [one for _, one in both if one[0] < one[1]]


def inked(side: Side, start: int, end: int, mark: str) -> Mark:
    """The mark without the blanks at its edges, so that its sign stands at a word."""
    said = side.text[start:end]
    return end - len(said.lstrip()), start + len(said.rstrip()), mark


def moves(old: Side, new: Side, found: list[Match]) -> dict[int, int]:
    """Paragraphs taken out here and put in there, whatever their number: either place → the other."""
    here, there = ({}, {})  # type: tuple[dict[tuple[str, ...], list[int]], dict[tuple[str, ...], list[int]]]
    for number, match in enumerate(found):
        if match.old and not match.new:
            here.setdefault(unnumbered(old.pieces[match.old[0]].words), []).append(number)
        elif match.new and not match.old:
            there.setdefault(unnumbered(new.pieces[match.new[0]].words), []).append(number)
    pairs = [
        (here[key][0], there[key][0])
        for key in here.keys() & there.keys()
        if len(key) >= ENOUGH and len(here[key]) == len(there[key]) == 1
    ]
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}


def unnumbered(found: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the number or letter they begin with."""
    return found[1:] if found and (len(found[0]) == 1 or found[0][0].isdigit()) else found


def moved(old: Side, new: Side, match: Match, twin: Match, number: int, other: int) -> Row:
    of, to = match.old or twin.old, match.new or twin.new
    a, b = old.words(of), new.words(to)
    kept = align([word.text for word in a], [word.text for word in b])
    deleted, inserted = marks(old, new, changes(old, new, (of, to), a, b, kept))
    return Row("moved", number, old.spans(match.old, deleted), new.spans(match.new, inserted), other=other)


def folded(rows: Iterable[Row], context: int = CONTEXT) -> list[Row]:
    """The rows with unchanged stretches cut down to what stands beside a change."""
    found: list[Row] = []
    stretches = [(kind, list(run)) for kind, run in groupby(rows, lambda row: row.kind == "same")]
    for at, (is_same, run) in enumerate(stretches):
        head = context if at else 0
        tail = context if at < len(stretches) - 1 else 0
        hidden = len(run) - head - tail
        if not is_same or hidden < 2:
            found += run
            continue
        fold = Row("folded", run[head].number, count=hidden)
        found += [*run[:head], fold, *run[len(run) - tail :]]
    return found


def sentences(before: str, after: str, *, most: int = MOST_SENTENCES) -> tuple[list[str], list[str]]:
    """The sentences put in and those taken out, as far as a short message holds them."""
    old, new = (said(flowing(text)) for text in (before, after))
    was, now = Counter(key for key, _ in old), Counter(key for key, _ in new)
    return told(new, now - was, most), told(old, was - now, most)


def said(text: str) -> list[tuple[tuple[str, ...], str]]:
    """Each sentence with its words."""
    found = (text[start:end] for start, end in sentence_places(text, 0, len(text)))
    return [(key, sentence) for sentence in found if (key := words(sentence))]


def told(found: list[tuple[tuple[str, ...], str]], wanted: Counter[tuple[str, ...]], most: int) -> list[str]:
    """The wanted ones in the order of the text, the first few, each cut to a length."""
    chosen = []
    for key, sentence in found:
        if wanted[key] > 0:
            wanted[key] -= 1
            chosen.append(sentence)
    shown = [" ".join(one[: 2 * LONGEST_SENTENCE].split()) for one in chosen[:most]]
    shown = [one if len(one) <= LONGEST_SENTENCE else f"{one[: LONGEST_SENTENCE - 1].rstrip()}…" for one in shown]
    return shown + ([f"… and {len(chosen) - most} more"] if len(chosen) > most else [])
