"""`manage.py check FILE --profile FILE`: a list of models before a profile, for a build to stop at.

Without `--profile` it is Django's own `check`, whose name it shares.
"""

from __future__ import annotations

import csv
import json
from argparse import ArgumentTypeError
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands.check import Command as SystemCheck
from django.db import DatabaseError

from licenses import reports
from licenses.bundles import shelf
from licenses.clauses.bearing import Verdict
from licenses.clauses.profile import Profile
from licenses.lists import Unreadable, read
from licenses.profiles import of_mapping
from licenses.reports import Report, shortened

FOUND, UNUSABLE = 1, 2
LARGEST_PROFILE = 100_000


def verdicts(said: str) -> Verdict:
    """The mildest of the verdicts named: it and all that is worse make the command fail."""
    known = {verdict.value: verdict for verdict in Verdict if verdict is not Verdict.PERMITTED}
    named = [known.get(name.strip()) for name in said.split(",")]
    if not all(named):
        raise ArgumentTypeError(f"use one or more of {', '.join(known)}, with a comma between")
    return max((verdict for verdict in named if verdict), key=lambda verdict: verdict.rank)


class Command(SystemCheck):
    help = (
        "Checks a list of models (names, addresses, requirements, CycloneDX or SPDX JSON) before a profile, against "
        "the database at hand. Exit code 0: nothing to fail on; 1: something; 2: the list or the profile is no use. "
        "Without --profile: Django's system checks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--profile", type=Path, help="YAML or JSON with the names of the address parameters of /check/."
        )
        parser.add_argument(
            "--fail-on", type=verdicts, default=Verdict.UNKNOWN, metavar="VERDICTS",
            help="Fail at these verdicts, and at worse ones (default: unknown).",
        )  # fmt: skip
        parser.add_argument("--format", choices=("text", "json", "csv"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["profile"] is None:
            super().handle(*args, **options)
            return
        if len(args) != 1:
            raise CommandError("Name one list: manage.py check FILE --profile FILE.", returncode=UNUSABLE)
        found = judged(Path(args[0]), options["profile"])
        self.stdout.write(WRITERS[options["format"]](found))
        failing = found.as_bad_as(options["fail_on"])
        if failing:
            names = shortened([line.name for line in failing], 5)
            raise CommandError(f"{len(failing)} of {len(found.lines)}: {names}", returncode=FOUND)


def judged(list_file: Path, profile_file: Path) -> Report:
    try:
        listing = read(content(list_file), list_file.name)
        return reports.report(listing, profile(profile_file), shelf())
    except Unreadable as error:
        raise CommandError(f"{list_file}: {error}", returncode=UNUSABLE) from error
    except DatabaseError as error:
        raise CommandError(f"The database cannot be asked: {error}".strip(), returncode=UNUSABLE) from error


def content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}", returncode=UNUSABLE) from error


def profile(file: Path) -> Profile:
    """The same names as in the address of /check/."""
    raw = content(file)
    try:
        values = yaml.safe_load(raw) if len(raw) <= LARGEST_PROFILE else None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise CommandError(f"{file}: this is neither YAML nor JSON: {error}", returncode=UNUSABLE) from error
    if not isinstance(values, dict):
        raise CommandError(f"{file}: write one name and value a line, such as “commercial: yes”.", returncode=UNUSABLE)
    form = of_mapping(values)
    for name, faults in form.faults().items():
        raise CommandError(f"{file}: {name}: {faults[0]}", returncode=UNUSABLE)
    return form.profile()


def as_text(report: Report) -> str:
    width = max(len(verdict.short) for verdict in Verdict)
    lines = [f"{line.verdict.short:{width}}  {line.name} ({line.entry.place}): {line.reason}" for line in report.lines]
    tasks = [f"- {task.must} ({len(task.names)}: {shortened(task.names)})" for task in report.tasks]
    disclaimers = dict.fromkeys(line.result.disclaimer for line in report.lines if line.result)
    return "\n".join([*lines, *(["", "To do:"] if tasks else []), *tasks, "", *report.notes, *disclaimers])


def as_json(report: Report) -> str:
    return json.dumps(reports.as_json(report, settings.SITE_URL), ensure_ascii=False, indent=1)


def as_csv(report: Report) -> str:
    out = StringIO()
    csv.writer(out).writerows(reports.csv_rows(report, settings.SITE_URL))
    return out.getvalue()


WRITERS = {"text": as_text, "json": as_json, "csv": as_csv}
