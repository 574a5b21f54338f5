"""A pasted list of models, and the report on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def check_list(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404
