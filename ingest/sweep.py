"""The story of a sweep: fetch a page, take it in, remember where to go on; at the end, bury what was not met.

Page and checkpoint are one transaction. Two workers at the same page: the second finds the checkpoint moved and
drops its copy. Nothing here grows with the number of pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from licenses.models import Document, Release

from .ending import bury, forget_sightings
from .hub import CursorExpired, Hub, HubError, HubRefused, HubUnavailable, Page
from .merge import Merged, merge
from .models import Sweep, wait_for_others
from .tally import tally

log = logging.getLogger(__name__)

Kind = Sweep.Kind
SORTS: dict[str, str] = {Kind.FULL: "createdAt", Kind.TOP: "downloads", Kind.RECENT: "lastModified"}
TOP = 10_000
REPOS_A_STEP = 10
OVERLAP = timedelta(minutes=10)
FIRST_LOOK_BACK = timedelta(days=1)
MOST_RESTARTS = 3
FIRST_REST, LONGEST_REST = 30, 900
# Two days of rests; and eight times the Hub's models, at a thousand a page.
MOST_FAILURES, MOST_PAGES = 200, 20_000


def start(kind: str, *, now: datetime, since: datetime | None = None) -> Sweep:
    """The unfinished sweep of this kind, or a new one."""
    if kind == Kind.RECENT and since is None:
        since = since_last(now)
    sweep, _ = Sweep.objects.get_or_create(kind=kind, finished_at=None, defaults={"started_at": now, "since": since})
    if since and sweep.since and since < sweep.since:
        sweep.since = since
        sweep.save(update_fields=["since"])
    return sweep


def since_last(now: datetime) -> datetime:
    """When the last pass over everything new began, a little earlier: rows move while they are read."""
    passes = Sweep.objects.filter(kind__in=[Kind.FULL, Kind.RECENT], error="").newest()
    last = passes.exclude(finished_at=None).first()
    return last.started_at - OVERLAP if last else now - FIRST_LOOK_BACK


def run(
    kind: str, hub: Hub, *, clock: Callable[[], datetime], page: int | None = None, seconds: float = 60
) -> Sweep | None:
    """Steps for about a minute; the sweep if there is more to do, None if it is over or in other hands.

    With `page` only the sweep that has come exactly so far is meant: of two messages for one sweep the later ends.
    """
    give_back_at = clock() + timedelta(seconds=seconds)
    mine = meant(kind, page, now=clock())
    while mine and not mine.finished_at and clock() < give_back_at:
        try:
            mine = step(mine, hub, now=clock())
        except HubUnavailable as error:
            mine = postpone(mine, error, now=clock()) if mine else None
            break
    return mine if mine and not mine.finished_at else None


def meant(kind: str, page: int | None, *, now: datetime) -> Sweep | None:
    if page is not None:
        return Sweep.objects.unfinished().filter(kind=kind, pages=page).first()
    return Sweep.objects.due(now).filter(pk=start(kind, now=now).pk).first()


def step(sweep: Sweep, hub: Hub, *, now: datetime) -> Sweep | None:
    """One page further. None when another worker was there first."""
    try:
        if sweep.pages >= MOST_PAGES:
            raise HubRefused(f"the listing has no end: {sweep.pages:,} pages were read")
        page = fetch(sweep, hub)
    except CursorExpired as error:
        return start_over(sweep, error, now=now)
    except HubRefused as error:
        return give_up(sweep, error, now=now)
    return take_in(sweep, page, now=now)


def fetch(sweep: Sweep, hub: Hub) -> Page:
    if sweep.kind == Kind.CURATED:
        return fetch_curated(sweep.checkpoint, hub)
    return hub.page(sweep.checkpoint or None, sort=SORTS[sweep.kind])


def fetch_curated(done: str, hub: Hub) -> Page:
    """The next few repositories that the catalogue names, as if they were a page."""
    left = [repo for repo in curated() if repo > done]
    names = left[:REPOS_A_STEP]
    found = {name: look_up(name, hub) for name in names}
    if missing := [name for name, record in found.items() if record is None]:
        log.info("Not found on the Hub: %s", ", ".join(missing))
    follows = names[-1] if len(left) > REPOS_A_STEP else None
    return Page([record for record in found.values() if record is not None], follows)


def look_up(repo_id: str, hub: Hub) -> object | None:
    """A model by name. Deleted, private and refused look alike, so nothing is concluded from its absence."""
    try:
        return hub.model(repo_id)
    except HubRefused as error:
        log.debug("%s was not found: %s", repo_id, error)
        return None


def curated() -> list[str]:
    """Every repository the catalogue names: of releases, and where license texts lie."""
    repos = {repo for repos in Release.objects.values_list("repos", flat=True) for repo in repos}
    repos |= set(Document.objects.exclude(repo="").values_list("repo", flat=True))
    return sorted(repo for repo in repos if repo.count("/") <= 1)


def refresh(repo_id: str, hub: Hub, *, now: datetime) -> Merged | None:
    """One model, now. None when the Hub shows none of that name."""
    record = look_up(repo_id, hub)
    if record is None:
        return None
    with transaction.atomic():
        return merge([record], now=now)


@transaction.atomic
def take_in(sweep: Sweep, page: Page, *, now: datetime) -> Sweep | None:
    current = claim(sweep)
    if current is None:
        return None
    merged = merge(page.records, now=now, sweep=current)
    current.pages, current.moved_at = current.pages + 1, now
    current.seen += merged.seen
    current.created += merged.created
    current.updated += merged.updated
    current.quarantined += merged.quarantined
    current.checkpoint = page.next_address or ""
    current.error, current.failures, current.resume_at = "", 0, None
    if is_over(current, page, merged):
        finish(current, now=now)
    current.save()
    return current


def claim(sweep: Sweep) -> Sweep | None:
    """The sweep's row, ours until the transaction ends; None if it is no longer where we saw it."""
    wait_for_others()
    unmoved = Sweep.objects.unfinished().filter(pk=sweep.pk, checkpoint=sweep.checkpoint, pages=sweep.pages)
    return unmoved.select_for_update().first()


