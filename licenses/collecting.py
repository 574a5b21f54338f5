"""License texts from a folder or from scancode-toolkit's data files: words for wordings that the catalogue names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from django.db import transaction

from .evidence import find_in
from .models import Document, Revision
from .texts import fill, wording
from .wording import LARGEST, NotText, decode, raw_digest

PACKAGE, DATA = "licensedcode", "data/licenses"
DISTRIBUTIONS = ("scancode-toolkit-mini", "scancode-toolkit")


class NotThere(Exception):
    """There is no such folder or package; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A file: the license it is named after (none in the package), its day, its source as we tell it, its bytes."""

    name: str
    slug: str
    day: date | None
    source: str
    raw: bytes


@dataclass(slots=True)
class Collected:
    """What became of the files. `refused` and `strangers` are told by name."""

    filled: int = 0
    known: int = 0
    new: int = 0
    passed: int = 0
    refused: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.filled} wordings got their words, {self.known} had them, {self.new} are new to the directory, "
            f"{self.passed} belong to none of its licenses, {len(self.refused)} refused"
        )


def folder(path: Path) -> Iterator[Text | str]:
    """`<slug>.txt` and `<slug>/<date>.txt`, in order; a name that fits neither comes as a complaint."""
    if not path.is_dir():
        raise NotThere(f"There is no folder {path}: name one with <slug>.txt or <slug>/<date>.txt in it.")
    for file in sorted([*path.glob("*.txt"), *path.glob("*/*.txt")]):
        name = str(file.relative_to(path))
        slug, day = (file.stem, None) if file.parent == path else (file.parent.name, day_of(file.stem))
        if file.parent != path and day is None:
            yield f"{name}: name the file after its day, as {slug}/2025-06-26.txt"
        else:
            yield Text(name, slug, day, f"file {name}", bounded(file))


def day_of(stem: str) -> date | None:
    """`2025-06-26`, or `2025-06-26-v2` for the second of a day."""
    try:
        return date.fromisoformat(stem[:10])
    except ValueError:
        return None


def bounded(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


def package() -> Iterator[Text | str]:
    """The license files of an installed scancode-toolkit, without their metadata header; its code is not run."""
    spec = find_spec(PACKAGE)
    places = [Path(place) / DATA for place in (spec.submodule_search_locations or [])] if spec else []
    if not any(place.is_dir() for place in places):
        raise NotThere("scancode-toolkit-mini is not installed: `make texts` brings it.")
    installed = release()
    for file in sorted(file for place in places for file in place.glob("*.LICENSE")):
        raw = bounded(file).partition(b"\n---\n")[2].lstrip(b"\n")
        if raw:
            source = f"package {installed}: {PACKAGE}/{DATA}/{file.name} (header removed)"
            yield Text(file.name, "", None, source, raw)


def release() -> str:
    for name in DISTRIBUTIONS:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return DISTRIBUTIONS[0]


def collect(found: Iterable[Text | str], *, now: datetime) -> Collected:
    """Each file in a transaction of its own. Nothing is told: that we have words now is no change of theirs."""
    collected = Collected()
    for each in found:
        if isinstance(each, str):
            collected.refused.append(each)
        else:
            take_in(each, collected, now=now)
    return collected


@transaction.atomic
def take_in(each: Text, collected: Collected, *, now: datetime) -> None:
    wordings = list(Revision.objects.filter(raw_sha256=raw_digest(each.raw)).select_related("document"))
    if not wordings and not each.slug:
        collected.passed += 1
        return
    try:
        text = decode(each.raw)
    except NotText as error:
        collected.refused.append(f"{each.name}: {error}")
        return
    lock(wordings)
    for revision in wordings:
        is_new = fill(revision, text)
        collected.filled, collected.known = collected.filled + is_new, collected.known + (not is_new)
        find_in(revision, now=now)
    if not wordings:
        add(each, text, collected)


def lock(wordings: Iterable[Revision]) -> None:
    """A load of the catalogue, or a look at the Hub, writes the same quotes."""
    documents = {revision.document_id for revision in wordings}
    list(Document.objects.select_for_update().filter(pk__in=documents).order_by("pk").values_list("pk"))


def add(each: Text, text: str, collected: Collected) -> None:
    agreements = Document.objects.filter(license__slug=each.slug, role=Document.Role.AGREEMENT)
    document = agreements.filter(retired_on=None).first()
    if document is None:
        collected.strangers.append(each.name)
        return
    revision = wording(document, each.raw, source=each.source, day=each.day)
    fill(revision, text)
    collected.new += 1
