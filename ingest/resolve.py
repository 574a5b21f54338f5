"""Rules that changed, applied to the models we know: no need to wait until the Hub shows each of them again.

The stored declarations are read anew, so that twice is as good as once. Whose license moves by this is told as our
doing, never as the publisher's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from licenses.models import Cause, Change, Event, License, OpenModel, Weight

from .merge import rules
from .models import wait_for_others
from .rules.identify import Book
from .tally import tally

MODELS, LICENSES, CHANGES = (kind._meta.db_table for kind in (OpenModel, License, Change))
BATCH = 5_000
READ = (
    "pk", "hub_id", "repo_id", "author", "declared", "declared_name", "declared_link", "license_id", "resolved_by",
    "downloads",
)  # fmt: skip

# Both parts see the table as it was before.
MOVE = f"""
    WITH moved AS (
        SELECT * FROM unnest(%(ids)s::bigint[], %(licenses)s::bigint[], %(rules)s::varchar[])
            AS found (id, license_id, rule)
    ), told AS (
        INSERT INTO {CHANGES}
            (model_id, license_before_id, license_after_id, event, cause, weight, before, after, moved, remark,
             seen_at)
        SELECT moved.id, was.id, becomes.id, %(event)s, %(cause)s, %(weight)s, coalesce(was.short_name, ''),
            coalesce(becomes.short_name, ''), '[]', %(remark)s, %(now)s
        FROM moved JOIN {MODELS} AS model USING (id)
        LEFT JOIN {LICENSES} AS was ON was.id = model.license_id
        LEFT JOIN {LICENSES} AS becomes ON becomes.id = moved.license_id
        WHERE model.license_id IS DISTINCT FROM moved.license_id
        ORDER BY moved.id
    )
    UPDATE {MODELS} AS model SET license_id = moved.license_id, resolved_by = moved.rule
    FROM moved WHERE moved.id = model.id
"""  # noqa: S608 - every name is a constant of this module


def resolve(*, now: datetime) -> int:
    """Ask today's rules about every live model: how many now stand under another license or by another rule."""
    if not OpenModel.objects.exists():
        return 0
    total, last = 0, 0
    while True:
        moved, last = resolve_after(last, now=now)
        total += moved
        if not last:
            tally(now=now)
            return total


@transaction.atomic
def resolve_after(last: int, *, now: datetime) -> tuple[int, int]:
    """One batch: how many moved, and the key to go on after; 0 at the end."""
    wait_for_others()
    rows = OpenModel.objects.live().filter(pk__gt=last).order_by("pk").values_list(*READ, named=True)[:BATCH]
    known = list(rows)
    moved = list(moves(known, rules()))
    move(moved, cause=Cause.RULES, now=now)
    return len(moved), known[-1].pk if len(known) == BATCH else 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A model, as READ has it, that now stands under another license or by another rule."""

    model: Any
    license_id: int | None
    rule: str

    @property
    def is_news(self) -> bool:
        return bool(self.model.license_id != self.license_id)


def moves(known: Sequence[Any], book: Book) -> Iterator[Moved]:
    for model in known:
        finding = book.identify(model)
        if (model.license_id, model.resolved_by) != (finding.license_id, finding.rule[:300]):
            yield Moved(model, finding.license_id, finding.rule[:300])


def move(moved: Sequence[Moved], *, cause: Cause, now: datetime, remark: str = "") -> None:
    """Write and tell it: ours, never theirs. The counts of licenses are the caller's."""
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {
            "ids": [each.model.pk for each in moved], "licenses": [each.license_id for each in moved],
            "rules": [each.rule for each in moved], "now": now, "event": Event.LICENSE_CHANGED, "cause": cause,
            "weight": Weight.SUBSTANTIVE, "remark": remark[:400],
        })  # fmt: skip
