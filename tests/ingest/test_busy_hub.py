"""A Hub that is slow, broken, full or dishonest: what we wait for, and what we refuse."""

from datetime import timedelta

import pytest

from ingest import sweep as story
from ingest.hub import CursorExpired, Hub, HubRefused, HubUnavailable, RepoGone
from ingest.models import Sweep
from tests.hub.server import Failure, Fault, StandInHub
from tests.ingest.sweeping import listing_requests, steps, stored, sweep_all

PASSING = [500, 502, 503, 504, 408, 429, Fault.HANG_UP, Fault.CUT, Fault.HTML, Fault.TRUNCATED]


def publish(hub, count):
    for number in range(count):
        hub.publishes(f"acme/m{number}")


@pytest.mark.parametrize("trouble", PASSING, ids=str)
def test_a_passing_fault_is_waited_for(hub, client_of, waits, trouble):
    hub.publishes("acme/tiny")
    hub.fails_with(trouble)

    page = client_of.page()

    assert [record["id"] for record in page.records] == ["acme/tiny"]
    assert len(waits) == 1


def test_a_lasting_fault_is_reported_after_a_few_tries(hub, client_of, waits):
    hub.fails_with(503, forever=True)

    with pytest.raises(HubUnavailable, match="503"):
        client_of.page()

    assert len(hub.requests) == 5
    assert sum(waits) < 30


def test_a_silent_hub_does_not_hold_a_worker(hub):
    hub.fails_with(Fault.NO_ANSWER, forever=True)

    with pytest.raises(HubUnavailable, match="Timeout"):
        Hub(hub.endpoint, sleep=lambda _: None, timeout=0.05).page()


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451, 418])
def test_a_refusal_is_not_asked_again(hub, client_of, status):
    hub.fails_with(status)

    with pytest.raises(HubRefused):
        client_of.page()

    assert len(hub.requests) == 1


@pytest.mark.parametrize("status", [401, 404, 410])
def test_a_model_that_is_not_shown_is_gone_or_private(hub, client_of, status):
    hub.fails_with(status)

    with pytest.raises(RepoGone):
        client_of.model("acme/tiny")


def test_a_bad_token_is_not_taken_for_a_missing_model(hub, waits):
    hub.publishes("acme/tiny")

    with pytest.raises(HubRefused) as refusal:
        Hub(hub.endpoint, "hf_wrong", sleep=waits.append).model("acme/tiny")

    assert not isinstance(refusal.value, RepoGone)


def test_our_token_is_sent_when_there_is_one(hub):
    hub.welcomes("hf_ours")

    Hub(hub.endpoint, "hf_ours").page()
    Hub(hub.endpoint).page()

    assert [request.token for request in hub.requests] == ["hf_ours", None]


def test_heavy_pages_are_asked_for_in_smaller_parts(hub, client_of):
    publish(hub, 3)
    hub.fails_with(504, 504)

    client_of.page(limit=400)

    assert ["limit=400" in hub.requests[0].target, "limit=200" in hub.requests[1].target] == [True, True]
    assert "limit=100" in hub.requests[2].target


def test_a_used_up_window_is_the_workers_to_wait_for(hub, client_of, waits):
    hub.limits(1, 300)
    client_of.page()

    with pytest.raises(HubUnavailable) as busy:
        client_of.page()

    assert 290 < busy.value.wait < 310
    assert waits == []


def test_retry_after_is_obeyed(hub, client_of, waits):
    hub.fails_with(Failure(503, {"Retry-After": "3"}))

    client_of.page()

    assert waits == [3]


def test_an_expired_cursor_is_told_apart(hub, client_of):
    publish(hub, 3)
    hub.page_size_cap = 1
    follows = client_of.page().next_address
    hub.fails_with(Fault.EXPIRED_CURSOR)

    with pytest.raises(CursorExpired):
        client_of.page(follows)


@pytest.mark.parametrize("link", [
    "http://127.0.0.1:9/api/models?cursor=a", "/api/models?cursor=a", "javascript:alert(1)", "http://[",
    "file:///etc/passwd",
])  # fmt: skip
def test_a_link_to_anywhere_else_is_not_followed(hub, client_of, link):
    hub.fails_with(Failure(200, {"Link": f'<{link}>; rel="next"'}, b"[]"))

    with pytest.raises(HubRefused, match="not followed"):
        client_of.page()


def test_a_link_to_the_same_page_ends_the_listing(hub, client_of):
    publish(hub, 3)
    hub.page_size_cap = 1
    follows = client_of.page().next_address
    hub.fails_with(Fault.SAME_PAGE)

    with pytest.raises(HubRefused, match="same page"):
        client_of.page(follows)


def test_a_redirect_to_another_host_is_not_followed(hub, client_of):
    hub.fails_with(Failure(307, {"Location": "http://127.0.0.1:9/api/models/acme/tiny"}))

    with pytest.raises(HubRefused, match="not followed"):
        client_of.model("acme/tiny")


def test_a_loop_of_redirects_ends(hub, client_of):
    hub.redirects("acme/a", "acme/b")
    hub.redirects("acme/b", "acme/a")

    with pytest.raises(HubRefused):
        client_of.model("acme/a")


