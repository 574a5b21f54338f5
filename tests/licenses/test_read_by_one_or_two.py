"""Every answer says whether one person read it or two, and which kinds ask for two."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from licenses.clauses import READ_TWICE
from tests.factories import make_license, make_release
from tests.pages import words

pytestmark = pytest.mark.django_db

TWO = {"answer": "yes", "confirmed_by": "Bob", "confirmed_on": date(2026, 11, 5)}


@pytest.mark.parametrize(
    ("kind", "reading", "said"),
    [
        ("mau_cap", TWO, "First reader: Ada, 2026-11-01. Second reader: Bob, 2026-11-05."),
        ("mau_cap", "yes", "First reader: Ada, 2026-11-01. Second reader: none yet; this kind asks for one."),
        ("indemnity", "silent", "First reader: Ada, 2026-11-01. Second reader: none yet."),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_beside_the_answer_on_every_page(
    kind: str, reading: dict[str, str] | str, said: str, htmx: bool, client: Client
) -> None:
    make_license("Acme License", **{kind: reading})
    asked = {"HX-Request": "true"} if htmx else {}

    for path in ("/licenses/acme-license/", f"/licenses/acme-license/clauses/{kind}/"):
        assert said in words(client.get(path, headers=asked).content.decode())


def test_the_license_page_counts_them(client: Client) -> None:
    make_license("Acme License", mau_cap=TWO, indemnity="silent")
    make_license("Beta License", mau_cap="yes")
    make_license("Gamma License", mau_cap=TWO)

    assert "1 of 2 answers are confirmed by two" in client.get("/licenses/acme-license/").content.decode()
    gamma = client.get("/licenses/gamma-license/").content.decode()
    assert "All answers are confirmed by two." in gamma
    assert "the others" not in gamma
    assert "one reader’s until a second confirms" in client.get("/licenses/beta-license/").content.decode()


def test_json_says_it_of_what_is_read(client: Client) -> None:
    make_release("Seven", make_license("Acme License", mau_cap=TWO, indemnity="silent"))

    for address in ("/?format=json", "/licenses/?format=json"):
        clauses = client.get(address).json()["rows"][0]["clauses"]
        assert (clauses["mau_cap"]["read_by_two"], clauses["indemnity"]["read_by_two"]) == (True, False)
        assert "read_by_two" not in clauses["revenue_cap"]


def test_kinds_that_two_people_read_are_marked(client: Client) -> None:
    assert client.get("/clauses/").content.decode().count(", read twice</small>") == len(READ_TWICE)
