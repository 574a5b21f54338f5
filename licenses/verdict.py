"""May I use it? A profile against the terms of a license, and of all that a model inherits (domain reference 7).

Pure over values. Which clause matters to which use, and what its answers mean, is declared with the clause kinds; here
the worst of what applies is found, and everything that led there is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .clauses import CLAUSES, Answer, ClauseKind, Strength
from .clauses.bearing import ALWAYS, Bearing, Case, Outcome, Tone, Verdict, encouraged, worst
from .clauses.profile import Profile
from .clauses.reading import Reading, Terms

BEARING: tuple[tuple[ClauseKind, Bearing], ...] = tuple((kind, kind.bearing) for kind in CLAUSES if kind.bearing)
#: What a model asks at its door, whatever its license says; the keys are the Hub's words.
GATES = {
    "auto": Outcome(Verdict.OBLIGATIONS, must="accept its terms on the Hub before the download"),
    "manual": Outcome(Verdict.OBLIGATIONS, must="ask for access on the Hub first: it is granted by hand"),
}


#: Said with every verdict, on pages and in exports; `{read_on}` is the day of our latest reading.
DISCLAIMER = "Information, not legal advice. Our reading of the text dated {read_on}; the text itself governs."
UNDATED = "Information, not legal advice. Nobody has read its text here yet; the text itself governs."


@dataclass(frozen=True, slots=True)
class Bundle:
    """One license as a verdict needs it. `custom`: a text of the publisher's own, whose silence grants nothing."""

    slug: str
    name: str
    terms: Terms
    custom: bool = True
    read_on: date | None = None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Inherited:
    """The terms of something that a model was made from. No bundle: it, or its text, is not known or not read."""

    name: str
    how: str
    bundle: Bundle | None
    multimodal: bool | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All terms that somebody comes under who uses one thing.

    `own` apply together, or with `any_of` one may be chosen. A license that is named and not held here is None.
    `multimodal` is None where nobody said; `gate` is the Hub's word for the gate of the repository.
    """

    own: tuple[Bundle | None, ...]
    any_of: bool = False
    inherited: tuple[Inherited, ...] = ()
    multimodal: bool | None = None
    gate: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clause means for one profile."""

    kind: ClauseKind
    answer: Answer
    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    @property
    def use_case(self) -> str:
        return self.kind.bearing.use_case if self.kind.bearing else ""

    @property
    def is_for_everybody(self) -> bool:
        return self.kind.bearing is not None and self.kind.bearing.when is ALWAYS

    @property
    def condition(self) -> str:
        return self.kind.bearing.when.words if self.kind.bearing else ""


@dataclass(frozen=True, slots=True)
class Judgment:
    """One license before one profile. `unread` and `silent` are kinds that the profile's uses touch; `premises` what
    was taken for granted before any of them was asked."""

    bundle: Bundle | None
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    unread: tuple[ClauseKind, ...] = ()
    silent: tuple[ClauseKind, ...] = ()
    premises: tuple[str, ...] = ()

    @property
    def deciding(self) -> list[Finding]:
        """The clauses that make the verdict what it is."""
        return [one for one in self.findings if one.verdict is self.verdict is not Verdict.PERMITTED]

    @property
    def stops(self) -> list[Finding]:
        """Everything that stands in the way, worst first."""
        found = [one for one in self.findings if one.verdict.rank < Verdict.OBLIGATIONS.rank]
        return sorted(found, key=lambda one: one.verdict.rank)

    @property
    def duties(self) -> list[Finding]:
        return [one for one in self.findings if one.outcome.must]

    def told(self, *tones: Tone) -> list[Finding]:
        return [one for one in self.findings if one.outcome.tone in tones]

    @property
    def risks(self) -> list[Finding]:
        return sorted(self.told(Tone.RISK, Tone.RED), key=lambda one: one.outcome.tone is not Tone.RED)

    @property
    def footnotes(self) -> list[Finding]:
        return self.told(Tone.TIP, Tone.FOOTNOTE)

    @property
    def assumed(self) -> list[str]:
        return [*self.premises, *dict.fromkeys(words for one in self.findings for words in one.outcome.assumed)]


NOBODY_READ_IT = Judgment(None, Verdict.UNKNOWN)


