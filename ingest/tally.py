"""What the rules leave open, tallied: spellings that no rule knows, and models whose signals name two licenses.

The database groups what models declare word for word; only those groups are folded by spelling here, so that nothing
grows with the number of models. Only rows that differ are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from licenses.models import Conclusion, Disagreement, Document, OpenModel, UnresolvedName

from .ending import LARGEST, count
from .merge import rules
from .models import wait_for_others
from .rules.identify import FAMILIES, Book

MODELS, NAMES, DISAGREEMENTS, DOCUMENTS, CONCLUSIONS = (
    kind._meta.db_table for kind in (OpenModel, UnresolvedName, Disagreement, Document, Conclusion)
)
GROUPS_AT_ONCE = 2_000
#: Whatever a curator concluded of a model is open no longer.
OPEN = f"""
    model.gone_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM {CONCLUSIONS} AS made WHERE made.model_id = model.id AND made.superseded_at IS NULL
    )
"""  # noqa: S608 - every name is a constant of this module
WAITING = f"""
    SELECT model.declared, model.declared_name, model.declared_link, count(*),
        sum(model.downloads), max(model.downloads),
        (array_agg(model.repo_id ORDER BY model.downloads DESC, model.id DESC))[1]
    FROM {MODELS} AS model
    WHERE {OPEN} AND model.license_id IS NULL
      AND (model.declared <> '{{}}' OR model.declared_name <> '' OR model.declared_link <> '')
      AND (model.declared_name <> '' OR model.declared_link <> '' OR NOT model.declared <@ %s::varchar[])
    GROUP BY model.declared, model.declared_name, model.declared_link
"""  # noqa: S608
TALLIED = f"""
    CREATE TEMP TABLE IF NOT EXISTS tallied ON COMMIT DROP AS
    SELECT signal, value, written, total, downloads, "leading" FROM {NAMES} WITH NO DATA
"""  # noqa: S608
FORGET_NAMES = f"""
    DELETE FROM {NAMES} AS kept WHERE NOT EXISTS (
        SELECT 1 FROM tallied WHERE (tallied.signal, tallied.value) = (kept.signal, kept.value)
    )
"""  # noqa: S608
KEEP_NAMES = f"""
    INSERT INTO {NAMES} AS kept (signal, value, written, total, downloads, "leading", counted_at)
    SELECT tallied.*, %s FROM tallied LEFT JOIN {NAMES} AS old USING (signal, value)
    WHERE (old.written, old.total, old.downloads, old."leading")
        IS DISTINCT FROM (tallied.written, tallied.total, tallied.downloads, tallied."leading")
    ON CONFLICT ON CONSTRAINT a_spelling_is_tallied_once
    DO UPDATE SET (written, total, downloads, "leading", counted_at)
        = ROW (EXCLUDED.written, EXCLUDED.total, EXCLUDED.downloads, EXCLUDED."leading", EXCLUDED.counted_at)
"""  # noqa: S608

#: Of a known repository the catalogue has judged already what its signals are worth.
RESOLVED = f"{OPEN} AND model.license_id IS NOT NULL AND model.resolved_by NOT LIKE 'repo:%%'"
#: Namespaces count only where some rule is for one of them.
DECLARING = f"""
    SELECT model.declared, model.declared_name, model.declared_link,
        CASE WHEN lower(model.author) = ANY(%s::text[]) THEN model.author ELSE '' END, model.license_id
    FROM {MODELS} AS model WHERE {RESOLVED} AND (model.declared_name <> '' OR model.declared_link <> '')
    GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608
