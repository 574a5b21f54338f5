"""Killed with -9, a worker costs one page, and the next one goes on from there."""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from ingest import sweep as story
from ingest import tasks
from ingest.hub import Hub
from ingest.models import Sweep
from licenses.models import Change, OpenModel
from tests.ingest.processes import WORKER, kill, memory_of, running, wait_for
from tests.ingest.sweeping import listing_requests, steps, stored, sweep_all, told

COMMAND = ("manage.py", "ingest", "--sweep")
FACTS = ["hub_id", "repo_id", "author", "created_at", "downloads", "gate", "declared", "license_id", "gone_at"]


def publish(hub, count):
    for number in range(count):
        hub.publishes(f"acme/m{number:04}", license="apache-2.0" if number % 2 else "mit", downloads=number)


def table():
    return list(OpenModel.objects.order_by("hub_id").values_list(*FACTS))


def first_pages(hub):
    return [target for target in listing_requests(hub) if "cursor=" not in target]


@pytest.mark.django_db(transaction=True)
def test_the_command_goes_on_where_it_was_killed(hub, now, apache):
    publish(hub, 120)
    hub.page_size_cap, hub.page_delay = 10, 0.05
    with running(hub, *COMMAND) as process:
        wait_for(lambda: Sweep.objects.filter(pages__gte=4).exists())
        kill(process)
    before = len(listing_requests(hub))
    done_before = Sweep.objects.get().pages

    hub.page_delay = 0
    with running(hub, *COMMAND) as process:
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert Sweep.objects.get().pages == 12
    assert len(first_pages(hub)) == 1
    assert len(listing_requests(hub)) - before == 12 - done_before
    resumed = table()
    OpenModel.objects.all().delete()
    sweep_all(Hub(hub.endpoint), now=now)
    assert resumed == table()
    assert not Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_on_where_another_was_killed_and_its_memory_stays_flat(hub, queue, apache):
    publish(hub, 3_000)
    hub.page_size_cap, hub.page_delay = 50, 0.05
    tasks.sweep_on.delay(kind="full")
    with running(hub, *WORKER) as worker:
        wait_for(lambda: Sweep.objects.filter(pages__gte=3).exists())
        kill(worker)
    killed_at = Sweep.objects.get().pages
    assert killed_at < 60

    hub.page_delay = 0.01
    Sweep.objects.update(moved_at=timezone.now() - timedelta(minutes=2))
    tasks.go_on.delay()
    with running(hub, *WORKER) as worker:
        wait_for(lambda: Sweep.objects.filter(pages__gte=killed_at + 3).exists())
        early = memory_of(worker.pid)
        wait_for(lambda: Sweep.objects.filter(finished_at__isnull=False).exists())
        late = memory_of(worker.pid)

    done = Sweep.objects.get()
    assert (done.pages, done.created, done.error) == (60, 3_000, "")
    assert len(first_pages(hub)) == 1
    assert len(listing_requests(hub)) <= 61
    assert late - early < 30 * 2**20


@pytest.mark.django_db(transaction=True)
def test_stopped_by_hand_it_says_where_it_goes_on(hub):
    publish(hub, 60)
    hub.page_size_cap, hub.page_delay = 10, 0.3
    with running(hub, *COMMAND) as process:
        wait_for(lambda: Sweep.objects.filter(pages__gte=2).exists())
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "goes on after page" in said
    assert "Traceback" not in said


@pytest.mark.django_db
def test_two_workers_never_take_in_the_same_page_twice(hub, client_of, now):
    publish(hub, 30)
    hub.page_size_cap = 10
    mine = steps(client_of, 1, now=now)
    theirs = Sweep.objects.get(pk=mine.pk)

    assert story.step(mine, client_of, now=now).pages == 2
    assert story.step(theirs, client_of, now=now) is None

    done = Sweep.objects.get()
    assert (done.pages, done.seen) == (2, 20)


@pytest.mark.django_db
def test_of_two_messages_for_one_sweep_the_later_ends(hub, client_of, now):
    publish(hub, 30)
    hub.page_size_cap = 10
    steps(client_of, 2, now=now)
    asked = len(hub.requests)

    assert story.run("full", client_of, clock=lambda: now, page=1) is None
    assert len(hub.requests) == asked


@pytest.mark.django_db
def test_a_message_for_a_sweep_that_ended_starts_no_other(hub, client_of, now):
    publish(hub, 3)
    done = sweep_all(client_of, now=now)

    assert story.run("full", client_of, clock=lambda: now, page=done.pages) is None
    assert Sweep.objects.count() == 1


@pytest.mark.django_db
def test_no_task_is_long(hub, client_of, now):
    publish(hub, 100)
    hub.page_size_cap = 10
    minutes = iter(range(1_000))

    left = story.run("full", client_of, clock=lambda: now + timedelta(seconds=10 * next(minutes)), seconds=60)

    assert 1 <= left.pages < 6


@pytest.mark.django_db
def test_a_page_that_fails_half_way_leaves_nothing(hub, client_of, now, monkeypatch):
    publish(hub, 20)
    hub.page_size_cap = 10
    mine = steps(client_of, 1, now=now)
    monkeypatch.setattr("ingest.merge.SIGHT", "SELECT 1/0 WHERE %s::text IS NOT NULL")

    with pytest.raises(Exception, match="division by zero"):
        story.step(mine, client_of, now=now)

    assert len(stored()) == 10
    assert (Sweep.objects.get().pages, told()) == (1, [])
