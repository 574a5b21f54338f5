# ruff: noqa: E501 - a row of the table is a line
"""Who has reached a size, and who is in a place that a license leaves out (domain reference 7.3)."""

from __future__ import annotations

import pytest

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
from licenses.clauses.countries import EU, within
from licenses.verdict import judge

from .plans import bundle, plan, reading, words_of

# Sizes.


def size(amount: int, metric: str = "mau", **facts: str) -> ThresholdValue:
    return ThresholdValue(
        Metric(metric),
        amount,
        Period(facts.get("period", "month")),
        Comparator(facts.get("comparator", "gt")),
        Measured(facts.get("measured", "ongoing")),
        Whose(facts.get("whose", "licensee_and_affiliates")),
        AppliesTo(facts.get("applies_to", "any_use")),
        Effect(facts.get("effect", "separate_license")),
        currency=facts.get("currency", "USD") if metric.endswith("revenue") else "",
        discretion=facts.get("discretion") == "yes",
        exceptions=facts.get("exceptions", ""),
    )


M = 1_000_000
SNAPSHOT = {"measured": "at_release"}
YEARLY = {"metric": "revenue", "period": "year"}
MONTHLY = {"metric": "revenue", "period": "month"}
#: Amount in millions, facts of the size, plan, verdict, and words of what was found or assumed.
SIZES: list[tuple[int, dict[str, str], str, str, str]] = [
    (100, {}, "users=100M", "permitted", ""),
    (100, {}, "users=100000001", "needs-license", "you have over 100 million monthly users: ask Acme"),
    (100, {"comparator": "gte"}, "users=100M", "needs-license", "at least 100 million monthly users"),
    (100, {"comparator": "gte"}, "users=99999999", "permitted", ""),
    (100, {}, "", "permitted", "your users are not stated: they are taken to be fewer"),
    (100, {}, "users=0", "permitted", ""),
    (100, {}, "users=900M&end_user=yes", "permitted", ""),
    (100, {"discretion": "yes"}, "users=900M", "needs-license", "which it may refuse"),
    (100, {"exceptions": "non-profits"}, "users=900M", "needs-license", "(except: non-profits)"),
    (100, {"applies_to": "commercial_use"}, "users=900M", "permitted", ""),
    (100, {"applies_to": "commercial_use"}, "users=900M&commercial=yes", "needs-license", "over 100 million"),
    (100, {"applies_to": "model_as_a_service"}, "users=900M&use=host", "needs-license", "over 100 million"),
    (100, {"applies_to": "model_as_a_service"}, "users=900M&use=sell-access", "needs-license", "over 100 million"),
    (100, {"applies_to": "ai_assistant_product"}, "users=900M&use=product", "needs-license", "over 100 million"),
    (100, {"applies_to": "distribution"}, "users=900M&use=product", "permitted", ""),
    (100, {"applies_to": "distribution"}, "users=900M&use=redistribute", "needs-license", "over 100 million"),
    (100, SNAPSHOT, "users=900M&users_at=2025-03:90M", "permitted", ""),
    (100, SNAPSHOT, "users=90M&users_at=2025-03:900M", "needs-license", "in March 2025"),
    (100, SNAPSHOT, "users=90M&users_at=2025-02:900M", "permitted", "your users in 2025-03 are not stated: today’s number"),
    (100, SNAPSHOT, "users=900M", "needs-license", "today’s number stands for them"),
    (100, SNAPSHOT, "", "permitted", "your users in 2025-03 are not stated: they are taken to be fewer"),
    (100, {"whose": "product"}, "users=900M&product_users=90M", "permitted", ""),
    (100, {"whose": "product"}, "users=900M", "needs-license", "the users of your product are not stated: all of yours"),
    (100, {}, "users=90M&product_users=900M", "needs-license", "over 100 million"),
    (100, {}, "daily_users=900M", "needs-license", "those that you state stand for them"),
    (1, {"metric": "dau"}, "users=900M&daily_users=1M", "permitted", ""),
    (1, {"metric": "dau"}, "users=900M", "needs-license", "your daily users are not stated: the monthly ones"),
    (1, {"metric": "devices"}, "devices=2M", "needs-license", "over 1 million devices"),
    (1, {"metric": "devices"}, "users=900M", "permitted", "your devices are not stated"),
    (20, YEARLY, "revenue_year=20M", "permitted", ""),
    (20, YEARLY | {"comparator": "gte"}, "revenue_year=20M", "needs-license", "at least 20 million USD revenue a year"),
    (20, YEARLY, "revenue_month=2M", "needs-license", "twelve times your monthly revenue"),
    (20, YEARLY, "revenue_month=1M", "permitted", "twelve times your monthly revenue"),
    (20, MONTHLY, "revenue_year=240M", "permitted", "a twelfth of your yearly revenue"),
    (20, MONTHLY, "revenue_year=241M", "needs-license", "a twelfth of your yearly revenue"),
    (20, MONTHLY, "revenue_year=900M&revenue_month=1M", "permitted", ""),
    (20, MONTHLY | {"whose": "product"}, "revenue_month=90M&product_revenue_month=1M", "permitted", ""),
    (20, MONTHLY | {"whose": "product"}, "revenue_month=90M", "needs-license", "over 20 million USD"),
    (20, MONTHLY, "product_revenue_month=90M", "needs-license", "over 20 million USD"),
    (20, YEARLY, "", "permitted", "your revenue is not stated: it is taken to be smaller"),
    (20, YEARLY, "revenue_year=90M&currency=XAF", "unknown", "no rate from XAF to USD is held here"),
    (20, YEARLY, "revenue_year=0&currency=XAF", "permitted", ""),
    (20, YEARLY, "revenue_year=90M&currency=EUR", "needs-license", "reference rates of 2025-06-30"),
    (20, YEARLY, "revenue_year=19M&currency=EUR", "needs-license", "over 20 million"),
    (20, YEARLY, "revenue_year=16M&currency=EUR", "unknown", "too near it"),
    (20, YEARLY, "revenue_year=18M&currency=EUR", "unknown", "about 21.1 million USD"),
    (20, YEARLY, "revenue_year=15M&currency=EUR", "permitted", "about 17.6 million USD"),
    (20, YEARLY | {"effect": "no_rights"}, "revenue_year=90M", "needs-license", "it grants nothing there; ask Acme"),
    (20, YEARLY | {"effect": "security_review"}, "revenue_year=90M", "needs-license", "security review first"),
    (20, YEARLY | {"effect": "registration"}, "revenue_year=90M", "obligations", "before commercial use"),
    (20, YEARLY | {"effect": "royalty"}, "revenue_year=90M", "obligations", "pay what it asks"),
    (20, YEARLY | {"effect": "brand_display"}, "revenue_year=90M", "obligations", "show the words it prescribes"),
    (20, YEARLY | {"effect": "brand_display"}, "revenue_year=90M&badge=no", "needs-license", "which you cannot"),
]  # fmt: skip


