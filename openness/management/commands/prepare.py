"""Make a database ready for the site: tables, static files, the bundled catalogue and its rules. Safe to repeat."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from ingest.resolve import resolve
from licenses.texts import judge_the_unjudged


class Command(BaseCommand):
    help = "Migrate, collect static files and load the bundled catalogue; safe to repeat."
    # They need the tables that are made here.
    requires_system_checks: list[str] = []

    def handle(self, **options: Any) -> None:
        self.stdout.write("Preparing the database and the catalogue …")
        self.stdout.flush()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("catalogue", "load", stdout=self.stdout)
        close_mailbox(Path(settings.EMAIL_FILE_PATH))
        if judged := judge_the_unjudged():
            self.stdout.write(f"Compared {judged:,} license files of models with the texts we know.")
        if moved := resolve(now=timezone.now()):
            self.stdout.write(f"By the catalogue's rules {moved:,} known models now resolve otherwise.")


def close_mailbox(folder: Path) -> None:
    """Mails that are files hold links that set passwords: for their owner's eyes only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
