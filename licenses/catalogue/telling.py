"""Events between the files and the database: each is told once and stays as told."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from licenses.models import Cause, Change
from licenses.movement import record

from .events import SUBJECTS, TOLD, movement, sides, wordings
from .identity import Identities
from .whole import Catalogue

#: Keys of an entry that are columns of its row under the same name.
SAME_NAME = [
    "key",
    "event",
    "cause",
    "weight",
    "direction",
    "covers",
    "before",
    "after",
    "summary",
    "evidence",
    "remark",
]
#: Columns that follow from what else the catalogue knew when it was told.
DERIVED = ("moved", "revision_before_id")
SOURCE = re.compile(r"(?P<host>github|hf):(?P<repo>[^@:]+)(?:@(?P<commit>[0-9a-f]+))?(?::(?P<path>.*))?", re.DOTALL)


def tell(catalogue: Catalogue, rows: Identities, *, now: datetime) -> tuple[int, list[str]]:
    """Write what nobody has told yet; returns how many that were, and what the files say otherwise than was told."""
    there = {change.key: change for change in told()}
    seen = texts_seen()
    new, differences = list[Change](), list[str]()
    for key, event in catalogue.changes.items():
        columns = columns_of(event, catalogue, rows)
        told_of = seen.get((columns["document_id"], columns["revision_after_id"]))
        if key in there:
            differences += stays(there[key], columns)
        elif told_of:
            differences.append(f"{key}: that text change was told when we saw it ({told_of}); not told again.")
        else:
            new.append(Change(**columns, seen_at=now))
    Change.objects.bulk_create(new)
    gone = sorted(there.keys() - catalogue.changes.keys())
    return len(new), differences + [f"{key}: no file has the event; it stays told." for key in gone]


def told() -> QuerySet[Change]:
    """The changes that files told, the oldest first."""
    return (
        Change.objects.filter(key__regex=f"^{TOLD}$")
        .select_related(*SUBJECTS, "license_before", "license_after", "document", "revision_after")
        .defer("revision_after__text")
        .order_by("effective_on", "key")
    )


def texts_seen() -> dict[tuple[int | None, int | None], str]:
    """The wordings whose coming we saw and told ourselves, and under which key."""
    ours = Change.objects.substantive().filter(cause=Cause.TEXT, revision_after__isnull=False)
    rows = ours.exclude(key__regex=f"^{TOLD}$").values_list("document", "revision_after", "key")
    return {(document, revision): key for document, revision, key in rows}


def stays(row: Change, columns: dict[str, Any]) -> list[str]:
    """What the file says otherwise than was told: nobody is told otherwise afterwards."""
    differ = [
        name.removesuffix("_id")
        for name, value in columns.items()
        if name not in DERIVED and getattr(row, name) != value
    ]
    if not differ:
        return []
    return [f"{row.key}: stays as told; the file has another {', '.join(differ)}. Add a new event instead."]


def columns_of(event: dict[str, Any], catalogue: Catalogue, rows: Identities) -> dict[str, Any]:
    license_before, license_after = (rows.licenses[slug].pk if slug else None for slug in sides(event))
    return {
        **{key: event[key] for key in SAME_NAME},
        "effective_on": event["date"],
        "source": source_text(event["source"]),
        "license_id": rows.licenses[event["license"]].pk if event["license"] else None,
        "release_id": rows.releases[event["release"]].pk if event["release"] else None,
        "publisher_id": rows.publishers[event["publisher"]].pk if event["publisher"] else None,
        "license_before_id": license_before,
        "license_after_id": license_after,
        **wording_columns(event, catalogue, rows),
        "moved": [record(move) for move in movement(event, catalogue.licenses) or ()],
    }


def wording_columns(event: dict[str, Any], catalogue: Catalogue, rows: Identities) -> dict[str, int | None]:
    if not event["document"]:
        return {"document_id": None, "revision_before_id": None, "revision_after_id": None}
    license = rows.licenses[event["license"] or event["license_after"]]
    document = rows.documents[license.pk, event["document"]].pk
    before, after = (
        rows.revisions[document, revision["sha256"]] if revision else None
        for revision in wordings(event, catalogue.licenses)
    )
    return {"document_id": document, "revision_before_id": before, "revision_after_id": after}


def source_text(source: dict[str, str]) -> str:
    """As one line: `github:owner/repo@commit:path`."""
    commit = f"@{source['commit']}" if source["commit"] else ""
    return f"{source['host']}:{source['repo']}{commit}" + (f":{source['path']}" if source["path"] else "")


def source_values(text: str) -> dict[str, str]:
    found = SOURCE.fullmatch(text)
    return {key: value or "" for key, value in found.groupdict().items()} if found else {}


def years() -> dict[int, dict[str, Any]]:
    """The files of events as they are in the database."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in told():
        event = event_values(row)
        found[event["date"].year].append(event)
    return {year: {"year": year, "changes": events} for year, events in found.items()}


def event_values(row: Change) -> dict[str, Any]:
    """As a file says it: what `sides` would fill in is left out."""
    event = {
        **{key: getattr(row, key) for key in SAME_NAME},
        "date": row.effective_on,
        **{subject: slug_of(getattr(row, subject)) for subject in SUBJECTS},
        "license_before": "",
        "license_after": "",
        "source": source_values(row.source),
        "document": row.document.key if row.document else "",
        "revision": row.revision_after.raw_sha256[:12] if row.revision_after else "",
    }
    filled = sides(event)
    before, after = slug_of(row.license_before), slug_of(row.license_after)
    return event | {
        "license_before": "" if before == filled[0] else before,
        "license_after": "" if after == filled[1] else after,
    }


def slug_of(row: Any) -> str:
    return str(row.slug) if row else ""
