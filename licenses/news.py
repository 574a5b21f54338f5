"""What a change of words comes to: which clauses moved, in which direction, and one sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from .clauses import KIND
from .clauses.reading import Reading
from .clauses.sentence import first_few
from .diffs import ALL, sentences
from .likeness import Known, Likeness, Shelf, story
from .models import (
    Cause,
    Change,
    Direction,
    Document,
    Event,
    License,
    LicenseKind,
    Quote,
    Revision,
    Weight,
    in_force,
    values,
)
from .models.document import RevisionQuerySet
from .movement import Move, moves, overall, record

#: How many clauses a summary names; the entry lists all.
NAMED = 3
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Side:
    """A wording as far as we know it: the license it belongs to, its readings if somebody read it, its template."""

    license: License | None
    readings: Mapping[str, Reading] | None
    like: Likeness | None


def tell(document: Document, before: Revision | None, after: Revision, weight: str, *, now: datetime) -> Change:
    """Write the change from one wording of a document to another."""
    was, becomes = side(document, before), side(document, after)
    moved = None
    if was.readings is not None and becomes.readings is not None:
        moved = moves(was.readings, becomes.readings)
    said = [summary(was, becomes, before, after, moved, weight)]
    if moved is None and weight != Weight.COSMETIC:
        said.append(unread(document))
    return write(
        document,
        event=event(document, was, becomes),
        weight=weight,
        direction=Direction.UNKNOWN if moved is None else overall(moved),
        moved=[record(move) for move in moved or ()],
        summary=" ".join(said)[:LONGEST],
        license_before=was.license,
        license_after=becomes.license,
        revision_before=before,
        revision_after=after,
        source=after.source,
        effective_on=after.effective_on,
        seen_at=now,
    )


def tell_gone(document: Document, *, now: datetime) -> Change:
    """Its file was taken away, and nothing came in its place."""
    said = f"{document.title} is no longer at {document.repo}/{document.path}."
    return write_of_file(
        document, Event.TEXT_GONE, said, revision_before=document.head, effective_on=document.gone_on, seen_at=now
    )


def tell_back(document: Document, *, now: datetime) -> Change:
    """The file that was told to be gone is there again, as it was."""
    said = f"{document.title} is back at {document.repo}/{document.path}, in the same words."
    return write_of_file(document, Event.RETURNED, said, revision_after=document.head, seen_at=now)


def write_of_file(document: Document, event: Event, said: str, **facts: Any) -> Change:
    """Not the words changed but whether they are there."""
    return write(
        document,
        event=event,
        weight=Weight.SUBSTANTIVE,
        summary=said[:LONGEST],
        license_before=document.license,
        license_after=document.license,
        source=document.head.source if document.head else "",
        **facts,
    )


def write(document: Document, **facts: Any) -> Change:
    return Change.objects.create(
        license=document.license, model=document.model, document=document, cause=Cause.TEXT, **facts
    )


def side(document: Document, revision: Revision | None) -> Side:
    if revision is None or not revision.text:
        return Side(document.license, None, None)
    like = nearest(document, revision.text)
    twin = License.objects.with_readings().filter(pk=str(like.known.key)).first() if like and like.same else None
    if twin:
        return Side(twin, values(twin.readings) or None, like)
    return Side(document.license, readings(document, revision), like)


def readings(document: Document, revision: Revision) -> Mapping[str, Reading] | None:
    """What the license said when the wording took effect; None when nobody read it in these words."""
    if document.license is None or revision.effective_on is None:
        return None
    license = License.objects.for_page().get(pk=document.license.pk)
    return values(in_force(license.history, revision.effective_on)) or None


def event(document: Document, was: Side, becomes: Side) -> Event:
    """A model card only states things; a file with the words of another license is another license."""
    if document.role == Document.Role.MODEL_CARD:
        return Event.STATED
    is_relicensed = was.license != becomes.license and becomes.like is not None and becomes.like.same
    return Event.LICENSE_CHANGED if is_relicensed else Event.TEXT_CHANGED


def summary(
    was: Side, becomes: Side, before: Revision | None, after: Revision, moved: list[Move] | None, weight: str
) -> str:
    """One sentence or two, in our words."""
    if weight == Weight.COSMETIC:
        return "The same words, written down otherwise."
    return " ".join(filter(None, [family(was, becomes), clauses(moved) if moved else extent(before, after)]))


def unread(document: Document) -> str:
    """That it waits for a reader, and the clauses whose proof the new words no longer hold."""
    lost = Quote.objects.standing().filter(document=document, state=Quote.State.MISSING, clause__effective_to=None)
    kinds = [KIND[kind] for kind in dict.fromkeys(lost.values_list("clause__kind", flat=True))]
    in_doubt = f"In doubt: {first_few(kinds, NAMED)}. " if kinds else ""
    return f"{in_doubt}Nobody has read it again yet."


def family(was: Side, becomes: Side) -> str:
    """What it is made of, where that is another text than before or a text that everyone knows."""
    old, new = (template(one.like) for one in (was, becomes))
    if old == new:
        return ""
    return f"Was {old or 'a text of its own'}; is now {new or 'a text of its own'}."


def template(like: Likeness | None) -> str:
    """`MIT`, or `MIT plus 1 sentence; the file is headed “MIT License”`."""
    if like is None or not (like.same or like.kind == LicenseKind.MODIFIED_STANDARD):
        return ""
    return like.known.name if like.same else story(like)


def clauses(moved: list[Move]) -> str:
    named = "; ".join(f"{move.kind.title}: {move.words}" for move in moved[:NAMED])
    more = len(moved) - NAMED
    return f"{named}{f'; and {more} more' if more > 0 else ''}."


def extent(before: Revision | None, after: Revision) -> str:
    added, removed = sentences(before.text if before else "", after.text, most=ALL)
    parts = [f"{len(one)} sentence{'s' if len(one) != 1 else ''} {verb}"
             for one, verb in ((added, "added"), (removed, "removed")) if one]  # fmt: skip
    return f"{' and '.join(parts)}.".capitalize() if parts else "The order of its words changed."


def nearest(document: Document, text: str) -> Likeness | None:
    """Among the texts of other licenses."""
    return shelf().nearest(text, apart_from=[document.license_id] if document.license_id else ())


def agreements() -> RevisionQuerySet:
    """Those of licenses whose words are at hand."""
    of_licenses = Revision.objects.filter(document__license__isnull=False, document__role=Document.Role.AGREEMENT)
    return of_licenses.exclude(text="")


def shelf() -> Shelf:
    """The texts that we know, one for each license; built anew when there are more."""
    return shelf_of(**agreements().aggregate(texts=Count("pk"), newest=Max("pk")))


@lru_cache(maxsize=1)
def shelf_of(*, texts: int, newest: int | None) -> Shelf:
    found = agreements().select_related("document__license").in_order()
    by_license = {revision.document.license: revision for revision in found}
    return Shelf(
        Known(license.pk, license.short_name, license.kind, revision.text)
        for license, revision in by_license.items()
        if license
    )