SAID = f"""
    CREATE TEMP TABLE IF NOT EXISTS said ON COMMIT DROP AS
    SELECT declared, declared_name, declared_link, author, license_id, license_id AS says_id, source, words
    FROM {MODELS}, {DISAGREEMENTS} WITH NO DATA
"""  # noqa: S608
WANTED = f"""
    CREATE TEMP TABLE IF NOT EXISTS wanted ON COMMIT DROP AS
    SELECT model_id, says_id, source, words FROM {DISAGREEMENTS} WITH NO DATA
"""  # noqa: S608
# What stands in a file weighs more than what a header claims; beside a file that agrees, others may be of its parts.
FILES = f"""
    INSERT INTO wanted
    SELECT DISTINCT ON (model.id) model.id, file.reads_as_id,
        CASE file.role WHEN 'model_card' THEN 'card' ELSE 'file' END, file.title
    FROM {DOCUMENTS} AS file JOIN {MODELS} AS model ON model.id = file.model_id
    WHERE {RESOLVED} AND file.reads_as_id <> model.license_id AND file.role IN ('agreement', 'model_card')
      AND file.retired_on IS NULL AND file.gone_on IS NULL AND NOT EXISTS (
        SELECT 1 FROM {DOCUMENTS} AS other WHERE other.model_id = model.id AND other.reads_as_id = model.license_id
          AND other.retired_on IS NULL AND other.gone_on IS NULL
      )
    ORDER BY model.id, file.role = 'model_card', file.id
"""  # noqa: S608
SIGNALS = f"""
    INSERT INTO wanted
    SELECT model.id, said.says_id, said.source, said.words
    FROM said JOIN {MODELS} AS model USING (declared, declared_name, declared_link, license_id)
    WHERE {RESOLVED} AND said.author IN ('', model.author)
      AND (said.author <> '' OR NOT lower(model.author) = ANY(%s::text[]))
      AND NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.model_id = model.id)
"""  # noqa: S608
FORGET_DISAGREEMENTS = f"""
    DELETE FROM {DISAGREEMENTS} AS kept WHERE NOT EXISTS (SELECT 1 FROM wanted WHERE wanted.model_id = kept.model_id)
"""  # noqa: S608
KEEP_DISAGREEMENTS = f"""
    INSERT INTO {DISAGREEMENTS} AS kept (model_id, says_id, source, words, seen_at)
    SELECT wanted.*, %s FROM wanted LEFT JOIN {DISAGREEMENTS} AS old USING (model_id)
    WHERE (old.says_id, old.source, old.words) IS DISTINCT FROM (wanted.says_id, wanted.source, wanted.words)
    ON CONFLICT (model_id) DO UPDATE SET (says_id, source, words, seen_at)
        = ROW (EXCLUDED.says_id, EXCLUDED.source, EXCLUDED.words, EXCLUDED.seen_at)
"""  # noqa: S608


@transaction.atomic
def tally(*, now: datetime) -> None:
    """The counts of licenses, the spellings that no rule knows, the models whose signals disagree."""
    count(now)
    book = rules()
    tally_names(book, now=now)
    tally_disagreements(book, now=now)


@transaction.atomic
def tally_names(book: Book, *, now: datetime) -> None:
    wait_for_others()
    families = [*sorted(FAMILIES)]
    found = folded(book, groups(WAITING, [families]))
    with connection.cursor() as cursor:
        stage(cursor, "tallied", TALLIED, found)
        cursor.execute(FORGET_NAMES)
        cursor.execute(KEEP_NAMES, [now])


@dataclass(slots=True)
class Spelling:
    written: str
    leading: str
    most: int
    total: int = 0
    downloads: int = 0


def folded(book: Book, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Groups of the same words to groups of the same spelling, as rows of the tally."""
    tallied: dict[tuple[str, str], Spelling] = {}
    for declared, name, link, total, downloads, most, leading in found:
        signal, value, written = book.waits_for(declared, name, link) or ("", "", "")
        if not value:
            continue
        kept = tallied.setdefault((signal, value), Spelling(written, leading, most))
        if (most, leading) > (kept.most, kept.leading):
            kept.written, kept.leading, kept.most = written, leading, most
        kept.total += total
        kept.downloads = min(kept.downloads + int(downloads), LARGEST)
    for (signal, value), kept in tallied.items():
        yield signal, value, kept.written, kept.total, kept.downloads, kept.leading


@transaction.atomic
def tally_disagreements(book: Book, *, now: datetime) -> None:
    wait_for_others()
    authors = sorted({author for _, _, author in book.rules if author})
    found = disagreeing(book, groups(DECLARING, [authors]))
    with connection.cursor() as cursor:
        stage(cursor, "said", SAID, found)
        stage(cursor, "wanted", WANTED, ())
        cursor.execute(FILES)
        cursor.execute(SIGNALS, [authors])
        cursor.execute("ANALYZE wanted")
        cursor.execute(FORGET_DISAGREEMENTS)
        cursor.execute(KEEP_DISAGREEMENTS, [now])


@dataclass(frozen=True, slots=True)
class Signals:
    """What a group of models declares; which of them it is does not matter to these rules."""

    author: str
    declared: tuple[str, ...]
    declared_name: str
    declared_link: str
    hub_id: str = ""
    repo_id: str = ""


def disagreeing(book: Book, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for declared, name, link, author, license in found:
        said = book.found(Signals(author, tuple(declared), name, link))
        words = {"name": name, "link": link}
        other = next((one for one in said if one.license_id not in (None, license) and one.signal in words), None)
        if other:
            row = (declared, name, link, author, license, other.license_id, other.signal)
            yield *row, words[other.signal][:300]


def groups(query: str, parameters: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, never all at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, parameters)
        while rows := cursor.fetchmany(GROUPS_AT_ONCE):
            yield from rows


def stage(cursor: CursorWrapper, table: str, create: str, rows: Iterable[tuple[Any, ...]]) -> None:
    cursor.execute(create)
    cursor.execute(f"TRUNCATE {table}")
    rows = list(rows)  # The rows are read by another cursor of the same connection, which COPY would keep busy.
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    # Nobody else counts the rows of a temporary table, and a plan for none of them is a bad one for many.
    cursor.execute(f"ANALYZE {table}")
