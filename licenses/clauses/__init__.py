"""The registry of clause kinds: 35 questions, asked of every license.

Everything that shows, filters, edits, exports or explains clauses loops over `CLAUSES`, in this order.
A new kind is its declaration here, its answers in the catalogue and a line in the changelog.
"""

from . import continuity, credit, field, grant, outputs, scale
from .base import FREE, READ, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField, Strength, by_group

CLAUSES: tuple[ClauseKind, ...] = (
    *grant.KINDS,
    *scale.KINDS,
    *field.KINDS,
    *credit.KINDS,
    *outputs.KINDS,
    *continuity.KINDS,
)

CORE: tuple[ClauseKind, ...] = tuple(kind for kind in CLAUSES if kind.core)

KIND: dict[str, ClauseKind] = {kind.slug: kind for kind in CLAUSES}

#: The policy of publishing: a curator's reading of these waits for a second person; others one may publish alone.
READ_TWICE: frozenset[str] = frozenset(kind.slug for kind in CORE)

__all__ = [
    "CLAUSES",
    "CORE",
    "FREE",
    "KIND",
    "READ",
    "READ_TWICE",
    "Answer",
    "ClauseKind",
    "EUEffect",
    "FieldType",
    "Group",
    "Nature",
    "PayloadField",
    "Strength",
    "by_group",
]
