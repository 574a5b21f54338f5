"""How fast records become rows, beside PostgreSQL's own COPY in the same run. `make bench` runs it."""

import json
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from ingest import cards
from ingest.hub import Hub
from ingest.look import look
from ingest.merge import COLUMNS, listed, merge, row, rules
from ingest.wire import parse
from licenses.models import Rule
from tests.factories import make_license
from tests.hub.server import StandInHub

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PAGES, PAGE = 50, 1_000
TABLE = "CREATE TEMP TABLE plain ON COMMIT DROP AS SELECT {0} FROM licenses_openmodel WITH NO DATA"


def record(number: int) -> dict:
    return {
        "_id": f"{number:024x}", "id": f"owner{number % 9_000}/model-{number}", "author": f"owner{number % 9_000}",
        "createdAt": "2026-04-22T06:04:45.000Z", "lastModified": "2026-05-22T06:04:45.000Z", "private": False,
        "disabled": False, "gated": False, "downloads": number % 3_000, "likes": number % 7,
        "library_name": "transformers", "pipeline_tag": "text-generation", "safetensors": {"total": 7 * number},
        "cardData": {"license": "apache-2.0" if number % 3 else "other", "base_model": "owner/base"},
        "tags": ["transformers", "safetensors", "license:apache-2.0", "base_model:owner/base", "region:us", "en"],
    }  # fmt: skip


@contextmanager
def timed(results: dict[str, float], name: str):
    started = time.perf_counter()
    yield
    results[name] = PAGES * PAGE / (time.perf_counter() - started)


def copy_plainly(pages: list[list[object]]) -> None:
    rows = [row(cards.read(each), rules()) for page in pages for each in page[:1]]
    rows = [rows[number % len(rows)] for number in range(PAGES * PAGE)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TABLE.format(listed(COLUMNS)))
        with cursor.copy(f"COPY plain ({listed(COLUMNS)}) FROM STDIN") as copy:
            for each in rows:
                copy.write_row(each)


@pytest.mark.django_db(transaction=True)
def test_merging_keeps_a_fair_share_of_the_speed_of_copy():
    Rule.objects.create(signal="tag", value="apache-2.0", license=make_license("Apache 2.0", kind="standard"))
    bodies = [json.dumps([record(page * PAGE + n) for n in range(PAGE)]).encode() for page in range(PAGES)]
    results: dict[str, float] = {}

    with timed(results, "JSON to values"):
        pages = [parse(body) for body in bodies]
    with timed(results, "values to cards"):
        for page in pages:
            for each in page:
                cards.read(each)
    with timed(results, "plain COPY"):
        copy_plainly(pages)
    for name in ("merge of new models", "merge of known models"):
        with timed(results, name):
            for page in pages:
                with transaction.atomic():
                    merge(page, now=NOW)

    copy = results["plain COPY"]
    print("\n" + "\n".join(f"{name:<24}{speed:>12,.0f}/s{speed / copy:>8.2f}" for name, speed in results.items()))
    assert results["merge of new models"] > 0.05 * copy
    assert results["merge of known models"] > 0.1 * copy


REPOS = 300


@pytest.mark.django_db(transaction=True)
def test_a_look_at_an_unmoved_repository_costs_little_more_than_its_request():
    license = make_license()
    with StandInHub() as stand_in:
        hub = Hub(stand_in.endpoint)
        for number in range(REPOS):
            name = f"acme/m{number}"
            stand_in.publishes(name, files={"LICENSE": f"Do {number}.", "README.md": "# Words"})
            license.documents.create(key=f"d{number}", role="notice", title="x", repo=name, path="LICENSE")
        speeds = [per_second(lambda name: look(name, hub, now=NOW)) for _ in ("first", "unmoved")]
        asked = per_second(hub.files)

    names = ("looks, all new", "looks, nothing moved", "requests alone")
    figures = zip(names, (*speeds, asked), strict=True)
    print("\n" + "\n".join(f"{name:<24}{speed:>12,.0f}/s{speed / asked:>8.2f}" for name, speed in figures))
    assert speeds[1] > 0.1 * asked


def per_second(work: Callable[[str], object]) -> float:
    started = time.perf_counter()
    for number in range(REPOS):
        work(f"acme/m{number}")
    return REPOS / (time.perf_counter() - started)
