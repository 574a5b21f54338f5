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

from .events import YEAR, check_event, check_names
from .fields import licensing
from .history import check_history, readings_of
from .schema import LICENSE, PUBLISHER
from .shapes import WRONG, nearest
from .source import Node, Problem, Problems, entries, entry, files, once, read, word


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Licenses, publishers and events as plain data, as `schema` declares; readings are whole, silent ones too."""

    licenses: dict[str, dict[str, Any]] = field(default_factory=dict)
    publishers: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)

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
            f"{len(whens) - len(today)} of earlier wordings, {len(self.changes)} changes"
        )


def read_catalogue(folder: Path) -> tuple[Catalogue, list[Problem]]:
    """Everything in a folder, and everything wrong with it."""
    problems = Problems()
    catalogue, nodes = Catalogue(), {part: list[Node]() for part in SHAPES}
    unreadable = False
    if not folder.is_dir():
        problems.add(Node(None, str(folder), 1), "there is no such folder", "Name the folder of a catalogue")
    for file, path in files(folder):
        node = read(path, file, problems)
        if node is None:
            unreadable = True
            continue
        part = file.rpartition("/")[0]
        nodes[part].append(node)
        named_as(node, "year" if part == "changes" else "slug", path.stem, problems)
        if not part:
            within_a_license(node, problems)
        values = SHAPES[part].read(node, "the file", problems)
        if values is not WRONG:
            keep(values, node, catalogue, problems)
    # A file that is no YAML would be missed by all that name it.
    for rule in () if unreadable else BETWEEN_FILES:
        rule(nodes[""], nodes["releases"], problems)
    if not unreadable:
        check_events(nodes, catalogue, problems)
    return catalogue, sorted(set(problems.found))


#: What the files of each folder hold.
SHAPES = {"": LICENSE, "releases": PUBLISHER, "changes": YEAR}


def keep(values: dict[str, Any], node: Node, catalogue: Catalogue, problems: Problems) -> None:
    if "year" in values:
        catalogue.changes.update({event["key"]: event for event in values["changes"]})
    elif "releases" in values:
        catalogue.publishers[values["slug"]] = values
    else:
        check_history(values, entry(node, "history") or node, problems)
        catalogue.licenses[values["slug"]] = whole_license(values)


def check_events(nodes: dict[str, list[Node]], catalogue: Catalogue, problems: Problems) -> None:
    publishers = nodes["releases"]
    releases = {word(release, "slug") for publisher in publishers for release in entries(publisher, "releases")}
    known = {"license": slugs(nodes[""]), "publisher": slugs(publishers), "release": releases}
    check_names(nodes["changes"], known, problems)
    for year in nodes["changes"]:
        for node in entries(year, "changes"):
            event = catalogue.changes.get(word(node, "key"))
            if event:
                check_event(event, node, catalogue.licenses, problems)


def slugs(nodes: list[Node]) -> set[str]:
    return {word(node, "slug") for node in nodes}


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


def named_as(node: Node, key: str, name: str, problems: Problems) -> None:
    said = word(node, key)
    if said and said != name:
        problems.add(entry(node, key) or node, f"the {key} is “{said}”, the file “{name}.yaml”", "Make them the same")


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
        "steward": ("publisher", slugs(publishers)),
        "modifies": ("license", slugs(licenses)),
        "supersedes": ("license", slugs(licenses)),
    }
    for license in licenses:
        for key, (what, there) in known.items():
            name, node = word(license, key), entry(license, key)
            if node and name and name == word(license, "slug"):
                problems.add(node, f"“{key}” names the license itself", "Name the other one, or remove it")
            elif node and name and name not in there:
                cure = nearest(name, there) or f"Add its file, or correct “{key}”"
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
