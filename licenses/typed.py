"""What people type into the form of a clause, and the values that it stands for.

A field bears the path under which `offers.faults` judges it (`thresholds.0.amount`) and has as many values as were
given. Drafts keep it as it was typed; only what is handed in is translated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from .catalogue.clause_schema import QUOTE, TERRITORY, THRESHOLD
from .catalogue.places import REGION_NAMES, region
from .clauses import ClauseKind, FieldType, PayloadField
from .clauses.words import full_number
from .offers import Faults, Values

Typed = dict[str, list[str]]

#: In characters of a draft, and in rows of one sort under a clause.
LONGEST_DRAFT, MOST_ROWS = 32_000, 20
#: In characters: what an amount is looked for in, as the pattern takes the square of its length.
LONGEST_AMOUNT = 60
#: The parts of a reading that come as rows, each with its fields.
ROWS: dict[str, tuple[str, ...]] = {
    "thresholds": tuple(THRESHOLD.keys),
    "territories": tuple(TERRITORY.keys),
    "quotes": tuple(QUOTE.keys),
}
PLAIN = {"answer", "strength", "note", "reason", "since", "seen", "paste.words", "paste.document", "paste.near"}
#: What the field of a territory's models holds when it is left empty.
ALL_MODELS = "all_models"
FLAGS = ("or_equivalent", "discretion")
#: Words to choose among: what is empty was not chosen.
CHOSEN = ("metric", "period", "comparator", "measured", "whose", "applies_to", "effect")
NOT_CHOSEN = "is not chosen. Choose what the words of the text say."

NUMBER = re.compile(r"[$€£¥]?\s*([\d.,'’_\s]*\d)\s*([a-z]*)\.?")
GROUPED = re.compile(r"\d{1,3}(?:([\s,'’_])\d{3}(?:\1\d{3})*|\.\d{3}(?:\.\d{3})+)")
SCALES = {
    "": 1,
    **dict.fromkeys(("k", "thousand"), 1_000),
    **dict.fromkeys(("m", "mn", "mm", "mio", "million", "millions"), 1_000_000),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 1_000_000_000),
}


def fields_of(kind: ClauseKind, given: Mapping[str, list[str]]) -> Typed:
    """The fields that this form has, its rows numbered from nought; what else was sent is left alone."""
    found = {name: [value.replace("\0", "") for value in given[name]] for name in given if belongs(kind, name)}
    return tidy(found)


def belongs(kind: ClauseKind, name: str) -> bool:
    part, _, rest = name.partition(".")
    if part in ROWS:
        number, _, key = rest.partition(".")
        return re.fullmatch(r"[0-9]{1,2}", number) is not None and int(number) < MOST_ROWS and key in ROWS[part]
    return name in PLAIN or (part == "payload" and rest in {detail.name for detail in kind.payload})


def is_too_long(typed: Typed) -> bool:
    return len(json.dumps(typed, ensure_ascii=False)) > LONGEST_DRAFT


def rows(typed: Typed, part: str) -> list[Typed]:
    found: dict[int, Typed] = {}
    for name, values in typed.items():
        if name.startswith(f"{part}."):
            _, number, key = name.split(".")
            found.setdefault(int(number), {})[key] = values
    return [found[number] for number in sorted(found)]


def with_rows(typed: Typed, part: str, wanted: Iterable[Typed]) -> Typed:
    others = {name: values for name, values in typed.items() if not name.startswith(f"{part}.")}
    return others | {f"{part}.{n}.{key}": values for n, row in enumerate(wanted) for key, values in row.items()}


def tidy(typed: Typed) -> Typed:
    for part in ROWS:
        typed = with_rows(typed, part, rows(typed, part))
    return typed


def added(typed: Typed, part: str, **row: str) -> Typed:
    """With one more row, empty unless it is given."""
    there = rows(typed, part)
    new: Typed = {key: [value] for key, value in row.items()} or {ROWS[part][-1]: [""]}
    return with_rows(typed, part, [*there, new]) if len(there) < MOST_ROWS else typed


def removed(typed: Typed, part: str, number: int) -> Typed:
    return with_rows(typed, part, [row for n, row in enumerate(rows(typed, part)) if n != number])


def first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "").replace("\r\n", "\n").strip()


# From what was typed to values.


def values(kind: ClauseKind, typed: Typed) -> tuple[Values, Faults]:
    """The reading as plain values, and what of it cannot be told from what was typed."""
    found: Faults = {}
    said = {
        "answer": first(typed, "answer"),
        "strength": first(typed, "strength") or "must",
        "note": first(typed, "note"),
        "payload": payload(kind, typed),
        "thresholds": [threshold(row, f"thresholds.{n}", found) for n, row in enumerate(rows(typed, "thresholds"))],
        "territories": [territory(row, f"territories.{n}", found) for n, row in enumerate(rows(typed, "territories"))],
        "quotes": [{key: first(row, key) for key in ROWS["quotes"]} for row in rows(typed, "quotes")],
    }
    if not said["answer"]:
        found["answer"] = [NOT_CHOSEN]
    return said, found


def payload(kind: ClauseKind, typed: Typed) -> dict[str, Any]:
    said = {part.name: detail(part, typed) for part in kind.payload}
    return {name: value for name, value in said.items() if value not in ("", [])}


def detail(part: PayloadField, typed: Typed) -> Any:
    name = f"payload.{part.name}"
    if part.type is FieldType.CHOICES:
        return [value for value in typed.get(name, ()) if value]
    value = first(typed, name)
    return {"yes": True, "no": False}.get(value, value) if part.type is FieldType.FLAG else value


def threshold(row: Typed, path: str, found: Faults) -> Values:
    said: Values = {key: key in row if key in FLAGS else first(row, key) for key in ROWS["thresholds"]}
    said["currency"] = said["currency"].upper()
    not_chosen(said, path, found)
    number = amount(said["amount"])
    if number is None:
        shown = f"“{said['amount'][:60]}” is no whole number above 0" if said["amount"] else "is missing"
        found[f"{path}.amount"] = [f"{shown}. Write it as 700 million, 20M or 20,000,000."]
    return said if number is None else said | {"amount": number}


def territory(row: Typed, path: str, found: Faults) -> Values:
    said: Values = {key: first(row, key) for key in ("applies_to", "exception", "effect")}
    names = [name.strip() for given in row.get("regions", ()) for name in re.split(r"[,;\n]", given) if name.strip()]
    unknown = [name for name in names if not region(name)]
    if unknown:
        shown = ", ".join(f"“{name[:60]}”" for name in unknown[:3])
        found[f"{path}.regions"] = [f"{shown}: no such place. Use a country's name or code, or EU for the 27."]
    elif not names:
        found[f"{path}.regions"] = ["is missing. Name at least one country, or EU for the 27."]
    said["applies_to"] = said["applies_to"] or ALL_MODELS
    not_chosen(said, path, found)
    basis = [value for value in row.get("basis", ()) if value]
    if not basis:
        found[f"{path}.basis"] = ["is not chosen. Say what ties somebody to the place."]
    return said | {"regions": [region(name) for name in names], "basis": basis}


def not_chosen(said: Values, path: str, found: Faults) -> None:
    for key in CHOSEN:
        if said.get(key) == "":
            found[f"{path}.{key}"] = [NOT_CHOSEN]


def amount(said: str) -> int | None:
    """`700 million`, `700M`, `20,000,000` → a whole number; None for what is none, or could be two."""
    match = NUMBER.fullmatch(said.strip().casefold()) if len(said) <= LONGEST_AMOUNT else None
    if match is None or match[2] not in SCALES:
        return None
    digits = match[1].strip()
    if GROUPED.fullmatch(digits):
        digits = re.sub(r"\D", "", digits)
    if not re.fullmatch(r"[0-9]{1,19}(?:\.[0-9]{1,9})?", digits):
        return None
    number = Decimal(digits) * SCALES[match[2]]
    return int(number) if number == int(number) and 0 < number < 2**63 else None


# And back.


def typed_of(said: Values) -> Typed:
    """A reading as the form shows it."""
    typed: Typed = {key: [said[key]] for key in ("answer", "strength", "note")}
    typed |= {f"payload.{name}": spelled(value) for name, value in said["payload"].items()}
    for part in ROWS:
        shown = [{key: spelled(value, key) for key, value in row.items() if value is not False} for row in said[part]]
        typed = with_rows(typed, part, shown)
    return typed


def spelled(value: Any, key: str = "") -> list[str]:
    if key == "regions":
        return [REGION_NAMES[code] for code in value]
    if key == "amount":
        return [in_words(value)]
    if value == ALL_MODELS:
        return [""]
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def in_words(number: int) -> str:
    """`700 million`; in digits where the words would round it."""
    shown = full_number(number)
    return shown if amount(shown) == number else f"{number:,}"
