"""The second reading: another person comes to the same answers as the first, or reads it otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from licenses import curation
from licenses.clauses import CORE
from licenses.models import Clause, ClauseQuerySet, License
from licenses.offers import LONGEST
from licenses.roles import REVIEW
from licenses.tables import Cell

from .guard import allowed, whoever


@allowed(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """The core clauses of a license that one person read: tick those you come to as well."""
    license = get_object_or_404(License, slug=slug)
    if request.method != "POST":
        return page(request, license)
    ticked, reason = keys(request.POST.getlist("clause")), request.POST.get("reason", "")
    found = list(license.clauses.filter(pk__in=ticked))
    if faults := wrong(ticked, found, reason):
        return page(request, license, ticked, faults=faults, status=400)
    if overtaken(license, found):
        return page(request, license, ticked, moved=found, status=409)
    try:
        confirmed = curation.confirm(found, by=whoever(request), now=timezone.now(), reason=reason)
    except curation.Conflict:
        return page(request, license, ticked, moved=found, status=409)
    count = len(confirmed)
    messages.success(request, f"Confirmed: {count} clause{'s' if count != 1 else ''} of {license.short_name}.")
    return redirect("queue")


def keys(given: Collection[str]) -> set[int]:
    """Of what a form sent those that could be keys; another is 0, which nothing has."""
    return {int(key) if key.isascii() and key.isdecimal() and len(key) <= 18 else 0 for key in given}


def wrong(ticked: Collection[int], found: Collection[Clause], reason: str) -> list[str]:
    if not ticked:
        return ["Nothing is ticked. Tick the answers that you come to as well."]
    if len(found) < len(ticked):
        return ["What was ticked is no reading of this license. Tick answers of this page."]
    if len(reason) > LONGEST or "\x00" in reason:
        return [f"The remark has {len(reason):,} characters. Use at most {LONGEST:,} that can be read."]
    return []


def overtaken(license: License, found: Collection[Clause]) -> bool:
    """One of them stands no longer, is confirmed already, or its words are gone."""
    return bool({clause.pk for clause in found} - set(due(license).sound().values_list("pk", flat=True)))


# The page.


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that waits for its second reader, and why it is not for whoever looks."""

    clause: Clause
    cell: Cell
    why_not: str
    is_ticked: bool


def due(license: License) -> ClauseQuerySet:
    return Clause.objects.read_once().filter(license=license)


def page(
    request: HttpRequest, license: License, ticked: Collection[int] = (), *, moved: Collection[Clause] = (),
    faults: Collection[str] = (), status: int = 200,
) -> HttpResponse:  # fmt: skip
    by = whoever(request)
    by_kind = {clause.kind: clause for clause in due(license).with_details()}
    readings = [reading(by_kind[kind.slug], by, ticked) for kind in CORE if kind.slug in by_kind]
    context = {
        "license": license,
        "readings": readings,
        "open": sum(not reading.why_not for reading in readings),
        "faults": faults,
        "moved": what_moved(license, moved),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "curation/confirm.html", context, status=status)


def reading(clause: Clause, by: User, ticked: Collection[int]) -> Reading:
    why_not = ""
    if clause.is_by(by):
        why_not = "You read it yourself: a second reading is another person’s."
    elif clause.in_doubt_since:
        why_not = f"Words that prove it are gone since {clause.in_doubt_since:%Y-%m-%d}: it is to be read anew first."
    return Reading(
        clause, Cell(clause.declaration, clause.value(), clause.in_doubt_since), why_not, clause.pk in ticked
    )


def what_moved(license: License, ticked: Collection[Clause]) -> list[str]:
    """What became meanwhile of those that were ticked and can no longer be confirmed."""
    was = {clause.kind: clause for clause in ticked}
    now = {clause.kind: clause for clause in Clause.objects.current().filter(license=license, kind__in=was)}
    lost = set(Clause.objects.in_doubt().filter(license=license).values_list("kind", flat=True))
    said = []
    for kind, clause in was.items():
        there = now.get(kind)
        title = clause.declaration.title
        if there is None:
            said.append(f"{title}: this reading stands no longer.")
        elif there.pk != clause.pk:
            said.append(f"{title}: read anew by {there.read_by} on {there.read_on}. Look at the new answer.")
        elif there.confirmed_by:
            said.append(f"{title}: confirmed by {there.confirmed_by} on {there.confirmed_on}.")
        elif kind in lost:
            said.append(f"{title}: its words are gone from the text. It is to be read anew.")
    return said