@pytest.mark.parametrize("name", ["", "../whoami-v2", "a/b/c", "a/..", "/a", "a/"])
def test_what_is_no_name_is_not_asked_for(hub, client_of, name):
    with pytest.raises(HubRefused, match="no name"):
        client_of.model(name)

    assert hub.requests == []


def test_an_answer_that_is_too_large_is_not_kept(hub, client_of, monkeypatch):
    monkeypatch.setattr("ingest.hub.LARGEST_ANSWER", 2**20)
    hub.publishes("acme/tiny", notes="x" * 2**21)

    with pytest.raises(HubUnavailable, match="larger than 1 MiB"):
        client_of.page()


@pytest.mark.django_db
def test_an_expired_cursor_starts_the_sweep_over(hub, client_of, now):
    hub.page_size_cap = 1
    publish(hub, 3)
    hub.fails_with(Fault.EXPIRED_CURSOR)

    done = sweep_all(client_of, now=now)

    assert stored() == ["acme/m0", "acme/m1", "acme/m2"]
    assert (done.restarts, done.seen, done.error) == (1, 3, "")


@pytest.mark.django_db
def test_a_hub_that_takes_no_cursor_is_given_up_without_tombstones(hub, client_of, now):
    hub.page_size_cap = 1
    publish(hub, 3)
    hub.fails_with(Fault.EXPIRED_CURSOR, forever=True)

    done = sweep_all(client_of, now=now)

    assert (done.restarts, done.gone) == (3, 0)
    assert "cursor" in done.error


@pytest.mark.django_db
def test_a_refused_sweep_ends_with_the_reason(hub, client_of, now):
    hub.fails_with(Failure(403, {"X-Error-Message": "Forbidden for you"}))

    assert "Forbidden for you" in sweep_all(client_of, now=now).error


@pytest.mark.django_db
def test_an_empty_page_in_the_middle_is_no_end(hub, client_of, now):
    hub.page_size_cap = 1
    publish(hub, 3)
    hub.fails_with(Fault.EMPTY_PAGE_WITH_LINK, where="cursor=")

    sweep_all(client_of, now=now)

    assert len(stored()) == 3


@pytest.mark.django_db
def test_a_busy_hub_lets_the_sweep_rest_as_long_as_it_says(hub, now):
    publish(hub, 3)
    hub.page_size_cap = 1
    hub.limits(2, 300)

    left = story.run("full", Hub(hub.endpoint), clock=lambda: now)

    assert (left.pages, left.failures) == (2, 1)
    assert 290 < (left.resume_at - now).total_seconds() < 310
    assert not Sweep.objects.due(now).exists()
    assert story.run("full", Hub(hub.endpoint), clock=lambda: now) is None
    assert len(listing_requests(hub)) == 3


@pytest.mark.django_db
def test_a_rested_sweep_goes_on_where_it_was(hub, client_of, now):
    publish(hub, 3)
    hub.page_size_cap = 1
    hub.limits(2, 300)
    left = story.run("full", client_of, clock=lambda: now)
    hub.recovers()

    assert story.run("full", client_of, clock=lambda: left.resume_at, page=left.pages) is None

    done = Sweep.objects.get()
    assert (done.pages, done.seen, done.failures, done.resume_at, done.error) == (3, 3, 0, None, "")


@pytest.mark.django_db
def test_a_page_of_another_hub_is_not_asked_for_and_the_sweep_starts_over(hub, now):
    hub.page_size_cap = 1
    publish(hub, 3)
    with StandInHub() as former:
        former.page_size_cap = 1
        publish(former, 3)
        steps(Hub(former.endpoint), 1, now=now)
        asked = len(former.requests)

        started_over = story.step(Sweep.objects.get(), Hub(hub.endpoint, "hf_ours"), now=now)

        assert (started_over.restarts, started_over.checkpoint, len(former.requests)) == (1, "", asked)
    assert "belongs to another Hub" in started_over.error
    assert hub.endpoint.partition("//")[2] in started_over.error


@pytest.mark.django_db
def test_a_hub_that_never_answers_is_given_up_some_day(hub, client_of, now, monkeypatch):
    monkeypatch.setattr(story, "MOST_FAILURES", 3)
    hub.fails_with(503, forever=True)

    left = [story.run("full", client_of, clock=lambda hour=hour: now + timedelta(hours=hour)) for hour in range(3)]

    done = Sweep.objects.get()
    assert [bool(each) for each in left] == [True, True, False]
    assert (done.finished_at, done.gone) == (now + timedelta(hours=2), 0)
    assert "503" in done.error


@pytest.mark.django_db
def test_a_failure_does_not_send_to_rest_a_sweep_that_got_further(hub, client_of, now):
    hub.page_size_cap = 1
    publish(hub, 3)
    seen_by_us = steps(client_of, 1, now=now)
    story.step(Sweep.objects.get(), client_of, now=now)

    assert story.postpone(seen_by_us, HubUnavailable("503"), now=now) is None

    assert (Sweep.objects.get().resume_at, Sweep.objects.get().failures) == (None, 0)


@pytest.mark.django_db
def test_a_listing_without_end_is_given_up(hub, client_of, now, monkeypatch):
    monkeypatch.setattr(story, "MOST_PAGES", 2)
    hub.page_size_cap = 1
    publish(hub, 3)

    done = sweep_all(client_of, now=now)

    assert (done.pages, done.gone, done.error) == (2, 0, "the listing has no end: 2 pages were read")
