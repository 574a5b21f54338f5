"""Who publishes, what a license is, and the documents and wordings it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property

from licenses.clauses import CLAUSES, Answer, ClauseKind
from licenses.clauses.reading import Terms
from licenses.clauses.scale import MAU_CAP

from .clause import Clause, ClauseQuerySet


class Publisher(models.Model):
    """Who releases models or writes licenses."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166 code of the seat; INT, EU for groups.")
    hub_organisations = ArrayField(models.CharField(max_length=96), default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class LicenseKind(models.TextChoices):
    """Seed question 1: is it a text that everyone knows?"""

    STANDARD = "standard", "standard"
    STANDARD_OTHER = "standard-other", "standard, other"
    MODIFIED_STANDARD = "modified-standard", "modified standard"
    CUSTOM = "custom", "custom"


def readings(kinds: Iterable[ClauseKind] = CLAUSES) -> models.Prefetch[str, ClauseQuerySet, str]:
    clauses = Clause.objects.current().filter(kind__in=[kind.slug for kind in kinds]).with_details()
    return models.Prefetch("clauses", queryset=clauses, to_attr="readings")


class LicenseQuerySet(models.QuerySet["License"]):
    def answering(self, kind: ClauseKind, answers: Collection[Answer]) -> LicenseQuerySet:
        """Licenses whose current reading of a kind is one of the answers; `UNREAD` means no reading."""
        readings = Clause.objects.current().filter(license=OuterRef("pk"), kind=kind.slug)
        found = Exists(readings.filter(answer__in=[answer for answer in answers if answer.is_read]))
        if Answer.UNREAD in answers:
            return self.filter(found | ~Exists(readings))
        return self.filter(found)

    def without_mau_cap(self) -> LicenseQuerySet:
        """Among those that somebody read: nothing is promised of the others."""
        return self.answering(MAU_CAP, MAU_CAP.means("no"))

    def by_name(self) -> LicenseQuerySet:
        return self.order_by("short_name", "pk")

    def with_readings(self) -> LicenseQuerySet:
        """Adds `readings`: the current clauses with thresholds, territories and quotes, in two more queries."""
        return self.prefetch_related(readings())

    def load_readings(self, licenses: Iterable[License], kinds: Iterable[ClauseKind]) -> None:
        """The same for licenses already at hand, and for some kinds only."""
        models.prefetch_related_objects(list(licenses), readings(kinds))

    def for_page(self) -> LicenseQuerySet:
        return self.select_related("steward", "modifies", "supersedes").with_readings()


class License(models.Model):
    """A named family of terms. What it says is in its clauses; its words are in its documents."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=40)
    identifier = models.CharField(max_length=100, unique=True, help_text="SPDX id, or LicenseRef-<slug>.")
    kind = models.CharField(max_length=20, choices=LicenseKind.choices)
    label = models.CharField(max_length=20, blank=True, help_text="Custom only: community, rail, research …")
    modifies = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="modified_by")
    family = models.CharField(max_length=60, blank=True)
    version = models.CharField(max_length=30, blank=True)
    released_on = models.DateField(null=True, blank=True, help_text="Release of the version; snapshots look before it.")
    steward = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="licenses")
    licensor = models.CharField(max_length=80, blank=True, help_text="As sentences name it.")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    objects = LicenseQuerySet.as_manager()

    #: Current clauses, loaded by `with_readings()`.
    readings: list[Clause]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=LicenseKind.MODIFIED_STANDARD, modifies__isnull=False)
                | (~Q(kind=LicenseKind.MODIFIED_STANDARD) & Q(modifies__isnull=True)),
                name="only_a_modified_standard_license_modifies_another",
            ),
            models.CheckConstraint(
                condition=Q(label="") | Q(kind=LicenseKind.CUSTOM), name="only_a_custom_license_has_a_label"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("license", args=[self.slug])

    def clause(self, kind: ClauseKind) -> Clause | None:
        """Our current reading of a kind, or None when nobody has read it yet."""
        return self.by_kind.get(kind.slug)

    @cached_property
    def by_kind(self) -> dict[str, Clause]:
        return {clause.kind: clause for clause in self.readings}

    def terms(self) -> Terms:
        """The license as a plain value. Needs `with_readings()`."""
        readings = {slug: clause.value() for slug, clause in self.by_kind.items()}
        return Terms(licensor=self.licensor, released_on=self.released_on, readings=readings)


class Attribute(models.Model):
    """A fact about a license that its text cannot tell: what others hold of it."""

    class Name(models.TextChoices):
        OSI_APPROVED = "osi_approved", "OSI-approved"
        FSF_FREE = "fsf_free", "FSF free"

    license = models.ForeignKey(License, models.CASCADE, related_name="attributes")
    name = models.CharField(max_length=20, choices=Name.choices)
    value = models.BooleanField()
    source = models.CharField(max_length=300)
    as_of = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["license", "name"], name="an_attribute_is_stated_once")]


class Document(models.Model):
    """One part of a license's bundle, and the place where we watch it."""

    class Role(models.TextChoices):
        AGREEMENT = "agreement", "agreement"
        ACCEPTABLE_USE_POLICY = "acceptable_use_policy", "acceptable use policy"
        PROHIBITED_USE_POLICY = "prohibited_use_policy", "prohibited use policy"
        NOTICE = "notice", "notice"
        GATE_FORM = "gate_form", "gate form"

    license = models.ForeignKey(License, models.CASCADE, related_name="documents")
    key = models.SlugField(max_length=30)
    role = models.CharField(max_length=30, choices=Role.choices)
    title = models.CharField(max_length=160)
    repo = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["license", "key"], name="a_document_key_is_unique_in_its_license"),
            models.UniqueConstraint(
                fields=["license"],
                condition=Q(role="agreement", retired_on__isnull=True),
                name="a_license_has_one_current_agreement",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One exact wording of a document. Immutable; the words may still be fetched after the hash is known."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="revisions")
    raw_sha256 = models.CharField(max_length=64, help_text="Of the exact bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the normalised text, once fetched.")
    text = models.TextField(blank=True, help_text="Normalised; empty while not fetched yet.")
    source = models.CharField(max_length=300, help_text="Repository, commit and path, or package entry.")
    effective_on = models.DateField(null=True, blank=True)
    first_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "raw_sha256"], name="a_wording_is_kept_once_per_document"),
        ]

    def __str__(self) -> str:
        return f"{self.document} of {self.effective_on or 'unknown date'}"
