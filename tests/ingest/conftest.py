"""The project's settings pointed at the stand-in Hub, and ways to look at what was written."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings as project
from django.contrib.auth.models import User
from django.db import connection

from ingest.hub import Hub
from licenses.models import License, Rule
from tests.factories import make_license, make_person
from tests.hub.server import StandInHub


@pytest.fixture(autouse=True)
def _our_own_hub(request, settings):
    if "hub" in request.fixturenames:
        settings.HF_ENDPOINT = request.getfixturevalue("hub").endpoint


@pytest.fixture(autouse=True)
def _fresh_budget():
    with redis.Redis.from_url(project.REDIS_URL) as client:
        for key in client.scan_iter("ingest:budget:*"):
            client.delete(key)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the client slept, instead of sleeping them."""
    return []


@pytest.fixture
def client_of(hub: StandInHub, waits: list[float]):
    """Our client of the stand-in, with patience that takes no time."""
    return Hub(hub.endpoint, sleep=waits.append, timeout=2)


@pytest.fixture
def queue():
    """The broker's queues, empty before and after."""
    names = ["celery", "unacked", "unacked_index", "unacked_mutex"]
    with redis.Redis.from_url(project.REDIS_URL) as client:
        client.delete(*names)
        yield client
        client.delete(*names)


@pytest.fixture
def apache(db) -> License:
    return known_by(make_license("Apache 2.0", kind="standard"), tag="apache-2.0")


@pytest.fixture
def llama(db) -> License:
    return known_by(make_license("Llama 3.1"), tag="llama3.1")


@pytest.fixture
def gemma(db) -> License:
    return known_by(make_license("Gemma"), name="gemma")


@pytest.fixture
def ada(db) -> User:
    return make_person("ada", "curator")


def known_by(license: License, **signals: str) -> License:
    for signal, value in signals.items():
        Rule.objects.create(signal=signal, value=value, license=license)
    return license


def versions() -> dict[str, tuple[str, str]]:
    """Every model's row version: who wrote it last, and who locked it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hub_id, xmin::text, xmax::text FROM licenses_openmodel")
        return {hub_id: (xmin, xmax) for hub_id, xmin, xmax in cursor.fetchall()}
