"""Our readings: one kind of clause for one license, with its sizes, places and quotes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject, Left

from licenses.clauses import KIND, READ, READ_TWICE, Answer, ClauseKind, Strength, amounts
from licenses.clauses.reading import Reading
from licenses.roles import display_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django_stubs_ext.db.models.manager import RelatedManager


def choices_of(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ")) for word in words]


class ClauseQuerySet(models.QuerySet["Clause"]):
    def standing(self) -> ClauseQuerySet:
        """What we hold to be true, of today's wordings and of earlier ones."""
        return self.filter(superseded_at__isnull=True)

    def current(self) -> ClauseQuerySet:
        """What we hold to be true today."""
        return self.standing().filter(effective_to__isnull=True)

    def with_details(self) -> ClauseQuerySet:
        """Adds `sizes`, `places` (thresholds and territories, in the same query) and `proofs` (quotes, in one more).

        Thresholds and territories come as JSON: a page reads hundreds of clauses and few have any.
        """
        quotes = Quote.objects.select_related("document__license").annotate(
            revision_name=Left("revision__raw_sha256", 12)
        )  # type: ignore[no-redef]
        proofs = models.Prefetch("quotes", queryset=quotes.order_by("pk"), to_attr="proofs")
        return self.with_amounts().prefetch_related(proofs)  # type: ignore[no-redef]

    def with_amounts(self) -> ClauseQuerySet:
        """The same without quotes."""
        return self.annotate(  # type: ignore[no-redef]
            sizes=children(Threshold), places=children(Territory), in_doubt_since=missing_since()
        ).order_by("pk")

    def with_words(self) -> ClauseQuerySet:
        """The same and `words`: the quotes as mappings, all in one query, for pages that show many."""
        return self.with_amounts().annotate(words=quoted_words())  # type: ignore[no-redef]

    def in_doubt(self) -> ClauseQuerySet:
        """Read today's way, and a proof of theirs is no longer in the text: to be read again."""
        return self.current().filter(models.Exists(missing_quotes()))

    def sound(self) -> ClauseQuerySet:
        """The others of today: no proof of theirs is known to be gone."""
        return self.current().filter(~models.Exists(missing_quotes()))

    def read_once(self) -> ClauseQuerySet:
        """Of the kinds that two people are to read, those of which nobody confirmed the reading."""
        return self.current().filter(kind__in=READ_TWICE, confirmed_by="")


def missing_quotes() -> QuoteQuerySet:
    """Of the clause around them."""
    return Quote.objects.filter(clause=models.OuterRef("pk"), state=Quote.State.MISSING)


def missing_since() -> models.Subquery:
    return models.Subquery(missing_quotes().order_by("missing_since").values("missing_since")[:1])


def children(model: type[models.Model], of: str = "clause") -> ArraySubquery:
    """The rows under a clause, or under another parent, as a list of mappings: column → value, dates as text."""
    columns = {field.attname: field.attname for field in model._meta.fields}
    rows = model._default_manager.filter(**{of: models.OuterRef("pk")}).order_by("pk")
    return ArraySubquery(rows.values(row=JSONObject(**columns)))


def quoted_words() -> ArraySubquery:
    """What a page tells of each quote, and where its place is."""
    columns = {name: name for name in ("exact", "section", "state", "start")}
    place = {"document": "document__key", "license": "document__license__slug", "title": "document__title"}
    quotes = Quote.objects.filter(clause=models.OuterRef("pk")).order_by("pk")
    return ArraySubquery(quotes.values(row=JSONObject(**columns, **place, revision=Left("revision__raw_sha256", 12))))


