"""The day on which words changed: the earlier reading ends there, and stays true of the words before.

It is a day that a wording of the bundle is dated by, as the catalogue's files ask. Where a place showed new words and
nobody dated them yet, the curator who reads them does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q
from django.db.models.functions import Coalesce, TruncDate

from .clauses import ClauseKind
from .models import Change, Clause, License, Proposal, Quote, Revision, Territory, Threshold
from .movement import substance
from .offers import Faults, Offer, clean, reading, values_of

#: What a reading says and who read it: all but its end and when it was ours.
KEPT = (
    *("license_id", "kind", "answer", "strength", "note", "payload", "effective_from"),
    *("read_by", "reader_id", "read_on", "confirmed_by", "confirmer_id", "confirmed_on"),
)


@dataclass(frozen=True, slots=True)
class Undated:
    """What a place says now after it said something else, from a day between these that nobody told yet."""

    document: str
    wording: int
    after: date
    seen: date

    def may_begin(self, day: date) -> bool:
        return self.after < day <= self.seen


@dataclass(slots=True)
class Turns:
    """When the words of a bundle changed."""

    days: set[date] = field(default_factory=set)
    undated: list[Undated] = field(default_factory=list)

    def beginning(self, day: date, documents: set[str]) -> list[Undated]:
        """The undated wordings of these documents that may have begun on a day."""
        if day in self.days:
            return []
        return [each for each in self.undated if each.document in documents and each.may_begin(day)]


def turns(license: License) -> Turns:
    found = Turns()
    for document in license.documents.all():
        wordings = list(document.revisions.defer("text").in_order())
        later = wordings[1:]
        found.days |= {each.effective_on for each in later if each.effective_on}
        found.days |= {document.retired_on} if document.retired_on else set()
        last = later[-1] if later else None
        if last and last.pk == document.head_id and last.effective_on is None and last.first_seen_at:
            days = [each.effective_on for each in wordings if each.effective_on]
            after = max(days, default=date.min)
            found.undated.append(Undated(document.key, last.pk, after, last.first_seen_at.date()))
    return found


def touched(offer: Offer, current: Clause) -> set[str]:
    """The documents, by key, in which a reading and the one before it are proven."""
    return {quote["document"] for quote in clean(offer)["quotes"]} | {each.document.key for each in current.proofs}


def untimely(offer: Offer, current: Clause | None, *, today: date) -> Faults:
    """What is wrong with the day from which new words hold. Only for an offer without faults."""
    if offer.since is None:
        return {}
    if current is None:
        return {"since": ["is given, and there is no earlier reading to end. Leave it out."]}
    if offer.since > today:
        return {"since": ["has not come yet. Read it again when it has."]}
    if is_same(offer, current):
        return {"since": ["is given, and it reads as before, from the same words. Leave it out."]}
    began = current.effective_from or last_day(current.license_id, offer.kind)
    if began and offer.since <= began:
        return {"since": [f"must be later than {began}, since when the earlier reading holds."]}
    known = turns(current.license)
    if offer.since in known.days or known.beginning(offer.since, touched(offer, current)):
        return {}
    days = ", ".join(str(day) for day in sorted(known.days)) or "none"
    return {"since": [f"is no day on which a text of this license changed. Known days: {days}."]}


def overtaken_silence(proposal: Proposal) -> Faults:
    """Silence has no words that could be looked for again: it was read in the words of its day."""
    if proposal.reading is None or proposal.reading["quotes"]:
        return {}
    since = Change.objects.of_words().filter(license=proposal.license_id, seen_at__gt=proposal.made_at)
    last = since.order_by("-seen_at").first()
    if last is None:
        return {}
    return {
        "answer": [f"is of the words before {last.seen_at:%Y-%m-%d}, when others were seen. Decline it, or read anew."]
    }


def is_same(offer: Offer, current: Clause) -> bool:
    values, was = clean(offer), values_of(current)
    same_words = [each["words"] for each in values["quotes"]] == [each["words"] for each in was["quotes"]]
    return same_words and substance(reading(offer.kind, values)) == substance(current.value())


def last_day(license: int, kind: ClauseKind) -> date | None:
    """When the last earlier wording that was read for a kind ended."""
    read = Clause.objects.standing().filter(license=license, kind=kind.slug)
    last: date | None = read.aggregate(last=Max("effective_to"))["last"]
    return last


def end_of_words(current: Clause, offer: Offer, day: date, *, now: datetime) -> Clause:
    """The reading stays true of the words before: the same once more, with its end."""
    begun = turns(current.license).beginning(day, touched(offer, current))
    Revision.objects.filter(pk__in=[each.wording for each in begun]).update(effective_on=day)
    copied: dict[str, Any] = {name: getattr(current, name) for name in KEPT}
    past = Clause.objects.create(**copied, effective_to=day, supersedes=current, recorded_at=now)
    for child in (Threshold, Territory):
        for row in child._default_manager.filter(clause=current).order_by("pk"):
            row.pk, row.clause = None, past
            row.save()
    for quote in current.proofs:
        Quote.objects.create(
            clause=past, document=quote.document, section=quote.section, exact=quote.exact,
            prefix=quote.prefix, suffix=quote.suffix, revision=said_before(quote, day),
        )  # fmt: skip
    return past


def said_before(quote: Quote, day: date) -> Revision | None:
    """The wording in which words stood before a day: where they were last found, or the last one before it."""
    if quote.missing_since:
        return quote.revision
    since = Coalesce("effective_on", TruncDate("first_seen_at"))
    wordings = quote.document.revisions.annotate(since=since).filter(Q(since__lt=day) | Q(since__isnull=True))
    return wordings.in_order().last()
