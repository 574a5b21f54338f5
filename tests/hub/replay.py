"""Real changes of the dumped models, played backwards and forwards.

A change is a line of the radar change files: `{"at", "id", "changes": {field: [old, new]}}`, and in the longer one
an `event` as well: `update`, `add` (the model was first seen, or seen again) and `dropped_from_dump` (the reverse).
Fields of `dump.SAME_VALUE`, `license`, `gated`, `removed`, `tags` and `base_model` are played, others ignored.

What is done where change and shelf disagree:
- a model that was neither published nor loaded is skipped, and its id reported in `Replay.unknown`; changes never
  create a model, as they do not hold enough of one;
- a license or gate that is not what the change says it was (forwards) or became (backwards) is set all the same,
  and the change reported in `Replay.surprises`: the last word counts. Other fields are set without a look, for the
  short change file leaves out most of their history, and a model may be removed that is away already;
- a renamed model is unknown by its old name;
- records are edited where they stand, so other edits of a test survive a replay.
A model out of sight (removed) is edited too and comes back with all that happened meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.hub import dump
from tests.hub.records import Record, agree_on_license
from tests.hub.shelf import Entry, Shelf

Change = dict[str, Any]


@dataclass
class Replay:
    """How many changes were played, which ids nobody knows, which changes met another value than they tell."""

    played: int = 0
    unknown: set[str] = field(default_factory=set)
    surprises: list[Change] = field(default_factory=list)


def happened_at(change: Change) -> datetime:
    return datetime.fromisoformat(change["at"])


def play(shelf: Shelf, changes: Iterable[Change], *, backwards: bool) -> Replay:
    """Forwards in order of time; backwards the other way round, each change undone."""
    outcome = Replay()
    for change in sorted(changes, key=happened_at, reverse=backwards):
        name = change["id"]
        entry = shelf.find(name)
        if entry is None or not isinstance(entry.record, dict):
            outcome.unknown.add(name)
            continue
        if is_surprising(entry.record, change, backwards=backwards):
            outcome.surprises.append(change)
        play_one(shelf, entry, change, backwards=backwards)
        outcome.played += 1
    shelf.touched()
    return outcome


def is_surprising(record: Record, change: Change, *, backwards: bool) -> bool:
    expected = {name: pair[backwards] for name, pair in change.get("changes", {}).items()}
    return ("license" in expected and expected["license"] != dump.license_in(record)) or (
        "gated" in expected and bool(expected["gated"]) != bool(record.get("gated"))
    )


def play_one(shelf: Shelf, entry: Entry, change: Change, *, backwards: bool) -> None:
    values = {name: pair[not backwards] for name, pair in change.get("changes", {}).items()}
    edit(entry, values)
    event = change.get("event")
    if "removed" in values:
        shelf.show(entry, removed=bool(values["removed"]))
    if event in ("add", "dropped_from_dump"):
        shelf.show(entry, unlisted=(event == "add") is backwards)


def edit(entry: Entry, values: dict[str, Any]) -> None:
    record = entry.record
    for ours, theirs in dump.SAME_VALUE.items():
        if ours in values:
            record[theirs] = values[ours]
    if "tags" in values:
        record["tags"] = list(values["tags"])
    if "license" in values:
        dump.put_license(record, values["license"], is_named=is_named(entry, values))
    elif "tags" in values:
        agree_on_license(record)
    if "base_model" in values or "tags" in values:
        dump.put_parents(record, values.get("base_model", dump.parents_in(record)))
    if "updated_at" in values:
        entry.commits[0].sha = record["sha"] = dump.sha_of(entry.name, values["updated_at"])
    if "gated" in values:
        record["gated"] = "auto" if values["gated"] else False


def is_named(entry: Entry, values: dict[str, Any]) -> bool:
    """Whether a license is a `license_name` under `other`.

    The tags of the same change tell; without them, the record as it was loaded if it had this license, and for
    any other whether the Hub has such an identifier.
    """
    value = values["license"]
    if "tags" in values:
        return "license:other" in values["tags"]
    if entry.loaded is not None and entry.loaded[0] == value:
        return entry.loaded[1]
    return dump.is_a_name(value)
