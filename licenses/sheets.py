"""The duty sheet of a release: what to show, name, ship and keep, each with the words that ask for it.

With a profile the duties that fall due; without one all of them, by occasion. Both are what the bearings of the
clause kinds say; nothing here knows a duty of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q

from . import bundles, subjects
from .clauses import CLAUSES, ClauseKind
from .clauses.bearing import Tone
from .clauses.duties import Handling, handling, web_address
from .clauses.occasions import OCCASIONS
from .clauses.profile import Profile
from .models import Clause, Document, Quote, Revision
from .subjects import Subject
from .verdict import Bundle, Finding, Judge, Result, Standing, judge

FALLING_DUE = "What falls due for these plans"
ITS_OWN = "its own license"


@dataclass(frozen=True, slots=True)
class Wording:
    """One exact wording of a document; without a hash none is known. `is_held`: its text is here."""

    title: str
    role: str
    address: str
    published: str = ""
    source: str = ""
    dated: str = ""
    sha256: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    words: str
    document: str
    section: str
    address: str
    missing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """One license on the sheet and how its terms come to the release: as its own, or along a line of descent.

    `unread` are the questions that nobody has read it for. What is not held, or not read at all, has no `read_on`.
    """

    name: str
    how: str
    address: str = ""
    read_on: date | None = None
    readers: tuple[str, ...] = ()
    wordings: tuple[Wording, ...] = ()
    unread: tuple[ClauseKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do. `encouraged`: asked for, not demanded. `documents` are those it is about, to ship or follow.

    `also` are further occasions that bring it.
    """

    must: str
    kind: ClauseKind
    condition: str
    source: Source
    handling: Handling
    documents: tuple[Wording, ...]
    proofs: tuple[Proof, ...]
    clause: Clause
    encouraged: bool = False
    also: tuple[str, ...] = ()

    @property
    def in_doubt_since(self) -> datetime | None:
        return self.clause.in_doubt_since

    @property
    def links(self) -> list[str]:
        """Its own and those of the documents that it is about; http(s) alone."""
        found = [*self.handling.links, *(web_address(one.published) for one in self.documents)]
        return [link for link in dict.fromkeys(found) if link]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`result` is None without a profile."""

    subject: Subject
    profile: Profile | None
    result: Result | None
    disclaimer: str
    occasions: tuple[tuple[str, tuple[Duty, ...]], ...]
    sources: tuple[Source, ...]

    @property
    def duties(self) -> list[Duty]:
        return [duty for _, duties in self.occasions for duty in duties]

    @property
    def stops(self) -> list[str]:
        """What stands in the way, whatever duties are met."""
        if self.result is None:
            return []
        found = [finding.outcome.says for judgment in self.result.judgments for finding in judgment.stops]
        return list(dict.fromkeys(found))

    @property
    def assumed(self) -> list[str]:
        return self.result.assumed if self.result else []

    @property
    def not_held(self) -> list[str]:
        """Documents that it rests on, whose words are not here."""
        found = [(one, one.address.partition("?")[0]) for source in self.sources for one in source.wordings]
        held = {document for one, document in found if one.is_held}
        return list(dict.fromkeys(one.title for one, document in found if document not in held))

    @property
    def is_choice(self) -> bool:
        """Of its own licenses one may be chosen; with a profile the one is chosen that is best for it."""
        return self.subject.standing.any_of and len(self.subject.standing.own) > 1


def of_release(slug: str, profile: Profile | None) -> Sheet | None:
    """None where there is no such release."""
    handle = f"{subjects.RELEASES}{slug}"
    subject = subjects.releases([handle], bundles.shelf()).get(handle)
    return drawn_up(subject, profile) if subject else None


def drawn_up(subject: Subject, profile: Profile | None) -> Sheet:
    standing = subject.standing
    result = Judge(profile or Profile()).result(standing)
    own = tuple(judgment.bundle for judgment in result.own) if profile else standing.own or (None,)
    coming = list(comings(own, standing))
    files = File.of({bundle.slug for _, bundle in coming if bundle})
    parts = [(source(how, bundle, files, profile), bundle) for how, bundle in coming]
    known = [(one, bundle) for one, bundle in parts if bundle]
    sections = falling_due if profile else by_occasion
    occasions = tuple(sections(profile or Profile(), known, files, standing.multimodal))
    return Sheet(
        subject, profile, result if profile else None, result.disclaimer, occasions, tuple(one for one, _ in parts)
    )


def comings(own: Iterable[Bundle | None], standing: Standing) -> Iterator[tuple[str, Bundle | None]]:
    """Each license once, with all ways in which its terms come."""
    ways: dict[str, tuple[list[str], Bundle | None]] = {}
    for how, bundle in [(ITS_OWN, one) for one in own] + [(one.how, one.bundle) for one in standing.inherited]:
        hows, _ = ways.setdefault(bundle.slug if bundle else f"unknown, {how}", ([], bundle))
        hows.append(how if how == ITS_OWN else f"inherited: {how}")
    return ((", ".join(dict.fromkeys(hows)), bundle) for hows, bundle in ways.values())


# What is on file of the licenses.


@dataclass(frozen=True, slots=True)
class File:
    """The readings and the wordings of some licenses, by slug."""

    clauses: dict[str, dict[str, Clause]]
    wordings: dict[str, tuple[Wording, ...]]
    addresses: dict[str, str]

    @classmethod
    def of(cls, slugs: Collection[str]) -> File:
        """Three queries."""
        rows = Clause.objects.current().filter(license__slug__in=slugs).select_related("license").with_details()
        clauses: dict[str, dict[str, Clause]] = {}
        for row in rows:
            clauses.setdefault(row.license.slug, {})[row.kind] = row
        addresses = {row.license.slug: row.license.get_absolute_url() for row in rows}
        return cls(clauses, wordings(slugs, clauses), addresses)


def wordings(slugs: Collection[str], clauses: dict[str, dict[str, Clause]]) -> dict[str, tuple[Wording, ...]]:
    """Of each document the wordings in which quotes stand, else the last; a document that is only quoted comes bare."""
    quotes = [quote for held in clauses.values() for clause in held.values() for quote in clause.proofs]
    quoted = {quote.revision_id for quote in quotes}
    revisions = Revision.objects.filter(document__license__slug__in=slugs).select_related("document__license")
    by_document: dict[Document, list[Revision]] = {}
    for revision in revisions.defer("text").annotate(is_fetched=~Q(text="")).in_order():  # type: ignore[no-redef]
        by_document.setdefault(revision.document, []).append(revision)
    for quote in quotes:
        by_document.setdefault(quote.document, [])
    found: dict[str, list[Wording]] = {}
    for document in sorted(by_document, key=lambda each: each.pk):
        held = by_document[document]
        relied_on = [one for one in held if one.pk in quoted] or ([] if document.retired_on else held[-1:])
        shown = [worded(document, one) for one in relied_on] or ([] if document.retired_on else [worded(document)])
        found.setdefault(document.license.slug if document.license else "", []).extend(shown)
    return {slug: tuple(shown) for slug, shown in found.items()}


def worded(document: Document, revision: Revision | None = None) -> Wording:
    address = document.get_absolute_url()
    bare = Wording(document.title, document.role, address, document.url)
    if revision is None:
        return bare
    return replace(
        bare,
        address=f"{address}?revision={revision.name}",
        source=revision.source,
        dated=dated(revision),
        sha256=revision.raw_sha256,
        is_held=revision.is_fetched,
    )


def dated(revision: Revision) -> str:
    if revision.effective_on or not revision.first_seen_at:
        return str(revision.effective_on or "unknown date")
    return f"unknown date, {revision.dated}"


def source(how: str, bundle: Bundle | None, files: File, profile: Profile | None) -> Source:
    if bundle is None:
        return Source("a license that is not known or not held here", how)
    clauses = files.clauses.get(bundle.slug, {}).values()
    return Source(
        bundle.name,
        how,
        files.addresses.get(bundle.slug, ""),
        bundle.read_on,
        tuple(sorted({readers(clause) for clause in clauses})),
        files.wordings.get(bundle.slug, ()),
        unread(bundle, profile),
    )


def unread(bundle: Bundle, profile: Profile | None) -> tuple[ClauseKind, ...]:
    """Those that the plans touch; without plans, all that bear on some."""
    if profile:
        return judge(profile, bundle).unread
    return tuple(kind for kind in CLAUSES if kind.bearing and kind.slug not in bundle.terms.readings)


def readers(clause: Clause) -> str:
    second = clause.confirmed_by if clause.read_by_two else "none yet"
    return f"First reader: {clause.read_by}. Second reader: {second}."


# The duties.

Known = list[tuple[Source, Bundle]]
Section = tuple[str, tuple[Duty, ...]]


def falling_due(profile: Profile, known: Known, files: File, multimodal: bool | None) -> Iterator[Section]:
    found = tuple(
        duty(finding, one, bundle, files)
        for one, bundle in known
        for finding in asked_of(profile, bundle, multimodal)
    )  # fmt: skip
    if found:
        yield FALLING_DUE, found


def by_occasion(profile: Profile, known: Known, files: File, multimodal: bool | None) -> Iterator[Section]:
    """Each duty under the first occasion that brings it."""
    found: dict[tuple[str, str], tuple[str, Duty]] = {}
    for occasion in OCCASIONS:
        for one, bundle in known:
            for finding in asked_of(occasion.profile, bundle, multimodal):
                key = (bundle.slug, finding.kind.slug)
                if key not in found:
                    found[key] = (occasion.title, duty(finding, one, bundle, files))
                elif occasion.named and found[key][0] != OCCASIONS[0].title:
                    title, held = found[key]
                    found[key] = (title, replace(held, also=(*held.also, occasion.title)))
    for title in dict.fromkeys(occasion.title for occasion in OCCASIONS):
        if duties := tuple(one for held, one in found.values() if held == title):
            yield title, duties


def asked_of(profile: Profile, bundle: Bundle, multimodal: bool | None) -> list[Finding]:
    """What is to be done, and what is asked without being demanded."""
    findings = judge(profile, bundle, multimodal).findings
    return [finding for finding in findings if finding.outcome.must or finding.outcome.tone is Tone.TIP]


def duty(finding: Finding, one: Source, bundle: Bundle, files: File) -> Duty:
    kind, outcome = finding.kind, finding.outcome
    clause = files.clauses[bundle.slug][kind.slug]
    how_to = handling(bundle.terms.readings[kind.slug], bundle.terms.snapshot)
    return Duty(
        outcome.must or outcome.says,
        kind,
        finding.condition,
        one,
        how_to,
        tuple(wording for wording in one.wordings if wording.role in how_to.roles),
        tuple(proof(quote, number, clause, one) for number, quote in enumerate(clause.proofs, 1)),
        clause,
        encouraged=not outcome.must,
    )


def proof(quote: Quote, number: int, clause: Clause, one: Source) -> Proof:
    """Its link leads to the words in their text, else to our reading of them."""
    placed = quote.revision_name and quote.start is not None
    text = f"{quote.document.get_absolute_url()}?revision={quote.revision_name}#q-{clause.kind}-{number}"
    address = text if placed else f"{one.address}#{clause.kind}"
    return Proof(quote.exact, quote.document.title, quote.section, address, quote.missing_since)
