"""Wordings of documents, as they come in: kept once, and told apart from what is no license text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .models import Document, Revision
from .wording import digest, raw_digest, readable


@dataclass(frozen=True)
class Kept:
    """What became of a wording: first, known, cosmetic, fault, held or changed."""

    outcome: str
    note: str = ""


def keep(document: Document, raw: bytes, *, source: str, now: datetime) -> Kept:
    """Take in what the document's place says now."""
    if note := fault(raw):
        return Kept("fault", note)
    text = raw.decode("utf-8", "replace")
    revision, is_new = Revision.objects.get_or_create(
        document=document,
        raw_sha256=raw_digest(raw),
        defaults={"sha256": digest(text), "text": readable(text), "source": source, "first_seen_at": now},
    )
    before = document.head
    document.head = revision
    document.save(update_fields=["head"])
    if before is None:
        return Kept("first")
    return Kept("changed" if is_new else "known")


def fault(raw: bytes) -> str:
    start = raw[:200].lstrip().lower()
    if start.startswith(b"%pdf"):
        return "a PDF, and no text"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page, and no license text"
    if not start or b"\0" in raw:
        return "empty or binary"
    return ""


def settle(*, now: datetime) -> int:
    """Wordings that were held, and lasted, become the head: how many."""
    return 0
