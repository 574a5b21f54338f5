"""A folder read as one catalogue: what holds within a file, and between files.

These rules look at the nodes, not at what was read from them, so that one mistake does not hide another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from license_expression import ExpressionError

from licenses.clauses import CORE, KIND
from licenses.spelling import normal

from .fields import licensing
from .history import check_history, readings_of
from .schema import LICENSE, PUBLISHER
from .shapes import WRONG, nearest
from .source import Node, Problem, Problems, files, read


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Licenses and publishers as plain data, shaped as `schema` declares; readings are whole, silent ones too."""

    licenses: dict[str, dict[str, Any]] = field(default_factory=dict)
    publishers: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def releases(self) -> list[dict[str, Any]]:
        return [release for publisher in self.publishers.values() for release in publisher["releases"]]

    def __str__(self) -> str:
        read = [license for license in self.licenses.values() if license["readings"]]
        whens = [when for license in read for when in license["readings"]]
        today = [kind for kind, until in whens if until is None]
        asked = len(read) * len(CORE)
        unread = asked - sum(KIND[kind].core for kind in today)
        return (
            f"{len(self.licenses)} licenses ({len(read)} read), {len(self.releases)} releases, "
            f"{len(today)} readings ({100 * unread / (asked or 1):.1f}% unread of core kinds), "
            f"{len(whens) - len(today)} of earlier wordings"
        )


def read_catalogue(folder: Path) -> tuple[Catalogue, list[Problem]]:
    """Everything in a folder, and everything wrong with it."""
    problems = Problems()
    catalogue, licenses, publishers = Catalogue(), list[Node](), list[Node]()
    unreadable = False
    if not folder.is_dir():
        problems.add(Node(None, str(folder), 1), "there is no such folder", "Name the folder of a catalogue")
    for file, path in files(folder):
        node = read(path, file, problems)
        if node is None:
            unreadable = True
            continue
        is_license = "/" not in file
        values = (LICENSE if is_license else PUBLISHER).read(node, "the file", problems)
        named_as_its_slug(node, path.stem, problems)
        (licenses if is_license else publishers).append(node)
        if is_license:
            within_a_license(node, problems)
        if values is not WRONG:
            place = catalogue.licenses if is_license else catalogue.publishers
            if is_license:
                check_history(values, entry(node, "history") or node, problems)
            place[values["slug"]] = whole_license(values) if is_license else values
    # A file that is no YAML would be missed by all that name it.
    for rule in () if unreadable else BETWEEN_FILES:
        rule(licenses, publishers, problems)
    return catalogue, sorted(set(problems.found))


def check(folder: Path) -> list[Problem]:
    """What is wrong with the files of a folder, all of it. Needs no database."""
    return read_catalogue(folder)[1]


def whole_license(values: dict[str, Any]) -> dict[str, Any]:
    """A license with its readings in one place, each saying who read it and since when it is true."""
    rules = values["identify"]
    return values | {
        "readings": readings_of(values),
        "identify": [rule for number, rule in enumerate(rules) if rule not in rules[:number]],
    }


def entry(node: Node, key: str) -> Node | None:
    return node.value.get(key) if isinstance(node.value, dict) else None


def entries(node: Node, key: str) -> list[Node]:
    found = entry(node, key)
    return found.value if found and isinstance(found.value, list) else []


def word(node: Node | None, key: str = "") -> str:
    """The text under a key, or of the node itself; nothing where something else stands."""
    found = entry(node, key) if node and key else node
    return found.value.strip() if found and isinstance(found.value, str) else ""


def named_as_its_slug(node: Node, name: str, problems: Problems) -> None:
    slug = word(node, "slug")
    if slug and slug != name:
        problems.add(entry(node, "slug") or node, f"the slug is “{slug}”, the file “{name}.yaml”", "Make them the same")


def clauses(period: Node) -> dict[str, Node]:
    found = entry(period, "clauses")
    return found.value if found and isinstance(found.value, dict) else {}


def within_a_license(license: Node, problems: Problems) -> None:
    periods = [license, *entries(license, "history")]
    for period in periods:
        one_answer_each(period, problems)
    if any(entries(one, "silent") or clauses(one) for one in periods) and entry(license, "read") is None:
        problems.add(license, "there are readings, and “read” is missing", "Add “read: {by: …, on: YYYY-MM-DD}”")
    documents = entries(license, "documents")
    once(((word(document, "key"), entry(document, "key")) for document in documents), "the document key", problems)
    for document in documents:
        hashes = ((word(revision, "sha256"), entry(revision, "sha256")) for revision in entries(document, "revisions"))
        once(hashes, "the revision", problems)
    current = [one for one in documents if word(one, "role") == "agreement" and not word(one, "retired")]
    for document in current[1:]:
        problems.add(
            document, "a second current agreement", "Give it its role, or “retired: YYYY-MM-DD” to the old one"
        )
    keys = {word(document, "key") for document in documents}
    for quote in quotes(periods):
        name = word(quote, "document")
        if name and name not in keys:
            cure = nearest(name, keys) or "Use a key of “documents”"
            problems.add(entry(quote, "document") or quote, f"no document has the key “{name}”", cure)


