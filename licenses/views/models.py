"""Models on the Hub: a list that pages by key, and one model with its declared and resolved license."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from licenses import facets, judged, profiles, tables
from licenses.clauses import CORE
from licenses.feeds import Follow
from licenses.filters import ModelFilters
from licenses.models import Change, Conclusion, Document, LicenseCount, OpenModel

from .answers import asked_every_time, hidden_fields, refused, takes
from .asking import asked, carried
from .following import following, following_filter, latest
from .panel import panel

PAGE_SIZE = 50


@require_safe
@asked_every_time
def models(request: HttpRequest) -> HttpResponse:
    """Every model on the Hub, most downloaded first. Pages by key, so that depth costs nothing."""
    query, path = request.GET, request.path
    filters = ModelFilters(query, OpenModel.objects.live().select_related("license"))
    after = key(query.get("after", "0-0"))
    who = asked(query)
    faults = (
        filters.faults()
        | who.faults
        | ({} if after else {"after": ["This is not a page of ours. Start from the first one."]})
    )
    if faults or after is None:
        return refused(request, faults)
    found = list((filters.qs.after(*after) if "after" in query else filters.qs).by_downloads()[: PAGE_SIZE + 1])
    rows = found[:PAGE_SIZE]
    results = judged.models(who.profile, rows) if who.profile else {}
    context = panel(filters, None, query, path) | carried(who, results.values(), query, path, to_check=who.query) | {
        "rows": [(model, results.get(model.pk)) for model in rows],
        "totals": totals(),
        "follow": follow(filters, query),
        "carried": hidden_fields(query, ("license", "author", *profiles.NAMES)),
        "next_page": next_page(query, path, rows[-1]) if len(found) > PAGE_SIZE else "",
        "first_page": facets.address(facets.changed(query), path) if "after" in query else "",
    }  # fmt: skip
    return render(request, "licenses/models.html", context)


def follow(filters: ModelFilters, query: QueryDict) -> Follow | None:
    """None for a namespace: changes are not chosen by one."""
    if "author" in query:
        return None
    return following_filter(query, f"Changes for models{filters.sentence}", models="all")


def totals() -> dict[str, Any]:
    """Models we hold, how many have a license, and since when we know; kept counts, never counted by a page."""
    return LicenseCount.objects.aggregate(
        models=Sum("total"),
        resolved=Sum("total", filter=Q(license__isnull=False)),
        counted_at=Max("counted_at"),
    )


def key(after: str) -> tuple[int, int] | None:
    """`<downloads>-<id>` of the last row shown, or None when it is not one."""
    downloads, _, pk = after.partition("-")
    legal = all(part.isascii() and part.isdecimal() and len(part) <= 18 for part in (downloads, pk))
    return (int(downloads), int(pk)) if legal else None


def next_page(query: QueryDict, path: str, last: OpenModel) -> str:
    return facets.address(facets.changed(query, after=f"{last.downloads}-{last.pk}"), path)


@require_safe
@asked_every_time
@takes()
def model(request: HttpRequest, org: str, name: str) -> HttpResponse:
    """One repository: what it declares, what we make of it, what that license says, its files, what changed."""
    found = OpenModel.objects.named(f"{org}/{name}").for_page().first()
    if found is None:
        raise Http404(f"No model {org}/{name} is known here.")
    face = tables.face(found.license, CORE) if found.license else None
    context = {
        "model": found,
        "concluded": Conclusion.objects.speaking_for(found),
        "face": face,
        "clauses": tables.with_clauses(face.cells, found.license) if face else [],
        "documents": Document.objects.lying_in(found).owned().for_page(),
        "changes": latest(Change.objects.of_model(found.repo_id)),
        "follow": following(found.repo_id, found.get_absolute_url()),
        "all_changes": all_changes(found),
        "verdict": None if found.gone_at else reverse("check-model", args=[org, name]),
    }
    return render(request, "licenses/model.html", context)


def all_changes(found: OpenModel) -> str:
    """Those of its license where it stands under one, else its own."""
    own = {"q": found.repo_id, "models": "all", "weight": "any"}
    return f"{reverse('changes')}?{urlencode({'license': found.license.slug} if found.license else own)}"
