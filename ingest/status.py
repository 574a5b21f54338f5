"""How the ingest is doing: sweeps, watched texts, how old our knowledge is, what waits, what went wrong last."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import redis
from django.db.models import Count, Max, Q, QuerySet, Sum

from licenses.models import Document, LicenseCount

from .models import Quarantine, Sweep, Watch, WatchedFile

QUEUE = "celery"


@dataclass(frozen=True)
class SweepLine:
    kind: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    resume_at: datetime | None
    pages: int
    seen: int
    created: int
    updated: int
    gone: int
    quarantined: int
    restarts: int
    error: str


@dataclass(frozen=True)
class WatchLine:
    """Watched repositories and files by state; `held`: wordings that came back and have not lasted yet."""

    repos: dict[str, int]
    files: dict[str, int]
    last_look: datetime | None
    held: int


@dataclass(frozen=True)
class Status:
    sweeps: list[SweepLine]
    lag_seconds: int | None
    queue: int | None
    last_error: str
    models: int
    resolved: int
    quarantined: int
    watch: WatchLine

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


def status(*, redis_url: str, now: datetime) -> Status:
    newest = [sweep for kind in Sweep.Kind if (sweep := Sweep.objects.filter(kind=kind).newest().first())]
    done = Sweep.objects.complete().exclude(kind=Sweep.Kind.CURATED).newest().first()
    failed = Sweep.objects.failing().newest().first()
    models, resolved = known_models()
    return Status(
        sweeps=[line(sweep) for sweep in newest],
        lag_seconds=int((now - done.started_at).total_seconds()) if done else None,
        queue=queue_length(redis_url),
        last_error=failed.error if failed else "",
        models=models,
        resolved=resolved,
        quarantined=Quarantine.objects.count(),
        watch=watched(),
    )


def watched() -> WatchLine:
    looked_at = Watch.objects.filter(checked_at__isnull=False)
    return WatchLine(
        repos=by_state(looked_at),
        files=by_state(WatchedFile.objects.all()),
        last_look=looked_at.aggregate(last=Max("checked_at"))["last"],
        held=Document.objects.filter(held__isnull=False).count(),
    )


def by_state(rows: QuerySet[Watch] | QuerySet[WatchedFile]) -> dict[str, int]:
    """The most frequent first."""
    return dict(rows.values_list("state").annotate(number=Count("pk")).order_by("-number", "state"))


def known_models() -> tuple[int, int]:
    """Live models, and those whose license is resolved; from the kept counts, never from millions of rows."""
    kept = LicenseCount.objects.aggregate(all=Sum("total"), known=Sum("total", filter=Q(license__isnull=False)))
    return kept["all"] or 0, kept["known"] or 0


def line(sweep: Sweep) -> SweepLine:
    facts = {name: getattr(sweep, name) for name in SweepLine.__annotations__ if name != "state"}
    return SweepLine(state=state(sweep), **facts)


def state(sweep: Sweep) -> str:
    if sweep.finished_at:
        return "ended with an error" if sweep.error else "finished"
    return "resting" if sweep.resume_at else "under way"


def queue_length(redis_url: str) -> int | None:
    """Tasks that no worker took yet; None when the broker is out of reach."""
    try:
        with redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) as client:
            return int(client.llen(QUEUE))
    except redis.RedisError:
        return None
