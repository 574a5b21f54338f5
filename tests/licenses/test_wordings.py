"""A license whose words changed: what held when, in the files, in the database and on its page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from licenses.catalogue import check, dump, load
from licenses.models import Change, Clause, License, Revision, in_force
from tests.factories import make_clause, make_license
from tests.licenses.test_catalogue_check import LICENSE, PUBLISHER, catalogue
from tests.pages import words

EARLIER = """      - date: 2025-04-05
        source: "github:acme/seven@0123abc:LICENSE"
        sha256: 6b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f
"""
LATER = (
    EARLIER
    + """      - date: 2025-06-26
        source: "github:acme/seven@1234abc:LICENSE"
        sha256: 7b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f
      - date: 2025-06-27
        source: "github:acme/seven@2345abc:LICENSE"
        sha256: 8b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f
"""
)
HISTORY = """history:
  - until: 2025-06-26
    clauses:
      mau_cap:
        answer: yes
        thresholds:
          - {metric: mau, amount: 100, period: month, comparator: gt, measured: ongoing, whose: licensee,
             applies_to: any_use, effect: no_rights}
        quotes:
          - {document: agreement, section: "2", words: "more than 100 users"}
  - until: 2025-06-27
    clauses:
      registration:
        answer: yes
        quotes:
          - {document: agreement, section: "5", words: "you must register"}
    silent: [geo_exclusion]
