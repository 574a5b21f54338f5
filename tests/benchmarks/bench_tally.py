"""What the tally of open names costs beside the count of all models, on a generated Hub. `make bench` runs it."""

import os
import time
import tracemalloc

import pytest
from django.db import connection

from ingest.binding import preview, spelled
from ingest.ending import count
from ingest.merge import rules
from ingest.tally import tally_disagreements, tally_names
from licenses.models import Disagreement, Rule, UnresolvedName
from tests.benchmarks.bench_ingest import NOW
from tests.factories import make_license

MODELS = int(os.environ.get("BENCH_MODELS", "500000"))
#: As on the Hub: two of three models declare nothing; of the rest one of eight hides its license behind `other`.
GENERATED = """
    INSERT INTO licenses_openmodel (hub_id, repo_id, author, downloads, likes, gate, disabled, task, library, declared,
        declared_name, declared_link, base_models, base_relation, license_id, resolved_by, first_seen_at)
    SELECT lpad(to_hex(n), 24, '0'), 'owner' || n % 90000 || '/model-' || n, 'owner' || n % 90000,
        n::bigint * 7919 % 100000, 0, '', false, '', '',
        (CASE WHEN n % 3 > 0 THEN '{}' WHEN n % 24 = 0 THEN '{other}' ELSE '{apache-2.0}' END)::varchar[],
        CASE WHEN n % 24 = 0 THEN (ARRAY['Kimi K2', 'kimi-k2', 'Mine '])[1 + n / 24 % 3] || n % 500000
             WHEN n % 300 = 3 THEN 'gemma' ELSE '' END,
        CASE WHEN n % 48 = 0 THEN 'https://hub.example/owner/model-' || n % 20000 || '/blob/main/LICENSE' ELSE '' END,
        '{}', '', CASE WHEN n % 3 = 0 AND n % 24 > 0 THEN %(license)s END,
        CASE WHEN n % 3 = 0 AND n % 24 > 0 THEN 'tag:apache-2.0' ELSE '' END, now()
    FROM generate_series(1, %(models)s) AS n
"""


def seconds(work, *arguments, **options) -> float:
    started = time.perf_counter()
    work(*arguments, **options)
    return time.perf_counter() - started


@pytest.mark.django_db(transaction=True)
def test_the_tally_costs_little_more_than_the_count():
    apache = make_license("Apache 2.0", kind="standard")
    Rule.objects.create(signal="tag", value="apache-2.0", license=apache)
    gemma = make_license("Gemma")
    Rule.objects.create(signal="name", value="gemma", license=gemma)
    with connection.cursor() as cursor:
        cursor.execute(GENERATED.replace("% ", "%% "), {"license": apache.pk, "models": MODELS})
        cursor.execute("VACUUM ANALYZE licenses_openmodel")
    book = rules()
    works = {"names": tally_names, "disagreements": tally_disagreements}

    counted = seconds(count, NOW)
    first = {name: seconds(work, book, now=NOW) for name, work in works.items()}
    again = {name: seconds(work, book, now=NOW) for name, work in works.items()}
    spellings = {"name": "kimi-k2240", "link": "hub.example/owner/model-48/license", "tag": "odd-tag"}
    looked = {signal: seconds(preview, spelled(signal, value), gemma) for signal, value in spellings.items()}
    tracemalloc.start()
    for work in works.values():
        work(book, now=NOW)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()

    kept = f"{UnresolvedName.objects.count():,} spellings, {Disagreement.objects.count():,} disagreements"
    print(f"\n{MODELS:,} models, {kept}; count {counted:.2f} s, peak of the tally {peak:.0f} MiB")
    print("\n".join(f"{name:<16}{first[name]:>8.2f} s{again[name]:>8.2f} s when nothing moved" for name in works))
    print("a look at what a rule would do: " + ", ".join(f"{signal} {took:.2f} s" for signal, took in looked.items()))
    assert sum(again.values()) < 5 * counted + 1
