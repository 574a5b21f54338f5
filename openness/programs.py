"""The programs a site is made of; `manage.py up` and docker-compose.yml run the same ones."""

import signal
from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """A command, and the signal that ends it without losing work."""

    name: str
    command: tuple[str, ...]
    stop: signal.Signals = signal.SIGTERM


def web(host: str, port: int) -> Program:
    # A worker process that is told to stop while it still starts misses it, and has to be killed.
    server = (
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "4",
        "--workers-kill-timeout",
        "5",
    )
    return Program("web", (*server, "--host", host, "--port", str(port), "openness.wsgi:application"))


def worker() -> Program:
    quiet = ("--without-gossip", "--without-mingle")
    command = ("celery", "--quiet", "-A", "openness", "worker", "--concurrency", "2", "--loglevel", "INFO", *quiet)
    return Program("worker", command, signal.SIGQUIT)


def beat() -> Program:
    return Program("beat", ("celery", "--quiet", "-A", "openness", "beat", "--loglevel", "INFO"))
