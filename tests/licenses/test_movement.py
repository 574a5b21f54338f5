"""Which clauses moved, and for whom it got better or worse. Tables of cases over plain values."""

from __future__ import annotations

from typing import Any

import pytest

from licenses.clauses import CLAUSES, KIND, Answer, Strength
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
from licenses.clauses.reading import Reading
from licenses.movement import Direction, direction, moves


def reading(kind: str, answer: str, **details: Any) -> Reading:
    return Reading(KIND[kind], Answer(answer), **details)


def cap(amount: int, **other: Any) -> ThresholdValue:
    usual: dict[str, Any] = {
        "metric": Metric.MAU,
        "period": Period.MONTH,
        "comparator": Comparator.GT,
        "measured": Measured.ONGOING,
        "whose": Whose.LICENSEE,
        "applies_to": AppliesTo.ANY_USE,
        "effect": Effect.SEPARATE_LICENSE,
    }
    return ThresholdValue(amount=amount, **(usual | other))


def regions(*names: str) -> tuple[TerritoryValue, ...]:
    return (TerritoryValue(names, (Basis.PLACE_OF_USE,), TerritoryEffect.PROHIBITED),)


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        ("commercial_use", "no", "yes", "looser"),
        ("commercial_use", "no", "partly", "looser"),
        ("commercial_use", "yes", "partly", "tighter"),
        ("branding_required", "silent", "yes", "tighter"),
        ("branding_required", "no", "silent", "neither"),
        ("branding_required", "partly", "yes", "tighter"),
        ("output_training", "no", "silent", "looser"),
        ("attribution_notice", "silent", "yes", "neither"),
        ("governing_law", "silent", "yes", "neither"),
        ("revocable_at_will", "yes", "no", "looser"),
        ("mau_cap", "yes", "yes", "neither"),
    ],
)
def test_an_answer_moves_towards_freedom_or_away_from_it(kind: str, before: str, after: str, expected: str) -> None:
    assert direction(reading(kind, before), reading(kind, after)) == expected


@pytest.mark.parametrize("kind", CLAUSES, ids=lambda kind: kind.slug)
def test_there_and_back_is_the_opposite_for_every_kind(kind: Any) -> None:
    opposite = {"looser": "tighter", "tighter": "looser", "neither": "neither"}
    for before in ("yes", "no", "partly", "silent"):
        for after in ("yes", "no", "partly", "silent"):
            one, other = reading(kind.slug, before), reading(kind.slug, after)
            assert direction(other, one) == opposite[direction(one, other)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([cap(100)], [cap(700)], "looser"),
        ([cap(100)], [cap(10)], "tighter"),
        ([cap(100)], [cap(100), cap(20, metric=Metric.REVENUE, currency="USD")], "tighter"),
        ([cap(100)], [cap(900, measured=Measured.AT_RELEASE)], "neither"),
        ([cap(100, period=Period.MONTH)], [cap(700, period=Period.YEAR)], "neither"),
        ([cap(100)], [cap(700), cap(20, metric=Metric.REVENUE, currency="USD")], "neither"),
        ([cap(700)], [cap(100), cap(20, metric=Metric.REVENUE, currency="USD")], "tighter"),
        ([cap(100)], [cap(700, effect=Effect.BRAND_DISPLAY)], "neither"),
    ],
)
def test_a_lower_size_catches_more(before: Any, after: Any, expected: str) -> None:
    was, now = (reading("mau_cap", "yes", thresholds=tuple(sizes)) for sizes in (before, after))

    assert direction(was, now) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(("EU",), ("EU", "GB"), "tighter"), (("EU", "GB"), ("EU",), "looser"), (("EU",), ("KR",), "neither")],
)
def test_more_places_left_out_bind_more(before: Any, after: Any, expected: str) -> None:
    was, now = (reading("geo_exclusion", "yes", territories=regions(*names)) for names in (before, after))

    assert direction(was, now) == expected


def test_what_pulls_both_ways_is_neither() -> None:
    was = reading("field_of_use", "yes", payload={"fields": ["military", "spam"]})
    now = reading("field_of_use", "yes", payload={"fields": ["military", "nuclear"]})

    assert direction(was, now) is Direction.NEITHER


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        ("unilateral_change", ["policy", "duty_to_update"], ["policy"], "looser"),
        ("unilateral_change", ["policy"], ["agreement"], "neither"),
        ("remote_restriction", ["restrict"], ["restrict", "track"], "tighter"),
        ("field_of_use", ["spam"], ["spam", "fraud"], "tighter"),
    ],
)
def test_more_of_what_binds_is_tighter(kind: str, before: list[str], after: list[str], expected: str) -> None:
    name = {"unilateral_change": "what", "remote_restriction": "means", "field_of_use": "fields"}[kind]
    was, now = (reading(kind, "yes", payload={name: entries}) for entries in (before, after))

    assert direction(was, now) == expected


def test_another_way_to_register_is_neither() -> None:
    was, now = (reading("registration", "yes", payload={"means": means}) for means in ("form", "written_permission"))

    assert direction(was, now) is Direction.NEITHER


def test_what_is_only_encouraged_binds_less() -> None:
    must = reading("branding_required", "yes")
    should = reading("branding_required", "yes", strength=Strength.SHOULD)

    assert direction(must, should) is Direction.LOOSER


def test_our_own_way_of_telling_is_no_move() -> None:
    """Free text, addresses and exceptions are in our words, or say nothing new."""
    before = {
        "indemnity": reading("indemnity", "yes", payload={"breadth": "Claims of others"}),
        "mau_cap": reading("mau_cap", "yes", thresholds=(cap(700, exceptions="end users"),)),
    }
    after = {
        "indemnity": reading("indemnity", "yes", payload={"breadth": "Any third-party claim"}),
        "mau_cap": reading("mau_cap", "yes", thresholds=(cap(700, exceptions="Users at the end"),)),
    }

    assert moves(before, after) == []


def test_the_publishers_own_words_are_a_move() -> None:
    was = {"branding_required": reading("branding_required", "yes", payload={"string": "Built with Meta Llama 3"})}
    now = {"branding_required": reading("branding_required", "yes", payload={"string": "Built with Llama"})}

    (move,) = moves(was, now)

    assert (move.direction, move.words) == ("neither", "“Built with Meta Llama 3” → “Built with Llama”")


def test_what_nobody_read_did_not_move() -> None:
    assert moves({}, {"mau_cap": reading("mau_cap", "yes")}) == []


def test_what_appears_and_vanishes_is_said() -> None:
    silent, binding = {"mau_cap": reading("mau_cap", "silent")}, {"mau_cap": reading("mau_cap", "yes")}

    (came,), (went,) = moves(silent, binding), moves(binding, silent)

    assert (came.verb, came.words) == ("appeared", "silent → yes")
    assert went.verb == "vanished"


@pytest.mark.parametrize(
    ("before", "after", "verb"),
    [("no", "yes", "allowed"), ("yes", "no", "forbidden"), ("yes", "partly", "limited"), ("partly", "yes", "allowed")],
)
def test_a_permission_is_given_and_taken(before: str, after: str, verb: str) -> None:
    (move,) = moves(*({"commercial_use": reading("commercial_use", answer)} for answer in (before, after)))

    assert move.verb == verb


def test_a_text_that_falls_silent_neither_gives_nor_takes() -> None:
    was, now = reading("output_rights", "partly"), reading("output_rights", "silent")

    assert direction(was, now) is direction(now, was) is Direction.NEITHER
