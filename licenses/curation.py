"""What curators do with readings: propose, publish, accept, confirm, decline, withdraw, go back, take over.

Each verb is one transaction: the reading, its proofs, the change that feeds tell, the entry of the audit trail and
what became of proposal and draft are written together or not at all. Whoever writes to a license holds its row and its
documents, so that two curators, a load of the catalogue and a text that arrives come one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from .clauses import ClauseKind
from .clauses.reading import Reading
from .evidence import find_new
from .models import (
    AuditEntry,
    Cause,
    Change,
    Clause,
    Deed,
    Direction,
    Draft,
    Event,
    License,
    Proposal,
    Quote,
    Territory,
    Threshold,
    Weight,
)
from .movement import in_short, moves, overall, record
from .offers import (
    Bundle,
    Faults,
    Offer,
    Refused,
    Values,
    bundle,
    clean,
    faults,
    reading,
    rows_under,
    unfounded,
    values_of,
)
from .roles import REVIEW, display_name, may_publish_alone

UNREAD = "unread"


class Conflict(Exception):
    """Somebody published a reading of these kinds since the work was begun: nothing was written."""

    def __init__(self, found: dict[str, Clause | None]) -> None:
        super().__init__(f"Read by somebody else meanwhile: {', '.join(found)}.")
        self.found = found


@dataclass(frozen=True, slots=True)
class Signed:
    """Who read it, and who read it a second time where somebody did."""

    reader: User
    confirmer: User | None = None


@transaction.atomic
def publish(
    license: License, offers: Sequence[Offer], *, by: User, now: datetime, deed: Deed = Deed.PUBLISHED
) -> Change:
    """Make readings ours, told in one change. Nothing is written when it raises Refused, Conflict, PermissionDenied."""
    if not all(may_publish_alone(by, offer.kind.slug) for offer in offers):
        raise PermissionDenied("These kinds wait for a second reader: propose them.")
    return write(license, offers, Signed(by), by=by, now=now, deed=deed)


@transaction.atomic
def propose(license: License, offers: Sequence[Offer], *, by: User, now: datetime) -> list[Proposal]:
    """Hand in readings for a second person. Raises Refused and Conflict as publishing them would."""
    held = hold(license)
    judge(offers, held)
    found = []
    for offer in offers:
        proposal = Proposal.objects.create(
            license=license,
            kind=offer.kind.slug,
            origin=Proposal.Origin.CURATOR,
            text=offer.reason.strip(),
            reading=clean(offer),
            since=offer.since,
            based_on_id=offer.based_on,
            answers=offer.answers,
            made_by=by,
            made_by_name=display_name(by),
            made_at=now,
        )
        said = in_short(reading(offer.kind, clean(offer)))
        note(Deed.PROPOSED, proposal.text, by=by, now=now, license=license, kind=proposal.kind, proposal=proposal,
             before=held.in_short(offer.kind), after=said)  # fmt: skip
        found.append(proposal)
    forget_drafts(license, offers, by)
    return found


@transaction.atomic
def accept(proposal: Proposal, *, by: User, now: datetime, reason: str = "") -> Change:
    """The second pair of eyes: publish what somebody else proposed, confirmed by two."""
    proposal = waiting(proposal, by=by)
    if proposal.reading is None or proposal.made_by is None:
        raise Refused({proposal.kind: {"answer": ["is missing. A correction in words needs a reading first."]}})
    if proposal.made_by == by:
        raise PermissionDenied("A second reading is another person's.")
    offer = Offer(proposal.declaration, proposal.reading, proposal.text, proposal.based_on_id, proposal.since, proposal)
    signed = Signed(proposal.made_by, by)
    return write(proposal.license, [offer], signed, by=by, now=now, deed=Deed.ACCEPTED, why=reason)


@transaction.atomic
def decline(proposal: Proposal, *, by: User, now: datetime, reason: str) -> Proposal:
    """It stays as it is read, and everybody may see why."""
    proposal = waiting(proposal, by=by)
    if not reason.strip():
        raise Refused({proposal.kind: {"reason": ["is missing. Say why, in a sentence; it is shown to all."]}})
    settle(proposal, Proposal.Outcome.DECLINED, by=by, now=now, reason=reason)
    note(Deed.DECLINED, reason, by=by, now=now, license=proposal.license, kind=proposal.kind, proposal=proposal)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, now: datetime, reason: str = "") -> Proposal:
    """Who proposed it thinks better of it."""
    proposal = waiting(proposal)
    if proposal.made_by != by:
        raise PermissionDenied("Only who proposed it withdraws it.")
    settle(proposal, Proposal.Outcome.WITHDRAWN, by=by, now=now, reason=reason)
    note(Deed.WITHDREW, reason, by=by, now=now, license=proposal.license, kind=proposal.kind, proposal=proposal)
    return proposal


@transaction.atomic
def confirm(clauses: Iterable[Clause], *, by: User, now: datetime, reason: str = "") -> list[Clause]:
    """A second reader comes to the same answers. Raises Conflict where one of them stands no longer."""
    if not by.has_perm(REVIEW):
        raise PermissionDenied("Confirming is for reviewers.")
    wanted = {clause.pk: clause for clause in clauses}
    found = list(Clause.objects.current().select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    gone = {wanted[pk].kind: None for pk in wanted.keys() - {clause.pk for clause in found}}
    if gone:
        raise Conflict(dict(gone))
    for clause in found:
        if clause.reader == by:
            raise PermissionDenied("A second reading is another person's.")
        if clause.confirmed_by:
            raise Conflict({clause.kind: clause})
        clause.confirmed_by, clause.confirmer, clause.confirmed_on = display_name(by), by, now.date()
        clause.save(update_fields=["confirmed_by", "confirmer", "confirmed_on"])
        note(Deed.CONFIRMED, reason, by=by, now=now, license=clause.license, kind=clause.kind, clause=clause,
             after=clause.answer)  # fmt: skip
    return found


def revert(earlier: Clause, *, by: User, now: datetime, reason: str, based_on: int | None) -> Change:
    """Publish a reading again that a later one superseded. Its words must still be in the text."""
    clause = Clause.objects.with_details().select_related("license").get(pk=earlier.pk)
    offer = Offer(clause.declaration, values_of(clause), reason, based_on)
    return publish(clause.license, [offer], by=by, now=now, deed=Deed.REVERTED)


# The story that publishing and accepting share.


@dataclass(frozen=True, slots=True)
class Held:
    """A license under our hand: today's readings by kind, and its documents with their words."""

    license: License
    clauses: dict[str, Clause]
    bundle: Bundle

    def in_short(self, kind: ClauseKind) -> str:
        clause = self.clauses.get(kind.slug)
        return in_short(clause.value())[:400] if clause else UNREAD


