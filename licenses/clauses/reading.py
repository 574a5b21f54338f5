"""A reading as a plain value: what `catch`, tables, exports and verdicts reason about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .amounts import TerritoryValue, ThresholdValue
from .base import Answer, ClauseKind, Strength


@dataclass(frozen=True, slots=True)
class Reading:
    """What we hold a license to say on one kind. Payload values are as the kind declares them."""

    kind: ClauseKind
    answer: Answer
    strength: Strength = Strength.MUST
    payload: Mapping[str, Any] = field(default_factory=dict)
    thresholds: tuple[ThresholdValue, ...] = ()
    territories: tuple[TerritoryValue, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.kind.is_open(self.answer)

    @property
    def binds(self) -> bool:
        """Neither open nor silent, and not merely encouraged."""
        return not self.is_open and self.answer is not Answer.SILENT and self.strength is Strength.MUST


@dataclass(frozen=True, slots=True)
class Terms:
    """One license as its sentences need it: who licenses, when the version came out, what we read."""

    licensor: str
    released_on: date | None
    readings: Mapping[str, Reading]

    def reading(self, kind: ClauseKind) -> Reading | None:
        return self.readings.get(kind.slug)

    @property
    def snapshot(self) -> str:
        """The month a snapshot threshold looks at: the one before the version's release."""
        if self.released_on is None:
            return "in the month before its release"
        month = self.released_on.replace(day=1) - timedelta(days=1)
        return f"in {month:%B %Y}"
