"""The same as that license, except these: readings whose words stand in this text too are taken over at once."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from licenses import curation
from licenses.clauses import KIND
from licenses.copying import take_over, taken, usual_reason
from licenses.curation import Conflict
from licenses.models import AuditEntry, Change, Clause, Document, Draft, License, Proposal
from licenses.offers import Offer, Refused
from tests.factories import NOW, make_license, make_person, make_revision
from tests.licenses.publishing import NOTICE, TEXT, acme, cap, notice, tables
from tests.pages import words

pytestmark = pytest.mark.django_db

OURS = TEXT.replace("Built with Acme", "Made by Beta").replace("any purpose", "every purpose")


@pytest.fixture
def other() -> License:
    """Read by Zoe: a size, a notice, and one silence."""
    license, zoe = acme("Acme License"), make_person("zoe", "reviewer")
    silent = Offer(KIND["indemnity"], {"answer": "silent"}, "Nothing.")
    curation.publish(license, [cap({"note": "Above."}), notice(), silent], by=zoe, now=NOW)
    return license


def why(license: License, other: License) -> dict[str, str]:
    return {each.source.kind: each.why for each in taken(license, other)}


class TestWhatCanBeTaken:
    def test_a_reading_whose_words_stand_here_with_their_place_here(self, other: License) -> None:
        license = acme("Beta License", OURS)

        found = {each.source.kind: each for each in taken(license, other)}

        (document, place), offer = found["mau_cap"].places[0], found["mau_cap"].offer
        assert offer is not None
        assert OURS[place.start : place.end] == "more than 100 million monthly active users"
        assert document == license.documents.get()
        assert offer.values["quotes"][0]["section"] == "2"
        assert (offer.values["note"], offer.values["thresholds"][0]["amount"]) == ("", 100_000_000)
        assert (offer.reason, offer.based_on) == ("Same words as Acme License.", None)

    def test_under_another_heading_it_is_another_section(self, other: License) -> None:
        license = acme("Beta License", f"1. Preamble\nAll of this binds.\n\n{TEXT.replace('1. Grant', '2. Use')}")

        (found,) = (each for each in taken(license, other) if each.source.kind == "mau_cap")

        assert found.offer is not None
        assert found.offer.values["quotes"][0]["section"] == "2. Use"

    def test_words_that_are_not_here_and_silence_prove_nothing(self, other: License) -> None:
        said = why(acme("Beta License", OURS), other)

        assert said["mau_cap"] == ""
        assert "Not in this text: “show the words Built with Acme”" in said["attribution_notice"]
        assert "Silence has no words" in said["indemnity"]

    def test_what_reads_so_here_already_is_left_and_what_reads_otherwise_would_be_replaced(
        self, other: License, now: datetime
    ) -> None:
        license, ada = acme("Beta License"), make_person("ada", "reviewer")
        curation.publish(license, [cap(), notice({"answer": "partly"})], by=ada, now=now)

        found = {each.source.kind: each for each in taken(license, other)}

        assert "Read so here already" in found["mau_cap"].why
        assert found["attribution_notice"].offer is not None
        assert found["attribution_notice"].offer.based_on == Clause.objects.current().get(answer="partly").pk

    def test_a_note_of_ones_own_is_no_other_reading(self, other: License, now: datetime) -> None:
        license, ada = acme("Beta License"), make_person("ada", "reviewer")
        curation.publish(license, [cap({"note": "Of Beta."})], by=ada, now=now)

        assert "Read so here already" in why(license, other)["mau_cap"]

    @pytest.mark.parametrize(
        ("here", "said"),
        [
            (None, "It stays unread here"),
            ({"answer": "silent"}, "Read as silent here already"),
            (NOTICE, "What is read here stays"),
        ],
        ids=["unread", "silent", "read otherwise"],
    )
    def test_a_silence_says_what_stands_here(
        self, here: dict[str, Any] | None, said: str, other: License, now: datetime
    ) -> None:
        license, ada = acme("Beta License"), make_person("ada", "reviewer")
        if here:
            curation.publish(license, [Offer(KIND["indemnity"], here, "So.")], by=ada, now=now)

        assert said in why(license, other)["indemnity"]

    def test_a_text_that_is_not_at_hand_holds_no_words(self, other: License) -> None:
        assert all(why(make_license("Beta License"), other).values())

    @pytest.mark.parametrize(
        ("documents", "where"),
        [
            ([("policy", "acceptable_use_policy"), ("agreement", "agreement")], "agreement"),
            ([("policy", "acceptable_use_policy"), ("terms", "agreement")], "terms"),
            ([("policy", "acceptable_use_policy")], "policy"),
        ],
        ids=["the same key", "the same role", "any other"],
    )
    def test_words_are_looked_for_in_the_like_document_first(
        self, documents: list[tuple[str, str]], where: str, other: License
    ) -> None:
        license = make_license("Beta License")
        license.documents.all().delete()
        for key, role in documents:
            made = Document.objects.create(license=license, key=key, role=role, title=key)
            make_revision(made, TEXT)

        (found,) = (each for each in taken(license, other) if each.source.kind == "mau_cap")

        assert found.places[0][0].key == where


class TestTakingOver:
    def marks(self, license: License, other: License) -> list[str]:
        return [each.mark for each in taken(license, other) if each.offer]

    def test_a_reviewer_publishes_all_in_one_change(self, other: License, now: datetime) -> None:
        license, ada = acme("Beta License"), make_person("ada", "reviewer")
        before = Change.objects.count()

        done = take_over(license, other, self.marks(license, other), reason="Same words.", by=ada, now=now)

        assert done.published is not None
        assert [each["kind"] for each in done.published.moved] == ["mau_cap", "attribution_notice"]
        assert Change.objects.count() == before + 1
        assert {entry.deed for entry in AuditEntry.objects.filter(license=license)} == {"copied"}
        assert {clause.read_by for clause in Clause.objects.filter(license=license)} == {"Ada"}

    def test_a_curator_proposes_what_two_must_read_and_publishes_the_rest(self, other: License, now: datetime) -> None:
        license, ada = acme("Beta License"), make_person("ada", "curator")
        Draft.objects.create(user=ada, license=license, kind="mau_cap", saved_at=now)

        done = take_over(license, other, self.marks(license, other), reason="Same words.", by=ada, now=now)

        assert [clause.kind for clause in Clause.objects.filter(license=license)] == ["attribution_notice"]
        assert [proposal.kind for proposal in done.proposed] == ["mau_cap"]
        assert Proposal.objects.get().text == "Same words."
        assert Draft.objects.exists()

    def test_what_is_not_as_it_was_shown_is_a_conflict_and_nothing_is_taken(
        self, other: License, now: datetime
    ) -> None:
        license, ada, zoe = acme("Beta License"), make_person("ada", "reviewer"), make_person("zora", "reviewer")
        marks = self.marks(license, other)
        stands = Clause.objects.current().get(license=other, kind="mau_cap")
        curation.publish(other, [cap({"note": "Otherwise."}, based_on=stands.pk)], by=zoe, now=now)
        before = tables()

        for chosen in (marks, ["mau_cap.1.2"], ["nonsense"], ["indemnity.1."]):
            with pytest.raises(Conflict):
                take_over(license, other, chosen, reason="Same words.", by=ada, now=now)

        assert tables() == before

    def test_nothing_chosen_no_reason_and_no_role_are_refused(self, other: License, now: datetime) -> None:
        license, ada, eve = acme("Beta License"), make_person("ada", "reviewer"), make_person("eve")
        marks = self.marks(license, other)

        with pytest.raises(Refused, match="are none"):
            take_over(license, other, [], reason="Same words.", by=ada, now=now)
        with pytest.raises(Refused, match="is missing"):
            take_over(license, other, marks, reason=" ", by=ada, now=now)
        with pytest.raises(PermissionDenied):
            take_over(license, other, marks, reason="Same words.", by=eve, now=now)


class TestThePage:
    address = "/curate/beta-license/copy/"

    def test_relatives_are_offered_first(self, curator: Client, other: License) -> None:
        license = acme("Beta License")
        license.supersedes = other
        license.save()
        make_license("Unread")
        make_license("Gamma", mau_cap="yes")

        page = curator.get(self.address).content.decode()

        assert re.findall(r'<optgroup label="(\w+)"|<option value="([a-z-]+)">', page) == [
            ("Related", ""),
            ("", "acme-license"),
            ("Others", ""),
            ("", "gamma"),
        ]

    def test_it_shows_the_words_here_and_what_stays(self, curator: Client, other: License) -> None:
        acme("Beta License", OURS)

        page = curator.get(f"{self.address}?from=acme-license").content.decode()

        assert "<mark>more than 100 million monthly active users</mark>" in page
        assert re.search(r'value="mau_cap\.\d+\." checked', page)
        assert "Asks for a second reader: it becomes a proposal." in page
        assert "2 that stay as they are" in page
        assert "Not in this text" in page
        assert ">Same words as Acme License.</textarea>" in page

    def test_it_says_that_notes_stay_behind_and_marks_quotes_as_texts_do(self, curator: Client, other: License) -> None:
        acme("Beta License", OURS)

        page = curator.get(f"{self.address}?from=acme-license").content.decode()

        assert "Notes are not: they tell of Acme License." in page
        assert "Above." not in page
        assert re.search(r"/text\.[0-9a-z.]*css", page)

    def test_what_is_read_here_otherwise_is_apart_and_not_ticked(
        self, curator: Client, other: License, now: datetime
    ) -> None:
        license, ada = acme("Beta License"), make_person("ruth", "reviewer")
        curation.publish(license, [notice({"answer": "partly", "note": "Of Beta."})], by=ada, now=now)

        page = curator.get(f"{self.address}?from=acme-license").content.decode()

        assert "1 that nobody read here, whose words stand in this text" in words(page)
        assert "1 read here already, otherwise" in words(page)
        assert "Here: partly Of Beta. Acme License: yes Stays as it is here unless you tick it" in words(page)
        assert not re.search(r'value="attribution_notice[^"]*" checked', page)

    def test_it_is_told_how_many_were_taken_over_where_only_quotes_differ(
        self, reviewer: Client, other: License, now: datetime
    ) -> None:
        license, ada = acme("Beta License"), make_person("ruth", "reviewer")
        shorter = NOTICE | {"quotes": [NOTICE["quotes"][0] | {"words": "Built with Acme"}]}
        curation.publish(license, [notice(shorter)], by=ada, now=now)
        (mark,) = (each.mark for each in taken(license, other) if each.kind.slug == "attribution_notice")

        answer = reviewer.post(self.address, {"from": "acme-license", "take": [mark], "reason": "So."}, follow=True)

        assert "Taken over from Acme License to Beta License: 1 published." in words(answer.content.decode())

    def test_what_is_ticked_is_taken_over(self, curator: Client, other: License) -> None:
        license = acme("Beta License")
        marks = [each.mark for each in taken(license, other) if each.offer]

        sent = {"from": "acme-license", "take": marks, "reason": usual_reason(other)}
        answer = curator.post(self.address, sent, follow=True)

        assert answer.redirect_chain == [("/curate/beta-license/", 302)]
        assert Proposal.objects.get().kind == "mau_cap"
        assert Clause.objects.get(license=license).kind == "attribution_notice"

    @pytest.mark.parametrize(
        ("fields", "status", "said"),
        [
            ({"take": []}, 400, "are none. Choose at least one."),
            ({"reason": ""}, 400, "“reason” is missing."),
            ({"reason": "a\0b"}, 400, "control character U+0000"),
            ({"take": ["mau_cap.1.1"]}, 409, "Read again meanwhile: mau_cap."),
            ({"take": ["<script>.1"]}, 409, "Read again meanwhile: <script>."),
        ],
    )
    def test_what_is_refused_stays_on_the_page(
        self, fields: dict[str, Any], status: int, said: str, curator: Client, other: License
    ) -> None:
        license = acme("Beta License")
        marks = [each.mark for each in taken(license, other) if each.offer]
        before = tables()

        answer = curator.post(self.address, {"from": "acme-license", "take": marks, "reason": "So."} | fields)

        assert answer.status_code == status
        assert said in words(answer.content.decode())
        assert tables() == before

    @pytest.mark.parametrize("source", ["nowhere", "beta-license", "a\0b"])
    def test_another_license_is_one_that_is_there(self, source: str, curator: Client) -> None:
        acme("Beta License")

        assert curator.get(self.address, {"from": source}).status_code == 404

    def test_it_takes_few_queries(self, curator: Client, other: License, django_assert_max_num_queries: Any) -> None:
        acme("Beta License")

        with django_assert_max_num_queries(16):
            curator.get(f"{self.address}?from=acme-license")

    def test_visitors_are_asked_who_they_are_and_strangers_kept_out(self, visitor: Client) -> None:
        acme("Beta License")

        assert visitor.get(self.address).status_code == 302
        visitor.force_login(make_person("eve"), "django.contrib.auth.backends.ModelBackend")
        assert visitor.get(self.address).status_code == 403
        assert visitor.post(self.address).status_code == 403
