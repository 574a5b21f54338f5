"""The filters, the same everywhere: pages, exports, feeds. Every clause kind brings its own two.

`?mau_cap=no&mau_cap=partly` is OR, different kinds are AND, `?mau_cap!=yes` negates. What the values
mean is said once, in `ClauseKind.means`.
"""

from __future__ import annotations

import difflib
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import F, OrderBy, QuerySet
from django.db.models.functions import Lower

from . import profiles
from .clauses import CLAUSES, FREE, KIND, Answer, ClauseKind
from .clauses.bearing import Verdict
from .clauses.sentence import Wanted, filter_phrase, joined
from .models import License, LicenseKind, OpenModel, Publisher, Release

NEGATION = "!"
VALUE_CHOICES = [(FREE, "free"), *((answer.value, answer.value) for answer in Answer)]

#: Parameters that newsletters and feed readers add, which say nothing.
TRACKING = "utm_"
#: More values than any person ticks: the rest is somebody trying how much we bear.
MOST_VALUES = 100

#: What people ask for most, as filters: words on the control → parameters.
PRESETS: tuple[tuple[str, dict[str, str]], ...] = (
    ("No user cap", {"mau_cap": "no"}),
    ("Standard license", {"kind": LicenseKind.STANDARD}),
    ("No use policy", {"acceptable_use_policy": "no"}),
    ("No geography limits", {"geo_exclusion": "no"}),
    ("No badge", {"branding_required": "no"}),
)


class ClauseFilter(filters.MultipleChoiceFilter):
    """One kind of clause. The queryset answers, so that releases, licenses and models filter alike."""

    def __init__(self, kind: ClauseKind, *, negated: bool = False) -> None:
        super().__init__(label=kind.title, help_text=kind.question, choices=VALUE_CHOICES)
        self.slug = kind.slug
        self.negated = negated

    @property
    def kind(self) -> ClauseKind:
        """Looked up, as a filter set copies its filters deeply for every request."""
        return KIND[self.slug]

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs.answering(self.kind, self.kind.wants(value, negated=self.negated)) if value else qs  # type: ignore[attr-defined]


class SlugFilter(filters.ModelMultipleChoiceFilter):
    """`?license=mit&license=apache-2.0`: rows of a table, by their slug. One to a row, so nothing is made distinct."""

    def __init__(self, field_name: str, queryset: QuerySet[Any]) -> None:
        super().__init__(field_name=field_name, to_field_name="slug", queryset=queryset, distinct=False)


class KindFilter(filters.MultipleChoiceFilter):
    """`?kind=standard`"""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, choices=LicenseKind.choices, label="Kind of license", distinct=False)


class SortFilter(filters.ChoiceFilter):
    """`?sort=name`: each choice is an order that ends in something unique."""

    def __init__(self, orders: dict[str, tuple[str, list[OrderBy]]]) -> None:
        super().__init__(label="Sort", choices=[(slug, label) for slug, (label, _) in orders.items()])
        self.orders = orders

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.order_by(*self.orders[value][1]) if value else qs


class ClauseFilters(filters.FilterSet):
    """Every clause kind, plus what a subclass adds."""

    #: How the things found are called: `model`, `license`.
    noun = "model"
    #: Parameters that say how to show the result, not which.
    presentation: ClassVar[tuple[str, ...]] = ()
    #: Whether a profile may stand beside the filters.
    takes_profile: ClassVar[bool] = False
    #: From a row to its license.
    license_path = "weights__license"

    @classmethod
    def get_filters(cls) -> dict[str, filters.Filter]:
        clauses = {kind.slug: ClauseFilter(kind) for kind in CLAUSES}
        negations = {kind.slug + NEGATION: ClauseFilter(kind, negated=True) for kind in CLAUSES}
        return super().get_filters() | clauses | negations

    @property
    def wanted(self) -> list[Wanted]:
        """The active clause filters, in table order."""
        return [
            Wanted(filter.kind, tuple(dict.fromkeys(self.form.cleaned_data[name])), filter.negated)
            for name, filter in self.filters.items()
            if isinstance(filter, ClauseFilter) and self.form.cleaned_data.get(name)
        ]

    def without_facets(self) -> QuerySet[Any]:
        """The result if neither a clause nor a kind of license were asked for: the ground that counts stand on."""
        queryset = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            if not isinstance(self.filters[name], ClauseFilter) and name != "kind":
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def faults(self) -> dict[str, list[str]]:
        """What is wrong with the parameters: name → sentences with the legal values. Empty when all is well."""
        if sum(len(values) for _, values in self.data.lists()) > MOST_VALUES:
            return {"filters": [f"These are more than {MOST_VALUES} values. Use fewer of them."]}
        found = {name: [self._cure(name)] for name in self.form.errors}
        carried = profiles.NAMES if self.takes_profile else ()
        for name in self.data:
            if name not in (*self.filters, *self.presentation, *carried) and not name.startswith(TRACKING):
                near = difflib.get_close_matches(name, self.filters, n=1)
                found[name] = [f"“{name[:60]}” is not a filter." + (f" Did you mean “{near[0]}”?" if near else "")]
        return found

    def _cure(self, name: str) -> str:
        legal = [str(value) for value in self._legal_values(name)]
        if not legal:
            return " ".join(str(error) for error in self.form.errors[name])
        wrong = [value for value in self.data.getlist(name) if value not in legal]
        said = joined([f"“{value[:60]}”" for value in wrong]) or "this value"
        return f"{said} cannot be used with “{name}”. Use one of: {', '.join(legal)}."

    def _legal_values(self, name: str) -> list[str]:
        field = self.form.fields[name]
        if isinstance(self.filters[name], filters.ModelMultipleChoiceFilter):
            return list(field.queryset.order_by("slug").values_list("slug", flat=True))
        return [value for value, _ in getattr(field, "choices", []) if value]

    @property
    def sentence(self) -> str:
        """The filter after the noun: ` with no user cap and no use policy`; empty without one."""
        data = self.form.cleaned_data
        others = []
        if data.get("kind"):
            kinds = [LicenseKind(kind).label for kind in data["kind"]]
            others.append(
                f"under a {joined(kinds, 'or')} license" if self.license_path else f"of kind {joined(kinds, 'or')}"
            )
        if data.get("family"):
            others.append(f"of the family {joined(data['family'], 'or')}")
        if data.get("license"):
            others.append(f"under {joined([license.short_name for license in data['license']], 'or')}")
        if data.get("publisher"):
            others.append(f"from {joined([publisher.name for publisher in data['publisher']], 'or')}")
        if data.get("author"):
            others.append(f"in the namespace {data['author']}")
        if data.get("q"):
            others.append(f"matching “{data['q']}”")
        return filter_phrase(self.wanted, others)

    @property
    def title(self) -> str:
        return f"{self.noun.capitalize()}s{self.sentence}"


