"""Releases: the rows of the comparison table, and what each is made of."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, FilteredRelation, Func, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Lower

from licenses.clauses import Answer, ClauseKind

from .license import License, LicenseQuerySet, Publisher
from .open_model import OpenModel


class ConcatWS(Func):
    """The texts with a space between them; missing ones left out."""

    function = "concat_ws"
    template = "%(function)s(' ', ' ', %(expressions)s)"
    output_field = models.TextField()


def plain(text: str) -> str:
    """Letters, digits and dots in lower case; whatever else stands between is one space."""
    return " ".join("".join(c if c.isalnum() or c == "." else " " for c in text.lower()).split())


def plainly(*columns: str, between: str) -> Func:
    """The same over columns, in the database."""
    pattern, everywhere = Value(r"[^[:alnum:].]+"), Value("g")
    text = Lower(ConcatWS(*columns))
    return Func(text, pattern, Value(between), everywhere, function="regexp_replace", output_field=models.TextField())


class ReleaseQuerySet(models.QuerySet["Release"]):
    def under(self, licenses: LicenseQuerySet) -> ReleaseQuerySet:
        """Releases whose weights carry one of the licenses."""
        return self.filter(pk__in=Artifact.objects.weights().filter(license__in=licenses).values("release"))

    def answering(self, kind: ClauseKind, answers: Collection[Answer]) -> ReleaseQuerySet:
        """Releases by what the license of their weights says. Weights without one license are unread."""
        weights = Artifact.objects.weights().filter(license__in=License.objects.answering(kind, answers))
        chosen = Q(pk__in=weights.values("release"))
        if Answer.UNREAD in answers:
            chosen |= ~Q(pk__in=Artifact.objects.weights().filter(license__isnull=False).values("release"))
        return self.filter(chosen)

    def matching(self, search: str) -> ReleaseQuerySet:
        """Releases in whose names, family, publisher or license every word begins a word; or a repository's full name.

        Hyphens and capitals do not count, and of the release's own name not even spaces: `llama4` finds Llama 4.
        Needs `with_weights()`.
        """
        words = plain(search).split()
        if not words:
            return self.none()
        license = ("weights__license__name", "weights__license__short_name")
        found = self.annotate(
            words=plainly("name", "family", "publisher__name", *license, between=" "),
            letters=plainly("name", between=""),
        )
        every_word = Q(*(Q(words__contains=f" {word}") for word in words))
        return found.filter(every_word | Q(letters__contains="".join(words)) | Q(repos__contains=[search.strip()]))

    def with_weights(self) -> ReleaseQuerySet:
        """Adds `weights`, the artifact whose license is the row's license."""
        return self.annotate(  # type: ignore[no-redef,misc]
            weights=FilteredRelation("artifacts", condition=Q(artifacts__part=Artifact.Part.WEIGHTS))
        ).select_related("publisher", "weights__license")

    def with_downloads(self) -> ReleaseQuerySet:
        """Adds `downloads`: of the last 30 days, over the release's Hub repositories that we hold."""
        repos = OpenModel.objects.live().filter(repo_id__any_of=OuterRef("repos"))
        total = (
            repos.order_by().annotate(one=models.Value(1)).values("one").annotate(sum=Sum("downloads")).values("sum")
        )
        return self.annotate(downloads=Subquery(total, output_field=models.BigIntegerField()))  # type: ignore[no-redef]

    def holding(self, repo: str) -> ReleaseQuerySet:
        """The release that a repository belongs to; none for no repository."""
        return self.filter(repos__contains=[repo]) if repo else self.none()

    def bases(self, repos: Collection[str]) -> dict[str, License]:
        """Repository → the license that leads its release, for repositories that others were made from."""
        found = self.filter(repos__overlap=list(repos)).with_weights() if repos else self.none()
        return {repo: one.license for one in found for repo in one.repos if one.license and repo in repos}

    def for_table(self) -> ReleaseQuerySet:
        return self.with_weights().with_downloads().order_by(F("released_on").desc(), F("slug").asc())


