"""What the files of a catalogue hold, key by key; docs/catalogue.md says the same to people."""

from __future__ import annotations

from typing import Any

from licenses.models import (
    Artifact,
    Attribute,
    Component,
    Document,
    License,
    LicenseKind,
    Publisher,
    Release,
    Revision,
    Rule,
)
from licenses.spelling import normal

from .clause_schema import BY, CLAUSE
from .fields import expression, identifier, organisation, repository, sha256, slug, text_for, words
from .places import SEATS
from .shapes import (
    WRONG,
    Day,
    Flag,
    FlowList,
    Key,
    Keys,
    ListOf,
    ShortList,
    Word,
    no_other_scheme,
    web_address,
)
from .source import Node, Problems

LABELS = ("community", "rail", "research", "non-commercial", "vendor")


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

READINGS = {
    "read": Key(BY, None),
    "clauses": Key(Keys({kind: Key(shape, None) for kind, shape in CLAUSE.items()}, "the clause kinds"), {}),
    "silent": Key(ListOf(Word(tuple(CLAUSE)), written=FlowList, unique=True), []),
}

PERIOD = Keys({"until": Key(Day()), **READINGS}, "an earlier wording")

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
        **READINGS,
        "history": Key(ListOf(PERIOD), []),
    },
    "a license",
    rule=of_its_kind,
)

COMPONENTS = Keys(
    {
        "by": Key(text_for(Component, "assessor")),
        "on": Key(Day()),
        "evidence": Key(text_for(Component, "evidence", no_other_scheme, empty=True), ""),
        "values": Key(
            Keys({str(name.value): Key(words(Component.Value), None) for name in Component.Name}, "the components",
                 flow=True)
        ),
    },
    "an assessment",
)  # fmt: skip


def based_on_something(values: dict[str, Any], node: Node, problems: Problems) -> None:
    """A base model and how it was made from it: both or neither."""
    model, relation = values["base_model"], values["base_relation"]
    if WRONG not in (model, relation) and bool(model) != bool(relation):
        missing = "base_relation" if model else "base_model"
        problems.add(node, f"“{missing}” is missing beside the other", "Say both, or neither")


RELEASE = Keys(
    {
        "slug": Key(text_for(Release, "slug", slug)),
        "name": Key(text_for(Release, "name")),
        "family": Key(text_for(Release, "family", empty=True), ""),
        "released": Key(Day(partial=True)),
        "modality": Key(text_for(Release, "modality", empty=True), ""),
        "sizes": Key(text_for(Release, "sizes", empty=True), ""),
        "repos": Key(ListOf(text_for(Release, "repos", repository), written=ShortList, unique=True), []),
        "base_model": Key(text_for(Release, "base_model", repository, empty=True), ""),
        "base_relation": Key(Word((*map(str, Release.BaseRelation.values), "")), ""),
        "announced_as": Key(text_for(Release, "announced_as", empty=True), ""),
        "confidence": Key(words(Release.Confidence), "medium"),
        "sources": Key(ListOf(text_for(Release, "sources", no_other_scheme), written=ShortList, unique=True), []),
        "artifacts": Key(
            Keys(
                {str(part.value): Key(text_for(Artifact, "expression", expression), None) for part in Artifact.Part},
                "the artifacts",
            )
        ),
        "components": Key(COMPONENTS, None),
    },
    "a release",
    rule=based_on_something,
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
