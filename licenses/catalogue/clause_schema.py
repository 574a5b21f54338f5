"""What the files say of a reading: answer, note, payload, sizes, places, quotes, and who read it when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from licenses.clauses import CLAUSES, READ, Answer, ClauseKind, FieldType, PayloadField, Strength, amounts
from licenses.models import Clause, Document, Quote, Territory, Threshold

from .fields import currency, text_for, words
from .places import REGIONS
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
    Text,
    Word,
    strange,
    web_address,
)
from .source import Node, Problems

LONGEST_QUOTE = 15


def no_more_words(text: str) -> tuple[str, str] | None:
    count = len(text.split())
    return (f"has {count} words", f"Quote at most {LONGEST_QUOTE}") if count > LONGEST_QUOTE else None


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
