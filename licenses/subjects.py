"""What one may ask about or lay side by side: a release, a license by itself, or a model on the Hub.

A handle names it: `org/name` a model, `<slug>` a release or else a license; `releases/<slug>` and `licenses/<slug>`
say which where both have the name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse
from django.utils.text import slugify

from .bundles import Shelf, of_license, of_models, of_releases
from .models import License, OpenModel, Release
from .verdict import Standing

RELEASES, LICENSES = "releases/", "licenses/"
#: Fewer characters begin too many names.
FEWEST = 3
OFFERED = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """One of them, with all terms that its user comes under. `license` is the one that leads, without readings."""

    handle: str
    name: str
    standing: Standing
    license: License | None
    release: Release | None = None
    model: OpenModel | None = None

    @property
    def sort(self) -> str:
        """What it is, in a word."""
        return "release" if self.release else "model" if self.model else "license"

    @property
    def address(self) -> str:
        """Worked out when it is asked for: of ten thousand models few are shown."""
        if self.release:
            return reverse("release", args=[self.release.slug])
        found = self.model or self.license
        return found.get_absolute_url() if found else ""

    @property
    def verdict_address(self) -> str:
        """Of a name that the Hub would not have given, the list, as that of the model itself."""
        if self.release:
            return reverse("check-release", args=[self.release.slug])
        if self.model is None:
            return reverse("check-license", args=[self.license.slug]) if self.license else ""
        try:
            return reverse("check-model", args=self.model.repo_id.split("/", 1))
        except NoReverseMatch:
            return self.address


def found(handles: Collection[str], held: Shelf) -> dict[str, Subject]:
    """Handle → what it names; what names nothing here is left out. A handful of queries, however many handles."""
    names = [handle for handle in handles if handle.isprintable()]
    return licenses(names, held) | releases(names, held) | models(names, held)


def releases(handles: Iterable[str], held: Shelf) -> dict[str, Subject]:
    wanted = {handle: handle.removeprefix(RELEASES) for handle in handles if is_slug(handle, RELEASES)}
    rows = {one.slug: one for one in Release.objects.with_weights().filter(slug__in=set(wanted.values()))}
    standings = of_releases(rows.values(), held)
    return {handle: of_release(rows[slug], handle, standings[slug]) for handle, slug in wanted.items() if slug in rows}


def of_release(release: Release, handle: str, standing: Standing) -> Subject:
    return Subject(handle, release.name, standing, release.license, release=release)


def licenses(handles: Iterable[str], held: Shelf) -> dict[str, Subject]:
    """A release of the same name comes first, unless the handle says license."""
    wanted = {handle: handle.removeprefix(LICENSES) for handle in handles if is_slug(handle, LICENSES)}
    rows = {one.slug: one for one in License.objects.select_related("steward").filter(slug__in=set(wanted.values()))}
    return {handle: of_one_license(rows[slug], handle, held) for handle, slug in wanted.items() if slug in rows}


def of_one_license(license: License, handle: str, held: Shelf) -> Subject:
    return Subject(handle, license.short_name, of_license(license, held), license)


def models(handles: Iterable[str], held: Shelf) -> dict[str, Subject]:
    """A repository that the Hub has not shown us yet may still be one of a release."""
    wanted = {handle for handle in handles if "/" in handle and not handle.startswith((RELEASES, LICENSES))}
    rows = list(OpenModel.objects.live().of_names(wanted).select_related("license")) if wanted else []
    standings = of_models(rows, held)
    seen = {row.repo_id: of_model(row, standings[row.pk]) for row in rows}
    others = {handle: held.kin[handle].name for handle in wanted - seen.keys() if handle in held.kin}
    of_others = releases(others.values(), held) if others else {}
    return seen | {handle: replace(of_others[name], handle=handle) for handle, name in others.items()}


def of_model(model: OpenModel, standing: Standing) -> Subject:
    return Subject(model.repo_id, model.repo_id, standing, model.license, model=model)


def meant(names: Iterable[str], held: Shelf) -> dict[str, tuple[str, ...]]:
    """Name that leads to nothing → releases that it may mean: the same but for case, or those that begin so.

    Of what is on the shelf alone; the Hub's names have no index that overlooks case.
    """
    shelved = sorted({name.removeprefix(RELEASES) for name in held.kin})
    by_lower = {name.lower(): name for name in shelved}
    slugs = [name for name in shelved if "/" not in name]
    return {
        name: (by_lower[name.lower()],) if name.lower() in by_lower else beginning(slugify(name), slugs)
        for name in names
        if "/" not in name or name.lower() in by_lower
    }


def beginning(slug: str, slugs: list[str]) -> tuple[str, ...]:
    """Those of the sorted slugs that are this one, or go on from it."""
    if len(slug) < FEWEST:
        return ()
    at = bisect_left(slugs, slug)
    return tuple(one for one in slugs[at : at + OFFERED] if one == slug or one.startswith(f"{slug}-"))


def is_slug(handle: str, prefix: str) -> bool:
    return "/" not in handle or handle.startswith(prefix)
