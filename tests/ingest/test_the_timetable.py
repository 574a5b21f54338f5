"""What the tasks start, hand on and pick up. They run at once here, in the test's own process."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ingest import tasks
from ingest.models import Sweep, Watch
from licenses.models import LicenseCount, Revision
from openness import celery_app
from tests.factories import make_license, make_model, make_release
from tests.ingest.sweeping import stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once():
    celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    celery_app.conf.update(task_always_eager=False, task_eager_propagates=False)


def test_a_new_site_reads_the_most_downloaded_and_the_curated_models(hub, apache):
    make_release("Tiny", apache, repos=["acme/tiny"])
    hub.publishes("acme/tiny")
    hub.publishes("acme/popular", downloads=9)

    tasks.go_on.delay()

    assert sorted(Sweep.objects.values_list("kind", flat=True)) == ["curated", "top"]
    assert not Sweep.objects.unfinished().exists()
    assert stored() == ["acme/popular", "acme/tiny"]


def test_a_site_that_wants_everything_reads_everything(hub, settings):
    settings.SWEEP = "full"
    hub.publishes("acme/tiny")

    tasks.go_on.delay()

    assert list(Sweep.objects.values_list("kind", flat=True)) == ["full"]


def test_a_site_that_has_swept_starts_nothing_by_itself(hub, now):
    Sweep.objects.create(kind="top", started_at=now, finished_at=now)

    tasks.go_on.delay()

    assert hub.requests == []


@pytest.mark.parametrize(("wish", "before", "first"), [("full", "top", "full"), ("polite", "full", "top")])
def test_a_site_that_wants_another_run_than_before_gets_its_first(hub, settings, now, wish, before, first):
    settings.SWEEP = wish
    Sweep.objects.create(kind=before, started_at=now, finished_at=now)
    hub.publishes("acme/tiny")

    tasks.go_on.delay()

    assert Sweep.objects.filter(kind=first).exists()
    assert stored() == ["acme/tiny"]


def test_a_sweep_left_behind_is_picked_up(hub, now):
    hub.publishes("acme/tiny")
    Sweep.objects.create(kind="top", started_at=now)

    tasks.go_on.delay()

    assert Sweep.objects.get().finished_at


def test_a_sweep_in_somebodys_hands_is_left_there(hub):
    Sweep.objects.create(kind="top", started_at=timezone.now(), moved_at=timezone.now() - timedelta(minutes=1))

    tasks.go_on.delay()

    assert hub.requests == []


def test_a_resting_sweep_is_left_to_rest(hub, now):
    Sweep.objects.create(kind="top", started_at=now, resume_at=timezone.now() + timedelta(minutes=5))

    tasks.go_on.delay()

    assert hub.requests == []


def test_the_hourly_task_reads_what_was_modified(hub):
    hub.publishes("acme/tiny", last_modified=timezone.now())

    tasks.recent.delay()

    assert (Sweep.objects.get().kind, stored()) == ("recent", ["acme/tiny"])


def test_one_model_is_refreshed_by_name(hub):
    hub.publishes("acme/tiny")

    tasks.refresh.delay(repo="acme/tiny")

    assert stored() == ["acme/tiny"]


def lies_in(*repos):
    license = make_license()
    for number, repo in enumerate(repos):
        license.documents.create(key=f"d{number}", role="notice", title="x", repo=repo, path="LICENSE")


def test_a_new_site_reads_the_license_texts(hub):
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    lies_in("acme/tiny")

    tasks.go_on.delay()
    tasks.go_on.delay()

    assert Revision.objects.get().text == "Do."
    assert len([request for request in hub.requests if "blobs=true" in request.target]) == 1


def test_texts_whose_hub_fails_once_are_handed_on(hub, monkeypatch):
    monkeypatch.setattr("ingest.hub.PAUSES", ())
    for name in ("a", "b"):
        hub.publishes(f"acme/{name}", files={"LICENSE": f"Do {name}."})
    lies_in("acme/a", "acme/b")
    hub.fails_with(503, where="/acme/a")

    tasks.watch_on.delay()

    assert [text for (text,) in Revision.objects.values_list("text")] == ["Do b."]
    assert Watch.objects.get(repo_id="acme/a").resume_at > timezone.now()


def test_counts_are_kept(apache):
    make_model("acme/tiny", license=apache)

    tasks.count.delay()

    assert LicenseCount.objects.get().total == 1


def test_the_timetable_names_tasks_that_exist():
    from openness.celery import timetable

    for mode in ("polite", "full"):
        assert {entry["task"] for entry in timetable(mode).values()} <= set(celery_app.tasks)
