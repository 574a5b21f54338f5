"""How long feeds of 10,000 changes take, and how little it costs to ask whether anything is new."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses.models import Change
from tests.benchmarks.bench_pages import milliseconds
from tests.factories import NOW, make_license, make_model, make_release

CHANGES = 10_000


def fill() -> None:
    """Changes of forty licenses and a bulk of models, half of them with clauses that moved."""
    licenses = [make_license(f"License {n}", mau_cap="yes" if n % 2 else "no") for n in range(40)]
    make_release("Tiny", licenses[0], repos=["acme/m0", "acme/m1"])
    moved = [{"kind": "mau_cap", "before": "no", "after": "yes", "direction": "tighter", "words": "no → yes"}]
    row: dict[str, Any] = {"event": "stated", "cause": "text", "weight": "substantive", "seen_at": NOW}
    Change.objects.bulk_create(
        Change(
            license=licenses[n % 40], license_after=licenses[n % 40], moved=moved if n % 2 else [], before=f"{n}", **row
        )
        for n in range(CHANGES)
    )
    for n in range(300):
        Change.objects.create(**row | {"model": make_model(f"acme/m{n}"), "cause": "metadata", "after": "mit"})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def queries(client: Client, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get(path, headers=headers)
    return len(found)


@pytest.mark.django_db
def test_feeds_of_ten_thousand_changes() -> None:
    fill()
    client = Client()
    paths = [
        "/changes/",
        "/changes/?mau_cap=yes&publisher=acme",
        "/changes.atom",
        "/changes.rss",
        "/changes.json",
        "/changes.atom?mau_cap=no&moved=mau_cap&direction=unread",
        "/changes.atom?publisher=acme&models=all",
        "/changes.atom?q=license+12",
        "/changes.atom?archive=1",
        "/changes.atom?archive=99",
        "/licenses/license-3/changes.atom",
        "/publishers/acme/changes.atom",
    ]
    print(f"\n{'address':<60}{'ms':>8}{'queries':>9}{'304: ms':>9}{'queries':>9}")
    for path in paths:
        etag = client.get(path).headers["ETag"]
        again = milliseconds(lambda path=path, etag=etag: client.get(path, headers={"If-None-Match": etag}), 5)  # type: ignore[misc]
        taken = milliseconds(lambda path=path: client.get(path), 5)  # type: ignore[misc]
        first, second = queries(client, path), queries(client, path, **{"If-None-Match": etag})
        print(f"{path:<60}{taken:>8.1f}{first:>9}{again:>9.1f}{second:>9}")
        assert first <= 6
        assert second <= (1 if "changes." in path else 6)
