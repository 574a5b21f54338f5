"""Readings taken over from a license with the same words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from licenses.copying import Done, take_over, taken, usual_reason
from licenses.curation import Conflict
from licenses.models import License
from licenses.offers import Refused
from licenses.roles import CURATE, may_publish_alone
from licenses.tables import Cell

from .guard import allowed, whoever

MEANWHILE = "Read again meanwhile: {}. Nothing was taken over; look at the list as it is now."


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(CURATE)
def copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Which license to take from; then its readings beside this text, with those ticked that nobody read here."""
    license = get_object_or_404(License, slug=slug)
    said = request.POST if request.method == "POST" else request.GET
    if not said.get("from"):
        return render(request, "curation/copy.html", {"license": license, "sources": sources(license)})
    other = get_object_or_404(License.objects.exclude(pk=license.pk), slug=said["from"].replace("\0", ""))
    if request.method == "POST":
        return posted(request, license, other)
    return shown(request, license, other, usual_reason(other))


def posted(request: HttpRequest, license: License, other: License) -> HttpResponse:
    marks, reason = request.POST.getlist("take"), request.POST.get("reason", "")
    try:
        done = take_over(license, other, marks, reason=reason, by=whoever(request), now=timezone.now())
    except Refused as refused:
        said = [f"“{field}” {words}" for of in refused.faults.values() for field, (words, *_) in of.items()]
        return shown(request, license, other, reason, marks=marks, faults=list(dict.fromkeys(said)), status=400)
    except Conflict as conflict:
        return shown(request, license, other, reason, faults=[MEANWHILE.format(", ".join(conflict.found))], status=409)
    messages.success(request, told(done, license, other))
    return HttpResponseRedirect(reverse("reader", args=[license.slug]))


def told(done: Done, license: License, other: License) -> str:
    counts = ((done.readings, "published"), (len(done.proposed), "proposed"))
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Taken over from {other.short_name} to {license.short_name}: {said}."


def shown(
    request: HttpRequest, license: License, other: License, reason: str, *,
    marks: list[str] | None = None, faults: list[str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    user = whoever(request)
    rows: list[dict[str, Any]] = [
        {
            "taken": each,
            "cell": Cell(each.kind, each.source.value()),
            "here": Cell(each.kind, each.here.value()) if each.here else None,
            "is_ticked": each.mark in marks if marks is not None else each.here is None,
            "waits": not may_publish_alone(user, each.kind.slug),
        }
        for each in taken(license, other)
    ]
    context = {
        "license": license,
        "other": other,
        "groups": groups([row for row in rows if row["taken"].offer]),
        "left": [row for row in rows if not row["taken"].offer],
        "reason": reason,
        "faults": faults,
    }
    return render(request, "curation/copy.html", context, status=status)


def groups(found: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """What is new here comes first; what somebody read here otherwise is apart, and is not better for being offered."""
    new, read = [row for row in found if not row["here"]], [row for row in found if row["here"]]
    both = [("found", "that nobody read here, whose words stand in this text", new)]
    both.append(("other", "read here already, otherwise", read))
    return [group for group in both if group[2]]


def sources(license: License) -> list[tuple[str, list[License]]]:
    """Licenses that somebody read: relatives first, as most of their words are the same."""
    read = list(License.objects.read().exclude(pk=license.pk).by_name())
    near = [each for each in read if is_kin(license, each)]
    return [("Related", near), ("Others", [each for each in read if each not in near])]


def is_kin(one: License, other: License) -> bool:
    joined = {one.modifies_id, one.supersedes_id, one.pk} & {other.pk, other.modifies_id, other.supersedes_id}
    return bool(joined - {None}) or bool(one.family and one.family == other.family)
