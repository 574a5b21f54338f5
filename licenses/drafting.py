"""Work in hand: a draft is kept as it was typed, restored, thrown away, moved on top of a newer reading, handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from .catalogue.clause_schema import LONGEST_QUOTE
from .clauses import KIND, ClauseKind
from .curation import propose, publish
from .models import Change, Clause, Draft, License, Proposal
from .offers import Bundle, Faults, Offer, Place, Refused, faults
from .roles import may_publish_alone
from .typed import MOST_ROWS, Typed, added, first, rows, values


def keep(
    license: License, kind: ClauseKind, typed: Typed, *, user: User, based_on: int | None, proposal: Proposal | None,
    now: datetime,
) -> Draft:  # fmt: skip
    """What somebody typed, in place of what they typed before."""
    there = Clause.objects.filter(license=license, kind=kind.slug, pk=based_on) if based_on else Clause.objects.none()
    said = {"fields": typed, "based_on": there.first(), "proposal": proposal, "saved_at": now}
    return Draft.objects.update_or_create(said, user=user, license=license, kind=kind.slug)[0]


def told(draft: Draft) -> str:
    """What it held, in few words: for whom it was thrown away."""
    quotes = len(rows(draft.fields, "quotes"))
    said = [
        f"“{answer}”" if (answer := first(draft.fields, "answer")) else "no answer yet",
        f"{quotes} quote{'s' * (quotes != 1)}",
    ]
    for name in ("note", "reason"):
        if words := first(draft.fields, name):
            said.append(f"the {name} “{words[:80]}{'…' * (len(words) > 80)}”")
    return ", ".join(said)


def offer(
    kind: ClauseKind, typed: Typed, *, based_on: int | None, proposal: Proposal | None, days: Sequence[date]
) -> tuple[Offer, Faults]:
    """What was typed as an offer, and what is wrong with it by itself. `days`: those on which the words changed."""
    said, unclear = values(kind, typed)
    day = first(typed, "since")
    since = next((one for one in days if one.isoformat() == day), None)
    if day and since is None:
        unclear["since"] = [f"is “{day[:20]}”, and no words of that day are known. Choose one of those shown."]
    made = Offer(kind, said, first(typed, "reason"), based_on, since, proposal, first(typed, "seen"))
    judged = {path: words for path, words in faults(made).items() if not any(within(path, own) for own in unclear)}
    return made, unclear | judged


def within(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")


def new_days(clause: Clause | None, bundle: Bundle) -> list[date]:
    """The days since when the text has other words than those that a reading quotes. Needs `with_details()`."""
    if clause is None:
        return []
    now = {text.document.pk: text.revision for text in bundle.texts.values() if text.revision}
    found = set()
    for quote in clause.proofs:
        revision = now.get(quote.document_id)
        if revision and quote.revision_id and quote.revision_id != revision.pk:
            seen = revision.first_seen_at
            found.add(revision.effective_on or (seen.date() if seen else None))
    return sorted(day for day in found if day)


def quote(bundle: Bundle, typed: Typed) -> tuple[Typed, Faults]:
    """The words that were pasted or marked, as a quote with its section; or as they are, and why they prove nothing."""
    words, key = " ".join(first(typed, "paste.words").split()), first(typed, "paste.document")
    if not words:
        return typed, {"paste.words": ["are missing. Mark them in the text, or paste them from it."]}
    count = len(words.split())
    if count > LONGEST_QUOTE:
        return typed, {"paste.words": [f"are {count} words. Mark at most {LONGEST_QUOTE}: those that decide."]}
    near = first(typed, "paste.near")
    place = bundle.place(key, words, near=int(near) if re.fullmatch("[0-9]{1,9}", near) else None)
    if isinstance(place, str):
        return typed, {"paste.words": [place]}
    there = [(first(row, "document"), first(row, "words")) for row in rows(typed, "quotes")]
    if (key, place.exact) in there:
        return typed, {"paste.words": [f"are quote {there.index((key, place.exact)) + 1} already. Mark others."]}
    if len(there) == MOST_ROWS:
        return typed, {"paste.words": [f"are one quote too many: {MOST_ROWS} are kept. Remove one that proves less."]}
    typed = {name: said for name, said in typed.items() if not name.startswith("paste.")}
    return added(typed, "quotes", document=key, section=section(place), words=place.exact), {}


def section(place: Place) -> str:
    return place.section or f"paragraph {place.revision.text.count(chr(10) * 2, 0, place.start) + 1}"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of several readings: told in one change, or waiting for a second reader."""

    change: Change | None
    proposals: list[Proposal]


@transaction.atomic
def hand_in(license: License, offers: Sequence[Offer], *, by: User, now: datetime) -> HandedIn:
    """Publish what one reader may, propose the rest; all of it or nothing. Raises Refused and Conflict."""
    alone = [one for one in offers if may_publish_alone(by, one.kind.slug)]
    others = [one for one in offers if one not in alone]
    change = publish(license, alone, by=by, now=now) if alone else None
    return HandedIn(change, propose(license, others, by=by, now=now) if others else [])


def hand_in_drafts(license: License, drafts: Iterable[Draft], bundle: Bundle, *, by: User, now: datetime) -> HandedIn:
    """Every draft of a license at once. `license` has its `readings`."""
    made: list[Offer] = []
    refused: dict[str, Faults] = {}
    for draft in drafts:
        kind = KIND[draft.kind]
        days = new_days(license.clause(kind), bundle)
        one, wrong = offer(kind, draft.fields, based_on=draft.based_on_id, proposal=draft.proposal, days=days)
        made.append(one)
        if wrong:
            refused[kind.slug] = wrong
    if refused:
        raise Refused(refused)
    return hand_in(license, made, by=by, now=now)
