"""What to show, name, ship and keep for one release, as a sheet that can be filed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse


def duties(request: HttpRequest, **names: Any) -> HttpResponse:
    raise Http404
