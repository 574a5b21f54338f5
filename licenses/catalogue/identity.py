"""The rows that mirror the files: publishers, licenses with their documents and rules, releases."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from licenses.clauses import Answer
from licenses.clauses.grant import COPYLEFT_SHAREALIKE
from licenses.models import (
    Artifact,
    Attribute,
    Change,
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

from .schema import RELEASE
from .whole import Catalogue, names_in

Row = TypeVar("Row", bound=Model)

#: Keys of a license's file that are columns of its row under the same name.
SAME_NAME = ("name", "short_name", "identifier", "kind", "label", "family", "version", "licensor")
#: Keys of a release's file that are not columns of its row.
ELSEWHERE = ("released", "artifacts", "components")
#: How the source of a wording begins that a watched place showed.
SEEN = "hf:"
PRECISION = {4: Release.Precision.YEAR, 7: Release.Precision.MONTH, 10: Release.Precision.DAY}


@dataclass(slots=True)
class Identities:
    """Rows by what the files call them, and what could not or would not be mirrored in silence."""

    licenses: dict[str, License] = field(default_factory=dict)
    publishers: dict[str, Publisher] = field(default_factory=dict)
    documents: dict[tuple[int, str], Document] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    revisions: dict[tuple[int, str], int] = field(default_factory=dict)
    wordings: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def wording(self, document: Document, until: date | None) -> int | None:
        """The revision that was in force before a day; today's without one. None where its bytes are not known."""
        known = [pk for since, pk in self.wordings.get(document.pk, ()) if until is None or since < until]
        return known[-1] if known else None


def mirror(
    rows: QuerySet[Row], wanted: dict[Any, dict[str, Any]], key: Callable[[Row], Hashable]
) -> tuple[dict[Any, Row], list[Row]]:
    """Write what is new and what differs; returns the wanted rows, and those that nobody wants."""
    there = {key(row): row for row in rows}
    new = {name: rows.model(**values) for name, values in wanted.items() if name not in there}
    rows.model._default_manager.bulk_create(new.values())
    changed: dict[Row, set[str]] = {}
    for name, values in wanted.items():
        row = there.get(name)
        fields = {each for each, value in values.items() if row and getattr(row, each) != value}
        if row and fields:
            changed[row] = fields
            for each in fields:
                setattr(row, each, values[each])
    if changed:
        rows.model._default_manager.bulk_update(changed, sorted(set().union(*changed.values())))
    found = {name: there.get(name) or new[name] for name in wanted}
    return found, [row for name, row in there.items() if name not in wanted]


def write_identities(catalogue: Catalogue, *, now: datetime) -> Identities:
    rows = Identities()
    write_publishers(catalogue, rows)
    write_licenses(catalogue, rows)
    write_attributes(catalogue, rows)
    write_documents(catalogue, rows, now=now)
    write_revisions(catalogue, rows)
    write_rules(catalogue, rows)
    write_releases(catalogue, rows)
    return rows


def write_publishers(catalogue: Catalogue, rows: Identities) -> None:
    wanted = {
        slug: {key: publisher[key] for key in ("slug", "name", "country", "hub_organisations")}
        for slug, publisher in catalogue.publishers.items()
    }
    found, _ = mirror(Publisher.objects.filter(slug__in=wanted), wanted, lambda row: row.slug)
    rows.publishers = found


def write_licenses(catalogue: Catalogue, rows: Identities) -> None:
    """A license needs the one that it modifies; the one that it supersedes may follow."""
    there = dict(License.objects.filter(slug__in=catalogue.licenses).values_list("slug", "pk"))
    waiting = [slug for slug in catalogue.licenses if slug not in there]
    while waiting:
        ready = [slug for slug in waiting if catalogue.licenses[slug]["modifies"] in ("", *there)]
        new = [
            License(slug=slug, **license_values(catalogue.licenses[slug], rows, there, supersedes=False))
            for slug in ready
        ]
        there |= {license.slug: license.pk for license in License.objects.bulk_create(new)}
        waiting = [slug for slug in waiting if slug not in there]
    wanted = {slug: license_values(license, rows, there) for slug, license in catalogue.licenses.items()}
    rows.licenses, _ = mirror(License.objects.filter(slug__in=wanted), wanted, lambda row: row.slug)


def license_values(
    license: dict[str, Any], rows: Identities, pks: dict[str, int], *, supersedes: bool = True
) -> dict[str, Any]:
    return {key: license[key] for key in SAME_NAME} | {
        "released_on": license["released"],
        "steward_id": rows.publishers[license["steward"]].pk if license["steward"] else None,
        "modifies_id": pks.get(license["modifies"]),
        "supersedes_id": pks.get(license["supersedes"]) if supersedes else None,
    }


