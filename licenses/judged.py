"""Verdicts on many rows at once: for one profile, every release or model of a list."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import bundles
from .clauses.bearing import Verdict
from .clauses.profile import Profile
from .clauses.questions import InView
from .clauses.sentence import joined
from .counterfactuals import first
from .models import OpenModel, Release
from .verdict import Bundle, Judge, Result, Standing

#: What one may do comes first.
BEST_FIRST = tuple(reversed(Verdict))
#: What stands between a thing and what it is taken for.
NOT_STATED = re.compile(r" (?:is|are) not stated: ")
#: What is said of a number of models.
TOLD = {
    Verdict.PERMITTED: "permitted",
    Verdict.OBLIGATIONS: "permitted with obligations",
    Verdict.UNKNOWN: "unclear",
    Verdict.NEEDS_LICENSE: "to need a separate license",
    Verdict.PROHIBITED: "prohibited",
}


def models(profile: Profile, rows: Collection[OpenModel]) -> dict[int, Result]:
    """By primary key."""
    judge = Judge(profile)
    return {pk: judge.result(standing) for pk, standing in bundles.of_models(rows, bundles.shelf()).items()}


def appear(verdict: Verdict, count: int) -> str:
    """What cannot be told does not appear."""
    if verdict is Verdict.UNKNOWN:
        return "is" if count == 1 else "are"
    return "appears" if count == 1 else "appear"


def told(verdict: Verdict, count: int) -> str:
    """After others, where one verb serves all that can do without one of their own."""
    return f"{appear(verdict, count)} {TOLD[verdict]}" if verdict is Verdict.NEEDS_LICENSE else TOLD[verdict]


def is_size(words: str) -> bool:
    return any(word in words for word in ("users", "revenue", "devices"))


def few(names: list[str]) -> str:
    """` (Llama 4 and 5 others)`"""
    names = [name for name in names if name]
    if len(names) > 2:
        names = [names[0], f"{len(names) - 1} others"]
    return f" ({joined(names)})" if names else ""


@dataclass(frozen=True, slots=True)
class Judged:
    """Releases in their order, the terms that each stands under, and what a profile may do: by slug."""

    releases: Sequence[Release]
    standings: Mapping[str, Standing]
    results: Mapping[str, Result]
    judge: Judge | None = None

    @property
    def counts(self) -> dict[Verdict, int]:
        found = [result.verdict for result in self.results.values()]
        return {verdict: found.count(verdict) for verdict in BEST_FIRST}

    @property
    def in_view(self) -> InView:
        """The terms of these rows by the name of their license, those that they inherit too."""
        return {bundle.name: bundle.terms for bundle in self.bundles}

    @property
    def bundles(self) -> list[Bundle]:
        """Each license once, in the order of the rows."""
        standings = (self.standings[release.slug] for release in self.releases)
        found = [(*one.own, *(parent.bundle for parent in one.inherited)) for one in standings]
        return list({bundle.slug: bundle for bundles in found for bundle in bundles if bundle}.values())

    @property
    def assumed(self) -> list[tuple[str, list[str]]]:
        """What was taken for granted → that for which it was, each with the licenses concerned; sizes come last."""
        judgments = {id(one): one for result in self.results.values() for one in result.judgments}
        names: dict[str, dict[str, None]] = {}
        for judgment in judgments.values():
            for words in judgment.assumed:
                names.setdefault(words, {})[judgment.bundle.name if judgment.bundle else ""] = None
        groups: dict[str, list[str]] = {}
        for words, whose in sorted(names.items(), key=lambda each: (is_size(each[0]), each[0])):
            what, *taken = NOT_STATED.split(words, maxsplit=1)
            groups.setdefault("".join(taken), []).append(what + few(list(whose)))
        return list(groups.items())

    def summary(self, which: str = "") -> str:
        """`114 models with no user cap appear permitted, 20 permitted with obligations and 3 unclear`"""
        first, *others = [(verdict, count) for verdict, count in self.counts.items() if count] or [(BEST_FIRST[0], 0)]
        verdict, count = first
        models = "model" if count == 1 else "models"
        parts = [f"{count} {models}{which} {appear(verdict, count)} {TOLD[verdict]}"]
        return joined([*parts, *(f"{count} {told(verdict, count)}" for verdict, count in others)])

    def flip(self, slug: str) -> str:
        """The first thing that would change the answer for one of the rows, in words; empty for none."""
        found = first(self.judge, self.standings[slug]) if self.judge else None
        return found.words.removesuffix(found.verdict.label) + found.verdict.short if found else ""

    def grouped(self, verdicts: Collection[str] = ()) -> list[Release]:
        """Best verdict first, otherwise in their order; with verdicts, those alone."""
        if not self.results:
            return list(self.releases)
        chosen = [one for one in self.releases if not verdicts or self.results[one.slug].verdict in verdicts]
        return sorted(chosen, key=lambda release: -self.results[release.slug].verdict.rank)


def releases(profile: Profile | None, rows: Iterable[Release]) -> Judged:
    """Rows from `with_weights()`. Without a profile there are terms and no results."""
    rows = list(rows)
    standings = bundles.of_releases(rows, bundles.shelf())
    judge = Judge(profile) if profile else None
    results = {slug: judge.result(standing) for slug, standing in standings.items()} if judge else {}
    return Judged(rows, standings, results, judge)
