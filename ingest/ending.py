"""What is left to do when a sweep has met every model: tombstones, and the counts kept per license."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from licenses.models import Cause, Change, Event, LicenseCount, OpenModel, Weight

from .models import Sighting, Sweep, wait_for_others

MODELS, COUNTS, MET = OpenModel._meta.db_table, LicenseCount._meta.db_table, Sighting._meta.db_table
# A Hub that hides a tenth of its models has a fault, or we have a bad token.
LARGEST_LOSS, LOSS_WITHOUT_QUESTION = 0.1, 100
LARGEST = 2**63 - 1

WEIGH = f"""
    SELECT count(*), count(*) FILTER (WHERE met.hub_id IS NULL)
    FROM {MODELS} AS model LEFT JOIN {MET} AS met ON met.sweep_id = %(sweep)s AND met.hub_id = model.hub_id
    WHERE model.gone_at IS NULL
"""  # noqa: S608 - every name is a constant
BURY = f"""
    WITH gone AS (
        UPDATE {MODELS} AS model SET gone_at = %(now)s
        WHERE gone_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM {MET} AS met WHERE met.sweep_id = %(sweep)s AND met.hub_id = model.hub_id)
        RETURNING id, repo_id, license_id
    )
    INSERT INTO {Change._meta.db_table}
        (model_id, license_before_id, event, cause, weight, before, after, moved, seen_at)
    SELECT id, license_id, %(event)s, %(cause)s, %(weight)s, repo_id, '', '[]', %(now)s FROM gone
"""  # noqa: S608
COUNT = f"""
    WITH found AS (
        SELECT license_id, count(*) AS total, least(sum(downloads), 9223372036854775807)::bigint AS downloads
        FROM {MODELS} WHERE gone_at IS NULL GROUP BY license_id
    )
    INSERT INTO {COUNTS} AS kept (license_id, total, downloads, counted_at)
    SELECT found.license_id, found.total, found.downloads, %(now)s
    FROM found LEFT JOIN {COUNTS} AS old ON old.license_id IS NOT DISTINCT FROM found.license_id
    WHERE (old.total, old.downloads) IS DISTINCT FROM (found.total, found.downloads)
    ON CONFLICT ON CONSTRAINT models_of_a_license_are_counted_once
    DO UPDATE SET total = EXCLUDED.total, downloads = EXCLUDED.downloads, counted_at = EXCLUDED.counted_at
"""  # noqa: S608
FORGET = f"""
    DELETE FROM {COUNTS} AS kept WHERE NOT EXISTS (
        SELECT 1 FROM {MODELS} AS model
        WHERE model.gone_at IS NULL AND model.license_id IS NOT DISTINCT FROM kept.license_id
    )
"""  # noqa: S608


def bury(sweep: Sweep, *, now: datetime) -> tuple[int, str]:
    """A tombstone for every live model that the sweep never met: how many, or why none was written."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGH, {"sweep": sweep.pk})
        live, missing = cursor.fetchone()
        if missing and not sweep.seen:
            return 0, "the Hub's listing was empty: no tombstone was written"
        if missing > max(LOSS_WITHOUT_QUESTION, live * LARGEST_LOSS):
            return 0, f"{missing} of {live} models were missing, more than can be true: no tombstone was written"
        cursor.execute(BURY, {"sweep": sweep.pk, "now": now, "event": Event.GONE, "cause": Cause.METADATA,
                              "weight": Weight.SUBSTANTIVE})  # fmt: skip
        return missing, ""


def forget_sightings() -> None:
    """Millions of rows at once; only one full sweep can be unfinished, so all are its own."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {MET}")


@transaction.atomic
def count(now: datetime) -> None:
    """Live models and their downloads per license; the row without license counts the unresolved."""
    wait_for_others()
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        cursor.execute(COUNT, {"now": now})


def shift(moved: Iterable[tuple[int | None, int | None, int]], *, now: datetime) -> None:
    """Models went from one license to another: license before, license after and downloads of each. Before the first
    count there is nothing to shift: the moved models alone are no count."""
    kept = {row.license_id: row for row in LicenseCount.objects.all()}
    if not kept:
        return
    total, downloads = defaultdict[int | None, int](int), defaultdict[int | None, int](int)
    for before, after, each in moved:
        total[before], downloads[before] = total[before] - 1, downloads[before] - each
        total[after], downloads[after] = total[after] + 1, downloads[after] + each
    for license, more in total.items():
        row = kept.get(license) or LicenseCount(license_id=license, total=0, downloads=0)
        # Kept counts are as old as the last sweep: they must not fall below nothing, nor out of their column.
        row.total = max(row.total + more, 0)
        row.downloads = min(max(row.downloads + downloads[license], 0), LARGEST)
        row.counted_at = now
        if row.total:
            row.save()
        elif row.pk:
            row.delete()
