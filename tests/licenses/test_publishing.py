"""A reading is published: clause, change and feed entry in one transaction, or nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from licenses import curation
from licenses.clauses import KIND
from licenses.models import AuditEntry, Change, Clause, License, Proposal
from licenses.offers import Offer, Refused
from tests.factories import make_license, make_person, make_revision

pytestmark = pytest.mark.django_db

TEXT = """1. Grant
You may use the model for any purpose.

2. Large services
If you have more than 100 million monthly active users, ask for a license first.
"""
CAP: dict[str, Any] = {
    "answer": "yes",
    "strength": "must",
    "quotes": [{"document": "agreement", "section": "2", "words": "more than 100 million monthly active users"}],
    "thresholds": [{
        "metric": "mau", "amount": 100_000_000, "period": "month", "comparator": "gt", "measured": "ongoing",
        "whose": "licensee", "applies_to": "any_use", "effect": "separate_license",
    }],
}  # fmt: skip


def cap(**changes: Any) -> Offer:
    return Offer(KIND["mau_cap"], CAP | changes.pop("values", {}), "The second section says so.", **changes)


def acme() -> License:
    license = make_license("Acme License")
    make_revision(license.documents.get(), TEXT)
    return license


def test_a_published_reading_is_on_every_page_at_once(client: Client, now: datetime) -> None:
    license, ada = acme(), make_person("ada", "reviewer")

    curation.publish(license, [cap()], by=ada, now=now)

    assert "100M" in client.get("/licenses/acme-license/").content.decode()
    assert "100M" in client.get("/changes.rss").content.decode()
    quote = Clause.objects.get(kind="mau_cap").quotes.get()
    assert (quote.state, TEXT[quote.start : quote.end]) == ("found", quote.exact)
    assert AuditEntry.objects.get().by_name == "Ada"


def test_words_that_are_not_in_the_text_are_refused_and_nothing_is_written(now: datetime) -> None:
    license, ada = acme(), make_person("ada", "reviewer")
    made_up = {"quotes": [{"document": "agreement", "section": "2", "words": "more than 200 million users"}]}

    with pytest.raises(Refused) as refused:
        curation.publish(license, [cap(values=made_up)], by=ada, now=now)

    assert "are not in “Acme License text”" in refused.value.faults["mau_cap"]["quotes.0.words"][0]
    assert not Clause.objects.exists()
    assert not Change.objects.exists()


def test_a_proposal_is_confirmed_by_two(now: datetime) -> None:
    license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
    (proposal,) = curation.propose(license, [cap()], by=ada, now=now)

    curation.accept(proposal, by=bob, now=now)

    clause = Clause.objects.get(kind="mau_cap")
    assert (clause.read_by, clause.confirmed_by) == ("Ada", "Bob")
    assert Proposal.objects.get().outcome == "accepted"


def test_new_words_end_the_earlier_reading_and_leave_it_true_of_the_earlier_words(now: datetime) -> None:
    license, ada = acme(), make_person("ada", "reviewer")
    curation.publish(license, [cap()], by=ada, now=now)
    was = Clause.objects.current().get()
    make_revision(license.documents.get(), TEXT.replace("100 million", "90 million"), effective_on=date(2026, 9, 1))
    words = {
        "quotes": [{"document": "agreement", "section": "2", "words": "more than 90 million monthly active users"}]
    }

    curation.publish(license, [cap(values=words, based_on=was.pk, since=date(2026, 9, 1))], by=ada, now=now)

    past, today = Clause.objects.standing().order_by("effective_to")
    assert (past.effective_to, past.quotes.get().exact) == (
        date(2026, 9, 1),
        "more than 100 million monthly active users",
    )
    assert (today.effective_from, today.supersedes) == (date(2026, 9, 1), None)
