"""What a text is made of among those that we know, and where that is not what we recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .likeness import MODIFIED, STANDARD, Likeness, story
from .models import Document, License, LicenseKind
from .news import nearest, shelf


@dataclass(frozen=True, slots=True)
class Kin:
    """A text beside the known one that it is, is made from or resembles."""

    like: Likeness
    document: Document

    @property
    def story(self) -> str:
        said = story(self.like)
        return said[0].upper() + said[1:]


def kin(document: Document, text: str) -> Kin | None:
    """Of agreements and of a model's files, where there is something to say."""
    if document.license and document.role != Document.Role.AGREEMENT:
        return None
    like = nearest(document, text)
    agreements = Document.objects.current().filter(role=Document.Role.AGREEMENT).owned()
    known = agreements.filter(license__pk=like.known.key).first() if like else None
    if like is None or known is None:
        return None
    return None if document.license and not speaks(document.license, like, known.license) else Kin(like, known)


def speaks(license: License, like: Likeness, known: License | None) -> bool:
    """Where our record is in doubt, curators come first."""
    return not is_copied(license, like) and not contradicts(license, like, known)


def is_copied(license: License, like: Likeness) -> bool:
    """A standard text is not made from those who took it over."""
    return license.kind in STANDARD and like.known.kind not in STANDARD


def contradicts(license: License, like: Likeness | None, known: License | None) -> bool:
    """The words say otherwise than what we recorded of it. In a family one standard text may be made from another."""
    kind = like.kind if like else LicenseKind.CUSTOM
    if license.kind in STANDARD:
        is_of_family = known is not None and known.family == license.family != ""
        return like is not None and kind == MODIFIED and not is_copied(license, like) and not is_of_family
    return license.kind != kind


def disagreements() -> Iterator[str]:
    """A line for each license that was recorded as something else than its newest words are."""
    known = shelf()
    licenses = License.objects.in_bulk()
    for text, _ in known.readings:
        license, like = licenses.get(text.key), known.nearest(text.text, apart_from=[text.key])
        if license and contradicts(license, like, licenses.get(like.known.key) if like else None):
            kind = like.kind if like else LicenseKind.CUSTOM
            yield f"kind: {license.slug} is recorded as {license.kind}; its words are {story(like)} ({kind})"
