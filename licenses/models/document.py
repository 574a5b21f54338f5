"""The documents that a license is made of, and every wording of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Coalesce, JSONObject, Left, TruncDate
from django.urls import reverse

from .clause import Clause
from .license import License

if TYPE_CHECKING:
    from .open_model import OpenModel


def in_order() -> models.Prefetch[str, RevisionQuerySet, str]:
    wordings = Revision.objects.defer("text").annotate(is_fetched=~Q(text="")).in_order()  # type: ignore[no-redef]
    return models.Prefetch("revisions", queryset=wordings, to_attr="wordings")


class DocumentQuerySet(models.QuerySet["Document"]):
    def for_page(self) -> DocumentQuerySet:
        """Adds `wordings`: the revisions without their texts, oldest first."""
        return self.prefetch_related(in_order()).order_by("pk")

    def load_texts(self, documents: Iterable[Document]) -> None:
        """Adds `wordings` to documents at hand, and to their licenses the `history` whose quotes stand in them."""
        history = models.Prefetch("license__clauses", Clause.objects.standing().with_details(), to_attr="history")
        models.prefetch_related_objects(list(documents), "license", in_order(), history)

    def current(self) -> DocumentQuerySet:
        return self.filter(retired_on__isnull=True)

    def with_words_now(self) -> DocumentQuerySet:
        """Adds `now_id`: the wording that its place shows, the last that we know where nobody looked; if fetched."""
        fetched = Revision.objects.filter(~Q(text=""), document=OuterRef("pk"))
        shown, last = fetched.filter(pk=OuterRef("head_id")), fetched.in_order().reverse()
        now = models.Case(
            models.When(head__isnull=False, then=models.Subquery(shown.values("pk")[:1])),
            default=models.Subquery(last.values("pk")[:1]),
        )
        return self.annotate(now_id=now)  # type: ignore[no-redef]

    def with_newest(self) -> DocumentQuerySet:
        """Adds `newest`: name, day and whether fetched, of the wording that its place shows, else of the last."""
        words = JSONObject(
            name=Left("raw_sha256", 12), effective="effective_on", seen=TruncDate("first_seen_at"), fetched="is_fetched"
        )
        wordings = Revision.objects.filter(document=OuterRef("pk")).annotate(is_fetched=~Q(text=""))  # type: ignore[no-redef]
        last = wordings.in_order().reverse().values(row=words)[:1]
        shown = wordings.filter(pk=OuterRef("head_id")).values(row=words)[:1]
        return self.annotate(newest=Coalesce(models.Subquery(shown), models.Subquery(last)))  # type: ignore[no-redef]

    def owned(self) -> DocumentQuerySet:
        """With the license or the model, which their addresses need."""
        return self.select_related("license", "model")

    def lying_in(self, model: OpenModel) -> DocumentQuerySet:
        """The license files of a repository: those that are its own, and those that a license of ours names."""
        return self.current().filter(Q(model=model) | Q(license__isnull=False, repo=model.repo_id))


class Document(models.Model):
    """One part of a license's bundle, or a license file of a model without a license of ours; watched in its place."""

    class Role(models.TextChoices):
        AGREEMENT = "agreement", "agreement"
        ACCEPTABLE_USE_POLICY = "acceptable_use_policy", "acceptable use policy"
        PROHIBITED_USE_POLICY = "prohibited_use_policy", "prohibited use policy"
        NOTICE = "notice", "notice"
        GATE_FORM = "gate_form", "gate form"
        MODEL_CARD = "model_card", "license section of the model card"

    license = models.ForeignKey(License, models.CASCADE, null=True, blank=True, related_name="documents")
    model = models.ForeignKey("licenses.OpenModel", models.PROTECT, null=True, blank=True, related_name="documents")
    key = models.SlugField(max_length=30)
    role = models.CharField(max_length=30, choices=Role.choices)
    title = models.CharField(max_length=160)
    repo = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    head = models.ForeignKey(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+", help_text="What its place says now."
    )
    held = models.ForeignKey(
        "Revision", models.PROTECT, null=True, blank=True, related_name="+",
        help_text="An earlier wording that came back, and has not lasted yet.",
    )  # fmt: skip
    held_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when it is back; with nothing held, since when the file is missing."
    )
    gone_on = models.DateField(null=True, blank=True, help_text="Since when its place shows no text.")
    reads_as = models.ForeignKey(
        License, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="A model's own file: the license whose words it holds, but for names and years.",
    )  # fmt: skip
    judged = models.ForeignKey(
        "Revision", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="A model's own file: the wording of which that was found.",
    )  # fmt: skip

    objects = DocumentQuerySet.as_manager()

    #: Added by `for_page()`.
    wordings: list[Revision]
    #: Added by `with_words_now()`.
    now_id: int | None
    #: Added by `with_newest()`.
    newest: dict[str, Any] | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(license__isnull=False, model__isnull=True) | Q(license__isnull=True, model__isnull=False),
                name="a_document_belongs_to_a_license_or_a_model",
            ),
            models.UniqueConstraint(fields=["license", "key"], name="a_document_key_is_unique_in_its_license"),
            models.UniqueConstraint(fields=["model", "key"], name="a_document_key_is_unique_in_its_model"),
            models.UniqueConstraint(
                fields=["license"],
                condition=Q(role="agreement", retired_on__isnull=True),
                name="a_license_has_one_current_agreement",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.page("text")

    @property
    def diff_address(self) -> str:
        """Where its wordings are compared with each other and with other texts."""
        return self.page("text-diff")

    def page(self, name: str) -> str:
        """A repository without a namespace has no page, so its files have none either. Needs `owned()`."""
        places = self.handle.split("/")
        if self.license:
            return reverse(name, args=places)
        return reverse(f"model-{name}", args=places) if len(places) == 3 else self.owner.get_absolute_url()

    @property
    def handle(self) -> str:
        """What an address calls it: `mit/agreement`, `acme/tiny/license`."""
        return f"{self.license.slug if self.license else self.owner}/{self.key}"

    @property
    def whose(self) -> str:
        """The license or the repository, in few words."""
        return self.license.short_name if self.license else str(self.owner)

    @property
    def owner(self) -> License | OpenModel:
        found = self.license or self.model
        assert found is not None  # noqa: S101 - a constraint of the table
        return found

    @property
    def is_terms(self) -> bool:
        """What binds as a whole; a notice, a form or a section of a model card may be one line."""
        return self.role in (self.Role.AGREEMENT, self.Role.ACCEPTABLE_USE_POLICY, self.Role.PROHIBITED_USE_POLICY)


class RevisionQuerySet(models.QuerySet["Revision"]):
    def in_order(self) -> RevisionQuerySet:
        """The oldest first, undated ones by when we first saw them, and before all where we never did."""
        day = Coalesce("effective_on", TruncDate("first_seen_at"))
        return self.order_by(day.asc(nulls_first=True), "pk")


class Revision(models.Model):
    """One exact wording of a document. Immutable; the words may still be fetched after the hash is known."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="revisions")
    raw_sha256 = models.CharField(max_length=64, help_text="Of the exact bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the normalised text, once fetched.")
    text = models.TextField(blank=True, help_text="Normalised; empty while not fetched yet.")
    source = models.CharField(max_length=300, help_text="Repository, commit and path, or package entry.")
    effective_on = models.DateField(null=True, blank=True)
    first_seen_at = models.DateTimeField(null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    #: Added by `Document.objects.for_page()`.
    is_fetched: bool

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "raw_sha256"], name="a_wording_is_kept_once_per_document"),
        ]
        indexes = [models.Index(fields=["sha256"], name="wordings_of_the_same_words")]

    def __str__(self) -> str:
        return f"{self.document} of {self.effective_on or 'unknown date'}"

    @property
    def dated(self) -> str:
        """Since when it stands, as far as we know."""
        if self.effective_on:
            return str(self.effective_on)
        return f"seen {self.first_seen_at:%Y-%m-%d}" if self.first_seen_at else "undated"

    @property
    def name(self) -> str:
        """What an address calls it, for ever."""
        return self.raw_sha256[:12]
