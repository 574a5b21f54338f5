"""The clause kinds themselves, and which licenses answer how."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenses import tables
from licenses.clauses import CLAUSES, READ_TWICE, Answer, by_group
from licenses.models import License

from .answers import asked_every_time, takes


@require_safe
@asked_every_time
@takes()
def clauses(request: HttpRequest) -> HttpResponse:
    """The taxonomy, generated from the registry, with the licenses behind every answer."""
    shares = tables.answers(License.objects.by_answer(), total=License.objects.count())
    context = {
        "groups": by_group([(kind, shares[kind.slug]) for kind in CLAUSES], lambda pair: pair[0]),
        "answers": tuple(Answer),
        "read_twice": READ_TWICE,
    }
    return render(request, "licenses/clauses.html", context)
