"""A wording laid out for reading, with our quotes in it; two of them beside each other, with the clauses that moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from .diffs import Row, diff, folded
from .models import Clause, Document, License, Quote, Revision, in_force, values
from .movement import Move, moves
from .passages import Quoted, Span, flowing, headings, pieces, spans

#: Characters of a text that a page shows, and stretches of it that are marked apart.
SHOWN, MOST_SPANS = 200_000, 8_000
#: Characters of a text that are compared at all.
COMPARED = 1_200_000


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]
    anchor: str = ""
    is_title: bool = False

    @property
    def is_tight(self) -> bool:
        """The next one follows without a blank line."""
        return not self.spans[-1].text.endswith("\n\n")


@dataclass(frozen=True, slots=True)
class Page:
    """The text, where its sections begin, and what of it is too long to be shown."""

    paragraphs: list[Paragraph]
    outline: list[tuple[str, str]]
    left_out: str = ""


def page(text: str, quotes: Sequence[Quoted]) -> Page:
    """Paragraphs with the quotes in their places."""
    shown = flowing(whole_lines(text))
    found = {heading.start: (f"s-{n}", heading.text) for n, heading in enumerate(headings(shown), 1)}
    paragraphs = []
    for piece in pieces(shown):
        anchor, title = found.get(piece.start, ("", ""))
        is_title = bool(title) and piece.end - piece.start <= len(title) + 12
        paragraphs.append(Paragraph(spans(shown, piece.start, piece.end, (), quotes), anchor, is_title))
    left_out = f"The last {len(text) - len(shown):,} characters are not shown." if len(shown) < len(text) else ""
    return Page(paragraphs, list(found.values()), left_out)


def whole_lines(text: str) -> str:
    """As much of a text as a page shows, cut after a line where there is one."""
    return text if len(text) <= SHOWN else text[: text.rfind("\n", SHOWN // 2, SHOWN) + 1 or SHOWN]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two texts side by side: the rows that are shown, how many paragraphs differ how, and what is left out."""

    rows: list[Row]
    counts: dict[str, int]
    left_out: list[str]


def beside(before: str, after: str, quoted_before: Sequence[Quoted], quoted_after: Sequence[Quoted]) -> Beside:
    found = diff(flowing(before[:COMPARED]), flowing(after[:COMPARED]), quoted_before, quoted_after)
    rows = folded(found.rows)
    shown = list(affordable(rows))
    left_out = [found.left_out] if found.left_out else []
    if max(len(before), len(after)) > COMPARED:
        left_out.append(f"Only the first {COMPARED:,} characters of each text are compared.")
    if len(shown) < len(rows):
        left_out.append(f"{len(rows) - len(shown):,} more parts of this comparison are not shown.")
    return Beside(shown, found.counts, left_out)


def affordable(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows from the first on, until a page is full."""
    characters = stretches = 0
    for row in rows:
        within = [span for side in (row.before, row.after, row.both) for span in side or ()]
        characters += sum(len(span.text) for span in within)
        stretches += len(within)
        if characters > 2 * SHOWN or stretches > MOST_SPANS:
            return
        yield row


def quoted(license: License | None, revision: Revision) -> list[Quoted]:
    """What we quote of a wording, today's readings first; a model's own file is not read. Needs `history`."""
    if license is None:
        return []
    found: dict[str, Quoted] = {}
    for clause in sorted(license.history, key=lambda each: each.effective_to is not None):
        for number, quote in enumerate(clause.proofs, 1):
            if quote.revision_id == revision.pk and quote.start is not None and quote.end is not None:
                anchor = f"q-{clause.kind}-{number}"
                one = Quoted(quote.start, quote.end, anchor, clause.declaration.title, address(license, clause))
                found.setdefault(anchor, one)
    return list(found.values())


def address(license: License, clause: Clause) -> str:
    """Where a reading is shown in full: its own page today, the license as of its day before."""
    if clause.effective_to is None:
        return reverse("clause", args=[license.slug, clause.kind])
    day = f"?as_of={clause.effective_from}" if clause.effective_from else ""
    return f"{license.get_absolute_url()}{day}#{clause.kind}"


def lost(document: Document) -> list[tuple[Clause, Quote]]:
    """Quotes of today's readings that the newest wording no longer has. Needs `history`."""
    history = document.license.history if document.license else []
    return [
        (clause, quote)
        for clause in in_force(history, None)
        for quote in clause.proofs
        if quote.document_id == document.pk and quote.state == Quote.State.MISSING
    ]


def moved(before: tuple[Document, Revision | None], after: tuple[Document, Revision | None]) -> list[Move]:
    """The clauses that read otherwise, of those that are quoted from these documents. Needs `history`."""
    read = [
        in_force(document.license.history if document.license else [], day(document, wording))
        for document, wording in (before, after)
    ]
    documents = {before[0].pk, after[0].pk}
    told = {
        clause.kind for side in read for clause in side if documents & {quote.document_id for quote in clause.proofs}
    }
    return [move for move in moves(*map(values, read)) if move.kind.slug in told]


def day(document: Document, wording: Revision | None) -> date | None:
    """A day on which a wording was in force; None for today."""
    if wording is None or wording.effective_on:
        return wording.effective_on if wording else None
    is_last = wording.pk == document.wordings[-1].pk
    return None if is_last and document.retired_on is None else date.min
