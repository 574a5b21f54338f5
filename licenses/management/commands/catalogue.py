"""manage.py catalogue load|dump|check|agreement: the bundled files, the database, and another reader's labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from licenses import catalogue


class Command(BaseCommand):
    help = (
        "Loads the catalogue's files into the database, dumps the database into files, checks the files, "
        "or compares them with labels of another reader (agreement FILE, with its index.csv beside it)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["load", "dump", "check", "agreement"])
        parser.add_argument("path", nargs="?", type=Path, help="a folder, by default the bundled files; or the labels")

    def handle(self, *args: Any, verb: str, path: Path | None, **options: Any) -> None:
        if verb == "agreement":
            self.agreement(path)
        else:
            verbs = {"load": self.load, "dump": self.dump, "check": self.check_files}
            verbs[verb](path or catalogue.BUNDLED)

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

    def agreement(self, labels: Path | None) -> None:
        if labels is None:
            raise CommandError("Name the file of labels: manage.py catalogue agreement FILE")
        try:
            found = catalogue.agreement(catalogue.read_catalogue(catalogue.BUNDLED)[0], labels)
        except catalogue.LabelsRefused as refused:
            raise CommandError(str(refused)) from refused
        for line in found.lines():
            self.stdout.write(line)
        self.stdout.write(f"{len(found.differences)} differences:")
        for difference in found.differences:
            self.stdout.write(f"- {difference}.")
        if found.strangers:
            self.stdout.write(f"Not among our revisions: {', '.join(found.strangers)}.")

    def refuse(self, problems: list[catalogue.Problem], close: str) -> None:
        for problem in problems:
            self.stderr.write(str(problem))
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise CommandError(f"{count} in the catalogue. {close}")
