"""What a curator holds one model's license to be, having read evidence, whatever its metadata says; and its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from licenses.curation import note
from licenses.models import Cause, Conclusion, Deed, Disagreement, Document, License, OpenModel
from licenses.roles import display_name
from licenses.spelling import address, spelling

from .binding import Faults, Refused
from .ending import shift
from .merge import rules
from .models import wait_for_others
from .resolve import READ, move, moves
from .rules.identify import Book
from .tally import tally_disagreements, tally_names

LONGEST_REASON, LONGEST_QUOTE, LONGEST_ADDRESS = 2000, 300, 500
NOT_KNOWN = "not known"
#: Beside the agreement and the card, files are of parts.
SPEAKING = (Document.Role.AGREEMENT, Document.Role.MODEL_CARD)

a_web_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why, and what shows it: an address, the words, or both."""

    reason: str
    address: str = ""
    quote: str = ""


@transaction.atomic
def conclude(
    model: OpenModel, license: License | None, evidence: Evidence, *, by: User, now: datetime, seen: bool = False
) -> Conclusion:  # fmt: skip
    """From now on this is its license, for every sweep and rule; none, if what it declares is not its license and
    nobody here knows which one is. Against what its files say only by who has `seen` it. Raises Refused, and then
    nothing is written."""
    refuse_without_proof(evidence)
    wait_for_others()
    row = as_it_stands(model)
    if not seen and (said := against(model, license)):
        raise Refused({"seen": [f"is missing: {'; '.join(map(str, said))}. Tick it if that is not its license."]})
    before = License.objects.filter(pk=row.license_id).first()
    Conclusion.objects.standing().filter(model=model).update(superseded_at=now)
    made = Conclusion.objects.create(
        model=model, license=license, reason=evidence.reason.strip(), evidence=evidence.address.strip(),
        quote=" ".join(evidence.quote.split()), made_by=by, made_by_name=display_name(by), made_at=now,
    )  # fmt: skip
    put_through(row, f"Concluded by {made.made_by_name}: {made.reason}", now=now)
    Disagreement.objects.filter(model=model).delete()
    note(Deed.CONCLUDED, made.reason, by=by, now=now, model=model, license=license,
         before=name_of(before), after=name_of(license))  # fmt: skip
    return made


@transaction.atomic
def withdraw(model: OpenModel, *, reason: str, by: User, now: datetime) -> License | None:
    """Its license is again what the rules make of its signals; nothing is put in the conclusion's place."""
    refuse_reason(reason)
    wait_for_others()
    row = as_it_stands(model)
    standing = Conclusion.objects.standing().select_related("license").filter(model=model).first()
    if standing is None:
        raise Refused({"conclusion": ["is none: nothing is concluded of it any more."]})
    Conclusion.objects.filter(pk=standing.pk).update(superseded_at=now)
    book = put_through(row, f"Conclusion taken back by {display_name(by)}: {reason.strip()}", now=now)
    tally_disagreements(book, now=now)
    after = License.objects.filter(models=model).first()
    note(Deed.REOPENED, reason, by=by, now=now, model=model, license=standing.license,
         before=name_of(standing.license), after=name_of(after))  # fmt: skip
    return after


def as_it_stands(model: OpenModel) -> Any:
    row = OpenModel.objects.live().values_list(*READ, named=True).filter(pk=model.pk).first()
    if row is None:
        raise Refused({"license": ["is not asked for: the model is gone."]})
    return row


def put_through(row: Any, remark: str, *, now: datetime) -> Book:
    """The model itself, told as our reading, and what is counted and waits because of it."""
    book = rules()
    moved = list(moves([row], book))
    move(moved, cause=Cause.READING, now=now, remark=remark)
    shift(((row.license_id, each.license_id, row.downloads) for each in moved if each.is_news), now=now)
    tally_names(book, now=now)
    return book


def name_of(license: License | None) -> str:
    return license.short_name if license else NOT_KNOWN


def refuse_reason(reason: str) -> None:
    if faults := unreasoned(reason):
        raise Refused(faults)


def unreasoned(reason: str) -> Faults:
    if not reason.strip():
        return {"reason": ["is missing. Say why, in a sentence; it is shown to all."]}
    if len(reason.strip()) > LONGEST_REASON:
        return {"reason": [f"has {len(reason.strip()):,} characters. Use at most {LONGEST_REASON:,}."]}
    return {}


def refuse_without_proof(evidence: Evidence) -> None:
    faults = unreasoned(evidence.reason)
    if not evidence.address.strip() and not evidence.quote.strip():
        faults["evidence"] = ["is missing. Give the address of what shows it, or quote its words."]
    if len(" ".join(evidence.quote.split())) > LONGEST_QUOTE:
        faults["quote"] = [f"is longer than {LONGEST_QUOTE} characters. Quote the words that decide."]
    if evidence.address.strip() and not is_web_address(evidence.address.strip()):
        faults["evidence"] = [f"is no web address of at most {LONGEST_ADDRESS} characters. Begin it with https://."]
    if faults:
        raise Refused(faults)


def is_web_address(text: str) -> bool:
    try:
        a_web_address(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS


# What there is to judge by.


@dataclass(frozen=True, slots=True)
class Said:
    """One signal of a model: its words, and the license that our rules or the words of a file make of it."""

    source: str
    words: str
    license: License | None
    document: Document | None = None

    def __str__(self) -> str:
        return f"its {self.source}, {self.words}, by itself means {name_of(self.license)}"


def signals(model: OpenModel) -> list[Said]:
    """What repository, tags, name, link, files and card say, each by itself."""
    files = list(Document.objects.lying_in(model).owned().select_related("reads_as").order_by("pk"))
    found = list(by_rule(model, rules()))
    licenses = License.objects.in_bulk([license for _, _, license in found if license])
    said = [Said(source, words, licenses.get(license or 0)) for source, words, license in found]
    return [*said, *of_files(files)]


def against(model: OpenModel, license: License | None) -> list[Said]:
    """What speaks for another license: its files, unless one of them agrees, and a signal known to disagree."""
    files = Document.objects.lying_in(model).owned().filter(role__in=SPEAKING).select_related("reads_as")
    found = [said for said in of_files(files.order_by("pk")) if said.license]
    if license and license in [said.license for said in found]:
        return []
    other = Disagreement.objects.filter(model=model).select_related("says").first()
    if other and other.says not in [license, *(said.license for said in found)]:
        found.append(Said(other.get_source_display().removeprefix("its "), other.words, other.says))
    return found


def by_rule(model: OpenModel, book: Book) -> Iterator[tuple[str, str, int | None]]:
    author = model.author.casefold()
    if known := book.look_up("repo", model.repo_id.casefold(), author):
        yield "known repository", model.repo_id, known.license_id
    for tag in model.declared:
        found = book.tagged(tag, author)
        yield "tag", tag, found.license_id if found else None
    for source, words, value in (
        ("name", model.declared_name, spelling(model.declared_name)),
        ("link", model.declared_link, address(model.declared_link)),
    ):
        if words:
            found = book.look_up(source, value, author)
            yield source, words, found.license_id if found else None


def of_files(files: Iterable[Document]) -> Iterator[Said]:
    for file in files:
        source = "card" if file.role == Document.Role.MODEL_CARD else "file"
        yield Said(source, file.title, file.license or file.reads_as, file)
