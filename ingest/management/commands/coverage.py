"""`manage.py coverage FILE…`: how many models of a table our rules resolve, and what the rest declare."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingest.coverage import Coverage, TableRefused, coverage, declarations
from ingest.merge import rules

MOST = 20


class Command(BaseCommand):
    help = "Ask today's rules about the models of tables (JSON Lines or CSV, .gz too): shares, and what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tag", default="", help="what models declare where the table says nothing, as: other")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files: list[Path], tag: str, **options: Any) -> None:
        book = rules()
        for path in files:
            try:
                found = coverage(declarations(path, tag=tag), book)
            except TableRefused as refused:
                raise CommandError(str(refused)) from refused
            self.report(path.name, found)

    def report(self, name: str, found: Coverage) -> None:
        write = self.stdout.write
        write(f"{name}: {found.models:,} models")
        write(f"  resolved                {share(found.resolved, found.models)}")
        write(f"  of those with a license {share(found.resolved_declaring, found.declaring)}")
        write(f"  of those tagged other   {share(found.other_resolved, found.other)}")
        write("  by " + ", ".join(f"{signal} {rows:,}" for signal, rows in found.signals.most_common()))
        if found.proposed:
            write(f"  proposed by people      {found.proposed:,}, {found.proposals_known:,} of them licenses we know")
            write(f"  judged by both          {share(found.agreed, found.judged)} alike")
            for line in found.disagreements:
                write(f"  - {line}")
        if found.unresolved:
            write(f"  most used and not resolved, of {len(found.unresolved):,} declarations:")
            for said, rows in found.unresolved.most_common(MOST):
                write(f"    {rows:6,} {said}")


def share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole:.1f} %)" if whole else "none"
