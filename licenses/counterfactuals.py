"""What would change the answer? Profiles next to the one that was asked about, whose verdict is another.

Pure over values. The neighbours come from the data: each size, place and purpose that a reading holds, and each use
that a profile may state; no license is known by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from .clauses.amounts import Basis, Comparator, Measured, Metric, TerritoryValue, ThresholdValue, Whose
from .clauses.bearing import Verdict
from .clauses.countries import COUNTRIES, within
from .clauses.geography import RESIDENCE
from .clauses.profile import Organisation, Profile, Student, Training, Use
from .clauses.rates import NEAR, converted
from .clauses.reading import Terms
from .clauses.sizes import MONTHS, concerns, passes, reached, rounded, snapshot_month
from .clauses.words import BESIDE, full_amount, full_number, places, sized
from .verdict import Bundle, Judge, Standing

MOST = 12


@dataclass(frozen=True, slots=True)
class Flip:
    """A neighbouring profile and its verdict. `words` say both: `above 700 million monthly users: appears …`."""

    words: str
    profile: Profile
    verdict: Verdict
    better: bool


@dataclass(frozen=True, slots=True)
class Neighbor:
    """One change of a profile. Of those about the same thing that lead to the same verdict, the first is enough."""

    about: str
    words: str
    profile: Profile


def changes(judge: Judge, standing: Standing) -> list[Flip]:
    """At most twelve, the most telling first."""
    here = judge.result(standing).verdict
    found: dict[tuple[str, Verdict], Flip] = {}
    told: set[str] = set()
    for about, flip in flips(judge, standing, here):
        if (about, flip.verdict) not in found and flip.words not in told:
            found[about, flip.verdict] = flip
            told.add(flip.words)
    return sorted(found.values(), key=lambda flip: telling(flip, here))[:MOST]


def first(judge: Judge, standing: Standing) -> Flip | None:
    """The first of `changes()`, without asking for the others where no other can come before it."""
    here = judge.result(standing).verdict
    found = None
    for _, flip in flips(judge, standing, here):
        if found is None or telling(flip, here) < telling(found, here):
            found = flip
        if telling(found, here) == BEST[here]:
            break
    return found


def telling(flip: Flip, here: Verdict) -> tuple[bool, int]:
    """Smallest first. Who is held up wants to know what opens the way; others, what would close it, by little first."""
    held_up = here.rank < Verdict.OBLIGATIONS.rank
    if flip.better:
        return not held_up, int(flip.verdict.rank < Verdict.OBLIGATIONS.rank)
    return held_up, len(Verdict) if flip.verdict is Verdict.UNKNOWN else -flip.verdict.rank


#: What no other flip can come before.
BEST = {
    Verdict.PROHIBITED: (False, 0),
    Verdict.NEEDS_LICENSE: (False, 0),
    Verdict.UNKNOWN: (False, 0),
    Verdict.OBLIGATIONS: (False, -Verdict.NEEDS_LICENSE.rank),
    Verdict.PERMITTED: (False, -Verdict.OBLIGATIONS.rank),
}


def flips(judge: Judge, standing: Standing, here: Verdict) -> Iterator[tuple[str, Flip]]:
    """Every neighbour whose verdict is another, with what it is about."""
    for one in neighbors(judge.profile, standing):
        verdict = judge.instead(one.profile).result(standing).verdict
        if verdict is not here:
            yield one.about, Flip(f"{one.words}: {verdict.label}", one.profile, verdict, verdict.rank > here.rank)


def neighbors(profile: Profile, standing: Standing) -> Iterator[Neighbor]:
    """The nearest first: numbers, places, what one can show, purposes; then plans, and at last who one is."""
    bundles = [one for one in (*standing.own, *(kin.bundle for kin in standing.inherited)) if one]
    yield from sizes(profile, bundles)
    yield from seats(profile, bundles)
    badge = f"if you {'cannot' if profile.can_show_brand else 'can'} show its badge"
    yield Neighbor("badge", badge, replace(profile, can_show_brand=not profile.can_show_brand))
    for field in sorted(profile.fields):
        words = f"without {field.replace('_', ' ')}"
        yield Neighbor(field, words, replace(profile, fields=profile.fields - {field}))
    yield from plans(profile)
    yield from persons(profile)


# Sizes.

#: A size that is not reached, as `words.BESIDE` has those that are.
SHORT_OF = {Comparator.GT: "up to", Comparator.GTE: "below"}


def sizes(profile: Profile, bundles: Iterable[Bundle]) -> Iterator[Neighbor]:
    """The other side of each size: the number at which it flips."""
    for bundle in bundles:
        for reading in bundle.terms.readings.values():
            for threshold in reading.thresholds:
                if concerns(threshold, profile):
                    yield from across(threshold, profile, bundle.terms)


def across(threshold: ThresholdValue, profile: Profile, terms: Terms) -> Iterator[Neighbor]:
    met = reached(threshold, profile, terms).met
    product = " of the product" if threshold.whose is Whose.PRODUCT else ""
    for wanted in (True, False):
        there = moved(threshold, profile, terms, reaching=wanted) if met is not wanted else None
        if there is not None:
            size = sized((threshold,), full_amount, terms.snapshot, BESIDE if wanted else SHORT_OF)
            yield Neighbor(size, size + product + exchanged(threshold, profile), there)


def exchanged(threshold: ThresholdValue, profile: Profile) -> str:
    """` (about 15 million EUR)`: the size in the money of the profile."""
    if not threshold.metric.is_money or threshold.currency == money(threshold, profile):
        return ""
    here = converted(Fraction(threshold.amount), threshold.currency, profile.currency)
    return f" (about {full_number(rounded(here))} {profile.currency})" if here else ""


def moved(threshold: ThresholdValue, profile: Profile, terms: Terms, *, reaching: bool) -> Profile | None:
    """The profile with the least number that reaches a size, or the greatest that does not."""
    if threshold.metric.is_money:
        return earning(threshold, profile, reaching=reaching)
    least = threshold.amount if passes(Fraction(threshold.amount), threshold) else threshold.amount + 1
    number = least if reaching else least - 1
    if threshold.metric is Metric.DEVICES:
        return replace(profile, devices=number)
    if threshold.metric is Metric.DAU:
        return replace(profile, daily_users=number)
    if threshold.measured is Measured.AT_RELEASE and (month := snapshot_month(terms)):
        return replace(profile, users_at=tuple(sorted((dict(profile.users_at) | {month: number}).items())))
    if threshold.whose is Whose.PRODUCT:
        return replace(profile, product_users=number)
    product = profile.product_users if reaching or profile.product_users is None else min(profile.product_users, number)
    return replace(profile, users=number, product_users=product)


def money(threshold: ThresholdValue, profile: Profile) -> str:
    """The currency to think in: the profile's where it states a sum, else that of the size."""
    return profile.currency if any(getattr(profile, name) for name in SUMS) else threshold.currency


