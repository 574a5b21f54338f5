"""What waits for a person: each topic is a query over the directory.

Nothing is entered here and nothing ticked off: a thing is in the queue for as long as it is to be done. In each query
a row of a table is one entry, so that entries are counted and ranked by the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, JSONObject, TruncDate

from .clauses import READ_TWICE
from .models import (
    Change,
    ChangeQuerySet,
    Clause,
    Conclusion,
    Disagreement,
    Document,
    License,
    LicenseQuerySet,
    Proposal,
    Quote,
    UnresolvedName,
)
from .models.clause import ClauseQuerySet
from .roles import REVIEW, display_name

#: After so many days somebody should look again.
LASTS = timedelta(days=365)


class Topic(models.TextChoices):
    NAMES = "names", "Names to bind"
    TEXTS = "texts", "Texts to read"
    DOUBT = "doubt", "Clauses in doubt"
    PROPOSALS = "proposals", "Proposals"
    DISAGREEMENTS = "disagreements", "Disagreements"
    SECOND = "second", "Second readings"
    STALE = "stale", "Stale readings"


Rows = QuerySet[Any, Any]
SLUG = F("slug")
#: The shape of every entry, whatever table it comes from.
COLUMNS = ("topic", "item", "called", "waiting", "pulled", "began", "facts")


def everything(*, by: User, now: datetime) -> Iterator[tuple[Topic, Rows]]:
    yield Topic.NAMES, names()
    yield Topic.TEXTS, unread_licenses()
    yield Topic.TEXTS, unread_files()
    yield Topic.DOUBT, in_doubt()
    yield Topic.PROPOSALS, proposals()
    yield Topic.DISAGREEMENTS, disagreements()
    if by.has_perm(REVIEW):
        yield Topic.SECOND, second_readings(by)
    yield Topic.STALE, stale(now)


def entries(
    rows: Rows, topic: Topic, *, key: Any, called: Any, waiting: Any, pulled: Any, sought: Any,
    began: Any = None, **facts: Any,
) -> Rows:  # fmt: skip
    """Rows of whatever table, in the one shape of the queue."""
    shaped: Rows = rows.annotate(
        topic=Value(topic.value, models.TextField()),
        item=line(Value(topic.value), key, by=":"),
        called=Cast(called, models.TextField()),
        waiting=waiting,
        pulled=pulled,
        began=Cast(Value(None) if began is None else began, models.DateField()),
        facts=JSONObject(**facts),
        sought=sought,
    )
    return shaped


def whole(number: Any) -> Cast:
    """A sum of whole numbers is one too."""
    return Cast(number, models.BigIntegerField())


def line(*parts: Any, by: str = " ") -> Concat:
    """Columns as one text."""
    spaced = [each for part in parts for each in (Value(by), part)][1:]
    return Concat(*spaced, output_field=models.TextField())


def of_licenses(topic: Topic, clauses: ClauseQuerySet, **more: Any) -> Rows:
    """An entry for each license that has such readings."""
    its_own = clauses.filter(license=OuterRef("pk")).order_by("kind")
    found = License.objects.filter(Exists(its_own))
    return license_entries(found, topic, kinds=ArraySubquery(its_own.values("kind")), **more)


def license_entries(licenses: LicenseQuerySet, topic: Topic, *, key: Any = SLUG, **more: Any) -> Rows:
    """Ranked by the models that stand under them, as last counted."""
    return entries(
        licenses,
        topic,
        key=key,
        called="short_name",
        waiting=Coalesce("count__total", 0),
        pulled=Coalesce("count__downloads", 0),
        sought=line("name", "slug"),
        slug="slug",
        **more,
    )


def names() -> Rows:
    """Spellings that no rule knows."""
    return entries(
        UnresolvedName.objects.all(),
        Topic.NAMES,
        key=line("signal", "value", by=":"),
        called="written",
        waiting=F("total"),
        pulled=F("downloads"),
        sought=line("written", "value", "leading"),
        signal="signal",
        value="value",
        leading="leading",
    )


def unread_licenses() -> Rows:
    """Those with a core question that nobody has answered; `read` counts what somebody did."""
    read = Clause.objects.current().filter(license=OuterRef("pk")).order_by().values("license")
    answered = read.annotate(answers=Count("pk")).values("answers")
    core = answered.filter(kind__in=READ_TWICE)
    unread = License.objects.alias(core=Coalesce(Subquery(core), 0)).filter(core__lt=len(READ_TWICE))
    key = line(Value("license"), "slug", by=":")
    return license_entries(unread, Topic.TEXTS, key=key, read=Coalesce(Subquery(answered), 0))


def unread_files() -> Rows:
    """Texts of models of which no license is known: the most downloaded model stands for all that share the words."""
    twin = Document.objects.current().filter(
        model=OuterRef("model"), head__sha256=OuterRef("head__sha256"), pk__lt=OuterRef("pk")
    )
    files = Document.objects.current().filter(
        ~Q(head__sha256=""), ~Exists(twin), ~Exists(Conclusion.objects.standing().filter(model=OuterRef("model"))),
        head__isnull=False, model__isnull=False, model__license__isnull=True, model__gone_at__isnull=True,
    )  # fmt: skip
    same = files.filter(head__sha256=OuterRef("head__sha256"))
    ahead = Q(model__downloads__gt=OuterRef("model__downloads")) | Q(
        model__downloads=OuterRef("model__downloads"), pk__lt=OuterRef("pk")
    )
    one = same.order_by().values("head__sha256")
    return entries(
        files.filter(~Exists(same.filter(ahead))),
        Topic.TEXTS,
        key=line(Value("text"), "head__sha256", by=":"),
        called="model__repo_id",
        waiting=Subquery(one.annotate(models=Count("pk")).values("models")),
        pulled=Cast(
            Subquery(one.annotate(downloads=Sum("model__downloads")).values("downloads")), models.BigIntegerField()
        ),
        began=TruncDate("head__first_seen_at"),
        sought=line("model__repo_id", "title"),
        repo="model__repo_id",
        file="key",
        title="title",
        reads_as="reads_as__short_name",
    )


def in_doubt() -> Rows:
    missing = Quote.objects.filter(clause__in=Clause.objects.current(), state=Quote.State.MISSING)
    first = missing.filter(clause__license=OuterRef("pk")).order_by("missing_since").values("missing_since")[:1]
    return of_licenses(Topic.DOUBT, Clause.objects.in_doubt(), began=TruncDate(Subquery(first)))


def proposals() -> Rows:
    return entries(
        Proposal.objects.waiting(),
        Topic.PROPOSALS,
        key=F("key"),
        called="license__short_name",
        waiting=Coalesce("license__count__total", 0),
        pulled=Coalesce("license__count__downloads", 0),
        began=TruncDate("made_at"),
        sought=line("license__name", "license__slug", "kind", "made_by_name"),
        proposal="key",
        kind="kind",
        origin="origin",
        maker="made_by_id",
        whose="made_by_name",
    )


def disagreements() -> Rows:
    concluded = Conclusion.objects.standing().filter(model=OuterRef("model"))
    return entries(
        Disagreement.objects.filter(~Exists(concluded), model__gone_at__isnull=True),
        Topic.DISAGREEMENTS,
        key=Cast("model_id", models.TextField()),
        called="model__repo_id",
        waiting=Value(1),
        pulled=F("model__downloads"),
        began=TruncDate("seen_at"),
        sought=line("model__repo_id", "says__name", "words"),
        repo="model__repo_id",
        resolved="model__license__short_name",
        says="says__short_name",
        source="source",
        words="words",
    )


def second_readings(by: User) -> Rows:
    """Core clauses that one person read, another than who asks. Those in doubt are to be read anew instead."""
    own_by_name = Q(reader__isnull=True, read_by=display_name(by))
    others = (Q(reader__isnull=True) | ~Q(reader=by)) & ~own_by_name
    return of_licenses(Topic.SECOND, Clause.objects.read_once().sound().filter(others))


def stale(now: datetime) -> Rows:
    """Read too long ago, or before the words of today came. What is in doubt is a topic of its own."""
    sound, old = Clause.objects.sound(), Q(read_on__lt=(now - LASTS).date())
    old &= Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=(now - LASTS).date())
    of_it = sound.filter(old, license=OuterRef("pk")).order_by()
    return of_licenses(
        Topic.STALE,
        sound.filter(old | Exists(newer_words())),
        began=Subquery(of_it.values("license").annotate(day=Min(last_looked())).values("day")),
        old=ArraySubquery(of_it.values("kind")),
    )


def last_looked() -> Greatest:
    """The later of the two; the first where there is no second."""
    return Greatest("read_on", "confirmed_on")


def newer_words() -> ChangeQuerySet:
    """Changes of what a clause quotes that came after it was read; of any of the documents where it quotes nothing."""
    quotes = Quote.objects.filter(clause=OuterRef(OuterRef("pk")))
    return Change.objects.of_words().filter(
        Exists(quotes.filter(document=OuterRef("document"))) | ~Exists(quotes),
        license=OuterRef("license"),
        seen_at__gt=OuterRef("recorded_at"),
        happened_on__gte=OuterRef("read_on"),
        happened_on__gt=Coalesce(OuterRef("confirmed_on"), Value(date.min)),
    )
