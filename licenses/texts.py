"""A text arrives from its place: the one we know, the same words, a fault, or a change that is told.

The wording that a place shows now is the document's head. Nothing is told twice, nothing that is no wording is kept,
and a text that was seen before counts as a change only when it lasts: most of what "returns" is a fault of the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, Q

from .evidence import find_again
from .models import Change, Document, License, Revision, Weight
from .news import nearest, tell, tell_back, tell_gone
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
def keep(document: Document, raw: bytes, *, source: str, now: datetime, in_place: bool = True) -> Kept:
    """Take in what a document's place shows. Never raises for what the bytes hold.

    What somebody brought is not `in_place`: the place's own first look, when it comes, tells no change from it.
    """
    document = locked(document)
    try:
        text = decode(raw)
    except NotText as error:
        return faulty(document, str(error), now=now)
    revision = document.revisions.filter(raw_sha256=raw_digest(raw)).first()
    if revision is None and (why := fault_of(document, text)):
        return faulty(document, why, now=now)
    was_there = revision is not None and has_been(revision, document)
    revision = revision or wording(document, raw, source=source)
    was_there = was_there or was_seen(document, text)
    fill(revision, text, now=now if in_place else None)
    if revision == document.head:
        return let_go(document, revision, now=now)
    if document.head is None or document.head.first_seen_at is None:
        return first(document, revision, now=now)
    if weigh(document.head.text, text) == Weight.COSMETIC:
        return retouched(document, revision, is_news=not was_there, now=now)
    if was_there:
        return hold(document, revision, now=now)
    if Change.objects.filter(document=document, revision_after=revision).exists():
        move(document, revision, now=now)  # The catalogue told of it before we saw it.
        return Kept(Outcome.KNOWN, revision=revision)
    return changed(document, revision, now=now)


@transaction.atomic
def miss(document: Document, *, now: datetime) -> None:
    """Its place shows no file. That too is told only when it lasts."""
    document = locked(document)
    is_noted = document.held_since is not None and document.held_id is None
    if is_noted:
        tell_what_lasted(document, now=now)
    elif document.head_id and not document.gone_on:
        wait(document, None, now=now)


@transaction.atomic
def remain(document: Document, *, now: datetime) -> None:
    """Its place shows what it showed at the last look; a wording that came back may have lasted by now."""
    document = locked(document)
    if document.held_id:
        tell_what_lasted(document, now=now)


@transaction.atomic
def doubt(document: Document, *, now: datetime) -> None:
    """Its place shows nothing that can be read: what was held must last from now on."""
    document = locked(document)
    if document.held_since:
        wait(document, document.held, now=now)


def adopt(document: Document, revision: Revision, *, now: datetime) -> Revision:
    """A wording that lies with another document, as the first of this one: same bytes, same source."""
    own = Revision.objects.create(
        document=document, raw_sha256=revision.raw_sha256, sha256=revision.sha256, text=revision.text,
        source=revision.source, effective_on=revision.effective_on, first_seen_at=revision.first_seen_at,
    )  # fmt: skip
    move(document, own, now=now)
    return own


def locked(document: Document) -> Document:
    """Read after it is ours: a join in the query that waits would miss a head that another look moved meanwhile."""
    Document.objects.select_for_update().filter(pk=document.pk).first()
    return Document.objects.select_related("head", "held").get(pk=document.pk)


def faulty(document: Document, note: str, *, now: datetime) -> Kept:
    doubt(document, now=now)
    return Kept(Outcome.FAULT, note)


def fault_of(document: Document, text: str) -> str:
    head = document.head or document.revisions.in_order().last()
    return fault(text, before=head.text if head else "", fewest=FEWEST_WORDS if document.is_terms else 1)


def has_been(revision: Revision, document: Document) -> bool:
    """It was seen in its place, or the catalogue dates it before what stands there now."""
    days = (revision.effective_on, document.head.effective_on if document.head else None)
    is_older = days[0] is not None and days[1] is not None and days[0] < days[1]
    return revision.first_seen_at is not None or is_older


def tell_what_lasted(document: Document, *, now: datetime) -> Change | None:
    """The wording that came back, or that there is no file any more, once it has been so long enough."""
    if document.held_since is None or document.held_since > now - HOLD:
        return None
    if document.held:
        return changed(document, document.held, now=now).change
    document.gone_on, document.held_since = document.held_since.date(), None
    document.save(update_fields=["held_since", "gone_on"])
    return tell_gone(document, now=now)


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


def let_go(document: Document, revision: Revision, *, now: datetime) -> Kept:
    """What stands there is the head: what was held is forgotten, and a file that was told to be gone is back."""
    was_gone = document.gone_on is not None
    if document.held_since or was_gone:
        document.held = document.held_since = document.gone_on = None
        document.save(update_fields=["held", "held_since", "gone_on"])
    return Kept(Outcome.KNOWN, revision=revision, change=tell_back(document, now=now) if was_gone else None)


def retouched(document: Document, revision: Revision, *, is_news: bool, now: datetime) -> Kept:
    """The same words: kept, and told to those who ask for everything, but only once."""
    before = document.head
    move(document, revision, now=now)
    if not is_news:
        return Kept(Outcome.KNOWN, revision=revision)
    return Kept(Outcome.COSMETIC, revision=revision, change=tell(document, before, revision, Weight.COSMETIC, now=now))


def hold(document: Document, revision: Revision, *, now: datetime) -> Kept:
    """It stood there before. If it is held already, it may have lasted by now."""
    if not (document.held and document.held.sha256 == revision.sha256):
        wait(document, revision, now=now)
    elif change := tell_what_lasted(document, now=now):
        return Kept(Outcome.CHANGED, revision=revision, change=change)
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
    if document.model_id:
        judge(document)


def judge(document: Document) -> None:
    """Of a model's own file: the license whose words it holds, but for names and years. Once for each wording."""
    like = nearest(document, document.head.text) if document.head else None
    document.reads_as = License.objects.filter(pk=str(like.known.key)).first() if like and like.same else None
    document.judged = document.head
    document.save(update_fields=["reads_as", "judged"])


def judge_the_unjudged() -> int:
    """Files that came before anybody judged them: how many there were. Each is a transaction of its own."""
    own = Document.objects.filter(model__isnull=False, head__isnull=False)
    waiting = own.filter(Q(judged__isnull=True) | ~Q(judged=F("head"))).order_by("pk")
    found = list(waiting.values_list("pk", flat=True))
    for pk in found:
        with transaction.atomic():
            judge(Document.objects.select_for_update(of=("self",)).select_related("head").get(pk=pk))
    return len(found)