SUMS = ("revenue_year", "revenue_month", "product_revenue_year", "product_revenue_month")


def earning(threshold: ThresholdValue, profile: Profile, *, reaching: bool) -> Profile | None:
    """None where no rate is held. The other period is left open, as it follows from this one."""
    currency = money(threshold, profile)
    number = line_in(threshold, currency, reaching=reaching)
    if number is None:
        return None
    period, other = ("month", "year") if threshold.period in MONTHS else ("year", "month")
    sums: dict[str, Any] = {f"revenue_{period}": number, f"revenue_{other}": None}
    product = {f"product_revenue_{period}": number, f"product_revenue_{other}": None}
    if threshold.whose is Whose.PRODUCT:
        sums = product
    elif not reaching and any(getattr(profile, name) for name in product):
        sums |= product
    return replace(profile, currency=currency, **sums)


def line_in(threshold: ThresholdValue, currency: str, *, reaching: bool) -> int | None:
    """The least sum of a currency that has reached a size, or the greatest that has not; None without a rate."""
    if currency == threshold.currency:
        least = threshold.amount if passes(Fraction(threshold.amount), threshold) else threshold.amount + 1
        return least if reaching else least - 1
    edge = converted(threshold.amount * (1 + NEAR if reaching else 1 - NEAR), threshold.currency, currency)
    if edge is None:
        return None
    return floor(edge) + 1 if reaching else ceil(edge) - 1


# Places.

#: Where a seat may be instead, the most usual first.
ELSEWHERE = ("US", "GB", "CH", "JP", "IN", "BR", *COUNTRIES)


def seats(profile: Profile, bundles: Iterable[Bundle]) -> Iterator[Neighbor]:
    """In and out of the places that a reading names: all regions of one territory are one question."""
    limits = [
        territory
        for bundle in bundles
        for reading in bundle.terms.readings.values()
        for territory in reading.territories
    ]
    if not limits:
        return
    out = next(place for place in ELSEWHERE if not any(inside(place, territory) for territory in limits))
    for territory in limits:
        yield from around(territory, profile, out)


