# ruff: noqa: E501 - a row of the table is a line
"""What the form asks: each question where a license in view makes it matter to this profile, and why."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

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
from licenses.clauses.asker import answers, sentence
from licenses.clauses.field import FIELDS_OF_USE
from licenses.clauses.profile import Profile
from licenses.clauses.purposes import PURPOSES
from licenses.clauses.questions import QUESTIONS, InView, asked
from licenses.clauses.reading import Reading, Terms
from licenses.profiles import NAMES, ProfileForm

CAP: dict[str, Any] = {
    "metric": Metric.MAU,
    "amount": 700_000_000,
    "period": Period.CALENDAR_MONTH,
    "comparator": Comparator.GT,
    "measured": Measured.ONGOING,
    "whose": Whose.LICENSEE,
    "applies_to": AppliesTo.ANY_USE,
    "effect": Effect.SEPARATE_LICENSE,
}
MONEY = {"metric": Metric.REVENUE, "currency": "USD", "amount": 10_000_000, "period": Period.YEAR}


def read(kind: str, answer: str = "yes", payload: dict[str, Any] | None = None, **more: Any) -> dict[str, Reading]:
    return {kind: Reading(KIND[kind], Answer(answer), payload=payload or {}, **more)}


def sized(kind: str = "mau_cap", **size: Any) -> dict[str, Reading]:
    return read(kind, "partly", thresholds=(ThresholdValue(**(CAP | size)),))


def placed(basis: Basis, exception: str = "") -> dict[str, Reading]:
    territory = TerritoryValue(("EU",), (basis,), TerritoryEffect.NO_GRANT, exception=exception)
    return read("geo_exclusion", territories=(territory,))


def terms(readings: dict[str, Reading], released_on: date | None = date(2025, 4, 5)) -> Terms:
    return Terms("Acme", released_on, readings)


def profile(address: str) -> Profile:
    form = ProfileForm(QueryDict(address))
    assert form.is_valid(), form.errors
    return form.profile()


def names(address: str, in_view: InView, *stated: str) -> list[str]:
    return [one.question.name for one in asked(profile(address), in_view, stated)]


ALWAYS = ["commercial", "use", "train", "end_user"]
#: question, readings in view, a profile that it matters to, words of why, and a profile that it does not matter to
CASES = [
    ("users", sized(), "", "at your users", "end_user=yes"),
    ("users", sized(metric=Metric.SERVICE_VISITS, applies_to=AppliesTo.COMMERCIAL_USE), "commercial=yes", "at your users", "commercial=no"),
    ("product_users", sized(whose=Whose.PRODUCT), "", "at its users", "end_user=yes"),
    ("daily_users", sized(metric=Metric.DAU), "", "at your daily users", "end_user=yes"),
    ("devices", sized(metric=Metric.DEVICES), "", "at devices", "end_user=yes"),
    ("revenue_year", sized("revenue_cap", **MONEY), "", "at your revenue", "end_user=yes"),
    ("revenue_month", sized("revenue_cap", **MONEY | {"period": Period.MONTH}), "", "monthly revenue", "end_user=yes"),
    ("revenue_year", sized("hosted_service", **MONEY, applies_to=AppliesTo.MODEL_AS_A_SERVICE), "use=host", "revenue", "use=product"),
    ("product_revenue_year", sized("branding_required", **MONEY, whose=Whose.PRODUCT), "use=product", "earns", "use=fine-tune"),
    ("product_revenue_month", sized("branding_required", **MONEY | {"period": Period.MONTH}, whose=Whose.PRODUCT), "use=product", "earns in a month", ""),
    ("currency", sized("revenue_cap", **MONEY), "", "a size in money", "end_user=yes"),
    ("seat", placed(Basis.DOMICILE), "", "nothing to those who sit", ""),
    ("seat", placed(Basis.PRINCIPAL_PLACE_OF_BUSINESS, "end_users_of_products"), "", "nothing to those who sit", "end_user=yes"),
    ("place", placed(Basis.OUTPUT_USE), "", "some places of use", ""),
    ("place", placed(Basis.PLACE_OF_DISTRIBUTION), "use=redistribute", "some places of use", "use=product"),
    ("field", read("field_of_use", payload={"fields": ["military"]}), "", "purposes", ""),
    ("organisation", read("excluded_parties", payload={"who": "some"}), "", "some sort of user", ""),
    ("organisation", read("excluded_parties", payload={"who": "firms", "parties": ["company"]}), "", "some sort of user", ""),
    ("badge", read("branding_required"), "use=product", "badge", "use=fine-tune"),
    ("student", read("distillation_derivative"), "train=own-llm", "trained on outputs", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "readings", "yes", "why", "no"), CASES)
def test_a_question_comes_where_a_license_in_view_looks_at_it(
    name: str, readings: dict[str, Reading], yes: str, why: str, no: str
) -> None:
    found = {one.question.name: one.why for one in asked(profile(yes), {"Acme 1": terms(readings)})}

    assert found[name].startswith("Asked because Acme 1 ")
    assert why in found[name]
    assert name not in names(yes, {"Acme 1": terms({})})
    if no:
        assert name not in names(no, {"Acme 1": terms(readings)})


NEVER = [
    ("organisation", read("excluded_parties", payload={"who": "rivals", "parties": ["competitor"]}), ""),
    ("organisation", read("excluded_parties", "silent"), ""),
    ("seat", placed(Basis.OUTPUT_USE), ""),
    ("place", placed(Basis.DOMICILE), ""),
    ("field", read("field_of_use", "no"), ""),
    ("users", sized(whose=Whose.PRODUCT), ""),
    ("revenue_month", sized("revenue_cap", **MONEY), ""),
    ("student", read("branding_required", payload={"reaches": ["weights"]}), "train=own-llm"),
]


@pytest.mark.parametrize(("name", "readings", "address"), NEVER)
def test_a_question_stays_away_where_nothing_hangs_on_it(name: str, readings: dict[str, Reading], address: str) -> None:
    assert name not in names(address, {"Acme 1": terms(readings)})


def test_four_questions_are_always_asked_and_with_nothing_in_view_no_other() -> None:
    assert names("", {}) == ALWAYS


def test_questions_come_in_one_order_whatever_is_in_view_first() -> None:
    view = {"A": terms(read("field_of_use", payload={"fields": ["military"]})), "B": terms(sized())}

    order = [question.name for question in QUESTIONS]
    assert names("", view) == sorted(names("", view), key=order.index)


def test_an_answered_question_stays_and_says_that_nothing_looks_at_it() -> None:
    kept = {one.question.name: one.why for one in asked(profile("devices=7"), {}, ["devices"])}

    assert kept["devices"] == "No license in view looks at it."


class TestMonths:
    SNAPSHOT = sized(measured=Measured.AT_RELEASE)

    def labels(self, address: str, in_view: InView) -> list[str]:
        return [one.label for one in asked(profile(address), in_view) if one.part]

    def test_a_month_is_asked_once_todays_users_reach_the_size(self) -> None:
        view = {"Llama 4": terms(self.SNAPSHOT)}

        assert self.labels("users=700M", view) == []
        assert self.labels("users=800M", view) == ["Monthly users in March 2025"]
        assert self.labels("product_users=800M", view) == ["Monthly users in March 2025"]
        assert "users" in names("", view)

    def test_or_once_the_month_is_stated(self) -> None:
        view = {"Llama 4": terms(self.SNAPSHOT)}

        assert self.labels("users_at=2025-03:1", view) == ["Monthly users in March 2025"]
        assert self.labels("users_at=2020-01:1", view) == ["Monthly users in 2020-01"]

    def test_its_why_names_those_that_came_out_a_month_later(self) -> None:
        one = {"Llama 4": terms(self.SNAPSHOT)}
        two = one | {"Hunyuan": terms(self.SNAPSHOT)}
        [alone], [both] = ([a for a in asked(profile("users=1B"), view) if a.part] for view in (one, two))

        assert alone.why == "Asked because Llama 4 looks at your users in March 2025, the month before it came out."
        assert "Llama 4 and Hunyuan look at your users in March 2025, the month before they came out" in both.why

    def test_newest_first_and_none_without_a_day_of_release(self) -> None:
        view = {
            "Undated": terms(self.SNAPSHOT, None),
            "Old": terms(self.SNAPSHOT, date(2023, 7, 18)),
            "New": terms(self.SNAPSHOT),
        }

        assert self.labels("users=1B", view) == ["Monthly users in March 2025", "Monthly users in June 2023"]


def test_many_licenses_are_counted() -> None:
    view = {f"License {number}": terms(sized()) for number in range(1, 7)}

    why = next(one.why for one in asked(Profile(), view) if one.question.name == "users")

    assert why == "Asked because License 1 and 5 others look at your users."


def test_only_purposes_that_a_license_closes_are_offered_and_what_is_ticked_stays() -> None:
    view = {"A": terms(read("field_of_use", payload={"fields": ["military", "fraud"]}))}

    offered = next(one.choices for one in asked(profile("field=spam"), view) if one.question.name == "field")

    assert offered == (("military", "Military"), ("spam", "spam"))


def test_every_parameter_of_a_profile_has_its_question_and_every_choice_is_legal() -> None:
    form = ProfileForm()

    assert {question.name for question in QUESTIONS} == set(NAMES)
    assert {slug for slug, _ in PURPOSES} <= set(FIELDS_OF_USE)
    for question in QUESTIONS:
        legal = [str(value) for value, _ in getattr(form.fields[question.name], "choices", [])]
        assert not legal or {str(value) for value, _ in question.choices} - {""} <= set(legal), question.name


SENTENCES = [
    ("commercial=yes&use=host&seat=DE&organisation=company", "a company in Germany that offers an API, commercial"),
    ("commercial=no", "somebody, not commercial"),
    ("commercial=no&use=product&badge=no", "somebody that builds it into a product and cannot show a badge, not commercial"),
    ("commercial=no&train=own-llm&student=published", "somebody that trains its own language model on outputs and publishes the trained model, not commercial"),
    ("seat=EU&users=800M&users_at=2025-03:600M", "somebody in the EU, taken not to be commercial, with 800 million monthly users and 600 million monthly users in 2025-03"),
    ("place=FR&field=military&revenue_year=0.9M&currency=EUR", "somebody, taken to be commercial, for military, used in France, with 900,000 EUR revenue a year"),
    ("commercial=no&end_user=yes&organisation=person", "a person that only uses somebody else’s product, not commercial"),
]  # fmt: skip


@pytest.mark.parametrize(("address", "words"), SENTENCES)
def test_a_profile_in_english(address: str, words: str) -> None:
    assert sentence(profile(address)) == words


EVERYTHING = (
    "commercial=yes&use=product&train=competing&student=alike&end_user=yes&organisation=company&seat=DE&place=FR"
    "&field=military&badge=no&users=1&users_at=2025-03:2&product_users=3&daily_users=4&devices=5&revenue_year=6"
    "&revenue_month=7&product_revenue_year=8&product_revenue_month=9&currency=EUR"
)


def test_every_answer_has_words_of_its_own() -> None:
    said = answers(profile(EVERYTHING))

    assert {one.name for one in said} == set(NAMES)
    assert len({one.words for one in said}) == len(said) == len(fields(Profile)) - 1  # that it was assumed is no answer
