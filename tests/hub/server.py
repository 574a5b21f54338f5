"""A Hub of our own on 127.0.0.1, good enough for the official client, which also misbehaves to order.

In a test:      with StandInHub() as hub: hub.publishes("acme/tiny", license="apache-2.0")
From a shell:   python -m tests.hub.server --dump FILE --port 8999
"""

import argparse
import signal
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.hub import dump, records, replay
from tests.hub.answers import Request
from tests.hub.faults import Failure, Fault, Plans, Trouble
from tests.hub.limits import Limits, Telling
from tests.hub.listing import LARGEST_PAGE
from tests.hub.records import Record
from tests.hub.replay import Change, Replay
from tests.hub.shelf import Entry, Shelf
from tests.hub.wire import Server

__all__ = ["Failure", "Fault", "StandInHub", "Telling"]

Files = Mapping[str, str | bytes | None]

STARTING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Visitor:
    name: str
    may_read: set[str]


class StandInHub:
    """A Hub of one's own. Its clock is not the wall's: each publication or commit is a minute later."""

    def __init__(self, *, port: int = 0, now: datetime = STARTING, page_size_cap: int = LARGEST_PAGE) -> None:
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self.shelf = Shelf(now)
        self.plans = Plans()
        self.rate = Limits()
        self.requests: list[Request] = []
        self.users: dict[str, Visitor] = {}
        self.page_size_cap = page_size_cap
        self.page_delay = 0.0
        self.slow_seconds = 0.5
        self.silent_seconds = 60.0
        self.renames_keep_query = True
        self.keeps_a_cache = False
        self.server = Server(port, self)
        self.serving = threading.Thread(target=self.server.serve_forever, args=(0.005,), daemon=True)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self.serving.start()

    def stop(self) -> None:
        """End every connection and give the port back."""
        self.closing.set()
        self.server.stop(is_serving=self.serving.is_alive())

    # What is on the hub

    def publishes(self, name: str, *, files: Files | None = None, **fields: Any) -> Record:
        """A model with a realistic record; fields in the Hub's spelling or in Python's.

        `license`, `license_name`, `license_link`, `base_model`, `base_model_relation`, `language`, `datasets` go to
        the card and into tags; `parameters` becomes `safetensors`; `tags` stay as given and get what is missing; the
        rest is set as it is. The record returned is the one served: edit it in place for what no method does.
        Published twice, the second is another model (a new `_id`) under the same name.
        """
        with self.lock:
            created = self.shelf.tick()
            record = records.fresh(name, created)
            if "createdAt" in fields or "created_at" in fields:
                record["lastModified"] = records.as_text(fields.get("createdAt", fields.get("created_at")))
            records.write(record, fields)
            self.shelf.add(record, as_bytes(files))
            return record

    def publishes_record(self, raw: Any, *, files: Files | None = None) -> Any:
        """Any JSON at all, served as it is; one that is no object, or has no text as id, only in the listing."""
        with self.lock:
            self.shelf.add(raw, as_bytes(files))
            return raw

    def changes(self, name: str, *, touch: bool = True, files: Files | None = None, **fields: Any) -> Record:
        """Other facts or files for a model; None among `files` deletes one.

        With `touch` a commit is made: `sha` and `lastModified` move. Without, nothing tells of the change.
        """
        with self.lock:
            entry = self.entry(name)
            deleted = {path for path, content in (files or {}).items() if content is None}
            kept = {path: content for path, content in entry.files.items() if path not in deleted}
            kept |= as_bytes(files) or {}
            if touch:
                self.shelf.commit(entry, "Update", files=kept if files or entry.own_files else None)
            elif files:
                entry.commits[0].files, entry.own_files = kept, True
            records.write(entry.record, fields)
            self.shelf.touched()
            return entry.record

    def removes(self, name: str) -> None:
        with self.lock:
            self.shelf.show(self.entry(name), removed=True)

    def brings_back(self, name: str) -> Record:
        """A removed model is there again, the same as it was."""
        with self.lock:
            self.shelf.show(self.shelf.away[name], removed=False, unlisted=False)
            return self.entry(name).record

    def renames(self, old: str, new: str) -> Record:
        """Same `_id`, new name; the old one answers 307, and tags of children follow without a new date."""
        with self.lock:
            self.entry(old)
            return self.shelf.rename(old, new).record

    def redirects(self, old: str, new: str) -> None:
        """A bare redirect, for chains and loops; `renames_keep_query = False` drops the query on the way."""
        with self.lock:
            self.shelf.moved[old] = new

    def entry(self, name: str) -> Entry:
        try:
            return self.shelf.by_name[name]
        except KeyError:
            raise LookupError(f"the stand-in holds no model {name!r}") from None

    # What goes wrong, and who may come in

    def fails_with(self, *troubles: Trouble, where: str = "", forever: bool = False) -> None:
        """The next requests get these, one each, in order; then all is well, unless the last is `forever`.

        `where` limits it to addresses that contain this text ("cursor=", "/resolve/"). A fault of paging waits
        for a request of a page, EXPIRED_CURSOR for one with a cursor.
        """
        with self.lock:
            self.plans.add(troubles, where=where, forever=forever)

    def limits(self, requests: int, seconds: float, *, telling: Telling = Telling.RATE_LIMIT) -> None:
        """At most so many requests in each window, for each token (or address) and bucket, from now on."""
        with self.lock:
            self.rate = Limits(requests, seconds, telling)

    def recovers(self) -> None:
        """No more faults, no more limits."""
        with self.lock:
            self.plans.clear()
            self.rate = Limits()

    def welcomes(self, token: str, *, name: str = "visitor", may_read: Iterable[str] = ()) -> None:
        """A valid token, with access to these gated or private models. Any other token is refused everywhere."""
        with self.lock:
            self.users[token] = Visitor(name, set(may_read))

    # Real data

    def load_dump(self, path: Path | str, *, removed: bool = True) -> int:
        """Serve a radar dump; without `removed`, models it marks as removed are out of sight but can come back."""
        with self.lock:
            for row in dump.lines(path):
                record = dump.record_of(row)
                entry = self.shelf.add(record)
                entry.loaded = row.get("license"), "license_name" in records.card(record)
                if row.get("removed") and not removed:
                    self.shelf.show(entry, removed=True)
            return len(self.shelf)

    def rewind(self, changes: Iterable[Change]) -> Replay:
        """Every model known to both is as it was before the first of these changes; see `replay`."""
        with self.lock:
            return replay.play(self.shelf, changes, backwards=True)

    def apply(self, changes: Iterable[Change]) -> Replay:
        """These changes happen, in order of time; see `replay`."""
        with self.lock:
            return replay.play(self.shelf, changes, backwards=False)


