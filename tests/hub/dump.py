"""A line of the radar dump of model metadata, told as the Hub would tell it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.hub import records
from tests.hub.identifiers import LICENSES
from tests.hub.records import Record
from tests.hub.shelf import moment

# Radar's name of a field that is copied as it is, and the Hub's.
SAME_VALUE = {
    "updated_at": "lastModified",
    "downloads_30d": "downloads",
    "likes": "likes",
    "trending_score": "trendingScore",
    "pipeline_tag": "pipeline_tag",
    "library": "library_name",
}


def lines(path: Path | str) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file, packed or not."""
    is_packed = str(path).endswith(".gz")
    with gzip.open(path, "rt", encoding="utf-8") if is_packed else Path(path).open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def record_of(row: dict[str, Any]) -> Record:
    """The Hub's record of a radar row.

    Radar resolves `license: other` to the card's `license_name`; the tags tell which it was. Where license and
    tags are from different moments the license field is believed, and the tag is made to agree with it, so that
    counting `license_in` over all records gives the counts of the file's `license` field.
    """
    name, created = row["id"], moment(row["created_at"])
    record = {
        "_id": records.made_id(name, created),
        "id": name,
        "modelId": name,
        "author": row.get("author") or name.partition("/")[0],
        "sha": sha_of(name, row["updated_at"]),
        "createdAt": row["created_at"],
        "private": False,
        "disabled": False,
        "gated": "auto" if row.get("gated") else False,
        "tags": list(row["tags"]),
    }
    record |= {theirs: row[ours] for ours, theirs in SAME_VALUE.items() if row.get(ours) is not None}
    if row.get("parameters") is not None:
        records.write_sizes(record, row["parameters"])
    put_license(record, row.get("license"), is_named="license:other" in row["tags"])
    put_parents(record, row.get("base_model"))
    return record


def sha_of(name: str, updated_at: str) -> str:
    return records.hexadecimal(f"{name}@{updated_at}", 40)


def put_license(record: Record, value: str | None, *, is_named: bool) -> None:
    """Write a resolved license into card and tags: as a name under `other` when `is_named`, else by itself."""
    is_named = is_named and value not in (None, "other")
    records.write_card(record, "license", "other" if is_named else value)
    records.write_card(record, "license_name", value if is_named else None)
    records.agree_on_license(record)


def is_a_name(value: str | None) -> bool:
    """Whether a license that comes without tags must be a `license_name`: the Hub has no such identifier."""
    return value is not None and value not in LICENSES


def license_in(record: Record) -> str | None:
    """The license of a record as radar resolves it."""
    card = records.card(record)
    value = card.get("license")
    return card.get("license_name") or value if value == "other" else value


def put_parents(record: Record, joined: str | None) -> None:
    """Radar joins several parents with a comma; the relation is in the tags alone. The tags stay as they are."""
    parents = joined.split(", ") if joined else []
    relation = next(
        (
            tag.split(":")[1]
            for tag in record["tags"]
            if tag.startswith("base_model:") and tag.split(":")[1] in records.RELATIONS
        ),
        None,
    )
    records.write_card(record, "base_model", (parents if len(parents) > 1 else parents[0]) if parents else None)
    records.write_card(record, "base_model_relation", relation if parents else None)


def parents_in(record: Record) -> str:
    return ", ".join(map(str, records.listed(records.card(record).get("base_model"))))
