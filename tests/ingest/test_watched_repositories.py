"""Gated, gone, renamed, replaced, busy: the watch goes on, and no text changes by it."""

from datetime import timedelta

import pytest

from ingest import watch
from ingest.hub import HubUnavailable
from ingest.look import look
from ingest.models import Watch
from licenses.models import Change, Document, Revision
from tests.factories import make_license
from tests.hub.server import Failure, Fault
from tests.ingest.watching import HOURS, downloads, files, place, state, terms, texts

pytestmark = pytest.mark.django_db

# Repositories that show nothing


def test_behind_a_gate_the_list_is_read_and_the_files_wait(hub, client_of, now):
    license = make_license()
    place(license)
    place(license, path="NOTICE", key="notice", role="notice")
    hub.publishes("acme/tiny", gated="manual", files={"LICENSE": terms("Do."), "NOTICE": "By us."})

    look("acme/tiny", client_of, now=now)
    look("acme/tiny", client_of, now=now + HOURS)

    assert state() == "gated"
    assert files() == {"LICENSE": "gated", "NOTICE": "gated"}
    assert len(downloads(hub)) == 1
    assert texts() == []


def test_a_gate_is_tried_again_the_next_day_and_when_it_opens(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", gated="manual", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)

    look("acme/tiny", client_of, now=now + timedelta(days=1))
    assert len(downloads(hub)) == 2

    hub.changes("acme/tiny", gated=False, touch=False)
    look("acme/tiny", client_of, now=now + timedelta(days=1, hours=6))
    assert (state(), texts()) == ("ok", [terms("Do.")])


@pytest.mark.parametrize("status", [401, 403])
def test_a_gate_before_the_record_is_a_gate(hub, client_of, now, status):
    hub.fails_with(Failure(status, {"X-Error-Code": "GatedRepo"}))

    assert look("acme/tiny", client_of, now=now).state == "gated"


def test_a_repository_that_is_gone_keeps_its_texts_and_may_come_back(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)

    hub.removes("acme/tiny")
    look("acme/tiny", client_of, now=now + HOURS)
    assert (state(), files()) == ("gone", {"LICENSE": "kept"})

    hub.brings_back("acme/tiny")
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert (state(), len(downloads(hub))) == ("ok", 1)
    assert not Change.objects.filter(cause="text").exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_name_nobody_has_is_gone(hub, client_of, now, status):
    hub.fails_with(Failure(status, {}))

    assert look("acme/tiny", client_of, now=now).state == "gone"


def test_a_disabled_repository_says_so(hub, client_of, now):
    hub.publishes("acme/tiny", disabled=True)

    assert look("acme/tiny", client_of, now=now).state == "disabled"


def test_any_other_refusal_is_told(hub, client_of, now):
    hub.fails_with(Failure(451, {"X-Error-Message": "Not in this country"}))

    looked = look("acme/tiny", client_of, now=now)

    assert looked.state == "refused"
    assert "Not in this country" in Watch.objects.get().note


def test_a_file_that_disappears_is_missing_and_comes_back(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do."), "NOTICE": "By us."})
    look("acme/tiny", client_of, now=now)

    hub.changes("acme/tiny", files={"LICENSE": None, "NOTICE": None})
    look("acme/tiny", client_of, now=now + HOURS)
    assert files() == {"LICENSE": "missing", "NOTICE": "missing"}
    assert Document.objects.get(path="LICENSE").head.text == terms("Do.")

    hub.changes("acme/tiny", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert files() == {"LICENSE": "kept", "NOTICE": "missing"}
    assert Revision.objects.count() == 2


def test_a_document_the_repository_never_had_is_missing(hub, client_of, now):
    place(make_license(), path="License.txt")
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})

    look("acme/tiny", client_of, now=now)

    assert files() == {"License.txt": "missing", "LICENSE": "kept"}


def test_a_file_gone_between_list_and_download_is_missing(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    hub.fails_with(Failure(404, {"X-Error-Code": "EntryNotFound"}), where="/resolve/")

    look("acme/tiny", client_of, now=now)
    assert files() == {"LICENSE": "missing"}

    look("acme/tiny", client_of, now=now + HOURS)
    assert files() == {"LICENSE": "kept"}


# Names


def test_a_renamed_repository_is_read_under_its_new_name(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", license="other", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)
    hub.renames("acme/tiny", "big/small")
    hub.changes("big/small", files={"LICENSE": terms("Do not.")})

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert (looked.state, Watch.objects.get().moved_to) == ("renamed", "big/small")
    assert texts() == [terms("Do."), terms("Do not.")]
    assert Revision.objects.last().source.startswith("hf:big/small@")
    assert watch.repos() == ["acme/tiny"]

    hub.requests.clear()
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert [request.path for request in hub.requests] == ["/api/models/big/small"]


def test_a_repository_that_gets_its_old_name_back_is_found(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    hub.renames("acme/tiny", "big/small")
    look("acme/tiny", client_of, now=now)
    hub.renames("big/small", "acme/tiny")

    look("acme/tiny", client_of, now=now + HOURS)

    assert (state(), Watch.objects.get().moved_to, len(downloads(hub))) == ("ok", "", 1)


def test_a_model_that_was_renamed_is_not_fetched_anew(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)
    hub.renames("acme/tiny", "acme/small")
    look("acme/tiny", client_of, now=now + HOURS)

    assert watch.repos() == ["acme/small"]
    look("acme/small", client_of, now=now + 2 * HOURS)

    assert (state("acme/small"), Watch.objects.count()) == ("ok", 1)
    assert len(downloads(hub)) == 1


def test_another_repository_under_a_catalogued_name_is_not_taken_for_a_change(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)
    hub.publishes("acme/tiny", files={"LICENSE": terms("Entirely different.")})

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert looked.state == state() == "replaced"
    assert texts() == [terms("Do.")]
    assert files() == {"LICENSE": "kept"}

    Watch.objects.all().delete()
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert (state(), texts()) == ("ok", [terms("Do."), terms("Entirely different.")])


def test_another_model_of_the_same_name_has_documents_of_its_own(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={"LICENSE": terms("Do."), "COPYING": b"%PDF"})
    look("acme/tiny", client_of, now=now)
    hub.publishes("acme/tiny", license="other", files={"LICENSE": terms("Entirely different."), "COPYING": b"%PDF"})

    look("acme/tiny", client_of, now=now + HOURS)

    assert state() == "ok"
    assert Document.objects.filter(path="LICENSE").values("model").distinct().count() == 2
    assert not Change.objects.filter(cause="text").exists()


def test_a_name_the_client_does_not_take_is_told(hub, client_of, now):
    hub.publishes("acme/tiny--truncated", files={"LICENSE": terms("Do.")})

    look("acme/tiny--truncated", client_of, now=now)

    assert files("acme/tiny--truncated") == {"LICENSE": "refused"}


# A Hub out of sorts


def test_a_busy_hub_is_asked_again(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    hub.fails_with(503, Fault.CUT, where="blobs")
    hub.fails_with(429, Fault.CUT, where="/resolve/")

    look("acme/tiny", client_of, now=now)

    assert texts() == [terms("Do.")]


def test_a_file_the_hub_cannot_give_does_not_cost_the_others(hub, client_of, now):
    for path in ("A", "B"):
        place(make_license(path), path=path)
    hub.publishes("acme/tiny", files={"A": terms("Do."), "B": terms("Do not.")})
    hub.fails_with(500, where="/B", forever=True)

    look("acme/tiny", client_of, now=now)
    assert (files(), texts()) == ({"A": "kept", "B": "refused"}, [terms("Do.")])
    assert watch.due(now + timedelta(minutes=14)) == []

    hub.recovers()
    assert watch.due(now + timedelta(minutes=15)) == ["acme/tiny"]
    look("acme/tiny", client_of, now=now + timedelta(minutes=15))
    assert files() == {"A": "kept", "B": "kept"}


def test_a_repository_the_hub_cannot_give_does_not_stop_the_watch(hub, client_of, now):
    for name in ("a", "b", "c"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": terms(f"Do {name}.")})
    hub.fails_with(500, where="/acme/b", forever=True)

    first = watch.run(client_of, clock=lambda: now)
    second = watch.run(client_of, clock=lambda: now)

    assert (first.looked, first.left, first.rest) == (1, 2, watch.PAUSE)
    assert (second.looked, second.left, second.rest) == (1, 0, 0)
    assert texts() == [terms("Do a."), terms("Do c.")]
    assert "500" in Watch.objects.get(repo_id="acme/b").note


def test_a_used_up_limit_ends_the_step_for_as_long_as_the_hub_says(hub, client_of, now):
    for name in ("a", "b"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": terms("Do.")})
    hub.limits(1, 100)

    step = watch.run(client_of, clock=lambda: now)

    assert (step.looked, step.left) == (1, 1)
    assert 90 < step.rest <= 101


def test_an_unavailable_hub_is_the_callers_matter(hub, client_of, now):
    hub.fails_with(503, forever=True)

    with pytest.raises(HubUnavailable):
        look("acme/tiny", client_of, now=now)
