"""What happened, whose doing it was and how much it weighs. Append-only; feeds and pages read it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from .license import License
from .open_model import OpenModel


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
    LICENSE_CHANGED = "license_changed", "license changed"
    GATE_CHANGED = "gate_changed", "access gate changed"
    GONE = "gone", "no longer on the Hub"
    RETURNED = "returned", "back on the Hub"
    RENAMED = "renamed", "renamed"
    READ = "read", "clauses read"


class ChangeQuerySet(models.QuerySet["Change"]):
    def substantive(self) -> ChangeQuerySet:
        return self.filter(weight=Weight.SUBSTANTIVE)

    def newest(self) -> ChangeQuerySet:
        return self.order_by("-seen_at", "-pk")


class Change(models.Model):
    """One event about one license or one model, kept together with what it tells of."""

    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="changes")
    model = models.ForeignKey(OpenModel, models.PROTECT, null=True, blank=True, related_name="changes")
    event = models.CharField(max_length=20, choices=Event.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    weight = models.CharField(max_length=12, choices=Weight.choices)
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    moved = models.JSONField(default=list, blank=True, help_text="Clauses that moved: kind, before, after.")
    effective_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-seen_at", "-id"], name="changes_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(license__isnull=False, model__isnull=True) | Q(license__isnull=True, model__isnull=False),
                name="a_change_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.before or 'none'} → {self.after or 'none'}"
