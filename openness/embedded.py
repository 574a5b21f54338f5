"""PostgreSQL and Valkey from wheels, in a folder of their own, started and stopped with the process.

Both listen on sockets in a private folder and on no network. PostgreSQL does not run as root: started by root
it runs as "nobody", which docs/running.md explains.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from openness.places import (
    EmbeddedError,
    Places,
    make_folders,
    open_folder,
    postgres_programs,
    unprivileged,
    valkey_server,
)
from openness.processes import end, launched, reap

PATIENCE = 30.0


def environment(data_dir: Path, *, starting: bool, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of an embedded site: for the command that starts it, and for others while it runs."""
    places = Places.under(data_dir)
    if not starting and not answers(places.postgres_socket):
        return {}
    return places.addresses() | {"SECRET_KEY": given.get("SECRET_KEY") or secret_key(data_dir)}


def secret_key(data_dir: Path) -> str:
    """Made once, kept for the next run, readable by its owner only."""
    path = data_dir / "secret-key"
    with suppress(FileExistsError):
        open_folder(data_dir)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


class EmbeddedServers:
    """Both servers, for as long as the `with` block lasts.

    `durable=False` is for tests: nothing waits for the disk, and the data is deleted at the end.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.places = Places.under(data_dir)
        self.account = unprivileged() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.claim = ExitStack()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        return self.places.addresses()

    def __enter__(self) -> Self:
        self.claim.enter_context(claimed(self.places.data_dir))
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        make_folders(self.places, self.account, link=self.durable)
        reap(self.places.postgres, "postmaster.pid", "postgres", (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
        reap(self.places.valkey, "valkey.pid", "valkey-server", (signal.SIGTERM, signal.SIGKILL))
        self.start_valkey()
        self.start_postgres()
        self.wait_for("postgres", self.postgres_ready)
        self.wait_for("valkey", lambda: b"PONG" in reply(self.places.valkey_socket, b"PING\r\n"))
        create_database(self.places)

    def stop(self) -> None:
        """PostgreSQL's fast shutdown is SIGINT; Valkey writes what it holds on SIGTERM."""
        for name, number in (("postgres", signal.SIGINT), ("valkey", signal.SIGTERM)):
            if process := self.processes.pop(name, None):
                end(process, number)
        if not self.durable:
            self.delete()
        self.claim.close()

    def delete(self) -> None:
        places = self.places
        outside = [places.base] if places.base != places.data_dir else []
        for folder in (places.postgres, places.valkey, places.sockets, *outside):
            shutil.rmtree(folder, ignore_errors=True)

    def start_valkey(self) -> None:
        folder, endpoint = self.places.valkey, self.places.valkey_socket
        endpoint.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(endpoint),
            "unixsocketperm": "700",
            "dir": str(folder),
            "pidfile": str(folder / "valkey.pid"),
            "set-proc-title": "no",
            "appendonly": "yes" if self.durable else "no",
            "save": "",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        self.launch("valkey", [str(valkey_server()), *arguments], signal.SIGTERM, os.geteuid(), os.getegid())

    def start_postgres(self) -> None:
        programs, folder = postgres_programs(self.places), self.places.postgres
        if not (folder / "PG_VERSION").exists():
            self.initialise(programs, folder)
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.places.sockets,
            "unix_socket_permissions": "0700",
        }
        if not self.durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self.run_as_account("postgres", [str(programs / "postgres"), "-D", str(folder), *arguments])

    def initialise(self, programs: Path, folder: Path) -> None:
        for leftover in folder.iterdir():  # of an initdb that was killed
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--username=openness", "--auth=trust", "--no-instructions"]
        speed = [] if self.durable else ["--no-sync"]
        command = [str(programs / "initdb"), "-D", str(folder), *locale, *access, *speed]
        if self.run_as_account("initdb", command).wait() != 0:
            raise EmbeddedError(f"PostgreSQL's data folder could not be made:\n{tail(self.log('initdb'))}")
        del self.processes["initdb"]

    def run_as_account(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        return self.launch(name, command, signal.SIGINT, self.account.pw_uid, self.account.pw_gid)

    def launch(self, name: str, command: list[str], number: int, uid: int, gid: int) -> subprocess.Popen[bytes]:
        with self.log(name).open("wb") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 - our own command
                launched(command, number, uid, gid),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us to hand on, in the right order
            )
        return self.processes[name]

    def log(self, name: str) -> Path:
        """What the server said in its latest run."""
        return self.places.data_dir / f"{name}.log"

    def wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(f"{name} did not start, see {self.log(name)}:\n{tail(self.log(name))}")
            time.sleep(0.02)

    def postgres_ready(self) -> bool:
        """The pid file's eighth line is PostgreSQL's own word on it; the first must be our process."""
        with suppress(FileNotFoundError):
            lines = (self.places.postgres / "postmaster.pid").read_text().split()
            return lines[:1] == [str(self.processes["postgres"].pid)] and lines[-1] == "ready"
        return False


@contextmanager
def claimed(data_dir: Path) -> Iterator[None]:
    """One run at a time in a data folder; the lock goes with the process, however that ends."""
    open_folder(data_dir)
    with (data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(f"{data_dir} is in use by another run: stop that one, or set DATA_DIR") from None
        yield


def create_database(places: Places) -> None:
    with psycopg.connect(dbname="postgres", host=str(places.sockets), user="openness", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'openness'").fetchone():
            connection.execute("CREATE DATABASE openness")


def answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        return True
    return False


def reply(path: Path, request: bytes) -> bytes:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(request)
        return connection.recv(100)
    return b""


def tail(path: Path, lines: int = 15) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
