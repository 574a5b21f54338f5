"""One verdict in full: what decided and the words that prove it, what to do, what is not read, what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from . import bundles, counterfactuals, lineage, subjects, tables
from .clauses import CLAUSES, ClauseKind
from .clauses.bearing import Verdict
from .clauses.profile import Profile
from .counterfactuals import Flip
from .models import Clause, Document, License, OpenModel, Release, Revision
from .subjects import Subject
from .verdict import Bundle, Finding, Inherited, Judge, Judgment, Result, Standing


@dataclass(frozen=True, slots=True)
class Proof:
    """What one clause means here, with the reading behind it; None where its license is not read for it."""

    finding: Finding
    license: License
    cell: tables.Cell
    clause: Clause | None

    @property
    def says(self) -> str:
        return self.finding.outcome.says or self.finding.outcome.must


@dataclass(frozen=True, slots=True)
class Rest:
    """A license that the verdict rests on, with its documents and the wording that each shows now."""

    license: License
    judgment: Judgment | None
    inherited: Inherited | None = None
    wordings: list[tuple[Document, Revision | None]] = field(default_factory=list)

    @property
    def read_on(self) -> date | None:
        return max((clause.read_on for clause in self.license.readings), default=None)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """Something it was made from: the way to it, what is to be said of it, and the verdict on what it hands down."""

    name: str
    path: tuple[str, ...]
    findings: list[lineage.Finding]
    handed_down: list[tuple[Inherited, Judgment | None]]


@dataclass(frozen=True, slots=True)
class Explained:
    """`result` is None where nobody said who asks: then only what it rests on is told."""

    subject: Subject
    findings: tuple[lineage.Finding, ...]
    licenses: Mapping[str, License]
    wordings: Mapping[int, list[tuple[Document, Revision | None]]]
    profile: Profile | None = None
    result: Result | None = None
    changes: tuple[Flip, ...] = ()

    def proof(self, judgment: Judgment, finding: Finding) -> Proof | None:
        license = self.licenses.get(judgment.bundle.slug) if judgment.bundle else None
        if license is None:
            return None
        cell = tables.cell(license, license.terms(), finding.kind)
        return Proof(finding, license, cell, license.clause(finding.kind))

    def proofs(self, found: Iterable[tuple[Judgment, Finding]]) -> list[Proof]:
        shown = (self.proof(judgment, finding) for judgment, finding in found)
        return [one for one in shown if one]

    @property
    def held_up(self) -> bool:
        """Duties alone do not clear the way."""
        return self.result is not None and self.result.verdict.rank < Verdict.OBLIGATIONS.rank

    @property
    def deciding(self) -> list[Proof]:
        """Duties decide as well where nothing is worse; they are told as duties."""
        if self.result is None or self.result.verdict is Verdict.OBLIGATIONS:
            return []
        return self.proofs(self.result.deciding)

    @property
    def others(self) -> list[Proof]:
        """What else stands in the way."""
        decided = {(one.license.pk, one.finding.kind.slug) for one in self.deciding}
        found = self.proofs(self.each(lambda judgment: judgment.stops))
        return [one for one in found if (one.license.pk, one.finding.kind.slug) not in decided]

    @property
    def duties(self) -> list[Proof]:
        return self.proofs(self.result.duties) if self.result else []

    @property
    def risks(self) -> list[Proof]:
        """Red ones first; each said once."""
        found = {one.says: one for one in self.proofs(self.each(lambda judgment: judgment.risks))}
        return sorted(found.values(), key=lambda one: one.finding.outcome.tone != "red")

    @property
    def footnotes(self) -> list[Proof]:
        return self.proofs(self.each(lambda judgment: judgment.footnotes))

    def each(self, some: Callable[[Judgment], list[Finding]]) -> list[tuple[Judgment, Finding]]:
        judgments = self.result.judgments if self.result else []
        return [(judgment, finding) for judgment in judgments for finding in some(judgment)]

    @property
    def assumed(self) -> list[str]:
        return self.result.assumed if self.result else []

    @property
    def unread(self) -> list[tuple[str, list[ClauseKind]]]:
        """License → the kinds that these plans touch and nobody has read; all of them where it is not read at all."""
        found = {}
        for judgment in self.result.judgments if self.result else []:
            name = judgment.bundle.name if judgment.bundle else "a license that is not known here"
            if judgment.bundle is None or not judgment.bundle.terms.readings:
                found[name] = list[ClauseKind]()
            elif judgment.unread:
                found[name] = list(judgment.unread)
        return list(found.items())

    @property
    def silent(self) -> list[tuple[Bundle, list[ClauseKind]]]:
        judgments = self.result.judgments if self.result else []
        found = {one.bundle.slug: (one.bundle, list(one.silent)) for one in judgments if one.bundle and one.silent}
        return list(found.values())

    @property
    def doubted(self) -> list[tuple[License, Clause]]:
        """Readings that these plans touch, of which words are no longer in the text."""
        if self.profile is None or self.result is None:
            return []
        return [
            (license, clause)
            for judgment in self.result.judgments
            if judgment.bundle and (license := self.licenses.get(judgment.bundle.slug))
            for clause in license.readings
            if clause.in_doubt_since and touches(clause.declaration, self.profile, judgment.bundle)
        ]

    @property
    def not_held(self) -> list[str]:
        """Documents in which words stand that decided, and whose text is not here to check them against."""
        shown = [pair for pairs in self.wordings.values() for pair in pairs]
        bare = {document.pk for document, wording in shown if wording is None or not wording.is_fetched}
        deciding = self.proofs(self.result.deciding) if self.result else []
        quotes = [quote for proof in deciding if proof.clause for quote in proof.clause.proofs]
        found = [one.document.title for one in quotes if one.document.pk in bare and not one.revision_name]
        return list(dict.fromkeys(found))

    @property
    def rests_on(self) -> list[Rest]:
        """Its own licenses, then those that come along; each once."""
        standing = self.subject.standing
        found: dict[str, Rest] = {}
        for bundle, inherited in [*((one, None) for one in standing.own), *((i.bundle, i) for i in standing.inherited)]:
            license = self.licenses.get(bundle.slug) if bundle else None
            if license and license.slug not in found:
                judgment = self.judged(bundle)
                found[license.slug] = Rest(license, judgment, inherited, self.wordings.get(license.pk, []))
        return list(found.values())

    def judged(self, bundle: Bundle | None) -> Judgment | None:
        """The judgment on one license; None where nobody asks, or where another was chosen instead."""
        judgments = self.result.judgments if self.result else []
        return next((one for one in judgments if one.bundle == bundle), None)

    @property
    def ancestors(self) -> list[Ancestor]:
        """Those of whom there is something to say, the worst first."""
        handed_down = self.subject.standing.inherited
        names = dict.fromkeys([*(one.ancestor for one in self.findings), *(one.name for one in handed_down)])
        return [self.ancestor(name) for name in names if name]

    def ancestor(self, name: str) -> Ancestor:
        said = [one for one in self.findings if one.ancestor == name]
        handed_down = [(one, self.judged(one.bundle)) for one in self.subject.standing.inherited if one.name == name]
        return Ancestor(name, next((one.path for one in said), ()), said, handed_down)

    @property
    def undeclared(self) -> list[lineage.Finding]:
        return [one for one in self.findings if not one.ancestor]


def touches(kind: ClauseKind, profile: Profile, bundle: Bundle) -> bool:
    return kind.bearing is not None and kind.bearing.when.test(profile, bundle.terms)


def of_release(slug: str, profile: Profile | None) -> Explained | None:
    release = Release.objects.with_weights().filter(slug=slug).first()
    if release is None:
        return None
    standing, findings = bundles.traced(release, bundles.shelf())
    return explained(subjects.of_release(release, slug, standing), findings, profile)


def of_model(repo_id: str, profile: Profile | None) -> Explained | None:
    model = OpenModel.objects.live().filter(repo_id=repo_id).select_related("license").first()
    if model is None:
        return None
    standing, findings = bundles.traced(model, bundles.shelf())
    return explained(subjects.of_model(model, standing), findings, profile)


def of_license(slug: str, profile: Profile | None) -> Explained | None:
    license = License.objects.filter(slug=slug).first()
    if license is None:
        return None
    held = bundles.shelf()
    return explained(subjects.of_one_license(license, f"licenses/{slug}", held), (), profile)


def explained(subject: Subject, findings: tuple[lineage.Finding, ...], profile: Profile | None) -> Explained:
    licenses = licenses_of(subject.standing, proven=profile is not None)
    wordings = wordings_of(licenses.values())
    if profile is None:
        return Explained(subject, findings, licenses, wordings)
    judge = Judge(profile)
    result = judge.result(subject.standing)
    changes = tuple(counterfactuals.changes(judge, subject.standing))
    return Explained(subject, findings, licenses, wordings, profile, result, changes)


def licenses_of(standing: Standing, *, proven: bool) -> dict[str, License]:
    """By slug, every license of the bundle; with readings and their quotes where they are to be shown."""
    slugs = [one.slug for one in (*standing.own, *(kin.bundle for kin in standing.inherited)) if one]
    rows = License.objects.filter(slug__in=slugs)
    return {license.slug: license for license in (rows.with_readings(CLAUSES) if proven else rows.with_outlines())}


def wordings_of(licenses: Iterable[License]) -> dict[int, list[tuple[Document, Revision | None]]]:
    """By license, the documents that bind today, each with the wording that its place shows, else the last known."""
    found: dict[int, list[tuple[Document, Revision | None]]] = {}
    for document in Document.objects.current().filter(license__in=list(licenses)).owned().for_page():
        shown = next((one for one in document.wordings if one.pk == document.head_id), None)
        last = shown or next(reversed(document.wordings), None)
        found.setdefault(document.license_id or 0, []).append((document, last))
    return found
