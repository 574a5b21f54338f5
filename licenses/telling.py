"""One change in plain words: a sentence, whose doing it was, the clauses that moved, where its proof stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from .clauses import KIND, ClauseKind
from .clauses.sentence import joined, noun
from .effects import Effect
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
    #: What it does to the answer for the profile that asks, where one does.
    effect: Effect | None = None

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
    def diff_address(self) -> str:
        """The two wordings side by side; nothing where one of them is not kept."""
        before, after, document = self.change.revision_before, self.change.revision_after, self.change.document
        if before is None or after is None or document is None:
            return ""
        return f"{document.diff_address}?from={before.name}&to={after.name}"

    @property
    def before(self) -> str:
        return plain(self.change.before)

    @property
    def after(self) -> str:
        return plain(self.change.after)

    @property
    def remark(self) -> str:
        return plain(self.change.remark)

    @property
    def answer(self) -> str:
        """The effect in words."""
        return plain(self.effect.words) if self.effect else ""

    @property
    def first_moves(self) -> list[Moved]:
        return self.moves[:SHOWN]

    @property
    def more_moves(self) -> int:
        return max(len(self.moves) - SHOWN, 0)

    @property
    def clauses_address(self) -> str:
        """Where the clauses are explained: at the license, where it is one."""
        license = self.change.license_after or self.change.license
        return license.get_absolute_url() if license else reverse("clauses")

    @property
    def seen_later(self) -> bool:
        """We learnt of it on another day."""
        return self.change.seen_at.date() != self.change.happened_on

    @property
    def in_full(self) -> bool:
        """There is more to say of some clause than its answers."""
        return any(one.words != f"{one.before} → {one.after}" for one in self.moves)

    @property
    def count(self) -> int:
        """The models of a bulk, its own among them."""
        return self.change.folded + 1

    @property
    def sign(self) -> str:
        return SIGNS[self.change.direction] if self.change.direction else "?"

    @property
    def waits(self) -> bool:
        """Their words or license changed, and nobody has read yet what it means."""
        return self.change.is_theirs and not self.change.direction and self.change.event in READABLE

    @property
    def direction(self) -> str:
        return str(self.change.direction) or "unread"


def told(change: Change, sentences: Sides = ((), ()), effect: Effect | None = None) -> Told:
    """Needs `with_subjects()` and `entries()`, or `apart()`. `sentences`: those added and removed, where known."""
    moved, own = moves(change.moved), plain(change.summary)
    built = [own] * 2 if own else [sentence(change, say, sentences) for say in (clauses(moved), number(moved))]
    return Told(change, built[0], moved, built[1], effect)


def plain(text: str) -> str:
    """One line that every reader can show: what steers the writing direction, or cannot be XML, is taken out."""
    kept = (" " if one.isspace() else one for one in text if one.isspace() or is_shown(one))
    return " ".join("".join(kept).split())


def is_shown(one: str) -> bool:
    """Neither control nor steering mark, half a letter or none."""
    if unicodedata.category(one) in ("Cc", "Cs") or ord(one) & 0xFFFE == 0xFFFE:
        return False
    return unicodedata.bidirectional(one) not in STEERING and one not in MARKS


STEERING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
MARKS = frozenset("\u200e\u200f\u061c\ufeff")


def short(text: str) -> str:
    text = plain(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def moves(stored: object) -> list[Moved]:
    """The clauses that we know, in the order they are stored in."""
    rows = [row for row in stored if isinstance(row, dict)] if isinstance(stored, list) else []
    return [moved(row) for row in rows if str(row.get("kind")) in KIND]


def moved(row: dict[str, object]) -> Moved:
    before, after, words, direction, until = (
        plain(str(row.get(key) or "")) for key in ("before", "after", "words", "direction", "until")
    )
    words = words or f"{before or NOTHING} → {after or NOTHING}" + (f", of the words until {until}" if until else "")
    return Moved(KIND[str(row["kind"])], before, after, direction if direction in DIRECTIONS else "", words)


# The sentence.


def sentence(change: Change, moved: str, sentences: Sides) -> str:
    """Built where none is stored. `moved`: what to say of the clauses, nothing where none moved."""
    if change.folded:
        return of_many(change)
    subject, was, now = short(name(change)), short(change.before), short(change.after)
    match change.event:
        case Event.TEXT_CHANGED:
            return of_text(change, moved, sentences)
        case Event.LICENSE_CHANGED if change.is_theirs:
            return f"{subject}: license tag {was or NOTHING} → {now or NOTHING}"
        case Event.LICENSE_CHANGED:
            return f"{subject}: we now take its license for {now or 'not known'}, before {was or 'not known'}"
        case Event.NEXT_VERSION:
            before = named(change.license_before, "the version before it")
            return f"{named(change.license_after, subject)} differs from {before}{after(':', moved)}"
        case Event.STATED:
            return f"{subject}: now says “{now or 'nothing'}”, before “{was or 'nothing'}”"
        case Event.TEXT_GONE:
            return f"{subject}: its license file was removed"
        case Event.GATE_CHANGED:
            return f"{subject}: access gate {gate(change.before)} → {gate(change.after)}"
        case Event.BASE_CHANGED:
            return f"{subject}: base model {was or NOTHING} → {now or NOTHING}"
        case Event.GONE:
            return f"{subject} is no longer on the Hub"
        case Event.RETURNED:
            return f"{subject} is back on the Hub"
        case Event.RENAMED:
            return f"{was} is now called {now}"
        case Event.READ if moved:
            number = moved.removeprefix(IN)
            return f"Clauses of {subject} read: {moved}" if number == moved else f"{number} of {subject} read"
        case Event.READ:
            return f"Clauses of {subject} read again: no answer moved"
    return f"{subject} entered the directory"


def of_many(change: Change) -> str:
    """What one publisher did to many models, or a rule of ours."""
    was, now = short(change.before) or NOTHING, short(change.after) or NOTHING
    models = f"{change.folded + 1:,} models"
    if not change.is_theirs:
        return f"We now take the license of {models} for {now}, before {was}"
    who = short(change.model.author) if change.model else "Somebody"
    done = {
        Event.LICENSE_CHANGED: f"changed {models} from {was} to {now}",
        Event.GATE_CHANGED: f"changed the access gate of {models} from {gate(change.before)} to {gate(change.after)}",
        Event.BASE_CHANGED: f"changed the base model of {models} from {was} to {now}",
        Event.GONE: f"took {models} off the Hub",
        Event.RETURNED: f"put {models} back on the Hub",
        Event.RENAMED: f"renamed {models}",
    }
    return f"{who} {done.get(Event(change.event), f'changed {models}')}"


def of_text(change: Change, moved: str, sentences: Sides) -> str:
    added, removed = (len(side) for side in sentences)
    numbers = [f"{added} {plural(added, 'sentence')} added"] if added else []
    numbers += [f"{removed} {'' if added else plural(removed, 'sentence') + ' '}removed"] if removed else []
    extent = f": {', '.join(numbers)}" if numbers else ""
    read = after(";", moved) if moved else "" if change.direction else "; nobody has read it again yet"
    return f"Text of {short(name(change))} changed{extent}{read}"


def clauses(moved: list[Moved]) -> str:
    """`user cap no → yes, credit line silent → yes and 2 more`"""
    said = [f"{noun(one.kind)} {short(one.words)}" for one in moved[:NAMED]]
    more = len(moved) - NAMED
    return joined([*said, f"{more} more"] if more > 0 else said)


def number(moved: list[Moved]) -> str:
    return f"{IN}{len(moved)} {plural(len(moved), 'clause')}" if moved else ""


def after(mark: str, moved: str) -> str:
    """What moved behind a mark; a mere number needs none."""
    return moved if not moved or moved.startswith(IN) else f"{mark} {moved}"


def plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def gate(value: str) -> str:
    return {"": "none", "auto": "automatic", "manual": "by hand"}.get(value, short(value))


def named(license: License | None, otherwise: str) -> str:
    return short(license.short_name) if license else otherwise


# Where things stand.


def name(change: Change) -> str:
    subject = change.subject
    return subject.short_name if isinstance(subject, License) else str(subject)


def address(subject: License | OpenModel | Release | Publisher) -> str:
    if isinstance(subject, License | OpenModel):
        return subject.get_absolute_url()
    return reverse("release" if isinstance(subject, Release) else "publisher", args=[subject.slug])
