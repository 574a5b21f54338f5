"""One repository's license texts: list its files, fetch those whose content moved, keep their words.

The Hub is asked first, then its answers are taken in: the model by one transaction, the texts by another. No lock waits
for the Hub, and a kill costs one look. Of two who looked at the same the later drops what it saw. Whatever is refused
becomes a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from licenses import texts
from licenses.models import Document, OpenModel

from . import cards
from .documents import move, own_document
from .files import CARD, blob_of, is_pointer, license_section
from .hub import FileMissing, FileTooLarge, Gated, Hub, HubError, HubRefused, HubUnavailable, RepoDisabled, RepoGone
from .merge import merge
from .models import Watch, WatchedFile
from .sight import MOST_OWN, Place, Replaced, Sight, Verdict, catalogued, is_own, ruled_out, see

#: A file or repository that the Hub did not give is asked for again after this time.
REST = timedelta(minutes=15)
LONGEST_NOTE = 300
NEW = {"first", "changed"}

File = WatchedFile.State


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
    move(known.hub_id, repo_id)
    known.repo_id, known.moved_to = repo_id, ""
    known.save(update_fields=["repo_id", "moved_to"])
    return known


def nothing_moved(watch: Watch, sight: Sight) -> bool:
    """The most frequent case waits for no one."""
    before = (watch.hub_id, watch.commit, watch.moved_to or watch.repo_id, watch.state, watch.resume_at)
    after = (sight.card.hub_id, sight.commit, sight.card.repo_id, state_of(watch, sight.places), None)
    is_known = all(place.row.pk for place in sight.places)
    waits = any(place.row.document and place.row.document.held_since for place in sight.places)
    return before == after and is_known and not waits and not sight.contents and not sight.stale


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
        for document in Document.objects.filter(places__watch=watch, held_since__isnull=False):
            texts.doubt(document, now=now)
    return Looked(watch.repo_id, watch.state, watch.note)


def take_in(watch: Watch, sight: Sight, *, now: datetime) -> Looked:
    """The model first: all who write models wait for each other, and must not wait for texts to be compared."""
    model = model_of(watch, sight, now=now) if is_latest(watch, Watch.objects.all()) else None
    looked = remember(watch, sight, model, now=now) if model else None
    return looked or Looked(watch.repo_id, watch.state, "another look came first")


@transaction.atomic
def remember(watch: Watch, sight: Sight, model: OpenModel, *, now: datetime) -> Looked | None:
    """None when another look came first."""
    if not is_ours(watch):
        return None
    watch.hub_id, watch.commit = sight.card.hub_id, sight.commit
    watch.moved_to = sight.card.repo_id if sight.card.repo_id != watch.repo_id else ""
    watch.checked_at, watch.resume_at, watch.note = now, None, note_on(sight.places)
    if failures := [error for error in sight.contents.values() if isinstance(error, HubUnavailable)]:
        watch.resume_at, watch.note = now + REST, noted(failures[0])
    move(sight.card.hub_id, sight.card.repo_id)
    if sight.stale:
        WatchedFile.objects.filter(pk__in=sight.stale).delete()
    wordings = sum([settle(watch, place, sight, model, now=now) for place in sight.places])
    watch.state = state_of(watch, sight.places)
    watch.save()
    downloads = sum(isinstance(content, bytes) for content in sight.contents.values())
    return Looked(watch.repo_id, watch.state, watch.note, downloads, wordings)


def is_latest(watch: Watch, watches: QuerySet[Watch]) -> bool:
    """Nobody looked since we did."""
    asked = ("commit", "checked_at", "resume_at")
    now = watches.filter(repo_id=watch.repo_id).values_list(*asked).first()
    return now == (tuple(getattr(watch, name) for name in asked) if watch.pk else None)


def is_ours(watch: Watch) -> bool:
    """Nobody looked since we did; until the transaction ends nobody will: who is new here waits for our row."""
    if watch.pk:
        return is_latest(watch, Watch.objects.select_for_update())
    row, is_new = Watch.objects.get_or_create(repo_id=watch.repo_id)
    watch.pk = row.pk
    return is_new


@transaction.atomic
def model_of(watch: Watch, sight: Sight, *, now: datetime) -> OpenModel:
    """The model itself; its record is merged when we do not know it as it is."""
    known = OpenModel.objects.live().filter(hub_id=sight.card.hub_id, repo_id=sight.card.repo_id).first()
    if known and watch.commit == sight.commit:
        return known
    merge([sight.record], now=now)
    return OpenModel.objects.get(hub_id=sight.card.hub_id)


def note_on(places: list[Place]) -> str:
    is_full = sum(is_own(place.row) for place in places) >= MOST_OWN
    return f"{MOST_OWN} license files were seen here: no more are taken in" if is_full else ""


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
    content = sight.contents.get(place.row.path)
    if isinstance(content, bytes):
        return judge(place, content, sight, model, now=now)
    tell_apart(place, is_refused=content is not None, now=now)
    if known := ruled_out(place.file):
        return known
    if content is not None:
        state = FILE_STATES.get(type(content), File.REFUSED)
        return Verdict(state, noted(content), is_final=state == File.TOO_LARGE)
    return None if place.row.pk else Verdict(File.REFUSED, "not asked for yet", is_final=False)


def tell_apart(place: Place, *, is_refused: bool, now: datetime) -> None:
    """A wording that waits to be told waits longer while nobody can read the file."""
    document = place.row.document
    if document is None:
        return
    if place.file is None or place.row.state == File.NO_SECTION:
        texts.miss(document, now=now)
    elif is_refused or ruled_out(place.file) or place.row.state != File.KEPT:
        texts.doubt(document, now=now)
    else:
        texts.remain(document, now=now)


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
            if row.document:
                texts.miss(row.document, now=now)
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


def noted(error: HubError) -> str:
    return cards.text(str(error), LONGEST_NOTE)
