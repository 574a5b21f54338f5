"""One verdict in full: what decided, the words that prove it, what to do, what nobody has read."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def check_release(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404


def check_license(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404


def check_model(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404
