"""What a change does to the answer for one profile: another verdict, a duty that comes or goes. Pure over values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .clauses import Answer
from .clauses.bearing import Verdict
from .verdict import GATES, UNDATED, Result

#: Duties that one sentence names, and how long each may be.
NAMED, LONGEST = 3, 160
OF_A_GATE = "Information, not legal advice. The Hub’s word on the gate; the terms shown there govern."


@dataclass(frozen=True, slots=True)
class Answered:
    """One side of a change. No verdict where only a gate is told of.

    `duties`: what one must do → the kind of clause that asks for it. `is_known` is False where nobody has read what
    decides, so that the answer may be any; `unread` holds the kinds that nobody has read, None where that is all.
    """

    verdict: Verdict | None
    reason: str = ""
    duties: Mapping[str, str] = field(default_factory=dict)
    is_known: bool = True
    unread: frozenset[str] | None = frozenset()
    disclaimer: str = UNDATED

    @property
    def stops(self) -> bool:
        """Something stands in the way, or nobody can tell."""
        return self.verdict is not None and self.verdict.rank < Verdict.OBLIGATIONS.rank


def answered(result: Result) -> Answered:
    duties = {finding.outcome.must: finding.kind.slug for _, finding in result.duties}
    unread = frozenset(kind.slug for judgment in result.judgments for kind in judgment.unread)
    return Answered(result.verdict, result.reason, duties, not rests_on_unread(result), unread, result.disclaimer)


def rests_on_unread(result: Result) -> bool:
    """It is unknown, and that because nobody has read something; a text that was read and is silent is known."""
    if result.verdict is not Verdict.UNKNOWN:
        return False
    return not result.deciding or any(finding.answer is Answer.UNREAD for _, finding in result.deciding)


def nobody_read(why: str) -> Answered:
    return Answered(Verdict.UNKNOWN, why, is_known=False, unread=None)


def of_gate(gate: str, *, end_user: bool) -> Answered:
    found = None if end_user else GATES.get(gate)
    return Answered(None, duties={found.must: "access_gate"} if found else {}, disclaimer=OF_A_GATE)


@dataclass(frozen=True, slots=True)
class Effect:
    """The answer before a change and after it. `about`: of what the terms are, where not of the weights."""

    before: Answered
    after: Answered
    about: str = ""

    @property
    def alters(self) -> bool:
        """The verdict, or a duty."""
        return self.before.verdict != self.after.verdict or self.before.duties.keys() != self.after.duties.keys()

    @property
    def is_known(self) -> bool:
        return self.before.is_known and self.after.is_known

    @property
    def words(self) -> str:
        """`For this profile: appears permitted → appears to need a separate license (because …)`"""
        by = f", by the terms of the {self.about}" if self.about else ""
        return f"For this profile{by}: {'; '.join([self.turn, *self.duties])}."

    @property
    def turn(self) -> str:
        was, now = self.before, self.after
        if was.verdict is None or now.verdict is None:
            return "at its gate"
        if was.verdict is now.verdict and self.is_known:
            return f"same answer ({now.verdict.label})"
        because = f" (because {short(now.reason)})" if now.stops and now.reason else ""
        if not because and was.stops and was.reason:
            because = f" (before: {short(was.reason)})"
        return f"{was.verdict.label} → {now.verdict.label}{because}"

    @property
    def duties(self) -> list[str]:
        """What came and what went; new only where somebody read the side before. Who is stopped now asks for none."""
        was, now = self.before, self.after
        turned = was.verdict is not now.verdict
        came, went = missing(was, now), missing(now, was)
        new = [must for must in came if was.unread is not None and now.duties[must] not in was.unread]
        gone = [must for must in went if now.unread is not None and was.duties[must] not in now.unread]
        said = [("new ", new, ""), ("", [must for must in came if must not in new], "")]
        said = [] if turned and now.stops else said
        said += [] if turned and (was.stops or now.stops) else [("", gone, " gone")]
        return [f"{start}{counted(duties, end)}" for start, duties, end in said if duties]

    @property
    def disclaimer(self) -> str:
        return self.after.disclaimer if self.after.is_known else self.before.disclaimer


def missing(here: Answered, there: Answered) -> list[str]:
    """Duties there that are none here."""
    return [must for must in there.duties if must not in here.duties]


def counted(duties: list[str], end: str) -> str:
    return f"{'duty' if len(duties) == 1 else 'duties'}{end}: {listed(duties)}"


def listed(duties: list[str]) -> str:
    more = len(duties) - NAMED
    return " / ".join(map(short, duties[:NAMED])) + (f" / and {more} more" if more > 0 else "")


def short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
