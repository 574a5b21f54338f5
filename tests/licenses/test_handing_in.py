"""Readings are handed in: one or all at once, against somebody else's, upon new words, for a correction, and back."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from licenses import curation
from licenses.clauses import KIND
from licenses.models import AuditEntry, Change, Clause, Draft, License, Proposal
from licenses.offers import Offer
from tests.factories import NOW, make_clause, make_person, make_revision
from tests.submitting import controls, submit

from .reading import ACME, CAP, NAMING, SIZED, TEXT, USERS, page_words, read_the_cap

pytestmark = pytest.mark.django_db


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


def test_silence_on_words_that_changed_meanwhile_is_not_published(acme: License, reviewer: Client) -> None:
    form = controls(reviewer.get(CAP))
    make_revision(
        acme.documents.get(), f"{TEXT}\n9. Size\nAbove 5 users you need a license.\n", effective_on=NOW.date()
    )

    page = reviewer.post(CAP, form | {"do": "publish", "answer": "silent", "reason": "I see no number."})

    assert page.status_code == 422
    assert "is of words that changed since you began" in page_words(page)
    assert not Clause.objects.exists()

    submit(reviewer, CAP, "publish", answer="silent", reason="I see no number.")

    assert Clause.objects.get().answer == "silent"


def test_a_form_that_is_sent_twice_is_published_once_and_leaves_no_draft(acme: License, reviewer: Client) -> None:
    form = controls(reviewer.get(CAP)) | {"do": "publish", "answer": "silent", "reason": "I see no number."}

    first, second = (reviewer.post(CAP, form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Clause.objects.count() == 1
    assert not Draft.objects.exists()


def test_pasted_words_are_a_quote_when_the_form_is_sent(acme: License, reviewer: Client) -> None:
    submit(reviewer, NAMING, "publish", answer="yes", reason="It says so.", paste__words="Every model made from it")

    assert Clause.objects.get().quotes.count() == 1
