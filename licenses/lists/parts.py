"""A part of a bill of materials: whether it is a model, and which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .listing import Entry, Gathered
from .naming import HUB_PURL, WRITE_PURL, Named, full, is_purl, of_link, of_purl

#: A place in the file, and what stands there.
Said = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """`sources` are package URLs and places of download: what names the Hub there is a model. `links` only point."""

    place: str
    is_model: bool
    sources: tuple[Said, ...]
    name: Said
    links: tuple[Said, ...] = ()
    licenses: tuple[str, ...] = ()

    def gather(self, gathered: Gathered) -> None:
        sources = {of_source(said): (place, said) for place, said in reversed(self.sources) if is_of_hub(said)}
        found = {what: at for what, at in sources.items() if what.handle} or sources
        if not found and not self.is_model:
            gathered.left_out += 1
            return
        for (handle, why), (place, said) in reversed(found.items()) if found else self.guessed():
            gathered.add(Entry(handle, place, said, self.licenses, why))

    def guessed(self) -> Iterator[tuple[Named, Said]]:
        """The model that the part calls itself, or the one that it points to; two are one too many to guess from."""
        pointed = {link: at for at in self.links if (link := of_link(at[1])) and link.handle}
        called = full(*self.name[1].partition("/")[::2])
        purl = next((at for at in self.sources if is_purl(at[1])), None)
        if len(pointed) == 1:
            yield from pointed.items()
        elif called in pointed or (called.handle and not pointed and not purl):
            yield called, self.name
        else:
            yield Named("", f"nothing in it names one model of the Hub: {WRITE_PURL}"), purl or self.name


def is_of_hub(text: str) -> bool:
    return HUB_PURL.match(text) is not None if is_purl(text) else of_source(text).handle != ""


def of_source(text: str) -> Named:
    return of_purl(text) if is_purl(text) else of_link(text) or Named("")
