"""The whole site in one command: servers, web, worker and timetable. `make run` calls it."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from openness import programs
from openness.embedded import EmbeddedServers, claimed
from openness.places import EmbeddedError
from openness.supervisor import ProgramDied, Supervisor

HOST = "127.0.0.1"
CURATOR = "curator"

Servers = Mapping[str, subprocess.Popen[bytes]]


class Command(BaseCommand):
    help = "Run the whole site: PostgreSQL and Valkey unless their addresses are given, web, worker and timetable."
    # They need a database that is not there yet; `migrate` runs them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="where the site answers (default: PORT)")
        parser.add_argument("--no-worker", action="store_true", help="web only: nothing comes in from the Hub")

    def handle(self, *, port: int, no_worker: bool, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, interrupt)
        try:
            refuse_taken(port)
            with servers() as beside:
                self.run_site(port, beside, with_worker=not no_worker)
        except (EmbeddedError, ProgramDied) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.say("Stopped.")

    def run_site(self, port: int, beside: Servers, *, with_worker: bool) -> None:
        call_command("prepare", stdout=self.stdout)
        site_programs = [programs.web(HOST, port)]
        if with_worker:
            site_programs += [programs.worker(), programs.beat()]
        with Supervisor(site_programs, os.environ | {"PORT": str(port)}, beside) as site:
            self.greet_hub()
            wait_until_it_answers(site, port)
            self.say(f"\nOpenness is at http://{HOST}:{port}/ (Ctrl-C stops it)")
            self.introduce_curator()
            site.watch()

    def greet_hub(self) -> None:
        """The site works without it; who runs it should know."""
        request = urllib.request.Request(settings.HF_ENDPOINT, method="HEAD")  # noqa: S310 - our own setting
        try:
            with suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=3):  # noqa: S310
                pass
        except OSError as error:
            reason = getattr(error, "reason", error)
            self.say(f"Hub out of reach: {settings.HF_ENDPOINT} ({reason}); going on without")

    def introduce_curator(self) -> None:
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(CURATOR, password=password, first_name="First curator")
        self.say(f"First curator: name {CURATOR!r}, password {password!r}")
        self.say("It is shown this once; change it under /account/password/")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def interrupt(number: int, frame: object) -> NoReturn:
    """Once; what is being stopped already must not be stopped half way."""
    for every in (signal.SIGINT, signal.SIGTERM):
        signal.signal(every, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def servers() -> Iterator[Servers]:
    """Ours, unless the settings name others."""
    if settings.EMBEDDED:
        with EmbeddedServers(settings.DATA_DIR) as embedded:
            yield embedded.processes
    else:
        with claimed(settings.DATA_DIR):
            yield {}


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            cure = f"set another: PORT={port + 1} make run (beside another run, with a DATA_DIR of its own)"
            raise CommandError(f"port {port} is taken; {cure}") from error


def wait_until_it_answers(site: Supervisor, port: int) -> None:
    while not answers(port):
        site.check()
        time.sleep(0.1)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
