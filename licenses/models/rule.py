"""How declared metadata points to a license. Rules are rows: adding one needs no release of ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from .license import License
from .open_model import OpenModel


class RuleQuerySet(models.QuerySet["Rule"]):
    def in_force(self) -> RuleQuerySet:
        return self.filter(retired_at__isnull=True)

    def from_files(self) -> RuleQuerySet:
        """Those of the catalogue, which its files alone decide on."""
        return self.filter(added_at__isnull=True)


class Rule(models.Model):
    """One spelling and the license it means. See decision record 0002. A curator's rule is retired, never edited."""

    class Signal(models.TextChoices):
        TAG = "tag", "Hub license identifier"
        NAME = "name", "license_name"
        LINK = "link", "license_link"
        REPO = "repo", "known repository"

    signal = models.CharField(max_length=4, choices=Signal.choices)
    value = models.CharField(max_length=300, help_text="Normalised as `licenses.spelling.normal` writes it.")
    author = models.CharField(max_length=100, blank=True, help_text="Only for models of this namespace.")
    license = models.ForeignKey(License, models.CASCADE, related_name="rules")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Curators only."
    )
    added_at = models.DateTimeField(null=True, blank=True, help_text="Empty for rules of the catalogue's files.")
    reason = models.CharField(max_length=400, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signal", "value", "author"],
                condition=Q(retired_at__isnull=True),
                name="a_spelling_means_one_license",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signal}:{self.author + '/' if self.author else ''}{self.value}"


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    def standing(self) -> ConclusionQuerySet:
        return self.filter(superseded_at__isnull=True)

    def speaking_for(self, model: OpenModel) -> Conclusion | None:
        """The one that decided; no query where a rule did."""
        if model.license_id and not model.resolved_by.startswith("concluded:"):
            return None
        return self.standing().filter(model=model).first()


class Conclusion(models.Model):
    """What a curator holds a model's license to be after reading evidence, whatever its metadata says.

    Without a license: what it declares is not its license, and which one is, nobody here knows. Append-only.
    """

    model = models.ForeignKey(OpenModel, models.PROTECT, related_name="conclusions")
    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="conclusions")
    reason = models.TextField(max_length=2000)
    evidence = models.URLField(max_length=500, blank=True)
    quote = models.CharField(max_length=300, blank=True, help_text="The words that show it.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ConclusionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=Q(superseded_at__isnull=True), name="one_standing_conclusion_per_model"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_conclusion_says_why"),
            models.CheckConstraint(condition=~Q(evidence="", quote=""), name="a_conclusion_has_evidence"),
        ]

    def __str__(self) -> str:
        return f"{self.model}: {self.license or 'not known'}"
