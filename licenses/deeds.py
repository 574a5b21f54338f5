"""What people did here, each deed in a sentence that leads to its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.urls import reverse

from .clauses import KIND
from .models import AuditEntry, Deed
from .roles import display_name
from .telling import plain

#: As it is said where somebody outside sent what was decided.
OF_CORRECTIONS = {
    Deed.DECLINED: "declined a correction",
    Deed.PUBLISHED: "published a reading, answering a correction",
}


def in_words(deed: str, *, of_correction: bool) -> str:
    plainly = Deed(deed)
    return OF_CORRECTIONS.get(plainly, str(plainly.label)) if of_correction else str(plainly.label)


@dataclass(frozen=True, slots=True)
class Done:
    """One deed. `about` names what it was done to, `address` is where that stands; empty where nothing does."""

    entry: AuditEntry
    about: str
    address: str

    @property
    def deed(self) -> str:
        proposal = self.entry.proposal
        return in_words(self.entry.deed, of_correction=bool(proposal and proposal.is_correction))

    @property
    def moved(self) -> str:
        words = (plain(self.entry.before), plain(self.entry.after))
        return " → ".join(each for each in words if each)


def done(entry: AuditEntry) -> Done:
    """Needs `for_page()`."""
    return Done(entry, about(entry), address(entry))


def about(entry: AuditEntry) -> str:
    kind = KIND[entry.kind].title if entry.kind in KIND else entry.kind
    name = entry.license.short_name if entry.license else entry.model.repo_id if entry.model else ""
    return f"{kind} of {name}" if kind and name else name or kind


def address(entry: AuditEntry) -> str:
    if entry.clause and entry.license:
        return f"{reverse('clause-history', args=[entry.license.slug, entry.kind])}#r-{entry.clause.pk}"
    for thing in (entry.proposal, entry.model, entry.license):
        if thing:
            return thing.get_absolute_url()
    return ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with deeds, and how often each was done: `[("published a reading", 3)]`."""

    pk: int
    name: str
    counts: Sequence[tuple[str, int]]
    last_at: datetime


def people(pk: int | None = None) -> list[Person]:
    """All who ever did something here, or one of them; who did so last first."""
    entries = AuditEntry.objects.all() if pk is None else AuditEntry.objects.of_person(pk)
    rows: dict[int, list[tuple[str, int, datetime]]] = {}
    for by, deed, of_correction, times, last_at in entries.by_person():
        rows.setdefault(by, []).append((in_words(deed, of_correction=of_correction), times, last_at))
    users = User.objects.in_bulk(rows)
    found = [person(users[by], of_person) for by, of_person in rows.items()]
    return sorted(found, key=lambda one: (one.last_at, one.pk), reverse=True)


def person(user: User, rows: Sequence[tuple[str, int, datetime]]) -> Person:
    counts = [(told, times) for told, times, _ in rows]
    return Person(user.pk, display_name(user), counts, max(last_at for _, _, last_at in rows))
