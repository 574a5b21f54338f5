"""What happened, whose doing it was and how much it weighs. Append-only; feeds and pages read it.

Four columns are filled by the database whoever writes the row (migration 0004): `happened_on`; `is_listed`, false for
models that no release names; and, for what one publisher did to many models on one day, `fold` and `lead`: such a bulk
is one entry, the first of its rows.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Count, F, Func, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat, Greatest, TruncQuarter
from django.urls import reverse

from licenses.clauses import Answer, ClauseKind

from .document import Document, Revision
from .license import License, LicenseQuerySet, Publisher
from .open_model import OpenModel
from .release import Artifact, Release, ReleaseQuerySet


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
    TEXT_CHANGED = "text_changed", "text changed"
    LICENSE_CHANGED = "license_changed", "license changed"
    NEXT_VERSION = "next_version", "next version differs"
    STATED = "stated", "statement changed"
    TEXT_GONE = "text_gone", "license file removed"
    GATE_CHANGED = "gate_changed", "access gate changed"
    BASE_CHANGED = "base_changed", "base model changed"
    GONE = "gone", "no longer on the Hub"
    RETURNED = "returned", "back on the Hub"
    RENAMED = "renamed", "renamed"
    READ = "read", "clauses read"
    ADDED = "added", "entered the directory"


class Direction(models.TextChoices):
    """For whoever uses the model; empty while nobody has read what moved."""

    LOOSER = "looser", "looser"
    TIGHTER = "tighter", "tighter"
    MIXED = "mixed", "looser and tighter"
    NEITHER = "neither", "neither looser nor tighter"
    UNKNOWN = "", "not read yet"


class ChangeQuerySet(models.QuerySet["Change"]):
    def substantive(self) -> ChangeQuerySet:
        return self.filter(weight=Weight.SUBSTANTIVE)

    def of_words(self) -> ChangeQuerySet:
        """From one wording to another that says something else; a first look is none."""
        both = Q(revision_before__isnull=False, revision_after__isnull=False)
        return self.substantive().filter(both, cause=Cause.TEXT)

    def listed(self) -> ChangeQuerySet:
        """Of licenses, releases, publishers, watched texts, and of models that a release names."""
        return self.filter(is_listed=True)

    def leads(self) -> ChangeQuerySet:
        """One for each bulk."""
        return self.filter(lead__isnull=True)

    def entries(self) -> ChangeQuerySet:
        """The same with `folded`: how many models it tells of beside its own; and `told_at`, of the last of them."""
        followers = Change.objects.filter(lead=OuterRef("pk")).order_by().values("lead")
        count, latest = (followers.annotate(one=one).values("one") for one in (Count("pk"), Max("seen_at")))
        return self.leads().annotate(  # type: ignore[no-redef]
            folded=Coalesce(Subquery(count), 0), told_at=Greatest("seen_at", Subquery(latest))
        )

    def apart(self) -> ChangeQuerySet:
        """Every change on its own, in the shape of `entries()`."""
        return self.annotate(folded=models.Value(0), told_at=F("seen_at"))  # type: ignore[no-redef]

    def newest(self) -> ChangeQuerySet:
        """The latest event first, whenever we learnt of it."""
        return self.order_by("-happened_on", "-pk")

    def by_quarter(self) -> dict[tuple[date, str], int]:
        """What publishers changed and somebody read: first day of the quarter and direction → entries."""
        read = self.filter(cause__in=[Cause.TEXT, Cause.METADATA]).exclude(direction=Direction.UNKNOWN)
        rows = read.order_by().values_list(TruncQuarter("happened_on"), "direction").annotate(entries=Count("pk"))
        return {(day, direction): entries for day, direction, entries in rows}

    def after(self, day: date, pk: int) -> ChangeQuerySet:
        """What follows a row in `newest()`."""
        return self.filter(Q(happened_on__lt=day) | Q(happened_on=day, pk__lt=pk))

    def with_subjects(self) -> ChangeQuerySet:
        """Adds all that a page tells of, without the texts."""
        return self.select_related(
            "license__steward",
            "release__publisher",
            "publisher",
            "model",
            "license_before",
            "license_after",
            "document__license",
            "document__model",
            "revision_before",
            "revision_after",
        ).defer("revision_before__text", "revision_after__text")

    def that_may_alter_answers(self) -> ChangeQuerySet:
        """Adds `turned_on`, the day from which its words hold. Without names, and models that went or came."""
        of_no_terms = Q(event__in=[Event.GONE, Event.RENAMED]) | Q(event=Event.RETURNED, document__isnull=True)
        found = self.exclude(of_no_terms).exclude(event__in=[Event.READ, Event.ADDED], moved=[])
        on = Coalesce("effective_on", "revision_after__effective_on", "happened_on")
        return found.annotate(turned_on=on).select_related("release", "model").only(*JUDGED)  # type: ignore[no-redef]

    def mark(self) -> dict[str, Any]:
        """What differs as soon as the entries do, in one query: which they are, who joined them, texts and names.

        `texts`: those whose two wordings are at hand, as texts may be fetched later than the change is told.
        """
        at_hand = ~Q(revision_before__text="") & ~Q(revision_after__text="")
        both = Q(revision_before__isnull=False, revision_after__isnull=False) & at_hand
        return self.order_by().aggregate(
            count=Count("pk", distinct=True),
            last=Max("pk"),
            sum=Sum("pk", distinct=True),
            told_at=Greatest(Max("seen_at"), Max("followers__seen_at")),
            joined=Max("followers__pk"),
            texts=Count("pk", distinct=True, filter=both),
            licenses=Max(names(License.objects.all(), "short_name")),
            releases=Max(names(Release.objects.all(), "name")),
            publishers=Max(names(Publisher.objects.all(), "name")),
        )

    # Of whom and what.

    def of_license(self, slug: str) -> ChangeQuerySet:
        """Its own, and the version after it."""
        next_one = Q(event=Event.NEXT_VERSION, license_before__slug=slug)
        return self.filter(Q(license__slug=slug) | next_one)

    def of_release(self, slug: str) -> ChangeQuerySet:
        """Its own, those of the license of its weights, and those of its repositories."""
        releases = Release.objects.filter(slug=slug)
        licenses = Artifact.objects.weights().filter(release__in=releases, license__isnull=False).values("license")
        own = Q(release__in=releases) | Q(license__in=licenses)
        return self.filter(own | Q(model__in=OpenModel.objects.filter(repo_id__in=repositories(releases))))

    def of_model(self, repo_id: str) -> ChangeQuerySet:
        """Its own, and those of the license it stands under."""
        found = OpenModel.objects.named(repo_id)
        return self.filter(Q(model=Subquery(found.values("pk")[:1])) | Q(license=Subquery(found.values("license")[:1])))

    def from_publishers(self, slugs: Collection[str]) -> ChangeQuerySet:
        """Their own, those of their releases and of the licenses they are steward of, and those of their models."""
        publishers = Publisher.objects.filter(slug__in=slugs)
        releases = Release.objects.filter(publisher__in=publishers)
        organisations = publishers.values(organisation=Func("hub_organisations", function="unnest", output_field=NAME))
        of_author = Q(author__any_of=ArraySubquery(organisations))
        of_release = Q(repo_id__any_of=ArraySubquery(repositories(releases)))
        whose = {
            "publisher": publishers,
            "release": releases,
            "license": License.objects.filter(steward__in=publishers),
            "model": OpenModel.objects.filter(of_author | of_release),
        }
        # One after the other, each by its index: joined by OR they are a walk over all changes and all models.
        found = (Change.objects.filter(**{f"{one}__in": rows.values("pk")}) for one, rows in whose.items())
        first, *others = (changes.order_by().values_list(ITSELF_AND_LEAD) for changes in found)
        return self.filter(pk__in=first.union(*others, all=True))

    def under(self, licenses: LicenseQuerySet) -> ChangeQuerySet:
        """Of the licenses themselves, and of what came under them or left them."""
        chosen = licenses.order_by().values("pk")
        return self.filter(Q(license__in=chosen) | Q(license_after__in=chosen) | Q(license_before__in=chosen))

    def standing_under(self, licenses: LicenseQuerySet, *, or_none: bool = False) -> ChangeQuerySet:
        """Whose license now is one of these: the one it came under, else the one it had, else its own."""
        now = Coalesce("license_after_id", "license_before_id", "license_id", output_field=models.BigIntegerField())
        chosen = Q(stands_under__in=licenses.order_by().values("pk"))
        return self.alias(stands_under=now).filter(chosen | Q(stands_under__isnull=True) if or_none else chosen)

    def answering(self, kind: ClauseKind, answers: Collection[Answer]) -> ChangeQuerySet:
        """By what that license says today; without one, nobody has read it."""
        return self.standing_under(License.objects.answering(kind, answers), or_none=Answer.UNREAD in answers)

    def moving(self, kinds: Collection[str]) -> ChangeQuerySet:
        """In which one of these clauses moved."""
        return self.filter(Q(*(Q(moved__contains=[{"kind": kind}]) for kind in kinds), _connector=Q.OR))

    def matching(self, search: str) -> ChangeQuerySet:
        """In whose subject, values or summary every word stands, or in the name of a model told with it."""
        fields = (
            "license__name", "license__short_name", "release__name", "publisher__name", "model__repo_id",
            "before", "after", "summary",
        )  # fmt: skip
        words = search.split()[:8]
        if not words:
            return self
        own = Q(*(Q(*((f"{field}__icontains", word) for field in fields), _connector=Q.OR) for word in words))
        # Name by name for those told with another: a join would read the names of all models on the Hub.
        name = Subquery(OpenModel.objects.filter(pk=OuterRef("model")).values("repo_id"))
        told_with = Change.objects.filter(lead__isnull=False).alias(name=name)
        followers = told_with.filter(*(Q(name__icontains=word) for word in words))
        return self.filter(own | Q(pk__in=followers.order_by().values("lead")))


#: What an answer before and after is worked out from.
JUDGED = (
    *("event", "cause", "weight", "direction", "before", "after", "moved", "covers", "seen_at", "happened_on"),
    *("license_id", "license_before_id", "license_after_id", "release__modality", "model__task"),
)
NAME: models.Field[Any, Any] = models.CharField(max_length=200)
ITSELF_AND_LEAD = Func(
    "pk", "lead_id", template="unnest(ARRAY[%(expressions)s])", output_field=models.BigIntegerField()
)


def repositories(releases: ReleaseQuerySet) -> models.QuerySet[Release, Any]:
    return releases.order_by().values(repo=Func("repos", function="unnest", output_field=NAME))


def names(rows: models.QuerySet[Any], name: str) -> Subquery:
    """A digest of what all of them are called and where they stand, as entries and titles say both."""
    all_of_them = MD5(StringAgg(Concat("slug", Value(" "), name), "\n", order_by="pk"))
    return Subquery(rows.order_by().annotate(one=Value(1)).values("one").annotate(names=all_of_them).values("names"))


SUBJECTS = ("license", "model", "release", "publisher")


class Change(models.Model):
    """One event about one license, model, release or publisher, kept together with what it tells of."""

    class Covers(models.TextChoices):
        """What the terms that changed are terms of."""

        WEIGHTS = "weights", "weights"
        CODE = "code", "code"
        DATA = "data", "data"
        POLICY = "policy", "use policy"
        OUTPUTS = "outputs", "outputs"

    class Evidence(models.TextChoices):
        PRIMARY = "primary", "the publisher's own file"
        SECONDARY = "secondary", "a copy, or the word of others"

    key = models.SlugField(
        max_length=80,
        unique=True,
        db_default=Cast(RandomUUID(), models.CharField(max_length=80)),
        help_text="Its name for ever, in addresses and feeds.",
    )
    license = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="changes")
    model = models.ForeignKey(OpenModel, models.PROTECT, null=True, blank=True, related_name="changes")
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="changes")
    publisher = models.ForeignKey(Publisher, models.PROTECT, null=True, blank=True, related_name="changes")
    event = models.CharField(max_length=20, choices=Event.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    weight = models.CharField(max_length=12, choices=Weight.choices)
    direction = models.CharField(max_length=8, choices=Direction.choices, blank=True, db_default="")
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    moved = models.JSONField(
        default=list, blank=True, help_text="Clauses that moved: kind, before, after, direction, words."
    )
    summary = models.CharField(max_length=400, blank=True, db_default="", help_text="One sentence, in our words.")
    covers = ArrayField(models.CharField(max_length=10, choices=Covers.choices), db_default=[], blank=True)
    license_before = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="+")
    license_after = models.ForeignKey(License, models.PROTECT, null=True, blank=True, related_name="arrivals")
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="changes")
    revision_before = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    revision_after = models.ForeignKey(Revision, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=300, blank=True, db_default="", help_text="Repository, commit and path.")
    evidence = models.CharField(max_length=10, choices=Evidence.choices, blank=True, db_default="")
    remark = models.CharField(max_length=400, blank=True, db_default="", help_text="What a reader should know of it.")
    effective_on = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField()
    happened_on = models.DateField(editable=False, help_text="When it took effect; when we saw it, if nobody says.")
    is_listed = models.BooleanField(editable=False, help_text="About the directory, not just any model of the Hub.")
    fold = models.CharField(max_length=32, editable=False, blank=True, db_default="")
    lead = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="followers")

    objects = ChangeQuerySet.as_manager()

    #: Added by `entries()`.
    folded: int
    told_at: datetime
    #: Added by `that_may_alter_answers()`.
    turned_on: date

    class Meta:
        indexes = [
            models.Index(
                fields=["-happened_on", "-id"], condition=Q(lead__isnull=True), name="change_entries_newest_first"
            ),
            models.Index(
                fields=["-happened_on", "-id"],
                condition=Q(lead__isnull=True, is_listed=True),
                name="listed_entries_newest_first",
            ),
            models.Index(
                fields=["fold"], condition=Q(lead__isnull=True) & ~Q(fold=""), name="changes_that_others_follow"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{name}__isnull": name != subject for name in SUBJECTS}) for subject in SUBJECTS),
                    _connector=Q.OR,
                ),
                name="a_change_is_about_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.summary or f"{self.get_event_display()}: {self.before or 'none'} → {self.after or 'none'}"

    def get_absolute_url(self) -> str:
        return reverse("change", args=[self.key])

    @property
    def subject(self) -> License | OpenModel | Release | Publisher:
        found = self.license or self.model or self.release or self.publisher
        assert found is not None  # noqa: S101 - a constraint of the table
        return found

    @property
    def is_theirs(self) -> bool:
        """They changed it; otherwise we read it better."""
        return self.cause in (Cause.TEXT, Cause.METADATA)
