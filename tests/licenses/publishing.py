"""A license with a text, and readings of it, for tests of what curators do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from licenses import curation
from licenses.clauses import KIND
from licenses.models import Draft, License
from licenses.offers import Offer, Refused
from tests.factories import NOW, make_license, make_person, make_revision

TEXT = """1. Grant
You may use the model for any purpose.

2. Large services
If you have more than 100 million monthly active users, ask for a license first.

3. Naming
You must show the words Built with Acme on a page of your product.
"""
SIZE = {
    "metric": "mau", "amount": 100_000_000, "period": "month", "comparator": "gt", "measured": "ongoing",
    "whose": "licensee", "applies_to": "any_use", "effect": "separate_license",
}  # fmt: skip
CAP: dict[str, Any] = {
    "answer": "yes",
    "strength": "must",
    "quotes": [{"document": "agreement", "section": "2", "words": "more than 100 million monthly active users"}],
    "thresholds": [SIZE],
}
NOTICE: dict[str, Any] = {
    "answer": "yes",
    "quotes": [{"document": "agreement", "section": "3", "words": "show the words Built with Acme"}],
}
WHY = "The text says so."


def cap(values: dict[str, Any] | None = None, **about: Any) -> Offer:
    """The size of section 2: a kind that two people read."""
    return Offer(KIND["mau_cap"], CAP | (values or {}), about.pop("reason", WHY), **about)


def notice(values: dict[str, Any] | None = None, **about: Any) -> Offer:
    """Section 3: a kind that one person may publish."""
    return Offer(KIND["attribution_notice"], NOTICE | (values or {}), about.pop("reason", WHY), **about)


def acme(name: str = "Acme License", text: str = TEXT) -> License:
    license = make_license(name)
    make_revision(license.documents.get(), text)
    return license


def tables() -> dict[str, list[Any]]:
    """Every row that publishing could touch, whole."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            if table.startswith("licenses_"):
                cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
                found[table] = cursor.fetchall()
        return found


def refusal(license: License, offer: Offer) -> dict[str, list[str]]:
    """What is said of an offer; nothing at all is written."""
    before, by = tables(), make_person("ada", "reviewer")
    with pytest.raises(Refused) as refused:
        curation.publish(license, [offer], by=by, now=NOW)
    assert tables() == before
    return refused.value.faults[offer.kind.slug]


def make_draft(person: Any, license: License, kind: str) -> Draft:
    return Draft.objects.create(user=person, license=license, kind=kind, fields={"note": ["mine"]}, saved_at=NOW)
