"""Pages of the workbench: only for those whose role allows it, and never kept by a browser or proxy."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.defaults import permission_denied

from .answers import View


def allowed(permission: str) -> Callable[[View], View]:
    """Who has not logged in is asked to; who may not is told so (403). A test walks the URLconf for `permission`."""

    def guard(view: View) -> View:
        checked = login_required(permission_required(permission, raise_exception=True)(view))

        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return checked(request, *args, **kwargs)
            except PermissionDenied as refusal:  # Answered here, as Django's own answer may be kept.
                return permission_denied(request, refusal)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def whoever(request: HttpRequest) -> User:
    """Who asks, on a page that is guarded."""
    return cast(User, request.user)
