"""The whole audit trail as lines of JSON: every deed, reading, proposal, curator's rule and conclusion, oldest first.

The fields are described in docs/accountability.md. Rows come from the database in portions, so the trail may be of any
length. An e-mail address is in none of them, and people stand there under the names that pages show.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .models import AuditEntry, Clause, Conclusion, Proposal, Quote, Rule
from .roles import display_name

PORTION = 500

Payload = dict[str, Any]
#: When, which of `SOURCES`, key: lines of one moment keep their order.
Place = tuple[datetime, int, int]


def lines() -> Iterator[str]:
    """One JSON object each, with `type` and `at`."""
    sources = [placed(number, *source) for number, source in enumerate(SOURCES)]
    for _, payload in heapq.merge(*sources, key=lambda found: found[0]):
        yield json.dumps(payload, cls=DjangoJSONEncoder) + "\n"


def placed(
    number: int, rows: Callable[[], models.QuerySet[Any]], at: str, payload: Callable[[Any], Payload]
) -> Iterator[tuple[Place, Payload]]:
    for row in rows().order_by(at, "pk").iterator(PORTION):
        yield (getattr(row, at), number, row.pk), payload(row)


def deed(entry: AuditEntry) -> Payload:
    return {
        "type": "deed",
        "at": entry.at,
        "by": entry.by_name,
        "curator": entry.by_id,
        "deed": entry.deed,
        "license": entry.license.slug if entry.license else None,
        "kind": entry.kind or None,
        "model": entry.model.repo_id if entry.model else None,
        "reading": entry.clause_id,
        "proposal": entry.proposal.key if entry.proposal else None,
        "before": entry.before,
        "after": entry.after,
        "reason": entry.reason,
    }


def reading(clause: Clause) -> Payload:
    return {
        "type": "reading",
        "at": clause.recorded_at,
        "key": clause.pk,
        "license": clause.license.slug,
        "kind": clause.kind,
        "answer": clause.answer,
        "strength": clause.strength,
        "note": clause.note,
        "payload": clause.payload,
        "thresholds": [without_keys(size) for size in clause.sizes],
        "territories": [without_keys(place) for place in clause.places],
        "quotes": [quote(each) for each in clause.proofs],
        "effective_from": clause.effective_from,
        "effective_to": clause.effective_to,
        "read_by": clause.read_by,
        "reader": clause.reader_id,
        "read_on": clause.read_on,
        "confirmed_by": clause.confirmed_by or None,
        "confirmer": clause.confirmer_id,
        "confirmed_on": clause.confirmed_on,
        "supersedes": clause.supersedes_id,
        "superseded_at": clause.superseded_at,
    }


def quote(proof: Quote) -> Payload:
    """With the W3C selectors (text quote, text position) that find it in its wording."""
    return {
        "document": proof.document.handle,
        "wording": proof.revision_name,
        "section": proof.section,
        "exact": proof.exact,
        "prefix": proof.prefix,
        "suffix": proof.suffix,
        "start": proof.start,
        "end": proof.end,
        "state": proof.state,
        "missing_since": proof.missing_since,
    }


def without_keys(row: dict[str, Any]) -> Payload:
    return {name: value for name, value in row.items() if name not in ("id", "clause_id")}


def proposal(made: Proposal) -> Payload:
    return {
        "type": "proposal",
        "at": made.made_at,
        "key": made.key,
        "license": made.license.slug,
        "kind": made.kind,
        "origin": made.origin,
        "by": made.whose,
        "curator": made.made_by_id,
        "text": made.text,
        "evidence": made.evidence or None,
        "reading": made.reading,
        "since": made.since,
        "based_on": made.based_on_id,
        "answers": made.answers.key if made.answers else None,
        "outcome": made.outcome,
        "decided_by": display_name(made.decided_by) if made.decided_by else None,
        "decider": made.decided_by_id,
        "decided_at": made.decided_at,
        "decision": made.decision,
        "published": made.clause_id,
    }


def rule(added: Rule) -> Payload:
    return {
        "type": "rule",
        "at": added.added_at,
        "signal": added.signal,
        "value": added.value,
        "author": added.author or None,
        "license": added.license.slug,
        "by": display_name(added.added_by) if added.added_by else None,
        "curator": added.added_by_id,
        "reason": added.reason,
        "retired_at": added.retired_at,
    }


def conclusion(made: Conclusion) -> Payload:
    return {
        "type": "conclusion",
        "at": made.made_at,
        "model": made.model.repo_id,
        "license": made.license.slug if made.license else None,
        "by": made.made_by_name,
        "curator": made.made_by_id,
        "reason": made.reason,
        "evidence": made.evidence or None,
        "quote": made.quote,
        "superseded_at": made.superseded_at,
    }


#: Rows, the column that says when, and how one is told. Rules of the catalogue's files are told by those files.
SOURCES: tuple[tuple[Callable[[], models.QuerySet[Any]], str, Callable[[Any], Payload]], ...] = (
    (lambda: Clause.objects.with_details().select_related("license"), "recorded_at", reading),
    (lambda: Proposal.objects.for_page(), "made_at", proposal),
    (lambda: Rule.objects.filter(added_at__isnull=False).select_related("license", "added_by"), "added_at", rule),
    (lambda: Conclusion.objects.select_related("model", "license"), "made_at", conclusion),
    (lambda: AuditEntry.objects.for_page(), "at", deed),
)
