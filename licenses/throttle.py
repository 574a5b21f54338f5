"""How often somebody asks. Counted in Redis, which all processes share: under a keyed hash, never by the address or
mailbox itself, and a count ends with its window."""

from __future__ import annotations

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac

HOUR = 3600


class NotNow(Exception):
    """It cannot be counted at the moment, and that is no fault of who asks."""


def times(what: str, whose: str, *, seconds: int = HOUR) -> int:
    """The how manieth time this is within the window. Raises NotNow."""
    key = f"{what}:{seconds}:{salted_hmac(what, whose, algorithm='sha256').hexdigest()}"
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            return int(client.pipeline().set(key, 0, ex=seconds, nx=True).incr(key).execute()[1])
    except redis.RedisError as error:
        raise NotNow("This cannot be taken at the moment. Send it again in some minutes.") from error
