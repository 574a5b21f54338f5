"""Plain functions that put licenses, releases and models into the database, quotes included."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils.text import slugify

from licenses.clauses import KIND, Answer
from licenses.models import (
    Artifact,
    Change,
    Clause,
    Document,
    License,
    OpenModel,
    Publisher,
    Quote,
    Release,
    Revision,
)
from licenses.wording import digest, raw_digest, readable

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def make_publisher(name: str = "Acme") -> Publisher:
    return Publisher.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def make_license(
    name: str = "Acme License", *, kind: str = "custom", **answers: Answer | str | dict[str, Any]
) -> License:
    """A license with a reading for each keyword that names a clause kind: an answer, or a dict with `answer`,
    `note`, `payload`, `strength`, `thresholds`, `territories` and `quote`."""
    slug = slugify(name)
    unknown = [key for key in answers if key not in KIND]
    assert not unknown, f"not a clause kind: {unknown}"
    license = License.objects.create(
        slug=slug, name=name, short_name=name[:40], identifier=f"LicenseRef-{slug}", kind=kind, licensor="Acme"
    )
    document = Document.objects.create(license=license, key="agreement", role="agreement", title=f"{name} text")
    for slug, reading in answers.items():
        make_clause(license, slug, document=document, **(reading if isinstance(reading, dict) else {"answer": reading}))
    return license


def make_revision(document: Document, text: str, *, effective_on: date | None = None, **fields: Any) -> Revision:
    """A wording with its text; what is quoted of the document and stands in it points there."""
    words = readable(text)
    revision = Revision.objects.create(
        document=document,
        raw_sha256=raw_digest(text.encode("utf-8", "replace")),
        sha256=digest(text) if text else "",
        text=words,
        source=fields.pop("source", "github:acme/model@0123abc:LICENSE"),
        effective_on=effective_on,
        **fields,
    )
    for quote in document.quotes.exclude(state="found"):
        if (start := words.find(quote.exact)) >= 0:
            places = {"revision": revision, "start": start, "end": start + len(quote.exact), "state": "found"}
            Quote.objects.filter(pk=quote.pk).update(**places)
    return revision


def make_clause(
    license: License, kind: str, *, document: Document | None = None, answer: str, **reading: Any
) -> Clause:
    thresholds = reading.pop("thresholds", [])
    territories = reading.pop("territories", [])
    quote = reading.pop("quote", f"words that prove {kind}")
    clause = Clause.objects.create(
        license=license,
        kind=kind,
        answer=answer,
        read_by=reading.pop("read_by", "Ada"),
        read_on=date(2026, 11, 1),
        recorded_at=reading.pop("recorded_at", NOW),
        **reading,
    )
    if answer != Answer.SILENT:
        Quote.objects.create(
            clause=clause, document=document or license.documents.get(key="agreement"), section="2", exact=quote
        )
    for threshold in thresholds:
        clause.thresholds.create(**(MAU_THRESHOLD | threshold))
    for territory in territories:
        clause.territories.create(**territory)
    return clause


PASSWORD = "a long word of its own"


MAU_THRESHOLD: dict[str, Any] = {
    "metric": "mau",
    "amount": 700_000_000,
    "period": "calendar_month",
    "comparator": "gt",
    "measured": "at_release",
    "whose": "licensee_and_affiliates",
    "applies_to": "any_use",
    "effect": "separate_license",
    "discretion": True,
}


def make_release(
    name: str, license: License, *, publisher: str = "Acme", repos: list[str] | None = None, **fields: Any
) -> Release:
    release = Release.objects.create(
        slug=slugify(name),
        name=name,
        publisher=make_publisher(publisher),
        released_on=fields.pop("released_on", date(2025, 4, 5)),
        repos=repos or [],
        **fields,
    )
    Artifact.objects.create(release=release, part="weights", expression=license.identifier, license=license)
    return release


def make_model(repo_id: str, *, license: License | None = None, **fields: Any) -> OpenModel:
    return OpenModel.objects.create(
        hub_id=hashlib.sha256(repo_id.encode()).hexdigest()[:24],
        repo_id=repo_id,
        author=repo_id.split("/")[0],
        license=license,
        resolved_by=fields.pop("resolved_by", "tag:test" if license else ""),
        first_seen_at=NOW,
        **fields,
    )


def make_change(**facts: Any) -> Change:
    """Of one license, model, release or publisher; the database's own columns are read back."""
    row = {"event": "license_changed", "cause": "metadata", "weight": "substantive", "seen_at": NOW}
    change = Change.objects.create(**row | facts)
    change.refresh_from_db()
    return change


def make_person(name: str, role: str = "", **fields: Any) -> User:
    """`make_person("ada", "curator")`: she logs in as ada and is shown as Ada."""
    user = User.objects.create_user(name, first_name=name.title(), password=PASSWORD, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user
