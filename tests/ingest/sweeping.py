"""Sweeps from beginning to end, as a test asks for them."""

from ingest import sweep as story
from ingest.hub import Hub
from ingest.models import Sweep
from licenses.models import Change, OpenModel


def sweep_all(hub: Hub, *, now, kind: str = "full", **options) -> Sweep:
    mine = story.start(kind, now=now, **options)
    while not mine.finished_at:
        mine = story.step(mine, hub, now=now)
    return mine


def steps(hub: Hub, count: int, *, now, kind: str = "full") -> Sweep:
    mine = story.start(kind, now=now)
    for _ in range(count):
        mine = story.step(mine, hub, now=now)
    return mine


def stored(*fields: str) -> list:
    """Live models by name: their names, or the named fields."""
    rows = OpenModel.objects.live().order_by("repo_id")
    return list(rows.values_list(*fields) if fields else rows.values_list("repo_id", flat=True))


def told() -> list[tuple[str, str, str, str]]:
    """Changes in order: which model, what, before, after."""
    return list(Change.objects.order_by("pk").values_list("model__repo_id", "event", "before", "after"))


def listing_requests(hub) -> list[str]:
    return [request.target for request in hub.requests if request.path == "/api/models"]