def hold(license: License) -> Held:
    License.objects.select_for_update(of=("self",)).get(pk=license.pk)
    found = bundle(license, lock=True)
    current = Clause.objects.current().filter(license=license).with_details()
    return Held(license, {clause.kind: clause for clause in current}, found)


def judge(offers: Sequence[Offer], held: Held) -> None:
    """Raises what keeps these offers from being published now."""
    found: dict[str, Faults] = {}
    for offer in offers:
        if said := faults(offer) or unfounded(offer, held.bundle) or untimely(offer, held.clauses.get(offer.kind.slug)):
            found[offer.kind.slug] = said
    if found:
        raise Refused(found)
    moved = {
        offer.kind.slug: there
        for offer in offers
        if ((there := held.clauses.get(offer.kind.slug)) is not None and there.pk != offer.based_on)
        or (there is None and offer.based_on is not None)
    }  # fmt: skip
    if moved:
        raise Conflict(moved)


def untimely(offer: Offer, current: Clause | None) -> Faults:
    """A day from which new words hold must lie after the one from which the earlier reading did."""
    if offer.since is None:
        return {}
    if current is None:
        return {"since": ["is given, and there is no earlier reading to end. Leave it out."]}
    if current.effective_from and offer.since <= current.effective_from:
        return {"since": [f"must be later than {current.effective_from}, since when the earlier reading holds."]}
    return {}


def write(
    license: License, offers: Sequence[Offer], signed: Signed, *, by: User, now: datetime, deed: Deed, why: str = ""
) -> Change:
    held = hold(license)
    judge(offers, held)
    before = {slug: clause.value() for slug, clause in held.clauses.items()}
    after: dict[str, Reading] = {}
    for offer in offers:
        values = clean(offer)
        after[offer.kind.slug] = reading(offer.kind, values)
        clause = begin(offer, values, held, signed, now=now)
        settle_answered(offer, clause, by=by, now=now, why=why)
        note(deed, why or offer.reason, by=by, now=now, license=license, kind=clause.kind, clause=clause,
             proposal=offer.answers, before=held.in_short(offer.kind), after=in_short(after[clause.kind]))  # fmt: skip
    find_new([license], now=now)
    forget_drafts(license, offers, signed.reader)
    return tell(license, offers, before, after, signed, now=now)


def begin(offer: Offer, values: Values, held: Held, signed: Signed, *, now: datetime) -> Clause:
    """The new reading with its rows, and the end of the one that stood there."""
    current = held.clauses.get(offer.kind.slug)
    since, supersedes = offer.since, current
    if current:
        Clause.objects.filter(pk=current.pk).update(superseded_at=now)
    if current and offer.since:
        end_of_words(current, offer.since, now=now)
        supersedes = None
    elif since is None:
        since = current.effective_from if current else last_day(held.license, offer.kind)
    clause = Clause.objects.create(
        license=held.license,
        kind=offer.kind.slug,
        answer=values["answer"],
        strength=values["strength"],
        note=values["note"],
        payload=values["payload"],
        effective_from=since,
        read_by=display_name(signed.reader),
        reader=signed.reader,
        read_on=now.date(),
        confirmed_by=display_name(signed.confirmer) if signed.confirmer else "",
        confirmer=signed.confirmer,
        confirmed_on=now.date() if signed.confirmer else None,
        supersedes=supersedes,
        recorded_at=now,
    )
    for row in rows_under(clause, values, held.bundle):
        row.save()
    return clause


