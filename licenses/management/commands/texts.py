"""`manage.py texts DIR` and `--package`: license texts from files, as revisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from licenses import kinship
from licenses.collecting import NotThere, collect, folder, package


class Command(BaseCommand):
    help = (
        "Takes license texts from a folder (<slug>.txt, <slug>/<date>.txt), or from the data files of an installed "
        "scancode-toolkit. A file whose bytes the catalogue knows gives that wording its words; another becomes a "
        "wording of the license it is named after. Licenses whose recorded kind their words contradict are named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder")
        parser.add_argument("--package", action="store_true", help="scancode-toolkit-mini (see `make texts`)")

    def handle(self, *, folder: Path | None, package: bool, **options: Any) -> None:
        if (folder is None) != package:
            raise CommandError("Give a folder, or --package: one of the two.")
        try:
            collected = collect(source(folder), now=timezone.now())
        except NotThere as error:
            raise CommandError(str(error)) from error
        for line in collected.refused:
            self.stderr.write(f"- refused: {line}")
        for name in collected.strangers:
            self.stdout.write(f"- {name}: no license of the directory has this slug, and no wording these bytes.")
        for line in kinship.disagreements():
            self.stdout.write(f"- {line}")
        self.stdout.write(f"{collected}.")


def source(path: Path | None) -> Any:
    return folder(path) if path else package()