LICENSE_ORDERS: dict[str, tuple[str, list[OrderBy]]] = {
    "name": ("name, A to Z", [Lower("short_name").asc(), F("pk").asc()]),
    "-name": ("name, Z to A", [Lower("short_name").desc(), F("pk").desc()]),
    "-released": ("newest first", [F("released_on").desc(nulls_last=True), F("pk").asc()]),
    "released": ("oldest first", [F("released_on").asc(nulls_last=True), F("pk").asc()]),
    "-models": ("most models on the Hub", [F("count__total").desc(nulls_last=True), F("pk").asc()]),
    "models": ("fewest models on the Hub", [F("count__total").asc(nulls_last=True), F("pk").asc()]),
}

RELEASE_ORDERS: dict[str, tuple[str, list[OrderBy]]] = {
    "-released": ("newest first", [F("released_on").desc(), F("slug").asc()]),
    "released": ("oldest first", [F("released_on").asc(), F("slug").asc()]),
    "name": ("name, A to Z", [F("name").asc(), F("slug").asc()]),
    "-name": ("name, Z to A", [F("name").desc(), F("slug").desc()]),
    "license": ("license, A to Z", [F("weights__license__short_name").asc(nulls_last=True), F("slug").asc()]),
    "-license": ("license, Z to A", [F("weights__license__short_name").desc(nulls_last=True), F("slug").desc()]),
    "-downloads": ("most downloaded", [F("downloads").desc(nulls_last=True), F("slug").asc()]),
    "downloads": ("least downloaded", [F("downloads").asc(nulls_last=True), F("slug").asc()]),
}


class ReleaseFilters(ClauseFilters):
    """The comparison table's filters. Expects `Release.objects.for_table()`."""

    takes_profile = True
    presentation: ClassVar[tuple[str, ...]] = ("page", "format")

    q = filters.CharFilter(method="search", label="Search", max_length=100)
    kind = KindFilter("weights__license__kind")
    license = SlugFilter("weights__license__slug", License.objects.by_name())
    publisher = SlugFilter("publisher__slug", Publisher.objects.order_by("name", "pk"))
    sort = SortFilter(RELEASE_ORDERS)

    class Meta:
        model = Release
        fields: list[str] = []

    def search(self, queryset: QuerySet[Release], name: str, value: str) -> QuerySet[Release]:
        return queryset.matching(value)  # type: ignore[attr-defined]


class VerdictFilter(filters.MultipleChoiceFilter):
    """`?verdict=permitted`: judged one by one where a profile is known, never by the database."""

    def __init__(self) -> None:
        super().__init__(label="Verdict", choices=[(str(verdict), verdict.short) for verdict in Verdict])

    def filter(self, qs: QuerySet[Any], value: list[str]) -> QuerySet[Any]:
        return qs


class CheckFilters(ReleaseFilters):
    """The same where each row has a verdict. `with` are the subjects of the comparison that somebody came from."""

    presentation = (*ReleaseFilters.presentation, "with")

    verdict = VerdictFilter()


class LicenseFilters(ClauseFilters):
    """Filters of the licenses themselves. Expects `License.objects.for_table()`."""

    noun = "license"
    license_path = ""
    presentation = ("page", "format")

    q = filters.CharFilter(method="search", label="Search", max_length=100)
    kind = KindFilter("kind")
    family = filters.AllValuesMultipleFilter(field_name="family", label="Family", distinct=False)
    publisher = SlugFilter("steward__slug", Publisher.objects.order_by("name", "pk"))
    sort = SortFilter(LICENSE_ORDERS)

    class Meta:
        model = License
        fields: list[str] = []

    def search(self, queryset: QuerySet[License], name: str, value: str) -> QuerySet[License]:
        return queryset.matching(value)  # type: ignore[attr-defined]


class ModelFilters(ClauseFilters):
    """Filters of the Hub's models: clauses choose licenses, licenses choose models."""

    takes_profile = True
    presentation = ("after",)

    q = filters.CharFilter(method="search", label="Search", max_length=100)
    kind = KindFilter("license__kind")
    license = SlugFilter("license__slug", License.objects.by_name())
    author = filters.CharFilter(field_name="author", label="Namespace", max_length=100)

    class Meta:
        model = OpenModel
        fields: list[str] = []

    def search(self, queryset: QuerySet[OpenModel], name: str, value: str) -> QuerySet[OpenModel]:
        for word in value.split()[:8]:
            queryset = queryset.filter(repo_id__icontains=word)
        return queryset
