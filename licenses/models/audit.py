"""Who did what to the directory, when and why: append-only, public, written in the transaction of the deed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from .clause import Clause
from .license import License
from .open_model import OpenModel
from .proposal import Proposal


class Deed(models.TextChoices):
    PROPOSED = "proposed", "proposed a reading"
    PUBLISHED = "published", "published a reading"
    CONFIRMED = "confirmed", "confirmed a reading"
    REVERTED = "reverted", "went back to an earlier reading"
    COPIED = "copied", "took over a reading of another license"
    ACCEPTED = "accepted", "accepted a proposal"
    DECLINED = "declined", "declined a proposal"
    WITHDREW = "withdrew", "withdrew a proposal"
    ESTABLISHED = "established", "entered a license"
    BROUGHT = "brought", "brought the words of a license"
    BOUND = "bound", "added a rule"
    UNBOUND = "unbound", "retired a rule"
    CONCLUDED = "concluded", "concluded a model's license"
    REOPENED = "reopened", "took back a conclusion"
    INVITED = "invited", "invited somebody"
    ROLES = "roles", "changed roles"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def newest(self) -> AuditEntryQuerySet:
        return self.order_by("-at", "-pk")

    def for_page(self) -> AuditEntryQuerySet:
        return self.select_related("license", "model", "proposal", "clause")

    def of_clause(self, license: License, kind: str) -> AuditEntryQuerySet:
        return self.filter(license=license, kind=kind)

    def of_person(self, pk: int) -> AuditEntryQuerySet:
        """The last one first; a later deed has a higher key."""
        return self.filter(by=pk).order_by("-pk")

    def after(self, pk: int) -> AuditEntryQuerySet:
        """The next page of a list whose last entry had this key; 0 for the first."""
        return self.filter(pk__lt=pk) if pk else self

    def by_person(self) -> list[tuple[int, str, bool, int, datetime]]:
        """Person, deed, whether a correction was its cause, how often, when last."""
        answers = models.When(proposal__origin__in=Proposal.FROM_OUTSIDE, then=True)
        told = self.exclude(by=None).annotate(of_correction=models.Case(answers, default=False))
        found = told.order_by("by", "deed", "of_correction").values_list("by", "deed", "of_correction")
        return list(found.annotate(times=models.Count("pk"), last_at=models.Max("at")))


class AuditEntry(models.Model):
    """One deed of one person. `before` and `after` are in words; the rows they speak of are kept beside."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="deeds")
    by_name = models.CharField(max_length=120, help_text="Display name at the time.")
    deed = models.CharField(max_length=12, choices=Deed.choices)
    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="deeds")
    kind = models.CharField(max_length=40, blank=True, help_text="Slug of a declared kind.")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="deeds")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="deeds")
    model = models.ForeignKey(OpenModel, models.PROTECT, null=True, blank=True, related_name="deeds")
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    reason = models.TextField(max_length=4000, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["license", "kind", "-at"], name="deeds_on_a_clause")]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_deed_display()}"
