"""What the form of a clause takes and gives: every reading comes back as it went in, amounts as people write them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from licenses.catalogue import BUNDLED, read_catalogue
from licenses.catalogue.clause_schema import TERRITORY, THRESHOLD
from licenses.catalogue.places import REGIONS, region
from licenses.catalogue.readings import CONTENT
from licenses.clauses import CLAUSES, ClauseKind, FieldType
from licenses.forms import SPOKEN
from licenses.models import Draft
from licenses.offers import Values
from licenses.typed import amount, fields_of, in_words, typed_of, values
from tests.factories import MAU_THRESHOLD, make_license
from tests.submitting import controls

SIZE = {key: MAU_THRESHOLD.get(key, {"or_equivalent": False}.get(key, "")) for key in THRESHOLD.keys}
SALES = SIZE | {"metric": "revenue", "amount": 1_234_567, "currency": "USD"}
PLACE = {"regions": ["EU", "KR"], "basis": ["domicile", "output_use"], "applies_to": "multimodal_only",
         "exception": "", "effect": "no_grant"}  # fmt: skip
FILLED: dict[FieldType, Any] = {
    FieldType.TEXT: "30 days", FieldType.VERBATIM: "Built with “Acme” & co", FieldType.FLAG: False,
    FieldType.URL: "https://acme.example/a?b=c&d=e",
}  # fmt: skip


def full(kind: ClauseKind) -> Values:
    """A reading that says all that a kind can say."""
    return {
        "answer": "partly",
        "strength": "should",
        "note": "In our words:\nas <b>many</b> as it takes.",
        "payload": {part.name: FILLED.get(part.type, [*part.choices[:2]] if part.type is FieldType.CHOICES
                                          else next(iter(part.choices), "")) for part in kind.payload},
        "thresholds": [SIZE, SALES] if kind.has_thresholds else [],
        "territories": [PLACE] if kind.has_territories else [],
        "quotes": [{"document": "agreement", "section": "2", "words": "the “word” & <more>"}],
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("kind", CLAUSES, ids=lambda kind: kind.slug)
def test_every_kinds_form_gives_back_what_it_shows(kind: ClauseKind, curator: Client) -> None:
    license = make_license("Acme")
    Draft.objects.create(
        user_id=curator.session["_auth_user_id"], license=license, kind=kind.slug, fields=typed_of(full(kind)),
        saved_at="2026-11-21T12:00Z",
    )  # fmt: skip

    sent = controls(curator.get(f"/curate/acme/clauses/{kind.slug}/"))

    assert values(kind, fields_of(kind, sent)) == (full(kind), {})


def test_every_reading_that_we_ship_comes_back_as_it_went_in() -> None:
    kinds = {kind.slug: kind for kind in CLAUSES}
    bundled = read_catalogue(BUNDLED)[0]
    lost = []
    for slug, license in bundled.licenses.items():
        for (kind, until), dated in license["readings"].items():
            said = {key: dated.reading[key] for key in CONTENT}
            if values(kinds[kind], fields_of(kinds[kind], typed_of(said))) != (said, {}):
                lost.append((slug, kind, until))

    assert lost == []


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("700 million", 700_000_000), ("700M", 700_000_000), ("20,000,000", 20_000_000), ("20 000 000", 20_000_000),
        ("1.5 million", 1_500_000), ("$10M", 10_000_000), ("€ 1bn", 1_000_000_000), ("250k", 250_000), ("12", 12),
        ("1.000.000", 1_000_000), ("1'000'000", 1_000_000), (" 2 Billion ", 2_000_000_000), ("100 mio.", 100_000_000),
        ("", None), ("many", None), ("0", None), ("-5", None), ("1.5", None), ("1,5 million", None), ("1.500", None),
        ("10,00", None), ("1 dozen", None), ("9" * 30, None), ("9999999999 billion", None), ("१२", None), ("1e9", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(said: str, number: int | None) -> None:
    assert amount(said) == number


def test_an_endless_amount_is_refused_at_once() -> None:
    began = time.monotonic()

    assert amount("$" + " " * 31_000 + "x") is None
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("number", [1, 999, 20_000, 700_000_000, 1_500_000, 123_456_789, 2**63 - 1, 1_000_000_001])
def test_an_amount_in_words_is_the_same_amount(number: int) -> None:
    assert amount(in_words(number)) == number


@pytest.mark.parametrize(
    ("said", "code"),
    [("the EU", "EU"), ("European Union", "EU"), ("uk", "GB"), ("South Korea", "KR"), ("de", "DE"), ("Atlantis", "")],
)
def test_places_are_known_by_name_and_code(said: str, code: str) -> None:
    assert region(said) == code


def test_every_place_has_a_name_of_its_own() -> None:
    assert sorted(region(code) for code in REGIONS) == sorted(REGIONS)


@pytest.mark.parametrize("declared", SPOKEN, ids=str)
def test_the_form_speaks_every_word_that_is_declared(declared: Any) -> None:
    assert list(SPOKEN[declared]) == [str(word.value) for word in declared]


def test_a_row_has_the_fields_of_the_catalogues_files() -> None:
    assert set(PLACE) == set(TERRITORY.keys)