"""
CHANGED = (
    (EARLIER, LATER),
    ("silent: [revenue_cap, registration]\n", f"silent: [revenue_cap, registration]\n{HISTORY}"),
)


def held(kind: str, day: str) -> str:
    """The answer that was true on a day, as the database has it."""
    clauses = in_force(Clause.objects.standing().filter(kind=kind), date.fromisoformat(day))
    return clauses[0].answer if clauses else "unread"


def test_a_catalogue_with_earlier_wordings_is_in_order(tmp_path: Path) -> None:
    assert check(catalogue(tmp_path, *CHANGED)) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("until: 2025-06-27", "until: 2025-06-28", "“until” is 2025-06-28, and no document changed on that day"),
        ("until: 2025-06-26", "until: 2025-04-05", "“until” is 2025-04-05, and no document changed on that day"),
        ("until: 2025-06-26", "until: 2025-06-27", "the wording until 2025-06-27 stands after a later one"),
        ("silent: [geo_exclusion]", "silent: [registration]", "“registration” is among the clauses and silent"),
        ("100", "700", "“mau_cap” until 2025-06-26 reads like the wording after it"),
        ("until: 2025-06-26", "before: 2025-06-26", "“until” is missing"),
        ("more than 100 users", "a b c d e f g h i j k l m n o p", "has 16 words"),
        ('document: agreement, section: "5"', 'document: policy, section: "5"', "no document has the key “policy”"),
    ],
)
def test_a_mistake_in_an_earlier_wording_is_named(tmp_path: Path, old: str, new: str, what: str) -> None:
    folder = catalogue(tmp_path, *CHANGED)
    file = folder / "acme-license.yaml"
    file.write_text(file.read_text().replace(old, new))

    assert [problem for problem in check(folder) if what in problem.what], check(folder)


@pytest.mark.django_db
def test_each_reading_knows_when_it_was_true(tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path, *CHANGED), now=now)

    times = Clause.objects.standing().order_by("kind", "effective_from").values_list(
        "kind", "answer", "effective_from", "effective_to"
    )  # fmt: skip
    first, lost, back = date(2025, 4, 5), date(2025, 6, 26), date(2025, 6, 27)
    assert [row for row in times if row[0] in ("geo_exclusion", "mau_cap", "registration", "commercial_use")] == [
        ("commercial_use", "yes", first, None),
        ("geo_exclusion", "silent", first, back),
        ("geo_exclusion", "yes", back, None),
        ("mau_cap", "yes", first, lost),
        ("mau_cap", "yes", lost, None),
        ("registration", "yes", first, back),
        ("registration", "silent", back, None),
    ]


@pytest.mark.django_db
def test_any_day_has_its_own_answers(tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path, *CHANGED), now=now)

    assert [held("registration", day) for day in ("2025-04-04", "2025-04-05", "2025-06-26", "2025-06-27")] == [
        "unread",
        "yes",
        "yes",
        "silent",
    ]
    assert held("registration", "2030-01-01") == "silent"


@pytest.mark.django_db
def test_a_quote_is_of_the_wording_that_was_in_force(tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path, *CHANGED), now=now)

    quoted = {
        clause.quotes.get().exact: clause.quotes.get().revision.effective_on
        for clause in Clause.objects.standing().filter(kind__in=["mau_cap", "registration"]).exclude(answer="silent")
    }
    assert quoted == {
        "more than 100 users": date(2025, 4, 5),
        "you must register": date(2025, 6, 26),
        "more than 700 users": date(2025, 6, 27),
    }
    assert Revision.objects.count() == 3


@pytest.mark.django_db
def test_it_survives_the_round_trip_and_a_second_load_writes_nothing(tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path / "files", *CHANGED), now=now)

    dump(tmp_path / "dumped")
    again = load(tmp_path / "dumped", now=now)
    dump(tmp_path / "twice")

    assert check(tmp_path / "dumped") == []
    assert "until: 2025-06-26" in (tmp_path / "dumped" / "acme-license.yaml").read_text()
    assert (again.written, again.unread) == (0, 0)
    for name in ("acme-license.yaml", "releases/acme.yaml"):
        assert (tmp_path / "twice" / name).read_bytes() == (tmp_path / "dumped" / name).read_bytes()


@pytest.mark.django_db
def test_a_wording_found_later_is_our_reading_and_no_change_of_theirs(tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path), now=now)

    load(catalogue(tmp_path, *CHANGED), now=now + timedelta(days=1))

    change = Change.objects.newest().first()
    assert change is not None
    assert change.cause == "reading"
    assert {"kind": "mau_cap", "before": "unread", "after": "yes", "until": "2025-06-26"} in change.moved


@pytest.mark.django_db
def test_a_quote_follows_when_the_bytes_of_its_wording_become_known(tmp_path: Path, now: Any) -> None:
    """Two databases that loaded the same files in another order hold the same."""
    load(catalogue(tmp_path, (EARLIER, ""), ("    revisions:\n", "")), now=now)
    assert not Revision.objects.exists()

    load(catalogue(tmp_path), now=now)
    load(catalogue(tmp_path, (EARLIER, LATER)), now=now)

    dates = Clause.objects.current().exclude(answer="silent").values_list("quotes__revision__effective_on", flat=True)
    assert set(dates) == {date(2025, 6, 27)}


@pytest.mark.django_db
def test_a_wording_that_only_the_past_was_read_in_survives_the_round_trip(tmp_path: Path, now: Any) -> None:
    read = LICENSE[LICENSE.index("clauses:") : LICENSE.index("silent:")]
    only_past = ((EARLIER, LATER), (read, ""), ("silent: [revenue_cap, registration]\n", HISTORY))
    load(catalogue(tmp_path / "files", *only_past), now=now)

    dump(tmp_path / "dumped")

    assert check(tmp_path / "files") == check(tmp_path / "dumped") == []


@pytest.mark.django_db
def test_todays_table_shows_todays_words(client: Client, tmp_path: Path, now: Any) -> None:
    load(catalogue(tmp_path, *CHANGED), now=now)

    assert "1 license" in words(client.get("/licenses/?registration=silent").content.decode())
    assert "0 licenses" in words(client.get("/licenses/?registration=yes").content.decode())


@pytest.mark.django_db
def test_the_database_keeps_one_reading_for_each_time(tmp_path: Path, now: Any) -> None:
    license = make_license("Acme", mau_cap="yes")
    make_clause(license, "mau_cap", answer="silent", effective_to=date(2025, 6, 26))

    with pytest.raises(IntegrityError), transaction.atomic():
        make_clause(license, "mau_cap", answer="silent", effective_to=date(2025, 6, 26))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_clause(license, "mau_cap", answer="silent")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_clause(
            license, "registration", answer="silent", effective_from=date(2025, 6, 26), effective_to=date(2025, 6, 26)
        )


class TestThePage:
    @pytest.fixture(autouse=True)
    def loaded(self, db: None, tmp_path: Path, now: Any) -> None:
        load(catalogue(tmp_path, *CHANGED), now=now)

    def page(self, client: Client, query: str = "", status: int = 200) -> str:
        answer = client.get(f"/licenses/acme-license/{query}")
        assert answer.status_code == status
        return words(answer.content.decode())

    def test_it_shows_today_unless_asked_otherwise(self, client: Client) -> None:
        page = self.page(client)

        assert "more than 700 users" in page
        assert "more than 100 users" not in page
        assert "you must register" not in page

    def test_it_can_show_any_day(self, client: Client) -> None:
        page = self.page(client, "?as_of=2025-05-01")

        assert "As the words stood on 2025-05-01" in page
        assert "more than 100 users" in page
        assert "more than 700 users" not in page
        assert "from 2025-04-05 until 2025-06-26" in page

    def test_a_day_before_the_first_wording_is_not_read_as_free(self, client: Client) -> None:
        page = self.page(client, "?as_of=2024-01-01")

        assert "We know no wording as old as 2024-01-01; the oldest here is of 2025-04-05." in page
        assert "The catch on 2024-01-01: not known for that day." in page
        assert "more than" not in page

    def test_a_release_before_the_first_dated_wording_dates_nothing(
        self, client: Client, tmp_path: Path, now: Any
    ) -> None:
        License.objects.update(released_on=date(2024, 1, 1))
        older = (*CHANGED, ("steward: acme", "steward: acme\nreleased: 2024-01-01"))
        load(catalogue(tmp_path / "released", *older), now=now)

        assert "We know no wording as old as 2024-06-01" in self.page(client, "?as_of=2024-06-01")

    def test_a_day_to_come_is_refused_and_so_is_a_name_that_is_none(self, client: Client) -> None:
        assert "as_of" in self.page(client, "?as_of=2999-01-01", 400)
        assert "as-of" in self.page(client, "?as-of=2025-05-01", 400)
        assert self.page(client, "?utm_source=letter")

    @pytest.mark.parametrize(
        "day", ["then", "2025-13-01", "2025-6-1", "20250601", "2025-W16-4", "x" * 500, "٢٠٢٥-٠١-٠١"]
    )
    def test_what_is_no_day_is_refused(self, client: Client, day: str) -> None:
        assert "as_of" in self.page(client, f"?as_of={day}", 400)

    def test_it_tells_what_moved_and_in_which_direction(self, client: Client) -> None:
        page = self.page(client)
        history = page[page.index("How its words changed") :]

        assert "2025-06-27" in history
        assert "looser" in history or "vanished" in history
        assert "vanished Registration yes → silent" in history
        assert "appeared Geography silent → yes" in history
        assert "looser User cap" in history

    def test_its_wordings_are_drawn_along_time(self, client: Client) -> None:
        drawn = client.get("/licenses/acme-license/").content.decode()

        assert "Registration: yes (from 2025-04-05 until 2025-06-27); silent (since 2025-06-27)" in drawn
        assert "Geography: silent (from 2025-04-05 until 2025-06-27); yes" in drawn
        assert "clauses moved: " in self.page(client)

    def test_it_takes_at_most_nine_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        License.objects.update(family="acme")

        with django_assert_max_num_queries(9):
            self.page(client, "?as_of=2025-05-01")


def test_the_tests_change_what_they_mean_to() -> None:
    assert all(old in LICENSE + PUBLISHER for old, _ in CHANGED)
