"""Two to six releases, licenses or models side by side."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def compare(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404
