"""The catch sentence, as a table of cases over plain values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

import pytest

from licenses.catch import SENTENCES, the_catch
from licenses.clauses import CLAUSES, CORE, KIND, Answer, ClauseKind, Nature, Strength
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
from licenses.clauses.reading import Reading, Terms
from licenses.clauses.words import brief, conditions, detail

SNAPSHOT_700M = ThresholdValue(
    metric=Metric.MAU,
    amount=700_000_000,
    period=Period.CALENDAR_MONTH,
    comparator=Comparator.GT,
    measured=Measured.AT_RELEASE,
    whose=Whose.LICENSEE_AND_AFFILIATES,
    applies_to=AppliesTo.ANY_USE,
    effect=Effect.SEPARATE_LICENSE,
    discretion=True,
)
DISPLAY_100M = replace(
    SNAPSHOT_700M,
    amount=100_000_000,
    measured=Measured.ONGOING,
    whose=Whose.PRODUCT,
    applies_to=AppliesTo.COMMERCIAL_USE,
    effect=Effect.BRAND_DISPLAY,
    discretion=False,
)
DISPLAY_20M_USD = replace(DISPLAY_100M, metric=Metric.REVENUE, amount=20_000_000, currency="USD", period=Period.MONTH)
EU = TerritoryValue(
    regions=("EU",),
    basis=(Basis.DOMICILE, Basis.PRINCIPAL_PLACE_OF_BUSINESS),
    effect=TerritoryEffect.NO_GRANT,
    applies_to="multimodal_only",
)


def reading(slug: str, answer: Answer, **details: Any) -> Reading:
    return Reading(KIND[slug], answer, **details)


def openly(kind: ClauseKind) -> Answer:
    return Answer.YES if kind.nature is Nature.PERMISSION else Answer.SILENT


def terms(*readings: Reading, core: bool = True, licensor: str = "Meta", released_on: date | None = None) -> Terms:
    """A license that is open in every core kind but for the readings given."""
    found = {kind.slug: Reading(kind, openly(kind)) for kind in (CORE if core else ())}
    return Terms(licensor, released_on, found | {one.kind.slug: one for one in readings})


KEEP_NOTICES = reading("attribution_notice", Answer.YES, payload={"parts": ["license_copy", "notice_file"]})
KEEP_NOTICE = reading("attribution_notice", Answer.YES, payload={"parts": ["copyright", "license_copy"]})
STATE_CHANGES = reading("state_changes", Answer.YES)


@pytest.mark.parametrize(
    ("license", "catch"),
    [
        (terms(KEEP_NOTICES, STATE_CHANGES), "None: keep the notices, state changes."),
        (terms(KEEP_NOTICE), "None: keep the notice."),
        (terms(), "None: nothing to keep."),
        (
            terms(
                KEEP_NOTICE,
                reading(
                    "branding_required",
                    Answer.PARTLY,
                    payload={"string": "Kimi K2", "where": ["user_interface"]},
                    thresholds=(DISPLAY_100M, DISPLAY_20M_USD),
                ),
            ),
            "Show “Kimi K2” in the interface of a commercial product above 100 million monthly users or "
            "20 million USD revenue a month.",
        ),
        (
            terms(
                reading("mau_cap", Answer.YES, thresholds=(SNAPSHOT_700M,)),
                reading("acceptable_use_policy", Answer.YES),
                reading("field_of_use", Answer.YES, payload={"fields": ["military", "weapons"]}),
                reading("geo_exclusion", Answer.YES, territories=(EU,)),
                reading(
                    "branding_required",
                    Answer.YES,
                    payload={"string": "Built with Llama", "trigger": ["distribution", "product_or_service"]},
                ),
                reading("derivative_naming", Answer.YES, payload={"word": "Llama", "place": "prefix"}),
                released_on=date(2025, 4, 5),
            ),
            "No grant to people and companies based in the EU; "
            "needs a license from Meta if over 700 million monthly users in March 2025; "
            "use policy (2 fields forbidden); "
            "show “Built with Llama” when distributing or building a product on it; "
            "model names begin with “Llama”.",
        ),
        (terms(core=False), "Not read yet."),
        (terms(reading("commercial_use", Answer.NO), core=False), "Not fully read; no commercial use."),
        (
            terms(reading("commercial_use", Answer.NO, payload={"purposes": ["research"]})),
            "No commercial use (research only).",
        ),
        (
            terms(reading("branding_required", Answer.PARTLY, strength=Strength.SHOULD), KEEP_NOTICE),
            "None: keep the notice.",
        ),
    ],
)
def test_the_catch_says_what_binds(license: Terms, catch: str) -> None:
    assert the_catch(license) == catch


@pytest.mark.parametrize("slug", SENTENCES)
def test_every_kind_of_the_catch_has_words_without_details(slug: str) -> None:
    kind = KIND[slug]
    binding = Answer.NO if kind.nature is Nature.PERMISSION else Answer.YES

    catch = the_catch(terms(Reading(kind, binding)))

    assert not catch.startswith("None")
    assert len(catch) > 5


#: Kinds whose details say what they reach, so that the sentence need not.
TOLD_BY_DETAILS = {
    *("mau_cap", "revenue_cap", "geo_exclusion", "field_of_use", "acceptable_use_policy"),
    *("excluded_parties", "derivative_naming", "remote_restriction"),
}


@pytest.mark.parametrize("slug", [slug for slug in SENTENCES if slug not in TOLD_BY_DETAILS])
def test_in_part_reads_otherwise_than_wholly(slug: str) -> None:
    kind = KIND[slug]
    whole = Answer.NO if kind.nature is Nature.PERMISSION else Answer.YES

    assert the_catch(terms(Reading(kind, Answer.PARTLY))) != the_catch(terms(Reading(kind, whole)))


@pytest.mark.parametrize(
    ("others", "catch"),
    [
        ([reading("registration", Answer.YES)], "Register or ask before commercial use."),
        ([], "Free only for research use."),
    ],
)
def test_registration_says_what_limits_commercial_use(others: list[Reading], catch: str) -> None:
    limited = reading("commercial_use", Answer.PARTLY, payload={"purposes": ["research"]})

    assert the_catch(terms(limited, *others)) == catch


@pytest.mark.parametrize(
    ("what", "catch"),
    [
        (["agreement"], "Terms can change under you."),
        (["policy"], "The use policy can change under you."),
        (["duty_to_update"], "You must move to newer versions."),
        (["agreement", "policy"], "Terms can change under you."),
        (None, "Terms can change under you."),
    ],
)
def test_what_may_change_is_named(what: list[str] | None, catch: str) -> None:
    payload = {"what": what} if what else {}

    assert the_catch(terms(reading("unilateral_change", Answer.YES, payload=payload))) == catch


def test_a_size_of_a_service_that_a_cap_has_told_is_not_told_again() -> None:
    cap = reading("revenue_cap", Answer.YES, thresholds=(replace(DISPLAY_20M_USD, effect=Effect.SEPARATE_LICENSE),))
    hosting = reading("hosted_service", Answer.PARTLY, thresholds=cap.thresholds)

    assert "hosting" not in the_catch(terms(cap, hosting))
    assert "hosting" in the_catch(terms(hosting)).lower()
    assert (brief(hosting), detail(hosting)) == ("by size", "license above $20M/month")


def test_a_size_for_one_business_names_it() -> None:
    size = replace(
        DISPLAY_20M_USD,
        effect=Effect.SEPARATE_LICENSE,
        applies_to=AppliesTo.MODEL_AS_A_SERVICE,
        period=Period.ANY_12_MONTHS,
    )

    assert the_catch(terms(reading("revenue_cap", Answer.YES, thresholds=(size,)))) == (
        "Needs a license from Meta if over 20 million USD revenue in any 12 months (model as a service only)."
    )


def test_what_reaches_some_models_only_comes_last() -> None:
    license = terms(
        reading("geo_exclusion", Answer.PARTLY, territories=(EU,)), reading("revocable_at_will", Answer.YES)
    )

    assert the_catch(license) == (
        "Can be ended at will; for multimodal models, no grant to people and companies based in the EU."
    )


@pytest.mark.parametrize(
    ("means", "catch"),
    [
        (["restrict"], "Use can be restricted from afar."),
        (["restrict", "track"], "Use can be restricted or tracked from afar."),
        ([], "Use can be restricted from afar."),
    ],
)
def test_tracking_is_said_only_where_it_is_read(means: list[str], catch: str) -> None:
    assert the_catch(terms(reading("remote_restriction", Answer.YES, payload={"means": means}))) == catch


def test_a_written_permission_is_not_a_form() -> None:
    asked = reading("registration", Answer.YES, payload={"means": "written_permission"})

    assert the_catch(terms(asked)) == "Get written permission before commercial use."


def test_a_copy_that_may_not_be_changed_is_not_free() -> None:
    license = terms(reading("modification", Answer.PARTLY), reading("redistribution", Answer.NO))

    assert the_catch(license) == "May not be passed on; changes within limits."


def test_no_core_kind_is_missing_from_the_catch() -> None:
    assert {kind.slug for kind in CORE} <= set(SENTENCES)


@pytest.mark.parametrize("kind", CORE, ids=attrgetter("slug"))
def test_one_unread_core_kind_is_said(kind: ClauseKind) -> None:
    license = terms()
    readings = {slug: one for slug, one in license.readings.items() if slug != kind.slug}

    assert the_catch(Terms("Meta", None, readings)).startswith("Not fully read")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (
            reading("mau_cap", Answer.YES, thresholds=(SNAPSHOT_700M,)),
            "license above 700M monthly users at release",
        ),
        (
            reading(
                "branding_required",
                Answer.PARTLY,
                payload={"string": "Kimi K2"},
                thresholds=(DISPLAY_100M, DISPLAY_20M_USD),
            ),
            "display “Kimi K2” above 100M monthly users or $20M/month",
        ),
        (
            reading(
                "revenue_cap",
                Answer.YES,
                thresholds=(
                    replace(
                        DISPLAY_20M_USD,
                        amount=10_000_000,
                        comparator=Comparator.GTE,
                        period=Period.YEAR,
                        effect=Effect.NO_RIGHTS,
                    ),
                ),
            ),
            "no rights from $10M/year",
        ),
        (
            reading(
                "revenue_cap",
                Answer.YES,
                thresholds=(
                    replace(DISPLAY_20M_USD, amount=1_000_000_000, currency="CNY", period=Period.CALENDAR_YEAR),
                ),
            ),
            "display the brand above 1B CNY/calendar year",
        ),
        (reading("geo_exclusion", Answer.PARTLY, territories=(EU,)), "not in EU (multimodal)"),
        (reading("derivative_naming", Answer.YES, payload={"word": "Llama"}), "begins “Llama”"),
        (reading("hosted_service", Answer.YES), ""),
    ],
)
def test_a_cell_says_its_size_in_plain_words(one: Reading, words: str) -> None:
    assert detail(one) == words


def test_a_cap_and_a_display_never_look_alike() -> None:
    cap = reading("mau_cap", Answer.YES, thresholds=(SNAPSHOT_700M,))
    display = reading("branding_required", Answer.PARTLY, thresholds=(replace(DISPLAY_100M, amount=700_000_000),))

    assert detail(cap).split(" above")[0] != detail(display).split(" above")[0]


def test_a_snapshot_beside_an_ongoing_size_keeps_the_two_apart() -> None:
    mixed = reading(
        "mau_cap", Answer.YES, thresholds=(SNAPSHOT_700M, replace(SNAPSHOT_700M, measured=Measured.ONGOING))
    )

    assert detail(mixed) == ("license above 700M monthly users at release or above 700M monthly users")


def test_what_a_size_hangs_on_is_said_once() -> None:
    cap = reading("mau_cap", Answer.YES, thresholds=(SNAPSHOT_700M, replace(SNAPSHOT_700M, amount=1)))
    display = reading("branding_required", Answer.PARTLY, thresholds=(DISPLAY_100M,))

    assert conditions(cap) == "affiliates count; the licensor decides alone"
    assert conditions(display) == "the product counts; commercial use only"


def test_the_registry_holds_35_kinds_of_which_14_are_columns() -> None:
    assert (len(CLAUSES), len(CORE)) == (35, 14)
