"""What the files of a catalogue hold, key by key; docs/catalogue.md says the same to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Model
from license_expression import ExpressionError, get_spdx_licensing

from licenses.clauses import CLAUSES, READ, Answer, ClauseKind, FieldType, PayloadField, Strength, amounts
from licenses.models import (
    Artifact,
    Attribute,
    Clause,
    Document,
    License,
    LicenseKind,
    Publisher,
    Quote,
    Release,
    Revision,
    Rule,
    Territory,
    Threshold,
)
from licenses.spelling import normal

from .places import REGIONS, SEATS
from .shapes import (
    WRONG,
    Amount,
    Day,
    Flag,
    FlowList,
    Key,
    Keys,
    ListOf,
    Quoted,
    Shape,
    ShortList,
    Test,
    Text,
    Word,
    matches,
    no_other_scheme,
    strange,
    web_address,
)
from .source import Node, Problems

LABELS = ("community", "rail", "research", "non-commercial", "vendor")
LONGEST_QUOTE = 15

slug = matches(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", "not a slug", "Use small letters, digits, “.” and “-”")
repository = matches(r"[\w.-]+/[\w.-]+", "not a repository", "Write it as owner/name")
organisation = matches(r"[\w.-]+", "not a Hub organisation", "Use its name in Hub addresses")
currency = matches(r"[A-Z]{3}", "not a currency", "Use its ISO 4217 code, such as USD")
sha256 = matches(r"[0-9a-f]{64}", "not a SHA-256", "Write the 64 hex digits, small letters, of the exact bytes")


def text_for(model: type[Model], name: str, *tests: Test, empty: bool = False, lines: bool = False) -> Text:
    """Text as long as the model's field holds; the entries of an array field likewise."""
    column = model._meta.get_field(name)
    column = getattr(column, "base_field", column)
    return Text(getattr(column, "max_length", None), empty=empty, lines=lines, tests=tests)


def words(enum: Any) -> Word:
    return Word(tuple(str(word.value) for word in enum))


def no_more_words(text: str) -> tuple[str, str] | None:
    count = len(text.split())
    return (f"has {count} words", f"Quote at most {LONGEST_QUOTE}") if count > LONGEST_QUOTE else None


@cache
def licensing() -> Any:
    return get_spdx_licensing()


def identifier(text: str) -> tuple[str, str] | None:
    """An id of the SPDX list, spelled as there, or a LicenseRef of our own."""
    if text in licensing().known_symbols or text.startswith("LicenseRef-"):
        return expression(text)
    return f"is “{text}”, not on the SPDX list", "Use the SPDX id, or LicenseRef-<slug> where there is none"


def expression(text: str) -> tuple[str, str] | None:
    cure = "Join SPDX ids and LicenseRefs with AND, OR, WITH"
    try:
        parsed = licensing().parse(text)
    except ExpressionError as error:
        return f"is “{text}”, not an SPDX expression ({str(error).splitlines()[0]})", cure
    unknown = [key for key in licensing().unknown_license_keys(parsed) if not key.startswith("LicenseRef-")]
    if unknown:
        return f"names {', '.join(unknown)}, not on the SPDX list", cure
    return None if parsed.render() == text else (f"is “{text}”", f"Write it as “{parsed.render()}”")


class QuotedWords(Text):
    """The publisher's words, white space collapsed."""

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        collapsed = " ".join(node.value.split()) if isinstance(node.value, str) else node.value
        return super().read(Node(collapsed, node.file, node.line), name, problems)

    def write(self, value: str) -> str:
        return Quoted(value)


