"""Sixteen thousand real models and three days of real changes, if the shared data is at hand."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from ingest import tasks
from ingest.hub import Hub
from ingest.models import Sweep
from licenses.models import Change, Event, OpenModel
from tests.hub import dump
from tests.ingest.conftest import versions
from tests.ingest.processes import WORKER, memory_of, running, wait_for
from tests.ingest.sweeping import sweep_all

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "hf"
MODELS, CHANGES = DATA / "radar-models-2026-08-22.jsonl.gz", DATA / "radar-license-gate-removal-changes.jsonl"

pytestmark = [
    pytest.mark.skipif(not MODELS.exists(), reason="the shared data is not here"),
    pytest.mark.django_db,
]


def shown(declared, name):
    return name if declared == ["other"] and name else ", ".join(declared) or None


def told_since(last):
    """Changes by moment: which model, what, before, after; the dump's log does not know of base models."""
    rows = (
        Change.objects.filter(pk__gt=last)
        .exclude(event=Event.BASE_CHANGED)
        .values_list("model__repo_id", "event", "before", "after")
    )
    return Counter(rows)


def net_effect(lines, known):
    """What these lines of the change file come to for each model: the first old value and the last new one."""
    first, last = {}, {}
    for each in sorted(lines, key=lambda line: line["at"]):
        for field, (old, new) in each["changes"].items():
            if field in ("license", "gated", "removed") and each["id"] in known:
                first.setdefault((each["id"], field), old)
                last[each["id"], field] = new
    return {key: (first[key], last[key]) for key in first if first[key] != last[key]}


def expected_of(effects, *, met, away):
    """The same in our words. Nothing is told of a model never met before, or out of sight before and after."""
    found = Counter()
    for (name, field), (old, new) in effects.items():
        if name not in met:
            continue
        if field == "removed":
            found[(name, "gone", name, "") if new else (name, "returned", "", name)] += 1
        elif name not in away:
            event = "license_changed" if field == "license" else "gate_changed"
            before, after = (("auto" if each is True else each or "") for each in (old, new))
            found[name, event, before, after] += 1
    return found


def test_the_dump_is_stored_whole_and_a_second_sweep_writes_nothing(hub, now):
    assert hub.load_dump(MODELS) == 15_904

    done = sweep_all(Hub(hub.endpoint), now=now)

    assert (done.pages, done.created, done.quarantined) == (16, 15_904, 0)
    kept = Counter(shown(*row) for row in OpenModel.objects.values_list("declared", "declared_name"))
    assert kept == Counter(row["license"] for row in dump.lines(MODELS))
    before = versions()
    sweep_all(Hub(hub.endpoint), now=now + timedelta(days=1))
    assert versions() == before
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_takes_the_dump_in_and_its_memory_stays_flat(hub, queue, apache):
    assert hub.load_dump(MODELS) == 15_904
    hub.page_delay = 0.2
    tasks.sweep_on.delay(kind="full")

    with running(hub, *WORKER) as worker:
        wait_for(lambda: Sweep.objects.filter(pages__gte=5).exists())
        early = memory_of(worker.pid)
        wait_for(lambda: Sweep.objects.filter(finished_at__isnull=False).exists())
        late = memory_of(worker.pid)

    done = Sweep.objects.get()
    assert (done.pages, done.created, done.error) == (16, 15_904, "")
    assert OpenModel.objects.live().count() == 15_904
    assert late - early < 30 * 2**20, f"it grew by {(late - early) >> 20} MiB"


def test_real_changes_are_told_event_by_event(hub, now):
    hub.load_dump(MODELS, removed=False)
    lines = [json.loads(line) for line in CHANGES.read_text().splitlines()]
    hub.rewind(lines)
    known, met = set(hub.shelf.by_name) | set(hub.shelf.away), set(hub.shelf.by_name)
    client = Hub(hub.endpoint)
    sweep_all(client, now=now)
    moments = sorted({line["at"] for line in lines})
    told, expected = Counter(), Counter()

    for number, at in enumerate(moments, 1):
        batch = [line for line in lines if line["at"] == at]
        was_away = set(hub.shelf.away)
        last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        hub.apply(batch)
        sweep_all(client, now=now + timedelta(hours=number))
        expected += expected_of(net_effect(batch, known), met=met, away=was_away & set(hub.shelf.away))
        told += told_since(last)
        met |= set(hub.shelf.by_name)

    assert told == expected
    assert told.total() > 900
