"""How a kind of clause bears on a use: when it applies, and what each answer then means (domain reference 7.3).

Every kind declares its own; `licenses.verdict` loops over them and knows none by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .base import Answer
from .profile import Profile
from .reading import Reading, Terms

if TYPE_CHECKING:
    from .base import ClauseKind


class Verdict(StrEnum):
    """Worst first."""

    PROHIBITED = "prohibited"
    NEEDS_LICENSE = "needs-license"
    UNKNOWN = "unknown"
    OBLIGATIONS = "obligations"
    PERMITTED = "permitted"

    @property
    def label(self) -> str:
        """What pages say: how it appears to us, never how it is."""
        return LABELS[self]

    @property
    def short(self) -> str:
        """For cells under the head “Appears”."""
        return SHORT[self]

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return RANKS[self]


LABELS = {
    Verdict.PROHIBITED: "appears prohibited",
    Verdict.NEEDS_LICENSE: "appears to need a separate license",
    Verdict.UNKNOWN: "cannot tell",
    Verdict.OBLIGATIONS: "appears permitted with obligations",
    Verdict.PERMITTED: "appears permitted",
}
SHORT = {
    Verdict.PROHIBITED: "prohibited",
    Verdict.NEEDS_LICENSE: "needs a license",
    Verdict.UNKNOWN: "cannot tell",
    Verdict.OBLIGATIONS: "with obligations",
    Verdict.PERMITTED: "permitted",
}
RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: list[Verdict]) -> Verdict:
    return min(verdicts, key=RANKS.__getitem__, default=Verdict.PERMITTED)


class Tone(StrEnum):
    """How loud a finding is that changes no verdict."""

    FOOTNOTE = "footnote"
    TIP = "tip"
    RISK = "risk"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one answer means for one profile. `must` is a duty in the imperative; `says` any other sentence.

    `verdict` is that of this clause alone. Without `must` and `says` there is nothing to tell: go on.
    """

    verdict: Verdict = Verdict.PERMITTED
    says: str = ""
    must: str = ""
    tone: Tone | None = None
    assumed: tuple[str, ...] = ()


GO_ON = Outcome()


def worst_of(outcomes: list[Outcome]) -> Outcome:
    """The worst of several sizes or places joined by ANY: all that is as bad, and what any of them assumed."""
    verdict = worst([outcome.verdict for outcome in outcomes])
    found = [outcome for outcome in outcomes if outcome.verdict is verdict]
    says = "; ".join(dict.fromkeys(outcome.says for outcome in found if outcome.says))
    must = "; ".join(dict.fromkeys(outcome.must for outcome in found if outcome.must))
    return Outcome(verdict, says, must, assumed=tuple(dict.fromkeys(one for each in outcomes for one in each.assumed)))


@dataclass(frozen=True, slots=True)
class Case:
    """One clause before one profile. `multimodal` is None where nobody said what the model takes in; `custom` says
    that the text is the publisher's own, whose silence grants nothing."""

    profile: Profile
    terms: Terms
    kind: ClauseKind
    reading: Reading
    multimodal: bool | None = None
    custom: bool = True


Consequence = Callable[[Case], Outcome]


def encouraged(outcome: Outcome) -> Outcome:
    """The same where the text asks for it and does not demand it: no verdict gets worse by that."""
    if outcome.verdict is Verdict.PERMITTED:
        return outcome
    words = outcome.must or outcome.says
    return Outcome(says=f"it asks, without demanding it: {words}", tone=Tone.TIP, assumed=outcome.assumed)


def go_on(case: Case) -> Outcome:
    return GO_ON


def prohibited(says: str) -> Consequence:
    found = Outcome(Verdict.PROHIBITED, says)
    return lambda case: found


def needs_license(says: str) -> Consequence:
    return lambda case: Outcome(Verdict.NEEDS_LICENSE, f"{says}: {ask(case.terms)}")


def ask(terms: Terms) -> str:
    return f"ask {terms.licensor} for a license" if terms.licensor else "ask the licensor for a license"


def duty(must: str | Callable[[Reading], str]) -> Consequence:
    """An obligation; from its words may depend what the reading holds."""
    if isinstance(must, str):
        found = Outcome(Verdict.OBLIGATIONS, must=must)
        return lambda case: found
    words = must
    return lambda case: Outcome(Verdict.OBLIGATIONS, must=words(case.reading))


def told(says: str | Callable[[Reading], str], tone: Tone = Tone.FOOTNOTE) -> Consequence:
    """Worth knowing, and no reason to stop."""
    if isinstance(says, str):
        found = Outcome(says=says, tone=tone)
        return lambda case: found
    words = says
    return lambda case: Outcome(says=words(case.reading), tone=tone)


def not_read(case: Case) -> Outcome:
    return Outcome(Verdict.UNKNOWN, f"nobody has read it for this question: {case.kind.question}")


@dataclass(frozen=True, slots=True)
class When:
    """The uses that a clause is about, in words for the "if" of a duty and as a test."""

    words: str
    test: Callable[[Profile, Terms], bool]


@dataclass(frozen=True, slots=True)
class Bearing:
    """When a kind bears on a use, and what each answer then means. An answer that is not declared: go on."""

    use_case: str
    when: When
    yes: Consequence = go_on
    partly: Consequence = go_on
    no: Consequence = go_on
    silent: Consequence = go_on
    unread: Consequence = go_on

    def of(self, answer: Answer) -> Consequence:
        return {
            Answer.YES: self.yes,
            Answer.PARTLY: self.partly,
            Answer.NO: self.no,
            Answer.SILENT: self.silent,
            Answer.UNREAD: self.unread,
        }[answer]


def payload(reading: Reading | None, name: str) -> object:
    return reading.payload.get(name) if reading is not None else None


def listed_in(reading: Reading | None, name: str) -> frozenset[str]:
    """A list of the payload; empty where there is none."""
    values = payload(reading, name)
    return frozenset(map(str, values)) if isinstance(values, list | tuple) else frozenset()


def counts_as_distribution(terms: Terms) -> bool:
    """Offering it as a service brings the duties of passing it on."""
    return payload(terms.readings.get("hosted_service"), "counts_as_distribution") is True


def passes_on(profile: Profile, terms: Terms) -> bool:
    return profile.passes_on or (profile.hosts and counts_as_distribution(terms))


ALWAYS = When("whatever you do with it", lambda profile, terms: True)
#: Whoever uses another's product accepts its terms, not those of the model inside.
RUNNING_IT = When("you run or offer the model", lambda profile, terms: not profile.merely_uses)
COMMERCE = When("you use it in a business", lambda profile, terms: profile.in_business)
PASSING_ON = When("you pass on the model or one made from it", passes_on)