@dataclass(frozen=True, slots=True)
class Payload:
    """One detail as the kind declares it."""

    field: PayloadField

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        value = node.plain()
        fault = self.field.fault(value)
        character = strange(value, lines=False) if isinstance(value, str) else ""
        if not fault and character:
            fault = f"holds the control character {character}"
        if not fault and self.field.type is FieldType.URL:
            fault = " ".join(web_address(value) or ()) or None
        if fault:
            problems.add(node, f"“{name}” {fault}", f"It means: {self.field.help}")
            return WRONG
        return value

    def write(self, value: Any) -> Any:
        return ListOf(Text(), written=FlowList).write(value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Nothing:
    """Rows that a kind does not have."""

    kind: ClauseKind

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        problems.add(node, f"“{self.kind.slug}” has no {name}", "Say it in the note, or under the kind that has them")
        return WRONG

    def write(self, value: Any) -> Any:
        return value


def money_has_a_currency(values: dict[str, Any], node: Node, problems: Problems) -> None:
    metric, unit = values["metric"], values["currency"]
    if metric is WRONG or unit is WRONG:
        return
    if amounts.Metric(metric).is_money and not unit:
        problems.add(node, f"“{metric}” is money, and “currency” is missing", "Add its ISO 4217 code, such as USD")
    if unit and not amounts.Metric(metric).is_money:
        problems.add(node, f"“{metric}” is not money, and “currency” is given", "Remove it")


THRESHOLD = Keys(
    {
        "metric": Key(words(amounts.Metric)),
        "amount": Key(Amount()),
        "currency": Key(text_for(Threshold, "currency", currency, empty=True), ""),
        "period": Key(words(amounts.Period)),
        "comparator": Key(words(amounts.Comparator)),
        "measured": Key(words(amounts.Measured)),
        "whose": Key(words(amounts.Whose)),
        "applies_to": Key(words(amounts.AppliesTo)),
        "effect": Key(words(amounts.Effect)),
        "or_equivalent": Key(Flag(), False),
        "discretion": Key(Flag(), False),
        "exceptions": Key(text_for(Threshold, "exceptions", empty=True), ""),
    },
    "a threshold",
    flow=True,
    rule=money_has_a_currency,
)

TERRITORY = Keys(
    {
        "regions": Key(ListOf(Word(REGIONS), least=1, written=FlowList, unique=True)),
        "basis": Key(ListOf(words(amounts.Basis), least=1, written=FlowList, unique=True)),
        "applies_to": Key(text_for(Territory, "applies_to"), "all_models"),
        "exception": Key(text_for(Territory, "exception", empty=True), ""),
        "effect": Key(words(amounts.TerritoryEffect)),
    },
    "a territory",
    flow=True,
)

QUOTE = Keys(
    {
        "document": Key(text_for(Document, "key")),
        "section": Key(text_for(Quote, "section")),
        "words": Key(QuotedWords(300, empty=False, tests=(no_more_words,))),
    },
    "a quote",
    flow=True,
)

BY = Keys({"by": Key(text_for(Clause, "read_by")), "on": Key(Day())}, "a name and a date", flow=True)


def proven(values: dict[str, Any], node: Node, problems: Problems) -> None:
    """A quote for every answer but silent, which can have none."""
    answer, quotes = values["answer"], values["quotes"]
    if answer is WRONG or quotes is WRONG:
        return
    if answer == Answer.SILENT and quotes:
        problems.add(node, "the answer is silent, and there are quotes", "Answer what they say, or remove them")
    if answer != Answer.SILENT and not quotes:
        problems.add(node, f"the answer is {answer}, and no quote proves it", "Quote the words, or make it silent")


def clause(kind: ClauseKind) -> Keys:
    details = Keys(
        {part.name: Key(Payload(part), None) for part in kind.payload}, f"the payload of {kind.slug}", flow=True
    )
    thresholds: Shape = ListOf(THRESHOLD, least=1) if kind.has_thresholds else Nothing(kind)
    territories: Shape = ListOf(TERRITORY, least=1) if kind.has_territories else Nothing(kind)
    return Keys(
        {
            "answer": Key(words(READ)),
            "strength": Key(words(Strength), "must"),
            "note": Key(text_for(Clause, "note", empty=True, lines=True), ""),
            "payload": Key(Details(details), {}),
            "thresholds": Key(thresholds, []),
            "territories": Key(territories, []),
            "quotes": Key(ListOf(QUOTE, unique=True), []),
            "read": Key(BY, None),
            "confirmed": Key(BY, None),
        },
        "a clause",
        rule=proven,
    )


@dataclass(frozen=True, slots=True)
class Details:
    """A payload: what is not said has no key."""

    keys: Keys

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        values = self.keys.read(node, name, problems)
        return values if values is WRONG else {key: value for key, value in values.items() if value is not None}

    def write(self, value: Mapping[str, Any]) -> Any:
        return self.keys.write({key: value.get(key) for key in self.keys.keys})


CLAUSE = {kind.slug: clause(kind) for kind in CLAUSES}


def of_its_kind(values: dict[str, Any], node: Node, problems: Problems) -> None:
    """Kind, label, modified license and attributes tell the same story."""
    kind, label, modifies, attributes = (values[key] for key in ("kind", "label", "modifies", "attributes"))
    if WRONG in (kind, label, modifies):
        return
    if (kind == LicenseKind.CUSTOM) != bool(label):
        cure = f"Add one of: {', '.join(LABELS)}" if not label else "Remove it; only custom licenses have one"
        problems.add(node, f"the kind is {kind}, and “label” is {label or 'empty'}", cure)
    if (kind == LicenseKind.MODIFIED_STANDARD) != bool(modifies):
        cure = "Remove it; only modified-standard licenses have one" if modifies else "Name the license that it changes"
        problems.add(node, f"the kind is {kind}, and “modifies” is {modifies or 'empty'}", cure)
    if kind == LicenseKind.STANDARD and attributes is not WRONG and not any(map(is_approval, attributes)):
        cure = "Add the attribute osi_approved, or make it standard-other"
        problems.add(node, "the kind is standard, and nothing says that the OSI approved it", cure)


def is_approval(attribute: dict[str, Any]) -> bool:
    return attribute["name"] == Attribute.Name.OSI_APPROVED and attribute["value"] is True


REVISION = Keys(
    {
        "date": Key(Day(empty=True), None),
        "source": Key(text_for(Revision, "source", no_other_scheme)),
        "sha256": Key(text_for(Revision, "raw_sha256", sha256)),
    },
    "a revision",
)

DOCUMENT = Keys(
    {
        "key": Key(text_for(Document, "key", slug)),
        "role": Key(words(Document.Role)),
        "title": Key(text_for(Document, "title")),
        "repo": Key(text_for(Document, "repo", repository, empty=True), ""),
        "path": Key(text_for(Document, "path", empty=True), ""),
        "url": Key(text_for(Document, "url", web_address, empty=True), ""),
        "retired": Key(Day(empty=True), None),
        "revisions": Key(ListOf(REVISION), []),
    },
    "a document",
)

ATTRIBUTE = Keys(
    {
        "name": Key(words(Attribute.Name)),
        "value": Key(Flag()),
        "source": Key(text_for(Attribute, "source", no_other_scheme)),
        "date": Key(Day()),
    },
    "an attribute",
    flow=True,
)


def one_spelling(values: dict[str, Any], node: Node, problems: Problems) -> None:
    """Rules are kept as they are looked up, so that two which mean the same are the same."""
    signal, value, author = (values[key] for key in ("signal", "value", "author"))
    if WRONG in (signal, value, author):
        return
    values |= {"value": normal(signal, value), "author": author.casefold()}
    if not 0 < len(values["value"]) <= (Rule._meta.get_field("value").max_length or 0):
        problems.add(node, f"the {signal} “{value}” can never be met", "Write it as models declare it")


RULE = Keys(
    {
        "signal": Key(words(Rule.Signal)),
        "value": Key(text_for(Rule, "value")),
        "author": Key(text_for(Rule, "author", organisation, empty=True), ""),
    },
    "a rule",
    flow=True,
    rule=one_spelling,
)

LICENSE = Keys(
    {
        "slug": Key(text_for(License, "slug", slug)),
        "name": Key(text_for(License, "name")),
        "short_name": Key(text_for(License, "short_name")),
        "identifier": Key(text_for(License, "identifier", identifier)),
        "kind": Key(words(LicenseKind)),
        "label": Key(Word((*LABELS, "")), ""),
        "modifies": Key(text_for(License, "slug", slug, empty=True), ""),
        "family": Key(text_for(License, "family", empty=True), ""),
        "version": Key(text_for(License, "version", empty=True), ""),
        "released": Key(Day(empty=True), None),
        "steward": Key(text_for(Publisher, "slug", slug, empty=True), ""),
        "licensor": Key(text_for(License, "licensor", empty=True), ""),
        "supersedes": Key(text_for(License, "slug", slug, empty=True), ""),
        "attributes": Key(ListOf(ATTRIBUTE), []),
        "documents": Key(ListOf(DOCUMENT), []),
        "identify": Key(ListOf(RULE), []),
        "read": Key(BY, None),
        "clauses": Key(Keys({kind: Key(shape, None) for kind, shape in CLAUSE.items()}, "the clause kinds"), {}),
        "silent": Key(ListOf(Word(tuple(CLAUSE)), written=FlowList, unique=True), []),
    },
    "a license",
    rule=of_its_kind,
)

RELEASE = Keys(
    {
        "slug": Key(text_for(Release, "slug", slug)),
        "name": Key(text_for(Release, "name")),
        "family": Key(text_for(Release, "family", empty=True), ""),
        "released": Key(Day(partial=True)),
        "modality": Key(text_for(Release, "modality", empty=True), ""),
        "sizes": Key(text_for(Release, "sizes", empty=True), ""),
        "repos": Key(ListOf(text_for(Release, "repos", repository), written=ShortList, unique=True), []),
        "announced_as": Key(text_for(Release, "announced_as", empty=True), ""),
        "confidence": Key(words(Release.Confidence), "medium"),
        "sources": Key(ListOf(text_for(Release, "sources", no_other_scheme), written=ShortList, unique=True), []),
        "artifacts": Key(
            Keys(
                {
                    str(part.value): Key(
                        text_for(Artifact, "expression", expression),
                        **({} if part is Artifact.Part.WEIGHTS else {"default": None}),
                    )
                    for part in Artifact.Part
                },
                "the artifacts",
            )
        ),
    },
    "a release",
)

PUBLISHER = Keys(
    {
        "slug": Key(text_for(Publisher, "slug", slug)),
        "name": Key(text_for(Publisher, "name")),
        "country": Key(Word((*SEATS, "")), ""),
        "hub_organisations": Key(
            ListOf(text_for(Publisher, "hub_organisations", organisation), written=ShortList, unique=True), []
        ),
        "releases": Key(ListOf(RELEASE), []),
    },
    "a publisher",
)