def judge(profile: Profile, bundle: Bundle | None, multimodal: bool | None = None) -> Judgment:
    """One license. Nothing read at all is never open, whoever asks."""
    if bundle is None or not bundle.terms.readings:
        return Judgment(bundle, Verdict.UNKNOWN)
    findings, unread, silent = [], [], []
    for kind, bearing in BEARING:
        if not bearing.when.test(profile, bundle.terms):
            continue
        reading = bundle.terms.readings.get(kind.slug)
        answer = reading.answer if reading else Answer.UNREAD
        if answer is Answer.UNREAD:
            unread.append(kind)
        elif answer is Answer.SILENT:
            silent.append(kind)
        case = Case(profile, bundle.terms, kind, reading or Reading(kind, Answer.UNREAD), multimodal, bundle.custom)
        outcome = bearing.of(answer)(case)
        if case.reading.strength is not Strength.MUST:
            outcome = encouraged(outcome)
        if outcome.verdict is not Verdict.PERMITTED or outcome.says or outcome.assumed:
            findings.append(Finding(kind, answer, outcome))
    verdict = worst([one.verdict for one in findings])
    return Judgment(bundle, verdict, tuple(findings), tuple(unread), tuple(silent), profile.premises)


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one thing: its own terms, what it inherits, and what its gate asks."""

    verdict: Verdict
    own: tuple[Judgment, ...]
    inherited: tuple[tuple[Inherited, Judgment], ...] = ()
    gate: Outcome | None = None

    @property
    def judgments(self) -> list[Judgment]:
        return [*self.own, *(judgment for _, judgment in self.inherited)]

    @property
    def deciding(self) -> list[tuple[Judgment, Finding]]:
        return [
            (judgment, finding)
            for judgment in self.judgments
            if judgment.verdict is self.verdict
            for finding in judgment.deciding
        ]

    @property
    def reason(self) -> str:
        """The first of what decided, in a sentence; empty where nothing stands in the way. What hangs on these plans
        says more than what is asked of everybody."""
        for _, finding in sorted(self.deciding, key=lambda each: each[1].is_for_everybody):
            return finding.outcome.says or finding.outcome.must
        if self.verdict is Verdict.UNKNOWN:
            return "its terms are not read yet"
        return self.gate.must if self.gate and self.verdict is Verdict.OBLIGATIONS else ""

    @property
    def assumed(self) -> list[str]:
        """Each thing once that was taken for what nobody stated."""
        return list(dict.fromkeys(words for judgment in self.judgments for words in judgment.assumed))

    @property
    def disclaimer(self) -> str:
        return disclaimer_of(judgment.bundle for judgment in self.judgments)

    @property
    def duties(self) -> list[tuple[Judgment, Finding]]:
        """Each thing to do once, however many of the licenses ask for it."""
        found: dict[str, tuple[Judgment, Finding]] = {}
        for judgment in self.judgments:
            for finding in judgment.duties:
                found.setdefault(finding.outcome.must, (judgment, finding))
        return list(found.values())


def disclaimer_of(bundles: Iterable[Bundle | None]) -> str:
    """With the day of the latest reading of any of these licenses."""
    days = [bundle.read_on for bundle in bundles if bundle and bundle.read_on]
    return DISCLAIMER.format(read_on=f"{max(days):%Y-%m-%d}") if days else UNDATED


def disclaimer(results: Iterable[Result]) -> str:
    """For several at once."""
    return disclaimer_of(judgment.bundle for result in results for judgment in result.judgments)


@dataclass(frozen=True, slots=True)
class Judge:
    """One profile before many things: each license is judged once, however many carry it."""

    profile: Profile
    known: dict[tuple[str, bool | None], Judgment] = field(default_factory=dict)
    #: The same for the profiles next to this one.
    others: dict[Profile, Judge] = field(default_factory=dict)

    def instead(self, profile: Profile) -> Judge:
        """Had another profile been asked about."""
        if profile not in self.others:
            self.others[profile] = Judge(profile)
        return self.others[profile]

    def license(self, bundle: Bundle | None, multimodal: bool | None) -> Judgment:
        if bundle is None:
            return NOBODY_READ_IT
        key = (bundle.slug, multimodal)
        if key not in self.known:
            self.known[key] = judge(self.profile, bundle, multimodal)
        return self.known[key]

    def result(self, standing: Standing) -> Result:
        own = tuple(self.license(bundle, standing.multimodal) for bundle in standing.own) or (NOBODY_READ_IT,)
        if standing.any_of:
            own = (max(own, key=lambda judgment: judgment.verdict.rank),)
        inherited = tuple((one, self.license(one.bundle, one.multimodal)) for one in standing.inherited)
        gate = None if self.profile.merely_uses else GATES.get(standing.gate)
        verdicts = [judgment.verdict for judgment in (*own, *(judgment for _, judgment in inherited))]
        return Result(worst([*verdicts, *([gate.verdict] if gate else [])]), own, inherited, gate)
