"""What curators do with readings: published, proposed, accepted, confirmed, taken back; or refused with the field."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from licenses import curation
from licenses.clauses import CLAUSES, KIND, READ_TWICE
from licenses.curation import Conflict
from licenses.models import AuditEntry, Change, Clause, Draft, License, Proposal
from licenses.offers import Offer, Refused
from licenses.roles import display_name
from tests.factories import NOW, make_license, make_person, make_revision
from tests.licenses.publishing import CAP, TEXT, acme, cap, notice, tables

pytestmark = pytest.mark.django_db


def refusal(license: License, offer: Offer, **changes: Any) -> dict[str, list[str]]:
    """What is said of an offer; nothing at all is written."""
    before, by = tables(), make_person("ada", "reviewer")
    with pytest.raises(Refused) as refused:
        curation.publish(license, [offer], by=by, now=NOW)
    assert tables() == before
    return refused.value.faults[offer.kind.slug]


def make_draft(person: Any, license: License, kind: str) -> Draft:
    return Draft.objects.create(user=person, license=license, kind=kind, fields={"note": ["mine"]}, saved_at=NOW)


class TestPublishing:
    def test_a_reading_is_on_every_page_and_in_the_feed_at_once(self, client: Client, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")

        curation.publish(license, [cap()], by=ada, now=now)

        for path in ("/licenses/acme-license/", "/changes.rss", "/licenses/acme-license/changes.atom"):
            assert "100M" in client.get(path).content.decode(), path
        assert "Acme License" in client.get("/licenses/?mau_cap=yes").content.decode()
        quote = Clause.objects.get(kind="mau_cap").quotes.get()
        assert quote.revision is not None
        assert (quote.state, quote.revision.text[quote.start : quote.end]) == ("found", quote.exact)

    def test_several_readings_are_one_change_and_an_entry_of_the_audit_trail_each(self, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")

        change = curation.publish(license, [cap(), notice()], by=ada, now=now)

        assert Change.objects.get() == change
        assert [(each["kind"], each["before"], each["after"]) for each in change.moved] == [
            ("mau_cap", "unread", "yes"),
            ("attribution_notice", "unread", "yes"),
        ]
        assert (change.cause, change.weight, change.remark) == (
            "reading",
            "substantive",
            "Read by Ada: The text says so.",
        )
        entries = AuditEntry.objects.order_by("pk")
        assert [(each.kind, each.by_name, each.before, each.deed) for each in entries] == [
            ("mau_cap", "Ada", "unread", "published"),
            ("attribution_notice", "Ada", "unread", "published"),
        ]

    def test_a_better_reading_takes_the_place_of_the_one_before(self, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")
        curation.publish(license, [cap()], by=ada, now=now)
        was = Clause.objects.current().get()

        later = now + timedelta(days=1)
        change = curation.publish(license, [cap({"thresholds": []}, based_on=was.pk)], by=ada, now=later)

        was.refresh_from_db()
        assert (was.superseded_at, Clause.objects.current().get().supersedes) == (later, was)
        assert change.direction == "neither" or change.moved

    def test_its_draft_is_done_with_and_another_stays(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "curator")
        for person, kind in ((ada, "mau_cap"), (ada, "attribution_notice"), (bob, "mau_cap")):
            make_draft(person, license, kind)

        curation.publish(license, [cap()], by=ada, now=now)

        left = {(draft.user.get_username(), draft.kind) for draft in Draft.objects.all()}
        assert left == {("ada", "attribution_notice"), ("bob", "mau_cap")}

    def test_what_somebody_else_published_meanwhile_is_no_more_overwritten_than_the_draft(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
        draft = make_draft(bob, license, "mau_cap")
        curation.publish(license, [cap()], by=ada, now=now)
        before = tables()

        for verb in (curation.publish, curation.propose):
            with pytest.raises(Conflict) as conflict:
                verb(license, [cap({"note": "Mine."}), notice()], by=bob, now=now)
            assert conflict.value.found == {"mau_cap": Clause.objects.current().get()}

        assert tables() == before
        assert Draft.objects.get() == draft

    def test_a_reading_based_on_one_that_is_none_is_a_conflict(self, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")

        with pytest.raises(Conflict) as conflict:
            curation.publish(license, [cap(based_on=4711)], by=ada, now=now)

        assert conflict.value.found == {"mau_cap": None}

    def test_nothing_is_no_reading(self, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")

        for verb in (curation.publish, curation.propose):
            with pytest.raises(Refused, match="are none"):
                verb(license, [], by=ada, now=now)


SCRIPT = "<script>alert(1)</script>"


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field", "said"),
        [
            ({"answer": "maybe"}, "answer", "maybe"),
            ({"answer": "silent"}, "", "the answer is silent, and there are quotes"),
            ({"quotes": []}, "", "no quote proves it"),
            ({"thresholds": [CAP["thresholds"][0] | {"amount": "many"}]}, "thresholds.0.amount", "amount"),
            ({"thresholds": [CAP["thresholds"][0] | {"amount": 10**30}]}, "thresholds.0.amount", "amount"),
            ({"territories": [{"regions": ["EU"]}]}, "territories", "has no territories"),
            ({"payload": {"colour": "red"}}, "payload.colour", "colour"),
            ({"note": "a\0b"}, "note", "control character U+0000"),
            ({"note": "a\x07b"}, "note", "control character U+0007"),
            ({"note": "a\u202eb"}, "note", "control character U+202E"),
            ({"note": "a" * 1_000_000}, "note", "has 1,000,000 characters. Use at most 2,000."),
            ({"answer": "a" * 1_000_000}, "answer", "has 1,000,000 characters. Use at most 2,000."),
        ],
    )
    def test_a_value_is_refused_by_its_field(self, changes: Any, field: str, said: str) -> None:
        faults = refusal(acme(), cap(changes))

        assert field in faults
        assert said in faults[field][0]

    @pytest.mark.parametrize(
        ("quote", "field", "said"),
        [
            ({"words": "more than 200 million users"}, "words", "are not in “Acme License text” as it stands now"),
            ({"words": "more than 100 million monthly active persons"}, "words", "are not in"),
            ({"words": "you may do without a license"}, "words", "are not in"),
            ({"words": "if " * 16}, "words", "Quote at most 15"),
            ({"words": "more\0than"}, "words", "control character"),
            ({"words": "a" * 1_000_000}, "words", "1,000,000 characters"),
            ({"document": "annex"}, "words", "“annex” is no document of this license today. Use agreement."),
            ({"section": ""}, "section", "is empty"),
            ({"section": "a" * 81}, "section", "at most 80"),
        ],
    )
    def test_a_quote_is_refused_by_its_field(self, quote: dict[str, str], field: str, said: str) -> None:
        faults = refusal(acme(), cap({"quotes": [CAP["quotes"][0] | quote]}))

        assert said in faults[f"quotes.0.{field}"][0]

    def test_the_same_words_twice_are_one_quote(self) -> None:
        again = CAP["quotes"][0] | {"words": "More than 100 million\nmonthly active users"}

        faults = refusal(acme(), cap({"quotes": [*CAP["quotes"], again]}))

        assert "stand in another quote" in faults["quotes.1.words"][0]

    def test_words_of_a_text_that_is_not_at_hand_prove_nothing(self) -> None:
        faults = refusal(make_license("Acme License"), cap())

        assert "is not at hand" in faults["quotes.0.words"][0]

    @pytest.mark.parametrize(
        ("reason", "said"),
        [
            ("", "is missing. Say why"),
            (" \r\n ", "is missing. Say why"),
            ("a\0b", "control character U+0000"),
            ("a" * 1_000_000, "has 1,000,000 characters. Use at most 2,000."),
        ],
    )
    def test_a_reason_is_asked_for_and_bounded(self, reason: str, said: str) -> None:
        assert said in refusal(acme(), cap(reason=reason))["reason"][0]

    def test_lines_end_as_browsers_send_them(self, now: datetime) -> None:
        license, ada = acme(), make_person("ada", "reviewer")

        curation.publish(license, [cap({"note": "One.\r\nTwo."}, reason="So.\r\nAnd so.")], by=ada, now=now)

        assert Clause.objects.get().note == "One.\nTwo."
        assert AuditEntry.objects.get().reason == "So.\nAnd so."

    def test_what_a_curator_writes_is_shown_as_written_and_never_run(self, client: Client, now: datetime) -> None:
        license = acme(text=TEXT + f"\n4. Odd\nThis says {SCRIPT} here.\n")
        ada = make_person("ada", "reviewer", last_name=SCRIPT)
        quote = {"document": "agreement", "section": SCRIPT, "words": f"This says {SCRIPT} here"}
        change = curation.publish(license, [cap({"note": SCRIPT, "quotes": [quote]}, reason=SCRIPT)], by=ada, now=now)

        pages = [f"/licenses/acme-license/{page}" for page in ("", "clauses/mau_cap/", "text/agreement/")]
        for path in (*pages, change.get_absolute_url()):
            page = client.get(path).content.decode()
            assert "<script>alert" not in page, path
            assert "&lt;script&gt;alert" in page, path

    @pytest.mark.parametrize("last_name", ["a" * 150, "a\nb\0", "\u202eevil"])
    def test_a_name_is_one_short_line(self, last_name: str, now: datetime) -> None:
        license = acme()
        ada = make_person("ada", "reviewer")
        ada.first_name, ada.last_name = "Ada" * 40, last_name

        curation.publish(license, [cap()], by=ada, now=now)

        assert display_name(ada).isprintable()
        assert len(Clause.objects.get().read_by) <= 120


class TestPolicy:
    def test_a_curator_publishes_alone_what_one_may_read_and_nothing_else(self, now: datetime) -> None:
        license, ada, eve = acme(), make_person("ada", "curator"), make_person("eve")

        curation.publish(license, [notice()], by=ada, now=now)

        before = tables()
        for by, offers in ((ada, [cap()]), (ada, [cap(), notice()]), (eve, [notice()])):
            with pytest.raises(PermissionDenied):
                curation.publish(license, offers, by=by, now=now)
        with pytest.raises(PermissionDenied):
            curation.propose(license, [cap()], by=eve, now=now)
        assert tables() == before

    def test_the_policy_is_a_list_of_kinds(self) -> None:
        assert frozenset(kind.slug for kind in CLAUSES if kind.core) == READ_TWICE

    def test_a_curator_goes_back_only_to_what_one_may_publish(self, now: datetime) -> None:
        license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
        curation.publish(license, [cap()], by=bob, now=now)
        first = Clause.objects.current().get()
        curation.publish(license, [cap({"note": "Better."}, based_on=first.pk)], by=bob, now=now)

        with pytest.raises(PermissionDenied):
            curation.revert(first, by=ada, now=now, reason="Was right.", based_on=Clause.objects.current().get().pk)


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
        assert (
            "confirmed on 2026-11-21 by Bob (confirmed by two)"
            in client.get(license.get_absolute_url()).content.decode()
        )

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


PEOPLE = [("ada", "reviewer"), ("bob", "reviewer"), ("eve", "curator")]


class TestGoingBack:
    def reread(self) -> tuple[License, Clause, Clause, Any]:
        license, ada = acme(), make_person("ada", "reviewer")
        curation.publish(license, [cap()], by=ada, now=NOW)
        first = Clause.objects.current().get()
        better = {"note": "Worse.", "thresholds": []}
        curation.publish(license, [cap(better, based_on=first.pk)], by=ada, now=NOW)
        return license, first, Clause.objects.current().get(), ada

    def test_an_earlier_reading_stands_again(self, now: datetime) -> None:
        license, first, second, ada = self.reread()
        draft = make_draft(ada, license, "mau_cap")

        curation.revert(first, by=ada, now=now, reason="It was right.", based_on=second.pk)

        third = Clause.objects.current().with_details().get()
        assert (third.supersedes, third.note, third.sizes[0]["amount"]) == (second, "", 100_000_000)
        assert AuditEntry.objects.order_by("pk").last().deed == "reverted"  # type: ignore[union-attr]
        assert Draft.objects.get() == draft

    def test_words_that_are_gone_prove_nothing_any_more(self, now: datetime) -> None:
        license, first, second, ada = self.reread()
        make_revision(license.documents.get(), TEXT.replace("100", "90"), effective_on=date(2026, 9, 1))

        with pytest.raises(Refused) as refused:
            curation.revert(first, by=ada, now=now, reason="It was right.", based_on=second.pk)

        assert "are not in" in refused.value.faults["mau_cap"]["quotes.0.words"][0]

    def test_what_stands_is_no_earlier_reading_and_another_may_stand_by_now(self, now: datetime) -> None:
        _, first, second, ada = self.reread()

        with pytest.raises(Refused, match="stands as it is"):
            curation.revert(second, by=ada, now=now, reason="It was right.", based_on=second.pk)
        with pytest.raises(Conflict):
            curation.revert(first, by=ada, now=now, reason="It was right.", based_on=first.pk)


@pytest.mark.parametrize("deed", ["publish", "propose"])
def test_one_reading_of_a_kind_at_a_time(deed: str, now: datetime) -> None:
    license, ada = acme(), make_person("ada", "reviewer")

    with pytest.raises(ValueError, match="at a time"):
        getattr(curation, deed)(license, [cap(), cap()], by=ada, now=now)


def test_a_license_is_published_whole_in_few_queries(django_assert_max_num_queries: Any, now: datetime) -> None:
    license, ada = acme(), make_person("ada", "reviewer")
    quotes = [{"document": "agreement", "section": "1", "words": "use the model for any purpose"}]
    offers = [Offer(kind, {"answer": "partly", "quotes": quotes}, "Read.") for kind in KIND.values()]

    with django_assert_max_num_queries(5 * len(KIND) + 20):
        curation.publish(license, offers, by=ada, now=now)

    assert Clause.objects.current().count() == len(KIND)
