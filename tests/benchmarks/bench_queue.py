"""How long the curators' queue takes with much to do, beside the lightest page and the barest query of the same run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses.clauses import CORE
from licenses.models import Clause, Document, License, LicenseCount, Quote, UnresolvedName
from tests.benchmarks.bench_pages import milliseconds
from tests.conftest import browser_of
from tests.factories import make_person

LICENSES, NAMES = 2_000, 50_000
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def fill() -> None:
    """Licenses read by one person, a tenth of them not at all; a twentieth of the answers in doubt, some are old."""
    licenses = License.objects.bulk_create(
        License(slug=f"license-{n}", name=f"License {n}", short_name=f"License {n}", identifier=f"LicenseRef-{n}",
                kind="custom") for n in range(LICENSES)
    )  # fmt: skip
    LicenseCount.objects.bulk_create(
        LicenseCount(license=one, total=n * 7919 % 9973, downloads=n * 104729 % 999983, counted_at=NOW)
        for n, one in enumerate(licenses)
    )
    documents = Document.objects.bulk_create(
        Document(license=one, key="agreement", role="agreement", title="Agreement") for one in licenses
    )
    read = [(document, kind) for document, kind in product(documents[LICENSES // 10 :], CORE)]
    clauses = Clause.objects.bulk_create(
        Clause(license=document.license, kind=kind.slug, answer="yes", read_by="Ada", recorded_at=NOW,
               read_on=date(2025 if n % 50 == 0 else 2026, 11, 1)) for n, (document, kind) in enumerate(read)
    )  # fmt: skip
    Quote.objects.bulk_create(
        Quote(clause=clause, document=document, section="1", exact="words",
              state="missing" if n % 20 == 0 else "found", missing_since=NOW if n % 20 == 0 else None)
        for n, (clause, (document, _)) in enumerate(zip(clauses, read, strict=True))
    )  # fmt: skip
    UnresolvedName.objects.bulk_create(
        UnresolvedName(signal="name", value=f"name-{n}", written=f"Name {n}", total=n * 7919 % 9973, downloads=n,
                       leading="acme/one", counted_at=NOW) for n in range(NAMES)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def one_index_page() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM licenses_unresolvedname ORDER BY total DESC, downloads DESC LIMIT 50")
        cursor.fetchall()


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


@pytest.mark.django_db
def test_the_queue_costs_a_bounded_multiple_of_counting_its_rows() -> None:
    fill()
    client = browser_of(make_person("bob", "reviewer"))
    pages = {
        "the lightest page (/healthz)": "/healthz",
        "the queue (/curate/)": "/curate/",
        "one topic (?topic=second)": "/curate/?topic=second",
        "nobody at it, by downloads": "/curate/?claimed=free&sort=downloads",
        "a search (?q=license+77)": "/curate/?q=license+77",
        "the last page (?page=40)": "/curate/?page=40",
        "a second reading": "/curate/license-777/confirm/",
    }

    taken = {name: milliseconds(lambda path=path: client.get(path)) for name, path in pages.items()}  # type: ignore[misc]
    query = milliseconds(one_index_page)

    lightest = taken["the lightest page (/healthz)"]
    print(f"\n{f'{LICENSES:,} licenses, {NAMES:,} names':<45}{'ms':>8}{'x lightest':>12}{'queries':>9}")
    for name, ms in taken.items():
        print(f"{name:<45}{ms:>8.1f}{ms / lightest:>12.0f}{queries(client, pages[name]):>9}")
    print(f"{'one index page in PostgreSQL':<45}{query:>8.1f}")
    assert max(queries(client, path) for path in pages.values()) <= 8
