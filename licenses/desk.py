"""What lies before a reader: the text with its quotes, every kind and how far it is read, what a draft would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.urls import reverse

from . import layout
from .catch import the_catch
from .clauses import CLAUSES, ClauseKind, Group, by_group
from .models import Clause, Document, Draft, License, Proposal
from .models.license import LicenseQuerySet
from .offers import Bundle, Offer, Text, clean, reading
from .passages import Quoted
from .tables import Cell, cell
from .typed import Typed, first, rows


def licenses(user: User) -> LicenseQuerySet:
    """With `readings`, the proposals that wait as `waiting` and the kinds of this person's drafts as `drafted`."""
    waiting = Proposal.objects.waiting().filter(license=OuterRef("pk")).order_by("pk")
    drafts = Draft.objects.filter(license=OuterRef("pk"), user=user).order_by("kind")
    return License.objects.with_readings().annotate(
        waiting=ArraySubquery(
            waiting.values(row=JSONObject(kind="kind", key="key", origin="origin", name="made_by_name"))
        ),
        drafted=ArraySubquery(drafts.values("kind")),
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind, and how far it is read."""

    kind: ClauseKind
    cell: Cell
    clause: Clause | None
    is_drafted: bool
    waiting: list[dict[str, Any]]

    @property
    def state(self) -> str:
        if self.clause is None:
            return "not read yet"
        if self.clause.in_doubt_since:
            return "in doubt: its words are no longer in the text"
        return "confirmed by two" if self.clause.confirmed_by else "read by one"

    @property
    def beside(self) -> list[str]:
        """What else lies there."""
        of_curators = [one["name"] for one in self.waiting if one["origin"] == Proposal.Origin.CURATOR]
        said = ["your draft"] if self.is_drafted else []
        said += [f"proposal of {name}" for name in dict.fromkeys(of_curators)]
        return said + (["a correction waits"] if len(of_curators) < len(self.waiting) else [])


def entries(license: Any) -> list[tuple[Group, list[Entry]]]:
    """All kinds by their group. Needs `licenses()`."""
    terms = license.terms()
    found = [
        Entry(
            kind,
            cell(license, terms, kind),
            license.clause(kind),
            kind.slug in license.drafted,
            [one for one in license.waiting if one["kind"] == kind.slug],
        )
        for kind in CLAUSES
    ]
    return by_group(found, lambda entry: entry.kind)


def next_unread(license: Any, after: ClauseKind) -> ClauseKind | None:
    """The next that nobody has read or proposed, from a kind on and then from the first."""
    at = CLAUSES.index(after) + 1
    taken = {*license.by_kind, *(one["kind"] for one in license.waiting), after.slug}
    return next((kind for kind in (*CLAUSES[at:], *CLAUSES[:at]) if kind.slug not in taken), None)


def chosen(bundle: Bundle, key: str) -> Text | None:
    """The document that is asked for, else the agreement; None where there is none."""
    if key:
        return bundle.texts.get(key)
    agreements = (text for text in bundle.texts.values() if text.document.role == Document.Role.AGREEMENT)
    return next(agreements, next(iter(bundle.texts.values()), None))


def page(
    license: License, text: Text, bundle: Bundle, kind: ClauseKind | None = None, typed: Typed | None = None
) -> layout.Page | None:
    """The words with the quotes of today's readings and of a draft, once where it has the same; None without words."""
    if text.revision is None:
        return None
    drafted = list(of_draft(text, bundle, typed or {}))
    same = {(f"q-{kind.slug}", one.start, one.end) for one in drafted} if kind else set()
    others = [
        one for one in of_readings(license, text) if (one.anchor.rpartition("-")[0], one.start, one.end) not in same
    ]
    return layout.page(text.revision.text, [*others, *drafted])


def of_readings(license: License, text: Text) -> Iterator[Quoted]:
    for clause in license.readings:
        for number, quote in enumerate(clause.proofs, 1):
            here = text.revision is not None and quote.revision_id == text.revision.pk
            if here and quote.start is not None and quote.end is not None:
                address = reverse("read", args=[license.slug, clause.kind])
                title = clause.declaration.title
                yield Quoted(quote.start, quote.end, f"q-{clause.kind}-{number}", title, address)


def of_draft(text: Text, bundle: Bundle, typed: Typed) -> Iterator[Quoted]:
    for number, row in enumerate(rows(typed, "quotes")):
        place = bundle.place(text.document.key, first(row, "words"))
        if first(row, "document") == text.document.key and not isinstance(place, str):
            yield Quoted(place.start, place.end, f"d-{number}", f"quote {number + 1} here", f"#row-quotes.{number}")


# What a draft would do.


@dataclass(frozen=True, slots=True)
class Preview:
    """A cell of the table and the catch, as they are and as they would be; None while something is missing."""

    cell: Cell
    catch: str
    new_cell: Cell | None = None
    new_catch: str = ""
    missing: int = 0


def preview(license: License, offer: Offer, missing: int) -> Preview:
    """Needs `licenses()`. `missing`: how much of the offer is still wrong, but for its reason."""
    terms = license.terms()
    today = Preview(cell(license, terms, offer.kind), the_catch(terms), missing=missing)
    if missing:
        return today
    new = reading(offer.kind, clean(offer))
    changed = replace(terms, readings={**terms.readings, offer.kind.slug: new})
    return replace(today, new_cell=Cell(offer.kind, new), new_catch=the_catch(changed))