class Clause(models.Model):
    """A reading. Append-only: a better one supersedes it, and only its end is ever written to it.

    It has two times. `effective_from` and `effective_to` say when the words it was read in were in force;
    `recorded_at` and `superseded_at` when it was ours. So an old wording read today is no change of theirs, and a
    better reading of it none either.

    The database holds that there is one standing reading per license, kind and wording, that rows are neither edited
    nor deleted, and that an answer other than silent has a quote (see migration 0002).
    """

    license = models.ForeignKey("licenses.License", models.PROTECT, related_name="clauses")
    kind = models.CharField(
        max_length=40, help_text="Slug of a declared kind; no choices, so that a new one needs no migration."
    )
    answer = models.CharField(max_length=10, choices=[(answer.value, answer.value) for answer in READ])
    strength = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Strength], default=Strength.MUST)
    note = models.TextField(blank=True, help_text="In our own words.")
    payload = models.JSONField(default=dict, blank=True, help_text="Details as the kind declares them.")
    effective_from = models.DateField(
        null=True, blank=True, help_text="First day on which the words said so; empty for as long as we know."
    )
    effective_to = models.DateField(
        null=True, blank=True, help_text="The day on which other words took effect; empty while they say so."
    )
    read_by = models.CharField(max_length=120, help_text="Display name of who read it.")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Curators only."
    )
    read_on = models.DateField()
    confirmed_by = models.CharField(max_length=120, blank=True)
    confirmer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", help_text="Curators only."
    )
    confirmed_on = models.DateField(null=True, blank=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = ClauseQuerySet.as_manager()

    if TYPE_CHECKING:
        thresholds: RelatedManager[Threshold]
        territories: RelatedManager[Territory]
        quotes: RelatedManager[Quote]

    #: Loaded by `with_details()`, and but for the quotes by `with_amounts()`.
    sizes: list[dict[str, Any]]
    places: list[dict[str, Any]]
    in_doubt_since: datetime | None
    proofs: list[Quote]
    #: The quotes as mappings, loaded by `with_words()`.
    words: list[dict[str, Any]]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["license", "kind", "effective_to"],
                condition=Q(superseded_at__isnull=True),
                nulls_distinct=False,
                name="one_standing_clause_per_license_kind_and_wording",
            ),
            models.CheckConstraint(
                condition=Q(effective_to__gt=models.F("effective_from"))
                | Q(effective_from__isnull=True)
                | Q(effective_to__isnull=True),
                name="a_clause_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(answer__in=[answer.value for answer in READ]),
                name="a_clause_answers_yes_no_partly_or_silent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.answer}"

    @property
    def declaration(self) -> ClauseKind:
        return KIND[self.kind]

    @property
    def read_by_two(self) -> bool:
        return bool(self.confirmed_by)

    def is_by(self, person: User) -> bool:
        """Their own reading; one that came with a file is theirs under whose name it stands there."""
        return self.reader_id == person.pk if self.reader_id else self.read_by == display_name(person)

    @property
    def asks_for_a_second(self) -> bool:
        """Of a kind that two people read, and one has."""
        return self.kind in READ_TWICE and not self.read_by_two

    def value(self) -> Reading:
        """The reading as a plain value. Needs `with_details()`."""
        return Reading(
            kind=self.declaration,
            answer=Answer(self.answer),
            strength=Strength(self.strength),
            payload=self.payload,
            thresholds=tuple(Threshold(**size).value() for size in self.sizes),
            territories=tuple(Territory(**place).value() for place in self.places),
        )


def in_force(clauses: Iterable[Clause], day: date | None) -> list[Clause]:
    """Of standing readings, those that were true on a day; today's without one. One for each kind, as they come."""
    found: dict[str, Clause] = {}
    for clause in sorted(clauses, key=lambda each: (each.effective_to or date.max, each.pk)):
        began = clause.effective_from is None or day is None or clause.effective_from <= day
        if began and (clause.effective_to is None or (day is not None and day < clause.effective_to)):
            found.setdefault(clause.kind, clause)
    return list(found.values())


def values(clauses: Iterable[Clause]) -> dict[str, Reading]:
    """Readings as plain values, by kind. Needs `with_details()` or `with_amounts()`."""
    return {clause.kind: clause.value() for clause in clauses}


class Threshold(models.Model):
    """A size at which a clause begins to bind; several under one clause are joined by ANY."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="thresholds")
    metric = models.CharField(max_length=20, choices=choices_of(amounts.Metric))
    amount = models.BigIntegerField(help_text="Users, devices, or whole units of the currency.")
    currency = models.CharField(max_length=3, blank=True, help_text="ISO 4217, for money only.")
    or_equivalent = models.BooleanField(default=False, help_text="Or the same sum in other currencies.")
    period = models.CharField(max_length=20, choices=choices_of(amounts.Period))
    comparator = models.CharField(max_length=3, choices=choices_of(amounts.Comparator))
    measured = models.CharField(max_length=12, choices=choices_of(amounts.Measured))
    whose = models.CharField(max_length=30, choices=choices_of(amounts.Whose))
    applies_to = models.CharField(max_length=30, choices=choices_of(amounts.AppliesTo))
    effect = models.CharField(max_length=20, choices=choices_of(amounts.Effect))
    discretion = models.BooleanField(default=False, help_text="The licensor alone decides whether to grant.")
    exceptions = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_threshold_has_an_amount"),
            models.CheckConstraint(
                condition=(Q(metric__in=["revenue", "recurring_revenue"]) & ~Q(currency=""))
                | (~Q(metric__in=["revenue", "recurring_revenue"]) & Q(currency="")),
                name="money_and_only_money_has_a_currency",
            ),
        ]

    def value(self) -> amounts.ThresholdValue:
        return amounts.ThresholdValue(
            metric=amounts.Metric(self.metric),
            amount=self.amount,
            period=amounts.Period(self.period),
            comparator=amounts.Comparator(self.comparator),
            measured=amounts.Measured(self.measured),
            whose=amounts.Whose(self.whose),
            applies_to=amounts.AppliesTo(self.applies_to),
            effect=amounts.Effect(self.effect),
            currency=self.currency,
            or_equivalent=self.or_equivalent,
            discretion=self.discretion,
            exceptions=self.exceptions,
        )


class Territory(models.Model):
    """Places that a clause leaves out."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="territories")
    regions = ArrayField(models.CharField(max_length=3), help_text="ISO 3166 codes; EU is the 27.")
    basis = ArrayField(models.CharField(max_length=30, choices=choices_of(amounts.Basis)))
    applies_to = models.CharField(max_length=120, default="all_models")
    exception = models.CharField(max_length=120, blank=True)
    effect = models.CharField(max_length=12, choices=choices_of(amounts.TerritoryEffect))

    class Meta:
        verbose_name_plural = "territories"
        constraints = [
            models.CheckConstraint(condition=Q(regions__len__gt=0), name="a_territory_names_a_region"),
            models.CheckConstraint(condition=Q(basis__len__gt=0), name="a_territory_names_its_basis"),
        ]

    def value(self) -> amounts.TerritoryValue:
        return amounts.TerritoryValue(
            regions=tuple(self.regions),
            basis=tuple(amounts.Basis(basis) for basis in self.basis),
            effect=amounts.TerritoryEffect(self.effect),
            applies_to=self.applies_to,
            exception=self.exception,
        )


class QuoteQuerySet(models.QuerySet["Quote"]):
    def standing(self) -> QuoteQuerySet:
        """Those of readings that we hold to be true."""
        return self.filter(clause__superseded_at__isnull=True).order_by("pk")


class Quote(models.Model):
    """The exact words that prove a clause, with W3C selectors (text quote, text position) to find them again."""

    class State(models.TextChoices):
        UNCHECKED = "unchecked", "text not fetched yet"
        FOUND = "found", "found"
        MOVED = "moved", "found again in nearly the same words"
        MISSING = "missing", "no longer in the text"

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="quotes")
    document = models.ForeignKey("licenses.Document", models.PROTECT, related_name="quotes")
    revision = models.ForeignKey("licenses.Revision", models.PROTECT, null=True, blank=True, related_name="quotes")
    section = models.CharField(max_length=80)
    exact = models.CharField(max_length=300)
    prefix = models.CharField(max_length=120, blank=True)
    suffix = models.CharField(max_length=120, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True, help_text="Offset in characters of the revision's text.")
    end = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UNCHECKED)
    missing_since = models.DateTimeField(null=True, blank=True, help_text="Since when its words are not in the text.")

    objects = QuoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["clause"], condition=Q(state="missing"), name="quotes_that_are_missing")]
        constraints = [
            models.CheckConstraint(condition=~Q(exact=""), name="a_quote_has_words"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(end__gt=models.F("start")),
                name="a_quote_ends_after_it_starts",
            ),
        ]

    #: Added by `with_details()`.
    revision_name: str | None

    def __str__(self) -> str:
        return self.exact