@pytest.mark.parametrize(("millions", "facts", "address", "verdict", "words"), SIZES)
def test_a_size(millions: int, facts: dict[str, str], address: str, verdict: str, words: str) -> None:
    limit = size(millions * M, **facts)
    kind = "revenue_cap" if limit.metric.is_money else "mau_cap"

    found = judge(plan(address), bundle(reading(kind, "partly", thresholds=(limit,))))

    assert found.verdict == verdict, words_of(found)
    assert words in words_of(found)
    assert bool(words) == bool(found.findings)


def test_a_size_at_a_release_of_which_nobody_knows_the_day() -> None:
    cap = reading("mau_cap", "yes", thresholds=(size(M, measured="at_release"),))

    found = judge(plan("users=5M&users_at=2025-03:1"), bundle(cap, released_on=None))

    assert found.verdict is Verdict.NEEDS_LICENSE
    assert found.assumed == [
        "your users in the month before the release are not stated: today’s number stands for them"
    ]


def test_sizes_are_joined_by_any_and_every_duty_of_them_is_kept() -> None:
    both = (
        size(M, effect="registration"),
        size(M, "revenue", effect="royalty", period="year"),
        size(900 * M, "revenue", effect="separate_license", period="year"),
    )
    cap = reading("mau_cap", "yes", thresholds=both)

    one = judge(plan("users=5M"), bundle(cap))
    two = judge(plan("users=5M&revenue_year=5M"), bundle(cap))
    all_three = judge(plan("users=5M&revenue_year=905M"), bundle(cap))

    assert [finding.outcome.must for finding in one.duties] == [
        "register with or ask the licensor before commercial use"
    ]
    assert [finding.outcome.must for finding in two.duties] == [
        "register with or ask the licensor before commercial use; pay what it asks"
    ]
    assert all_three.verdict is Verdict.NEEDS_LICENSE


def test_a_permission_by_hand_is_more_than_a_registration_at_a_size_too() -> None:
    limit = size(M, effect="registration")
    asked = reading("registration", "yes", means="written_permission", thresholds=(limit,))

    found = judge(plan("commercial=yes&users=5M"), bundle(asked))

    assert found.verdict is Verdict.NEEDS_LICENSE
    assert found.stops[0].outcome.says.endswith("commercial use needs written permission first")


def test_hosting_up_to_a_size() -> None:
    limit = size(20 * M, "revenue", applies_to="model_as_a_service", period="year")
    for answer in ("yes", "partly"):
        hosted = bundle(reading("hosted_service", answer, thresholds=(limit,)))
        assert judge(plan("use=sell-access&revenue_year=9M"), hosted).verdict is Verdict.PERMITTED
        assert judge(plan("use=sell-access&revenue_year=90M"), hosted).verdict is Verdict.NEEDS_LICENSE
        assert judge(plan("use=host&revenue_year=90M"), hosted).verdict is Verdict.NEEDS_LICENSE
        assert judge(plan("use=product&revenue_year=90M"), hosted).verdict is Verdict.PERMITTED


