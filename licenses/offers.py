"""A reading that somebody offers: as plain values, judged by the rules of the catalogue's files, and as rows.

`values` have the shape of a reading in the files: answer, strength, note, payload, thresholds, territories, and
quotes of which each names its document by key, its section and the exact words. Where the words stand is looked up
here, in the text that the document shows now: nobody's word is taken for an offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .catalogue.clause_schema import CLAUSE, TERRITORY, THRESHOLD
from .catalogue.readings import CONTENT
from .catalogue.shapes import strange
from .catalogue.source import Node, Problems
from .clauses import Answer, ClauseKind, Strength
from .clauses.reading import Reading
from .models import Clause, Document, License, Proposal, Quote, Revision, Territory, Threshold
from .passages import headings
from .quoting import Found, context, find_exact

Values = dict[str, Any]
LONGEST_QUOTE: int = Quote._meta.get_field("exact").max_length or 0
#: Field, as a path (`thresholds.0.amount`) → what is wrong with it and how to cure it.
Faults = dict[str, list[str]]

#: In characters, of a reason, a note or any other text: pages show them whole.
LONGEST = 2000


class Refused(Exception):
    """Nothing was written: the fields that are wrong, by kind of clause."""

    def __init__(self, faults: Mapping[str, Faults]) -> None:
        first = next((words for of_kind in faults.values() for said in of_kind.values() for words in said), "")
        super().__init__(first)
        self.faults = {kind: dict(of_kind) for kind, of_kind in faults.items()}


@dataclass(frozen=True, slots=True)
class Offer:
    """One reading, why, and upon what: `based_on` is the key of the reading that stood there when it was begun.

    With `since` the words changed on that day: the earlier reading stays true of the words before. `seen` is the mark
    of the words that were read (`Bundle.mark`): silence has no quote that would show that others came since.
    """

    kind: ClauseKind
    values: Values
    reason: str
    based_on: int | None = None
    since: date | None = None
    answers: Proposal | None = None
    seen: str = ""


def faults(offer: Offer) -> Faults:
    """What is wrong with an offer by itself: the same rules as for the catalogue's files, and nothing endless."""
    there, problems = written(offer.values), Problems()
    found: Faults = {path: [too_long(text)] for path, text in texts(there) if len(text) > LONGEST}
    if not found:
        CLAUSE[offer.kind.slug].read(there, offer.kind.slug, problems)
    for problem in problems.found:
        found.setdefault(problem.file, []).append(f"{problem.what}. {problem.cure}.")
    return found | wrong_reason(offer.reason)


def wrong_reason(reason: str, *, is_needed: bool = True) -> Faults:
    """What is wrong with why somebody did something: it is kept for ever and shown to all."""
    text = tidy(reason)
    if is_needed and not text:
        return {"reason": ["is missing. Say why, in a sentence; it is shown to all."]}
    if len(text) > LONGEST:
        return {"reason": [too_long(text)]}
    if character := strange(text, lines=True):
        return {"reason": [f"holds the control character {character}. Remove it."]}
    return {}


def too_long(text: str) -> str:
    return f"has {len(text):,} characters. Use at most {LONGEST:,}."


def tidy(text: str) -> str:
    """As forms of any browser send it, with one way to end a line."""
    return text.replace("\r\n", "\n").strip()


def texts(there: Node) -> Iterable[tuple[str, str]]:
    """Every text in a node, with its path."""
    if isinstance(there.value, dict | list):
        for below in there.value.values() if isinstance(there.value, dict) else there.value:
            yield from texts(below)
    elif isinstance(there.value, str):
        yield there.file, there.value


def written(values: Values) -> Node:
    """As a file says it: what there is none of is left out."""
    return node({key: value for key, value in values.items() if value != []})


def node(value: Any, path: str = "") -> Node:
    """Plain values as the schema reads them; the path stands where a file's name would."""
    below = f"{path}." if path else ""
    if isinstance(value, Mapping):
        return Node({str(key): node(each, f"{below}{key}") for key, each in value.items()}, path, 0)
    if isinstance(value, list | tuple):
        return Node([node(each, f"{below}{number}") for number, each in enumerate(value)], path, 0)
    return Node(value if isinstance(value, bool) or value is None else tidy(str(value)), path, 0)


def clean(offer: Offer) -> Values:
    """The values with every default filled in, as rows are made of them. Only for an offer without faults."""
    values = CLAUSE[offer.kind.slug].read(written(offer.values), offer.kind.slug, Problems())
    return {key: values[key] for key in CONTENT}


def reading(kind: ClauseKind, values: Values) -> Reading:
    """As the table, the catch and verdicts reason about it. Only for clean values."""
    return Reading(
        kind=kind,
        answer=Answer(values["answer"]),
        strength=Strength(values["strength"]),
        payload=values["payload"],
        thresholds=tuple(Threshold(**each).value() for each in values["thresholds"]),
        territories=tuple(Territory(**each).value() for each in values["territories"]),
    )


def values_of(clause: Clause) -> Values:
    """What a reading says, to be offered again. Needs `with_details()`."""
    return {
        "answer": clause.answer,
        "strength": clause.strength,
        "note": clause.note,
        "payload": clause.payload,
        "thresholds": [{key: each[key] for key in THRESHOLD.keys} for each in clause.sizes],
        "territories": [{key: each[key] for key in TERRITORY.keys} for each in clause.places],
        "quotes": [
            {"document": quote.document.key, "section": quote.section, "words": quote.exact} for quote in clause.proofs
        ],
    }


