"""SPDX JSON: packages of version 2, and the graph of version 3 in its compact JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from licenses.wording import visible

from .listing import MOST_LICENSES, Gathered
from .parts import Part, Said
from .values import PURL_IS, Record, records, text

ADDRESS_IS = "an address is text"
#: Version 2 has no word for models; these are what tools write all the same.
MODEL_PURPOSES = frozenset({"model", "machine-learning-model"})
NOTHING_SAID = frozenset({"", "NOASSERTION"})
PACKAGES = frozenset({"AIPackage", "DatasetPackage", "Package"})
LICENSE_RELATIONS = frozenset({"hasConcludedLicense", "hasDeclaredLicense"})
LICENSE_NAMES = ("simplelicensing_licenseExpression", "licenseExpression", "name")

#: Where something stands: the place above it, and its key or number there.
Trail = tuple["Trail", str] | None


def read_spdx_2(document: Record) -> Gathered:
    gathered = Gathered()
    for place, package in records(document.get("packages"), "packages"):
        purpose = text(package.get("primaryPackagePurpose"), f"{place}.primaryPackagePurpose")
        declared = (text(package.get(key), f"{place}.{key}") for key in ("licenseConcluded", "licenseDeclared"))
        Part(
            place=place,
            is_model=purpose.lower().replace("_", "-") in MODEL_PURPOSES,
            sources=(*purls_of(package, place), *downloads(package, place, "downloadLocation")),
            name=(f"{place}.name", text(package.get("name"), f"{place}.name")),
            licenses=tuple(said for said in declared if said not in NOTHING_SAID),
        ).gather(gathered)
    return gathered


def purls_of(package: Record, place: str) -> Iterator[Said]:
    for at, reference in records(package.get("externalRefs"), f"{place}.externalRefs"):
        if reference.get("referenceType") == "purl":
            yield f"{at}.referenceLocator", text(reference.get("referenceLocator"), f"{at}.referenceLocator", PURL_IS)


def downloads(package: Record, place: str, *keys: str, cure: str = ADDRESS_IS) -> Iterator[Said]:
    for key in keys:
        if package.get(key) is not None:
            yield f"{place}.{key}", text(package[key], f"{place}.{key}", cure)


def read_spdx_3(document: Record) -> Gathered:
    graph = Graph()
    walk(document, None, graph.take)
    gathered = Gathered()
    for place, package in graph.packages:
        graph.part(place, package).gather(gathered)
    return gathered


def walk(value: object, trail: Trail, take: Callable[[Record, Trail], None]) -> None:
    """Every object, as one may stand inside another. No deeper than `read` lets JSON be."""
    if isinstance(value, dict):
        take(value, trail)
        for key, child in value.items():
            walk(child, (trail, f".{key[:40]}"), take)
    elif isinstance(value, list):
        for number, child in enumerate(value):
            walk(child, (trail, f"[{number}]"), take)


def place_of(trail: Trail) -> str:
    steps = []
    while trail:
        trail, step = trail
        steps.append(step)
    return visible("".join(reversed(steps))).removeprefix(".") or "$"


class Graph:
    """The packages of a document, and which licenses its relationships give them."""

    def __init__(self) -> None:
        self.packages: list[tuple[str, Record]] = []
        self.names: dict[str, str] = {}
        self.given: dict[str, list[object]] = {}

    def take(self, element: Record, trail: Trail) -> None:
        if not PACKAGES.isdisjoint(types_of(element)):
            self.packages.append((place_of(trail), element))
        if name := property_of(element, *LICENSE_NAMES):
            self.names.setdefault(identifier(element), name)
        if last(property_of(element, "relationshipType")) in LICENSE_RELATIONS:
            to = element.get("to")
            given = self.given.setdefault(identifier(element.get("from")), [])
            given += (to if isinstance(to, list) else [to])[: MOST_LICENSES - len(given)]

    def part(self, place: str, package: Record) -> Part:
        purpose = last(property_of(package, "software_primaryPurpose", "primaryPurpose"))
        return Part(
            place=place,
            is_model="AIPackage" in types_of(package) or purpose == "model",
            sources=(
                *downloads(package, place, "software_packageUrl", "packageUrl", cure=PURL_IS),
                *identifiers_of(package, place),
                *downloads(package, place, "software_downloadLocation", "downloadLocation"),
            ),
            name=(f"{place}.name", text(package.get("name"), f"{place}.name")),
            licenses=self.licenses_of(identifier(package)),
        )

    def licenses_of(self, package: str) -> tuple[str, ...]:
        given = self.given.get(package, ()) if package else ()
        return tuple(name for name in map(self.license_name, given) if name not in NOTHING_SAID)

    def license_name(self, license: object) -> str:
        """An element of the file or of the SPDX list, or one that stands right there."""
        address = identifier(license)
        if address in self.names and address:
            return self.names[address]
        if isinstance(license, dict):
            return property_of(license, *LICENSE_NAMES)
        return address.rpartition("/")[2] if "spdx.org/licenses/" in address[:40] else ""


def identifiers_of(package: Record, place: str) -> Iterator[Said]:
    found = package.get("externalIdentifier")
    # JSON-LD may write a list of one without its brackets.
    for at, each in records([found] if isinstance(found, dict) else found, f"{place}.externalIdentifier"):
        if last(property_of(each, "externalIdentifierType")).lower() in {"packageurl", "purl"}:
            yield f"{at}.identifier", text(each.get("identifier"), f"{at}.identifier", PURL_IS)


def types_of(element: Record) -> list[str]:
    """`ai_AIPackage`, `AIPackage` and the full address are one type."""
    types = element.get("type", element.get("@type"))
    return [last(each) for each in (types if isinstance(types, list) else [types]) if isinstance(each, str)]


def identifier(element: object) -> str:
    """Of an element that stands there, or is pointed to."""
    if isinstance(element, dict):
        element = element.get("spdxId", element.get("@id"))
    return element if isinstance(element, str) else ""


def property_of(element: Record, *keys: str) -> str:
    return next((said for key in keys if isinstance(said := element.get(key), str)), "")


def last(name: str) -> str:
    """What follows the prefix or the address."""
    return re.split(r"[/#:_]", name[-200:])[-1]