def one_answer_each(period: Node, problems: Problems) -> None:
    for item in entries(period, "silent"):
        if word(item) in clauses(period):
            problems.add(item, f"“{word(item)}” is among the clauses and silent", "Keep it in one place")


def quotes(periods: list[Node]) -> Iterator[Node]:
    for period in periods:
        for clause in clauses(period).values():
            yield from entries(clause, "quotes")


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


Rule = Callable[[list[Node], list[Node], Problems], None]


def nothing_is_said_twice(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    releases = [release for publisher in publishers for release in entries(publisher, "releases")]
    once(((word(one, "identifier"), entry(one, "identifier")) for one in licenses), "the identifier", problems)
    once(((word(one, "slug"), entry(one, "slug")) for one in releases), "the release", problems)
    once(((spelled(rule), rule) for license in licenses for rule in rules(license)), "the rule", problems)


def rules(license: Node) -> Iterator[Node]:
    """Without other spellings of a rule that its own license has: those do no harm."""
    first: dict[str, Node] = {}
    for rule in entries(license, "identify"):
        same = first.setdefault(spelled(rule), rule)
        if same is rule or word(same, "value") == word(rule, "value"):
            yield rule


def spelled(rule: Node) -> str:
    signal, value, author = (word(rule, key) for key in ("signal", "value", "author"))
    return f"{signal}: {author.casefold() + '/' if author else ''}{normal(signal, value)}" if value else ""


def what_is_named_exists(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    known = {
        "steward": ("publisher", {word(one, "slug") for one in publishers}),
        "modifies": ("license", {word(one, "slug") for one in licenses}),
        "supersedes": ("license", {word(one, "slug") for one in licenses}),
    }
    for license in licenses:
        for key, (what, slugs) in known.items():
            name, node = word(license, key), entry(license, key)
            if node and name and name == word(license, "slug"):
                problems.add(node, f"“{key}” names the license itself", "Name the other one, or remove it")
            elif node and name and name not in slugs:
                cure = nearest(name, slugs) or f"Add its file, or correct “{key}”"
                problems.add(node, f"“{key}” is “{name}”, and no {what} has that slug", cure)


def none_goes_in_circles(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    for key in ("modifies", "supersedes"):
        next_of = {word(one, "slug"): word(one, key) for one in licenses}
        for license in licenses:
            start = slug = word(license, "slug")
            for _ in licenses:
                slug = next_of.get(slug, "")
                if slug == start and next_of.get(start) != start:
                    problems.add(entry(license, key) or license, f"“{key}” leads back to “{start}”", "Break the circle")
                    break


def one_follows_another_of_its_family(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    family = {word(one, "slug"): word(one, "family") for one in licenses}
    for license in licenses:
        name = word(license, "supersedes")
        if name and name in family and family[name] != word(license, "family"):
            node = entry(license, "supersedes") or license
            problems.add(
                node,
                f"“{name}” is of another family ({family[name] or 'none'})",
                "Name the one before it in its family",
            )


def weights_are_under_a_license(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    identifiers = {word(one, "identifier") for one in licenses}
    for publisher in publishers:
        for release in entries(publisher, "releases"):
            artifacts = entry(release, "artifacts")
            node = (artifacts and entry(artifacts, "weights")) or release
            for identifier in names_in(word(artifacts, "weights")):
                if identifier not in identifiers:
                    cure = nearest(identifier, identifiers) or "Add the file of that license"
                    problems.add(
                        node, f"the weights are under “{identifier}”, and no license has that identifier", cure
                    )


def names_in(expression: str) -> list[str]:
    """The licenses that an SPDX expression names; none when it is not one, which is noted elsewhere."""
    try:
        return list(licensing().license_keys(licensing().parse(expression))) if expression else []
    except ExpressionError:
        return []


def every_publisher_is_needed(licenses: list[Node], publishers: list[Node], problems: Problems) -> None:
    stewards = Counter(word(one, "steward") for one in licenses)
    for publisher in publishers:
        if not entries(publisher, "releases") and not stewards[word(publisher, "slug")]:
            name = word(publisher, "slug")
            problems.add(
                publisher, f"“{name}” has no release and is no license's steward", "Add one, or remove the file"
            )


BETWEEN_FILES: tuple[Rule, ...] = (
    nothing_is_said_twice,
    what_is_named_exists,
    none_goes_in_circles,
    one_follows_another_of_its_family,
    weights_are_under_a_license,
    every_publisher_is_needed,
)
