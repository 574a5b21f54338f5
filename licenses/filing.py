"""A duty sheet as it is filed: a text whose bytes anybody can hash again, and the same as JSON.

Nothing above the last lines knows the day on which it was taken: the same readings and the same profile give the same
bytes, and so the same hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse

from . import profiles
from .clauses.asker import sentence
from .clauses.duties import Handling
from .sheets import Duty, Sheet, Source, Wording, readers
from .telling import plain

END = "---- end of the sheet"
#: What reproduces the hash, with the name of the download.
CHECK = "sed '/^{end}/,$d' {name} | sha256sum"

NOTICE_ELSEWHERE = "the notice file’s exact words stand in the text, where the quotes lead"


@dataclass(frozen=True, slots=True)
class Filed:
    """`body` is what is hashed."""

    sheet: Sheet
    body: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Of the download: another one for other plans."""
        release = self.sheet.subject.release
        plans = hashlib.sha256(plans_of(self.sheet).encode()).hexdigest()[:8]
        return f"duties-{release.slug if release else 'sheet'}{f'-{plans}' if self.sheet.profile else ''}.txt"

    @property
    def check(self) -> str:
        return CHECK.format(end=END, name=self.name)

    def text(self, *, taken_on: date) -> str:
        """The body, and below it what is not hashed."""
        return (
            f"{self.body}{END}\nSHA-256 of the text above that line: {self.sha256}\n"
            f"To check it: {self.check}\nTaken on {taken_on}.\n"
        )


def filed(sheet: Sheet) -> Filed:
    return Filed(sheet, "".join(f"{line}\n" for line in lines(sheet)))


def place(sheet: Sheet) -> str:
    """The address with its profile, spelled one way only."""
    release = sheet.subject.release
    path = reverse("duties", args=[release.slug]) if release else sheet.subject.address
    return on_site(f"{path}?{plans_of(sheet)}" if sheet.profile else path)


def plans_of(sheet: Sheet) -> str:
    return profiles.as_query(sheet.profile).urlencode() if sheet.profile else ""


