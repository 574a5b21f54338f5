"""`manage.py ingest`: what it does, says and refuses."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ingest.models import Sweep
from ingest.status import status
from licenses.models import OpenModel
from tests.factories import make_license, make_release
from tests.ingest.sweeping import listing_requests, stored
from tests.ingest.watching import terms

pytestmark = pytest.mark.django_db


def ingest(*arguments: str) -> str:
    said = StringIO()
    call_command("ingest", *arguments, stdout=said)
    return said.getvalue()


def test_the_sweep_survives_a_busy_hub(hub, apache):
    hub.publishes("acme/tiny", license="apache-2.0")
    hub.fails_with(503, 429)

    ingest("acme/tiny")

    assert OpenModel.objects.get().license == apache


def test_without_arguments_it_is_polite(hub, apache):
    make_release("Tiny", apache, repos=["acme/tiny"])
    hub.publishes("acme/tiny", license="apache-2.0")
    hub.publishes("acme/popular", downloads=10)

    said = ingest()

    assert stored() == ["acme/popular", "acme/tiny"]
    assert "sort=downloads" in listing_requests(hub)[0]
    assert "the most downloaded: 1 pages, 2 models seen, 1 new" in said
    assert "License resolved: 50% of 2." in said


def test_the_whole_hub_only_when_asked(hub):
    hub.publishes("acme/tiny")

    said = ingest("--sweep")

    assert "every model: 1 pages, 1 models seen, 1 new, 0 changed, 0 gone, 0 quarantined" in said
    assert "sort=createdAt" in listing_requests(hub)[0]


def test_it_can_stop_after_some_pages_and_goes_on_there(hub):
    hub.page_size_cap = 1
    for number in range(3):
        hub.publishes(f"acme/m{number}")

    assert "goes on after page 2" in ingest("--sweep", "--pages", "2")
    assert "every model: 3 pages" in ingest("--sweep")
    assert len(listing_requests(hub)) == 3


def test_what_was_modified_since(hub):
    hub.publishes("acme/new", last_modified=timezone.now())

    assert "recently modified: 1 pages" in ingest("--since", (timezone.now() - timedelta(days=1)).date().isoformat())


def test_it_waits_as_long_as_the_hub_says(hub):
    hub.page_size_cap = 1
    hub.publishes("acme/a")
    hub.publishes("acme/b")
    hub.limits(1, 1)

    ingest("--sweep")

    assert stored() == ["acme/a", "acme/b"]


def test_a_hub_out_of_reach_is_said_in_a_sentence(settings, monkeypatch):
    monkeypatch.setattr("ingest.hub.PAUSES", (0.01,))
    settings.HF_ENDPOINT = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match=r"^http://127.0.0.1:9 is out of reach .* goes on from here\.$"):
        ingest("--sweep")


def test_a_model_nobody_knows_is_named(hub):
    hub.publishes("acme/tiny")

    with pytest.raises(CommandError, match="no model named acme/tny"):
        ingest("acme/tny", "acme/tiny")

    assert stored() == ["acme/tiny"]


def test_a_refused_sweep_fails_with_the_reason(hub):
    hub.fails_with(403)

    with pytest.raises(CommandError, match=r"the Hub \(127.0.0.1:\d+\) answered 403"):
        ingest("--sweep")


@pytest.mark.parametrize(("arguments", "cure"), [
    (["--since", "yesterday"], "--since is 'yesterday': write a date as"),
    (["--since", "2999-01-01"], "lies ahead"),
    (["--sweep", "acme/tiny"], "give one"),
    (["--watch", "--sweep"], "give one"),
    (["--watch", "a/b/c"], "REPO is 'a/b/c': write it as owner/name"),
    (["--json"], "--json belongs to --status"),
    (["--pages", "0"], "--pages is 0: set it to 1 or more"),
    (["a/b/c"], "REPO is 'a/b/c': write it as owner/name"),
])  # fmt: skip
def test_a_mistake_is_named_with_its_cure(arguments, cure):
    with pytest.raises(CommandError, match=cure):
        ingest(*arguments)


def test_license_texts_are_watched(hub):
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do."), "NOTICE": "%PDF-1.7"})
    hub.publishes("acme/shut", gated="auto", files={"LICENSE": terms("Do.")})
    license = make_license()
    for key, repo in (("tiny", "acme/tiny"), ("shut", "acme/shut"), ("gone", "acme/gone")):
        license.documents.create(key=key, role="notice", title="x", repo=repo, path="LICENSE")

    said = ingest("--watch")

    assert "acme/gone: gone; the Hub shows no such model" in said
    assert "3 repositories looked at (1 gated, 1 gone, 1 ok), 2 downloads, 1 new wordings, in " in said
    assert "0 repositories looked at, 0 downloads" in ingest("--watch")
    assert "1 repositories looked at (1 ok), 0 downloads, 0 new wordings" in ingest("--watch", "acme/tiny")

    said = ingest("--status")
    assert "Watched: 3 repositories (1 gated, 1 gone, 1 ok), 3 files (1 fault, 1 gated, 1 kept), 0 wordings" in said
    assert json.loads(ingest("--status", "--json"))["watch"]["repos"] == {"gated": 1, "gone": 1, "ok": 1}


def test_the_status_of_a_new_site():
    said = ingest("--status")

    assert "Watched: no repository yet" in said

    assert "No sweep yet" in said
    assert "Queue: 0 tasks waiting" in said


def test_the_status_after_a_sweep(hub, apache):
    hub.publishes("acme/tiny", license="apache-2.0")
    hub.publishes("acme/odd", license="unlisted")
    ingest("--sweep")

    found = json.loads(ingest("--status", "--json"))

    assert (found["models"], found["resolved"], found["queue"], found["last_error"]) == (2, 1, 0, "")
    assert 0 <= found["lag_seconds"] < 60
    assert [(each["kind"], each["state"], each["seen"]) for each in found["sweeps"]] == [("full", "finished", 2)]
    assert "full: finished" in ingest("--status")


def test_the_status_tells_the_last_error(now):
    Sweep.objects.create(kind="full", started_at=now, finished_at=now, error="the Hub answered 403: no")

    assert "Last error: the Hub answered 403: no" in ingest("--status")


def test_an_error_that_a_later_run_made_good_is_history(now):
    Sweep.objects.create(kind="full", started_at=now, finished_at=now, error="the Hub answered 403: no")
    Sweep.objects.create(kind="top", started_at=now, finished_at=now)
    assert "Last error: the Hub answered 403: no" in ingest("--status")

    Sweep.objects.create(kind="full", started_at=now, finished_at=now)
    assert "Last error: none" in ingest("--status")


def test_only_a_sweep_without_error_makes_our_knowledge_younger(now, settings):
    Sweep.objects.create(kind="full", started_at=now - timedelta(days=2), finished_at=now - timedelta(days=2))
    Sweep.objects.create(kind="full", started_at=now, finished_at=now, error="the Hub answered 403: no")

    found = status(redis_url=settings.REDIS_URL, now=now + timedelta(hours=1))

    assert found.lag_seconds == 49 * 3600
