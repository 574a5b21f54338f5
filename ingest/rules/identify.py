"""Which license a declaration means, and by which rule. The rules are rows of the database.

What a curator concluded of a model speaks first, then a known repository: tags are claims, and some are wrong. Then the
Hub's identifier, then the name, then the link. Whatever no rule knows stays unresolved, and so does a model that
declares two different licenses: not resolved is never "open".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from licenses.spelling import address, normal, spelling

#: Identifiers that hide which license is meant: no rule may resolve them.
FAMILIES = frozenset({"other", "unknown", "cc", "bsd", "gpl", "lgpl", "openrail"})


#: What a rule's value has room for: a spelling that is longer stays unresolved.
LONGEST = 300


class Declared(Protocol):
    @property
    def hub_id(self) -> str: ...
    @property
    def repo_id(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def declared(self) -> tuple[str, ...]: ...
    @property
    def declared_name(self) -> str: ...
    @property
    def declared_link(self) -> str: ...


@dataclass(frozen=True)
class RuleRow:
    """`signal` is tag, name, link or repo; with an `author` the rule is only for models of that namespace."""

    signal: str
    value: str
    author: str
    license_id: int

    def __str__(self) -> str:
        return f"{self.signal}:{self.author + '/' if self.author else ''}{self.value}"


@dataclass(frozen=True)
class Finding:
    license_id: int | None = None
    rule: str = ""

    @property
    def signal(self) -> str:
        return self.rule.partition(":")[0]


UNRESOLVED = Finding()


class Book:
    """All rules, ready to be asked; and by the id that a repository keeps, what was concluded of it."""

    def __init__(
        self, rules: Mapping[tuple[str, str, str], Finding], concluded: Mapping[str, Finding] | None = None
    ) -> None:
        self.rules, self.concluded = rules, concluded or {}

    @classmethod
    def of(cls, rules: Iterable[RuleRow], concluded: Mapping[str, Finding] | None = None) -> Book:
        return cls({key(rule): Finding(rule.license_id, str(rule)) for rule in rules}, concluded)

    def also(self, rule: RuleRow) -> Book:
        """The same with one rule more."""
        return Book({**self.rules, key(rule): Finding(rule.license_id, str(rule))}, self.concluded)

    def identify(self, model: Declared) -> Finding:
        return next(self.found(model), UNRESOLVED)

    def found(self, model: Declared) -> Iterator[Finding]:
        """What the signals say, the strongest first."""
        if concluded := self.concluded.get(model.hub_id):
            yield concluded
        author = model.author.casefold()
        if known := self.look_up("repo", model.repo_id.casefold(), author):
            yield known
        tags = [self.tagged(value, author) for value in model.declared]
        if len(tags) > 1:
            agree = None not in tags and len({tag.license_id for tag in tags if tag}) == 1
            yield tags[0] if agree and tags[0] else UNRESOLVED
        yield from (tag for tag in tags if tag)
        if name := self.look_up("name", spelling(model.declared_name), author):
            yield name
        if link := self.look_up("link", address(model.declared_link), author):
            yield link

    def tagged(self, value: str, author: str) -> Finding | None:
        tag = spelling(value)
        return None if tag in FAMILIES else self.look_up("tag", tag, author)

    def look_up(self, signal: str, value: str, author: str) -> Finding | None:
        if not value:
            return None
        return self.rules.get((signal, value, author)) or self.rules.get((signal, value, ""))

    def waits_for(self, declared: Sequence[str], name: str, link: str) -> tuple[str, str, str] | None:
        """Of an unresolved model: the signal that a rule could bind, its spelling, and how it is written.

        None where no rule can help: nothing but a file name is declared, or a tag that hides which license is meant.
        """
        said = self.unknown(declared) if len(declared) > 1 else chain(weaker(name, link), self.unknown(declared))
        return next((each for each in said if 0 < len(each[1]) <= LONGEST), None)

    def unknown(self, declared: Sequence[str]) -> Iterator[tuple[str, str, str]]:
        """Tags that no rule knows. With one among several that hides its license, no other helps."""
        tags = [("tag", spelling(tag), tag) for tag in declared]
        if not any(tag[1] in FAMILIES for tag in tags):
            yield from (tag for tag in tags if not self.look_up("tag", tag[1], ""))


def weaker(name: str, link: str) -> Iterator[tuple[str, str, str]]:
    """Spelled one after the other: the tally asks for a hundred thousand of them."""
    yield "name", spelling(name), name
    yield "link", address(link), link


def key(rule: RuleRow) -> tuple[str, str, str]:
    return rule.signal, normal(rule.signal, rule.value), rule.author.casefold()
