"""Which changes: the same parameters on the page and in every feed of them.

Slugs of licenses and publishers are looked up only when a title is written, so that a reader who asks whether
anything is new costs one query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from . import profiles
from .clauses import CLAUSES, KIND
from .clauses.asker import sentence
from .clauses.profile import Profile
from .clauses.sentence import joined, noun, phrase
from .filters import ClauseFilter, ClauseFilters
from .models import Cause, Change, ChangeQuerySet, Direction, Event, License, LicenseKind, Publisher, Weight

ANY = "any"
UNREAD = "unread"
#: Whoever waits for a tightening is told as well of what tightens here and loosens there.
DIRECTIONS = {
    "looser": (Direction.LOOSER, Direction.MIXED),
    "tighter": (Direction.TIGHTER, Direction.MIXED),
    "mixed": (Direction.MIXED,),
    "neither": (Direction.NEITHER,),
    UNREAD: (Direction.UNKNOWN,),
}
DIRECTION_CHOICES = [
    ("looser", "looser"), ("tighter", "tighter"), ("mixed", "both"), ("neither", "neither"), (UNREAD, "not read yet"),
]  # fmt: skip
DIRECTION_PHRASES = {
    "looser": "loosened something",
    "tighter": "tightened something",
    "mixed": "loosened and tightened",
    "neither": "neither loosened nor tightened",
    UNREAD: "nobody has read yet",
}
CAUSE_PHRASES = {
    Cause.TEXT: "in a publisher’s words",
    Cause.METADATA: "in a publisher’s tags",
    Cause.READING: "in our reading",
    Cause.RULES: "by our software",
}
SLUG = re.compile(r"[A-Za-z0-9_.-]{1,80}")
DAY = "Write a day as YYYY-MM-DD, such as 2024-04-18."


class Chosen(filters.MultipleChoiceFilter):
    """Repeat for OR. What the values leave is said by the queryset."""

    def __init__(self, left: Callable[[Any, list[str]], Any], choices: Iterable[tuple[str, str]], label: str) -> None:
        super().__init__(choices=list(choices), label=label)
        self.left = left

    def filter(self, qs: ChangeQuerySet, value: list[str]) -> ChangeQuerySet:
        return self.left(qs, value) if value else qs


class SlugsField(forms.MultipleChoiceField):
    """Slugs by their form; whether they name anything is seen later."""

    def valid_value(self, value: str) -> bool:
        return SLUG.fullmatch(value) is not None


class Slugs(Chosen):
    field_class = SlugsField


class WeightFilter(Chosen):
    """Substantive changes alone, unless told otherwise."""

    def filter(self, qs: ChangeQuerySet, value: list[str]) -> ChangeQuerySet:
        return qs if ANY in value else qs.filter(weight__in=value or [Weight.SUBSTANTIVE])


class ModelsFilter(filters.ChoiceFilter):
    """Models that no release names are left out, unless asked for; where one thing is followed, nothing is."""

    def filter(self, qs: ChangeQuerySet, value: str) -> ChangeQuerySet:
        return qs if value == "all" or self.parent.of_one else qs.listed()


class ChangeFilters(ClauseFilters):
    """Expects `Change.objects.leads()`, or the changes of one thing."""

    noun = "change"
    takes_profile = True

    q = filters.CharFilter(method="search", label="Search", max_length=100)
    kind = Chosen(
        lambda changes, kinds: changes.standing_under(License.objects.filter(kind__in=kinds)),
        LicenseKind.choices, "Kind of license",
    )  # fmt: skip
    event = Chosen(lambda changes, events: changes.filter(event__in=events), Event.choices, "What happened")
    cause = Chosen(lambda changes, causes: changes.filter(cause__in=causes), Cause.choices, "Whose doing")
    weight = WeightFilter(lambda changes, _: changes, [*Weight.choices, (ANY, "any")], "Weight")
    direction = Chosen(
        lambda changes, chosen: changes.filter(direction__in=[d for one in chosen for d in DIRECTIONS[one]]),
        DIRECTION_CHOICES, "Direction",
    )  # fmt: skip
    moved = Chosen(
        lambda changes, kinds: changes.moving(kinds), [(kind.slug, kind.title) for kind in CLAUSES], "Moved clause"
    )
    license = Slugs(lambda changes, slugs: changes.under(License.objects.filter(slug__in=slugs)), [], "License")
    publisher = Slugs(lambda changes, slugs: changes.from_publishers(slugs), [], "Publisher")
    models = ModelsFilter(choices=[("listed", "of our releases"), ("all", "every model on the Hub")], label="Models")
    to = filters.DateFilter(
        field_name="happened_on", lookup_expr="lte", input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY}
    )

    class Meta:
        model = Change
        fields: list[str] = []

    def __init__(
        self, query: QueryDict, changes: ChangeQuerySet, *, of: str = "", of_one: bool = False,
        presentation: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """`of`: whose changes these are, for the title. An empty value asks for nothing."""
        said = QueryDict(mutable=True)
        for name, values in query.lists():
            if kept := [value for value in values if value]:
                said.setlist(name, kept)
        super().__init__(said, changes)
        self.of, self.of_one, self.presentation = of, of_one, presentation  # type: ignore[misc]

    @classmethod
    def get_filters(cls) -> dict[str, filters.Filter]:
        since = filters.DateFilter(
            field_name="happened_on", lookup_expr="gte", input_formats=["%Y-%m-%d"], error_messages={"invalid": DAY}
        )
        return super().get_filters() | {"from": since}

    def search(self, queryset: ChangeQuerySet, name: str, value: str) -> QuerySet[Change]:
        return queryset.matching(value)

    # Who asks, what is wrong, and what is legal.

    @cached_property
    def asking(self) -> profiles.ProfileForm:
        return profiles.ProfileForm(self.data)

    @cached_property
    def profile(self) -> Profile | None:
        """Whose answers are followed; None where the address says nothing of it. Needs filters without faults."""
        return self.asking.profile() if profiles.stated(self.data) and self.asking.is_valid() else None

    def faults(self) -> dict[str, list[str]]:
        return super().faults() | self.asking.faults()

    @cached_property
    def licenses(self) -> dict[str, str]:
        slugs = self.form.cleaned_data.get("license") or []
        return dict(License.objects.filter(slug__in=slugs).values_list("slug", "short_name")) if slugs else {}

    @cached_property
    def publishers(self) -> dict[str, str]:
        slugs = self.form.cleaned_data.get("publisher") or []
        return dict(Publisher.objects.filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}

    def strangers(self) -> dict[str, list[str]]:
        """Slugs that name nothing here: name of the filter → sentences."""
        known = {"license": self.licenses, "publisher": self.publishers}
        wrong = [name for name, found in known.items() if set(self.form.cleaned_data.get(name) or []) - found.keys()]
        return {name: [self._cure(name)] for name in wrong}

    def _legal_values(self, name: str) -> list[str]:
        rows = {"license": License.objects, "publisher": Publisher.objects}.get(name)
        if rows is None:
            return super()._legal_values(name)
        return list(rows.order_by("slug").values_list("slug", flat=True))

    # In English.

    @property
    def asker(self) -> str:
        """The profile, where there is one."""
        return sentence(self.profile) if self.profile else ""

    @property
    def clause_phrases(self) -> list[str]:
        return [phrase(one) for one in self.wanted]

    @property
    def sentence(self) -> str:
        """` that tightened something, of licenses with a user cap, from Meta`; empty without a filter."""
        data = self.form.cleaned_data
        parts = (
            [f"that {joined([DIRECTION_PHRASES[one] for one in data['direction']], 'or')}"] if data["direction"] else []
        )
        if data["event"]:
            parts.append(f"of the sort {joined([f'“{Event(one).label}”' for one in data['event']], 'or')}")
        if data["moved"]:
            parts.append(f"in which {joined([noun(KIND[one]) for one in data['moved']], 'or')} moved")
        if data["cause"]:
            parts.append(joined([CAUSE_PHRASES[Cause(one)] for one in data["cause"]], "or"))
        parts += self._of_which(data)
        if data["weight"] and data["weight"] != [Weight.SUBSTANTIVE]:
            parts.append("of any weight" if ANY in data["weight"] else f"of weight {joined(data['weight'], 'or')}")
        if data["from"] or data["to"]:
            days = (f"{word} {day:%Y-%m-%d}" for word, day in (("from", data["from"]), ("until", data["to"])) if day)
            parts.append(" ".join(days))
        if data["models"] == "all":
            parts.append("of every model on the Hub")
        if self.profile:
            parts.append(f"that alter the answer for this profile: {self.asker}")
        return f" {', '.join(parts)}" if parts else ""

    def _of_which(self, data: dict[str, Any]) -> list[str]:
        parts = []
        if data["kind"]:
            parts.append(f"under a {joined([LicenseKind(kind).label for kind in data['kind']], 'or')} license")
        if self.wanted:
            parts.append(f"of licenses with {joined(self.clause_phrases)}")
        if data["license"]:
            parts.append(f"under {joined([self.licenses.get(one, one) for one in data['license']], 'or')}")
        if data["publisher"]:
            parts.append(f"from {joined([self.publishers.get(one, one) for one in data['publisher']], 'or')}")
        if data["q"]:
            parts.append(f"matching “{data['q']}”")
        return parts

    @property
    def title(self) -> str:
        return f"Changes{f' of {self.of}' if self.of else ''}{self.sentence}"


#: Of a list's own filters those that choose changes too.
SHARED = ("kind", "license", "publisher", "q")


def known(query: QueryDict) -> QueryDict:
    """Of another page's parameters those that choose changes as well, or say who asks: not its order, page or form."""
    copy = profiles.carried(query)
    for name, values in query.lists():
        if isinstance(ChangeFilters.base_filters.get(name), ClauseFilter) or name in SHARED:
            copy.setlist(name, values)
    return copy
