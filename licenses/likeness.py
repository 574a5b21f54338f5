"""Which known text is this, or which one is it nearest to, and what was added or removed? Pure.

Names, years, the heading and an appendix on how to apply a license are no part of its words, and in a standard text
the numbers before its clauses are not either. A line about copyright is left out only if it says nothing more:
`(c) You must retain` is a clause, and “Copyright 2026 Acme, for research only” a condition.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from sys import intern

from licenses.wording import COPYRIGHT, TOKEN, WIDE, readable

#: The longest license we know has 35,000. What lies beyond is not compared, and such a text is never the same.
MOST_CHARACTERS = 120_000
#: Words in a row: any two licenses share single words; five in a row were copied.
RUN = 5
#: How much of a standard text is left in a modified one. Of 118 texts, those made from one keep 89 % or more; those
#: that only borrow from one, 63 % or less. MIT has four sentences, so one less must still count.
NEARLY_WHOLE = 0.8
#: How much of a modified text is the standard's: of the same 118, 71 % or more, and at most 38 % of those that borrow.
MOSTLY = 0.5
#: Below half, “nearest” says nothing: strangers copy definitions and disclaimers from each other.
NEAR = 0.5

#: What a page has room for; the rest is counted.
SHOWN_SENTENCES, SHOWN_CHARACTERS, HEADING_CHARACTERS = 20, 600, 120

STANDARD = {"standard", "standard-other"}
MODIFIED, CUSTOM = "modified-standard", "custom"

#: A line with one of these permits, demands or limits something, however it begins.
SAYS_MORE = (
    "agree|agreed|allowed|cannot|commercial|commercially|except|fees?|forbidden|grant|granted|hereby|if|may|must|no|non|"
    "noncommercial|not|only|pay|permission|permitted|prohibited|provided|purposes?|required?|royalties|royalty|sell|"
    "shall|should|subject|unless|used?|users?|using|whether|without|your?"
)
LIMIT = re.compile(rf"\b(?:{SAYS_MORE})\b|[不必禁仅非须应]", re.IGNORECASE)
#: In a notice these are names: Microsoft Research, Free Software Foundation.
LIMIT_IN_A_HEADING = re.compile(rf"{LIMIT.pattern}|\b(?:academic|evaluation|personal|research)\b", re.IGNORECASE)
#: A heading may have these beside the name.
USUAL_IN_A_HEADING = {"the", "license", "licence", "agreement", "version", "dated", "v"}
#: A notice may have these beside names, and two more in small letters: some names are written so.
USUAL_IN_A_NOTICE = {"contributors", "authors", "respective", "affiliates", "present", "rights", "reserved", "file"}
NOTICE_CHARACTERS, NOTICE_SMALL_WORDS, HEADING_WORDS = 240, 2, 16
#: What follows makes it a notice: wrapped sentences begin with “copyright” as well, and clauses with “(c)”.
NOTICE = re.compile(
    r"\W{0,9}(?:(?:copyright|\(c\)|©)\W{0,9}){1,2}(?:c\W{1,9})?(?:by\b|\d{4}|yyyy|year\b)"
    r"|\W{0,9}copyright\W{0,9}(?:\(c\)|©)|\W{0,9}all rights reserved\W{0,9}$",
    re.IGNORECASE,
)
#: What a template leaves for us to fill in, and where BSD names its holder.
PLACEHOLDER = re.compile(
    r"[<\[{](?=[^<>\[\]{}\n]{0,40}(?:year|yyyy|name|owner|holder|author|organi[sz]ation))[^<>\[\]{}\n]{1,60}[>\]}]",
    re.IGNORECASE,
)
HOLDER = re.compile(r"(?<=neither the name of )[^.;]{1,80}?(?= nor )")
#: Apache-2.0 and the GNU licenses: an appendix follows, which a copy may leave out.
END = ("end", "of", "terms", "and", "conditions")

MARK = re.compile(
    r"[^\w\n]{0,6}(?:(?:section |article )?\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,4})[.):]{1,2}(?=\s)"
    r"|[一二三四五六七八九十]{1,3}、|[*#-]{1,6}(?=\s))",
    re.IGNORECASE,
)
BLOCK = re.compile(rf"\n\s*\n|\n(?={MARK.pattern})", re.IGNORECASE)
#: The end of a sentence, but for abbreviations; Chinese needs no blank after it, and its semicolon ends a clause.
STOP = re.compile(
    r"(?:(?<=[^\W_]{2}[.!?])|(?<=[)\]\"'%][.!?])|(?<=[.!?][)\]\"']))(?<!Inc\.)(?<!Ltd\.)(?<!Co\.)(?<!No\.)"
    rf"\s+(?=[^\w\s]{{0,3}}[A-Z0-9])|(?<=。)|(?<=[!?;])(?=\s?[{WIDE}])"
)


@dataclass(frozen=True, slots=True)
class Known:
    """One text on the shelf; `key` and `kind` are the caller's."""

    key: int | str
    name: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a text stands to the known one that it is, contains, or is nearest to."""

    known: Known
    kind: str
    same: bool
    #: The words, of both texts, that stand in the other one in a run of five.
    share: float
    heading: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    #: Sentences that are not listed for want of room.
    more_added: int = 0
    more_removed: int = 0
    #: The text is longer than what was compared.
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    shown: str
    mark: str
    words: tuple[str, ...]

    @property
    def line(self) -> str:
        return f" {' '.join(self.words)} "


@dataclass(frozen=True)
class Reading:
    """Of a text, what counts: its sentences without names, years and notices."""

    heading: str
    sentences: tuple[Sentence, ...]
    partial: bool = False

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word for sentence in self.sentences for word in sentence.words)

    @cached_property
    def line(self) -> str:
        return f" {' '.join(self.words)} "

    @cached_property
    def runs(self) -> frozenset[int]:
        return frozenset(runs(self.words))

    @cached_property
    def core(self) -> Reading:
        """Without the appendix."""
        ends = (at for at, sentence in enumerate(self.sentences) if sentence.words == END)
        return Reading(self.heading, self.sentences[: next(ends, len(self.sentences))], self.partial)

    @property
    def numbers(self) -> list[str]:
        return [sentence.mark for sentence in self.sentences if sentence.mark]

    def has(self, sentence: Sentence) -> bool:
        return sentence.line in self.line


def runs(words: tuple[str, ...]) -> Iterator[int]:
    return map(hash, zip(*(words[start:] for start in range(RUN)), strict=False))


def covered(words: tuple[str, ...], known: frozenset[int]) -> int:
    """How many of the words stand in a run that is known."""
    marked = bytearray(len(words))
    for at, run in enumerate(runs(words)):
        if run in known:
            marked[at : at + RUN] = b"\x01" * RUN
    return sum(marked)


def lower_words(line: str) -> set[str]:
    return set(TOKEN.findall(line.casefold()))


def is_title(line: str) -> bool:
    """`Llama 4 Community License`: few words, and the long ones begin with a capital."""
    return 0 < len(TOKEN.findall(line)) <= HEADING_WORDS and not small_words(line) - USUAL_IN_A_HEADING


def small_words(line: str) -> set[str]:
    return {word for word in TOKEN.findall(line) if len(word) > 3 and word[0].islower()}


def is_notice(line: str) -> bool:
    """Says whose work it is, and nothing more."""
    if len(line) > NOTICE_CHARACTERS or LIMIT.search(line):
        return False
    if len(small_words(PLACEHOLDER.sub(left_out, line)) - USUAL_IN_A_NOTICE) > NOTICE_SMALL_WORDS:
        return False
    named = COPYRIGHT.match(line) and is_title(line) and not line.isupper() and "copyright" in line.casefold()
    return bool(named or NOTICE.match(line))


def read(text: str) -> Reading:
    plain = readable(text[:MOST_CHARACTERS])
    partial = max(len(text), len(plain)) > MOST_CHARACTERS  # one ligature can be eighteen characters
    lines = [line for line in plain[:MOST_CHARACTERS].split("\n") if not is_notice(line)]
    first = next((at for at, line in enumerate(lines) if TOKEN.search(line)), len(lines))
    heading = ""
    if first < len(lines) and is_title(lines[first]):
        heading = " ".join(re.sub(r"[*#=_]{1,9}", " ", lines[first]).split())
        lines = lines[first + 1 :]
    body = PLACEHOLDER.sub(left_out, "\n".join(lines))
    return Reading(heading[:HEADING_CHARACTERS], tuple(sentences(body)), partial)


def left_out(name: re.Match[str]) -> str:
    return name.group() if LIMIT.search(name.group()) else ""


def sentences(body: str) -> Iterator[Sentence]:
    for block in BLOCK.split(body):
        marked = MARK.match(block)
        mark = marked.group() if marked else ""
        for piece in STOP.split(block[len(mark) :]):
            plain = " ".join(piece.split())
            if words := tuple(map(intern, TOKEN.findall(HOLDER.sub(left_out, plain.casefold())))):
                yield Sentence(" ".join((mark + piece).split()), " ".join(TOKEN.findall(mark)), words)
                mark = ""


class Shelf:
    """The texts that we know, read once."""

    def __init__(self, texts: Iterable[Known]) -> None:
        self.readings = [(known, read(known.text)) for known in texts]
        self.by_line: dict[str, list[int]] = {}
        for at, (_, reading) in enumerate(self.readings):
            for line in {reading.line, reading.core.line}:
                self.by_line.setdefault(line, []).append(at)

    def nearest(self, text: str, *, apart_from: Collection[int | str] = ()) -> Likeness | None:
        """The known text that this is, or is made from, or resembles; `apart_from` names keys to leave out."""
        reading = read(text)
        if not reading.words:
            return None
        found = self.same(reading, apart_from)
        if found:
            return Likeness(found, found.kind, same=True, share=1.0, heading=reading.heading)
        return self.alike(reading, apart_from)

    def same(self, reading: Reading, apart_from: Collection[int | str]) -> Known | None:
        """A standard text before others: many a custom one holds the very words."""
        places = {at for line in (reading.line, reading.core.line) for at in self.by_line.get(line, ())}
        found = [self.readings[at] for at in sorted(places)]
        same = [known for known, other in found if known.key not in apart_from and is_same(reading, known, other)]
        return min(same, key=lambda known: known.kind not in STANDARD, default=None)

    def alike(self, reading: Reading, apart_from: Collection[int | str]) -> Likeness | None:
        """The standard text it is made from, even if somebody else's changed copy is nearer; else the nearest."""
        others = [(likely(reading, other), known, other) for known, other in self.readings]
        others = [found for found in others if found[0] and found[1].key not in apart_from]
        for shelf in ([found for found in others if found[1].kind in STANDARD], others):
            _, known, other = max(shelf, key=lambda found: found[0], default=(0, None, None))
            if known and other:
                likeness = compared(reading, known, other)
                if likeness.kind == MODIFIED or (shelf is others and likeness.share >= NEAR):
                    return likeness
        return None


