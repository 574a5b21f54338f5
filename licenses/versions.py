"""What became of a license: its wordings one after the other, and its versions in the family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from .clauses import ClauseKind
from .clauses.reading import Reading
from .models import Document, License, in_force, values
from .movement import Move, moves
from .pictures import Span, Timeline, timeline


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which other words took effect: in which documents, and which clauses moved by it."""

    day: date
    documents: list[Document]
    moves: list[Move]
    reworded: list[ClauseKind]


@dataclass(frozen=True, slots=True)
class Version:
    """One license of a line, and what moved from the one before it; nothing for the first."""

    license: License
    moves: list[Move]
    is_read: bool = True


def turns(license: License, documents: Iterable[Document]) -> list[Turn]:
    """The wordings after the first, newest first. Needs `for_page()`, and documents with `wordings`."""
    changed: dict[date, list[Document]] = {}
    for document in documents:
        days = [wording.effective_on for wording in document.wordings[1:]] + [document.retired_on]
        for day in filter(None, days):
            changed.setdefault(day, []).append(document)
    found = []
    for day in sorted(changed, reverse=True):
        before, after = (in_force(license.history, when) for when in (day - timedelta(days=1), day))
        moved = moves(values(before), values(after))
        kinds = {move.kind.slug for move in moved}
        new = [clause for clause in after if clause.effective_from == day and clause.kind not in kinds]
        found.append(Turn(day, changed[day], moved, [clause.declaration for clause in new if before]))
    return found


def first_day(license: License) -> date | None:
    """The first day on which a reading of ours was true; None when none of its wordings is dated."""
    return min((clause.effective_from for clause in license.history if clause.effective_from), default=None)


def line(license: License, family: Iterable[License]) -> list[Version]:
    """The versions before and after a license, oldest first; nothing where it stands alone. Needs `of_family()`."""
    by_pk = {version.pk: version for version in family}
    chain = [by_pk[license.pk]] if license.pk in by_pk else []
    while chain and (before := by_pk.get(chain[0].supersedes_id or 0)) and before not in chain:
        chain.insert(0, before)
    while chain and (after := next((v for v in by_pk.values() if v.supersedes_id == chain[-1].pk), None)):
        if after in chain:
            break
        chain.append(after)
    return versions(chain) if len(chain) > 1 else []


def lines(family: Iterable[License]) -> list[list[Version]]:
    """Every line of a family, each once."""
    family = list(family)
    follow = {version.supersedes_id for version in family}
    found = [line(version, family) for version in family if version.pk not in follow]
    return [one for one in found if one]


def versions(chain: Iterable[License]) -> list[Version]:
    """Each beside the last one before it that was read."""
    found: list[Version] = []
    before: Mapping[str, Reading] = {}
    for license in chain:
        read = values(in_force(license.history, None))
        found.append(Version(license, moves(before, read), is_read=bool(read)))
        before = read or before
    return found


def picture_of_wordings(license: License, *, until: date) -> Timeline | None:
    """The wordings of one license along time. Needs `for_page()` or `of_family()`."""
    return timeline(spans(license), until=until)


def picture_of_versions(line: Iterable[Version], *, until: date) -> Timeline | None:
    """The versions of a line along time, each in all its wordings until the next came out."""
    found: list[Span] = []
    for version in reversed(list(line)):
        later = next((span.start for span in found if span.start), date.max)
        own = spans(version.license)
        found = [*([span for span in own if span.start is None or span.start < later] or own[-1:]), *found]
    return timeline(found, until=until)


#: So long may the first wording we know come after the release, and still be taken for the first there was.
FROM_THE_START = timedelta(days=31)


def spans(license: License) -> list[Span]:
    """What it said from which day on; nothing from its release to the first wording we know, where that is long."""
    history, released = license.history, license.released_on
    days = sorted({day for clause in history for day in (clause.effective_from, clause.effective_to) if day})
    undated = not days or any(clause.effective_from is None for clause in history)
    said: list[tuple[date | None, Mapping[str, Reading]]] = [(day, values(in_force(history, day))) for day in days]
    earlier = released if released and (not days or released < days[0]) else None
    if undated:
        said.insert(0, (earlier, values(in_force(history, days[0] - timedelta(days=1) if days else None))))
    elif earlier and days[0] - earlier > FROM_THE_START:
        said.insert(0, (earlier, {}))
    return [Span(license.short_name, license.version, day, readings) for day, readings in said]