class Release(models.Model):
    """One row of the comparison table: models released together under one license."""

    class Precision(models.TextChoices):
        DAY = "day"
        MONTH = "month"
        YEAR = "year"

    class BaseRelation(models.TextChoices):
        FINETUNE = "finetune", "fine-tuned from"
        CONTINUED_PRETRAINING = "continued_pretraining", "further pretrained from"
        DISTILLATION = "distillation", "distilled from"
        PRUNING = "pruning", "pruned and fine-tuned from"

    class Confidence(models.TextChoices):
        HIGH = "high"
        MEDIUM = "medium"
        LOW = "low"

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    family = models.CharField(max_length=80, blank=True)
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="releases")
    released_on = models.DateField()
    released_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    modality = models.CharField(max_length=40, blank=True)
    sizes = models.CharField(max_length=120, blank=True)
    repos = ArrayField(models.CharField(max_length=200), default=list, blank=True, help_text="Hub repositories.")
    base_model = models.CharField(max_length=200, blank=True, help_text="Hub repository.")
    base_relation = models.CharField(max_length=30, choices=BaseRelation.choices, blank=True)
    announced_as = models.CharField(max_length=120, blank=True, help_text="What the announcement called it.")
    confidence = models.CharField(max_length=6, choices=Confidence.choices, default=Confidence.MEDIUM)
    sources = ArrayField(models.CharField(max_length=300), default=list, blank=True)

    objects = ReleaseQuerySet.as_manager()

    #: Added by `with_weights()` and `with_downloads()`; a release whose terms nobody knows has no weights here.
    weights: Artifact | None = None
    downloads: int | None

    def __str__(self) -> str:
        return self.name

    @property
    def license(self) -> License | None:
        """The license of the weights; None when they carry none or several."""
        return self.weights.license if self.weights else None

    @property
    def released(self) -> str:
        """The date as exactly as it is known: 2025, 2025-07 or 2025-07-11."""
        return self.released_on.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.released_precision]]


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def naming(self, license: License) -> list[Artifact]:
        """The parts of releases that are under a license, alone or with others, newest release first."""
        near = self.filter(expression__contains=license.identifier).select_related("release", "license")
        in_order = near.order_by("-release__released_on", "release__slug", "pk")
        return [artifact for artifact in in_order if license.identifier in artifact.named]

    def weights(self) -> ArtifactQuerySet:
        return self.filter(part=Artifact.Part.WEIGHTS)


class Artifact(models.Model):
    """A part of a release under terms of its own: weights, code, data, documentation."""

    class Part(models.TextChoices):
        WEIGHTS = "weights", "weights"
        CODE = "code", "code"
        DATA = "data", "data"
        DOCUMENTATION = "documentation", "documentation"

    release = models.ForeignKey(Release, models.CASCADE, related_name="artifacts")
    part = models.CharField(max_length=15, choices=Part.choices)
    expression = models.CharField(max_length=300, help_text="SPDX license expression.")
    license = models.ForeignKey(
        License,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="artifacts",
        help_text="The license whose terms lead: the only one, or the only one beside standard licenses.",
    )

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "part"], name="a_release_has_each_part_once")]

    def __str__(self) -> str:
        return f"{self.part}: {self.expression}"

    @property
    def joins_several(self) -> bool:
        return " " in self.expression

    @property
    def others(self) -> list[str]:
        """What applies beside the license that leads, by identifier."""
        return [name for name in self.named if not self.license or name != self.license.identifier]

    @property
    def named(self) -> list[str]:
        """Every license and exception of the expression, by identifier."""
        words = self.expression.replace("(", " ").replace(")", " ").split()
        return [word for word in words if word not in ("AND", "OR", "WITH")]


class Component(models.Model):
    """How open one component of a release is, who says so and when."""

    class Name(models.TextChoices):
        WEIGHTS = "weights", "weights"
        INFERENCE_CODE = "inference_code", "inference code"
        TRAINING_CODE = "training_code", "training code"
        DATA_PROCESSING_CODE = "data_processing_code", "data processing code"
        HYPERPARAMETERS = "hyperparameters", "hyperparameters"
        DATASET = "dataset", "data set"
        DATA_INFORMATION = "data_information", "data information"
        INTERMEDIATE_CHECKPOINTS = "intermediate_checkpoints", "intermediate checkpoints"
        TECHNICAL_REPORT = "technical_report", "technical report"
        MODEL_CARD = "model_card", "model card"

    class Value(models.TextChoices):
        YES = "yes"
        PARTIAL = "partial"
        NO = "no"
        GATED = "gated"
        UNKNOWN = "unknown"

    release = models.ForeignKey(Release, models.CASCADE, related_name="components")
    name = models.CharField(max_length=40, choices=Name.choices)
    value = models.CharField(max_length=8, choices=Value.choices)
    evidence = models.CharField(max_length=300, blank=True)
    assessor = models.CharField(max_length=120)
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "name", "assessor"], name="an_assessor_rates_a_component_once")
        ]
