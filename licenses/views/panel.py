"""The filter panel that every list carries: questions, kinds of license, chips, presets."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from licenses import facets, profiles
from licenses.clauses import CLAUSES, CORE
from licenses.filters import ClauseFilters
from licenses.models import LicenseKind


class Counted(Paginator):  # type: ignore[type-arg]
    """Pages of rows whose number is known already."""

    def __init__(self, rows: QuerySet[Any], per_page: int, total: int) -> None:
        super().__init__(rows, per_page)
        self.count = total


def counted(filters: ClauseFilters) -> facets.Facets:
    kinds = filters.form.cleaned_data["kind"]
    return facets.Facets(filters.without_facets(), filters.license_path, filters.wanted, kinds)


def panel(filters: ClauseFilters, counts: facets.Facets | None, query: QueryDict, path: str) -> dict[str, Any]:
    """What `_filters.html` and `_sentence.html` show. Without counts every value stands there, and none is counted."""
    asked = facets.questions(query, counts, CLAUSES)
    uncounted = [(value, label, None) for value, label in LicenseKind.choices]
    return {
        "filters": filters,
        "core": facets.grouped(asked, core=True),
        "more": facets.grouped(asked, core=False),
        "more_kinds": len(CLAUSES) - len(CORE),
        "more_active": any(question.is_active for question in asked if not question.kind.core),
        "kinds_of_license": counts.kinds_of_license() if counts else uncounted,
        "chosen_kinds": filters.form.cleaned_data["kind"],
        "chips": facets.chips(filters, query, path),
        "clear": facets.address(profiles.carried(query), path),
        "presets": facets.presets(query, path),
    }
