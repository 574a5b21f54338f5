"""What curators do with readings: published, proposed, accepted, confirmed, taken back; or refused with the field."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from licenses import curation, offers
from licenses.clauses import CLAUSES, KIND, READ_TWICE
from licenses.curation import Conflict
from licenses.models import AuditEntry, Change, Clause, Draft, License
from licenses.offers import Offer, Refused
from licenses.roles import display_name
from tests.factories import NOW, make_license, make_person, make_revision
from tests.licenses.publishing import CAP, TEXT, acme, cap, make_draft, notice, refusal, tables

pytestmark = pytest.mark.django_db


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
        for by, offered in ((ada, [cap()]), (ada, [cap(), notice()]), (eve, [notice()])):
            with pytest.raises(PermissionDenied):
                curation.publish(license, offered, by=by, now=now)
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


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('begin its name with "Acme', 'begin its name with "Acme"'),
        ("the notice (or a copy", "the notice (or a copy)"),
        ("keep the notice", "keep the notice"),
    ],
)
def test_a_quotation_that_the_words_open_is_closed(typed: str, kept: str) -> None:
    license = make_license("Acme License")
    make_revision(license.documents.get(), 'You begin its name with "Acme". You keep the notice (or a copy).')

    place = offers.bundle(license).place("agreement", typed)

    assert isinstance(place, offers.Place)
    assert place.exact == kept
