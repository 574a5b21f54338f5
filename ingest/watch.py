"""The story of the watch: which repositories, in what order, and how long at a time.

Those of the catalogue's documents come first, then the most downloaded models under terms of their own. Nothing moved
means one request for each and no download.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from licenses.models import LicenseKind, OpenModel

from . import cards
from .hub import Hub, HubUnavailable
from .look import LONGEST_NOTE, look
from .models import IN_HAND, Watch
from .sight import ASK_AGAIN, catalogued

log = logging.getLogger(__name__)

WATCH_LOCK = 0x77617463
#: Less than the timetable's six hours, so that each of its rounds finds every repository due.
EVERY = timedelta(hours=5)
OVERDUE = timedelta(hours=6, minutes=30)
PAUSE = 60.0
CUSTOM = 1_000
OF_THEIR_OWN = [LicenseKind.CUSTOM, LicenseKind.MODIFIED_STANDARD]


@dataclass(frozen=True)
class Step:
    """A minute's looks, how many repositories are left, and for how many seconds the Hub wants to be left alone."""

    looked: int
    left: int
    rest: float = 0


def repos() -> list[str]:
    """Every repository we watch, the most important first."""
    named = dict.fromkeys(repo for repo in catalogued().values_list("repo", flat=True) if repo.count("/") <= 1)
    present = set(Watch.objects.filter(repo_id__in=named).values_list("moved_to", flat=True))
    own = Q(declared__contains=["other"]) | Q(license__kind__in=OF_THEIR_OWN)
    own |= Q(license__isnull=True) & ~Q(declared_name="")
    custom = OpenModel.objects.live().filter(own).by_downloads().values_list("repo_id", flat=True)[:CUSTOM]
    return [*named, *(repo for repo in custom if repo not in named and repo not in present)]


def due(now: datetime, *, every: timedelta = EVERY) -> list[str]:
    """Those that nobody looked at for a while, and that the Hub did not fail to give just now."""
    names = repos()
    moments = Watch.objects.filter(repo_id__in=names).values_list("repo_id", "checked_at", "resume_at")
    known = {repo: resume or (checked + every if checked else now) for repo, checked, resume in moments}
    return [repo for repo in names if known.get(repo, now) <= now]


def is_overdue(now: datetime) -> bool:
    """The first round has yet to begin, or a killed worker left one behind; and the Hub is not at rest."""
    resting = Watch.objects.filter(resume_at__gt=now).exclude(state=Watch.State.REFUSED)
    if resting.exists() or Watch.objects.filter(checked_at__gt=now - IN_HAND).exists():
        return False
    return bool(due(now, every=OVERDUE))


def run(hub: Hub, *, clock: Callable[[], datetime], seconds: float = 60) -> Step | None:
    """Looks for about a minute; None when another worker is at it."""
    give_back_at = clock() + timedelta(seconds=seconds)
    with alone() as is_mine:
        if not is_mine:
            return None
        left, looked, rest = due(clock()), 0, 0.0
        while looked < len(left) and clock() < give_back_at:
            try:
                look(left[looked], hub, now=clock())
            except HubUnavailable as error:
                rest = max(error.wait, PAUSE)
                break
            except Exception as error:
                give_up(left[looked], error, now=clock())
            looked += 1
    return Step(looked, len(left) - looked, rest)


def give_up(repo_id: str, error: Exception, *, now: datetime) -> None:
    """What nobody foresaw costs its repository a day, and those behind it nothing."""
    log.error("the look at %s failed", repo_id, exc_info=error)
    note = cards.text(f"{type(error).__name__}: {error}", LONGEST_NOTE)
    found = {"state": Watch.State.REFUSED, "note": note, "checked_at": now, "resume_at": now + ASK_AGAIN}
    Watch.objects.update_or_create(repo_id=repo_id, defaults=found)


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else watches: true for one process at a time, until it leaves or dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [WATCH_LOCK])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [WATCH_LOCK])
