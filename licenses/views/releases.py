"""One release, and one publisher with all of its own."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenses import tables
from licenses.models import License, OpenModel, Publisher, Release

from .answers import asked_every_time, takes
from .following import following


@require_safe
@asked_every_time
@takes()
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """One release: its row, its parts with their terms, its components, its repositories as the Hub has them."""
    found = get_object_or_404(Release.objects.for_table(), slug=slug)
    license = License.objects.with_readings().filter(pk=found.license.pk).first() if found.license else None
    face = tables.face(license) if license else tables.Face(tables.unresolved(found), [])
    models = {model.repo_id: model for model in OpenModel.objects.live().filter(repo_id__in=found.repos)}
    base = Release.objects.holding(found.base_model).with_weights().first()
    context = {
        "release": found,
        "license": license,
        "catch": tables.with_base(face.catch, license, base.license if base else None),
        "clauses": tables.with_clauses(face.cells, license),
        "artifacts": found.artifacts.select_related("license").order_by("pk"),
        "components": found.components.order_by("pk"),
        "base": base,
        "follow": following(found.name, request.path),
        "repos": [(repo, models.get(repo)) for repo in found.repos],
    }
    return render(request, "licenses/release.html", context)


@require_safe
@asked_every_time
@takes()
def publisher(request: HttpRequest, slug: str) -> HttpResponse:
    """Who publishes: the releases with their catch, newest first, and the licenses it is steward of."""
    found = get_object_or_404(Publisher, slug=slug)
    rows = tables.comparison(Release.objects.filter(publisher=found).for_table()).rows
    stewarded = found.licenses.for_table().with_outlines(tables.SHOWN)
    context = {
        "publisher": found,
        "follow": following(found.name, request.path),
        "rows": rows,
        "licenses": [(license, tables.face(license).catch) for license in stewarded],
        "distribution": tables.distribution(Counter(row.license.kind if row.license else "" for row in rows)),
    }
    return render(request, "licenses/publisher.html", context)
