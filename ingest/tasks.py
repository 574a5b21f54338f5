"""Celery shells over the sweep and the watch. No task is long: each does a minute's work and hands the rest on."""

# mypy: disable-error-code="untyped-decorator"
# Celery has no types.

from celery import Task, shared_task
from django.conf import settings
from django.utils import timezone

from . import rereading, resolve, sweep, watch
from .hub import Hub, HubUnavailable
from .models import Quarantine, Sweep
from .tally import tally


def hub() -> Hub:
    return Hub.shared(settings.HF_ENDPOINT, settings.HF_TOKEN, settings.REDIS_URL)


@shared_task(name="ingest.sweep", acks_late=True)
def sweep_on(kind: str, page: int | None = None) -> None:
    if kind == Sweep.Kind.TOP and page is None:
        # The polite run is both: what people use, and what the catalogue names.
        sweep_on.delay(kind=Sweep.Kind.CURATED)
    if left := sweep.run(kind, hub(), clock=timezone.now, page=page):
        hand_on(left)


def hand_on(left: Sweep) -> None:
    rest = (left.resume_at - timezone.now()).total_seconds() if left.resume_at else 0
    sweep_on.apply_async(kwargs={"kind": left.kind, "page": left.pages}, countdown=max(rest, 0))


@shared_task(name="ingest.recent", acks_late=True)
def recent() -> None:
    sweep_on(kind=Sweep.Kind.RECENT)


@shared_task(name="ingest.watch", acks_late=True)
def watch_on() -> None:
    step = watch.run(hub(), clock=timezone.now)
    if step and step.left:
        watch_on.apply_async(countdown=step.rest)


@shared_task(name="ingest.continue", acks_late=True)
def go_on() -> None:
    """The first runs that the site never had; afterwards, whatever a killed worker left behind."""
    kind = Sweep.Kind.FULL if settings.SWEEP == "full" else Sweep.Kind.TOP
    if not Sweep.objects.filter(kind=kind).exists():
        sweep_on.delay(kind=kind)
    for left in Sweep.objects.left_behind(timezone.now()):
        sweep_on.delay(kind=left.kind, page=left.pages)
    if watch.is_overdue(timezone.now()):
        watch_on.delay()


@shared_task(name="ingest.count", acks_late=True)
def count() -> None:
    tally(now=timezone.now())


@shared_task(name="ingest.resolve", acks_late=True)
def resolve_again() -> None:
    resolve.resolve(now=timezone.now())


@shared_task(name="ingest.refresh", bind=True, acks_late=True, max_retries=8)
def refresh(self: Task, *, repo: str) -> None:
    try:
        sweep.refresh(repo, hub(), now=timezone.now())
    except HubUnavailable as error:
        raise self.retry(exc=error, countdown=sweep.rest_after(error, failures=self.request.retries)) from error


@shared_task(name="ingest.ask_again", bind=True, acks_late=True, max_retries=8)
def ask_again(self: Task, *, pk: int) -> None:
    """A quarantined record, whole, from the Hub. If it is readable now it leaves the quarantine, else it says why."""
    kept = Quarantine.objects.filter(pk=pk).first()
    if kept is None:
        return
    try:
        found = rereading.ask_again(kept, hub(), now=timezone.now())
    except HubUnavailable as error:
        raise self.retry(exc=error, countdown=sweep.rest_after(error, failures=self.request.retries)) from error
    if not found.is_taken:
        Quarantine.objects.filter(pk=pk).update(reason=f"Asked again: {found.why}"[:300], seen_at=timezone.now())
