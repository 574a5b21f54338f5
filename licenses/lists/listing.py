"""What reading a list gives: its entries, each once, and what has to be said about the rest."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from licenses.wording import visible

MOST_ENTRIES = 20_000
LONGEST_SAID = 200
MOST_LICENSES = 20
#: As many as a person reads.
MOST_NOTES = 20


class Form(StrEnum):
    LINES = "list"
    JSON = "JSON list"
    CYCLONEDX = "CycloneDX"
    SPDX_2 = "SPDX 2"
    SPDX_3 = "SPDX 3"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a list names. Without a handle it cannot be looked up, and `why` says the reason."""

    handle: str
    place: str
    said: str
    licenses: tuple[str, ...] = ()
    why: str = ""
    #: A bare name in a requirements file: a library, unless it is one of ours.
    is_package: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    entries: tuple[Entry, ...]
    form: Form
    notes: tuple[str, ...] = ()


class Unreadable(Exception):
    """The list cannot be read as a whole. The sentence names the cure, the place is where to apply it."""

    def __init__(self, sentence: str, place: str = "") -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence)
        self.place = place


@dataclass
class Gathered:
    """Entries as they come: the same handle once, at its first place, with the licenses of all its places."""

    entries: list[Entry] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    count: int = 0
    left_out: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        self.count += 1
        if self.count > MOST_ENTRIES:
            raise Unreadable(f"more than {MOST_ENTRIES:,} entries: split the list.", entry.place)
        at = self.first.setdefault(entry.handle, len(self.entries)) if entry.handle else len(self.entries)
        if at == len(self.entries):
            self.entries.append(bounded(entry))
            self.times.append(1)
        else:
            self.times[at] += 1
            known = self.entries[at]
            if entry.licenses and len(known.licenses) < MOST_LICENSES:
                self.entries[at] = replace(known, licenses=stated((*known.licenses, *entry.licenses)))

    def listing(self, form: Form) -> Listing:
        return Listing(tuple(self.entries), form, (*self.notes, *self.repeated(), *self.others()))

    def repeated(self) -> list[str]:
        again = [
            f"{entry.handle} is listed {'twice' if times == 2 else f'{times:,} times'}."
            for entry, times in zip(self.entries, self.times, strict=True)
            if times > 1
        ]
        more = len(again) - MOST_NOTES
        return [*again[:MOST_NOTES], f"{more:,} more are listed more than once."] if more > 0 else again

    def others(self) -> list[str]:
        if not self.left_out:
            return []
        what, them = ("part does", "it") if self.left_out == 1 else ("parts do", "them")
        return [f"{self.left_out:,} other {what} not claim to be a model, and nothing was looked up for {them}."]


def bounded(entry: Entry) -> Entry:
    said, licenses = brief(entry.said), stated(entry.licenses)
    same = said == entry.said and licenses == entry.licenses
    return entry if same else replace(entry, said=said, licenses=licenses)


def stated(licenses: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, and only as many as can be shown."""
    return tuple(dict.fromkeys(filter(None, map(brief, licenses))))[:MOST_LICENSES]


def brief(text: str) -> str:
    """Bounded, on one line, and without what nobody sees."""
    if len(text) <= LONGEST_SAID and text.isprintable():
        return text
    return " ".join(visible(text[: 2 * LONGEST_SAID]).split())[:LONGEST_SAID]
