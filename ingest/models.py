"""Runs over the Hub's listing, what each saw, what could not be read, and the repositories whose texts are watched."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from licenses.models import Document

MERGE_LOCK = 0x6F70656E
IN_HAND = timedelta(minutes=2)


def wait_for_others() -> None:
    """Writers of models and of their counts come one after the other: this lock ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MERGE_LOCK])


class SweepQuerySet(models.QuerySet["Sweep"]):
    def unfinished(self) -> SweepQuerySet:
        return self.filter(finished_at__isnull=True).order_by("pk")

    def due(self, now: datetime) -> SweepQuerySet:
        """Unfinished, and not resting because the Hub asked for patience."""
        return self.unfinished().filter(Q(resume_at__isnull=True) | Q(resume_at__lte=now))

    def left_behind(self, now: datetime) -> SweepQuerySet:
        """Due, and nobody took in a page for a while."""
        return self.due(now).filter(Q(moved_at__isnull=True) | Q(moved_at__lte=now - IN_HAND))

    def complete(self) -> SweepQuerySet:
        """Ended without error: what they saw is what the Hub shows."""
        return self.filter(finished_at__isnull=False, error="")

    def failing(self) -> SweepQuerySet:
        """With an error that no later run of the same kind made good."""
        later = Sweep.objects.complete().filter(kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
        return self.exclude(error="").filter(~Exists(later))

    def newest(self) -> SweepQuerySet:
        return self.order_by("-started_at", "-pk")


class Sweep(models.Model):
    """One run over the listing: what kind, how far it came, what it did.

    `checkpoint` is the address of the next page (curated: the last repository done). Page and checkpoint are
    written in one transaction, so that a kill costs one page at most.
    """

    class Kind(models.TextChoices):
        FULL = "full", "every model"
        TOP = "top", "the most downloaded"
        RECENT = "recent", "recently modified"
        CURATED = "curated", "the repositories of the catalogue"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    since = models.DateTimeField(null=True, blank=True, help_text="Recent only: stop at models older than this.")
    checkpoint = models.TextField(blank=True, help_text="Address of the next page; empty before the first.")
    pages = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    restarts = models.PositiveSmallIntegerField(default=0, help_text="How often the Hub refused the cursor.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Tries in a row that the Hub did not answer.")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When its last page was taken in.")
    resume_at = models.DateTimeField(null=True, blank=True, help_text="Not before: the Hub needs a rest.")
    error = models.TextField(blank=True, help_text="The last error, in words.")

    objects = SweepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(finished_at__isnull=True), name="one_unfinished_sweep_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, started {self.started_at:%Y-%m-%d %H:%M}"


class Sighting(models.Model):
    """A model met since the full sweep began, whoever met it; one never met gets its tombstone at the end.

    Emptied then, by TRUNCATE: hence no constraint on the sweep, whose deferred check would forbid it.
    """

    pk = models.CompositePrimaryKey("sweep_id", "hub_id")
    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="sightings", db_index=False, db_constraint=False)
    hub_id = models.CharField(max_length=24)


class Quarantine(models.Model):
    """A record of the Hub that could not be read, and why. The sweep went on without it."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of reason and record: kept once.")
    repo_id = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)
    record = models.TextField(help_text="The start of the raw record, at most 4,000 characters.")
    seen_at = models.DateTimeField()
    sweep = models.ForeignKey(Sweep, models.SET_NULL, null=True, blank=True, related_name="quarantines")

    def __str__(self) -> str:
        return f"{self.repo_id or 'unnamed record'}: {self.reason}"


class Watch(models.Model):
    """A repository whose license texts are watched, under the name it is asked by, and what the Hub said last."""

    class State(models.TextChoices):
        OK = "ok", "its files are read"
        GATED = "gated", "its files are for those who asked for access"
        RENAMED = "renamed", "it has another name, under which it is read"
        REPLACED = "replaced", "another repository has its name"
        GONE = "gone", "deleted, private or never there"
        DISABLED = "disabled", "disabled by the Hub"
        REFUSED = "refused", "the Hub's answer is of no use"

    repo_id = models.CharField(max_length=200, unique=True)
    hub_id = models.CharField(max_length=24, blank=True, db_index=True, help_text="Whose texts these are.")
    commit = models.CharField(max_length=40, blank=True, help_text="Where its files were last read.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OK)
    moved_to = models.CharField(max_length=200, blank=True, help_text="Its present name, if that is another.")
    note = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When the Hub last answered about it.")
    resume_at = models.DateTimeField(null=True, blank=True, help_text="Not before: the Hub did not answer.")

    class Meta:
        verbose_name_plural = "watched repositories"

    def __str__(self) -> str:
        return self.repo_id


class WatchedFile(models.Model):
    """A file of a watched repository and the document it belongs to; none as long as it gave no text."""

    class State(models.TextChoices):
        KEPT = "kept", "its words are ours"
        FAULT = "fault", "no text: PDF, web page, binary"
        TOO_LARGE = "too_large", "larger than any license"
        NO_SECTION = "no_section", "a model card without a word on the license"
        GATED = "gated", "for those who asked for access"
        MISSING = "missing", "not in the repository"
        REFUSED = "refused", "not given, or not what was listed"

    watch = models.ForeignKey(Watch, models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    document = models.ForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="places")
    blob = models.CharField(max_length=40, blank=True, help_text="Git's name of the content that was last judged.")
    state = models.CharField(max_length=10, choices=State.choices)
    note = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(help_text="When it was last asked for, or came to this state.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "path", "document"], nulls_distinct=False, name="a_file_is_watched_once_per_document"
            )
        ]

    def __str__(self) -> str:
        return f"{self.watch}: {self.path}"
