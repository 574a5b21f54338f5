"""From the database to what verdicts are made of: the terms of every license, and the line each model comes from.

What curators keep (licenses and releases: hundreds) is read once and held until it differs; models on the Hub
(millions) are looked up for those that are asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Count, Field, Max, Model, QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat

from .lineage import FARTHEST, Finding, Kin, findings, inherited, is_multimodal, namespace
from .models import Artifact, Clause, License, LicenseKind, OpenModel, Publisher, Release
from .verdict import Bundle, Standing

#: The Hub's tasks in which a model takes in or gives out more than text beside text.
MULTIMODAL_TASKS = frozenset({
    "any-to-any", "audio-text-to-text", "document-question-answering", "image-text-to-image", "image-text-to-text",
    "image-text-to-video", "image-to-text", "video-text-to-text", "visual-document-retrieval",
    "visual-question-answering",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """Licenses and releases as plain values."""

    mark: tuple[str, ...]
    by_pk: dict[int, Bundle]
    by_identifier: dict[str, Bundle]
    #: Publisher of a namespace on the Hub, in lower case.
    owners: dict[str, str]
    #: The line of a release, by each of its repositories and by `releases/<slug>`.
    kin: dict[str, Kin]

    def owner(self, repo: str) -> str:
        return self.owners.get(namespace(repo), namespace(repo))

    def bundle(self, license: int | None) -> Bundle | None:
        return self.by_pk.get(license) if license else None

    def named(self, expression: str) -> tuple[Bundle | None, ...]:
        """The licenses of an SPDX expression; one that is not held here is None."""
        words = expression.replace("(", " ").replace(")", " ").split()
        exceptions = {position + 1 for position, word in enumerate(words) if word == "WITH"}
        names = [w for i, w in enumerate(words) if w not in ("AND", "OR", "WITH") and i not in exceptions]
        return tuple(self.by_identifier.get(name) for name in names)


_held: Shelf | None = None
_reading = Lock()


def shelf() -> Shelf:
    """As the database stands now: one query where nothing moved since the last time."""
    global _held
    now = mark()
    held = _held
    if held is None or held.mark != now:
        with _reading:
            held = _held
            if held is None or held.mark != now:
                held = _held = read(now)
    return held


def mark() -> tuple[str, ...]:
    """What differs as soon as a reading, a license or a release does."""
    clauses = Concat(
        Cast(Count("pk"), TEXT), DOT, Cast(Max("pk"), TEXT), DOT, Cast(Count("superseded_at"), TEXT), output_field=TEXT
    )
    first, *others = (
        whole(Clause, clauses),
        digest(License, "slug", "identifier", "short_name", "kind", "licensor", "released_on"),
        digest(Release, "slug", "publisher_id", "modality", "base_model", "base_relation", "repos"),
        digest(Artifact, "release_id", "part", "expression", "license_id"),
        digest(Publisher, "slug", "hub_organisations"),
    )
    return tuple(first.union(*others, all=True))


TEXT: Field[Any, Any] = TextField()
DOT = Value("·")


def whole(model: type[Model], aggregate: Any) -> QuerySet[Any, Any]:
    """An aggregate of all rows, as a queryset that can be joined to others."""
    rows = model._default_manager.order_by()
    table = Concat(Value(f"{model.__name__}: "), aggregate, output_field=TEXT)
    found: QuerySet[Any, Any] = rows.annotate(all=Value(1)).values("all").annotate(whole=table)
    return found.values_list("whole", flat=True)


def digest(model: type[Model], *columns: str) -> QuerySet[Any, Any]:
    """One hash over some columns of all rows of a small table."""
    parts = [part for column in columns for part in (Coalesce(Cast(column, TEXT), Value(""), output_field=TEXT), DOT)]
    return whole(model, MD5(StringAgg(Concat(*parts, output_field=TEXT), Value("\n"), order_by="pk")))


def read(now: tuple[str, ...]) -> Shelf:
    licenses = list(License.objects.with_outlines())
    by_pk = {license.pk: bundle_of(license) for license in licenses}
    by_identifier = {license.identifier: by_pk[license.pk] for license in licenses}
    owners = {
        organisation.lower(): slug
        for slug, organisations in Publisher.objects.values_list("slug", "hub_organisations")
        for organisation in organisations
    }
    found = Shelf(now, by_pk, by_identifier, owners, {})
    for release in Release.objects.with_weights().order_by("pk"):
        line = kin_of_release(release, found)
        found.kin[line.name] = line
        for repo in release.repos:
            found.kin.setdefault(repo, line)
    return found


def bundle_of(license: License) -> Bundle:
    """Needs readings."""
    read_on = max((clause.read_on for clause in license.readings), default=None)
    custom = license.kind == LicenseKind.CUSTOM
    return Bundle(license.slug, license.short_name, license.terms(), custom, read_on, license.identifier)


def kin_of_release(release: Release, held: Shelf) -> Kin:
    """Needs `with_weights()`."""
    expression = release.weights.expression if release.weights else ""
    words = expression.split()
    return Kin(
        f"releases/{release.slug}",
        release.publisher.slug,
        held.named(expression),
        ((release.base_model, release.base_relation),) if release.base_model else (),
        tuple(release.repos),
        any_of="OR" in words and "AND" not in words,
        multimodal=release_is_multimodal(release),
    )


def kin_of_model(model: OpenModel, held: Shelf) -> Kin:
    """What curators keep of a release speaks for its repositories; of others, their own card."""
    of_release = held.kin.get(model.repo_id)
    if of_release is not None:
        return of_release
    own = (held.bundle(model.license_id),) if model.license_id else ()
    parents = tuple((base, model.base_relation or "finetune") for base in model.base_models)
    multimodal = task_is_multimodal(model.task)
    return Kin(model.repo_id, held.owner(model.repo_id), own, parents, (model.repo_id,), multimodal=multimodal)


def release_is_multimodal(release: Release) -> bool | None:
    return release.modality == "multimodal" if release.modality else None


def task_is_multimodal(task: str) -> bool | None:
    return task in MULTIMODAL_TASKS if task else None


def lines(start: Iterable[Kin], held: Shelf) -> dict[str, Kin]:
    """Every ancestor that is known, by the name its children use: releases from the shelf, others from the Hub.

    One query, and one more where a model of the Hub comes from a release of ours that comes from one again.
    """
    known, asked = dict(held.kin), set[str]()
    wanted = strangers({name for one in start for name, _ in one.parents}, known)
    while wanted - asked:
        found = [kin_of_model(model, held) for model in OpenModel.objects.ancestors(wanted - asked, FARTHEST)]
        asked |= wanted | {name for one in found for name, _ in one.parents}
        known = {one.name: one for one in found} | known
        wanted = strangers(wanted, known)
    return known


def strangers(names: Collection[str], known: Mapping[str, Kin]) -> set[str]:
    """Those of a line that nobody has looked up, along all that are known."""
    met, waiting = set(names), list(names)
    while waiting:
        parents = {name for name, _ in known[one].parents} if (one := waiting.pop()) in known else set[str]()
        waiting += parents - met
        met |= parents
    return met - known.keys()


def of_releases(releases: Collection[Release], held: Shelf) -> dict[str, Standing]:
    """By slug. Needs `with_weights()`."""
    rows = {release: line_of(release, held) for release in releases}
    known = lines(rows.values(), held)
    return {release.slug: standing(line, known) for release, line in rows.items()}


def of_models(models: Collection[OpenModel], held: Shelf) -> dict[int, Standing]:
    """By primary key."""
    rows = {model: line_of(model, held) for model in models}
    known = lines(rows.values(), held)
    return {model.pk: standing(line, known, model.gate) for model, line in rows.items()}


def traced(thing: Release | OpenModel, held: Shelf) -> tuple[Standing, tuple[Finding, ...]]:
    """One release, or one model, with what is to be said of its line. A release needs `with_weights()`."""
    line = line_of(thing, held)
    known = lines([line], held)
    gate = thing.gate if isinstance(thing, OpenModel) else ""
    return standing(line, known, gate), findings(line, known)


def line_of(thing: Release | OpenModel, held: Shelf) -> Kin:
    if isinstance(thing, Release):
        return held.kin.get(f"releases/{thing.slug}") or kin_of_release(thing, held)
    return kin_of_model(thing, held)


def standing(line: Kin, known: Mapping[str, Kin], gate: str = "") -> Standing:
    return Standing(line.own, line.any_of, inherited(line, known), is_multimodal(line, known), gate)


def of_license(license: License, held: Shelf) -> Standing:
    """A license by itself: no model, so nothing is inherited and nobody knows what the model takes in."""
    return Standing((held.bundle(license.pk),))
