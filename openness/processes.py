"""Processes that end when we do, and those that an earlier run left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")


def launched(command: list[str], number: int, uid: int | None = None, gid: int | None = None) -> list[str]:
    """The command, wrapped so that it gets that signal when this process dies."""
    uid, gid = os.geteuid() if uid is None else uid, os.getegid() if gid is None else gid
    return [sys.executable, "-I", "-S", str(LAUNCH), *map(str, (os.getpid(), int(number), uid, gid)), *command]


def end(process: subprocess.Popen[bytes], number: int, patience: float = 30.0) -> None:
    """Ask, wait, insist."""
    with suppress(ProcessLookupError):
        process.send_signal(number)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def reap(folder: Path, pid_file: str, program: str, numbers: Iterable[int]) -> None:
    """End a server that outlived an earlier run; one that is not provably ours is left alone."""
    path = folder / pid_file
    try:
        pid = int(path.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    if not runs_in(folder, program, pid):
        path.unlink(missing_ok=True)
        return
    for number in numbers:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + 10
        while runs_in(folder, program, pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        if not runs_in(folder, program, pid):
            return


def runs_in(folder: Path, program: str, pid: int) -> bool:
    """Is that process this program, with this folder as its own?"""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        working_folder = Path(f"/proc/{pid}/cwd").readlink()
    except OSError:
        return False
    return Path(os.fsdecode(words[0])).name == program and working_folder == folder.resolve()
