"""The models the stand-in holds: what is there, what went away, what is called otherwise now."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.hub import records
from tests.hub.records import Record

KEPT_SORTED = 1000


@dataclass
class Commit:
    sha: str
    title: str
    date: str
    files: dict[str, bytes]


@dataclass
class Entry:
    """One repo: its record as published, and its history, newest commit first.

    `loaded` is the license a dump gave, and whether it was a `license_name` there. A repo is in sight unless it is
    `removed`, or `unlisted`: a replayed dump had not seen it yet.
    """

    uid: str
    name: str
    record: Any
    commits: list[Commit] = field(default_factory=list)
    own_files: bool = False
    loaded: tuple[str | None, bool] | None = None
    removed: bool = False
    unlisted: bool = False

    @property
    def files(self) -> dict[str, bytes]:
        return self.commits[0].files if self.own_files else default_files(self.record)

    def commit_at(self, revision: str) -> Commit | None:
        head = self.commits[0]
        if revision in ("main", "HEAD", "refs/heads/main", head.sha):
            return Commit(head.sha, head.title, head.date, self.files)
        return next((commit for commit in self.commits if commit.sha == revision), None)


def default_files(record: Any) -> dict[str, bytes]:
    """What a repo holds when the test named no files: a README whose header is the card."""
    # JSON is YAML as well, and needs no dependency.
    lines = [f"{key}: {json.dumps(value)}" for key, value in records.card(record).items()]
    header = "\n".join(["---", *lines, "---", ""]) if lines else ""
    return {
        ".gitattributes": b"*.safetensors filter=lfs diff=lfs merge=lfs -text\n",
        "README.md": f"{header}# {record.get('id')}\n".encode("utf-8", "replace"),
    }


SortKey = Callable[[Record], Any]
Row = tuple[Any, str, Entry]


def number(name: str) -> SortKey:
    def key(record: Record) -> Any:
        value = record.get(name)
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None

    return key


def text(name: str) -> SortKey:
    def key(record: Record) -> Any:
        value = record.get(name)
        return value if isinstance(value, str) else None

    return key


def size(record: Record) -> Any:
    found = record.get("safetensors")
    total = found.get("total") if isinstance(found, dict) else None
    return total if isinstance(total, int) else None


SORTS: dict[str, SortKey] = {
    "createdAt": text("createdAt"),
    "lastModified": text("lastModified"),
    "downloads": number("downloads"),
    "likes": number("likes"),
    "likes30d": number("likes30d"),
    "trendingScore": number("trendingScore"),
    "num_parameters": size,
    "mainSize": size,
    "id": text("id"),
}


class Shelf:
    """Not locked itself: the hub holds its lock around every use."""

    def __init__(self, now: datetime) -> None:
        self.by_name: dict[str, Entry] = {}
        self.away: dict[str, Entry] = {}
        self.moved: dict[str, str] = {}
        self.now = now
        self._sorted: dict[str, list[Row]] = {}
        self._serial = 0

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.by_name.values())

    def __len__(self) -> int:
        return len(self.by_name)

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    def add(self, record: Any, files: dict[str, bytes] | None = None) -> Entry:
        """Put a record on the shelf under its id; one without a usable id is only met in the listing."""
        self._serial += 1
        known = record if isinstance(record, dict) else {}
        name = text_or(f"\0{self._serial}", known.get("id"))
        uid = text_or(records.hexadecimal(name, 24), known.get("_id"))
        sha = text_or(records.hexadecimal(name, 40), known.get("sha"))
        first = Commit(sha, "initial commit", text_or("", known.get("lastModified")), files or {})
        entry = Entry(uid, name, record, [first], own_files=files is not None)
        self.by_name[name] = entry
        self.away.pop(name, None)
        self.moved.pop(name, None)
        self.touched()
        return entry

    def commit(self, entry: Entry, title: str, *, files: dict[str, bytes] | None) -> None:
        """A new commit at the head: `sha` and `lastModified` move, never backwards."""
        before = entry.files
        self.now = max(self.now, moment(entry.record.get("lastModified")) or self.now)
        date = records.as_text(self.tick())
        if not entry.own_files:
            entry.commits[0].files, entry.own_files = before, files is not None
        sha = records.hexadecimal(f"{entry.uid}@{date}", 40)
        entry.commits.insert(0, Commit(sha, title, date, before if files is None else files))
        entry.record["sha"], entry.record["lastModified"] = sha, date

    def find(self, name: str) -> Entry | None:
        """In sight or not."""
        return self.by_name.get(name) or self.away.get(name)

    def show(self, entry: Entry, *, removed: bool | None = None, unlisted: bool | None = None) -> None:
        """Take an entry out of sight or bring it back; what is not said stays."""
        entry.removed = entry.removed if removed is None else removed
        entry.unlisted = entry.unlisted if unlisted is None else unlisted
        is_hidden = entry.removed or entry.unlisted
        (self.away if is_hidden else self.by_name)[entry.name] = entry
        (self.by_name if is_hidden else self.away).pop(entry.name, None)
        self.touched()

    def rename(self, old: str, new: str) -> Entry:
        entry = self.by_name.pop(old)
        entry.name = new
        entry.record.update(id=new, modelId=new, author=new.partition("/")[0])
        self.by_name[new] = entry
        self.moved[old] = new
        self.moved.pop(new, None)
        for other in self:
            retag_child(other.record, old, new)
        self.touched()
        return entry

    def touched(self) -> None:
        """Forget every sorted order: something changed."""
        self._sorted.clear()

    def in_order(self, sort: str) -> list[Row]:
        """Descending by the sort key, None last, ties by `_id`; ascending for `id`.

        A small shelf is sorted anew each time, so that a record edited by hand stands in its place;
        for a large one the order is kept until a method of the hub changes something.
        """
        if sort in self._sorted:
            return self._sorted[sort]
        key = SORTS[sort]
        rows = [(key(e.record) if isinstance(e.record, dict) else None, e.uid, e) for e in self]
        rows.sort(key=lambda row: row[1])
        valued = [row for row in rows if row[0] is not None]
        valued.sort(key=lambda row: row[0], reverse=sort != "id")
        rows = valued + [row for row in rows if row[0] is None]
        if len(rows) > KEPT_SORTED:
            self._sorted[sort] = rows
        return rows

    def after(self, sort: str, place: tuple[Any, str] | None) -> Iterator[Row]:
        """The rows behind a place (sort value, `_id`), whether or not a row still stands there."""
        rows = self.in_order(sort)
        first = 0 if place is None else bisect_left(rows, True, key=lambda row: is_behind(row, place, sort))
        for position in range(first, len(rows)):
            yield rows[position]


def is_behind(row: Row, place: tuple[Any, str], sort: str) -> bool:
    value, uid = place
    if row[0] == value:
        return row[1] > uid
    if row[0] is None or value is None:
        return row[0] is None
    return row[0] > value if sort == "id" else row[0] < value


def retag_child(record: Any, old: str, new: str) -> None:
    """A renamed parent changes its children's tags, though not their cards nor their `lastModified`."""
    tags = record.get("tags") if isinstance(record, dict) else None
    if not isinstance(tags, list):
        return
    spellings = {f"base_model:{old}": f"base_model:{new}"}
    spellings |= {f"base_model:{word}:{old}": f"base_model:{word}:{new}" for word in records.RELATIONS}
    if any(isinstance(tag, str) and tag in spellings for tag in tags):
        record["tags"] = [spellings.get(tag, tag) if isinstance(tag, str) else tag for tag in tags]


def text_or(default: str, value: Any) -> str:
    return value if isinstance(value, str) else default


def moment(written: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (TypeError, ValueError):
        return None
