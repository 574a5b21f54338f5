"""A pasted list of models, and the report on it. The list is read, judged and forgotten: nothing of it is kept."""

from __future__ import annotations

import csv
from contextlib import suppress

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from licenses import reports
from licenses.bundles import shelf
from licenses.clauses.asker import sentence
from licenses.clauses.bearing import Verdict
from licenses.lists import LARGEST, Listing, Unreadable, read
from licenses.profiles import NAMES
from licenses.reports import Report
from licenses.throttle import NotNow, network, times

from .answers import FORMATS, format_faults, later, takes
from .asking import USUAL, Asked, asked

#: Lines on a page; the exports have all of them.
SHOWN = 300
PER_MINUTE = 30
#: Names that a page carries along, so that the same list can be asked again.
CARRIED = 2_000
#: What a form puts around a list.
WRAPPING = 2**16
TOO_LARGE = f"more than {LARGEST // 2**20} MiB: split the list."
WHO = "Say first who asks: choose one below, or answer the questions at /check/."
OFTEN = f"At most {PER_MINUTE} lists a minute; try again in a minute."
#: Bodies that are the list itself, without a form around it.
RAW = ("text/plain", "application/json")
HEADINGS = {"list": "The list", "profile": "The profile", "format": "The format"}


@csrf_exempt  # It changes nothing and knows nobody; so a program may send a list without a page before it.
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes(*NAMES, "format")
def check_list(request: HttpRequest) -> HttpResponse:
    """The form; with a list, the report as a page, as CSV or as JSON."""
    who = asked(request.GET)
    form = form_of(request)
    faults = who.faults | format_faults(form or None, FORMATS)
    if request.method != "POST":
        return page(request, who, faults)
    if is_too_often(request):
        return too_often(form)
    listing, fault = (None, TOO_LARGE) if is_too_large(request) else listed(request)
    if fault:
        faults["list"] = [fault]
    if who.profile is None and not who.faults:
        faults["profile"] = [WHO]
    if faults or who.profile is None or listing is None:
        return refused(request, who, faults, form)
    found = reports.report(listing, who.profile, shelf())
    return export(found, form) if form else page(request, who, {}, found)


def form_of(request: HttpRequest) -> str:
    """Empty for a page. A browser prefers one, and so is whoever says nothing answered."""
    said = request.GET.get("format") or ("" if is_too_large(request) else request.POST.get("format", ""))
    prefers = request.get_preferred_type(["text/html", "application/json"])
    return said or ("json" if prefers == "application/json" else "")


def too_often(form: str) -> HttpResponse:
    if form != "json":
        return later(OFTEN, status=429, seconds=60)
    return JsonResponse({"errors": {"list": [OFTEN]}}, status=429, headers={"Retry-After": "60"})


def is_too_large(request: HttpRequest) -> bool:
    """Told before anything of it is taken in."""
    return int(request.headers.get("content-length") or 0) > LARGEST + WRAPPING


def is_too_often(request: HttpRequest) -> bool:
    """A long list keeps a process busy. Where nobody can count, nobody is turned away."""
    with suppress(NotNow):
        return times("list", network(get_client_ip_address(request)), seconds=60) > PER_MINUTE
    return False


def listed(request: HttpRequest) -> tuple[Listing | None, str]:
    """What was sent, pasted, or else the file; and what is wrong with it."""
    pasted, file = request.POST.get("list", ""), request.FILES.get("file")
    try:
        if request.content_type in RAW:
            return read(request.read(LARGEST + 1)), ""
        if pasted.strip() or file is None:
            return read(pasted), ""
        return read(file.read(), file.name or ""), ""
    except Unreadable as error:
        return None, str(error)


def refused(request: HttpRequest, who: Asked, faults: dict[str, list[str]], form: str) -> HttpResponse:
    return JsonResponse({"errors": faults}, status=400) if form == "json" else page(request, who, faults)


def export(found: Report, form: str) -> HttpResponse:
    if form == "json":
        return JsonResponse(reports.as_json(found, settings.SITE_URL))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="openness-report.csv"'
    csv.writer(response).writerows(reports.csv_rows(found, settings.SITE_URL))
    return response


def page(request: HttpRequest, who: Asked, faults: dict[str, list[str]], found: Report | None = None) -> HttpResponse:
    context = {
        "who": who,
        "asker": sentence(who.profile) if who.profile else "",
        "faults": [(HEADINGS.get(name, f"The answer “{name}”"), said) for name, said in faults.items()],
        "usual": [(words, f"{reverse('check-list')}?{plans}") for words, plans in USUAL],
        "address": settings.SITE_URL + reverse("check-list"),
        "report": found,
        "counts": [(verdict, found.counts[verdict]) for verdict in Verdict] if found else [],
        "disclaimer": found.disclaimer if found else "",
        "lines": found.lines[:SHOWN] if found else (),
        "left_out": max(0, len(found.lines) - SHOWN) if found else 0,
        "pasted": again(found) if found else "" if is_too_large(request) else request.POST.get("list", "")[: 2**16],
        "carried": who.query.urlencode(),
    }
    return render(request, "licenses/list.html", context, status=400 if faults else 200)


def again(found: Report) -> str:
    """The list in short, in its own order, to be sent once more; empty for one that is too long."""
    entries = found.listing.entries
    return "\n".join(entry.handle or entry.said for entry in entries) if len(entries) <= CARRIED else ""
