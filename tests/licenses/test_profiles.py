"""Who asks, as addresses and files say it: what is understood, and what is refused with its cure."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from django.http import QueryDict

from licenses.clauses.profile import Organisation, Profile, Student, Training, Use
from licenses.profiles import (
    LARGEST,
    NAMES,
    NUMBERS,
    ProfileForm,
    as_query,
    carried,
    of_mapping,
    stated,
    without,
)


def form(address: str = "", **values: Any) -> ProfileForm:
    query = QueryDict(address, mutable=True)
    for name, value in values.items():
        query.setlist(name, value if isinstance(value, list) else [value])
    return ProfileForm(query)


def profile(address: str = "", **values: Any) -> Profile:
    found = form(address, **values)
    assert not found.faults()
    return found.profile()


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("700000000", 700_000_000),
        ("700M", 700_000_000),
        ("700 m", 700_000_000),
        ("1,000,000", 1_000_000),
        ("1 000 000", 1_000_000),
        ("1_000_000", 1_000_000),
        ("1’000’000", 1_000_000),
        ("20 million", 20_000_000),
        ("20 Million", 20_000_000),
        ("1.5b", 1_500_000_000),
        ("0.9M", 900_000),
        ("1.0M", 1_000_000),
        ("12k", 12_000),
        ("3 thousand", 3_000),
        ("2 billion", 2_000_000_000),
        ("0", 0),
        ("007", 7),
        (" 5 ", 5),
        (str(LARGEST), LARGEST),
    ],
)
def test_a_number_as_people_write_it(said: str, number: int) -> None:
    assert profile(users=said).users == number
    assert profile(users_at=f"2025-03:{said}").users_at == (("2025-03", number),)


REFUSED = [
    "1.000M",
    "2.500k",
    "-5",
    "+5",
    "1e9",
    "NaN",
    "inf",
    "١٢٣",
    "７００",
    "1.5",
    "1.000",
    "1.000.000",
    "1,00",
    "1,0000",
    "5 M users",
]
REFUSED += ["M", "5x", "5 trillion", "0x10", "1/2", "<b>5</b>", "5\x00", "1" + "0" * 20, "5\u212a", ".5M", "5.M"]


@pytest.mark.parametrize("said", REFUSED)
@pytest.mark.parametrize("name", ["users", "users_at"])
def test_what_is_no_number_is_refused_with_its_cure(name: str, said: str) -> None:
    faults = form(**{name: f"2025-03:{said}" if name == "users_at" else said}).faults()

    assert list(faults) == [name]
    assert re.search(
        "is no number. Write 700000000, 700M or 20 million|can be read in two ways. Write 20,000", faults[name][0]
    )


@pytest.mark.parametrize("said", [str(LARGEST + 1), "2000000 b", "9999999999999999"])
def test_more_than_anybody_has_is_refused(said: str) -> None:
    assert form(users=said).faults()["users"] == [f"“{said}” is more than anybody has. Write at most 1000000000000000."]


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_read_alike(name: str) -> None:
    assert getattr(profile(**{name: "1.5M"}), name) == 1_500_000
    assert getattr(profile(**{name: ""}), name) is None
    assert list(form(**{name: "many"}).faults()) == [name]


@pytest.mark.parametrize(
    "said", ["2025-13:5", "2025-3:5", "1999-01:5", "2025-03", "2025-03:", ":5", "March:5", "2٠25-03:5"]
)
def test_what_is_no_month_is_refused_with_its_cure(said: str) -> None:
    found = form(users_at=said).faults()["users_at"][0]

    assert found == f"“{said}” is no month with a number. Write a month and its number of users, such as 2025-03:800M."


def test_months_are_put_in_order_and_the_last_word_on_one_counts() -> None:
    found = profile(users_at=["2025-03:1M", "2024-01:5", "2025-03:2M", ""])

    assert found.users_at == (("2024-01", 5), ("2025-03", 2_000_000))


def test_everything_at_once() -> None:
    found = profile(
        "commercial=yes&use=product&use=host&seat=DE&place=FR&place=EU&organisation=non_profit&train=competing"
        "&student=published&student=alike&field=military&badge=no&end_user=yes&currency=EUR"
    )

    assert found == Profile(
        commercial=True,
        uses=frozenset({Use.PRODUCT, Use.HOST}),
        training=Training.COMPETING,
        student=frozenset(Student),
        seat="DE",
        places=frozenset({"FR", "EU"}),
        fields=frozenset({"military"}),
        organisation=Organisation.NON_PROFIT,
        can_show_brand=False,
        end_user=True,
        currency="EUR",
    )


def test_what_is_not_stated_is_the_harmless_case() -> None:
    assert profile("commercial=no") == Profile()
    assert profile() == profile("&".join(f"{name}=" for name in NAMES)) == Profile(commercial_assumed=True)
    assert as_query(Profile()).urlencode() == "commercial=no"


@pytest.mark.parametrize(
    ("address", "name", "words"),
    [
        ("commercial=maybe", "commercial", "“maybe” cannot be used with “commercial”. Use one of: yes, no."),
        ("use=product&use=fly", "use", "“fly” cannot be used with “use”. Use one of: evaluate, product, host"),
        ("train=pets", "train", "“pets” cannot be used with “train”. Use one of: own-llm, competing."),
        ("student=happy", "student", "Use one of: published, alike."),
        ("organisation=club", "organisation", "Use one of: company, non_profit, public_body, university, person."),
        ("seat=Germany", "seat", "“Germany” cannot be used with “seat”. Use one of: two letters, such as DE or US;"),
        ("place=de", "place", "two letters, such as DE or US; EU for the European Union."),
        ("seat=XX", "seat", "“XX” cannot be used"),
        ("field=gardening", "field", "“gardening” cannot be used with “field”. Use one of: illegal_activity,"),
        ("badge=true", "badge", "Use one of: yes, no."),
        ("end_user=1", "end_user", "Use one of: yes, no."),
        ("currency=euro", "currency", "Write the currency as its three letters, such as EUR."),
        ("currency=%00%00%00", "currency", "Write the currency as its three letters, such as EUR."),
        ("seat=D%00", "seat", "cannot be used with “seat”"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_field_and_cure(address: str, name: str, words: str) -> None:
    faults = form(address).faults()

    assert list(faults) == [name]
    assert words in faults[name][0]


def test_other_parameters_of_an_address_are_none_of_its_business() -> None:
    query = QueryDict("commercial=yes&use=host&use=&mau_cap=no&page=2&seat=")

    assert not ProfileForm(query).faults()
    assert stated(query)
    assert carried(query).urlencode() == "commercial=yes&use=host"
    assert without(query).urlencode() == "mau_cap=no&page=2"


@pytest.mark.parametrize(
    ("address", "says"), [("use=&use=host", True), ("use=host&use=", True), ("use=&seat=", False), ("page=2", False)]
)
def test_an_address_states_a_profile_or_does_not(address: str, says: bool) -> None:
    assert stated(QueryDict(address)) is says


# A file.


def test_a_file_says_it_in_yaml() -> None:
    said = """
    commercial: yes
    use: [product, host]
    seat: NO
    place: [NO, DE, no]
    users: 700_000_000
    users_at: ["2025-03:800M"]
    revenue_year: 20 million
    currency: EUR
    badge: no
    end_user: false
    product_users:
    field: []
    """

    found = of_mapping(yaml.safe_load(said))

    assert not found.faults()
    assert found.profile() == Profile(
        commercial=True,
        uses=frozenset({Use.PRODUCT, Use.HOST}),
        seat="NO",
        places=frozenset({"NO", "DE"}),
        users=700_000_000,
        users_at=(("2025-03", 800_000_000),),
        revenue_year=20_000_000,
        currency="EUR",
        can_show_brand=False,
    )


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"user": "800M"}, "user", "“user” is no part of a profile. Use: commercial, use, train"),
        ({"users": -1}, "users", "“-1” is no number"),
        ({"users": 1.5}, "users", "“1.5” can be read in two ways"),
        ({"users": True}, "users", "“yes” is no number"),
        ({"users_at": {"2025-03": 5}}, "users_at", "is no month with a number"),
        ({"use": {"product": True}}, "use", "cannot be used with “use”"),
        ({"seat": True}, "seat", "“yes” cannot be used with “seat”"),
        ({True: "yes"}, "True", "“True” is no part of a profile"),
        ({"commercial": "Yes"}, "commercial", "Use one of: yes, no."),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_cure(values: dict[Any, Any], name: str, words: str) -> None:
    faults = of_mapping(values).faults()

    assert list(faults) == [name]
    assert words in faults[name][0]


# Strangers.

MANY = 5_000
LONG = "9,999" * 20_000
HOSTILE: list[dict[str, Any]] = [
    {"use": ["fly"] * MANY},
    {"place": [f"X{number}" for number in range(MANY)]},
    {"field": ["military"] * MANY + ["no"]},
    {"users_at": [f"20{n % 100:02}-{n % 12 + 1:02}:{n}M" for n in range(MANY)] + ["x"]},
    {"users_at": f"2025-03:{LONG}"},
    {"users": LONG},
    {"users": "1" * 100_000},
    {"users": "1," * 50_000 + "x"},
    {"revenue_year": " " * 100_000 + "x"},
    {"seat": "D" * 100_000},
    {"currency": "E" * 100_000},
    {"currency": "\x00" * 100_000},
    {"use": "\x00"},
    {"users": "\ud800"},
    {"use": "\ud800" * 1000},
]


@pytest.mark.parametrize("values", HOSTILE, ids=lambda values: next(iter(values)))
def test_hostile_input_is_refused_in_few_words(values: dict[str, Any]) -> None:
    faults = form(**values).faults()

    assert list(faults) == list(values)
    assert sum(len(words) for words in faults[next(iter(values))]) < 2_000


def test_a_file_with_many_strange_keys_names_a_few_of_them() -> None:
    faults = of_mapping({f"key{number}" * 1_000: 1 for number in range(MANY)}).faults()

    assert len(faults) == 3
    assert len(str(faults)) < 2_000


def test_legal_values_said_thousands_of_times_are_said_once() -> None:
    found = profile(use=["host"] * MANY, users_at=["2025-03:5"] * MANY)

    assert found == Profile(commercial_assumed=True, uses=frozenset({Use.HOST}), users_at=(("2025-03", 5),))


@pytest.mark.parametrize(
    ("address", "commercial"),
    [
        ("organisation=company", True),
        ("revenue_year=5", True),
        ("use=sell-outputs", True),
        ("use=sell-access", True),
        ("use=product&organisation=university", False),
        ("revenue_year=0", False),
        ("seat=DE", False),
    ],
)
def test_whether_it_is_for_a_business_is_taken_from_the_other_answers_and_told(address: str, commercial: bool) -> None:
    found = profile(address)

    assert (found.commercial, found.commercial_assumed) == (commercial, True)
    assert "is not stated: it is taken for" in found.premises[0]
    assert profile(f"{address}&commercial=no").premises == ()
    assert "commercial" not in as_query(found)
