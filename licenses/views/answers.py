"""What several pages answer alike: a refused parameter, an export, how long it may be kept."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from licenses import facets, profiles, tables
from licenses.filters import TRACKING

FORMATS = ("csv", "json")
View = Callable[..., HttpResponseBase]


def asked_every_time(view: View) -> View:
    """Browsers ask every time, and are told in a line when nothing is new (ETag): what a curator publishes shows on the
    next request. Proxies may hold it for a minute, unless it says who asks: that is nobody else's."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if any(name.partition("-")[0] in profiles.NAMES for name in request.GET):
            patch_cache_control(response, private=True, max_age=0)
        else:
            patch_cache_control(response, public=True, max_age=0, s_maxage=60)
        return response

    return answered


def presentation_faults(query: QueryDict) -> dict[str, list[str]]:
    """What is wrong with `format` and `page`."""
    faults, page = format_faults(query.get("format"), FORMATS), query.get("page", "1")
    if not (page.isascii() and page.isdecimal()) or len(page) > 6 or int(page) < 1:
        faults["page"] = [f"“{page[:60]}” cannot be used with “page”. Use a whole number from 1 up."]
    return faults


def format_faults(form: str | None, legal: Iterable[str]) -> dict[str, list[str]]:
    """None where the address names no format."""
    if form is None or form in legal:
        return {}
    return {"format": [f"“{form[:60]}” cannot be used with “format”. Use one of: {', '.join(legal)}."]}


def takes(*names: str) -> Callable[[View], View]:
    """A page that knows these parameters only: another is refused, never ignored."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            strange = [name for name in request.GET if name not in names and not name.startswith(TRACKING)]
            known = f"Use {' or '.join(f'“{name}”' for name in names)}." if names else "This page takes none."
            if strange:
                return refused(request, {name[:60]: [f"“{name[:60]}” means nothing here. {known}"] for name in strange})
            return view(request, *args, **kwargs)

        return guarded

    return guard


def refused(
    request: HttpRequest, faults: dict[str, list[str]], template: str = "licenses/refused.html", **shown: Any
) -> HttpResponse:
    """400, naming each parameter and its legal values; as JSON for those who asked for JSON."""
    if request.GET.get("format") == "json":
        return JsonResponse({"errors": faults}, status=400)
    return render(request, template, {"faults": faults, "path": request.path, **shown}, status=400)


def export(form: str, records: list[dict[str, Any]], facts: Sequence[str], title: str) -> HttpResponse:
    """The current view, every row and all kinds, as CSV or JSON. `facts` are the columns before the clauses."""
    if form == "json":
        return JsonResponse({"title": title, "rows": records})
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="openness.csv"'
    csv.writer(response).writerows(tables.csv_rows(records, facts))
    return response


def export_links(query: QueryDict, path: str) -> list[facets.Link]:
    return [facets.Link(form.upper(), facets.address(facets.changed(query, format=form), path)) for form in FORMATS]


def page_link(query: QueryDict, path: str, number: int | None) -> str:
    """The address of another page of the same result; empty for none."""
    return facets.address(facets.changed(query, page=str(number)), path) if number else ""


def hidden_fields(query: QueryDict, names: Iterable[str]) -> list[tuple[str, Any]]:
    """Parameters that a form must carry along because it has no control for them."""
    return [(name, value) for name in names for value in query.getlist(name)]


def later(said: str, *, status: int, seconds: int) -> HttpResponse:
    """For who asks too much at once: in words, and as a header for programs."""
    headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
    return HttpResponse(said + "\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)
