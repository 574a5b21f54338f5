"""What would change the answer: every neighbour that is told has the verdict that is told of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses import bundles, counterfactuals
from licenses.clauses import KIND, Answer
from licenses.clauses.amounts import (
    AppliesTo,
    Basis,
    Comparator,
    Effect,
    Measured,
    Metric,
    Period,
    TerritoryEffect,
    TerritoryValue,
    ThresholdValue,
    Whose,
)
from licenses.clauses.bearing import Verdict
from licenses.clauses.profile import Organisation, Profile, Student, Training, Use
from licenses.clauses.reading import Reading, Terms
from licenses.models import Release
from licenses.profiles import ProfileForm, as_query
from licenses.verdict import Bundle, Inherited, Judge, Standing

CAP = ThresholdValue(
    Metric.MAU, 700_000_000, Period.CALENDAR_MONTH, Comparator.GT, Measured.AT_RELEASE,
    Whose.LICENSEE_AND_AFFILIATES, AppliesTo.ANY_USE, Effect.SEPARATE_LICENSE,
)  # fmt: skip
TURNOVER = ThresholdValue(
    Metric.REVENUE, 10_000_000, Period.YEAR, Comparator.GTE, Measured.ONGOING,
    Whose.LICENSEE_AND_AFFILIATES, AppliesTo.COMMERCIAL_USE, Effect.NO_RIGHTS, currency="USD",
)  # fmt: skip
TEN_OF_THE_EU = TerritoryValue(
    ("DE", "FR", "IT", "ES", "PL", "NL", "BE", "AT", "SE", "DK"), (Basis.DOMICILE,), TerritoryEffect.NO_GRANT
)
GRANTS = ("commercial_use", "modification", "redistribution", "hosted_service", "output_rights", "output_training")


def standing(**answers: Any) -> Standing:
    return Standing((bundle(**answers),), multimodal=True)


def bundle(slug: str = "acme", **answers: Any) -> Bundle:
    """Grants everything; each keyword is a kind with an answer, or with the sizes or places that it holds."""
    readings = {kind: Reading(KIND[kind], Answer.YES if kind in GRANTS else Answer.SILENT) for kind in KIND}
    for kind, said in answers.items():
        if isinstance(said, Answer):
            readings[kind] = Reading(KIND[kind], said)
        else:
            held = {"thresholds" if isinstance(said[0], ThresholdValue) else "territories": said}
            readings[kind] = Reading(KIND[kind], Answer.YES, **held)
    return Bundle(slug, slug.title(), Terms("Acme", date(2025, 4, 5), readings))


def words(profile: Profile, terms: Standing) -> list[str]:
    return [flip.words for flip in counterfactuals.changes(Judge(profile), terms)]


def test_a_size_is_told_with_its_month_and_its_side() -> None:
    capped = standing(mau_cap=(CAP,))

    below = words(Profile(), capped)
    above = words(Profile(users_at=(("2025-03", 700_000_001),)), capped)

    assert below[0] == "above 700 million monthly users in March 2025: appears to need a separate license"
    assert above[0] == "up to 700 million monthly users in March 2025: appears permitted"


def test_a_size_flips_at_its_last_unit() -> None:
    judge, terms = Judge(Profile(commercial=True, revenue_year=9_999_999)), standing(revenue_cap=(TURNOVER,))

    flip = counterfactuals.changes(judge, terms)[0]

    assert flip.words == "from 10 million USD revenue a year: appears to need a separate license"
    assert flip.profile.revenue_year == 10_000_000


def test_a_size_in_another_currency_is_told_in_both() -> None:
    profile = Profile(commercial=True, revenue_month=50_000, currency="EUR")

    flip = counterfactuals.changes(Judge(profile), standing(revenue_cap=(TURNOVER,)))[0]

    assert flip.words.startswith("from 10 million USD revenue a year (about 8.55 million EUR): ")
    assert flip.profile.currency == "EUR"


def test_a_size_of_another_use_is_nobodys_worry() -> None:
    assert not any("million" in line for line in words(Profile(), standing(revenue_cap=(TURNOVER,))))


def test_ten_countries_are_one_line() -> None:
    excluded = standing(geo_exclusion=(TEN_OF_THE_EU,))

    away = [line for line in words(Profile(seat="US"), excluded) if "seat" in line]
    there = [line for line in words(Profile(seat="IT"), excluded) if "seat" in line]

    assert len(away) == len(there) == 1
    assert away[0].startswith("with your seat in DE, FR, ")
    assert there[0].endswith("or DK: appears permitted")


def test_who_is_held_up_hears_first_what_opens_the_way() -> None:
    flips = counterfactuals.changes(Judge(Profile(commercial=True)), standing(commercial_use=Answer.NO))

    assert flips[0].words == "outside any business: appears permitted"
    assert [flip.better for flip in flips] == sorted((flip.better for flip in flips), reverse=True)


def test_who_may_use_it_hears_first_what_would_close_it() -> None:
    flips = counterfactuals.changes(Judge(Profile()), standing(mau_cap=(CAP,), attribution_notice=Answer.YES))

    assert [flip.verdict for flip in flips][:2] == [Verdict.OBLIGATIONS, Verdict.OBLIGATIONS]
    assert flips[0].words == "also passing the weights on: appears permitted with obligations"
    assert Verdict.NEEDS_LICENSE in [flip.verdict for flip in flips]


def test_the_terms_of_a_base_model_count_too() -> None:
    child = Standing((bundle(),), inherited=(Inherited("acme/base", "made from", bundle("base", mau_cap=(CAP,))),))

    assert any("700 million" in line for line in words(Profile(), child))


def test_unread_terms_are_changed_by_nobodys_plans() -> None:
    assert words(Profile(commercial=True, uses=frozenset({Use.HOST})), Standing((None,))) == []


thresholds = st.builds(
    ThresholdValue,
    metric=st.sampled_from(Metric),
    amount=st.integers(1, 10**9),
    period=st.sampled_from(Period),
    comparator=st.sampled_from(Comparator),
    measured=st.sampled_from(Measured),
    whose=st.sampled_from(Whose),
    applies_to=st.sampled_from(AppliesTo),
    effect=st.sampled_from(Effect),
    currency=st.sampled_from(["USD", "EUR", "CNY", "XAU"]),
)
territories = st.builds(
    TerritoryValue,
    regions=st.lists(st.sampled_from(["EU", "GB", "KR", "US", "CN", "DE"]), min_size=1, max_size=3).map(tuple),
    basis=st.lists(st.sampled_from(Basis), min_size=1, max_size=2).map(tuple),
    effect=st.just(TerritoryEffect.NO_GRANT),
    applies_to=st.sampled_from(["all_models", "multimodal_only"]),
    exception=st.sampled_from(["", "end_users_of_products"]),
)
sizes = st.none() | st.integers(0, 2 * 10**9)
places = st.sampled_from(["DE", "FR", "US", "GB", "EU", "IN"])
profiles = st.builds(
    Profile,
    commercial=st.booleans(),
    uses=st.frozensets(st.sampled_from(Use), max_size=3),
    training=st.none() | st.sampled_from(Training),
    student=st.frozensets(st.sampled_from(Student)),
    users=sizes,
    product_users=sizes,
    users_at=st.sampled_from([(), (("2025-03", 5),), (("2025-03", 10**9),)]),
    revenue_year=sizes,
    revenue_month=sizes,
    product_revenue_year=sizes,
    product_revenue_month=sizes,
    currency=st.sampled_from(["USD", "EUR", "XAG"]),
    seat=st.just("") | places,
    places=st.frozensets(places, max_size=2),
    fields=st.frozensets(st.sampled_from(["military", "spam"])),
    organisation=st.none() | st.sampled_from(Organisation),
    can_show_brand=st.booleans(),
    end_user=st.booleans(),
)
standings = st.builds(
    lambda readings, multimodal, gate: Standing((bundle(**readings),), multimodal=multimodal, gate=gate),
    st.fixed_dictionaries(
        {},
        optional={
            "mau_cap": st.lists(thresholds, min_size=1, max_size=2).map(tuple),
            "branding_required": st.lists(thresholds, min_size=1, max_size=1).map(tuple),
            "geo_exclusion": st.lists(territories, min_size=1, max_size=2).map(tuple),
            "commercial_use": st.sampled_from(Answer),
            "output_training": st.sampled_from(Answer),
        },
    ),
    st.none() | st.booleans(),
    st.sampled_from(["", "auto"]),
)


@given(profiles, standings)
def test_every_flip_has_the_verdict_that_it_tells(profile: Profile, terms: Standing) -> None:
    judge = Judge(profile)
    here = judge.result(terms).verdict

    flips = counterfactuals.changes(judge, terms)

    assert len(flips) <= counterfactuals.MOST
    assert len({flip.words for flip in flips}) == len(flips)
    for flip in flips:
        verdict = Judge(flip.profile).result(terms).verdict
        assert verdict is flip.verdict is not here
        assert flip.words.endswith(f": {verdict.label}")
        assert flip.better is (verdict.rank > here.rank)


@given(profiles, standings)
def test_the_first_is_the_first_of_all(profile: Profile, terms: Standing) -> None:
    flips = counterfactuals.changes(Judge(profile), terms)

    assert counterfactuals.first(Judge(profile), terms) == (flips[0] if flips else None)


@given(profiles, standings)
def test_every_flip_has_an_address(profile: Profile, terms: Standing) -> None:
    for flip in counterfactuals.changes(Judge(profile), terms):
        form = ProfileForm(as_query(flip.profile))

        assert not form.faults()
        assert form.profile() == flip.profile


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_releases_of_the_catalogue_have_a_few_changes_each() -> None:
    standings = bundles.of_releases(Release.objects.with_weights(), bundles.shelf())
    judge = Judge(Profile(commercial=True, uses=frozenset({Use.PRODUCT}), seat="DE", users=5000))

    found = [counterfactuals.changes(judge, terms) for terms in standings.values()]

    assert any(found)
    assert max(map(len, found)) <= counterfactuals.MOST
