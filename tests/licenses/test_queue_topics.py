"""Each topic of the curators' queue: what is in it, and that it is gone when the work is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from licenses import curation, queue
from licenses.clauses import CORE
from licenses.models import Clause, Conclusion, Document, Proposal, Quote, Revision
from licenses.topics import Topic
from tests.factories import NOW, make_clause, make_license, make_model, make_person, make_revision
from tests.licenses.test_publishing import acme, cap
from tests.licenses.waiting import (
    change_words,
    found,
    lose_quotes,
    make_disagreement,
    make_file,
    make_name,
    somebody,
    tasks,
)

pytestmark = pytest.mark.django_db

#: Every core question answered.
READ = {kind.slug: "silent" for kind in CORE}


def test_a_name_waits_until_it_is_bound() -> None:
    name = make_name("kimi-k2", total=12, downloads=300)

    assert tasks() == ["Bind “kimi-k2” to a license"]

    name.delete()

    assert tasks() == []


def test_a_license_that_nobody_read_waits_for_a_first_reading() -> None:
    license = make_license("Acme License")

    assert tasks() == ["Read Acme License: nobody has"]

    make_clause(license, "patent_grant", answer="silent")

    assert tasks() == ["Read Acme License: 1 of 35 questions are answered"]

    for kind in CORE:
        make_clause(license, kind.slug, answer="silent")

    assert tasks(topics=[Topic.TEXTS]) == []


def test_a_text_that_models_share_waits_once() -> None:
    models = [make_model(f"acme/{name}", downloads=downloads) for name, downloads in (("tiny", 5), ("big", 9))]
    for model in models:
        make_file(model, "Use it as you like, but tell us.")
    make_file(models[1], "Use it as you like, but tell us.", key="copy")
    make_file(make_model("acme/known", license=make_license("Known", **READ)), "Known words of a license.")

    (entry,) = found(topics=[Topic.TEXTS]).entries

    assert (entry.name, entry.models, entry.downloads) == ("acme/big", 2, 14)
    assert tasks(topics=[Topic.TEXTS]) == ["Read LICENSE of acme/big: nobody has"]


def test_a_text_with_the_words_of_a_known_license_waits_for_a_conclusion() -> None:
    file = make_file(make_model("acme/tiny"), "The words of MIT.")
    file.reads_as = make_license("MIT", **READ)
    file.save()

    assert tasks(topics=[Topic.TEXTS]) == ["Conclude the license of acme/tiny: LICENSE holds the words of MIT"]

    ada = make_person("ada", "curator")
    Conclusion.objects.create(
        model=file.model, reason="Its file.", quote="MIT", made_by=ada, made_by_name="Ada", made_at=NOW
    )

    assert tasks(topics=[Topic.TEXTS]) == []


def test_clauses_in_doubt_wait_to_be_read_again() -> None:
    make_license("Acme License", mau_cap="yes", branding_required="yes", revenue_cap="silent")
    lose_quotes()

    assert tasks(topics=[Topic.DOUBT]) == ["Read again 2 clauses of Acme License: words are gone since 2026-11-02"]
    assert [entry.facts["kinds"] for entry in found(topics=[Topic.SECOND]).entries] == [["revenue_cap"]]

    Quote.objects.update(state="found", missing_since=None)

    assert tasks(topics=[Topic.DOUBT]) == []


def test_a_proposal_waits_for_another_than_who_made_it(now: datetime) -> None:
    license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
    (proposal,) = curation.propose(license, [cap()], by=ada, now=now)

    assert tasks(bob, topics=[Topic.PROPOSALS]) == ["Decide on a reading of user cap in Acme License"]
    assert tasks(ada, topics=[Topic.PROPOSALS]) == ["Your reading of user cap in Acme License waits for another person"]

    curation.accept(proposal, by=bob, now=now)

    assert tasks(bob, topics=[Topic.PROPOSALS]) == []


def test_a_correction_waits_for_an_answer() -> None:
    Proposal.objects.create(
        license=make_license("Acme License"), kind="mau_cap", origin="visitor", text="It is 100 million.", made_at=NOW
    )

    (entry,) = found(topics=[Topic.PROPOSALS]).entries

    told = queue.errand(entry, somebody())
    assert (told.task, told.detail) == (
        "Answer a correction of user cap in Acme License",
        "from a visitor, since 2026-11-21",
    )


def test_a_disagreement_waits_for_a_conclusion() -> None:
    mit, apache = make_license("MIT", mau_cap="silent"), make_license("Apache 2.0", mau_cap="silent")
    said = make_disagreement("acme/tiny", mit, apache)

    assert tasks(topics=[Topic.DISAGREEMENTS]) == [
        "Conclude the license of acme/tiny: it stands under MIT, its license file says Apache 2.0"
    ]

    Conclusion.objects.create(
        model=said.model, license=apache, reason="Its file.", quote="Apache", made_by=make_person("ada", "curator"),
        made_by_name="Ada", made_at=NOW,
    )  # fmt: skip

    assert tasks(topics=[Topic.DISAGREEMENTS]) == []


def test_core_clauses_wait_for_a_second_reader_who_is_not_the_first() -> None:
    ada, bob = make_person("grace", "reviewer"), make_person("bob", "reviewer")
    license = make_license("Acme License", revenue_cap="silent", patent_grant="silent")
    make_clause(license, "mau_cap", answer="silent", reader=ada)

    assert tasks(bob, topics=[Topic.SECOND]) == ["Second reading of 2 clauses of Acme License"]
    assert tasks(ada, topics=[Topic.SECOND]) == ["Second reading of 1 clause of Acme License"]

    curation.confirm(Clause.objects.filter(kind="revenue_cap"), by=bob, now=NOW)
    curation.confirm(Clause.objects.filter(kind="mau_cap"), by=bob, now=NOW)

    assert tasks(bob, topics=[Topic.SECOND]) == []


def test_second_readings_are_for_reviewers() -> None:
    make_license("Acme License", **READ)
    (entry,) = found(topics=[Topic.SECOND]).entries

    assert queue.errand(entry, somebody()).address == "/curate/acme-license/confirm/"
    assert tasks(make_person("cleo", "curator"), topics=[Topic.SECOND]) == []


def test_what_nobody_looked_at_for_a_year_is_stale() -> None:
    license = make_license("Acme License", mau_cap="silent", revenue_cap="silent")
    made = date(2026, 11, 1)

    def stale(days: int) -> list[str]:
        return tasks(now=datetime(2026, 11, 1, tzinfo=NOW.tzinfo) + timedelta(days=days), topics=[Topic.STALE])

    assert stale(365) == []
    assert stale(366) == [f"Read again 2 clauses of Acme License: not looked at since {made}"]

    license.clauses.filter(kind="mau_cap").update(confirmed_by="Bob", confirmed_on=date(2026, 12, 1))

    assert stale(366) == [f"Read again 1 clause of Acme License: not looked at since {made}"]


@pytest.mark.parametrize(
    ("days", "is_stale"), [(1, True), (-1, False)], ids=["the words came after it was read", "it was read after them"]
)
def test_readings_of_the_words_before_are_stale_though_their_quotes_are_found(days: int, is_stale: bool) -> None:
    license = make_license("Acme License", mau_cap="yes", revenue_cap="silent")
    other = Document.objects.create(license=license, key="policy", role="acceptable_use_policy", title="Policy")
    make_clause(license, "acceptable_use_policy", document=other, answer="yes")
    change_words(license.documents.get(key="agreement"), seen_at=NOW + timedelta(days=days))

    told = tasks(topics=[Topic.STALE])

    assert told == (["Read again 2 clauses of Acme License: read before its words changed"] if is_stale else [])


def test_a_later_look_settles_newer_words() -> None:
    license = make_license("Acme License", mau_cap="yes")
    change_words(license.documents.get(), seen_at=NOW + timedelta(days=1))

    Clause.objects.update(confirmed_by="Bob", confirmed_on=date(2026, 11, 23))

    assert tasks(topics=[Topic.STALE]) == []


def test_a_copy_of_the_same_words_makes_nothing_stale() -> None:
    license = make_license("Acme License", mau_cap="yes")
    first = make_revision(license.documents.get(), "words that prove mau_cap", first_seen_at=NOW + timedelta(days=9))

    assert first == Revision.objects.get()
    assert tasks(topics=[Topic.STALE]) == []
