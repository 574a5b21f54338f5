"""Who asks for mail too often. Counted in the cache, which all processes share."""

from __future__ import annotations

from hashlib import sha256

from django.core.cache import cache

HOUR = 3600


def asks_too_often(what: str, *whose: str, limit: int) -> bool:
    """More than so many times an hour, by any of these marks (an address on the network, a mailbox)."""
    return any(count(f"{what}:{sha256(mark.encode()).hexdigest()}") > limit for mark in whose if mark)


def count(key: str) -> int:
    cache.add(key, 0, HOUR)
    try:
        return int(cache.incr(key))
    except ValueError:  # It ran out between the two.
        return 1
