"""A proposal is decided: beside what stands today, by somebody else, with a reason that all may see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from licenses import curation
from licenses.clauses import KIND
from licenses.correcting import Sent, correct
from licenses.models import Clause, License, Proposal
from licenses.offers import Offer
from tests.factories import make_license, make_person, make_revision
from tests.licenses.test_publishing import CAP, TEXT, acme, cap
from tests.pages import words

pytestmark = pytest.mark.django_db

SAID = "Section 2 sets the cap at 90 million users, not at 100 million."


@pytest.fixture
def license(db: None) -> License:
    return acme()


@pytest.fixture
def grace(db: None) -> User:
    return make_person("grace", "curator", email="grace@curators.example")


@pytest.fixture
def proposal(license: License, grace: User, now: datetime) -> Proposal:
    return curation.propose(license, [cap()], by=grace, now=now)[0]


@pytest.fixture
def correction(license: License, now: datetime) -> Proposal:
    sent = Sent(SAID, "https://acme.example/terms", "vi@visitors.example")
    return correct(license, KIND["mau_cap"], sent, address=str(uuid4()), now=now)


def bench(proposal: Proposal) -> str:
    return f"/curate/proposals/{proposal.key}/"


def decide(client: Client, proposal: Proposal, do: str, reason: str = "") -> Any:
    return client.post(bench(proposal), {"do": do, "reason": reason})


def seen_by_all(proposal: Proposal) -> str:
    return words(Client().get(proposal.get_absolute_url()).content.decode())


def test_a_reviewer_sees_the_reading_with_its_quotes_found_in_the_text(reviewer: Client, proposal: Proposal) -> None:
    page = reviewer.get(bench(proposal)).content.decode()

    assert "above 100M monthly users" in words(page)
    assert "Nobody has read" in words(page)
    assert "/licenses/acme-license/text/agreement/?revision=" in page
    assert "#:~:text=more%20than%20100%20million%20monthly%20active%20users" in page


def test_a_quote_that_the_text_has_lost_is_named(reviewer: Client, proposal: Proposal) -> None:
    make_revision(
        proposal.license.documents.get(), TEXT.replace("100 million", "90 million"), first_seen_at=proposal.made_at
    )

    assert "not found. These words are not in “Acme License text”" in words(
        reviewer.get(bench(proposal)).content.decode()
    )

    refused = decide(reviewer, proposal, "accept")

    assert refused.status_code == 400
    assert "These words are not in" in words(refused.content.decode())
    assert Proposal.objects.get().is_waiting


def test_accepted_it_is_published_and_everybody_sees_who_decided(reviewer: Client, proposal: Proposal) -> None:
    assert decide(reviewer, proposal, "accept").headers["Location"] == bench(proposal)

    clause = Clause.objects.get(kind="mau_cap")
    assert (clause.read_by, clause.confirmed_by) == ("Grace", "Bob")
    assert "Accepted on" in seen_by_all(proposal)
    assert f"#r-{clause.pk}" in Client().get(proposal.get_absolute_url()).content.decode()


def test_declined_it_says_why_to_all(reviewer: Client, correction: Proposal) -> None:
    refused = decide(reviewer, correction, "decline")
    assert refused.status_code == 400
    assert "Say why, in a sentence" in words(refused.content.decode())

    decide(reviewer, correction, "decline", "Section 2 says 100 million in the wording of May.")

    shown = seen_by_all(correction)
    assert "by Bob" in shown
    assert "Section 2 says 100 million in the wording of May." in shown
    assert Proposal.objects.get().email == ""


def test_who_proposed_it_withdraws_it_and_does_not_accept_it(license: License, now: datetime) -> None:
    ruth = make_person("ruth", "reviewer")
    (own,) = curation.propose(license, [cap()], by=ruth, now=now)
    client = Client()
    client.force_login(ruth, "django.contrib.auth.backends.ModelBackend")

    assert "you cannot accept your own" in words(client.get(bench(own)).content.decode())
    assert decide(client, own, "accept").status_code == 403
    assert decide(client, own, "withdraw", "I misread it.").status_code == 302
    assert "Withdrawn on" in seen_by_all(own)


@pytest.mark.parametrize("do", ["accept", "decline", "withdraw"])
def test_a_curator_sees_it_and_decides_nothing_of_another(curator: Client, proposal: Proposal, do: str) -> None:
    page = words(curator.get(bench(proposal)).content.decode())

    assert "A reviewer decides." in page
    assert decide(curator, proposal, do, "because").status_code == 403
    assert Proposal.objects.get().is_waiting


def test_a_visitor_is_asked_who_they_are(client: Client, proposal: Proposal) -> None:
    assert "login" in client.get(bench(proposal)).headers["Location"]


def test_the_address_of_a_visitor_is_shown_to_reviewers_only(
    curator: Client, reviewer: Client, correction: Proposal
) -> None:
    assert "vi@visitors.example" in reviewer.get(bench(correction)).content.decode()
    assert "visitors.example" not in curator.get(bench(correction)).content.decode()
    assert "visitors.example" not in seen_by_all(correction)


def test_a_correction_is_opened_in_the_form_of_its_clause(curator: Client, correction: Proposal) -> None:
    page = curator.get(bench(correction)).content.decode()

    assert f"/curate/acme-license/clauses/mau_cap/?answers={correction.key}" in page
    assert 'value="accept"' not in page


def test_a_correction_that_a_reading_answers_is_accepted_with_it(
    reviewer: Client, license: License, grace: User, correction: Proposal, now: datetime
) -> None:
    (reading,) = curation.propose(license, [cap(answers=correction)], by=grace, now=now)
    assert "A curator made a reading of it: waiting" in seen_by_all(correction)

    decide(reviewer, reading, "accept")

    assert "Accepted on" in seen_by_all(correction)
    assert Proposal.objects.get(pk=correction.pk).clause == Clause.objects.get(kind="mau_cap")


def test_what_was_published_meanwhile_is_shown_and_nothing_is_overwritten(
    reviewer: Client, license: License, proposal: Proposal, now: datetime
) -> None:
    ruth = make_person("ruth", "reviewer")
    curation.publish(license, [cap(values={"strength": "should"})], by=ruth, now=now)

    assert "What stands today is not what stood there" in words(reviewer.get(bench(proposal)).content.decode())
    late = decide(reviewer, proposal, "accept")

    assert late.status_code == 409
    assert "somebody published another reading" in words(late.content.decode())
    assert "First reader: Ruth" in words(late.content.decode())
    assert Clause.objects.get().reader == ruth


def test_what_is_decided_stays_decided(reviewer: Client, correction: Proposal) -> None:
    decide(reviewer, correction, "decline", "It says 100 million.")

    late = decide(reviewer, correction, "decline", "Once more.")

    assert late.status_code == 409
    assert "somebody decided it meanwhile" in words(late.content.decode())
    assert Proposal.objects.get().decision == "It says 100 million."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"do": "delete"}, "not one of the available choices"),
        ({}, "This field is required"),
        ({"do": "decline", "reason": "x" * 2001}, "at most 2000 characters"),
        ({"do": "decline", "reason": "because\x00"}, "Null characters"),
    ],
)
def test_what_means_nothing_is_refused(
    reviewer: Client, correction: Proposal, fields: dict[str, str], said: str
) -> None:
    page = reviewer.post(bench(correction), fields)

    assert page.status_code == 400
    assert said in words(page.content.decode())


def test_a_proposed_reading_is_shown_to_all(proposal: Proposal) -> None:
    page = Client().get(proposal.get_absolute_url())

    assert CAP["quotes"][0]["words"] in words(page.content.decode())
    assert "by Grace" in words(page.content.decode())
    assert "noindex" in page.content.decode()
    assert "curators.example" not in page.content.decode()


def nothing_said() -> Offer:
    return Offer(KIND["mau_cap"], {"answer": "silent"}, "No number.")


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"effective_on": date(2024, 4, 18)}, "in force since 2024-04-18"),
        ({"first_seen_at": datetime(2024, 5, 1, tzinfo=UTC)}, "so since we first saw it on 2024-05-01"),
        ({}, "undated"),
        (None, "its words are not at hand"),
    ],
    ids=["dated", "seen", "undated", "not fetched"],
)
def test_a_silence_leads_everybody_to_the_public_text_and_says_since_when_it_stands(
    reviewer: Client, grace: User, now: datetime, dates: dict[str, Any] | None, said: str
) -> None:
    license = make_license("Acme License")
    if dates is not None:
        make_revision(license.documents.get(), TEXT, **dates)
    (silence,) = curation.propose(license, [nothing_said()], by=grace, now=now)

    seen, read = Client().get(silence.get_absolute_url()), reviewer.get(bench(silence))

    linked = f'<a href="{{}}">Acme License text</a>, {said}<'
    assert linked.format("/licenses/acme-license/text/agreement/") in seen.content.decode()
    assert linked.format("/curate/acme-license/?document=agreement") in read.content.decode()


def test_after_a_decision_the_next_is_offered_and_it_is_anothers(
    reviewer: Client, correction: Proposal, grace: User, now: datetime
) -> None:
    bob = User.objects.get(username="bob")
    curation.propose(acme("Beta License"), [cap()], by=bob, now=now)
    (later,) = curation.propose(acme("Gamma License"), [cap()], by=grace, now=now + timedelta(minutes=1))
    assert "Next proposal" not in reviewer.get(bench(correction)).content.decode()

    decide(reviewer, correction, "decline", "It says 100 million.")
    page = reviewer.get(bench(correction)).content.decode()

    assert f'href="{bench(later)}">Next proposal</a> User cap of Gamma License' in page
    decide(reviewer, later, "decline", "It says otherwise.")
    assert "No other proposal waits for you." in words(reviewer.get(bench(later)).content.decode())


def test_few_queries(reviewer: Client, proposal: Proposal, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(11):
        reviewer.get(bench(proposal))
    with django_assert_max_num_queries(3):
        Client().get(proposal.get_absolute_url())


def test_few_queries_for_a_silence_and_after_a_decision(
    reviewer: Client, license: License, grace: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    (silence,) = curation.propose(license, [nothing_said()], by=grace, now=now)
    with django_assert_max_num_queries(11):
        reviewer.get(bench(silence))
    with django_assert_max_num_queries(4):
        Client().get(silence.get_absolute_url())
    decide(reviewer, silence, "decline", "Section 2 has one.")
    with django_assert_max_num_queries(14):
        reviewer.get(bench(silence))
