"""The cast, the stand-in Hub and a fixed clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from tests.hub.server import StandInHub

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Pages name their styles and scripts by hash, here as in production."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def hub() -> Iterator[StandInHub]:
    """A Hub of our own on 127.0.0.1; nothing else is asked."""
    with StandInHub() as hub:
        yield hub
