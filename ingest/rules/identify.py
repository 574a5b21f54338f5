"""Which license a declaration means, and by which rule. The rules are rows of the database.

A known repository speaks first: tags are claims, and some are wrong. Then the Hub's identifier, then the name, then
the link. Whatever no rule knows stays unresolved, and so does a model that declares two different licenses: not
resolved is never "open".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from licenses.spelling import address, normal, spelling

#: Identifiers that hide which license is meant: no rule may resolve them.
FAMILIES = frozenset({"other", "unknown", "cc", "bsd", "gpl", "lgpl", "openrail"})


class Declared(Protocol):
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


UNRESOLVED = Finding()


class Book:
    """All rules, ready to be asked."""

    def __init__(self, rules: dict[tuple[str, str, str], Finding]) -> None:
        self.rules = rules

    @classmethod
    def of(cls, rules: Iterable[RuleRow]) -> Book:
        return cls({
            (rule.signal, normal(rule.signal, rule.value), rule.author.casefold()): Finding(rule.license_id, str(rule))
            for rule in rules
        })  # fmt: skip

    def identify(self, model: Declared) -> Finding:
        return next(self.found(model), UNRESOLVED)

    def found(self, model: Declared) -> Iterator[Finding]:
        """What the signals say, the strongest first."""
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