def test_a_badge_from_a_size_on() -> None:
    limit = size(M, effect="brand_display", whose="product")
    shown = bundle(reading("branding_required", "partly", string="Acme", thresholds=(limit,)))

    assert judge(plan("use=product&product_users=1M"), shown).verdict is Verdict.PERMITTED
    assert judge(plan("use=product&product_users=2M"), shown).verdict is Verdict.OBLIGATIONS
    assert judge(plan("use=product&product_users=2M&badge=no"), shown).verdict is Verdict.NEEDS_LICENSE
    assert judge(plan("use=product&product_users=1M&badge=no"), shown).verdict is Verdict.PERMITTED


def test_a_service_that_counts_as_passing_on_brings_its_duties() -> None:
    hosted = reading("hosted_service", "yes", counts_as_distribution=True)
    notices = reading("attribution_notice", "yes")

    assert judge(plan("use=host"), bundle(notices)).verdict is Verdict.PERMITTED
    assert judge(plan("use=host"), bundle(notices, hosted)).verdict is Verdict.OBLIGATIONS


# Places.

SEAT = (Basis.DOMICILE, Basis.PRINCIPAL_PLACE_OF_BUSINESS)
#: Regions, basis, further facts, plan, whether the model takes in more than text, verdict, words.
PLACES: list[tuple[tuple[str, ...], tuple[Basis, ...], dict[str, str], str, bool | None, str, str]] = [
    (("EU",), SEAT, {}, "seat=DE", None, "prohibited", "it grants nothing in the EU: your seat is there (DE)"),
    (("EU",), SEAT, {}, "seat=EU", None, "prohibited", "your seat is there"),
    (("EU",), SEAT, {}, "seat=CH", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=NO", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=GB", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=RE", None, "prohibited", "your seat is there (RE)"),
    (("DE",), SEAT, {}, "seat=EU", None, "prohibited", "your seat is there (EU)"),
    (("EU",), SEAT, {}, "seat=US&place=DE", None, "permitted", ""),
    (("EU",), SEAT, {}, "", None, "permitted", "your seat is not stated: it is taken to lie elsewhere"),
    (("EU", "GB", "KR"), (Basis.PLACE_OF_USE,), {}, "seat=US&place=KR", None, "prohibited", "nothing in the EU, the UK and South Korea: you use it, or its outputs, there (KR)"),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "seat=DE", None, "prohibited", "where you use it is not stated: your seat stands for it"),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "seat=DE&place=US", None, "permitted", ""),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "", None, "permitted", "where you use it is not stated: it is taken to be elsewhere"),
    (("EU",), (Basis.OUTPUT_USE,), {}, "seat=US&place=US&place=FR", None, "prohibited", "or its outputs, there (FR)"),
    (("EU",), (Basis.PLACE_OF_DISTRIBUTION,), {}, "place=FR", None, "permitted", ""),
    (("EU",), (Basis.PLACE_OF_DISTRIBUTION,), {}, "place=FR&use=redistribute", None, "prohibited", "there (FR)"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", True, "prohibited", "your seat is there"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", False, "permitted", ""),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", None, "unknown", "cannot tell whether it is one of the models"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=US", None, "permitted", ""),
    (("EU",), SEAT, {"applies_to": "the_large_one"}, "seat=DE", True, "unknown", "(the large one)"),
    (("EU",), SEAT, {"exception": "end_users_of_products"}, "seat=DE&end_user=yes", None, "permitted", ""),
    (("EU",), SEAT, {"exception": "end_users_of_products"}, "seat=DE", None, "prohibited", "your seat is there"),
    (("EU",), SEAT, {}, "seat=DE&end_user=yes", None, "prohibited", "your seat is there"),
]  # fmt: skip


@pytest.mark.parametrize(("regions", "basis", "facts", "address", "multimodal", "verdict", "words"), PLACES)
@pytest.mark.parametrize("answer", ["yes", "partly"])
def test_a_place(
    answer: str,
    regions: tuple[str, ...],
    basis: tuple[Basis, ...],
    facts: dict[str, str],
    address: str,
    multimodal: bool | None,
    verdict: str,
    words: str,
) -> None:
    territory = TerritoryValue(regions, basis, TerritoryEffect.NO_GRANT, **facts)
    closed = bundle(reading("geo_exclusion", answer, territories=(territory,)))

    found = judge(plan(address), closed, multimodal)

    assert found.verdict == verdict, words_of(found)
    assert words in words_of(found)
    assert bool(words) == bool(found.findings)


def test_places_that_nobody_wrote_down_cannot_be_judged() -> None:
    found = judge(plan("seat=US"), bundle(reading("geo_exclusion", "yes")))

    assert found.verdict is Verdict.UNKNOWN


def test_the_union_has_27_members_and_is_not_the_economic_area() -> None:
    assert len(EU) == 27
    assert not [place for place in ("CH", "NO", "IS", "LI", "GB", "GL", "NC") if within(place, "EU")]
    assert all(within(place, "EU") for place in ("IE", "GR", "HR", "AX", "GP", "EU"))
