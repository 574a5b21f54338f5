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
from itertools import chain
from operator import attrgetter

from django.db import connection
from django.db.backends.utils import CursorWrapper

from licenses.models import Artifact, Cause, Change, Conclusion, Event, License, OpenModel, Rule, Weight

from . import cards
from .cards import Card, Unreadable
from .changes import State, differences
from .models import Quarantine, Sighting, Sweep, wait_for_others
from .rules.identify import Book, Finding, RuleRow

MODELS, LICENSES = OpenModel._meta.db_table, License._meta.db_table

FACTS = (
    "repo_id", "author", "created_at", "modified_at", "downloads", "likes", "gate", "disabled", "task", "library",
    "parameters", "declared", "declared_name", "declared_link", "base_models", "base_relation", "license_id",
    "resolved_by",
)  # fmt: skip
COLUMNS = ("hub_id", *FACTS)
TOLD = ("repo_id", "declared", "declared_name", "gate", "declared_link", "license_id", "base_models")


def listed(columns: Iterable[str], of: str = "") -> str:
    return ", ".join(f"{of}{column}" for column in columns)


# The table's own columns, so that types and lengths are said in one place.
STAGE = f"""
    CREATE TEMP TABLE IF NOT EXISTS staged ON COMMIT DROP AS SELECT {listed(COLUMNS)} FROM {MODELS} WITH NO DATA
"""  # noqa: S608 - every name is a constant of this module
COPY = f"COPY staged ({listed(COLUMNS)}) FROM STDIN"
MOVED = f"""
    SELECT old.id, {listed(TOLD, "old.")}, was.short_name, old.gone_at IS NOT NULL,
        {listed(TOLD, "staged.")}, becomes.short_name
    FROM staged JOIN {MODELS} AS old USING (hub_id)
    LEFT JOIN {LICENSES} AS was ON was.id = old.license_id
    LEFT JOIN {LICENSES} AS becomes ON becomes.id = staged.license_id
    WHERE old.gone_at IS NOT NULL OR ({listed(TOLD, "old.")}) IS DISTINCT FROM ({listed(TOLD, "staged.")})
    ORDER BY old.id
"""  # noqa: S608
# A name belongs to one repository: whoever held it before was renamed or deleted. Those on this page lose their row
# for a moment, so that names can pass in a circle; for the others their own record, if they have one, comes later.
FREE = f"""
    WITH freed AS (
        UPDATE {MODELS} AS model SET gone_at = %(now)s FROM staged
        WHERE model.repo_id = staged.repo_id AND model.hub_id <> staged.hub_id AND model.gone_at IS NULL
        RETURNING model.id, model.hub_id, model.repo_id, model.license_id
    )
    INSERT INTO {Change._meta.db_table}
        (model_id, license_before_id, event, cause, weight, before, after, moved, seen_at)
    SELECT id, license_id, %(event)s, %(cause)s, %(weight)s, repo_id, '', '[]', %(now)s
    FROM freed WHERE NOT EXISTS (SELECT 1 FROM staged WHERE staged.hub_id = freed.hub_id)
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
    """What a page of records came to. `reached`: the date of its last model."""

    seen: int
    created: int
    updated: int
    quarantined: int
    reached: datetime | None


def merge(records: Sequence[object], *, now: datetime, sweep: Sweep | None = None) -> Merged:
    """Take in what the Hub showed."""
    found, odd = sort_out(records)
    wait_for_others()
    with connection.cursor() as cursor:
        stage(cursor, found)
        record_changes(cursor, now)
        free_names(cursor, now)
        cursor.execute(UPSERT, [now])
        created, updated = cursor.fetchone()
        cursor.execute(SIGHT, [[error.hub_id for _, error in odd if error.hub_id]])
    quarantine(odd, now=now, sweep=sweep)
    reached = next((card.modified_at for card in reversed(found) if card.modified_at), None)
    return Merged(len(records), created, updated, len(odd), reached)


def sort_out(records: Sequence[object]) -> tuple[list[Card], list[tuple[object, Unreadable]]]:
    """Public models, each id and name once, and the records that are none. What only our token may see stays unseen."""
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
    # An id begins with the second of its creation: of two under one name the later is the living.
    named = {card.repo_id: card for card in sorted(found.values(), key=attrgetter("hub_id"))}
    return [card for card in found.values() if named[card.repo_id] is card], odd


def stage(cursor: CursorWrapper, found: list[Card]) -> None:
    book = rules()
    cursor.execute(STAGE)
    cursor.execute("TRUNCATE staged")
    with cursor.copy(COPY) as copy:
        for card in found:
            copy.write_row(row(card, book))


def rules() -> Book:
    """The rules in force, the repositories of the catalogue's releases, which a rule may contradict, and what curators
    concluded of single models."""
    weights = Artifact.objects.weights().filter(license__isnull=False).order_by("pk")
    released = weights.values_list("release__repos", "license_id")
    known = (RuleRow("repo", repo, "", license) for repos, license in released for repo in repos)
    rows = Rule.objects.in_force().order_by("pk").values_list("signal", "value", "author", "license_id")
    return Book.of(chain(known, (RuleRow(*each) for each in rows)), concluded())


def concluded() -> dict[str, Finding]:
    standing = Conclusion.objects.standing().values_list("model__hub_id", "license_id", "pk")
    return {hub_id: Finding(license, f"concluded:{pk}" if license else "") for hub_id, license, pk in standing}


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
    pairs = [(pk, state(*values[:9]), state(*values[9:])) for pk, *values in cursor.fetchall()]
    Change.objects.bulk_create(
        Change(
            model_id=model_id, event=each.event, cause=each.cause, weight=each.weight,
            before=each.before, after=each.after, license_before_id=old.license_id, license_after_id=new.license_id,
            seen_at=now,
        )
        for model_id, old, new in pairs
        for each in differences(old, new)
    )  # fmt: skip


def free_names(cursor: CursorWrapper, now: datetime) -> None:
    cursor.execute(
        FREE, {"now": now, "event": Event.GONE, "cause": Cause.METADATA, "weight": Weight.SUBSTANTIVE}
    )  # fmt: skip


def state(
    repo_id: str, declared: list[str], declared_name: str, gate: str, declared_link: str, license_id: int | None,
    base_models: list[str], license: str | None, gone: bool = False,
) -> State:  # fmt: skip
    return State(
        repo_id, tuple(declared), declared_name, gate, gone, declared_link, license_id, license or "",
        tuple(base_models),
    )  # fmt: skip


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