def write_attributes(catalogue: Catalogue, rows: Identities) -> None:
    wanted = {
        (rows.licenses[slug].pk, each["name"]): {
            "license_id": rows.licenses[slug].pk,
            "name": each["name"],
            "value": each["value"],
            "source": each["source"],
            "as_of": each["date"],
        }
        for slug, license in catalogue.licenses.items()
        for each in license["attributes"]
    }
    there = Attribute.objects.filter(license__in=pks(rows.licenses))
    remove(mirror(there, wanted, lambda row: (row.license_id, row.name))[1])


def write_documents(catalogue: Catalogue, rows: Identities, *, now: datetime) -> None:
    wanted = {
        (rows.licenses[slug].pk, each["key"]): {
            "license_id": rows.licenses[slug].pk,
            "retired_on": each["retired"],
            **{key: each[key] for key in ("key", "role", "title", "repo", "path", "url")},
        }
        for slug, license in catalogue.licenses.items()
        for each in license["documents"]
    }
    # Locked: a text that arrives meanwhile waits, as it writes wordings and quotes of the same documents.
    there = Document.objects.select_for_update(of=("self",)).filter(license__in=pks(rows.licenses)).order_by("pk")
    retire([row for row in there.select_related("license") if (row.license_id, row.key) not in wanted], rows, now=now)
    # There is never more than one current agreement, so the old one gives way before the new one comes.
    yielding = {
        key: wanted[key]
        for key in map(document_key, there)
        if key in wanted and (wanted[key]["role"] != Document.Role.AGREEMENT or wanted[key]["retired_on"])
    }
    mirror(there.all(), yielding, document_key)
    rows.documents, _ = mirror(there.all(), wanted, document_key)


def document_key(row: Document) -> tuple[int | None, str]:
    return row.license_id, row.key


def retire(documents: list[Document], rows: Identities, *, now: datetime) -> None:
    """A document that no file has goes, unless words were read in it: those are never lost."""
    for document in documents:
        if not document.revisions.exists() and not document.quotes.exists():
            document.delete()
        elif document.retired_on is None:
            document.retired_on = now.date()
            document.save(update_fields=["retired_on"])
            whose = document.license.slug if document.license else ""
            rows.differences.append(f"{whose}: no file has the document “{document.key}”; it is retired now.")


def write_revisions(catalogue: Catalogue, rows: Identities) -> None:
    """A wording is immutable: it is added, dated where it was not, and what the file says otherwise is reported."""
    there = {
        (row.document_id, row.raw_sha256): row
        for row in Revision.objects.filter(document__in=pks(rows.documents)).defer("text").order_by("pk")
    }
    new: dict[tuple[int, str], Revision] = {}
    dated: list[Revision] = []
    for slug, license in catalogue.licenses.items():
        for document in license["documents"]:
            pk = rows.documents[rows.licenses[slug].pk, document["key"]].pk
            for each in document["revisions"]:
                held = there.get((pk, each["sha256"]))
                wanted = {"source": each["source"], "effective_on": each["date"]}
                if held is None:
                    new[pk, each["sha256"]] = Revision(document_id=pk, raw_sha256=each["sha256"], **wanted)
                    continue
                if held.effective_on is None and each["date"]:
                    held.effective_on = each["date"]
                    dated.append(held)
                stays = f"{slug}: revision {held.name} of “{document['key']}” stays with"
                rows.differences.extend(f"{stays} {said}" for said in differences(held, wanted))
    Revision.objects.bulk_update(dated, ["effective_on"])
    there |= {(row.document_id, row.raw_sha256): row for row in Revision.objects.bulk_create(new.values())}
    rows.revisions = {key: row.pk for key, row in there.items()}
    for slug, license in catalogue.licenses.items():
        for document in license["documents"]:
            pk = rows.documents[rows.licenses[slug].pk, document["key"]].pk
            in_order = sorted(document["revisions"], key=lambda each: each["date"] or date.min)
            rows.wordings[pk] = [(each["date"] or date.min, there[pk, each["sha256"]].pk) for each in in_order]


def differences(held: Revision, wanted: dict[str, Any]) -> Iterator[str]:
    """Where we saw a wording ourselves is no other source: the file says where its curator did."""
    for name, value in wanted.items():
        said = getattr(held, name)
        if said != value and not (name == "source" and said.startswith(SEEN)):
            yield f"{name} {said or 'unknown'}; the file says {value or 'unknown'}."


def write_rules(catalogue: Catalogue, rows: Identities) -> None:
    """The rules of the files. Those of curators, and of licenses that no file has, are theirs and stay."""
    ours = set(pks(rows.licenses))
    theirs = Rule.objects.in_force().exclude(added_at__isnull=True, license__in=ours).select_related("license")
    others = {(row.signal, normal(row.signal, row.value), row.author.casefold()): row for row in theirs}
    wanted: dict[Any, dict[str, Any]] = {}
    for slug, license in catalogue.licenses.items():
        for each in license["identify"]:
            key = (each["signal"], each["value"], each["author"])
            if key not in others:
                wanted[key] = {**each, "license_id": rows.licenses[slug].pk}
            elif others[key].license_id != rows.licenses[slug].pk:
                rows.differences.append(f"{slug}: the rule {others[key]} {why_kept(others[key])}; kept.")
    there = Rule.objects.from_files().filter(license__in=ours).select_related("license")
    gone = mirror(there, wanted, rule_key)[1]
    rows.differences.extend(f"{row.license.slug}: no file has the rule {row}; it is removed." for row in gone)
    remove(gone)