# Where the words stand.


@dataclass(frozen=True, slots=True)
class Text:
    """A document of a bundle and what it says now; None where its words are not at hand."""

    document: Document
    revision: Revision | None


@dataclass(frozen=True, slots=True)
class Place:
    """Words found in a text, with the W3C selectors that find them again."""

    revision: Revision
    exact: str
    start: int
    end: int
    prefix: str
    suffix: str
    section: str = ""


@dataclass(slots=True)
class Bundle:
    """The documents of a license that bind today, by key, each with its words."""

    texts: dict[str, Text] = field(default_factory=dict)
    known: dict[tuple[str, str, int | None], Place | str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Another one as soon as a document says something else."""
        return ".".join(str(text.revision.pk if text.revision else 0) for text in self.texts.values())

    def place(self, key: str, words: str, *, near: int | None = None) -> Place | str:
        """Where the words of a quote stand now, or why they prove nothing. Looked for once."""
        asked = (key, words, near)
        if asked not in self.known:
            self.known[asked] = self.sought(key, words, near)
        return self.known[asked]

    def sought(self, key: str, words: str, near: int | None) -> Place | str:
        text = self.texts.get(key)
        if text is None:
            return f"“{key}” is no document of this license today. Use {', '.join(self.texts) or 'none: it has none'}."
        if text.revision is None:
            return f"The text of “{text.document.title}” is not at hand, so nothing can be quoted from it."
        found = find_exact(words, text.revision.text, near=near)
        if found is None:
            where = f"“{text.document.title}” as it stands now"
            return f"These words are not in {where}. Mark them in the text, or paste them from it."
        found = replace(found, end=found.end + closes(text.revision.text, found))
        prefix, suffix = context(text.revision.text, found.start, found.end)
        section = section_at(text.revision.text, found.start)
        return Place(text.revision, said(words, found, text.revision), found.start, found.end, prefix, suffix, section)


#: What closes a quotation or a bracket, and what opened it.
OPENED_BY = {'"': '"', "”": "“", ")": "("}


def closes(text: str, found: Found) -> bool:
    """The very next character closes what the words open, so it belongs to them."""
    words, following = text[found.start : found.end], text[found.end : found.end + 1]
    opening = OPENED_BY.get(following)
    if opening is None:
        return False
    opened = words.count(opening)
    return opened % 2 == 1 if opening == following else opened > words.count(following)


def said(words: str, found: Found, revision: Revision) -> str:
    """As the text writes it, however it was typed; with what "…" leaves out left out."""
    there, typed = (" ".join(each.split()) for each in (revision.text[found.start : found.end], words))
    return there if len(there.split()) <= len(typed.split()) and len(there) <= LONGEST_QUOTE else typed


def section_at(text: str, start: int) -> str:
    """The heading above a place, as a section is named; nothing in a text without headings."""
    above = [heading.text for heading in headings(text) if heading.start <= start]
    return above[-1][:80] if above else ""


def bundle(license: License, *, lock: bool = False) -> Bundle:
    """What binds today. With `lock`, whoever brings in another wording waits until we are done."""
    documents = license.documents.current().order_by("pk")
    if lock:
        # By itself: joined to a row that was waited for, the words would be those from before.
        list(documents.select_for_update(of=("self",), no_key=True))
    found = list(documents.with_words_now())
    words = Revision.objects.in_bulk([document.now_id for document in found if document.now_id])
    return Bundle({document.key: Text(document, words.get(document.now_id or 0)) for document in found})


def overtaken(offer: Offer, bundle: Bundle) -> Faults:
    """Other words than those that were read."""
    if offer.seen in ("", bundle.mark):
        return {}
    return {"answer": ["is of words that changed since you began. Read them again; it is sent with the next click."]}


def unfounded(offer: Offer, bundle: Bundle) -> Faults:
    """The quotes that are not in the text as it stands, or there twice. Only for an offer without faults."""
    found: Faults = {}
    seen: set[tuple[str, str, str]] = set()
    for number, quote in enumerate(clean(offer)["quotes"]):
        place = bundle.place(quote["document"], quote["words"])
        said = (quote["document"], quote["section"], place if isinstance(place, str) else place.exact)
        if isinstance(place, str):
            found[f"quotes.{number}.words"] = [place]
        elif said in seen:
            found[f"quotes.{number}.words"] = ["stand in another quote of this answer already. Remove one of them."]
        seen.add(said)
    return found


# As rows.


def rows_under(clause: Clause, values: Values, bundle: Bundle) -> Iterable[Threshold | Territory | Quote]:
    """The sizes, places and quotes of a new reading. Only for founded offers."""
    yield from (Threshold(clause=clause, **each) for each in values["thresholds"])
    yield from (Territory(clause=clause, **each) for each in values["territories"])
    for quote in values["quotes"]:
        place = bundle.place(quote["document"], quote["words"])
        assert isinstance(place, Place)  # noqa: S101 - `unfounded` was asked in the same transaction
        yield Quote(
            clause=clause,
            document=bundle.texts[quote["document"]].document,
            revision=place.revision,
            section=quote["section"],
            exact=place.exact,
            prefix=place.prefix,
            suffix=place.suffix,
            start=place.start,
            end=place.end,
            state=Quote.State.FOUND,
        )
