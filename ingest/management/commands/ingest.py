"""`manage.py ingest`: the tasks' own stories run from the shell, with a bar while it goes and figures at its end."""

import json
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from tqdm import tqdm

from ingest import sweep, watch
from ingest.hub import Hub, HubUnavailable
from ingest.look import Looked, look
from ingest.models import Sweep
from ingest.status import Status, WatchLine, known_models, status
from ingest.tally import tally


class Command(BaseCommand):
    help = "Bring models and license texts in from the Hub. Without arguments: the catalogue's and the most downloaded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("repos", nargs="*", metavar="REPO", help="only these models, as owner/name")
        parser.add_argument("--sweep", action="store_true", help="every model on the Hub; goes on where it stopped")
        parser.add_argument("--watch", action="store_true", help="license texts: of REPO, or of all that are due")
        parser.add_argument("--since", metavar="DATE", help="models modified since, as 2026-11-21 or with a time")
        parser.add_argument("--pages", type=int, metavar="N", help="stop after N pages; the next run goes on there")
        parser.add_argument("--status", action="store_true", help="how the ingest is doing, and nothing else")
        parser.add_argument("--json", action="store_true", help="with --status: for programs")

    def handle(self, *, repos: list[str], since: str | None, pages: int | None, **options: Any) -> None:
        check(repos, since, pages, options)
        self.hub = Hub.shared(settings.HF_ENDPOINT, settings.HF_TOKEN, settings.REDIS_URL)
        if options["status"]:
            self.report(as_json=options["json"])
        elif options["watch"]:
            self.watch(repos)
        elif repos:
            self.refresh(repos)
        else:
            for kind in kinds(since, full=options["sweep"]):
                self.sweep(sweep.start(kind, now=timezone.now(), since=moment(since)), pages)

    def refresh(self, repos: list[str]) -> None:
        started, missing, new, changed = time.monotonic(), [], 0, 0
        for repo in tqdm(repos, unit="model", disable=None):
            merged = self.patiently(lambda repo=repo: sweep.refresh(repo, self.hub, now=timezone.now()))
            missing += [] if merged else [repo]
            new, changed = new + (merged.created if merged else 0), changed + (merged.updated if merged else 0)
        tally(now=timezone.now())
        self.say(f"{len(repos) - len(missing)} models seen, {new} new, {changed} changed, in {seconds_since(started)}.")
        if missing:
            raise CommandError(f"The Hub shows no model named {', '.join(missing)}: check the spelling (owner/name).")

    def watch(self, repos: list[str]) -> None:
        started = time.monotonic()
        with watch.alone() as is_mine:
            if not is_mine:
                raise CommandError("A worker is watching right now: `manage.py ingest --status` shows how far it is.")
            names = repos or watch.due(timezone.now())
            found = [self.look(name) for name in tqdm(names, unit="repository", disable=None)]
        for each in found:
            if each.note:
                self.say(f"{each.repo_id}: {each.state}; {each.note}")
        self.say(f"{texts_in_words(found)}, in {seconds_since(started)}.")

    def look(self, name: str) -> Looked:
        looked: Looked = self.patiently(lambda: look(name, self.hub, now=timezone.now()))
        return looked

    def sweep(self, mine: Sweep, pages: int | None) -> None:
        started = time.monotonic()
        try:
            self.page_by_page(mine, until=mine.pages + pages if pages else None)
        except KeyboardInterrupt:
            raise CommandError(f"Stopped. {goes_on(mine)}", returncode=130) from None
        self.say(summary(mine, seconds_since(started)))
        if mine.finished_at and mine.error:
            raise CommandError(f"{mine.get_kind_display()}: {mine.error}.")

    def page_by_page(self, mine: Sweep, *, until: int | None) -> None:
        """What a worker does meanwhile is taken as done."""
        with tqdm(initial=mine.seen, unit="model", desc=mine.get_kind_display(), disable=None) as bar:
            while not mine.finished_at and (until is None or mine.pages < until):
                self.patiently(lambda: sweep.step(mine, self.hub, now=timezone.now()))
                mine.refresh_from_db()
                bar.update(max(mine.seen - bar.n, 0))

    def patiently(self, work: Any) -> Any:
        """Waits that the Hub names are waited; a Hub out of reach ends the command."""
        while True:
            try:
                return work()
            except HubUnavailable as error:
                if not error.wait:
                    raise CommandError(f"{error}. Nothing is lost: the same command goes on from here.") from error
                self.say(f"{error}; going on in {error.wait:.0f} s.")
                time.sleep(error.wait)

    def report(self, *, as_json: bool) -> None:
        found = status(redis_url=settings.REDIS_URL, now=timezone.now())
        self.say(json.dumps(found.as_dict(), cls=DjangoJSONEncoder) if as_json else in_words(found))

    def say(self, text: str) -> None:
        self.stdout.write(text)