def end_of_words(current: Clause, day: date, *, now: datetime) -> Clause:
    """The reading stays true of the words before: the same once more, with its end."""
    copied: dict[str, Any] = {
        name: getattr(current, name)
        for name in (
            "license_id", "kind", "answer", "strength", "note", "payload", "effective_from", "read_by", "reader_id",
            "read_on", "confirmed_by", "confirmer_id", "confirmed_on",
        )
    }  # fmt: skip
    past = Clause.objects.create(**copied, effective_to=day, supersedes=current, recorded_at=now)
    for child in (Threshold, Territory):
        for row in child._default_manager.filter(clause=current).order_by("pk"):
            row.pk, row.clause = None, past
            row.save()
    for quote in current.proofs:
        before = quote.document.revisions.in_order().filter(effective_on__lt=day).last()
        Quote.objects.create(
            clause=past, document=quote.document, section=quote.section, exact=quote.exact,
            revision=quote.revision if quote.missing_since else before,
        )  # fmt: skip
    return past


def last_day(license: License, kind: ClauseKind) -> date | None:
    """When the last earlier wording that was read for a kind ended."""
    read = Clause.objects.standing().filter(license=license, kind=kind.slug)
    last: date | None = read.aggregate(last=Max("effective_to"))["last"]
    return last


def tell(
    license: License, offers: Sequence[Offer], before: dict[str, Reading], after: dict[str, Reading], signed: Signed,
    *, now: datetime,
) -> Change:  # fmt: skip
    """Ours, never theirs: the cause is `reading`."""
    moved = moves({slug: before[slug] for slug in after if slug in before}, after)
    first = [offer.kind for offer in offers if offer.kind.slug not in before]
    read = [
        {"kind": kind.slug, "before": UNREAD, "after": str(after[kind.slug].answer), "words": words}
        for kind in first
        if (words := f"{UNREAD} → {in_short(after[kind.slug])}")
    ]
    return Change.objects.create(
        license=license,
        license_after=license,
        event=Event.READ,
        cause=Cause.READING,
        weight=Weight.SUBSTANTIVE if moved or read else Weight.COSMETIC,
        direction=overall(moved) if moved and not read else Direction.UNKNOWN,
        moved=[*(record(move) for move in moved), *read],
        remark=told_by(signed, offers),
        seen_at=now,
    )


def told_by(signed: Signed, offers: Sequence[Offer]) -> str:
    who = f"Read by {display_name(signed.reader)}"
    who += f", confirmed by {display_name(signed.confirmer)}" if signed.confirmer else ""
    reasons = list(dict.fromkeys(" ".join(offer.reason.split()) for offer in offers))
    said = f"{who}: {reasons[0]}" if len(reasons) == 1 else f"{who}."
    return said if len(said) <= 400 else f"{said[:399]}…"


# What becomes of proposals and drafts, and who did it.


def waiting(proposal: Proposal, *, by: User | None = None) -> Proposal:
    """Locked, as two may decide at once. With `by`, a reviewer decides. Raises Conflict when it is decided already."""
    if by is not None and not by.has_perm(REVIEW):
        raise PermissionDenied("Deciding is for reviewers.")
    found = Proposal.objects.select_for_update(of=("self",)).select_related("license", "made_by").get(pk=proposal.pk)
    if not found.is_waiting:
        raise Conflict({found.kind: found.clause})
    return found


def settle(
    proposal: Proposal, outcome: str, *, by: User, now: datetime, reason: str = "", clause: Clause | None = None
) -> None:
    proposal.outcome, proposal.decided_by, proposal.decided_at = outcome, by, now
    proposal.decision, proposal.clause, proposal.email = reason.strip(), clause, ""
    proposal.save(update_fields=["outcome", "decided_by", "decided_at", "decision", "clause", "email"])


def settle_answered(offer: Offer, clause: Clause, *, by: User, now: datetime, why: str) -> None:
    """The proposal that this reading carries out is accepted with it, and the correction that it answers."""
    if offer.answers is None:
        return
    carried = Proposal.objects.select_for_update(of=("self",)).filter(
        pk__in=[offer.answers.pk, offer.answers.answers_id]
    )
    for proposal in carried.order_by("pk"):
        if proposal.is_waiting:
            reason = why or ("" if proposal.reading else offer.reason)
            settle(proposal, Proposal.Outcome.ACCEPTED, by=by, now=now, reason=reason, clause=clause)


def forget_drafts(license: License, offers: Sequence[Offer], user: User) -> None:
    Draft.objects.filter(user=user, license=license, kind__in=[offer.kind.slug for offer in offers]).delete()


def note(deed: Deed, reason: str, *, by: User, now: datetime, **about: Any) -> AuditEntry:
    """One line of the audit trail, in the transaction of the deed."""
    said = {name: value[:400] for name in ("before", "after") if (value := about.pop(name, ""))}
    return AuditEntry.objects.create(
        deed=deed, reason=reason.strip(), by=by, by_name=display_name(by), at=now, **said, **about
    )
