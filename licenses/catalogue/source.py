"""The files as they were written: YAML where every value knows its line. Plain Python: no Django.

Only `true` and `false` are booleans and only `null` is nothing; yes, no, on, numbers and dates stay the words
that the author wrote. Duplicate keys, anchors and tags are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

# The loader of libyaml is ten times faster; it composes the same nodes.
Composer = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
WORDS = {"true": True, "false": False, "null": None, "~": None}
KINDS: dict[type[yaml.Node], str] = {
    yaml.MappingNode: "tag:yaml.org,2002:map",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
}
TEXT = "tag:yaml.org,2002:str"
#: Licenses, publishers with their releases, events of a year.
FOLDERS = ("*.yaml", "releases/*.yaml", "changes/*.yaml")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a file: where it is, what it is, how to put it right."""

    file: str
    line: int
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.cure}"


@dataclass(slots=True)
class Node:
    """A value with its place; a value under a key stands where the key stands."""

    value: str | bool | list[Node] | dict[str, Node] | None
    file: str
    line: int

    def plain(self) -> Any:
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value.strip() if isinstance(self.value, str) else self.value


@dataclass(slots=True)
class Problems:
    """Everything found wrong so far."""

    found: list[Problem] = field(default_factory=list)

    def add(self, node: Node, what: str, cure: str) -> None:
        self.found.append(Problem(node.file, node.line, what, cure))


def entry(node: Node, key: str) -> Node | None:
    return node.value.get(key) if isinstance(node.value, dict) else None


def entries(node: Node, key: str) -> list[Node]:
    found = entry(node, key)
    return found.value if found and isinstance(found.value, list) else []


def word(node: Node | None, key: str = "") -> str:
    """The text under a key, or of the node itself; nothing where something else stands."""
    found = entry(node, key) if node and key else node
    return found.value.strip() if found and isinstance(found.value, str) else ""


def once(named: Iterator[tuple[str, Node | None]], what: str, problems: Problems) -> None:
    """A name stands for one thing; the second to use it is told where the first is."""
    first: dict[str, Node] = {}
    for name, node in named:
        if not name or node is None:
            continue
        if name in first:
            where = f"{first[name].file}:{first[name].line}"
            problems.add(node, f"{what} “{name}” is taken already ({where})", "Remove one of them")
        first.setdefault(name, node)


@dataclass(slots=True)
class Reader:
    """Turns composed YAML into nodes, noting what is not allowed."""

    file: str
    problems: Problems
    seen: set[int] = field(default_factory=set)

    def node(self, written: yaml.Node, line: int | None = None) -> Node:
        node = Node(None, self.file, written.start_mark.line + 1 if line is None else line)
        if id(written) in self.seen:
            self.problems.add(node, "an alias stands here", "Write the value out")
        elif isinstance(written, yaml.MappingNode):
            self.seen.add(id(written))
            node.value = self.mapping(written)
        elif isinstance(written, yaml.SequenceNode):
            self.seen.add(id(written))
            node.value = [self.node(item) for item in written.value]
        elif isinstance(written, yaml.ScalarNode):
            # The two composers say "plain" in different ways: None and "".
            node.value = written.value if written.style else WORDS.get(written.value, written.value)
        if written.tag not in (KINDS.get(type(written), TEXT), "?", "", None):
            self.problems.add(node, f"a tag stands here ({written.tag})", "Remove it; values are plain here")
        return node

    def mapping(self, written: yaml.MappingNode) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        for key, value in written.value:
            line = key.start_mark.line + 1
            name = key.value if isinstance(key, yaml.ScalarNode) else "(not a word)"
            node = self.node(value, line)
            if name in entries:
                self.problems.add(node, f"“{name}” is given twice (first in line {entries[name].line})", "Keep one")
            else:
                entries[name] = node
        return entries


def read(path: Path, file: str, problems: Problems) -> Node | None:
    """One file as a node; None, with the problem noted, when it is not YAML at all."""
    place = Node(None, file, 1)
    try:
        loader = Composer(path.read_bytes().decode())
        try:
            written = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        problems.add(place, f"not UTF-8 ({error.reason})", "Save the file as UTF-8")
        return None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place.line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        problems.add(place, f"not valid YAML ({what})", "Mind quotation marks, indentation and “: ” inside text")
        return None
    if written is None:
        problems.add(place, "the file is empty", "Fill it as docs/catalogue.md shows, or remove it")
        return None
    return Reader(file, problems).node(written)


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a catalogue, named from its folder, in a stable order."""
    for path in sorted(path for pattern in FOLDERS for path in folder.glob(pattern)):
        yield path.relative_to(folder).as_posix(), path
