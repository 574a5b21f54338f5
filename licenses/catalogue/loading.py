"""From the files into the database: all of it or nothing, and only what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from licenses.clauses import KIND
from licenses.evidence import find_new
from licenses.models import Cause, Change, Clause, Event, License, Quote, Territory, Threshold, Weight

from .history import Dated
from .identity import Identities, write_identities
from .readings import Held, When, readings_held
from .source import Problem
from .telling import tell
from .whole import Catalogue, read_catalogue

#: Two loads at once would both find nothing there; the second waits instead.
LOAD_LOCK = 0x63617461
BUNDLED = Path(__file__).parent


class CatalogueRefused(Exception):
    """The files have problems, so nothing of them was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems, the first: {problems[0]}")
        self.problems = problems


@dataclass(slots=True)
class Report:
    """What a load did."""

    licenses: int = 0
    publishers: int = 0
    releases: int = 0
    rules: int = 0
    written: int = 0
    unchanged: int = 0
    confirmed: int = 0
    kept: int = 0
    unread: int = 0
    told: int = 0
    changes: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.licenses} licenses, {self.publishers} publishers, {self.releases} releases, {self.rules} rules; "
            f"readings: {self.written} written, {self.confirmed} confirmed, {self.unchanged} unchanged, "
            f"{self.kept} kept as curators read them, {self.unread} unread again; "
            f"changes: {self.told} told now of {self.changes}"
        )


@dataclass(slots=True)
class Moves:
    """What is to be written for the readings: what ends, what begins, and what each license's change says.

    A license of which nothing but words of ours or proofs were rewritten has a change in which no clause moved. Its
    first readings are no news for those who follow changes.
    """

    ended: list[int] = field(default_factory=list)
    begun: list[tuple[Clause, dict[str, Any]]] = field(default_factory=list)
    added: set[int] = field(default_factory=set)
    confirmed: dict[tuple[str, date], list[int]] = field(default_factory=dict)
    moved: dict[int, list[dict[str, str]]] = field(default_factory=dict)

    def note(self, license: License, when: When, held: Held | None, dated: Dated | None) -> None:
        kind, until = when
        moved = self.moved.setdefault(license.pk, [])
        if not (held and dated and held.means(dated.reading)):
            of_the_past = {"until": until.isoformat()} if until else {}
            moved.append({"kind": kind, "before": answer_of(held), "after": answer_of(dated), **of_the_past})

    def confirm(self, held: Held, by: dict[str, Any]) -> None:
        self.confirmed.setdefault((by["by"], by["on"]), []).append(held.pk)


def load(folder: Path | None = None, *, now: datetime) -> Report:
    """Bring a folder into the database; refuses, and writes nothing, when there is any problem in it."""
    catalogue, problems = read_catalogue(folder or BUNDLED)
    problems += taken_identifiers(catalogue) if not problems else []
    if problems:
        raise CatalogueRefused(problems)
    return write(catalogue, now=now)


def taken_identifiers(catalogue: Catalogue) -> list[Problem]:
    """Identifiers that the database gives to a license of another slug: even if that one gives it up now."""
    slugs = {license["identifier"]: slug for slug, license in catalogue.licenses.items()}
    held = License.objects.filter(identifier__in=slugs)
    return [
        Problem(
            f"{slugs[license.identifier]}.yaml",
            1,
            f"the identifier “{license.identifier}” belongs to “{license.slug}” in the database",
            "Keep the slug, or change that license first, in a load of its own",
        )
        for license in held
        if license.slug != slugs[license.identifier]
    ]


