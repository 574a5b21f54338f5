"""Sizes that keep the code readable, and what the database holds against every kind of writing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import Error, IntegrityError, connection, transaction

from licenses.models import Cause, Change, Clause, Event, Quote, Revision, Threshold, Weight
from tests.factories import MAU_THRESHOLD, NOW, make_clause, make_license

HERE = Path(__file__).resolve().parent.parent
CODE = [
    path
    for folder in ("licenses", "ingest", "openness", "tests")
    for path in sorted((HERE / folder).rglob("*.py"))
    if path.parent.name != "migrations"
]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(HERE)))
def test_modules_and_functions_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400
    assert [f.name for f in functions(path) if (f.end_lineno or 0) - f.lineno + 1 > 40] == []


def test_imports_point_one_way() -> None:
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=HERE, capture_output=True, text=True
    )

    assert result.returncode == 0, result.stdout[-2000:]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
class TestAppendOnly:
    def refused(self, words: str) -> pytest.RaisesExc[Error]:
        return pytest.raises(Error, match=words)

    def test_a_reading_is_neither_edited_nor_deleted(self) -> None:
        make_license(mau_cap={"answer": "yes", "thresholds": [{}]})

        for rows, change in (
            (Clause.objects, {"answer": "no"}),
            (Threshold.objects, {"amount": 1}),
            (Quote.objects, {"exact": "other words"}),
        ):
            with self.refused("append-only"), transaction.atomic():
                rows.update(**change)
            with self.refused("append-only"), transaction.atomic():
                rows.all()._raw_delete("default")

    def test_a_reading_may_end_and_a_quote_may_move(self) -> None:
        make_license(mau_cap="yes")

        Clause.objects.update(superseded_at=NOW)
        Quote.objects.update(state="moved", start=3, end=9)

        assert not Clause.objects.current().exists()

    def test_a_reading_is_confirmed_once(self) -> None:
        make_license(mau_cap="yes")

        Clause.objects.update(confirmed_by="Grace", confirmed_on=date(2026, 11, 22))

        assert Clause.objects.get().confirmed_by == "Grace"
        for change in ({"confirmed_by": "Ada"}, {"confirmed_by": ""}, {"confirmed_on": date(2026, 11, 23)}):
            with self.refused("append-only"), transaction.atomic():
                Clause.objects.update(**change)

    def test_an_ended_reading_is_not_taken_up_again(self) -> None:
        make_license(mau_cap="yes")
        Clause.objects.update(superseded_at=NOW)

        with self.refused("append-only"), transaction.atomic():
            Clause.objects.update(superseded_at=None)

    def test_one_reading_of_a_kind_is_current(self) -> None:
        license = make_license(mau_cap="yes")

        with self.refused("one_standing_clause"), transaction.atomic():
            make_clause(license, "mau_cap", answer="silent")

    def test_an_answer_needs_a_quote(self) -> None:
        license = make_license()

        with self.refused("no quote"), transaction.atomic():
            Clause.objects.create(
                license=license, kind="mau_cap", answer="yes", read_by="Ada", read_on=date(2026, 1, 1), recorded_at=NOW
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_reading_gets_its_parts_within_savepoints_too(self) -> None:
        with transaction.atomic(), transaction.atomic():
            license = make_license(mau_cap={"answer": "yes", "thresholds": [{}]})
        clause = license.clauses.get()
        with transaction.atomic():
            Clause.objects.update(confirmed_by="Grace", confirmed_on=date(2026, 11, 22))
            Quote.objects.create(clause=clause, document=license.documents.get(), section="3", exact="more words")

        assert clause.quotes.count() == 2

    def test_a_reading_supersedes_one_of_its_license_and_kind(self) -> None:
        license = make_license(mau_cap="silent", revenue_cap="silent")
        cap, revenue = license.clauses.order_by("pk")
        Clause.objects.update(superseded_at=NOW)

        make_clause(license, "mau_cap", answer="silent", supersedes=cap)
        for of, kind in ((license, "mau_cap"), (make_license("Other"), "revenue_cap")):
            with self.refused("another license or kind"), transaction.atomic():
                Clause.objects.filter(license=of, kind=kind).update(superseded_at=NOW)
                make_clause(of, kind, answer="silent", supersedes=revenue)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_change_stays_as_it_was_told(self) -> None:
        Change.objects.create(
            license=make_license(), event=Event.READ, cause=Cause.READING, weight=Weight.SUBSTANTIVE, seen_at=NOW
        )

        with self.refused("append-only"), transaction.atomic():
            Change.objects.update(cause=Cause.TEXT)

    def test_a_wording_gets_its_text_once(self) -> None:
        document = make_license().documents.get()
        Revision.objects.create(document=document, raw_sha256="0" * 64, source="repo")

        Revision.objects.update(text="the words", sha256="1" * 64)

        with self.refused("append-only"), transaction.atomic():
            Revision.objects.update(text="other words")

    def test_a_wording_is_dated_once(self) -> None:
        Revision.objects.create(document=make_license().documents.get(), raw_sha256="0" * 64, source="repo")

        Revision.objects.update(effective_on=date(2025, 6, 1))

        for day in (date(2025, 6, 2), None):
            with self.refused("append-only"), transaction.atomic():
                Revision.objects.update(effective_on=day)

    def test_a_change_is_about_one_thing(self) -> None:
        with pytest.raises(IntegrityError, match="a_change_is_about_one_thing"), transaction.atomic():
            Change.objects.create(event=Event.READ, cause=Cause.READING, weight=Weight.SUBSTANTIVE, seen_at=NOW)


@pytest.mark.django_db(transaction=True)
class TestFinishedReadings:
    @pytest.fixture
    def clause(self) -> Clause:
        with transaction.atomic():
            return make_license(mau_cap={"answer": "yes", "thresholds": [{}]}).clauses.get()

    def add(self, clause: Clause, part: str) -> None:
        if part == "threshold":
            clause.thresholds.create(**MAU_THRESHOLD)
        elif part == "territory":
            clause.territories.create(regions=["EU"], basis=["domicile"], effect="no_grant")
        else:
            clause.quotes.create(document=clause.license.documents.get(), section="3", exact="more words")

    @pytest.mark.parametrize("part", ["threshold", "territory", "quote"])
    def test_nothing_is_added_to_a_finished_reading(self, clause: Clause, part: str) -> None:
        with pytest.raises(IntegrityError, match="a finished reading gets no more rows"):
            self.add(clause, part)
        with pytest.raises(IntegrityError, match="a finished reading"), transaction.atomic(), transaction.atomic():
            self.add(clause, part)

    def test_touching_a_finished_reading_does_not_open_it(self, clause: Clause) -> None:
        with transaction.atomic():
            Clause.objects.update(confirmed_by="Grace", confirmed_on=date(2026, 11, 22))

            with pytest.raises(IntegrityError, match="a finished reading"), transaction.atomic():
                self.add(clause, "quote")

    def test_no_one_says_in_hindsight_when_it_was_written(self, clause: Clause) -> None:
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE licenses_clause SET written_in = pg_current_xact_id()")
