"""How long feeds of 10,000 changes take, and how little it costs to ask whether anything is new."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses.models import Change, Publisher
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


#: 400,000 models, 5,000 of them of one publisher, and 50,000 changes of them.
MODELS = """
INSERT INTO licenses_openmodel (hub_id, repo_id, author, downloads, likes, first_seen_at, declared, declared_name,
    declared_link, base_models, base_relation, gate, disabled, task, library, resolved_by)
SELECT left(md5(n::text), 24), author || '/many' || n, author, n, 0, now(), '{}', '',
    '', '{}', '', '', false, '', '', ''
FROM (SELECT n, CASE WHEN n <= 5000 THEN 'acme' ELSE 'org' || n % 20000 END AS author
      FROM generate_series(1, 400000) AS n) AS model;
INSERT INTO licenses_change (model_id, event, cause, weight, before, after, moved, seen_at)
SELECT id, 'gate_changed', 'metadata', 'substantive', '', 'auto', '[]', now() FROM licenses_openmodel
WHERE author = 'acme' OR downloads % 9 = 0 LIMIT 50000;
ANALYZE;
"""


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
    measure(client, paths)


PROFILE = "commercial=yes&organisation=company&use=product&seat=DE&users=900M"


@pytest.mark.django_db
def test_feeds_for_a_profile() -> None:
    """The last two find nothing, so that they look at as many changes as one of them may."""
    fill()
    license = make_license("Free", mau_cap="no")
    row: dict[str, Any] = {"event": "text_changed", "cause": "text", "weight": "substantive", "seen_at": NOW}
    Change.objects.bulk_create(Change(license=license, direction="neither", **row) for _ in range(3_000))
    paths = [
        f"/changes.atom?{PROFILE}",
        f"/changes.json?{PROFILE}&models=all",
        f"/licenses/license-3/changes.atom?{PROFILE}",
        f"/publishers/acme/changes.atom?{PROFILE}&models=all",
        f"/changes/?{PROFILE}",
        f"/changes.atom?{PROFILE}&license=free",
        f"/changes/?{PROFILE}&license=free",
    ]
    measure(Client(), paths, asking=2)


@pytest.mark.django_db
def test_a_publisher_of_many_among_all_models() -> None:
    fill()
    Publisher.objects.filter(slug="acme").update(hub_organisations=["acme", "acme-labs"])
    with connection.cursor() as cursor:
        cursor.execute(MODELS)
    paths = [
        "/publishers/acme/changes.atom",
        "/publishers/acme/changes.atom?models=all",
        "/changes.atom?publisher=acme&models=all",
        "/changes.atom?q=y77",
        "/changes.atom?q=y77&models=all",
        "/changes.atom?models=all",
    ]
    measure(Client(), paths)


def measure(client: Client, paths: list[str], asking: int = 1) -> None:
    """`asking`: the queries of who has it already."""
    print(f"\n{'address':<60}{'ms':>8}{'queries':>9}{'304: ms':>9}{'queries':>9}")
    for path in paths:
        etag = client.get(path).headers.get("ETag", "")
        again = milliseconds(lambda path=path, etag=etag: client.get(path, headers={"If-None-Match": etag}), 5)  # type: ignore[misc]
        taken = milliseconds(lambda path=path: client.get(path), 5)  # type: ignore[misc]
        first, second = queries(client, path), queries(client, path, **{"If-None-Match": etag})
        print(f"{path:<60}{taken:>8.1f}{first:>9}{again:>9.1f}{second:>9}")
        assert first <= 6
        assert second <= (asking if "changes." in path else 6)
