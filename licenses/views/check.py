"""May I use it? A short form, and the table with a verdict for each row."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def check(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404
