"""What a value in a catalogue file may look like: one declaration reads it, checks it and writes it.

`read` notes every mistake and returns plain data with the defaults filled in, or `WRONG`; `write` is its
inverse and leaves out what equals its default.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlsplit

from .source import Node, Problems


class Wrong:
    """Stands for a value whose mistake has been noted already."""

    def __bool__(self) -> bool:
        return False


WRONG = Wrong()
REQUIRED = object()
#: A test of a text: what is wrong and how to cure it, or None.
Test = Callable[[str], tuple[str, str] | None]


class Shape(Protocol):
    def read(self, node: Node, name: str, problems: Problems) -> Any: ...

    def write(self, value: Any) -> Any: ...


class Flow(dict[str, Any]):
    """A mapping to be written on one line."""


class FlowList(list[Any]):
    """A list to be written on one line."""


class ShortList(list[Any]):
    """A list to be written on one line where it fits, else with a line for each entry."""


class Quoted(str):
    """Text that always stands in quotation marks."""


def nearest(word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.7)
    return f"Did you mean “{close[0]}”?" if close else ""


def strange(text: str, *, lines: bool) -> str:
    """The first character that has no place in a text: control, surrogate, line or direction marks."""
    for character in text:
        ordinary = character == "\n" and lines
        category = unicodedata.category(character)
        if not ordinary and (category in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(character) in BIDI):
            return f"U+{ord(character):04X}"
    return ""


BIDI = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@dataclass(frozen=True, slots=True)
class Text:
    longest: int | None = None
    empty: bool = True
    lines: bool = False
    tests: tuple[Test, ...] = ()

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        if not isinstance(node.value, str):
            cure = "Put it in quotation marks" if isinstance(node.value, bool) else 'Write text, or "" for none'
            problems.add(node, f"“{name}” is not text", cure)
            return WRONG
        text = node.value.strip()
        fault = self.fault(text)
        if fault:
            problems.add(node, f"“{name}” {fault[0]}", fault[1])
            return WRONG
        return text

    def fault(self, text: str) -> tuple[str, str] | None:
        if not text:
            return None if self.empty else ("is empty", "Fill it in")
        character = strange(text, lines=self.lines)
        if character:
            return f"holds the control character {character}", "Remove it"
        if self.longest and len(text) > self.longest:
            return f"is {len(text)} characters long", f"Use at most {self.longest}"
        return next((fault for test in self.tests if (fault := test(text))), None)

    def write(self, value: str) -> str:
        return value


def matches(pattern: str, what: str, cure: str) -> Test:
    compiled = re.compile(pattern)
    return lambda text: None if compiled.fullmatch(text) else (f"is “{text}”, {what}", cure)


def web_address(text: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(text)
    except ValueError:
        return f"is “{text}”, not an address", "Write it as https://…"
    if parts.scheme in ("http", "https") and parts.hostname and " " not in text:
        return None
    return f"is “{text}”, not an http or https address", "Write it as https://…"


def no_other_scheme(text: str) -> tuple[str, str] | None:
    """A source may be prose or an address; an address is http or https."""
    schemes = re.findall(r"\b([a-z][a-z0-9+.-]*)://", text, re.IGNORECASE)
    foreign = [scheme for scheme in schemes if scheme.lower() not in ("http", "https")]
    if foreign or text.lower().startswith(("javascript:", "data:", "file:")):
        return f"is “{text}”, neither prose nor an http or https address", "Name the source, or link it as https://…"
    return None


@dataclass(frozen=True, slots=True)
class Word:
    """One of several words."""

    words: tuple[str, ...]

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        value = node.plain()
        if value in self.words:
            return value
        shown = (
            {True: "true", False: "false", None: "nothing"}.get(value)
            if not isinstance(value, list | dict)
            else "a list"
        )
        text = shown or str(value)
        many = len(self.words) > 20
        cure = nearest(text, self.words) or f"Use one of: {', '.join(self.words)}"
        problems.add(node, f"“{name}” is “{text}”", cure if many else f"Use one of: {', '.join(self.words)}")
        return WRONG

    def write(self, value: str) -> str:
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, node: Node, name: str, problems: Problems) -> Any:
        if isinstance(node.value, bool):
            return node.value
        problems.add(node, f"“{name}” is neither true nor false", "Write true or false; yes and no are words here")
        return WRONG

    def write(self, value: bool) -> bool:
        return value


@dataclass(frozen=True, slots=True)
class Amount:
    most: int = 2**63 - 1

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        text = node.value if isinstance(node.value, str) else ""
        if re.fullmatch(r"[0-9]{1,19}", text) and 0 < int(text) <= self.most:
            return int(text)
        problems.add(node, f"“{name}” is not a whole number above 0", "Write digits only, in whole units")
        return WRONG

    def write(self, value: int) -> int:
        return value


@dataclass(frozen=True, slots=True)
class Day:
    """A date; with `partial`, also a month or a year, kept as it was written."""

    partial: bool = False
    empty: bool = False

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        text = node.value.strip() if isinstance(node.value, str) else ""
        if self.empty and (node.value is None or (not text and isinstance(node.value, str))):
            return None
        day = text + "-01-01"[len(text) - 4 :] if self.partial and len(text) in (4, 7) else text
        try:
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
                raise ValueError
            known = date.fromisoformat(day)
        except ValueError:
            forms = "2025, 2025-07 or 2025-07-11" if self.partial else "YYYY-MM-DD"
            problems.add(node, f"“{name}” is “{text}”, not a date", f"Write it as {forms}")
            return WRONG
        return text if self.partial else known

    def write(self, value: date | str) -> Any:
        if isinstance(value, date):
            return value
        return date.fromisoformat(value) if len(value) == 10 else int(value) if len(value) == 4 else value


@dataclass(frozen=True, slots=True)
class ListOf:
    shape: Shape
    least: int = 0
    written: type[list[Any]] = list
    unique: bool = False

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        if not isinstance(node.value, list):
            problems.add(node, f"“{name}” is not a list", "Write [one, another], or a line “- …” for each")
            return WRONG
        if len(node.value) < self.least:
            problems.add(node, f"“{name}” is empty", "Add at least one entry")
            return WRONG
        values = [self.shape.read(item, f"{name}[{at}]", problems) for at, item in enumerate(node.value, 1)]
        twice = [str(value) for at, value in enumerate(values) if value in values[:at]] if self.unique else []
        if twice:
            problems.add(node, f"“{name}” names {', '.join(twice)} twice", "Keep one")
        return WRONG if WRONG in values else values

    def write(self, value: list[Any]) -> list[Any]:
        return self.written(self.shape.write(item) for item in value)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping: the shape of its value, and what it means when it is left out."""

    shape: Shape
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping with declared keys, in the order in which they are written.

    `rule` sees the values of all keys together, `WRONG` ones included.
    """

    keys: Mapping[str, Key]
    what: str
    flow: bool = False
    rule: Callable[[dict[str, Any], Node, Problems], None] = field(default=lambda values, node, problems: None)

    def read(self, node: Node, name: str, problems: Problems) -> Any:
        entries = node.value
        if not isinstance(entries, dict):
            problems.add(node, f"“{name}” is not {self.what}", f"Give it keys: {', '.join(self.keys)}")
            return WRONG
        for key, entry in entries.items():
            if key not in self.keys:
                cure = nearest(key, self.keys) or f"Use: {', '.join(self.keys)}"
                problems.add(entry, f"“{key}” is not a key of {self.what}", cure)
        values = {key: self.value(entries, key, node, problems) for key in self.keys}
        self.rule(values, node, problems)
        return WRONG if WRONG in values.values() else values

    def value(self, entries: dict[str, Node], key: str, node: Node, problems: Problems) -> Any:
        if key in entries:
            return self.keys[key].shape.read(entries[key], key, problems)
        default = self.keys[key].default
        if default is REQUIRED:
            problems.add(node, f"“{key}” is missing from {self.what}", f"Add “{key}: …”")
            return WRONG
        return default.copy() if isinstance(default, list | dict) else default

    def write(self, value: Mapping[str, Any]) -> dict[str, Any]:
        written = {
            key: declared.shape.write(value[key])
            for key, declared in self.keys.items()
            if declared.default is REQUIRED or value[key] != declared.default
        }
        return Flow(written) if self.flow else written
