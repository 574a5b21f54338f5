"""System checks: what `manage.py check` holds of the registry."""

from collections import Counter
from typing import Any

from django.core.checks import CheckMessage, Error, register

from .clauses import CLAUSES


@register()
def declared_kinds(**kwargs: Any) -> list[CheckMessage]:
    """Slugs are unique: they are URL parameters, API keys and seed keys."""
    twice = [slug for slug, times in Counter(kind.slug for kind in CLAUSES).items() if times > 1]
    return [Error(f"Clause kind “{slug}” is declared twice.", id="licenses.E001") for slug in twice]
