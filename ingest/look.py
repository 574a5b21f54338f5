"""One repository's license texts: list its files, fetch those whose content moved, keep their words.

The Hub is asked first and its answers are taken in by one transaction: no lock waits for the Hub, and a kill costs
one look. Of two who looked at the same the later drops what it saw. Whatever is refused becomes a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify

from licenses import texts
from licenses.models import Document, OpenModel
from licenses.wording import LARGEST

from . import cards
from .cards import Card, Unreadable
from .files import CARD, HASH, Listed, blob_of, chosen, is_pointer, license_section, listed
from .hub import FileMissing, FileTooLarge, Gated, Hub, HubError, HubRefused, HubUnavailable, RepoDisabled, RepoGone
from .merge import merge
from .models import Watch, WatchedFile, wait_for_others

#: A file or repository that the Hub did not give is asked for again after this time.
REST = timedelta(minutes=15)
#: Access may have been granted by hand meanwhile.
ASK_AGAIN = timedelta(days=1)
LONGEST_NOTE = 300
NEW = {"first", "changed"}

File = WatchedFile.State
Role = Document.Role


class Replaced(HubRefused):
    """Another repository has the name now."""


STATES: dict[type[HubError], str] = {
    RepoGone: Watch.State.GONE,
    RepoDisabled: Watch.State.DISABLED,
    Gated: Watch.State.GATED,
    Replaced: Watch.State.REPLACED,
}
FILE_STATES: dict[type[HubError], str] = {Gated: File.GATED, FileMissing: File.MISSING, FileTooLarge: File.TOO_LARGE}


@dataclass(frozen=True)
class Looked:
    """What one look came to. `wordings`: those that are new to us."""

    repo_id: str
    state: str
    note: str = ""
    downloads: int = 0
    wordings: int = 0


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


def look(repo_id: str, hub: Hub, *, now: datetime) -> Looked:
    """See what the Hub says now, and remember it."""
    watch = watch_of(repo_id)
    try:
        sight = see(watch, hub, now=now)
    except HubUnavailable as error:
        postpone(watch, error, now=now)
        raise
    except HubRefused as error:
        return set_aside(watch, error, now=now)
    if nothing_moved(watch, sight):
        Watch.objects.filter(pk=watch.pk, checked_at=watch.checked_at).update(checked_at=now)
        return Looked(watch.repo_id, watch.state)
    return take_in(watch, sight, now=now)


def catalogued() -> QuerySet[Document]:
    """The documents of the catalogue that lie in a repository of the Hub."""
    current = Document.objects.filter(license__isnull=False, retired_on__isnull=True)
    return current.exclude(repo="").exclude(path="").order_by("pk")


def watch_of(repo_id: str) -> Watch:
    """What we know of it, if need be from when the same repository had another name."""
    if known := Watch.objects.filter(repo_id=repo_id).first():
        return known
    model = OpenModel.objects.live().filter(repo_id=repo_id).first()
    before = (
        Watch.objects.filter(hub_id=model.hub_id).exclude(repo_id__in=catalogued().values("repo")) if model else None
    )
    if before is None or not (known := before.order_by("pk").first()):
        return Watch(repo_id=repo_id)
    known.repo_id, known.moved_to = repo_id, ""
    known.save(update_fields=["repo_id", "moved_to"])
    return known


# Asking


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
    """The catalogue's documents, one for one; and every other license file of the repository, now or before."""
    of_document = {row.document_id: row for row in rows if row.document_id}
    paths = {document.path for document in documents}
    own = {row.path: row for row in rows if row.path not in paths and is_own(row)}
    files = {file.path: file for file in chosen(listed(record), paths | own.keys())}
    for document in documents:
        row = of_document.get(document.pk)
        if row is None or row.path != document.path:
            row = WatchedFile(path=document.path, document=document)
        yield Place(row, files.get(document.path))
    for path in dict.fromkeys([*own, *files]):
        if path not in paths:
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


# Remembering


def nothing_moved(watch: Watch, sight: Sight) -> bool:
    """The most frequent case waits for no one."""
    before = (watch.hub_id, watch.commit, watch.moved_to or watch.repo_id, watch.state, watch.resume_at)
    after = (sight.card.hub_id, sight.commit, sight.card.repo_id, state_of(watch, sight.places), None)
    is_known = all(place.row.pk for place in sight.places)
    return before == after and is_known and not sight.contents and not sight.stale


@transaction.atomic
def postpone(watch: Watch, error: HubUnavailable, *, now: datetime) -> None:
    """Nothing is known but when to ask again."""
    if is_ours(watch):
        watch.resume_at = now + (timedelta(seconds=error.wait) or REST)
        watch.note = noted(error)
        watch.save()


@transaction.atomic
def set_aside(watch: Watch, error: HubRefused, *, now: datetime) -> Looked:
    """The repository shows no files. Nothing is concluded about its texts."""
    if is_ours(watch):
        watch.state, watch.note = STATES.get(type(error), Watch.State.REFUSED), noted(error)
        watch.checked_at, watch.resume_at = now, None
        watch.save()
    return Looked(watch.repo_id, watch.state, watch.note)


