"""The catalogue comes into the database whole, once, and never over a curator's reading."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from licenses.catalogue import CatalogueRefused, load
from licenses.models import Artifact, Change, Clause, Document, License, Publisher, Quote, Release, Revision, Rule
from tests.factories import make_license
from tests.licenses.test_catalogue_check import LICENSE, PUBLISHER, catalogue

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[tuple]]:
    """Every row of ours with the transaction that wrote it."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            if table.startswith("licenses_"):
                cursor.execute(f'SELECT xmin, ctid, t::text FROM "{table}" t ORDER BY ctid')
                found[table] = cursor.fetchall()
        return found


def current(kind: str) -> Clause:
    return Clause.objects.current().get(kind=kind)


def test_what_the_files_say_is_in_the_database(tmp_path, now):
    report = load(catalogue(tmp_path), now=now)

    license = License.objects.get()
    assert (license.slug, license.kind, license.label, license.steward.name) == (
        "acme-license",
        "custom",
        "vendor",
        "Acme",
    )
    clause = current("mau_cap")
    assert (clause.answer, clause.read_by, clause.read_on, clause.recorded_at) == (
        "yes",
        "Ada",
        date(2026, 11, 21),
        now,
    )
    assert clause.thresholds.get().amount == 700
    assert clause.quotes.get().revision == Revision.objects.get()
    assert current("geo_exclusion").territories.get().regions == ["EU"]
    assert current("acceptable_use_policy").payload == {"where": "inside"}
    assert current("revenue_cap").answer == "silent"
    release = Release.objects.with_weights().get()
    assert (release.license, release.released) == (license, "2025-04")
    assert Rule.objects.get().value == "acme-license"
    assert (report.licenses, report.releases, report.publishers, report.rules, report.written) == (1, 1, 1, 1, 6)


def test_the_first_reading_is_told_as_one_change_that_is_no_news(tmp_path, now):
    load(catalogue(tmp_path), now=now)

    change = Change.objects.get()
    assert (change.license.slug, change.event, change.cause, change.weight) == (
        "acme-license",
        "added",
        "reading",
        "cosmetic",
    )
    assert change.seen_at == now
    assert {"kind": "mau_cap", "before": "unread", "after": "yes"} in change.moved
    assert len(change.moved) == 6


