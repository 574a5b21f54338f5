"""One budget of requests for all workers."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from django.conf import settings

from ingest.budget import Budget
from ingest.hub import Hub, HubUnavailable


@pytest.fixture
def client():
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def budget(client):
    return Budget(client, endpoint="http://hub.test")


def test_before_the_hub_said_anything_one_may_ask(budget):
    assert budget.take() == 0


def test_what_is_left_can_be_taken_and_no_more(budget):
    budget.learn(left=2, reset=30, limit=10)

    assert [budget.take(), budget.take()] == [0, 0]
    assert 29 < budget.take() <= 30


def test_files_have_a_window_of_their_own(budget):
    budget.learn(left=0, reset=30, limit=10)
    budget.learn("resolvers", left=2, reset=30, limit=10)

    assert budget.take() > 0
    assert budget.take("resolvers") == 0


def test_a_share_is_left_for_others(budget):
    budget.learn(left=10, reset=30, limit=500)

    assert budget.take() > 29


def test_a_window_that_ended_is_forgotten(budget):
    budget.learn(left=0, reset=0.05, limit=10)
    assert budget.take() > 0

    time.sleep(0.06)

    assert budget.take() == 0


def test_an_answer_that_was_overtaken_does_not_give_requests_back(budget):
    budget.learn(left=0, reset=30, limit=10)
    budget.learn(left=5, reset=30, limit=10)

    assert budget.take() > 0


def test_a_new_window_counts_at_once(budget):
    budget.learn(left=0, reset=1, limit=10)
    budget.learn(left=9, reset=300, limit=10)

    assert budget.take() == 0


def test_workers_share_it_without_taking_one_twice(client):
    Budget(client, endpoint="http://hub.test").learn(left=50, reset=30, limit=None)
    workers = [Budget.at(settings.REDIS_URL, endpoint="http://hub.test") for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda worker: [worker.take() for _ in range(10)], workers))
    for worker in workers:
        worker.client.close()

    assert sum(each.count(0) for each in taken) == 50


def test_another_token_has_its_own(client):
    Budget(client, endpoint="http://hub.test").learn(left=0, reset=30, limit=10)

    assert Budget(client, endpoint="http://hub.test", token="hf_other").take() == 0


def test_without_redis_the_hub_decides():
    budget = Budget(None, endpoint="http://hub.test")
    budget.learn(left=0, reset=30, limit=10)

    assert budget.take() == 0


def test_a_redis_out_of_reach_stops_nobody(caplog):
    budget = Budget.at("redis://127.0.0.1:9", endpoint="http://hub.test")

    assert budget.take() == 0
    assert "out of reach" in caplog.text


def test_the_hub_is_not_asked_when_the_window_is_used_up(hub, client):
    hub.limits(2, 300)
    busy = [Hub(hub.endpoint, budget=Budget(client, endpoint=hub.endpoint)) for _ in range(2)]
    busy[0].page()
    busy[1].page()

    with pytest.raises(HubUnavailable) as told:
        busy[0].page()

    assert len(hub.requests) == 2
    assert told.value.wait > 290
