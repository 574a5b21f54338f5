"""A proposal as pages show it: its reading as a cell, its quotes looked up in the text that stands now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .clauses import Answer
from .models import Document, Proposal
from .offers import Bundle, Place, Text, bundle, reading
from .roles import display_name
from .tables import Cell


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that a proposal quotes. `address` is where they stand now; `fault` why they prove nothing."""

    title: str
    section: str
    words: str
    address: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """`texts` are what a silence is checked against as a whole: it has no words to quote."""

    proposal: Proposal
    quotes: list[Evidence] = field(default_factory=list)
    texts: Sequence[Text] = ()

    @property
    def cell(self) -> Cell | None:
        """The reading that is proposed; a correction in words has none."""
        values, kind = self.proposal.reading, self.proposal.declaration
        return Cell(kind, reading(kind, values)) if values else None

    @property
    def note(self) -> str:
        return str(self.proposal.reading["note"]) if self.proposal.reading else ""

    @property
    def decider(self) -> str:
        return display_name(self.proposal.decided_by) if self.proposal.decided_by else ""


def shown(proposal: Proposal) -> Shown:
    """As everybody sees it."""
    if is_silent(proposal):
        return Shown(proposal, texts=texts_of(bundle(proposal.license)))
    titles = dict(Document.objects.filter(license=proposal.license_id).values_list("key", "title"))
    return Shown(proposal, [
        Evidence(titles.get(each["document"], each["document"]), each["section"], each["words"])
        for each in quotes_of(proposal)
    ])  # fmt: skip


def checked(proposal: Proposal) -> Shown:
    """As who decides sees it: each quote found in the text as it stands now, or not."""
    texts = bundle(proposal.license)
    if is_silent(proposal):
        return Shown(proposal, texts=texts_of(texts))
    return Shown(proposal, [looked_up(each, texts) for each in quotes_of(proposal)])


def is_silent(proposal: Proposal) -> bool:
    return bool(proposal.reading and proposal.reading["answer"] == Answer.SILENT)


def texts_of(bundle: Bundle) -> list[Text]:
    return list(bundle.texts.values())


def quotes_of(proposal: Proposal) -> Iterable[dict[str, Any]]:
    return proposal.reading["quotes"] if proposal.reading else ()


def looked_up(said: dict[str, Any], texts: Bundle) -> Evidence:
    place, text = texts.place(said["document"], said["words"]), texts.texts.get(said["document"])
    title = text.document.title if text else said["document"]
    if not isinstance(place, Place) or text is None:
        return Evidence(title, said["section"], said["words"], fault=str(place))
    return Evidence(title, said["section"], place.exact, address_of(text.document, place))


def address_of(document: Document, place: Place) -> str:
    """The wording, at these words: browsers go to a text that an address names and mark it."""
    words = quote(" ".join(place.exact.split()), safe="").replace("-", "%2D")
    return f"{document.get_absolute_url()}?revision={place.revision.name}#:~:text={words}"
