"""The same as that license, except these: readings of another license whose words stand in this one's text too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from .clauses import KIND, Answer, ClauseKind
from .curation import Conflict, hold, judge, lock, propose, publish
from .models import Change, Clause, Deed, Document, License, Proposal, Quote
from .offers import Bundle, Offer, Place, bundle, faults, section_at, values_of
from .roles import may_publish_alone
from .turning import is_same

SILENT = "Silence has no words to find again."
UNREAD_HERE = f"{SILENT} It stays unread here until somebody reads the text for it."
SILENT_HERE = "Read as silent here already."
READ_HERE = f"{SILENT} What is read here stays."
ELSEWHERE = "Not in this text: “{}”."
HERE_ALREADY = "Read so here already, from the same words."


@dataclass(frozen=True, slots=True)
class Taken:
    """A reading of the other license and the one that stands here; as an offer for here, or why it cannot be one."""

    source: Clause
    here: Clause | None
    offer: Offer | None = None
    places: tuple[tuple[Document, Place], ...] = ()
    why: str = ""

    @property
    def kind(self) -> ClauseKind:
        return self.source.declaration

    @property
    def mark(self) -> str:
        """What a form sends back: it changes with either of the two readings."""
        return f"{self.source.kind}.{self.source.pk}.{self.here.pk if self.here else ''}"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the readings that were chosen; `readings` are so many that were published."""

    published: Change | None
    readings: int
    proposed: list[Proposal]


def usual_reason(other: License) -> str:
    return f"Same words as {other.short_name}."


def taken(license: License, other: License) -> list[Taken]:
    """Every kind that the other license has a reading of, in the order of the registry's table."""
    texts = bundle(license)
    here = {clause.kind: clause for clause in Clause.objects.current().filter(license=license).with_details()}
    there = Clause.objects.current().filter(license=other).with_details()
    sources = bundle(other)
    return [one(source, here.get(source.kind), other, texts, sources) for source in in_table_order(there)]


def in_table_order(clauses: Iterable[Clause]) -> list[Clause]:
    return sorted(clauses, key=lambda clause: list(KIND).index(clause.kind))


def one(source: Clause, here: Clause | None, other: License, texts: Bundle, sources: Bundle) -> Taken:
    """No note comes along: it tells of the other license, its names and dates."""
    if source.answer == Answer.SILENT:
        return Taken(source, here, why=silence(here))
    found = []
    for quote in source.proofs:
        placed = place(quote, texts)
        if placed is None:
            return Taken(source, here, why=ELSEWHERE.format(quote.exact))
        found.append((quote, *placed))
    quotes = [
        {"document": document.key, "section": section(quote, there, sources), "words": there.exact}
        for quote, document, there in found
    ]
    values = values_of(source) | {"quotes": quotes, "note": ""}
    offer = Offer(source.declaration, values, usual_reason(other), here.pk if here else None)
    if wrong := faults(offer):
        return Taken(source, here, why=next(iter(wrong.values()))[0])
    if here and is_same(offer, here):
        return Taken(source, here, why=HERE_ALREADY)
    return Taken(source, here, offer, tuple((document, there) for _, document, there in found))


def silence(here: Clause | None) -> str:
    """Why a silence is not taken over."""
    if here is None:
        return UNREAD_HERE
    return SILENT_HERE if here.answer == Answer.SILENT else READ_HERE


def place(quote: Quote, texts: Bundle) -> tuple[Document, Place] | None:
    """Where the words stand here: looked for in the like document first."""
    for document in alike(quote.document, texts):
        found = texts.place(document.key, quote.exact)
        if isinstance(found, Place):
            return document, found
    return None


def section(quote: Quote, there: Place, sources: Bundle) -> str:
    """As its reader named it where the headings above are the same; else the heading above it here."""
    text = sources.texts.get(quote.document.key)
    known = text.revision if text else None
    is_placed = known is not None and known.pk == quote.revision_id and quote.start is not None
    if known and is_placed and section_at(known.text, quote.start or 0) == there.section:
        return quote.section
    return there.section or quote.section


def alike(document: Document, texts: Bundle) -> Iterator[Document]:
    """The documents of a bundle: by the same key, then of the same role, then all others."""
    found = [text.document for text in texts.texts.values()]
    yield from sorted(found, key=lambda each: (each.key != document.key, each.role != document.role, each.pk))


@transaction.atomic
def take_over(
    license: License, other: License, marks: Collection[str], *, reason: str, by: User, now: datetime
) -> Done:
    """Publish the chosen readings in one change, and propose those that wait for a second reader.

    Raises Refused and Conflict as publishing does; Conflict too where one is not what the form showed.
    """
    lock({license.pk, other.pk})
    known = {each.mark: each for each in taken(license, other) if each.offer}
    if gone := [mark for mark in marks if mark not in known]:
        raise Conflict({mark.partition(".")[0]: None for mark in gone})
    chosen = [each for mark, each in known.items() if mark in marks]
    offers = [replace(each.offer, reason=reason) for each in chosen if each.offer]
    judge(offers, hold(license), now=now)
    alone = [offer for offer in offers if may_publish_alone(by, offer.kind.slug)]
    rest = [offer for offer in offers if offer not in alone]
    return Done(
        publish(license, alone, by=by, now=now, deed=Deed.COPIED) if alone else None,
        len(alone),
        propose(license, rest, by=by, now=now, deed=Deed.COPIED) if rest else [],
    )