def why_kept(rule: Rule) -> str:
    meant = f"means {rule.license.slug}"
    return f"{meant}, as a curator has it" if rule.added_at else f"{meant}, whose license no file has"


def rule_key(row: Rule) -> tuple[str, str, str]:
    return row.signal, row.value, row.author


def write_releases(catalogue: Catalogue, rows: Identities) -> None:
    wanted = {
        release["slug"]: release_values(release, rows.publishers[slug].pk)
        for slug, publisher in catalogue.publishers.items()
        for release in publisher["releases"]
    }
    there = Release.objects.filter(slug__in=wanted) | Release.objects.filter(publisher__in=pks(rows.publishers))
    rows.releases, gone = mirror(there, wanted, lambda row: row.slug)
    write_artifacts(catalogue, rows.releases)
    assessors = {release["components"]["by"] for release in catalogue.releases if release["components"]}
    theirs = Component.objects.exclude(assessor__in=assessors)
    rated = set(theirs.filter(release__in=gone).values_list("release_id", flat=True))
    told = set(Change.objects.filter(release__in=gone).values_list("release_id", flat=True))
    kept = dict.fromkeys(told, "changes of it were told") | dict.fromkeys(rated, "its components were assessed")
    rows.differences.extend(
        f"{row.slug}: no file has the release; "
        + (f"{kept[row.pk]}, so it is kept." if row.pk in kept else "it is removed.")
        for row in gone
    )
    remove(row for row in gone if row.pk not in kept)
    ours = Component.objects.filter(release__in=pks(rows.releases), assessor__in=assessors)
    remove(mirror(ours, components(catalogue, rows.releases), lambda row: (row.release_id, row.name))[1])


def components(catalogue: Catalogue, releases: dict[str, Release]) -> dict[Any, dict[str, Any]]:
    return {
        (releases[release["slug"]].pk, name): {
            "release_id": releases[release["slug"]].pk,
            "name": name,
            "value": value,
            "evidence": release["components"]["evidence"],
            "assessor": release["components"]["by"],
            "as_of": release["components"]["on"],
        }
        for release in catalogue.releases
        if release["components"]
        for name, value in release["components"]["values"].items()
        if value
    }


def write_artifacts(catalogue: Catalogue, found: dict[str, Release]) -> None:
    licenses = {license.identifier: license for license in License.objects.only("identifier", "kind")}
    yielding = {license["identifier"] for license in catalogue.licenses.values() if yields(license)}
    parts: dict[Any, dict[str, Any]] = {}
    for release in catalogue.releases:
        pk = found[release["slug"]].pk
        for part, expression in release["artifacts"].items():
            if expression:
                leads = leading(expression, licenses, yielding)
                parts[pk, part] = {"release_id": pk, "part": part, "expression": expression, "license_id": leads}
    remove(mirror(Artifact.objects.filter(release__in=pks(found)), parts, lambda row: (row.release_id, row.part))[1])


def yields(license: dict[str, Any]) -> bool:
    """A standard license that leaves derivatives free: beside other terms it adds little but its notice."""
    copyleft = license["readings"].get((COPYLEFT_SHAREALIKE.slug, None))
    free = copyleft is not None and COPYLEFT_SHAREALIKE.is_open(Answer(copyleft.reading["answer"]))
    return free and license["kind"] == LicenseKind.STANDARD


def leading(expression: str, licenses: dict[str, License], yielding: set[str]) -> int | None:
    """The license whose terms a row shows: the one named, or the one that is joined by AND with licenses that yield.

    None where two of them have terms of their own, or where one may choose: then no license tells the whole.
    """
    named = names_in(expression)
    own = [name for name in named if name not in yielding] if " OR " not in expression else named
    found = named if len(named) == 1 else own
    license = licenses.get(found[0]) if len(found) == 1 else None
    return license.pk if license else None


def release_values(release: dict[str, Any], publisher: int) -> dict[str, Any]:
    said = release["released"]
    return {
        **{key: release[key] for key in RELEASE.keys if key not in ELSEWHERE},
        "publisher_id": publisher,
        "released_on": date.fromisoformat(said + "-01-01"[len(said) - 4 :] if len(said) < 10 else said),
        "released_precision": PRECISION[len(said)],
    }


def pks(rows: dict[Any, Any]) -> list[int]:
    return [row.pk for row in rows.values()]


def remove(rows: Iterable[Model]) -> None:
    rows = list(rows)
    if rows:
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
