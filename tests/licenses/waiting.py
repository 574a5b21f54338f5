"""Puts work into the curators' queue and reads it off."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from licenses import queue
from licenses.models import (
    Change,
    Disagreement,
    Document,
    License,
    LicenseCount,
    OpenModel,
    Proposal,
    Quote,
    UnresolvedName,
)
from licenses.queue import Found, Wanted
from tests.factories import NOW, make_change, make_clause, make_license, make_model, make_person, make_revision
from tests.pages import words


def make_name(value: str, total: int = 1, downloads: int = 0, **fields: Any) -> UnresolvedName:
    fields = {"signal": "name", "written": value, "leading": "acme/one", "counted_at": NOW} | fields
    return UnresolvedName.objects.create(value=value, total=total, downloads=downloads, **fields)


def counted(license: License, total: int, downloads: int = 0) -> License:
    LicenseCount.objects.create(license=license, total=total, downloads=downloads, counted_at=NOW)
    return license


def make_file(model: OpenModel, text: str, key: str = "license") -> Document:
    file = Document.objects.create(model=model, key=key, role="agreement", title="LICENSE", path=f"{key}/LICENSE")
    file.head = make_revision(file, text, first_seen_at=NOW)
    file.save()
    return file


def make_disagreement(repo: str, license: License, says: License, **fields: Any) -> Disagreement:
    fields = {"source": "file", "words": "Apache License", "seen_at": NOW} | fields
    return Disagreement.objects.create(model=make_model(repo, license=license), says=says, **fields)


def lose_quotes() -> None:
    Quote.objects.update(state="missing", missing_since=datetime(2026, 11, 2, tzinfo=NOW.tzinfo))


def somebody() -> User:
    return User.objects.filter(username="somebody").first() or make_person("somebody", "reviewer")


def found(by: User | None = None, *, now: datetime = NOW, **wanted: Any) -> Found:
    return queue.find(Wanted(**wanted), by=by or somebody(), now=now)


def tasks(by: User | None = None, *, now: datetime = NOW, **wanted: Any) -> list[str]:
    reader = by or somebody()
    return [queue.errand(entry, reader).task for entry in found(by, now=now, **wanted).entries]


def shown(page: Any) -> list[str]:
    return [words(task) for task in re.findall(r'<a class="task".*?</a>', page.content.decode(), re.S)]


def change_words(document: Document, *, seen_at: datetime) -> Change:
    before, after = (make_revision(document, f"Words of {word}, and words that prove mau_cap.") for word in "ab")
    return make_change(
        license=document.license, document=document, event="text_changed", cause="text", revision_before=before,
        revision_after=after, seen_at=seen_at,
    )  # fmt: skip


def one_of_each() -> User:
    """Something in every topic; gives who looks."""
    ada, bob = make_person("dora", "curator"), make_person("bernd", "reviewer")
    license = counted(make_license("Acme License", mau_cap="yes", revenue_cap="silent"), 40, 7_000)
    make_clause(license, "geo_exclusion", answer="silent")
    make_name("kimi-k2", total=50, downloads=10)
    make_name("qwen", total=50, downloads=20)
    counted(make_license("Bare"), 3, 90_000)
    make_file(make_model("acme/tiny", downloads=5), "Use it as you like, but tell us.")
    Proposal.objects.create(
        license=license, kind="geo_exclusion", origin="visitor", text="No.", made_at=NOW, made_by=ada
    )
    make_disagreement("acme/odd", license, License.objects.get(slug="bare"))
    change_words(license.documents.get(), seen_at=NOW + timedelta(days=1))
    lose_quotes()
    return bob
