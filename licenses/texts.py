"""A text arrives from its place: the one we know, the same words, a fault, or a change that is told.

The wording that a place shows now is the document's head. Nothing is told twice, nothing that is no wording is kept,
and a text that was seen before counts as a change only when it lasts: most of what "returns" is a fault of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import models, transaction

from .evidence import find_again
from .models import Change, Document, Revision, Weight
from .news import tell, tell_gone
from .wording import FEWEST_WORDS, NotText, decode, digest, fault, raw_digest, weigh

#: How long a wording that was there before must stay until its return is news.
HOLD = timedelta(days=3)


class Outcome(StrEnum):
    FIRST = "first"
    KNOWN = "known"
    COSMETIC = "cosmetic"
    FAULT = "fault"
    HELD = "held"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a text. `note` is for curators, where it was not taken."""

    outcome: Outcome
    note: str = ""
    revision: Revision | None = None
    change: Change | None = None


@transaction.atomic
def keep(document: Document, raw: bytes, *, source: str, now: datetime) -> Kept:
    """Take in what a document's place shows. Never raises for what the bytes hold."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    head = document.head or document.revisions.in_order().last()
    try:
        text = decode(raw)
    except NotText as error:
        return Kept(Outcome.FAULT, str(error))
    revision = document.revisions.filter(raw_sha256=raw_digest(raw)).first()
    fewest = FEWEST_WORDS if document.is_terms else 1
    if revision is None and (why := fault(text, before=head.text if head else "", fewest=fewest)):
        return Kept(Outcome.FAULT, why)
    has_come_back = revision is not None and revision.first_seen_at is not None
    revision = revision or wording(document, raw, source=source)
    has_come_back = has_come_back or was_seen(document, text)
    fill(revision, text, now=now)
    if document.head is None:
        return first(document, revision, now=now)
    if revision == document.head:
        return let_go(document, revision)
    if weigh(document.head.text, text) == Weight.COSMETIC:
        return retouched(document, revision, now=now)
    if has_come_back:
        return hold(document, revision, now=now)
    if Change.objects.filter(document=document, revision_after=revision).exists():
        move(document, revision, now=now)  # The catalogue told of it before we saw it.
        return Kept(Outcome.KNOWN, revision=revision)
    return changed(document, revision, now=now)


@transaction.atomic
def miss(document: Document, *, now: datetime) -> None:
    """Its place shows no file. That too is told only when it lasts."""
    document = Document.objects.select_for_update().get(pk=document.pk)
    is_noted = document.held_since is not None and document.held_id is None
    if document.head_id and not document.gone_on and not is_noted:
        wait(document, None, now=now)


def settle(*, now: datetime) -> int:
    """Tell of the wordings that came back, and of the files that went, and have stayed so; how many."""
    return sum(settled(pk, now=now) for pk in due(now).values_list("pk", flat=True))


def due(now: datetime) -> models.QuerySet[Document]:
    return Document.objects.filter(held_since__lte=now - HOLD).order_by("pk")


@transaction.atomic
def settled(pk: int, *, now: datetime) -> bool:
    document = due(now).select_for_update(of=("self",)).filter(pk=pk).first()
    if document and document.held:
        changed(document, document.held, now=now)
    elif document and document.held_since:
        since, document.held_since = document.held_since, None
        document.gone_on = since.date()
        document.save(update_fields=["held_since", "gone_on"])
        tell_gone(document, now=now)
    return document is not None


def wording(document: Document, raw: bytes, *, source: str, day: date | None = None) -> Revision:
    bytes_of = raw_digest(raw)
    return Revision.objects.create(document=document, raw_sha256=bytes_of, source=source[:300], effective_on=day)


def was_seen(document: Document, text: str) -> bool:
    """The same words stood there before, written down in whatever way; today's do not count."""
    same = document.revisions.filter(sha256=digest(text), first_seen_at__isnull=False)
    return same.exclude(pk=document.head_id or 0).exists()


def fill(revision: Revision, text: str, *, now: datetime | None = None) -> bool:
    """Give a known wording its words; whether it had none. With `now` it was seen in its place."""
    is_new = not revision.text
    revision.text, revision.sha256 = revision.text or text, revision.sha256 or digest(text)
    revision.first_seen_at = revision.first_seen_at or now
    revision.save(update_fields=["text", "sha256", "first_seen_at"])
    return is_new


def first(document: Document, revision: Revision, *, now: datetime) -> Kept:
    """Nothing can be told from a first look. Whether our readings hold in these words, their quotes show."""
    move(document, revision, now=now)
    return Kept(Outcome.FIRST, revision=revision)


def let_go(document: Document, revision: Revision) -> Kept:
    if document.held_since or document.gone_on:
        document.held = document.held_since = document.gone_on = None
        document.save(update_fields=["held", "held_since", "gone_on"])
    return Kept(Outcome.KNOWN, revision=revision)


def retouched(document: Document, revision: Revision, *, now: datetime) -> Kept:
    """The same words: kept, and told to those who ask for everything, but only once."""
    before = document.head
    told = Change.objects.filter(document=document, revision_after=revision).exists()
    move(document, revision, now=now)
    if told:
        return Kept(Outcome.KNOWN, revision=revision)
    return Kept(Outcome.COSMETIC, revision=revision, change=tell(document, before, revision, Weight.COSMETIC, now=now))


def hold(document: Document, revision: Revision, *, now: datetime) -> Kept:
    if document.held_id and document.held and document.held.sha256 == revision.sha256 and document.held_since:
        if document.held_since <= now - HOLD:
            return changed(document, revision, now=now)
    else:
        wait(document, revision, now=now)
    seen = revision.first_seen_at or now
    return Kept(Outcome.HELD, f"The wording first seen on {seen:%Y-%m-%d} is back; told if it stays.", revision)


def wait(document: Document, revision: Revision | None, *, now: datetime) -> None:
    document.held, document.held_since = revision, now
    document.save(update_fields=["held", "held_since"])


def changed(document: Document, revision: Revision, *, now: datetime) -> Kept:
    before = document.head
    move(document, revision, now=now)
    change = tell(document, before, revision, Weight.SUBSTANTIVE, now=now)
    return Kept(Outcome.CHANGED, revision=revision, change=change)


def move(document: Document, revision: Revision, *, now: datetime) -> None:
    """From now on this is what the document says."""
    document.head = revision
    document.held = document.held_since = document.gone_on = None
    document.save(update_fields=["head", "held", "held_since", "gone_on"])
    find_again(document, now=now)
