"""What happened, whose doing it was and how much it weighs. Append-only; feeds and pages read it.

Four columns are filled by the database whoever writes the row (migration 0004): `happened_on`; `is_listed`, false for
models that no release names; and, for what one publisher did to many models on one day, `fold` and `lead`: such a bulk
is one entry, the first of its rows.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse

from .license import Document, License, Publisher, Revision
from .open_model import OpenModel
from .release import Release


class Cause(models.TextChoices):
    """Trust: *they changed it* (text, metadata) is never mistaken for *we read it better* (reading, rules)."""

    TEXT = "text", "the publisher changed words"
    METADATA = "metadata", "the publisher changed a tag"
    READING = "reading", "we read it better"
    RULES = "rules", "our software changed"


class Weight(models.TextChoices):
    """Quiet: feeds carry substantive changes unless asked for more."""

    SUBSTANTIVE = "substantive", "substantive"
    COSMETIC = "cosmetic", "cosmetic"
    FAULT = "fault", "fault"


class Event(models.TextChoices):
    TEXT_CHANGED = "text_changed", "text changed"
    LICENSE_CHANGED = "license_changed", "license changed"
    NEXT_VERSION = "next_version", "next version differs"
    STATED = "stated", "statement changed"
    TEXT_GONE = "text_gone", "license file removed"
    GATE_CHANGED = "gate_changed", "access gate changed"
    BASE_CHANGED = "base_changed", "base model changed"
    GONE = "gone", "no longer on the Hub"
    RETURNED = "returned", "back on the Hub"
    RENAMED = "renamed", "renamed"
    READ = "read", "clauses read"
    ADDED = "added", "entered the directory"


class Direction(models.TextChoices):
    """For whoever uses the model; empty while nobody has read what moved."""

    LOOSER = "looser", "looser"
    TIGHTER = "tighter", "tighter"
    MIXED = "mixed", "looser and tighter"
    NEITHER = "neither", "neither looser nor tighter"
    UNKNOWN = "", "not read yet"


class ChangeQuerySet(models.QuerySet["Change"]):
    def substantive(self) -> ChangeQuerySet:
        return self.filter(weight=Weight.SUBSTANTIVE)

    def listed(self) -> ChangeQuerySet:
        """Of licenses, releases, publishers, watched texts, and of models that a release names."""
        return self.filter(is_listed=True)

    def entries(self) -> ChangeQuerySet:
        """One for each bulk, with `folded`: how many models it tells of beside its own."""
        followers = Change.objects.filter(lead=models.OuterRef("pk")).order_by().values("lead")
        count = followers.annotate(rows=models.Count("pk")).values("rows")
        return self.filter(lead__isnull=True).annotate(folded=Coalesce(models.Subquery(count), 0))  # type: ignore[no-redef]

    def newest(self) -> ChangeQuerySet:
        """The latest event first, whenever we learnt of it."""
        return self.order_by("-happened_on", "-pk")

    def with_subjects(self) -> ChangeQuerySet:
        return self.select_related(
            "license__steward",
            "release__publisher",
            "publisher",
            "model",
            "license_before",
            "license_after",
            "document",
        )


class Change(models.Model):
    """One event about one license, model, release or publisher, kept together with what it tells of."""

    class Covers(models.TextChoices):
        """What the terms that changed are terms of."""

        WEIGHTS = "weights", "weights"
        CODE = "code", "code"
        DATA = "data", "data"
        POLICY = "policy", "use policy"
        OUTPUTS = "outputs", "outputs"

    class Evidence(models.TextChoices):
        PRIMARY = "primary", "the publisher's own file"
        SECONDARY = "secondary", "a copy, or the word of others"

    key = models.SlugField(
        max_length=80,
        unique=True,
        db_default=Cast(RandomUUID(), models.CharField(max_length=80)),
        help_text="Its name for ever, in addresses and feeds.",
    )
    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="changes")
    model = models.ForeignKey(OpenModel, models.PROTECT, null=True, blank=True, related_name="changes")
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="changes")
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="changes")
    event = models.CharField(max_length=20, choices=Event.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    weight = models.CharField(max_length=12, choices=Weight.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices, blank=True, db_default="")
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    moved = models.JSONField(
        default=list, blank=True, help_text="Clauses that moved: kind, before, after, direction, words."
    )
    summary = models.CharField(max_length=400, blank=True, db_default="", help_text="One sentence, in our words.")
    covers = ArrayField(models.CharField(max_length=10, choices=Covers.choices), db_default=[], blank=True)
    license_before = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="+")
    license_after = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="arrivals")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="changes")
    revision_before = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    revision_after = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=300, blank=True, db_default="", help_text="Repository, commit and path.")
    evidence = models.CharField(max_length=10, choices=Evidence.choices, blank=True, db_default="")
    remark = models.CharField(max_length=400, blank=True, db_default="", help_text="What a reader should know of it.")
    effective_on = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField()
    happened_on = models.DateField(editable=False, help_text="When it took effect; when we saw it, if nobody says.")
    is_listed = models.BooleanField(editable=False, help_text="About the directory, not just any model of the Hub.")
    fold = models.CharField(max_length=32, editable=False, blank=True, db_default="")
    lead = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="followers")

    objects = ChangeQuerySet.as_manager()

    #: Added by `entries()`.
    folded: int

    class Meta:
        indexes = [
            models.Index(
                fields=["-happened_on", "-id"], condition=Q(lead__isnull=True), name="change_entries_newest_first"
            ),
            models.Index(
                fields=["-happened_on", "-id"],
                condition=Q(lead__isnull=True, is_listed=True),
                name="listed_entries_newest_first",
            ),
            models.Index(
                fields=["fold"], condition=Q(lead__isnull=True) & ~Q(fold=""), name="changes_that_others_follow"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(
                        Q(
                            **{
                                f"{name}__isnull": name != subject
                                for name in ("license", "model", "release", "publisher")
                            }
                        )
                        for subject in ("license", "model", "release", "publisher")
                    ),
                    _connector=Q.OR,
                ),
                name="a_change_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.summary or f"{self.get_event_display()}: {self.before or 'none'} → {self.after or 'none'}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.key])

    @property
    def subject(self) -> License | OpenModel | Release | Publisher:
        found = self.license or self.model or self.release or self.publisher
        assert found is not None  # noqa: S101 - a constraint of the table
        return found

    @property
    def is_theirs(self) -> bool:
        """They changed it; otherwise we read it better."""
        return self.cause in (Cause.TEXT, Cause.METADATA)