def likely(reading: Reading, other: Reading) -> float:
    """A cheap measure to choose by: the runs in common."""
    common = len(reading.runs & other.runs)
    return 2 * common / (len(reading.runs) + len(other.runs)) if common else 0.0


def is_same(reading: Reading, known: Known, other: Reading) -> bool:
    if reading.partial or other.partial or claims(reading, known, other):
        return False
    if known.kind not in STANDARD:
        return reading.line == other.line and reading.numbers == other.numbers
    appendix = reading.sentences[len(reading.core.sentences) :]
    return reading.line == other.line or (
        reading.core.line == other.core.line and all(other.has(sentence) for sentence in appendix)
    )


def claims(reading: Reading, known: Known, other: Reading) -> bool:
    """The heading limits what the words do not: `MIT License (non-commercial)`."""
    mine, theirs = (LIMIT_IN_A_HEADING.findall(f"{r.heading} {known.name}".casefold()) for r in (reading, other))
    return not set(mine) <= set(theirs)


def compared(reading: Reading, known: Known, other: Reading) -> Likeness:
    mine, theirs = covered(reading.words, other.runs), covered(other.words, reading.runs)
    kept = covered(other.core.words, reading.runs) / max(len(other.core.words), 1)
    made_from = known.kind in STANDARD and kept >= NEARLY_WHOLE and mine / len(reading.words) >= MOSTLY
    added = [sentence.shown for sentence in reading.sentences if sentence.words != END and not other.has(sentence)]
    removed = [sentence.shown for sentence in other.core.sentences if not reading.has(sentence)]
    if claims(reading, known, other):
        added.insert(0, reading.heading)
    return Likeness(
        known,
        MODIFIED if made_from else CUSTOM,
        same=False,
        share=(mine + theirs) / (len(reading.words) + len(other.words)),
        heading=reading.heading,
        added=shown(added),
        removed=shown(removed),
        more_added=max(len(added) - SHOWN_SENTENCES, 0),
        more_removed=max(len(removed) - SHOWN_SENTENCES, 0),
        partial=reading.partial,
    )


