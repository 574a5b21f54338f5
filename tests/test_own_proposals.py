"""Whoever proposed a reading learns what became of it, on the page of their account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from licenses import curation
from licenses.models import License, Proposal
from tests.conftest import browser_of
from tests.factories import make_person
from tests.licenses.publishing import acme, cap
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def grace() -> User:
    return make_person("grace", "curator")


def propose(license: License, by: User) -> Proposal:
    return curation.propose(license, [cap()], by=by, now=timezone.now())[0]


def account(user: User) -> str:
    return browser_of(user).get("/account/").content.decode()


def test_what_waits_is_listed_and_leads_to_where_it_is_decided(grace: User) -> None:
    proposal = propose(acme(), grace)

    page = account(grace)

    assert "1 that waits for a second reader" in words(page)
    assert f'<a href="/curate/proposals/{proposal.key}/">User cap of Acme License</a>' in page


@pytest.mark.parametrize(("deed", "told"), [("decline", "declined by Ruth"), ("accept", "accepted by Ruth")])
def test_what_was_decided_says_by_whom_and_why(grace: User, deed: str, told: str) -> None:
    proposal, ruth = propose(acme(), grace), make_person("ruth", "reviewer")
    getattr(curation, deed)(proposal, by=ruth, now=timezone.now(), reason="I read section 2 as well.")

    page = account(grace)

    assert f"User cap of Acme License: {told} I read section 2 as well." in words(page)
    assert proposal.get_absolute_url() in page
    assert "second reader" not in page


def test_what_was_decided_long_ago_or_is_of_another_is_not_listed(grace: User) -> None:
    ruth = make_person("ruth", "reviewer")
    curation.decline(propose(acme(), grace), by=ruth, now=timezone.now() - timedelta(days=91), reason="No.")
    propose(acme("Beta License"), make_person("bea", "curator"))

    assert "None waits, and none was decided in the last 90 days." in words(account(grace))


def test_two_queries_list_them_however_many(grace: User) -> None:
    ruth = make_person("ruth", "reviewer")
    for name in ("Acme License", "Beta License", "Gamma License"):
        curation.decline(propose(acme(name), grace), by=ruth, now=timezone.now(), reason="No.")
        propose(acme(f"{name} 2"), grace)
    browser = browser_of(grace)

    with CaptureQueriesContext(connection) as asked:
        browser.get("/account/")

    assert len([query for query in asked if "licenses_proposal" in query["sql"]]) == 2
    assert len(asked) <= 9