def test_a_second_load_writes_nothing(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    before = rows()

    report = load(tmp_path, now=now + timedelta(days=1))

    assert rows() == before
    assert (report.written, report.unchanged, report.differences) == (0, 6, [])


def test_names_rules_and_releases_mirror_the_files(tmp_path, now):
    load(catalogue(tmp_path), now=now)

    report = load(
        catalogue(
            tmp_path,
            ("short_name: Acme", "short_name: ACME"),
            ("value: acme-license", "value: acme-license-1"),
            ("slug: acme-7b", "slug: acme-7b-base"),
            ("value: false", "value: true"),
        ),
        now=now,
    )

    license = License.objects.get()
    assert (license.short_name, license.attributes.get().value) == ("ACME", True)
    assert [rule.value for rule in Rule.objects.all()] == ["acme-license-1"]
    assert [release.slug for release in Release.objects.all()] == ["acme-7b-base"]
    assert "acme-7b: no file has the release; it is removed." in report.differences


def test_a_release_whose_components_were_assessed_is_kept(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    Release.objects.get().components.create(name="weights", value="yes", assessor="Ada", as_of=now.date())

    report = load(catalogue(tmp_path, ("slug: acme-7b", "slug: acme-7b-base")), now=now)

    assert set(Release.objects.values_list("slug", flat=True)) == {"acme-7b", "acme-7b-base"}
    assert "acme-7b: no file has the release; its components were assessed, so it is kept." in report.differences


def test_rules_are_kept_in_one_spelling(tmp_path, now):
    spellings = "value: Acme_License}\n  - {signal: name, value: ACME license"
    folder = catalogue(tmp_path, ("value: acme-license", spellings))

    load(folder, now=now)
    report = load(folder, now=now)

    assert Rule.objects.get().value == "acme-license"
    assert (report.rules, report.differences) == (1, [])


def test_a_rule_of_a_license_that_no_file_has_is_kept_in_any_spelling(tmp_path, now):
    Rule.objects.create(signal="name", value="ACME License", license=make_license("Curated"))

    report = load(catalogue(tmp_path), now=now)

    assert Rule.objects.get().license.slug == "curated"
    assert "means curated, whose license no file has; kept." in report.differences[0]


def test_a_document_in_which_words_were_read_retires_instead_of_going(tmp_path, now):
    load(catalogue(tmp_path), now=now)

    load(catalogue(tmp_path, ("key: agreement", "key: license"), ("document: agreement", "document: license")), now=now)

    assert dict(Document.objects.values_list("key", "retired_on")) == {"agreement": now.date(), "license": None}
    assert Quote.objects.filter(clause__superseded_at=None).values("document__key").distinct().get() == {
        "document__key": "license"
    }


def test_a_new_wording_is_added_and_new_readings_quote_the_latest(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    newer = f'revisions:\n      - {{date: 2026-01-01, source: "Acme", sha256: {"0" * 64}}}'

    load(catalogue(tmp_path, ("revisions:", newer), ("more than 700 users", "more than seven")), now=now)

    assert Revision.objects.count() == 2
    assert current("mau_cap").quotes.get().revision.raw_sha256 == "0" * 64


def test_licenses_that_no_file_has_are_left_alone(tmp_path, now):
    make_license("Curated", mau_cap="silent")

    load(catalogue(tmp_path), now=now)
    load(tmp_path, now=now)

    assert License.objects.get(slug="curated").clauses.get().superseded_at is None


def test_an_identifier_of_another_license_in_the_database_is_refused(tmp_path, now):
    License.objects.create(
        slug="old", name="Old", short_name="Old", identifier="LicenseRef-acme-license", kind="custom"
    )

    with pytest.raises(CatalogueRefused, match="belongs to “old” in the database"):
        load(catalogue(tmp_path), now=now)


def test_licenses_do_not_exchange_their_identifiers_in_one_load(tmp_path, now):
    folder = catalogue(tmp_path)
    bolt = LICENSE.replace("acme-license", "bolt")
    (folder / "bolt.yaml").write_text(bolt)
    load(folder, now=now)
    (folder / "bolt.yaml").write_text(bolt.replace("LicenseRef-bolt", "LicenseRef-acme-license"))
    (folder / "acme-license.yaml").write_text(LICENSE.replace("LicenseRef-acme-license", "LicenseRef-bolt"))

    with pytest.raises(CatalogueRefused, match="in the database") as refused:
        load(folder, now=now)

    assert "in a load of its own" in refused.value.problems[0].cure


@pytest.mark.django_db(transaction=True)
def test_a_second_load_waits_for_the_first(tmp_path, now):
    folder = catalogue(tmp_path)
    start = Barrier(4)

    def loaded() -> int:
        start.wait()
        try:
            return load(folder, now=now).written
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        written = [each.result() for each in [threads.submit(loaded) for _ in range(4)]]

    assert sorted(written) == [0, 0, 0, 6]


def test_a_fault_midway_leaves_nothing(tmp_path, now):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE licenses_change ADD CONSTRAINT no_more CHECK (seen_at IS NULL)")

    with pytest.raises(IntegrityError):
        load(catalogue(tmp_path), now=now)

    assert not License.objects.exists()
    assert not Publisher.objects.exists()


def test_the_command_says_what_it_loaded(tmp_path):
    said = StringIO()

    call_command("catalogue", "load", str(catalogue(tmp_path)), stdout=said)

    assert said.getvalue().startswith("Loaded 1 licenses, 1 publishers, 1 releases, 1 rules; readings: 6 written")


def test_the_command_refuses_with_the_list(tmp_path):
    with pytest.raises(CommandError, match=r"1 problem in the catalogue\. Nothing was loaded\."):
        call_command("catalogue", "load", str(catalogue(tmp_path, ("DE", "UK"))), stderr=StringIO())


def test_a_hundred_licenses_load_in_seconds(tmp_path, now):
    folder = catalogue(tmp_path)
    for number in range(100):
        text = LICENSE.replace("acme-license", f"acme-{number}")
        (folder / f"acme-{number}.yaml").write_text(text)

    started = time.perf_counter()
    load(folder, now=now)
    loaded = time.perf_counter()
    load(folder, now=now)

    assert loaded - started < 5
    assert time.perf_counter() - loaded < 2


@pytest.mark.parametrize(
    ("expression", "leads"),
    [
        ("MIT AND LicenseRef-acme-license", "acme-license"),
        ("GPL-3.0-only AND LicenseRef-acme-license", None),
        ("MIT OR LicenseRef-acme-license", None),
        ("LicenseRef-acme-license", "acme-license"),
        ("MIT", "mit"),
    ],
)
def test_a_license_leads_only_beside_those_that_yield(tmp_path, now, expression, leads):
    folder = catalogue(
        tmp_path, publisher=PUBLISHER.replace("weights: LicenseRef-acme-license", f"weights: {expression}")
    )
    for identifier, slug, copyleft in (("MIT", "mit", "silent"), ("GPL-3.0-only", "gpl", "yes")):
        (folder / f"{slug}.yaml").write_text(standard(identifier, slug, copyleft))

    load(folder, now=now)

    weights = Artifact.objects.weights().get()
    assert (weights.license and weights.license.slug) == leads


def standard(identifier: str, slug: str, copyleft: str) -> str:
    said = "silent: [copyleft_sharealike]"
    if copyleft == "yes":
        said = (
            "clauses:\n  copyleft_sharealike:\n    answer: yes\n    quotes:\n"
            '      - {document: agreement, section: "5", words: "the same license"}'
        )
    return f"""slug: {slug}
name: {identifier}
short_name: {identifier}
identifier: {identifier}
kind: standard
attributes:
  - {{name: osi_approved, value: true, source: OSI list, date: 2026-08-22}}
documents:
  - {{key: agreement, role: agreement, title: {identifier}}}
read: {{by: Ada, on: 2026-11-21}}
{said}
"""
