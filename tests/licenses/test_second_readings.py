"""The second reading: another reviewer comes to the same answers, and pages say that two read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.test import Client

from licenses import curation
from licenses.models import AuditEntry, Clause, License
from tests.conftest import browser_of
from tests.factories import NOW, make_clause, make_license, make_person, make_revision
from tests.licenses.waiting import lose_quotes, shown
from tests.pages import words

pytestmark = pytest.mark.django_db
PATH = "/curate/acme-license/confirm/"


def acme(**answers: Any) -> License:
    read_once = {"mau_cap": "yes", "revenue_cap": "silent", "branding_required": "yes", "patent_grant": "silent"}
    return make_license("Acme License", **answers or read_once)


def keys(*kinds: str) -> list[int]:
    return list(Clause.objects.current().filter(kind__in=kinds).values_list("pk", flat=True))


def confirmed() -> dict[str, str]:
    rows = Clause.objects.current().exclude(confirmed_by="").values_list("kind", "confirmed_by")
    return dict(rows)


def read_anew(clause: Clause, answer: str) -> Clause:
    Clause.objects.filter(pk=clause.pk).update(superseded_at=NOW)
    return make_clause(clause.license, clause.kind, answer=answer, read_by="Cleo", supersedes=clause)


def body(page: Any) -> str:
    return words(page.content.decode())


def test_the_page_shows_answer_words_and_reader_of_what_one_person_read(reviewer: Client) -> None:
    make_revision(acme().documents.get(), "Here are the words that prove mau_cap, and no more.")

    page = reviewer.get(PATH)

    assert "One person read 3 core clauses" in body(page)
    assert "“words that prove mau_cap”" in body(page)
    assert "Read on 2026-11-01 by Ada" in body(page)
    assert "#q-mau_cap-1" in page.content.decode()
    assert "/curate/acme-license/clauses/mau_cap/" in page.content.decode()
    assert "patent_grant" not in page.content.decode()


def test_what_is_ticked_is_confirmed_with_the_remark_and_the_rest_waits(reviewer: Client) -> None:
    acme()

    page = reviewer.post(PATH, {"clause": keys("mau_cap", "revenue_cap"), "reason": "Read it all."}, follow=True)

    assert "Confirmed: 2 clauses of Acme License." in body(page)
    assert confirmed() == {"mau_cap": "Bob", "revenue_cap": "Bob"}
    assert set(AuditEntry.objects.values_list("deed", "reason")) == {("confirmed", "Read it all.")}
    assert "Second reading of 1 clause of Acme License" in body(page)


def test_what_a_file_says_that_one_read_is_ones_own_too(now: datetime) -> None:
    clause, ada = make_clause(make_license("Acme License"), "mau_cap", answer="silent"), make_person("ada", "reviewer")

    assert not shown(browser_of(ada).get("/curate/?topic=second"))
    assert "You read it yourself" in body(browser_of(ada).get(PATH))
    with pytest.raises(PermissionDenied):
        curation.confirm([clause], by=ada, now=now)
    assert shown(browser_of(make_person("bob", "reviewer")).get("/curate/?topic=second"))


def test_ones_own_readings_are_shown_and_not_for_oneself(reviewer: Client) -> None:
    make_clause(acme(mau_cap="silent"), "revenue_cap", answer="silent", reader=User.objects.get(username="bob"))

    page = reviewer.get(PATH)

    assert "You read it yourself: a second reading is another person’s." in body(page)
    assert page.content.decode().count(" disabled ") == 1
    assert reviewer.post(PATH, {"clause": keys("mau_cap", "revenue_cap")}).status_code == 403
    assert confirmed() == {}


def test_a_reading_whose_words_are_gone_is_not_confirmed(reviewer: Client) -> None:
    acme(mau_cap="yes", revenue_cap="silent")
    lose_quotes()

    page = reviewer.post(PATH, {"clause": keys("mau_cap", "revenue_cap")})

    assert page.status_code == 409
    assert "User cap: its words are gone from the text. It is to be read anew." in body(page)
    assert confirmed() == {}


@pytest.mark.parametrize("meanwhile", ["read anew", "confirmed"])
def test_what_changed_meanwhile_is_said_and_the_rest_stays_ticked(reviewer: Client, meanwhile: str) -> None:
    acme()
    ticked = keys("mau_cap", "revenue_cap")
    clause = Clause.objects.get(kind="revenue_cap")
    if meanwhile == "read anew":
        read_anew(clause, "yes")
        said = "Revenue cap: read anew by Cleo on 2026-11-01. Look at the new answer."
    else:
        Clause.objects.filter(pk=clause.pk).update(confirmed_by="Cleo", confirmed_on=date(2026, 11, 20))
        said = "Revenue cap: confirmed by Cleo on 2026-11-20."

    page = reviewer.post(PATH, {"clause": ticked, "reason": "I agree."})

    assert page.status_code == 409
    assert said in body(page)
    assert page.content.decode().count(" checked>") == 1
    assert f'value="{keys("mau_cap")[0]}" checked>' in page.content.decode()
    assert "I agree.</textarea>" in page.content.decode()
    assert "Bob" not in confirmed().values()


@pytest.mark.parametrize(
    ("fields", "cure"),
    [
        ({}, "Tick the answers that you come to as well."),
        ({"clause": ["0"]}, "Tick answers of this page."),
        ({"clause": ["x"]}, "Tick answers of this page."),
        ({"clause": ["9" * 30]}, "Tick answers of this page."),
        ({"clause": "mau_cap", "reason": "x" * 2001}, "Use at most 2,000"),
    ],
)
def test_what_cannot_be_confirmed_says_what_to_do(reviewer: Client, fields: dict[str, Any], cure: str) -> None:
    acme()
    if fields.get("clause") == "mau_cap":
        fields = fields | {"clause": keys("mau_cap")}

    page = reviewer.post(PATH, fields)

    assert page.status_code == 400
    assert cure in body(page)
    assert confirmed() == {}


def test_readings_of_another_license_are_not_confirmed_here(reviewer: Client) -> None:
    acme()
    other = make_license("Other", mau_cap="silent")

    page = reviewer.post(PATH, {"clause": list(other.clauses.values_list("pk", flat=True))})

    assert page.status_code == 400
    assert confirmed() == {}


def test_the_second_reading_is_for_reviewers(visitor: Client, curator: Client, reviewer: Client) -> None:
    acme()

    assert visitor.get(PATH).status_code == 302
    assert curator.get(PATH).status_code == 403
    assert curator.post(PATH, {"clause": keys("mau_cap")}).status_code == 403
    assert reviewer.get("/curate/none/confirm/").status_code == 404
    assert confirmed() == {}


def test_names_of_readers_and_notes_are_words(reviewer: Client) -> None:
    acme(mau_cap={"answer": "yes", "note": "<script>alert(1)</script>", "read_by": "<b>Ada</b>"})

    page = reviewer.get(PATH).content.decode()

    assert "<script>alert" not in page
    assert "&lt;b&gt;Ada" in page


def test_the_page_takes_few_queries(reviewer: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    license, ada = acme(), make_person("ada", "reviewer")
    for kind in ("field_of_use", "output_training", "hosted_service"):
        make_clause(license, kind, answer="yes", reader=ada)

    with django_assert_max_num_queries(8):
        reviewer.get(PATH)
