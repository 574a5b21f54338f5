"""Words change on a day: the earlier reading stays true of the earlier words, here and in the catalogue's files."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from licenses import curation, texts
from licenses.catalogue import check, dump, load
from licenses.clauses import KIND
from licenses.models import Clause, License, Revision
from licenses.offers import Offer, Refused
from tests.factories import NOW, make_license, make_person, make_revision
from tests.licenses.publishing import TEXT, acme, cap, notice
from tests.licenses.test_catalogue_check import LICENSE, catalogue
from tests.pages import words

pytestmark = pytest.mark.django_db

DAY = date(2026, 9, 1)
CAPPED_LOWER = [{"document": "agreement", "section": "2", "words": "more than 90 million monthly active users"}]


def lower(since: date | None = DAY, **about: Any) -> Offer:
    values = {"quotes": CAPPED_LOWER, "thresholds": [cap().values["thresholds"][0] | {"amount": 90_000_000}]}
    return cap(values, based_on=Clause.objects.current().get(kind="mau_cap").pk, since=since, **about)


def read_and_changed(**dates: date | None) -> tuple[License, Any]:
    license, ada = acme(), make_person("ada", "reviewer")
    curation.publish(license, [cap(), notice()], by=ada, now=NOW)
    days = {"effective_on": DAY} | dates
    make_revision(license.documents.get(), TEXT.replace("100 million", "90 million"), **days)  # type: ignore[arg-type]
    return license, ada


def test_the_earlier_reading_stays_true_of_the_earlier_words(client: Client, now: datetime) -> None:
    license, ada = read_and_changed()

    curation.publish(license, [lower()], by=ada, now=now)

    past, today = Clause.objects.standing().filter(kind="mau_cap").order_by("effective_to").with_details()
    assert (past.effective_to, today.effective_from, today.supersedes) == (DAY, DAY, None)
    assert [(quote.exact, quote.state) for quote in past.proofs] == [
        ("more than 100 million monthly active users", "found")
    ]
    assert past.proofs[0].revision == Revision.objects.order_by("pk").first()
    assert past.read_by == "Ada"
    before = words(client.get("/licenses/acme-license/?as_of=2026-08-31").content.decode())
    after = words(client.get("/licenses/acme-license/?as_of=2026-09-01").content.decode())
    assert ("“more than 100 million" in before, "“more than 90 million" in before) == (True, False)
    assert ("“more than 90 million" in after, "“more than 100 million" in after) == (True, False)


def test_a_reading_of_old_words_is_read_again_and_ends_as_it_did(now: datetime) -> None:
    license, ada = read_and_changed()
    curation.publish(license, [lower()], by=ada, now=now)
    today = Clause.objects.current().get(kind="mau_cap")

    curation.publish(license, [lower(since=None, reason="A note.")], by=ada, now=now)

    assert Clause.objects.current().get(kind="mau_cap").effective_from == DAY
    assert Clause.objects.standing().filter(kind="mau_cap").count() == 2
    today.refresh_from_db()
    assert today.superseded_at == now


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (date(2026, 12, 1), "has not come yet"),
        (date(2026, 8, 1), "is no day on which a text of this license changed. Known days: 2026-09-01."),
    ],
)
def test_the_day_is_one_on_which_words_changed(since: date, said: str, now: datetime) -> None:
    license, ada = read_and_changed()

    with pytest.raises(Refused) as refused:
        curation.publish(license, [lower(since)], by=ada, now=now)

    assert said in refused.value.faults["mau_cap"]["since"][0]


def test_nothing_ends_that_reads_the_same_or_was_never_read(now: datetime) -> None:
    license, ada = read_and_changed()
    same = notice(based_on=Clause.objects.current().get(kind="attribution_notice").pk, since=DAY)
    first = Offer(KIND["modification"], notice().values, "Read.", since=DAY)

    for offer, said in ((same, "reads as before"), (first, "no earlier reading to end")):
        with pytest.raises(Refused) as refused:
            curation.publish(license, [offer], by=ada, now=now)
        assert said in refused.value.faults[offer.kind.slug]["since"][0]


def test_it_ends_after_it_began(now: datetime) -> None:
    license, ada = read_and_changed()
    curation.publish(license, [lower()], by=ada, now=now)
    again = cap({"note": "Later.", "quotes": CAPPED_LOWER, "thresholds": []}, since=DAY)
    stands = Clause.objects.current().get(kind="mau_cap")

    with pytest.raises(Refused) as refused:
        curation.publish(license, [Offer(again.kind, again.values, "So.", stands.pk, DAY)], by=ada, now=now)

    assert "must be later than 2026-09-01" in refused.value.faults["mau_cap"]["since"][0]


LONG = TEXT + "\n4. Rest\n" + "The software comes as it is, without warranty of any kind, and all risk is yours. " * 20


def test_new_words_that_were_seen_and_never_dated_are_dated_by_who_reads_them(client: Client, now: datetime) -> None:
    license, ada = make_license("Acme License"), make_person("ada", "reviewer")
    document = license.documents.get()
    texts.keep(document, LONG.encode(), source="acme:LICENSE", now=now - timedelta(days=30))
    curation.publish(license, [cap()], by=ada, now=now - timedelta(days=20))
    texts.keep(document, LONG.replace("100 m", "90 m").encode(), source="acme:LICENSE", now=now - timedelta(days=2))
    seen = (now - timedelta(days=2)).date()

    with pytest.raises(Refused):
        curation.publish(license, [lower(seen + timedelta(days=1))], by=ada, now=now)
    curation.publish(license, [lower(seen - timedelta(days=1))], by=ada, now=now)

    assert document.revisions.in_order().last().effective_on == seen - timedelta(days=1)  # type: ignore[union-attr]
    past = Clause.objects.standing().filter(effective_to__isnull=False).with_details().get()
    assert [quote.state for quote in past.proofs] == ["found"]
    assert "100M" in client.get(f"/licenses/acme-license/?as_of={seen - timedelta(days=2)}").content.decode()


class TestLoading:
    def loaded(self, folder: Path, *changes: tuple[str, str]) -> License:
        load(catalogue(folder, *changes), now=NOW)
        license = License.objects.get()
        texts.fill(Revision.objects.get(), "1. For any purpose whatsoever. 2. More than 700 users ask us.")
        return license

    def reread(self, note: str = "Ours.", **about: Any) -> Offer:
        was = Clause.objects.current().get(kind="mau_cap")
        quotes = [{"document": "agreement", "section": "2", "words": "more than 700 users"}]
        values = {"answer": "partly", "note": note, "quotes": quotes}
        return Offer(was.declaration, values, "So.", was.pk, **about)

    def test_a_curators_reading_outlives_a_load_and_is_reported(self, tmp_path: Path, now: datetime) -> None:
        license, ada = self.loaded(tmp_path), make_person("ada", "reviewer")
        curation.publish(license, [self.reread()], by=ada, now=now)

        report = load(tmp_path, now=now)

        assert Clause.objects.current().get(kind="mau_cap").note == "Ours."
        assert (report.kept, report.written) == (1, 0)
        assert "acme-license: Ada reads mau_cap as partly; the file says yes. Kept." in report.differences

    def test_a_reading_with_two_times_outlives_it_too(self, tmp_path: Path, now: datetime) -> None:
        license, ada = self.loaded(tmp_path), make_person("ada", "reviewer")
        turn(license)
        curation.publish(license, [self.reread(since=DAY)], by=ada, now=now)
        before = list(Clause.objects.standing().order_by("pk").values_list("pk", "answer", "effective_to"))

        report = load(tmp_path, now=now)

        assert list(Clause.objects.standing().order_by("pk").values_list("pk", "answer", "effective_to")) == before
        assert (report.kept, report.unread) == (2, 0)

    def test_a_clause_that_no_file_reads_stays_read(self, tmp_path: Path, now: datetime) -> None:
        license, ada = self.loaded(tmp_path), make_person("ada", "reviewer")
        quotes = [{"document": "agreement", "section": "1", "words": "for any purpose whatsoever"}]
        offer = Offer(KIND["hosted_service"], {"answer": "yes", "quotes": quotes}, "Any purpose.")
        curation.publish(license, [offer], by=ada, now=now)

        load(tmp_path, now=now)

        assert Clause.objects.current().get(kind="hosted_service").read_by == "Ada"

    def test_a_license_that_the_files_leave_unread_stays_read(self, tmp_path: Path, now: datetime) -> None:
        head, _, _ = LICENSE.partition("read: {by")
        folder = catalogue(tmp_path)
        (folder / "acme-license.yaml").write_text(head)
        load(folder, now=now)
        license, ada = License.objects.get(), make_person("ada", "reviewer")
        make_revision(license.documents.get(), TEXT)
        curation.publish(license, [cap()], by=ada, now=now)

        report = load(folder, now=now)

        assert Clause.objects.current().get().read_by == "Ada"
        assert (report.kept, report.unread) == (1, 0)

    def test_the_files_say_it_after_a_dump(self, tmp_path: Path, now: datetime) -> None:
        license, ada, bob = self.loaded(tmp_path), make_person("ada", "curator"), make_person("bob", "reviewer")
        turn(license)
        (proposal,) = curation.propose(license, [self.reread(since=DAY)], by=ada, now=now)
        curation.accept(proposal, by=bob, now=now)
        standing = list(Clause.objects.standing().order_by("pk").values_list("pk", flat=True))

        dump(tmp_path)

        assert check(tmp_path) == []
        file = (tmp_path / "acme-license.yaml").read_text()
        assert "by: Bob" in file
        assert f"until: {DAY}" in file
        report = load(tmp_path, now=now)
        assert (report.kept, report.written, report.unread) == (0, 0, 0)
        assert list(Clause.objects.standing().order_by("pk").values_list("pk", flat=True)) == standing

    @pytest.mark.parametrize("first", ["- date: 2025-04-05", "- date: null"])
    def test_new_words_that_a_reader_dated_are_in_the_files_too(
        self, first: str, tmp_path: Path, now: datetime
    ) -> None:
        license = self.loaded(tmp_path, ("- date: 2025-04-05", first))
        ada, document = make_person("ada", "reviewer"), license.documents.get()
        terms = "1. For any purpose whatsoever. 2. More than 700 users ask us. " + LONG
        texts.keep(document, terms.encode(), source="acme/seven:LICENSE", now=now - timedelta(days=9))
        later = terms.replace("700", "600")
        texts.keep(document, later.encode(), source="acme/seven:LICENSE", now=now - timedelta(days=2))
        quotes = [{"document": "agreement", "section": "2", "words": "more than 600 users"}]
        was = Clause.objects.current().get(kind="mau_cap")
        offer = Offer(
            was.declaration, {"answer": "yes", "quotes": quotes}, "So.", was.pk, (now - timedelta(days=3)).date()
        )
        curation.publish(license, [offer], by=ada, now=now)
        standing = list(Clause.objects.standing().order_by("pk").values_list("pk", flat=True))

        dump(tmp_path)

        assert check(tmp_path) == []
        load(tmp_path, now=now)
        assert list(Clause.objects.standing().order_by("pk").values_list("pk", flat=True)) == standing


def turn(license: License) -> None:
    document = license.documents.get()
    make_revision(document, "1. For any purpose whatsoever. 2. More than 700 users ask them.", effective_on=DAY)