@transaction.atomic
def take_in(watch: Watch, sight: Sight, *, now: datetime) -> Looked:
    if not is_ours(watch):
        return Looked(watch.repo_id, watch.state, "another look came first")
    model = model_of(watch, sight, now=now)
    watch.hub_id, watch.commit = sight.card.hub_id, sight.commit
    watch.moved_to = sight.card.repo_id if sight.card.repo_id != watch.repo_id else ""
    watch.checked_at, watch.resume_at, watch.note = now, None, ""
    if failures := [error for error in sight.contents.values() if isinstance(error, HubUnavailable)]:
        watch.resume_at, watch.note = now + REST, noted(failures[0])
    if watch.pk is None:
        watch.save()
    if sight.stale:
        WatchedFile.objects.filter(pk__in=sight.stale).delete()
    wordings = sum([settle(watch, place, sight, model, now=now) for place in sight.places])
    watch.state = state_of(watch, sight.places)
    watch.save()
    downloads = sum(isinstance(content, bytes) for content in sight.contents.values())
    return Looked(watch.repo_id, watch.state, watch.note, downloads, wordings)


def is_ours(watch: Watch) -> bool:
    """Nobody looked since we did; until the transaction ends nobody will."""
    wait_for_others()
    if watch.pk is None:
        return not Watch.objects.filter(repo_id=watch.repo_id).exists()
    asked = ("commit", "checked_at", "resume_at")
    now = Watch.objects.filter(pk=watch.pk).values_list(*asked).first()
    return now == tuple(getattr(watch, name) for name in asked)


def model_of(watch: Watch, sight: Sight, *, now: datetime) -> OpenModel:
    """The model itself; its record is merged when we do not know it as it is."""
    known = OpenModel.objects.live().filter(hub_id=sight.card.hub_id, repo_id=sight.card.repo_id).first()
    if known and watch.commit == sight.commit:
        return known
    merge([sight.record], now=now)
    return OpenModel.objects.get(hub_id=sight.card.hub_id)


def state_of(watch: Watch, places: list[Place]) -> str:
    if any(place.row.state == File.GATED for place in places):
        return Watch.State.GATED
    return Watch.State.RENAMED if watch.moved_to else Watch.State.OK


def settle(watch: Watch, place: Place, sight: Sight, model: OpenModel, *, now: datetime) -> int:
    """Write down what a file is now, if that is news: 1 for a new wording."""
    row = place.row
    verdict = verdict_on(place, sight, model, now=now)
    if verdict is None:
        return 0
    blob = place.file.blob if place.file and verdict.is_final else ""
    news = (verdict.state, verdict.note, blob)
    if not row.pk or row.path in sight.contents or news != (row.state, row.note, row.blob):
        row.state, row.note, row.blob = news
        row.watch, row.seen_at = watch, now
        row.save()
    return int(verdict.is_new)


def verdict_on(place: Place, sight: Sight, model: OpenModel, *, now: datetime) -> Verdict | None:
    """None for a file that is as it was."""
    if place.file is None and place.row.document:
        texts.miss(place.row.document, now=now)
    if known := ruled_out(place.file):
        return known
    content = sight.contents.get(place.row.path)
    if isinstance(content, bytes):
        return judge(place, content, sight, model, now=now)
    if content is not None:
        state = FILE_STATES.get(type(content), File.REFUSED)
        return Verdict(state, noted(content), is_final=state == File.TOO_LARGE)
    return None if place.row.pk else Verdict(File.REFUSED, "not asked for yet", is_final=False)


def judge(place: Place, raw: bytes, sight: Sight, model: OpenModel, *, now: datetime) -> Verdict:
    """The words of a file that arrived, to its document."""
    row, file = place.row, place.file
    if file is None or blob_of(raw) != file.blob:
        return Verdict(File.REFUSED, "what came is not what the Hub lists", is_final=False)
    if is_pointer(raw):
        return Verdict(File.FAULT, "a pointer to a large file (LFS): look at it")
    if file.path == CARD:
        raw = license_section(raw.decode("utf-8", "replace")).encode()
        if not raw:
            return Verdict(File.NO_SECTION)
    document = row.document or own_document(model, file.path, sight.card.repo_id)
    source = f"hf:{sight.card.repo_id}@{sight.commit[:12]}:{file.path}"
    kept = texts.keep(document, raw, source=source[:300], now=now)
    if kept.outcome == "fault":
        if document.head_id is None and document != row.document:
            document.delete()
        return Verdict(File.FAULT, cards.text(kept.note, LONGEST_NOTE))
    row.document = document
    return Verdict(File.KEPT, cards.text(kept.note, LONGEST_NOTE), is_new=kept.outcome in NEW)


def own_document(model: OpenModel, path: str, repo: str) -> Document:
    """The document of a license file that belongs to no license of the catalogue."""
    known = Document.objects.filter(model=model, path=path).first()
    return known or Document.objects.create(
        model=model, key=key_of(model, path), role=role_of(path), title=path[:160], repo=repo, path=path
    )


def key_of(model: OpenModel, path: str) -> str:
    word = slugify(path.replace(".", "-").replace("/", "-").replace("_", "-"))[:26].strip("-") or "file"
    taken = set(Document.objects.filter(model=model).values_list("key", flat=True))
    return next(key for key in (word, *(f"{word}-{number}" for number in range(2, 1000))) if key not in taken)


def role_of(path: str) -> str:
    name = path.rpartition("/")[2].lower().replace("-", "_")
    if path == CARD:
        return Role.MODEL_CARD
    if "use_policy" in name or "acceptable_use" in name:
        return Role.ACCEPTABLE_USE_POLICY
    return Role.NOTICE if name.startswith("notice") else Role.AGREEMENT


def noted(error: HubError) -> str:
    return cards.text(str(error), LONGEST_NOTE)
