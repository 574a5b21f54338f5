"""Records of the Hub into the database, in the caller's transaction: staged by COPY, merged by one statement.

Only rows that differ are written, so that seeing the same page twice writes nothing. What changed is told in
`Change` rows beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from licenses.models import Cause, Change, OpenModel, Rule

from . import cards
from .cards import Card, Unreadable
from .changes import State, differences
from .models import Quarantine, Sighting, Sweep
from .rules.identify import Book, RuleRow

MERGE_LOCK = 0x6F70656E
MODELS = OpenModel._meta.db_table

FACTS = (
    "repo_id", "author", "created_at", "modified_at", "downloads", "likes", "gate", "disabled", "task", "library",
    "parameters", "declared", "declared_name", "declared_link", "base_models", "base_relation", "license_id",
    "resolved_by",
)  # fmt: skip
COLUMNS = ("hub_id", *FACTS)
TOLD = ("repo_id", "declared", "declared_name", "gate")


def listed(columns: Iterable[str], of: str = "") -> str:
    return ", ".join(f"{of}{column}" for column in columns)


# The table's own columns, so that types and lengths are said in one place.
STAGE = f"""
    CREATE TEMP TABLE IF NOT EXISTS staged ON COMMIT DROP AS SELECT {listed(COLUMNS)} FROM {MODELS} WITH NO DATA
"""  # noqa: S608 - every name is a constant of this module
COPY = f"COPY staged ({listed(COLUMNS)}) FROM STDIN"
MOVED = f"""
    SELECT old.id, {listed(TOLD, "old.")}, old.gone_at IS NOT NULL, {listed(TOLD, "staged.")}
    FROM staged JOIN {MODELS} AS old USING (hub_id)
    WHERE old.gone_at IS NOT NULL OR ({listed(TOLD, "old.")}) IS DISTINCT FROM ({listed(TOLD, "staged.")})
    ORDER BY old.id
"""  # noqa: S608
# Joined before the insert: ON CONFLICT alone would lock, and so write, every row that did not change.
UPSERT = f"""
    WITH merged AS (
        INSERT INTO {MODELS} AS model ({listed(COLUMNS)}, first_seen_at)
        SELECT {listed(COLUMNS, "staged.")}, %s
        FROM staged LEFT JOIN {MODELS} AS old USING (hub_id)
        WHERE old.id IS NULL OR old.gone_at IS NOT NULL
           OR ({listed(FACTS, "old.")}) IS DISTINCT FROM ({listed(FACTS, "staged.")})
        ON CONFLICT (hub_id) DO UPDATE
        SET ({listed(FACTS)}, gone_at) = ROW ({listed(FACTS, "EXCLUDED.")}, NULL)
        RETURNING xmax = 0 AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
"""  # noqa: S608
SIGHT = f"""
    INSERT INTO {Sighting._meta.db_table} (sweep_id, hub_id)
    SELECT sweep.id, met.hub_id FROM {Sweep._meta.db_table} AS sweep,
        (SELECT hub_id FROM staged UNION SELECT unnest(%s::varchar[])) AS met (hub_id)
    WHERE sweep.kind = 'full' AND sweep.finished_at IS NULL
    ON CONFLICT DO NOTHING
"""  # noqa: S608


@dataclass(frozen=True)
class Merged:
    """What a page of records came to."""

    seen: int
    created: int
    updated: int
    quarantined: int
    oldest: datetime | None


def merge(records: Sequence[object], *, now: datetime, sweep: Sweep | None = None) -> Merged:
    """Take in what the Hub showed. The lock makes merges wait for each other until the transaction ends."""
    found, odd = sort_out(records)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGE_LOCK])
        stage(cursor, found)
        record_changes(cursor, now)
        cursor.execute(UPSERT, [now])
        created, updated = cursor.fetchone()
        cursor.execute(SIGHT, [[error.hub_id for _, error in odd if error.hub_id]])
    quarantine(odd, now=now, sweep=sweep)
    oldest = min((card.modified_at for card in found if card.modified_at), default=None)
    return Merged(len(records), created, updated, len(odd), oldest)


def sort_out(records: Sequence[object]) -> tuple[list[Card], list[tuple[object, Unreadable]]]:
    """Public models, each once, and the records that are none. What only our token may see stays unseen."""
    found: dict[str, Card] = {}
    odd: list[tuple[object, Unreadable]] = []
    for record in records:
        try:
            card = cards.read(record)
        except Unreadable as error:
            odd.append((record, error))
        else:
            if not card.private:
                found[card.hub_id] = card
    return list(found.values()), odd


def stage(cursor: CursorWrapper, found: list[Card]) -> None:
    book = rules()
    cursor.execute(STAGE)
    cursor.execute("TRUNCATE staged")
    with cursor.copy(COPY) as copy:
        for card in found:
            copy.write_row(row(card, book))


def rules() -> Book:
    rows = Rule.objects.order_by("pk").values_list("signal", "value", "author", "license_id")
    return Book.of(RuleRow(*each) for each in rows)


def row(card: Card, book: Book) -> tuple[object, ...]:
    """The values of a model's columns, in the order of COLUMNS."""
    finding = book.identify(card)
    return (
        card.hub_id, card.repo_id, card.author, card.created_at, card.modified_at, card.downloads, card.likes,
        card.gate, card.disabled, card.task, card.library, card.parameters, list(card.declared), card.declared_name,
        card.declared_link, list(card.base_models), card.base_relation, finding.license_id, finding.rule[:300],
    )  # fmt: skip


def record_changes(cursor: CursorWrapper, now: datetime) -> None:
    cursor.execute(MOVED)
    Change.objects.bulk_create(
        Change(
            model_id=model_id, event=each.event, cause=Cause.METADATA, weight=each.weight,
            before=each.before, after=each.after, seen_at=now,
        )
        for model_id, *values in cursor.fetchall()
        for each in differences(state(*values[:5]), state(*values[5:]))
    )  # fmt: skip


def state(repo_id: str, declared: list[str], declared_name: str, gate: str, gone: bool = False) -> State:
    return State(repo_id, tuple(declared), declared_name, gate, gone)


def quarantine(odd: list[tuple[object, Unreadable]], *, now: datetime, sweep: Sweep | None) -> None:
    """Keep each fault once: counters move every day, so a record is known by its id where it has one."""
    Quarantine.objects.bulk_create(
        (
            Quarantine(
                digest=hashlib.sha256(f"{error.reason}\n{error.hub_id or error.name or raw}".encode()).hexdigest(),
                repo_id=error.name, reason=error.reason[:300], record=raw[:4000], seen_at=now, sweep=sweep,
            )
            for raw, error in ((in_ascii(record), error) for record, error in odd)
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def in_ascii(record: object) -> str:
    """What cannot be stored, NUL and lone surrogates among it, is written as an escape."""
    try:
        return json.dumps(record)
    except RecursionError:
        return "nested too deep to be written"
