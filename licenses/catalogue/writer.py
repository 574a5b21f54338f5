"""Plain data as YAML in one spelling only, such that `source` reads back the same. Plain Python: no Django."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from typing import Any

from .shapes import Flow, FlowList, Quoted, ShortList

WIDTH = 120
#: What other readers of YAML would take for a number, a date or nothing; yes and no are words on purpose.
NOT_A_WORD = re.compile(r"[-+.]?[0-9][0-9_.,:eExX+-]*|true|false|null|~|\.nan|[-+]?\.inf", re.IGNORECASE)
PLAIN = re.compile(r"[^\W_][^:#\n]*")
NOT_IN_FLOW = re.compile(r"[,\[\]{}\"]")


def written(mapping: dict[str, Any]) -> str:
    """A whole file."""
    return "\n".join(block(mapping, "")) + "\n"


def block(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in mapping.items():
        head = f"{indent}{key}: "
        if on_a_line(head, value):
            yield from line(head, value, indent + "  ")
        else:
            yield head.rstrip()
            yield from (block if isinstance(value, dict) else items)(value, indent + "  ")


def on_a_line(head: str, value: Any) -> bool:
    """Whether a value starts behind its key, not below it."""
    if not isinstance(value, dict | list) or not value or isinstance(value, FlowList):
        return True
    return isinstance(value, Flow | ShortList) and len(head + " ".join(tokens(value))) <= WIDTH


def items(values: list[Any], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict) and not isinstance(value, Flow):
            first, *others = block(value, indent + "  ")
            yield f"{indent}- {first.lstrip()}"
            yield from others
        else:
            yield from line(f"{indent}- ", value, indent + "  ")


def line(head: str, value: Any, indent: str) -> Iterator[str]:
    """A value behind its key: in the same line, or filled over several."""
    if isinstance(value, dict | list):
        yield from filled(head, list(tokens(value)))
    elif isinstance(value, str) and len(head + scalar(value)) > WIDTH and foldable(value):
        yield head + ">-"
        yield from textwrap.wrap(
            value,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
    else:
        yield head + scalar(value)


def foldable(text: str) -> bool:
    """Folding turns each line end into one space, so there may be no other white space."""
    return text == " ".join(text.split())


def tokens(value: Any) -> Iterator[str]:
    """A mapping or list on one line, cut where a line may end."""
    if not isinstance(value, dict | list):
        yield scalar(value, flow=True)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    parts: list[str] = []
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        first, *others = tokens(entry)
        parts += [f"{key}: {first}" if isinstance(value, dict) else first, *others]
        parts[-1] += ","
    if not parts:
        yield opening + closing
        return
    parts[0] = opening + parts[0]
    parts[-1] = parts[-1][:-1] + closing
    yield from parts


def filled(head: str, parts: list[str]) -> Iterator[str]:
    indent = " " * (len(head) + 1)
    text = head + parts[0]
    for part in parts[1:]:
        if len(text) + 1 + len(part) > WIDTH:
            yield text
            text = indent + part
        else:
            text += " " + part
    yield text


def scalar(value: Any, *, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    plain = PLAIN.fullmatch(value) and not NOT_A_WORD.fullmatch(value) and foldable(value)
    if plain and not isinstance(value, Quoted) and not (flow and NOT_IN_FLOW.search(value)):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
