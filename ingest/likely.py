"""Which of our licenses a spelling may mean: those with a name like it, and what the words of a file say."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from licenses.kinship import Kin, kin
from licenses.models import Document, License
from licenses.spelling import spelling

MOST = 5
ALIKE = 0.6
#: What is shorter stands in every other name.
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Likely:
    """Licenses by name; and for files of the most downloaded model the text that each is, or is near to."""

    named: list[License]
    texts: list[tuple[Document, Kin]]


def likely(value: str, model: int | None) -> Likely:
    return Likely(named_like(value), list(files_of(model)) if model else [])


def named_like(value: str) -> list[License]:
    """By slug, identifier and names, those that hold it first; of an address by its parts."""
    names: dict[str, License] = {}
    for license in License.objects.by_name():
        for name in (license.slug, license.identifier, license.short_name, license.name):
            names.setdefault(spelling(name), license)
    words = [part for part in value.split("/")[-4:] if len(part) >= SHORTEST]
    found = [name for word in words for name in names if word in name]
    found += [name for word in words for name in difflib.get_close_matches(word, names, n=MOST, cutoff=ALIKE)]
    return list(dict.fromkeys(names[name] for name in found))[:MOST]


def files_of(model: int) -> list[tuple[Document, Kin]]:
    own = Document.objects.current().filter(model=model, head__isnull=False).exclude(role=Document.Role.NOTICE)
    files = list(own.owned().select_related("head", "license", "model").order_by("pk")[:MOST])
    found = [(file, kin(file, file.head.text)) for file in files if file.head and file.head.text]
    return [(file, kind) for file, kind in found if kind]
