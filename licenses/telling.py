"""One change in plain words: a sentence, whose doing it was, the clauses that moved, where its proof stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from .clauses import KIND, ClauseKind
from .clauses.sentence import joined, noun
from .models import Change, Direction, Event, License, OpenModel, Publisher, Release

#: How much of what a stranger wrote goes into one sentence.
LONGEST = 80
#: Clauses that one sentence names.
NAMED = 3
IN = " in "
#: What a text without a tag, gate or base is called.
NOTHING = "none"
#: Beside the word, for those who see no colour.
SIGNS = {"": "◇", Direction.LOOSER: "▼", Direction.TIGHTER: "▲", Direction.MIXED: "◆", Direction.NEITHER: "◆"}
#: Clauses that one row shows.
SHOWN = 6
#: Events that somebody may read.
READABLE = {Event.TEXT_CHANGED, Event.LICENSE_CHANGED, Event.NEXT_VERSION}
DIRECTIONS = SIGNS.keys() - {Direction.MIXED}


#: Sentences added, and sentences removed.
Sides = tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Moved:
    """One clause as the change tells of it. A direction only where somebody judged it."""

    kind: ClauseKind
    before: str
    after: str
    direction: str = ""
    words: str = ""

    @property
    def verb(self) -> str:
        return {"": "read", Direction.NEITHER: "changed"}.get(self.direction, self.direction)

    @property
    def sign(self) -> str:
        return SIGNS[self.direction]


@dataclass(frozen=True, slots=True)
class Told:
    """A change as rows, pages and feeds show it."""

    change: Change
    summary: str
    moves: list[Moved]
    #: The sentence where the clauses stand beside it.
    headline: str

    @property
    def whose(self) -> str:
        return "They changed it" if self.change.is_theirs else "We read it"

    @property
    def title(self) -> str:
        """By the title alone one knows what it is about, and nobody takes our reading for their change."""
        is_named = self.subject.casefold() in self.summary.casefold()
        said = self.summary if is_named or self.change.folded else f"{self.subject}: {self.summary}"
        return said if self.change.is_theirs else f"Our reading: {said}"

    @property
    def subject(self) -> str:
        return plain(name(self.change))

    @property
    def subject_address(self) -> str:
        return address(self.change.subject)

    @property
    def diff_address(change: Change) -> str:
    """The two wordings side by side; nothing where one of them is not kept."""
    before, after, document = change.revision_before, change.revision_after, change.document
    if before is None or after is None or document is None:
        return ""
    return f"{document.diff_address}?from={before.name}&to={after.name}"