def is_over(sweep: Sweep, page: Page, merged: Merged) -> bool:
    if page.next_address is None:
        return True
    if sweep.kind == Kind.TOP:
        return sweep.seen >= TOP
    return bool(sweep.kind == Kind.RECENT and sweep.since and merged.reached and merged.reached < sweep.since)


def finish(sweep: Sweep, *, now: datetime) -> None:
    if sweep.kind == Kind.FULL:
        sweep.gone, sweep.error = bury(sweep, now=now)
        forget_sightings()
    sweep.finished_at = now
    tally(now=now)


@transaction.atomic
def start_over(sweep: Sweep, error: CursorExpired, *, now: datetime) -> Sweep | None:
    """From the first page; what was met stays met."""
    current = claim(sweep)
    if current is None or current.restarts >= MOST_RESTARTS:
        return give_up(sweep, error, now=now)
    current.checkpoint, current.seen, current.error = "", 0, str(error)
    current.restarts += 1
    current.save()
    return current


@transaction.atomic
def give_up(sweep: Sweep, error: HubError, *, now: datetime) -> Sweep | None:
    """End without tombstones: what was not reached is not gone."""
    current = claim(sweep)
    if current is None:
        return None
    if current.kind == Kind.FULL:
        forget_sightings()
    current.error, current.finished_at = str(error), now
    current.save()
    log.error("%s ended: %s", current, error)
    return current


def postpone(sweep: Sweep, error: HubUnavailable, *, now: datetime) -> Sweep | None:
    """Rest, unless another worker got further meanwhile. A Hub that never answers is given up."""
    if sweep.failures + 1 >= MOST_FAILURES:
        return give_up(sweep, error, now=now)
    rest = rest_after(error, failures=sweep.failures)
    mine = Sweep.objects.unfinished().filter(pk=sweep.pk, checkpoint=sweep.checkpoint, pages=sweep.pages)
    mine.update(failures=F("failures") + 1, resume_at=now + timedelta(seconds=rest), error=str(error))
    log.warning("%s rests for %d seconds: %s", sweep, rest, error)
    return mine.first()


def rest_after(error: HubUnavailable, *, failures: int) -> float:
    """Seconds: as many as the Hub says, and more each time it does not answer."""
    return min(max(error.wait, FIRST_REST << min(failures, 5)), LONGEST_REST)
