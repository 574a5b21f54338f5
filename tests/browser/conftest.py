"""Real Chromium against a real web process on the test database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page

from licenses import catalogue
from openness import programs
from tests.processes import free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
#: Without these Chromium asks its makers' hosts, and the closed network answers slowly.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)
            if not CHROMIUM and not os.environ.get("REQUIRE_BROWSER"):
                item.add_marker(pytest.mark.skip(reason="NO CHROMIUM FOUND: the browser tests did not run"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    assert CHROMIUM, "REQUIRE_BROWSER is set and there is no Chromium: apt-get install chromium"
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def web(django_db_setup: None, static_files: None) -> Iterator[str]:
    """The site as people meet it: granian, hashed static files, the test database. Gives its address."""
    port = free_port()
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("///openness?", f"///{name}?").replace("/openness?", f"/{name}?")
    program = programs.web("127.0.0.1", port)
    command = [Path(sys.executable).with_name(program.command[0]), *program.command[1:]]
    process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url, "DEBUG": "no"})
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(program.stop)
        process.wait(30)


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The site with the bundled catalogue; tests only read it. It is gone again with the last of a file."""
    with django_db_blocker.unblock():
        catalogue.load(now=datetime(2026, 11, 21, tzinfo=UTC))
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[(1280, 800), (390, 844)], ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> dict[str, int]:
    return dict(zip(("width", "height"), request.param, strict=True))


@pytest.fixture
def visit(site: str, browser: Browser, size: dict[str, int]) -> Iterator[Any]:
    """`visit(path, **context options)` opens a page of the site in a fresh browser context of this size."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = browser.new_context(base_url=site, viewport=size, **options)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(path, wait_until="load")
        return page

    yield open_page
    for context in contexts:
        context.close()
