"""What tests of real processes need: a folder that they can reach, and who is alive."""

import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY = Path("/dev/shm")
# Whatever the run of the tests itself was given must not reach a process that is to find its own.
OWN = {
    *("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "PORT", "SITE_URL", "DEBUG", "SWEEP", "HF_ENDPOINT"),
    *("EMAIL_URL", "EMAIL_FROM"),
}


@contextmanager
def passable_folder() -> Iterator[Path]:
    """Unlike pytest's own temporary folders, with room for a socket's name; in memory where there is enough."""
    in_memory = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2**30
    with tempfile.TemporaryDirectory(prefix="openness-", dir=MEMORY if in_memory else None) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def bare_environment(**variables: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OWN} | variables


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_alive(pid: int) -> bool:
    with suppress(FileNotFoundError, ProcessLookupError):
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    return False


def wait_until_dead(pids: Iterable[int], patience: float = 20) -> None:
    deadline = time.monotonic() + patience
    while alive := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, f"still alive: {alive}"
        time.sleep(0.02)


def processes_of(data_dir: Path) -> dict[int, str]:
    """Every process that was started with this data folder or works in it, and its command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            told = f"DATA_DIR={data_dir}".encode() in (folder / "environ").read_bytes().split(b"\0")
            if told or (folder / "cwd").readlink().is_relative_to(data_dir):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return {pid: command for pid, command in found.items() if is_alive(pid)}
