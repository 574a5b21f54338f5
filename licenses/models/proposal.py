"""Suggested readings and corrections, and what became of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .clause import Clause
from .license import License


class Proposal(models.Model):
    """Somebody, or a rule, holds that a reading should be another. What becomes of it is for a person to decide."""

    class Origin(models.TextChoices):
        RULE = "rule"
        CURATOR = "curator"
        VISITOR = "visitor"

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"

    license = models.ForeignKey(License, models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=40, help_text="Slug of a declared kind.")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    text = models.TextField(max_length=4000)
    evidence = models.URLField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at__isnull=True)
                | (~Q(outcome="waiting") & Q(decided_at__isnull=False)),
                name="a_decided_proposal_says_when",
            )
        ]
