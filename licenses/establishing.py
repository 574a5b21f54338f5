"""A license that we lack is entered: its row, its agreement, its first words, told and noted in one transaction.

The same rules hold as for the catalogue's files, so that a dump writes a file that loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify

from . import texts
from .bringing import Refused
from .catalogue.schema import LICENSE, PUBLISHER
from .catalogue.shapes import WRONG
from .catalogue.source import Problems
from .curation import note
from .models import Cause, Change, Deed, Document, Event, License, LicenseKind, Publisher, Weight
from .offers import Faults, node

#: Fields of the form that are keys of the agreement.
OF_DOCUMENT = ("title", "repo", "path", "url")
OF_LICENSE = (
    "slug", "name", "short_name", "identifier", "kind", "label", "modifies", "family", "version", "released",
    "steward", "licensor", "supersedes",
)  # fmt: skip
REQUIRED = ("name", "short_name", "slug", "title")
#: Words in addresses of the workbench, where a license's slug stands otherwise.
TAKEN = frozenset({"claims", "models", "names", "new", "proposals", "rules"})
#: That the OSI approved a license is a fact with a source, which only the files hold.
KINDS = [kind for kind in LicenseKind if kind != LicenseKind.STANDARD]


@dataclass(frozen=True, slots=True)
class Words:
    """The first wording: that of a model's own file, or pasted with its source; neither, and the watch fetches it."""

    of: Document | None = None
    pasted: str = ""
    source: str = ""


@transaction.atomic
def establish(fields: Mapping[str, str], words: Words, *, reason: str, by: User, now: datetime) -> License:
    """Raises Refused, and then nothing is written."""
    steward, faults = publisher(fields.get("steward", "").strip(), is_new=bool(fields.get("new_publisher")))
    values, found = read({**fields, "steward": ""})
    refuse(faults | found | taken(fields) | unfounded(fields, words, reason))
    is_new = steward is not None and steward.pk is None
    license = row(values, steward)
    try:
        with transaction.atomic():
            if steward and is_new:
                steward.save()
            license.save()
    except IntegrityError:  # Somebody entered it at the same moment.
        refuse(taken(fields))
        raise
    agreement = values["documents"][0]
    document = Document.objects.create(
        license=license, **{key: agreement[key] for key in ("key", "role", *OF_DOCUMENT)}
    )  # fmt: skip
    take_in(document, words, now=now)
    told = f"{license.name}, and its publisher {steward}" if is_new else license.name
    note(Deed.ESTABLISHED, reason, by=by, now=now, license=license, after=told)
    Change.objects.create(
        license=license, license_after=license, event=Event.ADDED, cause=Cause.READING, weight=Weight.COSMETIC,
        seen_at=now,
    )  # fmt: skip
    return license


def refuse(faults: Faults) -> None:
    if faults:
        raise Refused(faults)


def row(values: Mapping[str, Any], steward: Publisher | None) -> License:
    return License(
        **{key: values[key] for key in OF_LICENSE if key not in ("released", "steward", "modifies", "supersedes")},
        released_on=values["released"],
        steward=steward,
        modifies=License.objects.filter(slug=values["modifies"]).first(),
        supersedes=License.objects.filter(slug=values["supersedes"]).first(),
    )


def read(fields: Mapping[str, str]) -> tuple[dict[str, Any], Faults]:
    """The values of a license's file, and what is wrong with them, by field."""
    said = {key: fields[key].strip() for key in OF_LICENSE if fields.get(key, "").strip()}
    said.setdefault("identifier", f"LicenseRef-{said.get('slug', '')}")
    agreement = {key: fields[key].strip() for key in OF_DOCUMENT if fields.get(key, "").strip()}
    agreement |= {"key": "agreement", "role": str(Document.Role.AGREEMENT)}
    problems, faults, names = Problems(), Faults(), OF_LICENSE + OF_DOCUMENT
    values = LICENSE.read(node(said | {"documents": [agreement]}), "the license", problems)
    faults |= {name: ["is missing. Fill it in."] for name in REQUIRED if name not in said | agreement}
    for problem in problems.found:
        field = problem.file.rpartition(".")[2]
        field = field if field in names else named_in(problem.what, names)
        if field not in REQUIRED or field in said | agreement:
            faults.setdefault(field, []).append(f"{problem.what}. {problem.cure}.")
    return ({} if values is WRONG else values), faults


