"""Several programs that live and die together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

from openness.processes import launched
from openness.programs import Program

# A worker takes CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT seconds to put its work back.
PATIENCE = 15.0


class ProgramDied(RuntimeError):
    """One ended that should not have."""


class Supervisor:
    """Runs programs for as long as the `with` block lasts; each leads a process group of its own.

    `beside` are processes that somebody else starts and ends, and without which ours are of no use.
    """

    def __init__(
        self, programs: list[Program], environment: Mapping[str, str], beside: Mapping[str, subprocess.Popen[bytes]]
    ) -> None:
        self.programs = programs
        self.environment = environment
        self.beside = beside
        self.running: list[tuple[Program, subprocess.Popen[bytes]]] = []

    def __enter__(self) -> Self:
        for program in self.programs:
            command = [sys.executable, "-m", *program.command]
            process = subprocess.Popen(  # noqa: S603 - our own commands
                launched(command, program.stop), env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
            self.running.append((program, process))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for program, process in self.running:
            if process.poll() is None:
                process.send_signal(program.stop)
        deadline = time.monotonic() + PATIENCE
        for _, process in self.running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # Whatever is left of its group: children that did not follow.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def check(self) -> None:
        for name, process in (*self.beside.items(), *((program.name, process) for program, process in self.running)):
            if (code := process.poll()) is not None:
                raise ProgramDied(f"{name} ended with {said(code)}, so the rest was stopped")

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.2)


def said(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
