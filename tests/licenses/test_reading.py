"""The reader: a clause is read in its form, kept as a draft, and handed in; nothing typed is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses.clauses import CLAUSES
from licenses.models import Clause, Draft, License, Proposal
from tests.conftest import browser_of
from tests.factories import NOW, make_clause, make_license, make_person, make_revision
from tests.submitting import controls, submit

from .reading import ACME, CAP, NAMING, SIZED, TEXT, USERS, page_words, read_the_cap

pytestmark = pytest.mark.django_db


def test_a_reviewer_reads_a_clause_and_everybody_sees_it(acme: License, reviewer: Client, client: Client) -> None:
    page = read_the_cap(reviewer)

    assert "Published: User cap in Acme. Next, not read yet: Revenue cap." in page_words(page)
    assert 'href="/licenses/acme/clauses/mau_cap/"' in page.content.decode()
    assert "above 100M monthly users" in page_words(client.get("/licenses/acme/"))
    quote = Clause.objects.get().quotes.get()
    assert (quote.section, quote.exact, quote.state) == ("2. Large Services", USERS, "found")
    assert not Draft.objects.exists()


def test_a_curator_hands_in_what_two_must_read_and_publishes_the_rest(acme: License, curator: Client) -> None:
    assert "Hand in for a second reader" in page_words(curator.get(CAP))
    page = read_the_cap(curator)

    assert "Handed in: your proposal waits for a second reader." in page_words(page)
    assert (Proposal.objects.get().kind, Clause.objects.count()) == ("mau_cap", 0)
    assert "proposal of Ada" in page_words(curator.get(ACME))

    submit(curator, NAMING, "publish", answer="silent", reason="No law is named.")

    assert Clause.objects.get().answer == "silent"


def test_what_is_typed_survives_a_reload_a_logout_and_another_device(acme: License, curator: Client) -> None:
    submit(curator, CAP, "keep", answer="partly", note="Not sure\nyet.", reason="", **SIZED)
    curator.logout()
    elsewhere = browser_of(Draft.objects.get().user)

    fields = controls(elsewhere.get(CAP))

    assert (fields["answer"], fields["note"]) == (["partly"], ["Not sure\r\nyet."])
    assert fields["thresholds.0.amount"] == ["100 million"]
    assert "your draft" in page_words(elsewhere.get(ACME))


def test_the_reader_leads_to_like_licenses_and_to_earlier_readings(acme: License, curator: Client) -> None:
    submit(curator, NAMING, "publish", answer="silent", reason="No law is named.")

    assert f'href="{ACME}copy/"' in curator.get(ACME).content.decode()
    assert f'href="{NAMING}history/"' in curator.get(NAMING).content.decode()


def test_a_draft_is_its_writers_alone(acme: License, curator: Client, reviewer: Client) -> None:
    submit(curator, CAP, "keep", answer="partly", note="Between us.")

    assert "Between us." not in reviewer.get(CAP).content.decode()
    assert "your draft" not in page_words(reviewer.get(ACME))


def test_a_draft_is_thrown_away_with_word_of_what_it_was(acme: License, curator: Client) -> None:
    submit(curator, CAP, "keep", answer="partly", note="Not sure yet.")

    page = submit(curator, CAP, "discard")

    assert "Thrown away, your draft: “partly”, 0 quotes, the note “Not sure yet.”." in page_words(page)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "are missing. Mark them in the text"),
        ("more than 200 million monthly active users", "are not in “Acme text” as it stands now"),
        (" ".join(TEXT.split()[2:20]), "are 18 words. Mark at most 15"),
        ("<script>alert(1)</script>", "are not in “Acme text”"),
    ],
)
def test_words_that_are_no_quote_are_refused_and_stay(acme: License, curator: Client, said: str, why: str) -> None:
    page = submit(curator, CAP, "quote", paste__words=said)

    assert page.status_code == 422
    assert why in page_words(page)
    assert controls(page)["paste.words"] == [said]
    assert "<script>alert" not in page.content.decode()


def test_the_same_words_are_one_quote(acme: License, curator: Client) -> None:
    submit(curator, CAP, "quote", paste__words=USERS)

    page = submit(curator, CAP, "quote", paste__words=USERS.upper())

    assert "are quote 1 already" in page_words(page)


def test_words_that_stand_twice_are_taken_where_they_were_marked(curator: Client) -> None:
    license = make_license("Acme")
    text = "1. One Thing\nKeep the notice.\n\n2. Other Thing\nKeep the notice.\n"
    make_revision(license.documents.get(), text)

    submit(curator, CAP, "quote", paste__words="keep the notice", paste__near=str(text.rindex("Keep")))

    fields = controls(curator.get(CAP))
    assert (fields["quotes.0.section"], fields["quotes.0.words"]) == (["2. Other Thing"], ["Keep the notice"])


def test_a_text_without_headings_counts_its_paragraphs(curator: Client) -> None:
    license = make_license("Acme")
    make_revision(license.documents.get(), "Use it.\n\nKeep the notice.\n")

    submit(curator, CAP, "quote", paste__words="Keep the notice")

    assert controls(curator.get(CAP))["quotes.0.section"] == ["paragraph 2"]


def test_errors_stand_at_their_fields_and_in_a_summary(acme: License, curator: Client) -> None:
    submit(curator, CAP, "quote", paste__words=USERS)

    page = submit(curator, CAP, "publish", answer="yes", **SIZED | {"thresholds__0__amount": "many"})

    assert page.status_code == 422
    markup = page.content.decode()
    assert '<a href="#id_thresholds.0.amount">Size 1, Amount</a>: “many” is no whole number above 0.' in markup
    assert 'aria-describedby="id_thresholds.0.amount_helptext id_thresholds.0.amount_error"' in markup
    assert "Why it reads so: is missing. Say why, in a sentence" in page_words(page)
    assert controls(page)["thresholds.0.amount"] == ["many"]


def test_an_answer_without_a_quote_is_refused(acme: License, curator: Client) -> None:
    page = submit(curator, NAMING, "publish", answer="yes", reason="It says so.")

    assert "the answer is yes, and no quote proves it" in page_words(page)
    assert not Clause.objects.exists()


def test_places_are_named_as_people_name_them(acme: License, reviewer: Client) -> None:
    path = f"{ACME}clauses/geo_exclusion/"
    submit(reviewer, path, "quote", paste__words="You may not use it in Atlantis.")
    submit(reviewer, path, "add:territories")
    place = {"territories__0__basis": ["place_of_use"], "territories__0__effect": "prohibited",
             "territories__0__applies_to": "all_models", "answer": "yes", "reason": "It says so."}  # fmt: skip

    unknown = submit(reviewer, path, "publish", territories__0__regions=["Atlantis", ""], **place)
    submit(reviewer, path, "publish", territories__0__regions=["the EU, UK", "South Korea", ""], **place)

    assert "“Atlantis”: no such place. Use a country's name or code" in page_words(unknown)
    assert Clause.objects.get().territories.get().regions == ["EU", "GB", "KR"]


def test_rows_come_and_go_by_buttons(acme: License, curator: Client) -> None:
    submit(curator, CAP, "keep", **SIZED)
    submit(curator, CAP, "add:thresholds")
    submit(curator, CAP, "keep", thresholds__1__amount="20M")

    submit(curator, CAP, "remove:thresholds.0")

    fields = controls(curator.get(CAP))
    assert fields["thresholds.0.amount"] == ["20M"]
    assert "thresholds.1.amount" not in fields


def test_the_preview_shows_the_cell_and_the_catch_before_and_after(acme: License, curator: Client) -> None:
    fields = controls(curator.get(CAP)) | {name.replace("__", "."): [value] for name, value in SIZED.items()}
    quote = {"quotes.0.document": "agreement", "quotes.0.section": "2", "quotes.0.words": USERS}

    fragment = curator.post(CAP, fields | quote | {"answer": "yes", "do": "keep"}, headers={"HX-Request": "true"})

    said = page_words(fragment)
    assert "<form" not in fragment.content.decode()
    assert "Today: unread Not read yet. With this draft: yes license above 100M monthly users" in said
    assert "needs a license from Acme if over 100 million monthly users" in said
    assert "Not complete: 1 thing still to say." in page_words(
        curator.post(CAP, fields | quote | {"do": "keep"}, headers={"HX-Request": "true"})
    )


# Who and how much.


def test_the_kinds_say_how_far_they_are_read(acme: License, curator: Client) -> None:
    make_clause(acme, "mau_cap", answer="yes")
    make_clause(acme, "revenue_cap", answer="no", confirmed_by="Bob", confirmed_on=date(2026, 11, 2))
    doubted = make_clause(acme, "field_of_use", answer="yes")
    doubted.quotes.update(state="missing", missing_since=NOW)

    said = page_words(curator.get(ACME))

    assert "User cap yes read by one" in said
    assert "Revenue cap no confirmed by two" in said
    assert "Field of use yes in doubt" in said
    assert "Registration not read yet" in said


def test_a_text_that_is_not_there_is_said_plainly(curator: Client) -> None:
    make_license("Acme")

    page = curator.get(CAP)

    assert "The text of “Acme text” is not fetched yet" in page_words(page)
    assert "manage.py texts" in page_words(page)
    refused = submit(curator, CAP, "quote", paste__words="any words")
    assert "is not at hand, so nothing can be quoted from it" in page_words(refused)


@pytest.mark.parametrize("path", [ACME, CAP])
def test_pages_are_for_curators(acme: License, client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    assert browser_of(make_person("zoe")).get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/curate/none/",
        "/curate/none/clauses/mau_cap/",
        f"{ACME}clauses/none/",
        f"{CAP}?document=none",
        f"{ACME}?document=x",
    ],
)
def test_what_is_not_there_is_not_found(acme: License, curator: Client, path: str) -> None:
    assert curator.get(path).status_code == 404


def test_hostile_fields_are_ignored_bounded_and_escaped(acme: License, curator: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    strange = {"thresholds.99.amount": "1", "quotes.x.words": "y", "territories.0.regions": "EU", "is_staff": "1",
               "thresholds.0.evil": "1", "payload.none": "1", "answer": evil, "note": f"{evil}\0", "reason": evil,
               "thresholds.0.metric": evil, "quotes.0.words": evil, "quotes.0.document": evil,
               "paste.near": "-1"}  # fmt: skip

    page = curator.post(CAP, strange | {"do": "publish"})
    too_long = curator.post(CAP, {"do": "keep", "note": "x" * 40_000})

    assert page.status_code == 422
    assert evil not in page.content.decode()
    assert evil not in curator.get(CAP).content.decode()
    assert set(Draft.objects.get().fields) == {"answer", "note", "reason", "thresholds.0.metric", "quotes.0.words",
                                               "quotes.0.document", "paste.near", "territories.0.regions"}  # fmt: skip
    assert too_long.status_code == 413
    assert "drafts hold 32,000 characters" in page_words(too_long)
    assert controls(too_long)["note"] == ["x" * 40_000]


@pytest.mark.parametrize("do", ["add:none", "add:", "remove:quotes.x", "remove:none.1", "remove:", "nothing", "rebase"])
def test_strange_deeds_do_nothing(acme: License, curator: Client, do: str) -> None:
    assert curator.post(CAP, {"do": do, "based_on": "x"}).status_code == 302


def test_pages_keep_their_budget_of_queries(acme: License, curator: Client) -> None:
    for kind in CLAUSES[:12]:
        make_clause(acme, kind.slug, answer="yes")
    submit(curator, CAP, "keep", answer="yes")

    for path in (ACME, CAP):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            curator.get(path)
        assert len(asked) <= 10, [query["sql"][:120] for query in asked]


def test_the_script_stays_small() -> None:
    assert Path(settings.BASE_DIR, "static", "reader.js").stat().st_size <= 8192