def as_bytes(files: Files | None) -> dict[str, bytes] | None:
    if files is None:
        return None
    return {
        path: content.encode() if isinstance(content, str) else content
        for path, content in files.items()
        if content is not None
    }


def arguments(line: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.hub.server", description=__doc__.splitlines()[0])
    parser.add_argument("--dump", type=Path, help="radar dump to serve, JSON Lines, packed or not")
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--page-delay", type=float, default=0.0, help="seconds each listing page takes longer")
    parser.add_argument("--events", type=Path, help="radar change file: serve the state of --at")
    parser.add_argument("--at", type=datetime.fromisoformat, help="moment, ISO 8601 with offset")
    options = parser.parse_args(line)
    if (options.events is None) is not (options.at is None):
        parser.error("--events and --at go together")
    if options.at is not None and options.at.tzinfo is None:
        options.at = options.at.replace(tzinfo=UTC)
    return options


def main(line: list[str] | None = None) -> None:
    options, told_to_stop = arguments(line), threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: told_to_stop.set())
    with StandInHub(port=options.port) as hub:
        hub.page_delay = options.page_delay
        if options.dump:
            hub.load_dump(options.dump)
        if options.events:
            hub.rewind(change for change in dump.lines(options.events) if replay.happened_at(change) > options.at)
        sys.stdout.write(f"{hub.endpoint} serves {len(hub.shelf)} models\n")
        sys.stdout.flush()
        told_to_stop.wait()


if __name__ == "__main__":
    main()
