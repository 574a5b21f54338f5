"""How long verdicts take: on all releases, on ten thousand models of the Hub; beside what is read from the database."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from licenses import bundles, catalogue, counterfactuals, subjects
from licenses.clauses.field import FIELDS_OF_USE
from licenses.clauses.profile import Organisation, Profile, Student, Training, Use
from licenses.lists import LARGEST, Unreadable, read
from licenses.models import License, OpenModel, Release
from licenses.verdict import Judge, Result, Standing
from tests.benchmarks.bench_pages import milliseconds

#: Three generations: of ten thousand models, the two thousand they were made from, and the bases of those.
GENERATED = """
INSERT INTO licenses_openmodel (hub_id, repo_id, author, downloads, likes, gate, disabled, task, library, declared,
    declared_name, declared_link, base_models, base_relation, license_id, resolved_by, first_seen_at)
SELECT lpad(to_hex(n), 24, '0'), 'owner' || n || '/model-' || n, 'owner' || n, n, 0, '', false,
    (ARRAY['', 'text-generation', 'image-text-to-text'])[1 + n %% 3], '', '{}', '', '',
    CASE WHEN n <= 200 THEN '{}' WHEN n <= 2200 THEN ARRAY['owner' || (1 + n %% 200) || '/model-' || (1 + n %% 200)]
         ELSE ARRAY['owner' || (201 + n %% 2000) || '/model-' || (201 + n %% 2000)] END,
    CASE WHEN n %% 2 = 0 THEN 'finetune' ELSE 'quantized' END,
    CASE WHEN n %% 5 > 0 THEN %s + n %% %s END, CASE WHEN n %% 5 > 0 THEN 'tag:test' ELSE '' END, now()
FROM generate_series(1, 12200) AS n
"""
HOBBY = Profile()
STARTUP = Profile(commercial=True, uses=frozenset({Use.PRODUCT, Use.HOST}), seat="DE", users=5_000)
#: Everything at once: no clause is passed over.
WORST_CASE = Profile(
    commercial=True,
    uses=frozenset(Use),
    training=Training.COMPETING,
    student=frozenset(Student),
    users_at=tuple((f"20{year}-{month:02}", 10**9) for year in range(10, 30) for month in range(1, 13)),
    product_users=10**9,
    devices=10**9,
    revenue_year=10**12,
    product_revenue_month=10**11,
    currency="KRW",
    seat="DE",
    places=frozenset({"DE", "KR", "GB", "US", "CN"}),
    fields=frozenset(FIELDS_OF_USE),
    organisation=Organisation.COMPANY,
    can_show_brand=False,
)
#: Lines that an expression of the reader might stumble over; a list of them has all the size that is taken.
HOSTILE = (
    "\n",
    "-\n",
    "/" * 2_000,
    " @" * 1_000,
    "pkg:huggingface/" + "a/" * 990,
    "-- " * 660,
    ";(" * 1_000,
    ", <1" * 500,
)
#: Milliseconds, on a machine that does nothing else; ratios of one run are what is asserted.
BUDGETS = {"releases": 50, "flips": 500, "models": 3_000, "MiB": 5_000}


def fill() -> list[str]:
    """The bundled catalogue, and models; the handles that somebody asks about."""
    catalogue.load(now=datetime(2026, 11, 21, tzinfo=UTC))
    licenses = list(License.objects.order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute(GENERATED, [licenses[0].pk, len(licenses)])
        cursor.execute("ANALYZE")
    return [f"owner{n}/model-{n}" for n in range(2_201, 12_201)]


def judged(profile: Profile, standings: list[Standing]) -> list[Result]:
    judge = Judge(profile)
    return [judge.result(standing) for standing in standings]


@pytest.mark.django_db
def test_verdicts_are_quick_on_everything_that_is_held() -> None:
    handles = fill()
    held = bundles.shelf()
    standings = list(bundles.of_releases(list(Release.objects.with_weights()), held).values())

    def releases(profile: Profile) -> float:
        return milliseconds(lambda: judged(profile, standings))

    def models(profile: Profile) -> None:
        found = subjects.found(handles, held)
        judge = Judge(profile)
        assert len([judge.result(one.standing) for one in found.values()]) == len(handles)

    def rows() -> None:
        list(OpenModel.objects.live().of_names(handles).select_related("license"))

    with CaptureQueriesContext(connection) as asked:
        subjects.found(handles, held)
    taken = {
        "is anything on the shelf older than the rows?": milliseconds(bundles.mark),
        "the shelf, read anew": milliseconds(lambda: bundles.read(held.mark), 3),
        f"{len(standings)} releases: nothing said": releases(HOBBY),
        f"{len(standings)} releases: a start-up": releases(STARTUP),
        f"{len(standings)} releases: everything at once": releases(WORST_CASE),
        f"{len(handles):,} models: their rows alone": milliseconds(rows, 2),
        f"{len(handles):,} models: looked up with their lines": milliseconds(lambda: subjects.found(handles, held), 2),
        f"{len(handles):,} models: a start-up": milliseconds(lambda: models(STARTUP), 2),
        f"{len(handles):,} models: everything at once": milliseconds(lambda: models(WORST_CASE), 2),
    }

    print(f"\n{f'{len(standings)} releases, {len(held.by_pk)} licenses':<50}{'ms':>10}{'of the budget':>15}")
    for name, ms in taken.items():
        budget = next((most for word, most in BUDGETS.items() if word in name), None)
        print(f"{name:<50}{ms:>10.1f}" + (f"{ms / budget:>15.2f}" if budget else ""))
    print(f"queries for {len(handles):,} models: {len(asked)}")
    shelf, rows_alone = taken["the shelf, read anew"], taken[f"{len(handles):,} models: their rows alone"]
    assert max(ms for name, ms in taken.items() if "releases" in name) < shelf / 3
    assert max(ms for name, ms in taken.items() if "models" in name) < 12 * rows_alone
    assert len(asked) <= 4


@pytest.mark.django_db
def test_what_would_change_the_verdicts_of_all_releases_takes_a_few_verdicts_each() -> None:
    fill()
    standings = list(bundles.of_releases(list(Release.objects.with_weights()), bundles.shelf()).values())

    def flips() -> None:
        judge = Judge(STARTUP)
        list(filter(None, (counterfactuals.changes(judge, standing) for standing in standings)))

    once = milliseconds(lambda: judged(STARTUP, standings))
    taken = milliseconds(flips, 3)

    print(f"\n{f'flips of {len(standings)} releases':<50}{taken:>10.1f}{taken / BUDGETS['flips']:>15.2f}")
    print(f"as many verdicts: {taken / once:.0f} times one each")
    assert taken < 200 * once


def test_hostile_lists_take_time_by_their_size() -> None:
    def taken(line: str, size: int) -> float:
        def work() -> None:
            with suppress(Unreadable):
                read(f"{line}\n" * (size // (len(line) + 1)))

        return milliseconds(work, 2)

    print(f"\n{'a list of 5 MiB':<50}{'ms':>10}{'of the budget':>15}")
    for line in HOSTILE:
        few, all_of_it = taken(line, LARGEST // 10), taken(line, LARGEST)
        print(f"{line[:20]!r:<50}{all_of_it:>10.1f}{all_of_it / BUDGETS['MiB']:>15.2f}")
        assert all_of_it < 40 * max(few, 1)