def shown(found: list[str]) -> tuple[str, ...]:
    return tuple(
        text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"
        for text in found[:SHOWN_SENTENCES]
    )


def story(likeness: Likeness | None) -> str:
    """`MIT plus 1 sentence; the file is headed “MIT License”`."""
    if likeness is None:
        return "near no text that we know"
    parts = [told(likeness)]
    if likeness.heading and (is_foreign(likeness) if likeness.same else likeness.kind == MODIFIED):
        parts.append(f"the file is headed “{likeness.heading}”")
    if likeness.partial:
        parts.append(f"only the first {MOST_CHARACTERS:,} characters were compared")
    return "; ".join(parts)


def told(likeness: Likeness) -> str:
    name = likeness.known.name
    if likeness.same:
        return f"the words of {name}"
    if not likeness.added and not likeness.removed:
        if likeness.partial:
            return f"so far the sentences of {name}"
        return f"the sentences of {name}, reordered, repeated or renumbered"
    if likeness.kind != MODIFIED:
        return f"nearest to {name}: {min(int(100 * likeness.share), 99)} % of the words agree"
    added, removed = len(likeness.added) + likeness.more_added, len(likeness.removed) + likeness.more_removed
    changes = [("plus", added), ("minus", removed)]
    return f"{name} {', '.join(f'{sign} {counted(number)}' for sign, number in changes if number)}"


def is_foreign(likeness: Likeness) -> bool:
    """The heading has words that the text under it would not lead one to expect: `Modified MIT License`."""
    usual = USUAL_IN_A_HEADING | lower_words(likeness.known.name) | lower_words(likeness.known.text[:MOST_CHARACTERS])
    return not lower_words(likeness.heading) <= usual


def counted(number: int) -> str:
    return f"{number} sentence{'' if number == 1 else 's'}"
