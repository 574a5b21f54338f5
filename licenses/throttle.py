"""How often somebody asks. Counted in Redis, which all processes share: under a keyed hash, never by the address or
mailbox itself, and a count ends with its window."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac
from redis.lock import Lock

HOUR = 3600


class NotNow(Exception):
    """It cannot be counted at the moment, and that is no fault of who asks."""


def times(what: str, whose: str, *, seconds: int = HOUR) -> int:
    """The how manieth time this is within the window. Raises NotNow."""
    key = f"{what}:{seconds}:{salted_hmac(what, whose, algorithm='sha256').hexdigest()}"
    try:
        with counter() as client:
            return int(client.pipeline().set(key, 0, ex=seconds, nx=True).incr(key).execute()[1])
    except redis.RedisError as error:
        raise NotNow("This cannot be taken at the moment. Send it again in some minutes.") from error


def network(address: str) -> str:
    """Whoever has one IPv6 address has its whole /64."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) and not found.ipv4_mapped else str(found)


def turn(what: str, *, seconds: int) -> Lock | None:
    """For what one does at a time over all processes: to be released, and gone by itself after so many seconds. None
    while it is another's. Raises NotNow."""
    lock = counter().lock(f"turn:{what}", timeout=seconds, blocking=False, thread_local=False)
    try:
        return lock if lock.acquire() else None
    except redis.RedisError as error:
        raise NotNow("This cannot be had at the moment. Ask again in some minutes.") from error


def counter() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
