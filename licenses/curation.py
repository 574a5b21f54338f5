"""What curators do with readings: propose, publish, accept, confirm, decline, withdraw, go back, take over.

Each verb is one transaction: the reading, its proofs, the change that feeds tell, the entry of the audit trail and
what became of proposal and draft are written together or not at all. Whoever writes holds the license, then its
documents, then proposals, always in this order: two curators, a load of the catalogue and a text that arrives come one
after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction

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
    overtaken,
    reading,
    rows_under,
    tidy,
    unfounded,
    values_of,
    wrong_reason,
)
from .roles import CURATE, REVIEW, display_name, may_publish_alone
from .turning import end_of_words, last_day, overtaken_silence, untimely

UNREAD = "unread"
TWO_READ_IT = "These kinds wait for a second reader: propose them."
ANOTHERS = "A second reading is another person’s."


class Conflict(Exception):
    """Somebody published a reading of these kinds since the work was begun: nothing was written."""

    def __init__(self, found: dict[str, Clause | None]) -> None:
        super().__init__(f"Read by somebody else meanwhile: {', '.join(found)}.")
        self.found = found


@dataclass(frozen=True, slots=True)
class Signed:
    """Who read it, and who read it a second time where somebody did; when, where that was before today."""

    reader: User
    confirmer: User | None = None
    read_on: date | None = None


@transaction.atomic
def publish(
    license: License, offers: Sequence[Offer], *, by: User, now: datetime, deed: Deed = Deed.PUBLISHED
) -> Change:
    """Make readings ours, told in one change. Nothing is written when it raises Refused, Conflict, PermissionDenied.

    With `PUBLISHED` the offers are what the reader's drafts of these kinds became; with another deed drafts stay.
    """
    if not all(may_publish_alone(by, offer.kind.slug) for offer in offers):
        raise PermissionDenied(TWO_READ_IT)
    told = write(license, offers, Signed(by), by=by, now=now, deed=deed)
    if deed is Deed.PUBLISHED:
        forget_drafts(license, offers, by)
    return told


@transaction.atomic
def propose(
    license: License, offers: Sequence[Offer], *, by: User, now: datetime, deed: Deed = Deed.PROPOSED
) -> list[Proposal]:
    """Hand in readings for a second person. Raises Refused and Conflict as publishing them would."""
    if not by.has_perm(CURATE):
        raise PermissionDenied("Proposing readings is for curators.")
    held = hold(license)
    judge(offers, held, now=now)
    found = [hand_in(offer, held, by=by, now=now) for offer in offers]
    if deed is Deed.PROPOSED:
        forget_drafts(license, offers, by)
    return found


def hand_in(offer: Offer, held: Held, *, by: User, now: datetime) -> Proposal:
    """A form that is sent twice hands in once."""
    values = clean(offer)
    proposal, is_new = Proposal.objects.waiting().get_or_create(
        license=held.license, kind=offer.kind.slug, text=tidy(offer.reason), reading=values, since=offer.since,
        based_on_id=offer.based_on, answers=offer.answers, made_by=by, origin=Proposal.Origin.CURATOR,
        defaults={"made_by_name": display_name(by), "made_at": now},
    )  # fmt: skip
    if not is_new:
        return proposal
    said = in_short(reading(offer.kind, values))
    note(Deed.PROPOSED, proposal.text, by=by, now=now, license=held.license, kind=proposal.kind, proposal=proposal,
         before=held.in_short(offer.kind), after=said)  # fmt: skip
    return proposal


@transaction.atomic
def accept(proposal: Proposal, *, by: User, now: datetime, reason: str = "") -> Change:
    """The second pair of eyes: publish what somebody else proposed, confirmed by two."""
    deciding(by)
    proposal = waiting(proposal, reason, is_needed=False)
    if proposal.reading is None or proposal.made_by is None:
        raise Refused({proposal.kind: {"answer": ["is missing. A correction in words needs a reading first."]}})
    if proposal.made_by == by:
        raise PermissionDenied(ANOTHERS)
    offer = Offer(proposal.declaration, proposal.reading, proposal.text, proposal.based_on_id, proposal.since)
    signed = Signed(proposal.made_by, by, proposal.made_at.date())
    bundle(proposal.license, lock=True)
    if wrong := overtaken_silence(proposal):
        raise Refused({proposal.kind: wrong})
    return write(
        proposal.license, [offer], signed, by=by, now=now, deed=Deed.ACCEPTED, proposal=proposal, why=tidy(reason)
    )


@transaction.atomic
def decline(proposal: Proposal, *, by: User, now: datetime, reason: str) -> Proposal:
    """It stays as it is read, and everybody may see why."""
    deciding(by)
    proposal = waiting(proposal, reason)
    settle(proposal, Proposal.Outcome.DECLINED, by=by, now=now, reason=reason)
    note(Deed.DECLINED, reason, by=by, now=now, license=proposal.license, kind=proposal.kind, proposal=proposal)
    return proposal


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User, now: datetime, reason: str = "") -> Proposal:
    """Who proposed it thinks better of it."""
    proposal = waiting(proposal, reason, is_needed=False)
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
    if wrong := wrong_reason(reason, is_needed=False):
        raise Refused({clause.kind: wrong for clause in wanted.values()})
    lock({clause.license_id for clause in wanted.values()})
    found = list(Clause.objects.sound().filter(pk__in=wanted).order_by("pk"))
    standing = {clause.pk for clause in found if not clause.confirmed_by}
    if moved := {clause.kind: None for pk, clause in wanted.items() if pk not in standing}:
        raise Conflict(dict.fromkeys(moved) | {clause.kind: clause for clause in found if clause.confirmed_by})
    if any(clause.is_by(by) for clause in found):
        raise PermissionDenied(ANOTHERS)
    for clause in found:
        clause.confirmed_by, clause.confirmer, clause.confirmed_on = display_name(by), by, now.date()
        clause.save(update_fields=["confirmed_by", "confirmer", "confirmed_on"])
        note(Deed.CONFIRMED, reason, by=by, now=now, license_id=clause.license_id, kind=clause.kind, clause=clause,
             after=clause.answer)  # fmt: skip
    return found


@transaction.atomic
def revert(earlier: Clause, *, by: User, now: datetime, reason: str, based_on: int | None) -> Change:
    """Publish a reading again that a later one superseded. Its words must still be in the text."""
    if not may_publish_alone(by, earlier.kind):
        raise PermissionDenied(TWO_READ_IT)
    clause = Clause.objects.with_details().select_related("license").get(pk=earlier.pk)
    lock({clause.license_id})
    if Clause.objects.current().filter(pk=clause.pk).exists():
        raise Refused({clause.kind: {"clause": ["stands as it is. Choose an earlier reading."]}})
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


def lock(licenses: Iterable[int]) -> None:
    """Whoever else writes readings of these waits; a model that comes under one of them meanwhile does not."""
    list(License.objects.select_for_update(no_key=True).filter(pk__in=licenses).order_by("pk").values_list("pk"))


def hold(license: License) -> Held:
    lock({license.pk})
    found = bundle(license, lock=True)
    current = Clause.objects.current().filter(license=license).with_details()
    return Held(license, {clause.kind: clause for clause in current}, found)


def judge(offers: Sequence[Offer], held: Held, *, now: datetime) -> None:
    """Raises what keeps these offers from being published now."""
    if not offers:
        raise Refused({"": {"clauses": ["are none. Choose at least one."]}})
    found: dict[str, Faults] = {}
    for offer in sorted(offers, key=lambda each: str(each.values.get("quotes"))):  # One text after the other.
        current = held.clauses.get(offer.kind.slug)
        said = faults(offer) or unfounded(offer, held.bundle) | untimely(offer, current, today=now.date())
        if said := said | astray(offer, held.license) | overtaken(offer, held.bundle):
            found[offer.kind.slug] = said
    if found:
        raise Refused(found)
    if len({offer.kind.slug for offer in offers}) < len(offers):
        raise ValueError("One reading of a kind at a time.")
    if moved := {offer.kind.slug: held.clauses.get(offer.kind.slug) for offer in offers if is_moved(offer, held)}:
        raise Conflict(moved)


def is_moved(offer: Offer, held: Held) -> bool:
    """Something else stands there than when the offer was begun."""
    there = held.clauses.get(offer.kind.slug)
    return (there.pk if there else None) != offer.based_on


def astray(offer: Offer, license: License) -> Faults:
    """A reading answers a correction in words of its own license and kind; a proposal with a reading is accepted."""
    answered = offer.answers
    if answered is None:
        return {}
    if answered.reading is None and (answered.license_id, answered.kind) == (license.pk, offer.kind.slug):
        return {}
    return {"answers": ["is no correction of this clause. Open the form from the correction."]}


def write(
    license: License, offers: Sequence[Offer], signed: Signed, *, by: User, now: datetime, deed: Deed,
    proposal: Proposal | None = None, why: str = "",
) -> Change:  # fmt: skip
    held = hold(license)
    judge(offers, held, now=now)
    before = {slug: clause.value() for slug, clause in held.clauses.items()}
    after: dict[str, Reading] = {}
    for offer in offers:
        values, carried = clean(offer), proposal or offer.answers
        after[offer.kind.slug] = reading(offer.kind, values)
        clause = begin(offer, values, held, signed, now=now)
        settle_carried(carried, clause, offer.reason, by=by, now=now, why=why)
        note(deed, why or offer.reason, by=by, now=now, license=license, kind=clause.kind, clause=clause,
             proposal=carried, before=held.in_short(offer.kind), after=in_short(after[clause.kind]))  # fmt: skip
    find_new([license], now=now)
    return tell(license, offers, before, after, signed, now=now)


def begin(offer: Offer, values: Values, held: Held, signed: Signed, *, now: datetime) -> Clause:
    """The new reading with its rows, and the end of the one that stood there."""
    current = held.clauses.get(offer.kind.slug)
    since, supersedes = offer.since, current
    if current:
        Clause.objects.filter(pk=current.pk).update(superseded_at=now)
    if current and offer.since:
        end_of_words(current, offer, offer.since, now=now)
        supersedes = None
    elif since is None:
        since = current.effective_from if current else last_day(held.license.pk, offer.kind)
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
        read_on=signed.read_on or now.date(),
        confirmed_by=display_name(signed.confirmer) if signed.confirmer else "",
        confirmer=signed.confirmer,
        confirmed_on=now.date() if signed.confirmer else None,
        supersedes=supersedes,
        recorded_at=now,
    )
    for row in rows_under(clause, values, held.bundle):
        row.save()
    return clause


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


def deciding(by: User) -> None:
    if not by.has_perm(REVIEW):
        raise PermissionDenied("Deciding is for reviewers.")


def waiting(proposal: Proposal, reason: str, *, is_needed: bool = True) -> Proposal:
    """Under our hand, as two may decide at once. Raises Conflict when it is decided already."""
    if wrong := wrong_reason(reason, is_needed=is_needed):
        raise Refused({proposal.kind: wrong})
    lock({proposal.license_id})
    found = Proposal.objects.select_for_update(of=("self",)).select_related("license", "made_by").get(pk=proposal.pk)
    if not found.is_waiting:
        raise Conflict({found.kind: found.clause})
    return found


def settle(
    proposal: Proposal, outcome: str, *, by: User, now: datetime, reason: str = "", clause: Clause | None = None
) -> None:
    proposal.outcome, proposal.decided_by, proposal.decided_at = outcome, by, now
    proposal.decision, proposal.clause, proposal.email = tidy(reason), clause, ""
    proposal.save(update_fields=["outcome", "decided_by", "decided_at", "decision", "clause", "email"])


def settle_carried(carried: Proposal | None, clause: Clause, reason: str, *, by: User, now: datetime, why: str) -> None:
    """The proposal that a reading carries out is accepted with it, and the correction that it answers."""
    if carried is None:
        return
    found = Proposal.objects.waiting().filter(pk__in=[carried.pk, carried.answers_id]).order_by("pk")
    for proposal in found.select_for_update(of=("self",)):
        said = why or ("" if proposal.reading else reason)
        settle(proposal, Proposal.Outcome.ACCEPTED, by=by, now=now, reason=said, clause=clause)


def forget_drafts(license: License, offers: Sequence[Offer], user: User) -> None:
    Draft.objects.filter(user=user, license=license, kind__in=[offer.kind.slug for offer in offers]).delete()


def note(deed: Deed, reason: str, *, by: User, now: datetime, **about: Any) -> AuditEntry:
    """One line of the audit trail, in the transaction of the deed."""
    said = {name: value[:400] for name in ("before", "after") if (value := about.pop(name, ""))}
    return AuditEntry.objects.create(
        deed=deed, reason=tidy(reason), by=by, by_name=display_name(by), at=now, **said, **about
    )
