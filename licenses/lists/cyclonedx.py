"""CycloneDX JSON: components of type machine-learning-model, and whatever has a package URL of the Hub."""

from __future__ import annotations

from .listing import MOST_LICENSES, Gathered, brief
from .parts import Part, Said
from .values import PURL_IS, Record, record, records, text

KNOWN_VERSIONS = ("1.5", "1.6", "1.7")
MODEL = "machine-learning-model"


def read_cyclonedx(bom: Record) -> Gathered:
    gathered = Gathered()
    version = text(bom.get("specVersion"), "specVersion")
    if version not in KNOWN_VERSIONS:
        said = brief(version)[:20] or "without a version"
        gathered.notes.append(f"CycloneDX {said}: we know 1.5 to 1.7, and may miss models in others.")
    about = record(bom.get("metadata"), "metadata").get("component")
    if about is not None:
        read_component(record(about, "metadata.component"), "metadata.component", gathered)
    read_components(bom, "components", gathered)
    return gathered


def read_components(parent: Record, place: str, gathered: Gathered) -> None:
    for at, component in records(parent.get("components"), place):
        read_component(component, at, gathered)


def read_component(component: Record, place: str, gathered: Gathered) -> None:
    purl = text(component.get("purl"), f"{place}.purl", PURL_IS)
    Part(
        place=place,
        is_model=component.get("type") == MODEL,
        sources=((f"{place}.purl", purl),) if purl else (),
        name=name_of(component, place),
        links=tuple(
            (f"{at}.url", text(link.get("url"), f"{at}.url", "an address is text"))
            for at, link in records(component.get("externalReferences"), f"{place}.externalReferences")
        ),
        licenses=licenses_of(component, place),
    ).gather(gathered)
    read_components(component, f"{place}.components", gathered)


def name_of(component: Record, place: str) -> Said:
    group = text(component.get("group"), f"{place}.group")
    name = text(component.get("name"), f"{place}.name")
    return f"{place}.name", f"{group}/{name}" if group else name


def licenses_of(component: Record, place: str) -> tuple[str, ...]:
    """By expression, identifier or name."""
    found = []
    for at, choice in records(component.get("licenses"), f"{place}.licenses"):
        license = record(choice.get("license"), f"{at}.license")
        named = (text(license.get(key), f"{at}.license.{key}") for key in ("id", "name"))
        found.append(next(filter(None, (text(choice.get("expression"), f"{at}.expression"), *named)), ""))
    return tuple(filter(None, found))[:MOST_LICENSES]
