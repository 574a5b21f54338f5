"""Models on the Hub, as ingested: the bulk side of the directory."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.urls import NoReverseMatch, reverse

from licenses.clauses import Answer, ClauseKind

from .license import License, LicenseQuerySet


@models.CharField.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`repo_id__any_of=OuterRef("repos")`: equal to one element of an array, by index."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


#: Names, and the bases that the models of these names state, and so on. Circles end by the number of steps.
LINE = """
WITH RECURSIVE line (repo, steps) AS (
    SELECT unnest(%s::varchar[]), 1
    UNION
    SELECT unnest(model.base_models), line.steps + 1
    FROM licenses_openmodel model JOIN line ON model.repo_id = line.repo
    WHERE model.gone_at IS NULL AND line.steps < %s
) SELECT repo FROM line
"""


class OpenModelQuerySet(models.QuerySet["OpenModel"]):
    def live(self) -> OpenModelQuerySet:
        return self.filter(gone_at__isnull=True)

    def under(self, licenses: LicenseQuerySet) -> OpenModelQuerySet:
        return self.filter(license__in=licenses)

    def answering(self, kind: ClauseKind, answers: Collection[Answer]) -> OpenModelQuerySet:
        """Models by what their resolved license says. A model that no rule resolved is unread."""
        chosen = Q(license__in=License.objects.answering(kind, answers))
        if Answer.UNREAD in answers:
            chosen |= Q(license__isnull=True)
        return self.filter(chosen)

    def without_mau_cap(self) -> OpenModelQuerySet:
        return self.under(License.objects.without_mau_cap())

    def of_names(self, repos: Collection[str]) -> OpenModelQuerySet:
        """One array instead of a parameter each: there may be ten thousand."""
        return self.filter(repo_id__any_of=list(repos))

    def ancestors(self, repos: Collection[str], farthest: int) -> OpenModelQuerySet:
        """Living models of these names, and those that they say they were made from, so many steps up.

        With no more of them than a line of descent needs.
        """
        names = RawSQL(LINE, [list(repos), farthest])  # noqa: S611 - a constant, and its parameters
        return (
            self.live().filter(repo_id__in=names).only("repo_id", "license_id", "base_models", "base_relation", "task")
        )

    def by_downloads(self) -> OpenModelQuerySet:
        return self.order_by("-downloads", "-pk")

    def after(self, downloads: int, pk: int) -> OpenModelQuerySet:
        """What follows a row in `by_downloads()`."""
        return self.filter(Q(downloads__lt=downloads) | Q(downloads=downloads, pk__lt=pk))

    def for_page(self) -> OpenModelQuerySet:
        readings = License.objects.select_related("steward").with_readings()
        return self.prefetch_related(models.Prefetch("license", queryset=readings))

    def named(self, repo_id: str) -> OpenModelQuerySet:
        """The repository of that name; a name can pass to another repository, so the living come first."""
        return self.filter(repo_id=repo_id).order_by(models.F("gone_at").desc(nulls_first=True), "-pk")


class OpenModel(models.Model):
    """One Hub repository. `hub_id` is its identity: it survives renames.

    The declared fields are the publisher's claim, kept verbatim (bounded, with NUL and lone surrogates
    taken out). `license` is what our rules make of it and `resolved_by` the rule that spoke; with no
    rule both stay empty: not resolved is never "open".
    """

    class Gate(models.TextChoices):
        OPEN = "", "not gated"
        AUTO = "auto", "gated, granted automatically"
        MANUAL = "manual", "gated, granted by hand"

    hub_id = models.CharField(max_length=24, unique=True)
    repo_id = models.CharField(max_length=200, db_index=True)
    author = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(null=True)
    modified_at = models.DateTimeField(null=True)
    downloads = models.BigIntegerField(default=0, help_text="Last 30 days.")
    likes = models.IntegerField(default=0)
    gate = models.CharField(max_length=6, choices=Gate.choices, blank=True, default="")
    disabled = models.BooleanField(default=False)
    task = models.CharField(max_length=60, blank=True, help_text="The Hub's pipeline tag.")
    library = models.CharField(max_length=60, blank=True)
    parameters = models.BigIntegerField(null=True, blank=True)
    declared = ArrayField(models.CharField(max_length=100), default=list, blank=True, help_text="License identifiers.")
    declared_name = models.CharField(max_length=200, blank=True)
    declared_link = models.CharField(max_length=500, blank=True)
    base_models = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    base_relation = models.CharField(max_length=12, blank=True)
    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="models", db_index=False)
    resolved_by = models.CharField(max_length=300, blank=True, help_text="The rule that resolved the license.")
    first_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True, help_text="Missing since; a tombstone, never a delete.")

    objects = OpenModelQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["license", "-downloads", "-id"],
                condition=Q(gone_at__isnull=True),
                name="models_under_a_license",
            ),
            models.Index(fields=["-downloads", "-id"], condition=Q(gone_at__isnull=True), name="models_by_downloads"),
            models.Index(fields=["author", "-downloads"], name="models_of_an_author"),
            models.Index(
                fields=["declared_name"],
                condition=Q(gone_at__isnull=True) & ~Q(declared_name=""),
                name="models_with_a_license_name",
            ),
            models.Index(
                fields=["declared_link"],
                condition=Q(gone_at__isnull=True) & ~Q(declared_link=""),
                name="models_with_a_license_link",
            ),
            models.Index(
                fields=["id"],
                condition=Q(gone_at__isnull=True, license__isnull=True)
                & (~Q(declared=[]) | ~Q(declared_name="") | ~Q(declared_link="")),
                name="models_waiting_for_a_rule",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["repo_id"], condition=Q(gone_at__isnull=True), name="a_name_is_one_living_model"
            ),
            models.CheckConstraint(
                condition=Q(license__isnull=True, resolved_by="") | (Q(license__isnull=False) & ~Q(resolved_by="")),
                name="a_resolved_license_names_its_rule",
            ),
        ]

    def __str__(self) -> str:
        return self.repo_id

    def get_absolute_url(self) -> str:
        """The list, for a name that the Hub would not have given: no stranger's name breaks a page of others."""
        try:
            return reverse("model", args=self.repo_id.split("/", 1))
        except NoReverseMatch:
            return reverse("models")


class LicenseCount(models.Model):
    """How many models stand under a license, kept so that no page counts millions of rows.

    The row without a license counts the models that no rule resolved.
    """

    license = models.OneToOneField(License, models.CASCADE, null=True, blank=True, related_name="count")
    total = models.PositiveIntegerField()
    downloads = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["license"], nulls_distinct=False, name="models_of_a_license_are_counted_once"
            )
        ]
