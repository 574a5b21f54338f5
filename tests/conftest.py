"""The cast, the stand-in Hub and a fixed clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import settings

from tests.factories import make_person
from tests.hub.server import StandInHub

# A busy machine is slow at times: a property is no stopwatch.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def no_other_sockets() -> Iterator[None]:
    """A test that forgets the stand-in must fail, not ask the real Hub."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and not (host.startswith("127.") or host in ("::1", "localhost")):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    socket.socket.connect = connect_here  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The test database is dropped at the end, whoever of our web and worker processes is still letting go of it."""
    with django_db_blocker.unblock():
        never_vacuumed()
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def never_vacuumed() -> None:
    """Tests roll back: a vacuum between two of them finds empty tables, and the planner would trust in that."""
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = false)')


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Pages name their styles and scripts by hash, here as in production."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashed without the quarter of a second that makes guessing slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def hub() -> Iterator[StandInHub]:
    """A Hub of our own on 127.0.0.1; nothing else is asked."""
    with StandInHub() as hub:
        yield hub


@pytest.fixture
def visitor(db: None) -> Client:
    return Client()


@pytest.fixture
def curator(db: None) -> Client:
    """Ada's browser."""
    return browser_of(make_person("ada", "curator"))


@pytest.fixture
def reviewer(db: None) -> Client:
    """Bob's browser."""
    return browser_of(make_person("bob", "reviewer"))


@pytest.fixture
def admin(db: None) -> Client:
    """Eve's browser."""
    return browser_of(make_person("eve", "admin", is_staff=True))


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client
