"""Two people read what binds most: a proposal is accepted, a reading confirmed, a correction answered; nobody's own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from licenses import curation
from licenses.curation import Conflict
from licenses.models import AuditEntry, Clause, Draft, License, Proposal
from licenses.offers import Refused
from tests.factories import NOW, make_person, make_revision
from tests.licenses.publishing import TEXT, acme, cap, make_draft, notice, refusal, tables
from tests.licenses.test_history import SILENT
from tests.licenses.waiting import change_words

pytestmark = pytest.mark.django_db

PEOPLE = [("ada", "reviewer"), ("bob", "reviewer"), ("eve", "curator")]


class TestProposals:
    def proposed(self, **about: Any) -> Proposal:
        self.license, self.ada, self.bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
        (proposal,) = curation.propose(self.license, [cap(**about)], by=self.ada, now=NOW)
        return proposal

    def test_accepted_by_a_second_person_it_is_read_by_two(self, client: Client, now: datetime) -> None:
        proposal = self.proposed()

        change = curation.accept(proposal, by=self.bob, now=now)

        clause, proposal = Clause.objects.get(kind="mau_cap"), Proposal.objects.get()
        assert (clause.read_by, clause.confirmed_by, clause.confirmer, clause.confirmed_on) == (
            "Ada",
            "Bob",
            self.bob,
            now.date(),
        )
        assert (proposal.outcome, proposal.clause, proposal.decided_by) == ("accepted", clause, self.bob)
        assert change.remark == "Read by Ada, confirmed by Bob: The text says so."
        assert [each.deed for each in AuditEntry.objects.order_by("pk")] == ["proposed", "accepted"]

    def test_it_hands_in_the_draft_and_a_draft_begun_since_stays(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
        make_draft(ada, license, "mau_cap")
        (proposal,) = curation.propose(license, [cap()], by=ada, now=now)
        assert not Draft.objects.exists()
        since = make_draft(ada, license, "mau_cap")

        curation.accept(proposal, by=bob, now=now)

        assert Draft.objects.get() == since

    def test_it_was_read_when_it_was_proposed(self, now: datetime) -> None:
        proposal = self.proposed()

        curation.accept(proposal, by=self.bob, now=now + timedelta(days=20))

        clause = Clause.objects.get()
        assert (clause.read_on, clause.confirmed_on) == (NOW.date(), (now + timedelta(days=20)).date())

    def test_silence_is_not_accepted_of_words_that_came_after_it(self, now: datetime) -> None:
        proposal = self.proposed(values=SILENT)
        change_words(self.license.documents.get(), seen_at=NOW + timedelta(days=1))

        with pytest.raises(Refused, match="of the words before 2026-11-22"):
            curation.accept(proposal, by=self.bob, now=now + timedelta(days=2))

        assert not Clause.objects.exists()

    def test_sent_twice_it_is_handed_in_once(self, now: datetime) -> None:
        proposal = self.proposed()

        again = curation.propose(self.license, [cap()], by=self.ada, now=now)
        other = curation.propose(self.license, [cap(reason="For another reason.")], by=self.ada, now=now)

        assert again == [proposal]
        assert other != [proposal]
        assert AuditEntry.objects.count() == 2

    def test_nobody_accepts_their_own(self, now: datetime) -> None:
        license, bob = acme(), make_person("bob", "reviewer")
        (proposal,) = curation.propose(license, [cap()], by=bob, now=now)

        with pytest.raises(PermissionDenied, match="another person"):
            curation.accept(proposal, by=bob, now=now)

    def test_only_reviewers_decide(self, now: datetime) -> None:
        proposal, eve = self.proposed(), make_person("eve", "curator")

        with pytest.raises(PermissionDenied):
            curation.accept(proposal, by=eve, now=now)
        with pytest.raises(PermissionDenied):
            curation.decline(proposal, by=eve, now=now, reason="No.")

    def test_declined_it_says_why_to_all(self, now: datetime) -> None:
        proposal = self.proposed()
        with pytest.raises(Refused, match="is missing"):
            curation.decline(proposal, by=self.bob, now=now, reason=" ")

        curation.decline(proposal, by=self.bob, now=now, reason="It is a should.")

        proposal.refresh_from_db()
        assert (proposal.outcome, proposal.decision) == ("declined", "It is a should.")
        assert not Clause.objects.exists()

    def test_who_proposed_it_withdraws_it_and_nobody_else(self, now: datetime) -> None:
        proposal = self.proposed()
        with pytest.raises(PermissionDenied):
            curation.withdraw(proposal, by=self.bob, now=now)

        curation.withdraw(proposal, by=self.ada, now=now)

        proposal.refresh_from_db()
        assert proposal.outcome == "withdrawn"

    def test_it_is_decided_once(self, now: datetime) -> None:
        proposal = self.proposed()
        curation.accept(proposal, by=self.bob, now=now)

        for decide in (curation.accept, curation.decline):
            with pytest.raises(Conflict):
                decide(proposal, by=self.bob, now=now, reason="Again.")
        with pytest.raises(Conflict):
            curation.withdraw(proposal, by=self.ada, now=now)

    def test_it_waits_when_something_else_was_published_meanwhile(self, now: datetime) -> None:
        proposal = self.proposed()
        curation.publish(self.license, [cap({"note": "First."})], by=self.bob, now=now)

        with pytest.raises(Conflict):
            curation.accept(proposal, by=self.bob, now=now)

        proposal.refresh_from_db()
        assert proposal.is_waiting

    def test_its_words_must_still_be_in_the_text(self, now: datetime) -> None:
        proposal = self.proposed()
        make_revision(self.license.documents.get(), TEXT.replace("100", "90"), effective_on=date(2026, 9, 1))

        with pytest.raises(Refused) as refused:
            curation.accept(proposal, by=self.bob, now=now)

        assert "are not in" in refused.value.faults["mau_cap"]["quotes.0.words"][0]

    @pytest.mark.parametrize("reason", ["a\0b", "a" * 1_000_000])
    def test_reasons_of_decisions_are_bounded_too(self, reason: str, now: datetime) -> None:
        proposal = self.proposed()

        for decide, by in ((curation.accept, self.bob), (curation.decline, self.bob), (curation.withdraw, self.ada)):
            with pytest.raises(Refused) as refused:
                decide(proposal, by=by, now=now, reason=reason)
            assert "reason" in refused.value.faults["mau_cap"]


def correction(license: License, kind: str = "mau_cap") -> Proposal:
    return Proposal.objects.create(
        license=license, kind=kind, origin="visitor", text="It is 100 million.", email="v@example.org", made_at=NOW
    )


class TestCorrections:
    def test_the_reading_that_answers_one_accepts_it_and_forgets_the_address(self, now: datetime) -> None:
        license, bob = acme(), make_person("bob", "reviewer")
        said = correction(license)

        curation.publish(license, [cap(answers=said)], by=bob, now=now)

        said.refresh_from_db()
        assert (said.outcome, said.email, said.clause, said.decision) == (
            "accepted",
            "",
            Clause.objects.get(),
            "The text says so.",
        )

    def test_a_proposal_that_answers_one_takes_it_along(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
        said = correction(license)
        (proposal,) = curation.propose(license, [cap(answers=said)], by=ada, now=now)
        said.refresh_from_db()
        assert said.is_waiting

        curation.accept(proposal, by=bob, now=now)

        said.refresh_from_db()
        proposal.refresh_from_db()
        assert (said.outcome, proposal.outcome, said.email) == ("accepted", "accepted", "")
        assert said.clause == proposal.clause

    def test_declined_it_forgets_the_address_too(self, now: datetime) -> None:
        said = correction(acme())

        curation.decline(said, by=make_person("bob", "reviewer"), now=now, reason="It is as we read it.")

        said.refresh_from_db()
        assert said.email == ""

    def test_in_words_alone_it_is_no_reading(self, now: datetime) -> None:
        with pytest.raises(Refused, match="needs a reading"):
            curation.accept(correction(acme()), by=make_person("bob", "reviewer"), now=now)

    def test_a_reading_answers_a_correction_of_its_own_clause_only(self) -> None:
        license, other = acme(), acme("Other")

        assert "answers" in refusal(license, cap(answers=correction(other)))

    def test_a_proposal_is_accepted_and_not_answered(self, now: datetime) -> None:
        license, bob = acme(), make_person("bob", "reviewer")
        (proposal,) = curation.propose(license, [cap()], by=bob, now=now)

        assert "answers" in refusal(license, cap(answers=proposal))


class TestConfirming:
    def test_a_second_reader_confirms_and_the_page_says_so(self, client: Client, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
        curation.publish(license, [cap(), notice()], by=ada, now=now)

        curation.confirm(Clause.objects.current(), by=bob, now=now)

        assert {(each.confirmed_by, each.confirmer) for each in Clause.objects.all()} == {("Bob", bob)}
        assert AuditEntry.objects.filter(deed="confirmed").count() == 2
        assert "Second reader: Bob, 2026-11-21." in client.get(license.get_absolute_url()).content.decode()

    def test_nobody_confirms_their_own_nor_without_the_role(self, now: datetime) -> None:
        license, ada, bob, eve = acme(), *(make_person(*each) for each in PEOPLE)
        curation.publish(license, [cap()], by=ada, now=now)
        curation.publish(license, [notice()], by=bob, now=now)
        before = tables()

        for by in (ada, bob, eve):  # One of the two is their own, and eve is no reviewer.
            with pytest.raises(PermissionDenied):
                curation.confirm(Clause.objects.current(), by=by, now=now)

        assert tables() == before

    def test_it_is_confirmed_once_and_while_it_stands(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
        curation.publish(license, [cap(), notice()], by=ada, now=now)
        was = Clause.objects.get(kind="mau_cap")
        curation.confirm([Clause.objects.get(kind="attribution_notice")], by=bob, now=now)
        curation.publish(license, [cap({"note": "Better."}, based_on=was.pk)], by=ada, now=now)

        for clause in (was, Clause.objects.get(kind="attribution_notice")):
            with pytest.raises(Conflict):
                curation.confirm([clause], by=bob, now=now)
