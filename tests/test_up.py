"""`manage.py up`: one command runs the whole site, and whatever ends it ends all of it."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import bare_environment, free_port, passable_folder, processes_of, wait_until_dead

ROOT = Path(__file__).parent.parent
NOBODY_LISTENS = "http://127.0.0.1:9"


class Site:
    """A running `manage.py up` and what it has printed."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir / "up.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", *options],
                cwd=ROOT,
                env=bare_environment(DATA_DIR=str(data_dir), PORT=str(self.port), HF_ENDPOINT=NOBODY_LISTENS),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + 60
        while words not in self.output:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def pid_of(self, words: str) -> int:
        return min(pid for pid, command in processes_of(self.data_dir).items() if words in command)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def running(data_dir: Path, *options: str) -> Iterator[Site]:
    site = Site(data_dir, *options)
    try:
        site.wait_for(f"Openness is at http://127.0.0.1:{site.port}/")
        yield site
    finally:
        if site.process.poll() is None:
            site.end(signal.SIGTERM)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with passable_folder() as data_dir, running(data_dir) as site:
        site.wait_for("password")
        yield site


@pytest.fixture(scope="module")
def used_before() -> Iterator[Path]:
    """A data folder that had its first start."""
    with passable_folder() as data_dir:
        with running(data_dir, "--no-worker") as site:
            site.wait_for("password")
        yield data_dir


def manage(site: Site, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a second terminal."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=bare_environment(DATA_DIR=str(site.data_dir)) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_one_command_runs_the_whole_site(site: Site) -> None:
    status, body = site.get("/readyz")

    assert status == 200
    assert json.loads(body) == {"ready": True, "checks": {"database": "ok", "broker": "ok", "catalogue": "ok"}}
    assert site.get("/healthz") == (200, b"ok\n")
    commands = " ".join(processes_of(site.data_dir).values())
    assert all(name in commands for name in ("granian", "celery --quiet -A openness worker", "openness beat"))


def test_it_listens_on_this_machine_only(site: Site) -> None:
    command = processes_of(site.data_dir)[site.pid_of("granian")]

    assert f"--host 127.0.0.1 --port {site.port}" in command


def test_the_first_curator_gets_a_password_shown_once(site: Site) -> None:
    assert len(re.findall(r"name 'curator', password '\S{16}'", site.output)) == 1


def test_a_hub_out_of_reach_is_told_and_does_no_harm(site: Site) -> None:
    assert f"Hub out of reach: {NOBODY_LISTENS}" in site.output


def test_other_commands_find_the_servers_while_it_runs(site: Site) -> None:
    result = manage(site, "migrate", "--check")

    assert (result.returncode, result.stderr) == (0, "")


def test_a_second_one_on_the_same_data_is_refused(site: Site) -> None:
    result = manage(site, "up", PORT=str(free_port()))

    assert result.returncode != 0
    assert f"{site.data_dir} is in use by another run" in result.stderr
    assert site.get("/healthz")[0] == 200


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=bare_environment(DATA_DIR=str(tmp_path), PORT=str(port)),
            capture_output=True,
            text=True,
            check=False,
        )

    assert result.returncode != 0
    assert f"port {port} is taken; set another: PORT={port + 1} make run" in result.stderr
    assert not (tmp_path / "postgres").exists()


def test_ctrl_c_stops_all_of_it_and_the_next_run_keeps_the_data(used_before: Path) -> None:
    with running(used_before) as site:
        code = site.end(signal.SIGINT)

    assert code == 0
    assert site.output.endswith("Stopped.\n")
    assert "password" not in site.output
    assert processes_of(used_before) == {}


@pytest.mark.parametrize(
    ("name", "command", "options"),
    [
        ("worker", "openness worker", []),
        ("web", "-m granian", ["--no-worker"]),
        ("postgres", "bin/postgres", ["--no-worker"]),
    ],
)
def test_when_one_dies_the_others_stop_and_the_exit_code_says_so(
    name: str, command: str, options: list[str], used_before: Path
) -> None:
    with running(used_before, *options) as site:
        os.kill(site.pid_of(command), signal.SIGKILL)
        code = site.process.wait(60)

    assert code == 1
    assert f"{name} ended with signal SIGKILL" in site.output
    assert processes_of(used_before) == {}


def test_killed_outright_it_leaves_nothing_running(used_before: Path) -> None:
    with running(used_before) as site:
        left = processes_of(used_before)
        site.end(signal.SIGKILL)

    wait_until_dead(left)


def test_without_a_worker_only_the_web_runs(used_before: Path) -> None:
    with running(used_before, "--no-worker"):
        assert not any("celery" in command for command in processes_of(used_before).values())
