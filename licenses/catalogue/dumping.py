"""From the database into files: one canonical spelling, so that a round trip changes no byte."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Prefetch

from licenses.clauses import KIND
from licenses.models import Artifact, Attribute, Component, Document, License, Publisher, Release, Revision, Rule

from .events import YEAR
from .fields import slug
from .history import PLAIN
from .identity import ELSEWHERE, SAME_NAME
from .loading import BUNDLED
from .readings import Held, When, readings_held
from .schema import LICENSE, PUBLISHER, RELEASE
from .source import files
from .telling import years
from .writer import written


@dataclass(slots=True)
class Dumped:
    """What a dump did: files whose bytes it changed, and files there that the database knows nothing of."""

    written: list[str] = field(default_factory=list)
    unchanged: int = 0
    strangers: list[str] = field(default_factory=list)


def dump(folder: Path | None = None) -> Dumped:
    """Write the database into a folder; a file that says the same already is left alone."""
    folder = folder or BUNDLED
    texts = {f"{name}.yaml": written(LICENSE.write(values)) for name, values in licenses().items()}
    texts |= {f"releases/{name}.yaml": written(PUBLISHER.write(values)) for name, values in publishers().items()}
    texts |= {f"changes/{year}.yaml": written(YEAR.write(values)) for year, values in years().items()}
    done = Dumped()
    for file, text in texts.items():
        path = folder / file
        if path.is_file() and path.read_bytes() == text.encode():
            done.unchanged += 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            done.written.append(file)
    done.strangers = sorted({file for file, _ in files(folder)} - set(texts))
    return done


def named(name: str) -> str:
    """A slug becomes a file's name, so it must be one."""
    if fault := slug(name):
        raise ValueError(f"cannot write a file for “{name}”: it {fault[0]}")
    return name


def licenses() -> dict[str, dict[str, Any]]:
    rows = License.objects.select_related("steward", "modifies", "supersedes").prefetch_related(
        "attributes",
        Prefetch("documents", Document.objects.order_by("pk")),
        Prefetch("documents__revisions", Revision.objects.defer("text").in_order()),
        Prefetch("rules", Rule.objects.in_force()),
    )
    held = readings_held(row.pk for row in rows)
    return {named(row.slug): license_values(row, held.get(row.pk, {})) for row in rows.order_by("slug")}


def license_values(row: License, held: dict[When, Held]) -> dict[str, Any]:
    return {
        "slug": row.slug,
        **{key: getattr(row, key) for key in SAME_NAME},
        "released": row.released_on,
        "steward": row.steward.slug if row.steward else "",
        "modifies": row.modifies.slug if row.modifies else "",
        "supersedes": row.supersedes.slug if row.supersedes else "",
        "attributes": attributes(row),
        "documents": [document_values(document) for document in row.documents.all()],
        "identify": rules(row),
        **dated_values(held),
    }


def attributes(row: License) -> list[dict[str, Any]]:
    order = [str(name) for name in Attribute.Name.values]
    return [
        {"name": each.name, "value": each.value, "source": each.source, "date": each.as_of}
        for each in sorted(row.attributes.all(), key=lambda each: order.index(each.name))
    ]


def rules(row: License) -> list[dict[str, Any]]:
    order = [str(signal) for signal in Rule.Signal.values]
    found = sorted(row.rules.all(), key=lambda each: (order.index(each.signal), each.pk))
    return [{"signal": each.signal, "value": each.value, "author": each.author} for each in found]


def document_values(row: Document) -> dict[str, Any]:
    return {
        **{key: getattr(row, key) for key in ("key", "role", "title", "repo", "path", "url")},
        "retired": row.retired_on,
        "revisions": [
            {"date": each.effective_on, "source": each.source, "sha256": each.raw_sha256}
            for each in row.revisions.all()
        ],
    }


def dated_values(held: dict[When, Held]) -> dict[str, Any]:
    """Today's readings, and those of earlier wordings by the day on which these gave way."""
    today = reading_values(until(None, held))
    days = sorted({day for _, day in held if day})
    history = [{"until": day, **reading_values(until(day, held))} for day in days]
    today["read"] = today["read"] or (history[0]["read"] if history else None)
    for period in history:
        period["read"] = None if period["read"] == today["read"] else period["read"]
    return {**today, "history": history}


def until(day: date | None, held: dict[When, Held]) -> dict[str, dict[str, Any]]:
    return {kind: held[kind, day].reading for kind in KIND if (kind, day) in held}


def reading_values(readings: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The readings as a file groups them: who read most of them stands once, and the silent ones are a list."""
    if not readings:
        return {"read": None, "clauses": {}, "silent": []}
    readers = Counter((reading["read"]["on"], reading["read"]["by"]) for reading in readings.values())
    on, by = max(readers, key=lambda reader: (readers[reader], reader))
    usual = {"by": by, "on": on}
    said = {
        kind: reading | {"read": None if reading["read"] == usual else reading["read"]}
        for kind, reading in readings.items()
    }
    silent = [kind for kind, reading in said.items() if reading == PLAIN]
    clauses = {kind: reading for kind, reading in said.items() if reading != PLAIN}
    return {
        "read": usual,
        "clauses": {kind: clauses.get(kind) for kind in KIND} if clauses else {},
        "silent": silent,
    }


def publishers() -> dict[str, dict[str, Any]]:
    rows = Publisher.objects.prefetch_related(
        Prefetch(
            "releases", Release.objects.order_by("released_on", "slug").prefetch_related("artifacts", "components")
        )
    )
    return {named(row.slug): publisher_values(row) for row in rows.order_by("slug")}


def publisher_values(row: Publisher) -> dict[str, Any]:
    return {
        **{key: getattr(row, key) for key in ("slug", "name", "country", "hub_organisations")},
        "releases": [release_values(release) for release in row.releases.all()],
    }


def release_values(row: Release) -> dict[str, Any]:
    expressions = {artifact.part: artifact.expression for artifact in row.artifacts.all()}
    return {
        **{key: getattr(row, key) for key in RELEASE.keys if key not in ELSEWHERE},
        "released": row.released,
        "artifacts": {str(part): expressions.get(str(part)) for part in Artifact.Part.values},
        "components": assessment(row),
    }


def assessment(row: Release) -> dict[str, Any] | None:
    """The newest assessment of a release; a file holds one."""
    rows = list(row.components.all())
    if not rows:
        return None
    last = max(rows, key=lambda each: (each.as_of, each.assessor))
    values = {each.name: each.value for each in rows if each.assessor == last.assessor}
    return {
        "by": last.assessor,
        "on": last.as_of,
        "evidence": last.evidence,
        "values": {str(name): values.get(str(name)) for name in Component.Name.values},
    }
