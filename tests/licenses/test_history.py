"""The public history of a clause, and what a person did here."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from licenses import curation
from licenses.clauses import KIND
from licenses.correcting import Sent, correct
from licenses.models import AuditEntry, Clause, Deed, License
from tests.factories import make_license, make_person, make_revision
from tests.licenses.publishing import TEXT, acme, cap, notice
from tests.pages import words

pytestmark = pytest.mark.django_db

HISTORY = "/licenses/acme-license/clauses/mau_cap/history/"
SILENT = {"answer": "silent", "quotes": [], "thresholds": []}


@pytest.fixture
def license(db: None) -> License:
    return acme()


@pytest.fixture
def ruth(db: None) -> User:
    return make_person("ruth", "reviewer")


def entries(client: Client, path: str = HISTORY) -> list[str]:
    """Each reading of a history in words, as it stands on the page."""
    page = client.get(path).content.decode()
    return [words(row) for row in re.findall(r"<li id=\"r-\d+\".*?</li>", page, re.S)]


def today() -> Clause:
    return Clause.objects.current().get(kind="mau_cap")


def test_every_reading_stands_there_with_who_when_and_why(
    client: Client, license: License, ruth: User, now: datetime
) -> None:
    silent = curation.Offer(cap().kind, SILENT | {"strength": "must"}, "I saw no number.")
    curation.publish(license, [silent], by=ruth, now=now)
    curation.publish(license, [cap(based_on=today().pk)], by=ruth, now=now + timedelta(days=1))

    newest, first = entries(client)

    assert newest.startswith("2026-11-22 We read it ▲ silent → yes (license above 100M monthly users")
    assert "Stands today" in newest
    assert "read on 2026-11-22 by Ruth" in newest
    assert "The text says so." in newest
    assert "“more than 100 million monthly active users”" in newest
    assert first.startswith("2026-11-21 We read it not read yet → silent")
    assert "Superseded on 2026-11-22 by a later reading" in first
    assert "I saw no number." in first


def test_other_words_are_their_doing_and_never_ours(
    client: Client, license: License, ruth: User, now: datetime
) -> None:
    curation.publish(license, [cap()], by=ruth, now=now)
    make_revision(license.documents.get(), TEXT.replace("100 million", "90 million"), effective_on=date(2026, 9, 1))
    lower = {
        "quotes": [{"document": "agreement", "section": "2", "words": "more than 90 million monthly active users"}]
    }
    lower |= {"thresholds": [cap().values["thresholds"][0] | {"amount": 90_000_000}]}

    curation.publish(license, [cap(values=lower, based_on=today().pk, since=date(2026, 9, 1))], by=ruth, now=now)

    newest, ended, first = entries(client)
    assert "They changed it Other words since 2026-09-01: ▲" in newest
    assert "We read it" in ended
    assert "of the words until 2026-09-01 Stands, of the words until 2026-09-01" in ended
    assert "not read yet → yes" in first


def test_a_reading_of_the_catalogue_says_where_it_came_from(client: Client) -> None:
    make_license("Acme License", mau_cap="yes")

    (only,) = entries(client)

    assert "Came with the catalogue’s files." in only
    assert "not read yet → yes" in only


def test_both_readers_are_named_and_lead_to_what_they_did(
    client: Client, license: License, ruth: User, now: datetime
) -> None:
    grace = make_person("grace", "curator")
    (proposal,) = curation.propose(license, [cap()], by=grace, now=now)
    curation.accept(proposal, by=ruth, now=now, reason="I read the same.")

    (only,) = entries(client)
    page = client.get(HISTORY).content.decode()

    assert "read on 2026-11-21 by Grace, confirmed by Ruth on 2026-11-21" in only
    assert "I read the same." in only
    assert all(f"/curators/{who.pk}/" in page for who in (grace, ruth))
    assert proposal.get_absolute_url() in page


def test_a_second_reading_says_who_confirmed(client: Client, license: License, ruth: User, now: datetime) -> None:
    curation.publish(license, [cap()], by=ruth, now=now)
    curation.confirm([today()], by=make_person("bob", "reviewer"), now=now, reason="Read section 2 again.")

    (only,) = entries(client)

    assert "confirmed by Bob on 2026-11-21" in only
    assert "Bob: Read section 2 again." in only


def test_what_was_declined_stands_there_with_its_reason(
    client: Client, license: License, ruth: User, now: datetime
) -> None:
    (proposal,) = curation.propose(license, [cap()], by=make_person("grace", "curator"), now=now)
    assert "Declined" not in words(client.get(HISTORY).content.decode())

    curation.decline(proposal, by=ruth, now=now, reason="The number is in an example.")

    page = words(client.get(HISTORY).content.decode())
    assert "Declined The number is in an example." in page
    assert "by Grace · declined by Ruth" in page
    assert "Nobody has read Acme License for this yet." in page


@pytest.fixture
def reread(license: License, ruth: User, now: datetime) -> Clause:
    """Read, then read again; gives the earlier one."""
    curation.publish(license, [cap()], by=ruth, now=now)
    earlier = today()
    curation.publish(license, [cap(values={"strength": "should"}, based_on=earlier.pk)], by=ruth, now=now)
    return earlier


def test_a_way_back_is_named(client: Client, reread: Clause, ruth: User, now: datetime) -> None:
    curation.revert(reread, by=ruth, now=now, reason="It binds after all.", based_on=today().pk)

    newest = entries(client)[0]

    assert "Back to an earlier reading:" in newest
    assert "It binds after all." in newest


def test_reviewers_go_back_from_the_workbench_and_others_see_no_button(
    client: Client, curator: Client, reviewer: Client, reread: Clause
) -> None:
    bench = "/curate/acme-license/clauses/mau_cap/history/"
    page = reviewer.get(bench).content.decode()

    assert page.count("Publish this again") == 1
    assert f'name="clause" value="{reread.pk}"' in page
    assert f'name="based_on" value="{today().pk}"' in page
    assert 'action="/curate/acme-license/clauses/mau_cap/revert/"' in page
    assert "Publish this again" not in curator.get(bench).content.decode()
    assert "Publish this again" not in client.get(HISTORY).content.decode()
    assert "login" in client.get(bench).headers["Location"]


@pytest.mark.parametrize("path", ["licenses/none/clauses/mau_cap", "licenses/acme-license/clauses/colour"])
def test_what_is_not_there_has_no_history(client: Client, license: License, path: str) -> None:
    assert client.get(f"/{path}/history/").status_code == 404


def test_the_clause_leads_to_its_history(client: Client, license: License) -> None:
    assert HISTORY in client.get("/licenses/acme-license/clauses/mau_cap/").content.decode()


class TestPeople:
    def test_who_did_something_is_listed_under_the_name_that_is_shown(
        self, client: Client, reread: Clause, ruth: User
    ) -> None:
        make_person("grace", "curator")

        page = client.get("/curators/").content.decode()

        assert "Ruth2026-11-21published a reading: 2" in words(page)
        assert "grace" not in page.lower()

    def test_each_deed_is_a_sentence_that_leads_to_its_place(self, client: Client, reread: Clause, ruth: User) -> None:
        page = client.get(f"/curators/{ruth.pk}/").content.decode()

        assert "Ruth published a reading: User cap of Acme License · unread → yes" in words(page)
        assert f'href="{HISTORY}#r-{reread.pk}"' in page
        assert "The text says so." in words(page)

    def test_what_somebody_outside_sent_is_called_a_correction(
        self, client: Client, license: License, ruth: User, now: datetime
    ) -> None:
        wrong, right = (
            correct(license, KIND["mau_cap"], Sent(said), address=str(uuid4()), now=now)
            for said in ("Section 2 sets it at 90 million.", "Section 2 sets one, which nobody read.")
        )
        curation.decline(wrong, by=ruth, now=now, reason="It says 100 million.")
        curation.publish(license, [cap(answers=right)], by=ruth, now=now)
        (offered,) = curation.propose(license, [notice()], by=make_person("grace", "curator"), now=now)
        curation.decline(offered, by=ruth, now=now, reason="No.")

        page = words(client.get(f"/curators/{ruth.pk}/").content.decode())

        for told in ("declined a correction", "published a reading, answering a correction", "declined a proposal"):
            assert f"{told}: 1" in page
            assert f"Ruth {told}: " in page

    def test_more_deeds_stand_on_further_pages_none_twice(
        self, client: Client, license: License, ruth: User, now: datetime
    ) -> None:
        for number in range(51):
            AuditEntry.objects.create(
                deed=Deed.ESTABLISHED, by=ruth, by_name="Ruth", at=now, license=license, reason=f"number {number}."
            )
        address, seen = f"/curators/{ruth.pk}/", []
        while address:
            page = client.get(address).content.decode()
            seen += re.findall(r"number (\d+)\.", page)
            found = re.search(r'rel="next" href="([^"]+)"', page)
            address = found[1] if found else ""

        assert seen == [str(number) for number in range(50, -1, -1)]

    @pytest.mark.parametrize("query", ["?after=x", "?after=-1", "?after=%C2%B2", "?page=2", f"?after={'9' * 40}"])
    def test_an_address_that_means_nothing_is_refused(
        self, client: Client, reread: Clause, ruth: User, query: str
    ) -> None:
        assert client.get(f"/curators/{ruth.pk}/{query}").status_code == 400

    def test_who_did_nothing_has_no_page(self, client: Client, ruth: User) -> None:
        assert [client.get(f"/curators/{pk}/").status_code for pk in (ruth.pk, 0, 10**30)] == [404] * 3


def test_few_queries(client: Client, reread: Clause, ruth: User, django_assert_max_num_queries: Any) -> None:
    for path, most in ((HISTORY, 5), ("/curators/", 2), (f"/curators/{ruth.pk}/", 3)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