@transaction.atomic
def write(catalogue: Catalogue, *, now: datetime) -> Report:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
    # A curator who publishes meanwhile comes before or after, never in between: `licenses.curation` locks alike.
    list(License.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    rows = write_identities(catalogue, now=now)
    report = Report(
        licenses=len(catalogue.licenses),
        publishers=len(catalogue.publishers),
        releases=len(catalogue.releases),
        rules=sum(len(license["identify"]) for license in catalogue.licenses.values()),
        changes=len(catalogue.changes),
        differences=rows.differences,
    )
    held = readings_held(license.pk for license in rows.licenses.values())
    moves = Moves()
    for slug, values in catalogue.licenses.items():
        license = rows.licenses[slug]
        there = held.get(license.pk, {})
        if not there:
            moves.added.add(license.pk)
        for when in in_order({**values["readings"], **there}):
            compare(license, when, values["readings"].get(when), there.get(when), moves, report, now=now)
    write_moves(moves, rows, now=now)
    relink_quotes(rows)
    find_new(rows.licenses.values(), now=now)
    report.told, differences = tell(catalogue, rows, now=now)
    report.differences += differences
    return report


def relink_quotes(rows: Identities) -> None:
    """A quote belongs to the wording that was in force; a wording that comes later may be that one.

    Once today's words of a place were seen, where its quotes stand is known from there and not from the files.
    """
    standing = Quote.objects.standing().filter(clause__license__in=rows.licenses.values())
    moved = []
    for quote in standing.select_related("clause", "document").only(
        "revision", "state", "clause__effective_to", "document__head"
    ):
        is_seen = quote.document.head_id is not None and quote.clause.effective_to is None
        if is_seen and quote.state != Quote.State.UNCHECKED:
            continue
        wording = rows.wording(quote.document, quote.clause.effective_to)
        ours = [None, *(pk for _, pk in rows.wordings.get(quote.document_id, ()))]
        if quote.revision_id != wording and quote.revision_id in ours and wording:
            quote.revision_id, quote.state = wording, Quote.State.UNCHECKED
            quote.start = quote.end = quote.missing_since = None  # They tell of another text.
            moved.append(quote)
    Quote.objects.bulk_update(moved, ["revision", "state", "start", "end", "missing_since"], batch_size=500)


def in_order(whens: Iterable[When]) -> list[When]:
    kinds = list(KIND)
    return sorted(whens, key=lambda when: (kinds.index(when[0]), when[1] or date.max))


def compare(
    license: License,
    when: When,
    dated: Dated | None,
    held: Held | None,
    moves: Moves,
    report: Report,
    *,
    now: datetime,
) -> None:
    """One kind of one license at one time: what the file says beside what the database holds."""
    kind, before, after = when[0], answer_of(held), answer_of(dated)
    if held and dated and held.says(dated.reading) and (held.by_curator or held.is_read_as(*dated)):
        if held.lacks_confirmation(dated.reading):
            report.confirmed += 1
            moves.confirm(held, dated.reading["confirmed"])
        else:
            report.unchanged += 1
    elif held and (held.by_curator or (held.ended_by_curator and dated is None)):
        report.kept += 1
        how = f"{before}; the file says {after}" if before != after else f"{before}, in other words than the file"
        report.differences.append(f"{license.slug}: {held.reading['read']['by']} reads {kind} as {how}. Kept.")
    else:
        if held:
            moves.ended.append(held.pk)
        if dated:
            report.written += 1
            report.differences += unconfirmed(license, kind, held, dated.reading)
            moves.begun.append((new_clause(license, when, dated, held, now=now), dated.reading))
        else:
            report.unread += 1
            report.differences.append(
                f"{license.slug}: the file no longer reads {kind} ({before}); it is unread again."
            )
        moves.note(license, when, held, dated)


def answer_of(said: Held | Dated | None) -> str:
    return str(said.reading["answer"]) if said else "unread"


def new_clause(license: License, when: When, dated: Dated, held: Held | None, *, now: datetime) -> Clause:
    reading = dated.reading
    confirmed = reading["confirmed"] or still_confirmed(held, reading) or {"by": "", "on": None}
    kind, until = when
    return Clause(
        license=license,
        kind=kind,
        effective_from=dated.since,
        effective_to=until,
        answer=reading["answer"],
        strength=reading["strength"],
        note=reading["note"],
        payload=reading["payload"],
        read_by=reading["read"]["by"],
        read_on=reading["read"]["on"],
        confirmed_by=confirmed["by"],
        confirmed_on=confirmed["on"],
        supersedes_id=held.pk if held else None,
        recorded_at=now,
    )


def unconfirmed(license: License, kind: str, held: Held | None, reading: dict[str, Any]) -> list[str]:
    confirmed = held.reading["confirmed"] if held and not held.says(reading) else None
    if not confirmed or reading["confirmed"]:
        return []
    return [f"{license.slug}: {confirmed['by']} confirmed {kind} as it was; the file reads it anew, for one reader."]


def still_confirmed(held: Held | None, reading: dict[str, Any]) -> dict[str, Any] | None:
    """A second reader who came to the same on the site is not forgotten when the file is read anew."""
    return held.reading["confirmed"] if held and held.says(reading) else None


def write_moves(moves: Moves, rows: Identities, *, now: datetime) -> None:
    """The old readings end before the new ones begin: there is one current reading at any time."""
    for (by, on), pks in moves.confirmed.items():
        Clause.objects.filter(pk__in=pks).update(confirmed_by=by, confirmed_on=on)
    if not moves.moved:
        return
    Clause.objects.filter(pk__in=moves.ended).update(superseded_at=now)
    Clause.objects.bulk_create(clause for clause, _ in moves.begun)
    thresholds, territories, quotes = list[Threshold](), list[Territory](), list[Quote]()
    for clause, reading in moves.begun:
        thresholds += [Threshold(clause=clause, **each) for each in reading["thresholds"]]
        territories += [Territory(clause=clause, **each) for each in reading["territories"]]
        for each in reading["quotes"]:
            document = rows.documents[clause.license_id, each["document"]]
            wording = rows.wording(document, clause.effective_to)
            quotes.append(
                Quote(
                    clause=clause, document=document, revision_id=wording, section=each["section"], exact=each["words"]
                )
            )
    Threshold.objects.bulk_create(thresholds)
    Territory.objects.bulk_create(territories)
    Quote.objects.bulk_create(quotes)
    Change.objects.bulk_create(
        Change(
            license_id=license,
            license_after_id=license,
            event=Event.ADDED if license in moves.added else Event.READ,
            cause=Cause.READING,
            weight=Weight.SUBSTANTIVE if moved and license not in moves.added else Weight.COSMETIC,
            moved=moved,
            seen_at=now,
        )
        for license, moved in moves.moved.items()
    )
