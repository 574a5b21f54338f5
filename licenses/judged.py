"""Verdicts on many rows at once: for one profile, every release or model of a list."""

from __future__ import annotations

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
#: After “appear”; what cannot be told does not appear.
TOLD = {
    Verdict.PERMITTED: "permitted",
    Verdict.OBLIGATIONS: "permitted with obligations",
    Verdict.UNKNOWN: "cannot be told",
    Verdict.NEEDS_LICENSE: "to need a separate license",
    Verdict.PROHIBITED: "prohibited",
}


def models(profile: Profile, rows: Collection[OpenModel]) -> dict[int, Result]:
    """By primary key."""
    judge = Judge(profile)
    return {pk: judge.result(standing) for pk, standing in bundles.of_models(rows, bundles.shelf()).items()}


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
    def assumed(self) -> list[str]:
        """Each thing once that was taken for what nobody stated."""
        judgments = {id(one): one for result in self.results.values() for one in result.judgments}
        return list(dict.fromkeys(words for judgment in judgments.values() for words in judgment.assumed))

    def summary(self, which: str = "") -> str:
        """`114 models with no user cap appear permitted, 20 permitted with obligations and 3 cannot be told`"""
        first, *others = [(verdict, count) for verdict, count in self.counts.items() if count] or [(BEST_FIRST[0], 0)]
        verdict, count = first
        models, verb = ("model", "appears") if count == 1 else ("models", "appear")
        appear = "" if verdict is Verdict.UNKNOWN else f"{verb} "
        parts = [f"{count} {models}{which} {appear}{TOLD[verdict]}"]
        return joined([*parts, *(f"{count} {TOLD[verdict]}" for verdict, count in others)])

    def flip(self, slug: str) -> str:
        """The first thing that would change the answer for one of the rows, in words; empty for none."""
        found = first(self.judge, self.standings[slug]) if self.judge else None
        return found.words if found else ""

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
