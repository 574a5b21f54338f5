"""Who publishes, what a license is, and the documents and wordings it is made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject, Lower
from django.urls import reverse
from django.utils.functional import cached_property

from licenses.clauses import CLAUSES, Answer, ClauseKind
from licenses.clauses.reading import Terms
from licenses.clauses.scale import MAU_CAP

from .clause import Clause, ClauseQuerySet, children, in_force

if TYPE_CHECKING:
    pass


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


def outlines(kinds: Iterable[ClauseKind]) -> models.Prefetch[str, ClauseQuerySet, str]:
    clauses = Clause.objects.current().filter(kind__in=[kind.slug for kind in kinds])
    return models.Prefetch("clauses", queryset=clauses.with_amounts(), to_attr="readings")


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

    def matching(self, search: str) -> LicenseQuerySet:
        """Licenses in whose names, identifier, family or steward every word stands."""
        fields = ("name", "short_name", "identifier", "slug", "family", "steward__name")
        found = self
        for word in search.split()[:8]:
            found = found.filter(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR))
        return found

    def read(self) -> LicenseQuerySet:
        """Those of which somebody read a clause."""
        return self.filter(Exists(Clause.objects.current().filter(license=OuterRef("pk"))))

    def by_name(self) -> LicenseQuerySet:
        return self.order_by(Lower("short_name"), "pk")

    def with_readings(self, kinds: Collection[ClauseKind] = CLAUSES) -> LicenseQuerySet:
        """Adds `readings`: today's clauses with thresholds, territories and quotes, in two more queries."""
        clauses = Clause.objects.current().filter(kind__in=[kind.slug for kind in kinds]).with_details()
        return self.prefetch_related(models.Prefetch("clauses", queryset=clauses, to_attr="readings"))  # type: ignore[no-redef]

    def load_outlines(self, licenses: Iterable[License], kinds: Iterable[ClauseKind]) -> None:
        """Adds `readings` without quotes to licenses already at hand."""
        models.prefetch_related_objects(list(licenses), outlines(kinds))

    def load_words(self, licenses: Iterable[License]) -> None:
        """Adds `readings` with their quotes as mappings, in one query."""
        clauses = models.Prefetch("clauses", Clause.objects.current().with_words(), to_attr="readings")
        models.prefetch_related_objects(list(licenses), clauses)

    def for_table(self) -> LicenseQuerySet:
        return self.select_related("steward", "count").by_name()

    def with_outlines(self, kinds: Iterable[ClauseKind] = CLAUSES) -> LicenseQuerySet:
        """Adds `readings`, without their quotes."""
        return self.prefetch_related(outlines(kinds))

    def by_answer(self) -> list[tuple[str, str, list[dict[str, str]]]]:
        """Kind, answer, and the licenses that answer so today (`slug` and `name` of each), by name."""
        license = JSONObject(slug="license__slug", name="license__short_name")
        found = Clause.objects.current().filter(license__in=self).order_by().values_list("kind", "answer")
        return list(found.annotate(licenses=ArrayAgg(license, order_by="license__short_name")))

    def for_page(self) -> LicenseQuerySet:
        """Adds `history`: every standing reading, of today's wordings and of earlier ones; and `stated` attributes."""
        history = models.Prefetch("clauses", Clause.objects.standing().with_details(), to_attr="history")
        joined = self.select_related("steward", "modifies", "supersedes", "count")
        return joined.annotate(facts=children(Attribute, "license")).prefetch_related(history)  # type: ignore[no-redef]

    def of_family(self, family: str) -> LicenseQuerySet:
        """The versions of a family, oldest first, with their `history` but not its quotes."""
        history = models.Prefetch("clauses", Clause.objects.standing().with_amounts(), to_attr="history")
        versions = self.filter(family=family).exclude(family="").prefetch_related(history)  # type: ignore[no-redef]
        return versions.order_by(models.F("released_on").asc(nulls_last=True), "pk")


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

    #: Today's clauses, loaded by `with_readings()`.
    readings: list[Clause]
    #: Today's and earlier ones, loaded by `for_page()` and `of_family()`.
    history: list[Clause]
    #: The attributes as mappings, loaded by `for_page()`.
    facts: list[dict[str, Any]]

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

    @property
    def kind_in_a_word(self) -> str:
        """For narrow cells."""
        return "modified" if self.kind == LicenseKind.MODIFIED_STANDARD else self.get_kind_display()

    @property
    def stated(self) -> list[Attribute]:
        """What others hold of it; the dates are text. Needs `for_page()`."""
        return [Attribute(**fact) for fact in self.facts]

    @property
    def models_counted(self) -> int | None:
        """Models on the Hub under it, as last counted; None before the first count. Needs `select_related("count")`."""
        count = getattr(self, "count", None)
        return count.total if count else None

    def as_of(self, day: date | None) -> License:
        """The same license with the readings that were true on a day; today's without one. Needs `for_page()`."""
        self.readings = in_force(self.history, day)
        self.__dict__.pop("by_kind", None)
        return self

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
