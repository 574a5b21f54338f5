"""Suggested readings and corrections, what became of them, and the work that curators have in hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.urls import reverse

from licenses.clauses import KIND, ClauseKind

from .clause import Clause
from .license import License


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def waiting(self) -> ProposalQuerySet:
        return self.filter(outcome=Proposal.Outcome.WAITING)

    def corrections(self) -> ProposalQuerySet:
        """What people outside sent: words, and no reading yet."""
        return self.filter(origin__in=Proposal.FROM_OUTSIDE)

    def made_by(self, user: User) -> ProposalQuerySet:
        return self.filter(made_by=user)

    def of_others(self, user: User) -> ProposalQuerySet:
        """A second reading is another person's."""
        return self.exclude(made_by=user)

    def decided_since(self, since: datetime) -> ProposalQuerySet:
        """The last decision first."""
        return self.filter(decided_at__gte=since).order_by("-decided_at", "-pk")

    def declined(self) -> ProposalQuerySet:
        return self.filter(outcome=Proposal.Outcome.DECLINED)

    def oldest(self) -> ProposalQuerySet:
        return self.order_by("made_at", "pk")

    def newest(self) -> ProposalQuerySet:
        return self.order_by("-made_at", "-pk")

    def for_page(self) -> ProposalQuerySet:
        return self.select_related("license", "decided_by", "made_by", "clause", "based_on", "answers")


class Proposal(models.Model):
    """Somebody holds that a reading should be another. What becomes of it is for a person to decide.

    A curator's has a reading; a visitor's or publisher's has words, to which a curator may make a reading. What was
    proposed is never edited: only its outcome is written, once (migration 0007), and the e-mail address taken out.
    """

    class Origin(models.TextChoices):
        RULE = "rule", "a rule of ours"
        CURATOR = "curator", "a curator"
        VISITOR = "visitor", "a visitor"
        PUBLISHER = "publisher", "somebody who speaks for the publisher"

    FROM_OUTSIDE = (Origin.VISITOR, Origin.PUBLISHER)

    class Outcome(models.TextChoices):
        WAITING = "waiting", "waiting"
        ACCEPTED = "accepted", "accepted"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn"

    key = models.SlugField(
        max_length=80,
        unique=True,
        db_default=Cast(RandomUUID(), models.CharField(max_length=80)),
        help_text="Its name for ever, in addresses.",
    )
    license = models.ForeignKey(License, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=40, help_text="Slug of a declared kind.")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    text = models.TextField(max_length=4000, help_text="What is wrong, or why it should be read so.")
    evidence = models.URLField(max_length=500, blank=True)
    reading = models.JSONField(null=True, blank=True, help_text="A whole reading, as `licenses.curation` writes it.")
    since = models.DateField(null=True, blank=True, help_text="The reading is of words in force since then.")
    based_on = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", help_text="What stood there when it was made."
    )
    answers = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="answered_by", help_text="The correction it is for."
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    made_by_name = models.CharField(max_length=120, blank=True, help_text="Display name, as it is shown to all.")
    email = models.EmailField(blank=True, help_text="For a question back. Never shown; emptied with the decision.")
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(max_length=2000, blank=True, help_text="Why it was decided so; shown to all.")
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", help_text="The reading that came of it."
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        permissions = [
            ("curate", "Read licenses: claim, propose, publish what one reader may"),
            ("review", "Second reader: confirm, publish, decline"),
            ("invite", "Invite people and give them roles"),
        ]
        indexes = [models.Index(fields=["license", "kind"], condition=Q(outcome="waiting"), name="proposals_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="waiting", decided_at__isnull=True)
                | (~Q(outcome="waiting") & Q(decided_at__isnull=False)),
                name="a_decided_proposal_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="declined") | ~Q(decision=""), name="a_declined_proposal_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(origin="curator") | Q(reading__isnull=False, made_by__isnull=False),
                name="a_curator_proposes_a_reading",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.license}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        """Where everybody sees what became of it."""
        return reverse("proposal", args=[self.key])

    @property
    def declaration(self) -> ClauseKind:
        return KIND[self.kind]

    @property
    def is_waiting(self) -> bool:
        return self.outcome == self.Outcome.WAITING

    @property
    def is_correction(self) -> bool:
        return self.origin in self.FROM_OUTSIDE

    @property
    def whose(self) -> str:
        """Who made it, in few words."""
        return self.made_by_name or self.get_origin_display()


class Draft(models.Model):
    """What a curator has typed into the form of one clause and not handed in yet: kept as it was typed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    license = models.ForeignKey(License, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=40, help_text="Slug of a declared kind.")
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="The form's fields: name → values.")
    based_on = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", help_text="What stood there when it was begun."
    )
    proposal = models.ForeignKey(
        Proposal, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The correction it answers."
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "license", "kind"], name="one_draft_of_a_clause_each")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.license}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def live(self, now: datetime) -> ClaimQuerySet:
        return self.filter(until__gt=now)


class Claim(models.Model):
    """A curator works on this; others see it and leave it alone until it runs out."""

    item = models.CharField(max_length=320, unique=True, help_text="Topic and key of the queue's entry.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    def __str__(self) -> str:
        return self.item
