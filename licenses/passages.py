"""A readable text in parts: paragraphs, sentences, headings, and its words cut where marks and quotes begin. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from .wording import TOKEN, WIDE

#: A longer paragraph is cut into sentences, and a longer sentence between words: some texts come as one line.
LONGEST = 4_000
#: Of more lines than this several make one piece; beyond so many sentences the rest is one.
MOST = 10_000
#: A list entry begins a line of its own however full the line before it is.
ENTRY = re.compile(r"[-*#>|]|\(?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]")
STOP = re.compile(rf"[.!?;]['\")\]]{{0,3}} +(?=[^\sa-z])|[。！？；](?=[{WIDE}\"(])|\n+")
#: After these a stop ends no sentence.
SHORT = re.compile(
    r"(?:^|[\s(])(?:[a-zA-Z]|\d{1,3}(?:\.\d{1,3}){0,3}|[ivxIVX]{1,5}|Inc|Ltd|Corp|Co|No|Art|Sec|vs?|e\.g|i\.e)\.$"
)
NUMBER = re.compile(
    r"#{1,6} |(?:section|article|part|attachment|exhibit|annex|appendix|schedule)\b"
    r"|\d{1,2}(?:\.\d{1,2}){0,2}[.):]? |[IVX]{1,5}[.)] "
    r"|第[一二三四五六七八九十百\d]{1,4}[条章节]|[一二三四五六七八九十]{1,3}、",
    re.IGNORECASE,
)
SMALL = {"a", "an", "and", "as", "by", "for", "from", "in", "no", "not", "of", "on", "or", "the", "to", "with", "your"}
MOST_HEADINGS = 80
#: A section of the highest level, by its number.
ORDINAL = re.compile(r"(\d{1,2})(?:\.0)?[.)]? (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, the blank after it included: all pieces in order are the text."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that prove something: where they stand, under which name a page finds them, and what they prove."""

    start: int
    end: int
    anchor: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Span:
    """Words under the same mark ("", "ins" or "del") and within the same quotes."""

    text: str
    start: int
    mark: str = ""
    quotes: tuple[Quoted, ...] = ()

    @property
    def opened(self) -> list[Quoted]:
        return [quote for quote in self.quotes if quote.start == self.start]

    @property
    def closed(self) -> list[Quoted]:
        return [quote for quote in self.quotes if quote.end == self.start + len(self.text)]

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Heading:
    start: int
    text: str


def flowing(text: str) -> str:
    """The text without the line breaks that only wrap it; each becomes a space, so that places stay the same."""
    return "".join(part if part.startswith("\n\n") else unwrapped(part) for part in re.split(r"(\n{2,})", text))


def unwrapped(paragraph: str) -> str:
    lines = paragraph.split("\n")
    width = max(map(len, lines))
    if width > 120:
        return paragraph
    joined = [lines[0]]
    for before, line in pairwise(lines):
        first = line.partition(" ")[0]
        is_full = len(before) >= 45 and len(before) + len(first) + 1 >= width - 3
        joined.append(" " if is_full and line and not ENTRY.match(line) else "\n")
        joined.append(line)
    return "".join(joined)


def words(text: str) -> tuple[str, ...]:
    """What of a text counts when it is compared: neither spacing, nor punctuation, nor case."""
    return tuple(TOKEN.findall(text.casefold()))


def pieces(text: str) -> list[Piece]:
    """The lines, each a paragraph or an entry; of one beyond all measure its sentences, or as many words as fit."""
    ends = [match.end() for match in re.finditer(r"\n+", text)]
    parts = between(ends[:: 1 + len(ends) // MOST], len(text))
    found = (part for start, end in parts for part in cut_down(text, start, end))
    return [Piece(start, end, words(text[start:end])) for start, end in found]


def cut_down(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if end - start <= LONGEST:
        yield start, end
        return
    for first, last in sentence_places(text, start, end):
        while last - first > LONGEST:
            blank = text.rfind(" ", first + 1, first + LONGEST)
            cut = blank + 1 if blank > 0 else first + LONGEST
            yield first, cut
            first = cut
        yield first, last


def sentence_places(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends, the blank after it included."""
    stops = islice(STOP.finditer(text, start, end), MOST)
    ends = [stop.end() for stop in stops if not SHORT.search(text[max(start, stop.start() - 12) : stop.start() + 1])]
    yield from between(ends, end, start)


def between(ends: Iterable[int], last: int, start: int = 0) -> Iterator[tuple[int, int]]:
    for end in (*ends, last):
        if end > start:
            yield start, end
            start = end


def spans(
    text: str, start: int, end: int, marks: Iterable[tuple[int, int, str]] = (), quotes: Iterable[Quoted] = ()
) -> tuple[Span, ...]:
    """A stretch cut where a mark or a quote begins or ends. Marks do not overlap; quotes may."""
    near = [quote for quote in quotes if quote.start < end and quote.end > start] if quotes else []
    marks = [mark for mark in marks if mark[0] < end and mark[1] > start]
    edges = {place for one in near for place in (one.start, one.end)}
    edges |= {place for first, last, _ in marks for place in (first, last)} | {
        start + len(text[start:end].rstrip("\n"))
    }
    found, left = [], sorted(marks, reverse=True)
    for first, last in between(sorted(edge for edge in edges if start < edge < end), end, start):
        while left and left[-1][1] <= first:
            left.pop()
        mark = left[-1][2] if left and left[-1][0] <= first else ""
        within = tuple(quote for quote in near if quote.start < last and quote.end > first)
        found.append(Span(text[first:last], first, mark, within))
    return tuple(found)


def headings(text: str) -> list[Heading]:
    """The lines that look like headings, and numbered ones that a paragraph begins with. Empty for less than two."""
    found, last = [], 0
    for match in islice(re.finditer(r"[^\n]+", text), MOST):
        line = match.group()
        ordinal = ORDINAL.match(line)
        if title := heading(line) or (follows(line, last) if ordinal and int(ordinal[1]) == last + 1 else ""):
            found.append(Heading(match.start(), title))
            last = int(ordinal[1]) if ordinal else last
    return found[:MOST_HEADINGS] if len(found) > 1 else []


def follows(line: str, last: int) -> str:
    """A short line with the number after the last heading's ("5. Rules of use"), or nothing: it heads what comes."""
    title = line.strip(" #*_:.")
    return title if last and len(line) <= 60 and len(title.split()) <= 7 and line.rstrip()[-1].isalnum() else ""


def heading(line: str) -> str:
    """What of a line is a heading, or nothing."""
    number = NUMBER.match(line)
    start = number.end() if number else 0
    title = line[start : start + 200]
    if number and len(title) > 60:
        title = re.split(r"[.:。：] ?", title, maxsplit=1)[0]
    said = title.strip(' #*_:."').split()
    if not said or len(title) > 80 or len(said) > 10 or title.endswith((",", ";")):
        return ""
    is_loud = title.isupper() and sum(c.isalpha() for c in title) > 3 and not title.endswith(".")
    is_named = not said[0].islower() and all(not word[0].islower() or word in SMALL for word in said)
    is_wide = bool(re.match(rf"[{WIDE}]", title)) and len(title) <= 20
    is_title = is_loud or (number and (is_named or is_wide))
    return line[: start + len(title)].strip(" #*_:.") if is_title else ""
