"""What the filters ask for, as words for titles, pages and feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import FREE, Answer, ClauseKind, Nature


@dataclass(frozen=True, slots=True)
class Wanted:
    """One active clause filter: values joined by OR, or what is left when they are excluded."""

    kind: ClauseKind
    values: tuple[str, ...]
    negated: bool = False


def noun(kind: ClauseKind) -> str:
    return kind.title[0].lower() + kind.title[1:]


def first_few(kinds: Sequence[ClauseKind], most: int = 3) -> str:
    """`user cap, geography and badge or brand and 2 more`"""
    named = joined([noun(kind) for kind in kinds[:most]])
    return f"{named} and {len(kinds) - most} more" if len(kinds) > most else named


def value_phrase(kind: ClauseKind, value: str) -> str:
    """`no user cap`, `commercial use allowed`, `geography not read yet`"""
    yes, no = kind.filter_words
    if value == FREE:
        return f"{noun(kind)} free of limits"
    if kind.nature is Nature.PERMISSION:
        allowed = {Answer.YES: "allowed", Answer.NO: "not allowed", Answer.PARTLY: "partly allowed"}
    else:
        allowed = {Answer.PARTLY: "in part"}
        if value == Answer.YES:
            return yes or noun(kind)
        if value == Answer.NO:
            return no or f"no {noun(kind)}"
    others = {Answer.SILENT: "not mentioned", Answer.UNREAD: "not read yet"}
    return f"{noun(kind)} {(allowed | others)[Answer(value)]}"


def phrase(wanted: Wanted) -> str:
    """One filter: values joined by "or"; negated, "… other than yes"."""
    if wanted.negated:
        return f"{noun(wanted.kind)} read as other than {' or '.join(wanted.values)}"
    return " or ".join(value_phrase(wanted.kind, value) for value in wanted.values)


def joined(phrases: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`"""
    if len(phrases) < 2:
        return "".join(phrases)
    return f"{', '.join(phrases[:-1])} {word} {phrases[-1]}"


def filter_phrase(wanted: Sequence[Wanted], others: Sequence[str] = ()) -> str:
    """All filters after the noun: ` with no user cap and no use policy, under Apache-2.0`; empty without any."""
    clauses = f" with {joined([phrase(one) for one in wanted])}" if wanted else ""
    return clauses + "".join(f"{',' if clauses else ''} {other}" for other in others)
