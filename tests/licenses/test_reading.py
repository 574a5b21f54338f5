"""The reader: a clause is read in its form, kept as a draft, and handed in; nothing typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses import curation
from licenses.clauses import CLAUSES, KIND
from licenses.models import AuditEntry, Change, Clause, Draft, License, Proposal
from licenses.offers import Offer
from tests.conftest import browser_of
from tests.factories import NOW, make_clause, make_license, make_person, make_revision
from tests.pages import words
from tests.submitting import controls, submit

pytestmark = pytest.mark.django_db

TEXT = """1. Grant
You may use the model for any purpose, and sell what you make with it.

2. Large Services
If you have more than 100 million monthly active users, ask for a license first. You may not use it in Atlantis.

3. Names
Every model made from it begins with the word Acme, wherever it is published and whoever made it in the end.
"""
ACME = "/curate/acme/"
CAP = f"{ACME}clauses/mau_cap/"
NAMING = f"{ACME}clauses/governing_law/"
SIZE = {
    "amount": "100 million", "metric": "mau", "period": "month", "comparator": "gt", "measured": "ongoing",
    "whose": "licensee", "applies_to": "any_use", "effect": "separate_license",
}  # fmt: skip
SIZED = {f"thresholds__0__{key}": value for key, value in SIZE.items()}
USERS = "more than 100 million monthly active users"


@pytest.fixture
def acme(db: None) -> License:
    license = make_license("Acme")
    make_revision(license.documents.get(), TEXT)
    return license


def page_words(page: Any) -> str:
    return words(page.content.decode())


def read_the_cap(client: Client) -> Any:
    submit(client, CAP, "quote", paste__words=USERS)
    return submit(client, CAP, "publish", answer="yes", reason="The second section says so.", **SIZED)


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
    assert "Why it reads so: is missing. Say why it reads so" in page_words(page)
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


# Two at once.


def test_a_conflict_shows_both_and_loses_nothing(acme: License, reviewer: Client) -> None:
    submit(reviewer, CAP, "quote", paste__words=USERS)
    submit(reviewer, CAP, "keep", answer="yes", note="Mine.", reason="I read it so.", **SIZED)
    offer = Offer(KIND["mau_cap"], {"answer": "silent", "note": "Theirs."}, "I see no number.")
    curation.publish(acme, [offer], by=make_person("eve", "reviewer"), now=NOW)

    page = submit(reviewer, CAP, "publish")

    said = page_words(page)
    assert page.status_code == 409
    assert "Theirs, published silent" in said
    assert "Read by Eve on 2026-11-21. Why: I see no number." in said
    assert "yes license above 100M monthly users" in said
    assert f"“{USERS}” Mine. Why: I read it so." in said
    assert Clause.objects.current().get().answer == "silent"

    theirs = Clause.objects.current().get()
    reviewer.post(CAP, {"do": "rebase", "based_on": theirs.pk})
    submit(reviewer, CAP, "publish")

    mine = Clause.objects.current().get()
    assert (mine.answer, mine.note, mine.supersedes) == ("yes", "Mine.", theirs)


def test_theirs_is_kept_and_the_draft_dropped(acme: License, reviewer: Client) -> None:
    submit(reviewer, CAP, "keep", answer="partly")
    make_clause(acme, "mau_cap", answer="silent")

    assert "Another reading was published since you began" in page_words(reviewer.get(CAP))
    submit(reviewer, CAP, "discard")

    assert controls(reviewer.get(CAP))["answer"] == ["silent"]


def test_a_form_opened_before_somebody_published_is_a_conflict_too(acme: License, reviewer: Client) -> None:
    fields = controls(reviewer.get(NAMING)) | {"answer": "silent", "reason": "Nothing there.", "do": "publish"}
    make_clause(acme, "governing_law", answer="silent")

    assert reviewer.post(NAMING, fields).status_code == 409
    assert Draft.objects.get().based_on is None


def test_a_forged_base_is_a_conflict(acme: License, reviewer: Client) -> None:
    fields = controls(reviewer.get(NAMING)) | {"answer": "silent", "reason": "Nothing.", "do": "publish"}

    assert reviewer.post(NAMING, fields | {"based_on": "999999"}).status_code == 409
    assert reviewer.post(NAMING, fields | {"based_on": "no number"}).status_code == 302


# All at once, and back.


def test_all_drafts_are_published_at_once(acme: License, reviewer: Client, curator: Client) -> None:
    for client in (reviewer, curator):
        submit(client, NAMING, "keep", answer="silent", reason="No law is named.")
        submit(client, f"{ACME}clauses/revenue_cap/", "keep", answer="silent", reason="No amount is named.")

    assert "Publish all 2 drafts" in page_words(reviewer.get(ACME))
    page = reviewer.post(f"{ACME}publish/", follow=True)

    assert "All published: Acme." in page_words(page)
    assert len(Change.objects.get().moved) == 2
    assert curator.post(f"{ACME}publish/").status_code == 409
    assert Draft.objects.count() == 2


def test_a_curators_drafts_are_published_or_handed_in_as_the_policy_has_it(acme: License, curator: Client) -> None:
    submit(curator, NAMING, "keep", answer="silent", reason="No law is named.")
    submit(curator, f"{ACME}clauses/revenue_cap/", "keep", answer="silent", reason="No amount is named.")

    page = curator.post(f"{ACME}publish/", follow=True)

    assert "1 handed in for a second reader, the rest published: Acme." in page_words(page)
    assert (Clause.objects.get().kind, Proposal.objects.get().kind) == ("governing_law", "revenue_cap")


def test_one_faulty_draft_keeps_all_back_and_is_named(acme: License, reviewer: Client) -> None:
    submit(reviewer, NAMING, "keep", answer="silent", reason="No law is named.")
    submit(reviewer, CAP, "keep", answer="yes", reason="So.")

    page = reviewer.post(f"{ACME}publish/")

    assert page.status_code == 422
    assert f'href="{CAP}?check=yes"' in page.content.decode()
    assert "no quote proves it" in page_words(page)
    assert not Clause.objects.exists()
    assert "no quote proves it" in page_words(reviewer.get(f"{CAP}?check=yes"))


def test_an_earlier_reading_stands_again(acme: License, reviewer: Client) -> None:
    submit(reviewer, NAMING, "publish", answer="silent", reason="No law is named.")
    earlier = Clause.objects.current().get()
    submit(reviewer, NAMING, "quote", paste__words="the word Acme")
    submit(reviewer, NAMING, "publish", answer="yes", reason="Acme is a place.")
    today = Clause.objects.current().get()
    back = {"clause": earlier.pk, "based_on": today.pk}

    without_reason = reviewer.post(f"{NAMING}revert/", back)
    stale = reviewer.post(f"{NAMING}revert/", back | {"based_on": earlier.pk, "reason": "It is no place."})
    page = reviewer.post(f"{NAMING}revert/", back | {"reason": "It is no place."}, follow=True)

    assert (without_reason.status_code, stale.status_code) == (422, 409)
    assert "is missing. Say why" in page_words(without_reason)
    assert "The earlier reading stands again" in page_words(page)
    assert Clause.objects.current().get().answer == "silent"
    assert AuditEntry.objects.newest()[0].deed == "reverted"


def test_a_curator_reverts_alone_only_what_one_may_read(acme: License, curator: Client) -> None:
    clause = make_clause(acme, "mau_cap", answer="silent")

    page = curator.post(f"{CAP}revert/", {"clause": clause.pk, "based_on": clause.pk, "reason": "So."})

    assert page.status_code == 403
    assert "hand it in for a second reader" in page_words(page)
    assert curator.post(f"{CAP}revert/", {"clause": "99999", "reason": "So."}).status_code == 404


# New words, and corrections.


def test_new_words_ask_whether_they_changed_it_or_we_read_better(acme: License, reviewer: Client) -> None:
    read_the_cap(reviewer)
    assert "The words changed on" not in page_words(reviewer.get(CAP))
    new = TEXT.replace("100 million", "90 million")
    make_revision(acme.documents.get(), new, effective_on=date(2026, 9, 1))
    fields = {"quotes__0__words": "more than 90 million monthly active users", "thresholds__0__amount": "90M",
              "reason": "It is 90 million now."}  # fmt: skip

    assert "The words changed on 2026-09-01" in page_words(reviewer.get(CAP))
    strange = submit(reviewer, CAP, "publish", since="2026-01-01", **fields)
    submit(reviewer, CAP, "publish", since="2026-09-01", **fields)

    assert "no words of that day are known" in page_words(strange)
    past, today = Clause.objects.standing().order_by("effective_to")
    assert (past.effective_to, today.effective_from) == (date(2026, 9, 1), date(2026, 9, 1))


def test_a_correction_is_shown_and_answered(acme: License, reviewer: Client) -> None:
    sent = Proposal.objects.create(
        license=acme, kind="governing_law", origin="visitor", text="<b>Wrong</b>: there is a law.", made_at=NOW,
        evidence="https://acme.example/law",
    )  # fmt: skip
    sent.refresh_from_db()
    path = f"{NAMING}?answers={sent.key}"

    page = reviewer.get(path)
    assert "&lt;b&gt;Wrong&lt;/b&gt;: there is a law." in page.content.decode()
    assert "a correction waits" in page_words(reviewer.get(ACME))
    submit(reviewer, path, "quote", paste__words="the word Acme")
    submit(reviewer, NAMING, "publish", answer="yes", reason="There is one, indeed.")

    sent.refresh_from_db()
    assert (sent.outcome, sent.clause) == ("accepted", Clause.objects.get())
    assert reviewer.get(f"{CAP}?answers={sent.key}").status_code == 404
    assert reviewer.get(f"{NAMING}?answers=nothing").status_code == 404


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
