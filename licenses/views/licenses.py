"""One license with every clause and its proof, and the clause kinds themselves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenses import tables
from licenses.clauses import CLAUSES, Answer, by_group
from licenses.models import License, LicenseCount, OpenModel, Release

from .answers import fresh_for_a_minute


@require_safe
@fresh_for_a_minute
def license(request: HttpRequest, slug: str) -> HttpResponse:
    """What one license says: the catch, then every kind with answer, size, note, quotes and reader."""
    found = get_object_or_404(License.objects.for_page(), slug=slug)
    face = tables.face(found, CLAUSES)
    context = {
        "license": found,
        "catch": face.catch,
        "groups": by_group(tables.with_clauses(face.cells, found), lambda pair: pair[0].kind),
        "documents": found.documents.prefetch_related("revisions").order_by("pk"),
        "attributes": found.attributes.order_by("name"),
        "releases": Release.objects.under(License.objects.filter(pk=found.pk)).order_by("-released_on", "slug"),
        "count": LicenseCount.objects.filter(license=found).first(),
    }
    return render(request, "licenses/license.html", context)


@require_safe
@fresh_for_a_minute
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """One release: its row, its parts with their terms, its repositories as the Hub has them."""
    found = get_object_or_404(Release.objects.for_table(), slug=slug)
    row = tables.comparison([found]).rows[0]
    models = {model.repo_id: model for model in OpenModel.objects.live().filter(repo_id__in=found.repos)}
    context = {
        "row": row,
        "clauses": tables.with_clauses(row.cells, row.license),
        "artifacts": found.artifacts.select_related("license").order_by("pk"),
        "repos": [(repo, models.get(repo)) for repo in found.repos],
    }
    return render(request, "licenses/release.html", context)


@require_safe
@fresh_for_a_minute
def clauses(request: HttpRequest) -> HttpResponse:
    """The taxonomy, generated from the registry."""
    context = {"groups": by_group(CLAUSES, lambda kind: kind), "answers": tuple(Answer)}
    return render(request, "licenses/clauses.html", context)
