"""Readings of a file meet those in the database: what moved supersedes and is told, other words are no news."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model

from licenses.catalogue import load
from licenses.models import Change, Clause
from tests.factories import make_clause
from tests.licenses.test_catalogue_check import LICENSE, catalogue

pytestmark = pytest.mark.django_db

SILENT_MAU_CAP = (
    (
        LICENSE[LICENSE.index("  mau_cap:") : LICENSE.index("  acceptable_use_policy:")],
        "",
    ),
    ("silent: [revenue_cap", "silent: [mau_cap, revenue_cap"),
)


def current(kind: str) -> Clause:
    return Clause.objects.current().get(kind=kind)


def test_another_reading_supersedes_the_one_before(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    before = current("mau_cap")
    later = now + timedelta(days=1)

    report = load(catalogue(tmp_path, *SILENT_MAU_CAP), now=later)

    after = current("mau_cap")
    before.refresh_from_db()
    assert (after.answer, after.supersedes, before.superseded_at) == ("silent", before, later)
    assert (report.written, report.unchanged) == (1, 5)
    assert Change.objects.newest().first().moved == [{"kind": "mau_cap", "before": "yes", "after": "silent"}]


@pytest.mark.parametrize(
    "change",
    [
        ("amount: 700", "amount: 800"),
        ("more than 700 users", "more than seven"),
        ("where: inside", "where: attached"),
        ("regions: [EU]", "regions: [EU, GB]"),
        ("note: Any purpose.", "note: Any purpose at all."),
        ("answer: yes\n    note", "answer: yes\n    strength: should\n    note"),
    ],
    ids=["amount", "quote", "payload", "region", "note", "strength"],
)
def test_a_reading_moves_with_any_of_its_parts(tmp_path, now, change):
    load(catalogue(tmp_path), now=now)

    assert load(catalogue(tmp_path, change), now=now).written == 1


@pytest.mark.parametrize(
    "change",
    [
        ("note: Any purpose.", "note: Any purpose at all."),
        ("more than 700 users", "more than seven"),
        ("by: Ada, on: 2026-11-21", "by: Grace, on: 2027-01-01"),
    ],
    ids=["note", "quote", "reader"],
)
def test_other_words_of_ours_are_no_news(tmp_path, now, change):
    load(catalogue(tmp_path), now=now)

    load(catalogue(tmp_path, change), now=now)

    told = Change.objects.newest().first()
    assert (told.weight, told.moved) == ("cosmetic", [])


def test_only_clauses_that_moved_are_told(tmp_path, now):
    load(catalogue(tmp_path), now=now)

    load(catalogue(tmp_path, ("note: Any purpose.", "note: Any."), ("amount: 700", "amount: 800")), now=now)

    told = Change.objects.newest().first()
    assert (told.weight, told.moved) == ("substantive", [{"kind": "mau_cap", "before": "yes", "after": "yes"}])


def test_reading_the_same_again_is_a_reading_of_its_own(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    before = current("mau_cap")

    report = load(catalogue(tmp_path, ("by: Ada, on: 2026-11-21", "by: Grace, on: 2027-01-01")), now=now)

    after = current("mau_cap")
    assert (report.written, after.read_by, after.read_on, after.supersedes) == (6, "Grace", date(2027, 1, 1), before)


CONFIRMED = ("    answer: yes\n    note", "    answer: yes\n    confirmed: {by: Grace, on: 2026-11-22}\n    note")


def test_a_confirmation_is_added_to_the_reading_and_is_no_change(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    before = current("commercial_use")

    report = load(catalogue(tmp_path, CONFIRMED), now=now)
    again = load(tmp_path, now=now)

    after = current("commercial_use")
    assert (after.pk, after.confirmed_by, after.confirmed_on) == (before.pk, "Grace", date(2026, 11, 22))
    assert (report.written, report.confirmed, again.confirmed, again.unchanged) == (0, 1, 0, 6)
    assert Change.objects.count() == 1


def test_a_confirmation_that_left_the_file_stays(tmp_path, now):
    load(catalogue(tmp_path, CONFIRMED), now=now)

    report = load(catalogue(tmp_path), now=now)

    assert (report.written, current("commercial_use").confirmed_by) == (0, "Grace")


def test_another_confirmation_is_a_reading_of_its_own(tmp_path, now):
    load(catalogue(tmp_path, CONFIRMED), now=now)

    report = load(catalogue(tmp_path, (CONFIRMED[0], CONFIRMED[1].replace("Grace", "Edsger"))), now=now)

    assert (report.written, current("commercial_use").confirmed_by) == (1, "Edsger")


def test_a_curators_reading_of_the_same_stays_the_curators(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    grace = get_user_model().objects.create_user("grace")
    old = current("revenue_cap")
    Clause.objects.filter(pk=old.pk).update(superseded_at=now)
    make_clause(old.license, "revenue_cap", answer="silent", read_by="Grace", reader=grace, supersedes=old)

    report = load(tmp_path, now=now)

    assert (report.unchanged, report.differences, current("revenue_cap").read_by) == (6, [], "Grace")


def test_a_curators_reading_is_kept_when_the_file_drops_the_kind(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    grace = get_user_model().objects.create_user("grace")
    old = current("revenue_cap")
    Clause.objects.filter(pk=old.pk).update(superseded_at=now)
    make_clause(old.license, "revenue_cap", answer="no", read_by="Grace", reader=grace, supersedes=old)

    report = load(catalogue(tmp_path, ("revenue_cap, registration", "registration")), now=now)

    assert current("revenue_cap").answer == "no"
    assert (report.kept, report.unread) == (1, 0)
    assert report.differences == ["acme-license: Grace reads revenue_cap as no; the file says unread. Kept."]


def test_a_curators_reading_is_kept_and_the_difference_told(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    old = current("revenue_cap")
    Clause.objects.filter(pk=old.pk).update(superseded_at=now)
    grace = get_user_model().objects.create_user("grace")
    make_clause(old.license, "revenue_cap", answer="no", read_by="Grace", reader=grace, supersedes=old)

    report = load(tmp_path, now=now)

    assert current("revenue_cap").answer == "no"
    assert (report.written, report.unchanged, report.kept) == (0, 5, 1)
    assert report.differences == ["acme-license: Grace reads revenue_cap as no; the file says silent. Kept."]


def test_a_kind_that_left_the_file_is_unread_again(tmp_path, now):
    load(catalogue(tmp_path), now=now)

    report = load(catalogue(tmp_path, ("revenue_cap, registration", "registration")), now=now)

    assert not Clause.objects.current().filter(kind="revenue_cap").exists()
    assert (report.unread, report.written) == (1, 0)
    assert "no longer reads revenue_cap (silent)" in report.differences[0]
    assert Change.objects.newest().first().moved == [{"kind": "revenue_cap", "before": "silent", "after": "unread"}]
