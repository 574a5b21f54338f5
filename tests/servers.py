"""Pytest plugin: a throwaway PostgreSQL and Valkey for one run, unless the environment names others.

Loaded by `-p` in pyproject.toml, because Django reads its settings before any conftest.py.
"""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from openness.embedded import EmbeddedServers

from .processes import OWN, passable_folder

running = ExitStack()
# Also when the settings fail to load, and pytest never comes to its end.
atexit.register(running.close)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    for name in OWN - {"DATABASE_URL", "REDIS_URL"}:
        os.environ.pop(name, None)
    os.environ["SECRET_KEY"] = "only for tests"
    # Django's connections and Celery's tasks run in the test's own thread, with Playwright's event loop beside them.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    data_dir = running.enter_context(passable_folder())
    os.environ["DATA_DIR"] = str(data_dir)
    # Looked for by the static files' middleware; tests serve the files as they lie.
    (data_dir / "static").mkdir()
    if not os.environ.get("DATABASE_URL"):
        servers = running.enter_context(EmbeddedServers(data_dir, durable=False))
        os.environ.update(servers.environment)
    yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What did not run is said loudly, at the end."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"NOT RUN: {reason.removeprefix('Skipped: ')}", yellow=True, bold=True)


def pytest_unconfigure() -> None:
    running.close()
