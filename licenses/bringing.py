"""A license's words where no place has shown them: a curator brings them, with the address that they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from . import texts
from .catalogue.schema import DOCUMENT
from .catalogue.shapes import WRONG, web_address
from .catalogue.source import Problems
from .curation import lock, note
from .models import Deed, Document, License
from .offers import Faults, node

#: What a form asks of a document that nobody entered yet.
NEW = ("title", "role", "repo", "path", "url")
LONGEST_SOURCE = 300


class Refused(Exception):
    """Nothing was written: the fields that are wrong, and how to cure them."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(next(f"{name} {said[0]}" for name, said in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Brought:
    """Words as they were pasted or as the bytes of a file, and the address that they are from."""

    pasted: str = ""
    file: bytes | None = None
    source: str = ""

    @property
    def raw(self) -> bytes:
        """Browsers end the lines of a form in their own way."""
        return self.file if self.file is not None else self.pasted.replace("\r\n", "\n").encode("utf-8", "replace")


def wanting(license: License) -> QuerySet[Document]:
    """Its documents of which no words are at hand, and whose place has shown none."""
    current = license.documents.current().filter(head__isnull=True).with_words_now()
    return current.filter(now_id__isnull=True).order_by("pk")  # type: ignore[misc]


def may_be_first(license: License) -> bool:
    return not license.documents.current().exists()


@transaction.atomic
def bring(
    license: License, key: str, fields: Mapping[str, str], brought: Brought, *, by: User, now: datetime
) -> Document:  # fmt: skip
    """The words of the document with this key; with none, of the license's first, which the fields describe."""
    lock({license.pk})
    faults = unsourced(brought)
    document = chosen(license, key, fields, faults)
    if faults or document is None:
        raise Refused(faults)
    document.save()
    kept = texts.keep(document, brought.raw, source=brought.source.strip(), now=now, in_place=False)
    if kept.revision is None:
        field, were = ("words", "were") if brought.file is None else ("file", "was")
        raise Refused({field: [f"{were} not taken. {kept.note.rstrip('.')}. Give the whole text, as it is published."]})
    note(Deed.BROUGHT, "", by=by, now=now, license=license, after=f"{document.title}, from {kept.revision.source}")
    return document


def unsourced(brought: Brought) -> Faults:
    faults: Faults = {}
    if brought.file is not None and brought.pasted.strip():
        faults["words"] = ["are there twice. Paste them or choose a file, not both."]
    elif brought.file is None and not brought.pasted.strip():
        faults["words"] = ["are missing. Paste them, or choose a text file."]
    if not brought.source.strip() or web_address(brought.source.strip()):
        faults["source"] = ["is no web address. Give the one where the words are published; it begins with https://."]
    elif len(brought.source.strip()) > LONGEST_SOURCE:
        faults["source"] = [f"is longer than {LONGEST_SOURCE} characters."]
    return faults


def chosen(license: License, key: str, fields: Mapping[str, str], faults: Faults) -> Document | None:
    """A document that waits for its words, or the first one, not saved yet; adds what is wrong to the faults."""
    if may_be_first(license):
        values = read(fields, faults)
        return Document(license=license, **values, key=free_key(license, values["role"])) if values else None
    found = wanting(license).filter(key=key).first()
    if found is None:
        faults["document"] = ["is none that waits for its words. Choose one of the list."]
    return found


def read(fields: Mapping[str, str], faults: Faults) -> dict[str, Any] | None:
    """By the rules of the catalogue's files; and its place must be whole."""
    said = {name: fields[name].strip() for name in NEW if fields.get(name, "").strip()}
    said.setdefault("role", str(Document.Role.AGREEMENT))
    problems = Problems()
    values = DOCUMENT.read(node(said | {"key": "new"}), "the document", problems)
    if "title" not in said:
        faults["title"] = ["is missing. Write what the text is called."]
    for problem in problems.found:
        field = problem.file if problem.file in NEW else next((name for name in NEW if f"“{name}”" in problem.what), "")
        if field in said:
            faults.setdefault(field, []).append(f"{problem.what}. {problem.cure}.")
    if ("repo" in said) != ("path" in said):
        faults["path" if "repo" in said else "repo"] = ["is missing beside the other. Give both, or neither."]
    elif not ("repo" in said or "url" in said):
        faults["url"] = ["is missing. Say where the text lies: an address, or repository and path."]
    return None if faults or values is WRONG else {name: values[name] for name in NEW}


def free_key(license: License, role: str) -> str:
    """What addresses call it; a retired document keeps its own."""
    key, taken = role.replace("_", "-"), set(license.documents.values_list("key", flat=True))
    return next(each for each in (key, *(f"{key}-{n}" for n in range(2, 100))) if each not in taken)
