"""Every reading that a clause ever had: who read it, when and why, what was held before, and what was declined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .clauses import ClauseKind
from .models import AuditEntry, Clause, Deed, License, Proposal
from .movement import Move, in_short, moves
from .roles import display_name
from .tables import Cell
from .telling import SIGNS

#: Readings and declined proposals that one page shows; all of them stand in the audit trail.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One reading, the one it follows, and the deeds that it came of."""

    clause: Clause
    before: Clause | None = None
    #: What follows it, where it is ours no longer.
    after: Clause | None = None
    deeds: Sequence[AuditEntry] = field(default=())

    @property
    def cell(self) -> Cell:
        return Cell(self.clause.declaration, self.clause.value())

    @property
    def is_theirs(self) -> bool:
        """Other words took effect. Else the words are the same, and we read them better, or the first time."""
        return self.before is not None and self.before.pk != self.clause.supersedes_id

    @property
    def is_end(self) -> bool:
        """The same answer once more, with the day on which other words took its place."""
        before = self.before
        return before is not None and not self.is_theirs and before.effective_to != self.clause.effective_to

    @property
    def is_today(self) -> bool:
        return self.clause.superseded_at is None and self.clause.effective_to is None

    @property
    def move(self) -> Move | None:
        if self.before is None:
            return None
        was, now = ({clause.kind: clause.value()} for clause in (self.before, self.clause))
        return next(iter(moves(was, now)), None)

    @property
    def words(self) -> str:
        """From what to what."""
        if self.before is None:
            return f"not read yet → {in_short(self.clause.value())}"
        if self.is_end:
            return f"{in_short(self.clause.value())}, of the words until {self.clause.effective_to}"
        return self.move.words if self.move else f"{in_short(self.clause.value())} as before"

    @property
    def sign(self) -> str:
        return SIGNS[self.move.direction] if self.move else SIGNS[""]

    @property
    def published(self) -> AuditEntry | None:
        return next((deed for deed in self.deeds if deed.deed != Deed.CONFIRMED), None)

    @property
    def confirmed(self) -> AuditEntry | None:
        return next((deed for deed in self.deeds if deed.deed == Deed.CONFIRMED), None)

    @property
    def is_reverted(self) -> bool:
        return self.published is not None and self.published.deed == Deed.REVERTED


@dataclass(frozen=True, slots=True)
class Declined:
    proposal: Proposal

    @property
    def decider(self) -> str:
        return display_name(self.proposal.decided_by) if self.proposal.decided_by else ""


@dataclass(frozen=True, slots=True)
class History:
    """Newest first."""

    entries: list[Entry]
    declined: list[Declined]
    is_cut: bool

    @property
    def today(self) -> Clause | None:
        return next((entry.clause for entry in self.entries if entry.is_today), None)


def history(license: License, kind: ClauseKind) -> History:
    """In four queries."""
    every = Clause.objects.filter(license=license, kind=kind.slug).with_details().order_by("-recorded_at", "-pk")
    found = list(every[: SHOWN + 1])
    deeds = AuditEntry.objects.of_clause(license, kind.slug).filter(clause__in=found).for_page().order_by("pk")
    declined = Proposal.objects.declined().filter(license=license, kind=kind.slug).for_page().order_by("-decided_at")
    refused = [Declined(proposal) for proposal in declined[: SHOWN + 1]]
    return History(
        entries(found, list(deeds))[:SHOWN], refused[:SHOWN], is_cut=len(found) > SHOWN or len(refused) > SHOWN
    )


def entries(clauses: Sequence[Clause], deeds: Iterable[AuditEntry]) -> list[Entry]:
    by_clause: dict[int | None, list[AuditEntry]] = {}
    for deed in deeds:
        by_clause.setdefault(deed.clause_id, []).append(deed)
    after = {clause.supersedes_id: clause for clause in clauses}
    return [
        Entry(clause, before(clause, clauses), after.get(clause.pk), by_clause.get(clause.pk, ())) for clause in clauses
    ]


def before(clause: Clause, clauses: Iterable[Clause]) -> Clause | None:
    """The reading that it took the place of, or of the words that its own words took the place of."""
    if clause.supersedes_id:
        return next((each for each in clauses if each.pk == clause.supersedes_id), None)
    if clause.effective_from is None:
        return None
    ended = (
        each
        for each in clauses
        if each.effective_to == clause.effective_from and each.recorded_at <= clause.recorded_at
    )
    return max(ended, key=lambda each: each.pk, default=None)