def on_site(path: str) -> str:
    """A file has no page to which a path belongs."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


def lines(sheet: Sheet) -> Iterator[str]:
    """Each a single one, whatever strangers wrote into it."""
    yield f"OPENNESS DUTY SHEET: {plain(sheet.subject.name)}"
    yield f"Where: {place(sheet)}"
    yield f"For: {sentence(sheet.profile) if sheet.profile else 'any plans; every duty by occasion'}"
    if sheet.result:
        yield f"Verdict: {sheet.result.verdict.label}"
    yield from (f"In the way: {plain(one)}" for one in sheet.stops)
    yield from (f"Assumed: {plain(one)}" for one in sheet.assumed)
    if sheet.is_choice:
        yield "Of its own licenses one may be chosen."
    yield sheet.disclaimer
    for title, duties in sheet.occasions:
        yield from ("", title.upper())
        for duty in duties:
            yield from duty_lines(duty)
    if not sheet.duties:
        yield from ("", "No duty was found in what is read.")
    yield from ("", "NOT READ YET, OR NOT HELD")
    yield from (f"- {line}" for line in (*not_read(sheet), *not_held(sheet)))
    yield from ("", "WHAT THIS RESTS ON")
    for source in sheet.sources:
        yield from source_lines(source)


def not_read(sheet: Sheet) -> list[str]:
    """What nobody can say, in sentences; never empty, so that silence is not mistaken for it."""
    found = []
    for source in sheet.sources:
        name = f"{plain(source.name)} ({plain(source.how)})"
        if source.read_on is None:
            found.append(f"{name}: its terms are not read here; their duties are missing from this sheet")
        elif source.unread:
            found.append(f"{name}: {', '.join(kind.title for kind in source.unread)}")
    return found or ["Nothing that these plans touch." if sheet.profile else "Nothing that bears on any plans."]


def not_held(sheet: Sheet) -> list[str]:
    return [f"Not held here: {plain(title)}; its quotes cannot be checked against a text" for title in sheet.not_held]


def duty_lines(duty: Duty) -> Iterator[str]:
    asked = " (asked for, not demanded)" if duty.encouraged else ""
    yield f"[ ] {plain(capitalised(duty.must))}{asked}"
    for label, words in facts(duty):
        yield f"    {label}: {plain(words)}"
    for proof in duty.proofs:
        gone = f" NO LONGER IN THE TEXT since {proof.missing_since:%Y-%m-%d}" if proof.missing_since else ""
        yield f"    Its words: “{plain(proof.words)}” ({plain(proof.document)}, {plain(proof.section)}){gone}"
        yield f"    Where they stand: {plain(on_site(proof.address))}"
    if duty.in_doubt_since:
        yield f"    IN DOUBT since {duty.in_doubt_since:%Y-%m-%d}: words that prove it are gone; it needs re-reading."
    yield f"    From: {plain(duty.source.name)} ({plain(duty.source.how)})"
    yield f"    Our reading: {plain(read(duty))}"


def facts(duty: Duty) -> list[tuple[str, str]]:
    """What it takes, label by label; what does not apply is left out."""
    todo = duty.handling
    shown = [("Words to show", words) for words in todo.show]
    if len(todo.show) > 1:
        shown = [("Words to show, one of these", words) for words in todo.show]
    found = [
        ("When", duty.condition),
        ("Also", "; ".join(uncapitalised(title) for title in duty.also)),
        ("From which size", todo.size),
        *shown,
        ("Where", todo.places),
        (naming(todo), todo.word),
        ("Notice", todo.notice),
        ("Notice", NOTICE_ELSEWHERE if todo.notice_elsewhere else ""),
        ("Ship along", "; ".join(todo.files)),
        *(("Document", document_in_words(wording)) for wording in duty.documents),
        *(("Link", link) for link in duty.links),
        ("Note", duty.clause.note),
    ]
    return [(label, words) for label, words in found if words]


def naming(todo: Handling) -> str:
    return f"The name {todo.naming}"


def document_in_words(wording: Wording) -> str:
    hashed = f", SHA-256 {wording.sha256}" if wording.sha256 else ", no wording of it held here"
    return f"{wording.title}{hashed}"


def read(duty: Duty) -> str:
    return f"“{duty.kind.title}: {duty.clause.answer}”, read on {duty.clause.read_on}. {readers(duty.clause)}"


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def uncapitalised(words: str) -> str:
    return words[:1].lower() + words[1:]


def source_lines(source: Source) -> Iterator[str]:
    yield f"License: {plain(source.name)} ({plain(source.how)})"
    if source.read_on is None:
        yield "    Not read."
        return
    yield from (f"    {plain(line)}" for line in source.readers)
    for wording in source.wordings:
        yield f"    {as_read(source, wording)}"
        if wording.sha256:
            yield f"        Source: {plain(wording.source)}"
            yield f"        SHA-256 of its bytes: {wording.sha256}"


def as_read(source: Source, wording: Wording) -> str:
    read_on = f"As read on {source.read_on}"
    if not wording.sha256:
        return f"{read_on}: {plain(wording.title)}, of which no wording is held here"
    return f"{read_on} at revision {plain(wording.title)} {wording.sha256[:12]} of {wording.dated}"


# The same as JSON.


def as_record(kept: Filed, *, taken_on: date) -> dict[str, Any]:
    sheet = kept.sheet
    return {
        "release": sheet.subject.name,
        "address": place(sheet),
        "for": sentence(sheet.profile) if sheet.profile else None,
        "verdict": sheet.result.verdict.value if sheet.result else None,
        "in_the_way": sheet.stops,
        "assumed": sheet.assumed,
        "disclaimer": sheet.disclaimer,
        "occasions": [
            {"title": title, "duties": [duty_record(duty) for duty in duties]} for title, duties in sheet.occasions
        ],
        "not_read": not_read(sheet),
        "not_held": sheet.not_held,
        "rests_on": [source_record(source) for source in sheet.sources],
        "taken_on": f"{taken_on}",
        "text": kept.body,
        "sha256_of_text": kept.sha256,
    }


def duty_record(duty: Duty) -> dict[str, Any]:
    todo, doubted = duty.handling, duty.in_doubt_since
    return {
        "must": duty.must,
        "demanded": not duty.encouraged,
        "clause": duty.kind.slug,
        "when": duty.condition,
        "also": list(duty.also),
        "size": todo.size,
        "show_one_of": list(todo.show),
        "places": todo.places,
        "name": {"must": todo.naming, "word": todo.word} if todo.word else None,
        "notice": todo.notice,
        "files": list(todo.files),
        "documents": [{"title": one.title, "sha256": one.sha256} for one in duty.documents],
        "links": duty.links,
        "note": duty.clause.note,
        "license": duty.source.name,
        "how": duty.source.how,
        "quotes": [
            {"words": one.words, "document": one.document, "section": one.section,
             "address": on_site(one.address),
             "in_the_text": one.missing_since is None}
            for one in duty.proofs
        ],
        "in_doubt_since": f"{doubted:%Y-%m-%d}" if doubted else None,
        "reading": read(duty),
    }  # fmt: skip


def source_record(source: Source) -> dict[str, Any]:
    return {
        "license": source.name,
        "how": source.how,
        "address": on_site(source.address),
        "read_on": f"{source.read_on}" if source.read_on else None,
        "readers": list(source.readers),
        "unread": [kind.slug for kind in source.unread],
        "wordings": [
            {
                "document": one.title,
                "role": one.role,
                "source": one.source,
                "dated": one.dated,
                "sha256": one.sha256,
                "held": one.is_held,
            }
            for one in source.wordings
        ],
    }
