"""manage.py catalogue load|dump|check: the bundled files and the database, either way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from licenses import catalogue


class Command(BaseCommand):
    help = "Loads the catalogue's files into the database, dumps the database into files, or checks the files."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["load", "dump", "check"])
        parser.add_argument(
            "folder", nargs="?", type=Path, default=catalogue.BUNDLED, help="default: the bundled files"
        )

    def handle(self, *args: Any, verb: str, folder: Path, **options: Any) -> None:
        {"load": self.load, "dump": self.dump, "check": self.check_files}[verb](folder)

    def load(self, folder: Path) -> None:
        try:
            report = catalogue.load(folder, now=timezone.now())
        except catalogue.CatalogueRefused as refused:
            self.refuse(refused.problems, "Nothing was loaded.")
        else:
            for difference in report.differences:
                self.stdout.write(f"- {difference}")
            self.stdout.write(f"Loaded {report}.")

    def dump(self, folder: Path) -> None:
        try:
            done = catalogue.dump(folder)
        except (OSError, ValueError) as error:
            raise CommandError(f"Cannot write the catalogue: {error}") from error
        for file in done.strangers:
            self.stdout.write(f"- {file} is in the folder and not in the database; left alone.")
        self.stdout.write(f"Wrote {len(done.written)} files, {done.unchanged} were the same already.")

    def check_files(self, folder: Path) -> None:
        found, problems = catalogue.read_catalogue(folder)
        if problems:
            self.refuse(problems, "See docs/catalogue.md.")
        self.stdout.write(f"{found}.")

    def refuse(self, problems: list[catalogue.Problem], close: str) -> None:
        for problem in problems:
            self.stderr.write(str(problem))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise CommandError(f"{count} in the catalogue. {close}")
