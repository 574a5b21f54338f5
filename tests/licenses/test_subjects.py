"""What a handle names: a release, a license by itself, or a model on the Hub."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from licenses import bundles
from licenses.models import License, OpenModel
from licenses.subjects import Subject, found
from tests.conftest import NOW
from tests.factories import make_license, make_model, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db: None) -> License:
    """A license, a release of the same name, another release, and a model."""
    license = make_license("Acme", commercial_use="yes")
    make_release("Acme", license, repos=["acme/one"])
    make_release("Acme 2", license)
    make_license("Plain")
    make_model("acme/one", license=license)
    return license


def look_up(*handles: str) -> dict[str, Subject]:
    return found(handles, bundles.shelf())


@pytest.mark.parametrize(
    ("handle", "sort", "address", "verdict_address"),
    [
        ("acme", "release", "/releases/acme/", "/check/releases/acme/"),
        ("acme-2", "release", "/releases/acme-2/", "/check/releases/acme-2/"),
        ("releases/acme", "release", "/releases/acme/", "/check/releases/acme/"),
        ("plain", "license", "/licenses/plain/", "/check/licenses/plain/"),
        ("licenses/acme", "license", "/licenses/acme/", "/check/licenses/acme/"),
        ("acme/one", "model", "/models/acme/one/", "/check/models/acme/one/"),
    ],
)
def test_a_handle_names_one_thing(handle: str, sort: str, address: str, verdict_address: str, acme: License) -> None:
    subject = look_up(handle)[handle]

    assert (subject.handle, subject.sort) == (handle, sort)
    assert (subject.address, subject.verdict_address) == (address, verdict_address)
    assert (subject.release is not None, subject.model is not None) == (sort == "release", sort == "model")
    assert subject.standing.own
    assert subject.license is not None


def test_several_handles_of_one_thing_are_answered_each(acme: License) -> None:
    answers = look_up("acme", "releases/acme", "licenses/acme")

    assert {handle: one.sort for handle, one in answers.items()} == {
        "acme": "release",
        "releases/acme": "release",
        "licenses/acme": "license",
    }


@pytest.mark.parametrize(
    "handle",
    ["", "/", "gone", "gone/model", "releases/", "releases/gone", "licenses/acme-2", "releases/plain", "acme/one/two",
     "Acme", "ACME/one", "acme ", "acme\x00", "acme/\x00", "\ud800", "a/\ud800", "acme'; --", "a" * 100_000, "%", "_"],
)  # fmt: skip
def test_what_names_nothing_is_left_out(handle: str, acme: License) -> None:
    assert list(look_up(handle, "acme")) == ["acme"]


def test_a_model_that_left_the_hub_is_found_where_a_release_names_it(acme: License) -> None:
    make_model("other/two", license=acme)
    OpenModel.objects.update(gone_at=NOW)

    answers = look_up("acme/one", "other/two")

    assert {handle: subject.sort for handle, subject in answers.items()} == {"acme/one": "release"}


def test_a_name_that_the_hub_would_not_have_given_breaks_nothing(acme: License) -> None:
    make_model("acme/two words?", license=acme)

    subject = look_up("acme/two words?")["acme/two words?"]

    assert subject.verdict_address == subject.address == "/models/"


def test_nothing_asked_nothing_found() -> None:
    assert look_up() == {}


def test_a_handful_of_queries_however_many_handles(
    acme: License, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        make_model(f"me/m{number}", license=acme, base_models=["acme/one", f"gone/{number}"])
        make_release(f"Acme {number + 3}", acme)
    held = bundles.shelf()
    handles = [f"me/m{number}" for number in range(50)] + [f"acme-{number + 3}" for number in range(50)] + ["plain"]

    with django_assert_num_queries(4):
        answers = found(handles, held)

    assert len(answers) == 101
