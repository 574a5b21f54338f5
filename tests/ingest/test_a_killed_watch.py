"""Killed with -9, a watch costs one look; and of two who look at the same, one counts."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ingest import look as one_look
from ingest import watch
from ingest.look import look
from ingest.models import MERGE_LOCK, Watch, WatchedFile
from licenses.models import Document, Revision
from tests.factories import make_license
from tests.hub.server import Fault
from tests.ingest.processes import kill, running, wait_for
from tests.ingest.watching import terms

COMMAND = ("manage.py", "ingest", "--watch")
REPOS = 12


def publish(hub, count):
    license = make_license()
    for number in range(count):
        hub.publishes(f"acme/m{number:02}", files={"LICENSE": terms(f"Do {number}."), "NOTICE": f"By {number}."})
        license.documents.create(
            key=f"d{number}", role="notice", title="x", repo=f"acme/m{number:02}", path="LICENSE"
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_watch_goes_on_where_it_was_killed(hub):
    publish(hub, REPOS)
    hub.slow_seconds = 0.1
    hub.fails_with(Fault.SLOW, where="blobs", forever=True)
    with running(hub, *COMMAND) as process:
        wait_for(lambda: Watch.objects.count() >= 4)
        kill(process)
    done = Watch.objects.count()
    assert done < REPOS
    assert Watch.objects.filter(files__isnull=True).count() == 0

    hub.recovers()
    hub.requests.clear()
    with running(hub, *COMMAND) as process:
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 0, said
    assert f"{REPOS - done} repositories looked at ({REPOS - done} ok)" in said
    assert len([request for request in hub.requests if request.path.startswith("/api/models/")]) == REPOS - done
    assert (Watch.objects.count(), WatchedFile.objects.count()) == (REPOS, 2 * REPOS)
    assert Revision.objects.count() == Document.objects.filter(head__isnull=False).count() == 2 * REPOS


@contextmanager
def held_by_another(lock: int):
    """A second connection has the lock."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield
        other.execute("SELECT pg_advisory_unlock(%s)", [lock])


@pytest.mark.django_db(transaction=True)
def test_killed_before_it_could_write_it_leaves_nothing_behind(hub):
    publish(hub, 1)
    with held_by_another(MERGE_LOCK), running(hub, *COMMAND) as process:
        wait_for(lambda: len([request for request in hub.requests if "/resolve/" in request.path]) == 2)
        kill(process)

    assert not any(kind.objects.exists() for kind in (Watch, WatchedFile, Revision))


@pytest.mark.django_db(transaction=True)
def test_while_one_watches_another_does_not(hub, client_of, now):
    publish(hub, 1)
    with held_by_another(watch.WATCH_LOCK):
        assert watch.run(client_of, clock=lambda: now) is None
        assert hub.requests == []
        with pytest.raises(CommandError, match="A worker is watching right now"):
            call_command("ingest", "--watch")

    assert watch.run(client_of, clock=lambda: now).looked == 1


@pytest.mark.django_db
def test_what_was_seen_before_another_look_is_dropped(hub, client_of, now):
    hub.publishes("acme/tiny", files={"LICENSE": terms("Old.")})
    look("acme/tiny", client_of, now=now)
    hub.changes("acme/tiny", files={"LICENSE": terms("Newer.")})
    mine = one_look.watch_of("acme/tiny")
    seen = one_look.see(mine, client_of, now=now)
    hub.changes("acme/tiny", files={"LICENSE": terms("Newest.")})
    look("acme/tiny", client_of, now=now + timedelta(minutes=1))

    one_look.take_in(mine, seen, now=now + timedelta(minutes=2))

    assert Document.objects.get().head.text == terms("Newest.")
    assert Revision.objects.count() == 2
