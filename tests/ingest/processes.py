"""Real processes on the database and the broker of the test, ended hard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = ("-m", "celery", "-A", "openness", "worker", "--pool", "prefork", "-c", "1", "--loglevel", "INFO")


def environment(hub) -> dict[str, str]:
    found = connection.settings_dict
    parts = {"host": found["HOST"], "user": found["USER"], "port": found["PORT"], "password": found["PASSWORD"]}
    address = f"postgresql:///{found['NAME']}?{urlencode({name: value for name, value in parts.items() if value})}"
    return os.environ | {
        "DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "HF_ENDPOINT": hub.endpoint, "SECRET_KEY": "test",
        "SWEEP": "full",
    }  # fmt: skip


@contextmanager
def running(hub, *command: str) -> Iterator[subprocess.Popen]:
    """A process group of its own, dead at the end whatever happens."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=environment(hub), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        with process:
            try:
                yield process
            finally:
                kill(process)
    finally:
        process.wait()


def kill(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def wait_for(condition: Callable[[], object], *, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def memory_of(pid: int) -> int:
    """Resident memory of a process and those it started, in bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(memory_of(int(child)) for child in children)
