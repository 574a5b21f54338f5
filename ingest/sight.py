"""What the Hub shows of one repository's license texts: its files, and the contents of those that moved.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from licenses.models import Document
from licenses.wording import LARGEST

from . import cards
from .cards import Card, Unreadable
from .files import HASH, Listed, chosen, listed
from .hub import Gated, Hub, HubError, HubRefused, HubUnavailable, RepoGone
from .models import Watch, WatchedFile

#: Access may have been granted by hand meanwhile.
ASK_AGAIN = timedelta(days=1)
#: Files of a repository that belong to no license of the catalogue, those that it had before among them.
MOST_OWN = 60

File = WatchedFile.State


class Replaced(HubRefused):
    """Another repository has the name now."""


@dataclass(frozen=True)
class Place:
    """What is known of a file, for one document, and how the Hub lists it now."""

    row: WatchedFile
    file: Listed | None


@dataclass(frozen=True)
class Sight:
    """What the Hub showed of a repository: its files, and the contents of those that moved, or why there is none.

    `stale`: rows of files that belong to other documents now.
    """

    record: object
    card: Card
    commit: str
    places: list[Place]
    stale: set[int]
    contents: dict[str, bytes | HubError]


@dataclass(frozen=True)
class Verdict:
    """What a file is. Without `is_final` the same content is asked for again."""

    state: str
    note: str = ""
    is_final: bool = True
    is_new: bool = False


def catalogued() -> QuerySet[Document]:
    """The documents of the catalogue that lie in a repository of the Hub."""
    current = Document.objects.current().filter(license__isnull=False)
    return current.exclude(repo="").exclude(path="").order_by("pk")


def see(watch: Watch, hub: Hub, *, now: datetime) -> Sight:
    record = ask(watch, hub)
    card, commit = read(record)
    documents = list(catalogued().filter(repo=watch.repo_id))
    is_replaced = bool(watch.hub_id) and watch.hub_id != card.hub_id
    if is_replaced and documents:
        raise Replaced(f"{card.repo_id} is another repository now ({card.hub_id}): its texts are not read")
    rows = list(watch.files.select_related("document")) if watch.pk else []
    places = list(places_of(record, documents, [] if is_replaced else rows))
    stale = {row.pk for row in rows} - {place.row.pk for place in places}
    moved = [place.row.path for place in places if is_moved(place, card, now=now)]
    return Sight(record, card, commit, places, stale, fetch(moved, card, commit, hub))


def ask(watch: Watch, hub: Hub) -> object:
    """Under its present name as far as we know it: one request."""
    if watch.moved_to:
        try:
            record = hub.files(watch.moved_to)
        except RepoGone:
            record = None
        if isinstance(record, dict) and record.get("_id") == watch.hub_id:
            return record
    return hub.files(watch.repo_id)


def read(record: object) -> tuple[Card, str]:
    try:
        card = cards.read(record)
    except Unreadable as error:
        raise HubRefused(f"its record cannot be read: {error.reason}") from error
    if card.private:
        raise RepoGone("it is private: only our token sees it")
    commit = record.get("sha") if isinstance(record, dict) else None
    siblings = record.get("siblings") if isinstance(record, dict) else None
    if not isinstance(commit, str) or not HASH.fullmatch(commit):
        raise HubRefused("its record names no commit")
    if not isinstance(siblings, list):
        raise HubRefused("its record lists no files")
    return card, commit


def places_of(record: object, documents: list[Document], rows: list[WatchedFile]) -> Iterator[Place]:
    """The catalogue's documents, one for one; then the other license files, without those that left no text."""
    of_document = {row.document_id: row for row in rows if row.document_id}
    paths = {document.path for document in documents}
    own = {row.path: row for row in rows if row.path not in paths and is_own(row)}
    files = {file.path: file for file in chosen(listed(record), paths | own.keys())}
    for document in documents:
        row = of_document.get(document.pk)
        if row is None or row.path != document.path:
            row = WatchedFile(path=document.path, document=document)
        yield Place(row, files.get(document.path))
    own = {path: row for path, row in own.items() if row.document or path in files}
    fresh = [path for path in files if path not in paths | own.keys()]
    for path in [*own, *fresh[: max(MOST_OWN - len(own), 0)]]:
        yield Place(own.get(path) or WatchedFile(path=path), files.get(path))


def is_own(row: WatchedFile) -> bool:
    return row.document is None or row.document.model_id is not None


def is_moved(place: Place, card: Card, *, now: datetime) -> bool:
    """Worth a download: another content than the one we judged, and not just refused."""
    if ruled_out(place.file) or (place.file and place.file.blob == place.row.blob):
        return False
    is_shut = place.row.state == File.GATED and bool(card.gate)
    return not (is_shut and now - place.row.seen_at < ASK_AGAIN)


def ruled_out(file: Listed | None) -> Verdict | None:
    """What the list alone tells."""
    if file is None:
        return Verdict(File.MISSING, "not in the repository", is_final=False)
    if not file.blob:
        return Verdict(File.REFUSED, "the Hub gives no hash of it", is_final=False)
    if file.is_lfs:
        return Verdict(File.FAULT, "kept as a large file (LFS), which no license text is: look at it")
    if file.size > LARGEST:
        return Verdict(File.TOO_LARGE, f"{file.size:,} bytes")
    return None


def fetch(paths: Iterable[str], card: Card, commit: str, hub: Hub) -> dict[str, bytes | HubError]:
    """Contents by path. A gate is asked once; what the Hub cannot give now does not cost the rest."""
    found: dict[str, bytes | HubError] = {}
    shut: Gated | None = None
    for path in dict.fromkeys(paths):
        try:
            found[path] = shut or hub.text(card.repo_id, path, commit)
        except Gated as error:
            found[path] = shut = error
        except HubRefused as error:
            found[path] = error
        except HubUnavailable as error:
            if error.wait:
                raise
            found[path] = error
            break
    return found