def inside(place: str, territory: TerritoryValue) -> bool:
    return any(within(place, region) for region in territory.regions)


def around(territory: TerritoryValue, profile: Profile, out: str) -> Iterator[Neighbor]:
    names = places(territory).replace(" and ", " or ")
    there = next((region for region in territory.regions if region == "EU" or region in COUNTRIES), "")
    used_out = frozenset(place for place in profile.places if not inside(place, territory)) or frozenset({out})
    seat_in, used_in = inside(profile.seat, territory), any(inside(place, territory) for place in profile.places)
    if there and not seat_in and RESIDENCE & set(territory.basis):
        yield Neighbor(f"seat {names}", f"with your seat in {names}", replace(profile, seat=there))
    if there and not used_in and set(territory.basis) - RESIDENCE:
        places_in = profile.places | {there}
        yield Neighbor(f"use {names}", f"used in {names}", replace(profile, places=places_in))
    if seat_in:
        words = f"with your seat outside {names}"
        yield Neighbor(f"seat {names}", words, replace(profile, seat=out))
    if used_in or (seat_in and Basis.PLACE_OF_USE in territory.basis):
        words = f"used outside {names} only"
        yield Neighbor(f"use {names}", words, replace(profile, places=used_out))
    if seat_in and used_in:
        words = f"with seat and use outside {names}"
        yield Neighbor(f"both {names}", words, replace(profile, seat=out, places=used_out))


# Plans and persons.

USES = {
    Use.EVALUATE: "trying it out",
    Use.PRODUCT: "using it in a product",
    Use.HOST: "offering it as an API or a service",
    Use.SELL_ACCESS: "selling access to the model as such",
    Use.REDISTRIBUTE: "passing the weights on",
    Use.FINE_TUNE: "fine-tuning it",
    Use.PUBLISH: "publishing a model made from it",
    Use.SELL_OUTPUTS: "selling its outputs",
}
STUDENTS = {Training.OWN_LLM: "your own language model", Training.COMPETING: "a model that competes with it"}
PERSONS = {
    Organisation.COMPANY: "as a company",
    Organisation.NON_PROFIT: "as a non-profit",
    Organisation.PUBLIC_BODY: "as a public body",
    Organisation.UNIVERSITY: "as a university",
    Organisation.PERSON: "as a person",
}


def plans(profile: Profile) -> Iterator[Neighbor]:
    """Each use dropped, each other one taken up, and lessons from its outputs."""
    for use in Use:
        if use in profile.uses:
            yield Neighbor(use, f"without {USES[use]}", replace(profile, uses=profile.uses - {use}))
    if profile.training:
        words = "without training a model on its outputs"
        yield Neighbor("training", words, replace(profile, training=None, student=frozenset()))
    yield from lessons(profile)
    for use in Use:
        if use not in profile.uses:
            yield Neighbor(use, f"also {USES[use]}", replace(profile, uses=profile.uses | {use}))


def lessons(profile: Profile) -> Iterator[Neighbor]:
    """Another student, and another end of it; to publish one is told only where training one tells nothing yet."""
    endings: Mapping[Student, str] = {
        Student.PUBLISHED: "that model published",
        Student.ALIKE: "that model meant to perform alike",
    }
    for ending, words in endings.items() if profile.training else ():
        said = words.replace("that model", "without that model") if ending in profile.student else f"with {words}"
        yield Neighbor(ending, said, replace(profile, student=profile.student ^ {ending}))
    for training, model in STUDENTS.items():
        if training is not profile.training:
            words = f"training {model} on its outputs"
            yield Neighbor("training", words, replace(profile, training=training))
            if not profile.training:
                published = replace(profile, training=training, student=frozenset({Student.PUBLISHED}))
                yield Neighbor("training", f"{words} and publishing it", published)


def persons(profile: Profile) -> Iterator[Neighbor]:
    trade = "outside any business" if profile.commercial else "in a business"
    yield Neighbor("commercial", trade, replace(profile, commercial=not profile.commercial, commercial_assumed=False))
    for organisation, words in PERSONS.items():
        if organisation is not profile.organisation:
            yield Neighbor("organisation", words, replace(profile, organisation=organisation))
    if profile.end_user:
        yield Neighbor("end user", "running or offering it yourself", replace(profile, end_user=False))
    else:
        user = replace(profile, end_user=True, uses=frozenset(), training=None, student=frozenset())
        yield Neighbor("end user", "as a mere user of somebody else’s product", user)