def check(repos: list[str], since: str | None, pages: int | None, options: dict[str, Any]) -> None:
    of_models = bool(repos) and not options["watch"]
    if sum([of_models, bool(since), options["sweep"], options["watch"], options["status"]]) > 1:
        raise CommandError("REPO, --sweep, --watch, --since and --status exclude each other: give one.")
    if options["json"] and not options["status"]:
        raise CommandError("--json belongs to --status: add it.")
    if pages is not None and pages < 1:
        raise CommandError(f"--pages is {pages}: set it to 1 or more.")
    for repo in repos:
        if repo.count("/") > 1 or not all(repo.split("/")):
            raise CommandError(f"REPO is {repo!r}: write it as owner/name.")


def kinds(since: str | None, *, full: bool) -> list[str]:
    if since:
        return [Sweep.Kind.RECENT]
    return [Sweep.Kind.FULL] if full else [Sweep.Kind.CURATED, Sweep.Kind.TOP]


def moment(since: str | None) -> datetime | None:
    if since is None:
        return None
    try:
        found = datetime.fromisoformat(since)
    except ValueError:
        raise CommandError(f"--since is {since!r}: write a date as 2026-11-21 or 2026-11-21T12:00Z.") from None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    if found > timezone.now():
        raise CommandError(f"--since is {since!r}, which lies ahead: give a moment of the past.")
    return found


def goes_on(mine: Sweep) -> str:
    mine.refresh_from_db()
    return f"The same command goes on after page {mine.pages} ({mine.seen:,} models seen)."


def seconds_since(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


def summary(mine: Sweep, duration: str) -> str:
    models, resolved = known_models()
    share = f"{resolved / models:.0%}" if models else "none"
    return (
        f"{mine.get_kind_display()}: {mine.pages} pages, {mine.seen:,} models seen, {mine.created:,} new, "
        f"{mine.updated:,} changed, {mine.gone:,} gone, {mine.quarantined:,} quarantined, in {duration}. "
        + (f"License resolved: {share} of {models:,}." if mine.finished_at else goes_on(mine))
    )


def in_words(found: Status) -> str:
    lines = [
        f"{each.kind}: {each.state}, started {each.started_at:%Y-%m-%d %H:%M}, {each.pages} pages, {each.seen:,} seen, "
        f"{each.created:,} new, {each.updated:,} changed, {each.gone:,} gone, {each.quarantined:,} quarantined"
        + (f"; {each.error}" if each.error else "")
        for each in found.sweeps
    ]
    lag = "no sweep has ended" if found.lag_seconds is None else f"{found.lag_seconds:,} s since the last sweep began"
    queue = "out of reach" if found.queue is None else f"{found.queue} tasks waiting"
    return "\n".join([
        *(lines or ["No sweep yet: `manage.py ingest` runs the first."]),
        f"Lag: {lag}",
        f"Queue: {queue}",
        f"Last error: {found.last_error or 'none'}",
        f"Models: {found.models:,}, license resolved: {found.resolved:,}, quarantined records: {found.quarantined:,}",
        watch_in_words(found.watch),
    ])  # fmt: skip


def texts_in_words(found: list[Looked]) -> str:
    states = counted(Counter(sorted(each.state for each in found)))
    downloads, wordings = sum(each.downloads for each in found), sum(each.wordings for each in found)
    return f"{len(found):,} repositories looked at{states}, {downloads:,} downloads, {wordings:,} new wordings"


def watch_in_words(found: WatchLine) -> str:
    if found.last_look is None:
        return "Watched: no repository yet"
    return (
        f"Watched: {sum(found.repos.values()):,} repositories{counted(found.repos)}, "
        f"{sum(found.files.values()):,} files{counted(found.files)}, {found.held:,} wordings held, "
        f"last look {found.last_look:%Y-%m-%d %H:%M}"
    )


def counted(states: Mapping[str, int]) -> str:
    said = ", ".join(f"{number:,} {state.replace('_', ' ')}" for state, number in states.items())
    return f" ({said})" if said else ""
