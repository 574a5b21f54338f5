"""Where the quotes of our readings stand in the words that were fetched, or since when they do not.

A quote that is missing puts its clause in doubt: it is shown as it was read, marked, until somebody reads again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Case, Exists, F, OuterRef, When
from django.db.models.functions import Coalesce

from .models import Document, License, Quote, Revision
from .quoting import How, context, find


def find_again(document: Document, *, now: datetime) -> None:
    """Today's readings in what the document says now."""
    quotes = Quote.objects.standing().filter(document=document, clause__effective_to__isnull=True)
    if document.head:
        place(quotes, document.head, now=now)


def find_in(revision: Revision, *, now: datetime) -> None:
    """The readings of a wording whose words were not at hand when it was read."""
    quotes = Quote.objects.standing().filter(revision=revision)
    if revision.document.head_id not in (None, revision.pk):
        quotes = quotes.filter(clause__effective_to__isnull=False)
    place(quotes, revision, now=now)


def find_new(licenses: Iterable[License], *, now: datetime) -> None:
    """Quotes that nobody looked for yet: today's in what a document says now, others in the words they were read in."""
    said_now = Case(When(clause__effective_to=None, then="document__head"))
    unchecked = Quote.objects.standing().filter(state=Quote.State.UNCHECKED, document__license__in=licenses)
    placed = unchecked.annotate(place=Coalesce(said_now, F("revision")))
    fetched = Revision.objects.filter(pk=OuterRef("place")).exclude(text="")
    in_order = placed.filter(Exists(fetched)).order_by("place", "pk")
    for key, quotes in groupby(in_order, key=attrgetter("place")):
        place(quotes, Revision.objects.get(pk=key), now=now)


def place(quotes: Iterable[Quote], revision: Revision, *, now: datetime) -> None:
    moved = [put(quote, revision, now=now) for quote in quotes]
    Quote.objects.bulk_update(
        moved, ["revision", "start", "end", "prefix", "suffix", "state", "missing_since"], batch_size=500
    )


def put(quote: Quote, revision: Revision, *, now: datetime) -> Quote:
    """Words that are gone stay where they were last found."""
    found = find(quote.exact, revision.text, prefix=quote.prefix, suffix=quote.suffix, near=quote.start)
    if found is None:
        quote.state, quote.missing_since = Quote.State.MISSING, quote.missing_since or now
        return quote
    quote.state = Quote.State.FOUND if found.how is How.EXACT else Quote.State.MOVED
    quote.revision, quote.start, quote.end, quote.missing_since = revision, found.start, found.end, None
    quote.prefix, quote.suffix = context(revision.text, found.start, found.end)
    return quote
