"""A repository made to break the watch costs itself, and nobody behind it."""

import logging
from datetime import timedelta

import pytest
from django.db import connection

from ingest import watch
from ingest.documents import key_of
from ingest.look import look
from ingest.models import Watch, WatchedFile
from ingest.sight import MOST_OWN
from licenses.models import Document
from tests.factories import make_license, make_model
from tests.ingest.watching import HOURS, files, place, terms, texts

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def poison():
    """A file whose row the database does not take."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ingest_watchedfile ADD CHECK (path <> 'LICENSE-poison')")


@pytest.fixture
def two(hub, poison):
    for name in ("a", "b"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": terms(f"Do {name}.")})
    hub.changes("acme/a", files={"LICENSE-poison": "x"})


def test_a_repository_at_which_we_fail_does_not_stop_the_watch(hub, client_of, now, two, caplog):
    with caplog.at_level(logging.ERROR):
        step = watch.run(client_of, clock=lambda: now)

    failed = Watch.objects.get(repo_id="acme/a")
    assert (step.looked, step.left, step.rest) == (2, 0, 0)
    assert texts() == [terms("Do b.")]
    assert (failed.state, failed.note[:14]) == ("refused", "IntegrityError")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == ["the look at acme/a failed"]


def test_it_is_tried_again_the_next_day_and_read_when_it_is_well(hub, client_of, now, two):
    watch.run(client_of, clock=lambda: now)
    assert watch.due(now + HOURS) == ["acme/b"]
    assert watch.due(now + DAY) == ["acme/a", "acme/b"]

    hub.changes("acme/a", files={"LICENSE-poison": None})
    watch.run(client_of, clock=lambda: now + DAY)

    a = Watch.objects.get(repo_id="acme/a")
    assert (a.state, a.note, a.resume_at) == ("ok", "", None)
    assert terms("Do a.") in texts()


def test_its_day_of_rest_is_not_the_hubs(hub, client_of, now, two):
    watch.run(client_of, clock=lambda: now)

    assert not watch.is_overdue(now + timedelta(hours=6))
    assert watch.is_overdue(now + timedelta(hours=7))


def test_names_that_are_alike_never_run_out_of_keys():
    model = make_model("acme/tiny")
    paths = ["LICENSE" + sign * number for sign in "-_.!~" for number in range(1, 250)]

    keys = []
    for path in paths:
        keys.append(key_of(model, path))
        Document.objects.create(model=model, key=keys[-1], role="notice", title="x", path=path)

    assert len(set(keys)) == len(paths)
    assert max(len(key) for key in keys) <= 30


def test_a_key_that_somebody_made_to_be_taken_is_not_taken_twice():
    model = make_model("acme/tiny")
    keys = []
    for _ in range(3):
        keys.append(key_of(model, "LICENSE"))
        Document.objects.create(model=model, key=keys[-1], role="notice", title="x", path=keys[-1])

    assert keys[0] == "license"
    assert [len(key) for key in keys[1:]] == [16, 30]


def rotate(hub, client_of, now, *, rounds, content):
    """License files under new names at every look."""
    hub.publishes("acme/tiny", files={})
    names: list[str] = []
    for turn in range(rounds):
        gone = dict.fromkeys(names)
        names = [f"LICENSE-{turn}-{number}" for number in range(30)]
        hub.changes("acme/tiny", files=gone | {name: content(name) for name in names})
        look("acme/tiny", client_of, now=now + turn * DAY)


def test_a_repository_that_renames_its_licenses_for_ever_is_bounded_and_says_so(hub, client_of, now):
    rotate(hub, client_of, now, rounds=5, content=terms)

    assert WatchedFile.objects.count() == Document.objects.count() == MOST_OWN
    assert Watch.objects.get().note == "60 license files were seen here: no more are taken in"

    look("acme/tiny", client_of, now=now + 6 * DAY)
    assert Watch.objects.get().note.startswith("60 license files")


def test_files_that_gave_no_text_are_forgotten_when_they_go(hub, client_of, now):
    rotate(hub, client_of, now, rounds=5, content=lambda name: b"%PDF")

    assert {path[:10] for path in files()} == {"LICENSE-4-"}
    assert Watch.objects.get().note == ""


def test_what_the_catalogue_names_is_read_however_many_others_there_were(hub, client_of, now):
    rotate(hub, client_of, now, rounds=4, content=terms)
    place(make_license(), path="LICENSE")

    hub.changes("acme/tiny", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now + 5 * DAY)

    assert files()["LICENSE"] == "kept"
    assert texts()[-1] == terms("Do.")