def named_in(what: str, names: tuple[str, ...]) -> str:
    """The field that a sentence about the whole speaks of; the first, for want of one."""
    return next((name for name in names if f"“{name}”" in what), names[0])


def taken(fields: Mapping[str, str]) -> Faults:
    """What the database holds against it."""
    faults: Faults = {}
    slug, identifier = fields.get("slug", "").strip(), fields.get("identifier", "").strip()
    same = License.objects.filter(Q(slug=slug) | Q(identifier=identifier or f"LicenseRef-{slug}")).first()
    if same:
        field = "slug" if same.slug == slug else "identifier"
        faults[field] = [f"is that of “{same.name}”. Read that license, or give another."]
    if slug in TAKEN:
        faults["slug"] = [f"is “{slug}”, an address of the workbench. Give another."]
    if fields.get("kind", "").strip() == LicenseKind.STANDARD:
        faults["kind"] = ["is standard: that the OSI approved it needs a source. Enter it in the catalogue's files."]
    for field in ("modifies", "supersedes"):
        named = fields.get(field, "").strip()
        if named and not License.objects.filter(slug=named).exists():
            faults[field] = [f"is “{named[:80]}”, and none has that slug. Choose one of the list, or leave it empty."]
    return faults


def publisher(named: str, *, is_new: bool) -> tuple[Publisher | None, Faults]:
    """The one with that slug or name; else a new one, not saved yet, where somebody says that it is one."""
    there = Publisher.objects.filter(Q(slug=named) | Q(name__iexact=named)).order_by("pk").first()
    if there or not named:
        return there, {}
    if not is_new:
        cure = "Choose one of the list, or tick that it is a new one."
        return None, {"steward": [f"is “{named[:80]}”, and no publisher here has that slug or name. {cure}"]}
    made, problems = Publisher(slug=slugify(named)[:80].strip("-"), name=named), Problems()
    if same := Publisher.objects.filter(slug=made.slug).first():
        return None, {"steward": [f"is too like “{same.name}”, which is here. Choose that, or write another name."]}
    if not made.slug:
        return None, {"steward": ["has no Latin letter or digit to make an address of. Write it in Latin letters."]}
    PUBLISHER.read(node({"slug": made.slug, "name": made.name}), "the publisher", problems)
    said = [f"{problem.what.replace('“name” ', '')}. {problem.cure}." for problem in problems.found]
    return made, {"steward": said} if said else {}


def unfounded(fields: Mapping[str, str], words: Words, reason: str) -> Faults:
    """Somewhere its words must be, or come from; and somebody must have said why it is here."""
    faults: Faults = {}
    if not reason.strip() or len(reason.strip()) > 2000:
        faults["reason"] = ["is missing or longer than 2,000 characters. Say in a sentence where you met it."]
    if words.pasted.strip() and not words.source.strip():
        faults["source"] = ["is missing. Say where the words are from: an address, or repository and file."]
    if len(words.source) > 300:
        faults["source"] = ["is longer than 300 characters."]
    place = (fields.get("repo", "").strip(), fields.get("path", "").strip())
    if any(place) and not all(place):
        faults["path" if place[0] else "repo"] = ["is missing beside the other. Give repository and path, or neither."]
    if not (words.of or words.pasted.strip() or all(place) or fields.get("url", "").strip()):
        faults["words"] = ["are missing. Paste them, or say where they lie: repository and path, or an address."]
    return faults


def take_in(document: Document, words: Words, *, now: datetime) -> None:
    """The first wording, by the same way as every text. Raises Refused for what is no text."""
    if words.of and words.of.head:
        texts.adopt(document, words.of.head, now=now)
    elif words.pasted.strip():
        kept = texts.keep(
            document, words.pasted.encode("utf-8", "replace"), source=words.source.strip(), now=now, in_place=False
        )
        if kept.revision is None:
            raise Refused({"words": [f"were not taken: {kept.note}. Paste the whole text, as it is published."]})
    if document.head and document.head.sha256:
        same = Document.objects.filter(model__isnull=False, head__sha256=document.head.sha256)
        same.filter(reads_as__isnull=True).update(reads_as=document.license)
