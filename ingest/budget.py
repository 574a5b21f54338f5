"""How many requests the Hub still allows, shared by all workers through Redis.

The Hub tells in every answer what is left of its window, of which it has one for facts and one for files; that word
is kept, less a small reserve for people who use the same address. Without Redis there is nothing to share, and the
Hub's own refusals decide.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

import redis

log = logging.getLogger(__name__)

# The window's key lives as long as the window. 0: go ahead; otherwise the milliseconds until it ends.
TAKE = """
local left = redis.call('GET', KEYS[1])
if not left then return 0 end
if tonumber(left) <= 0 then return math.max(redis.call('PTTL', KEYS[1]), 1) end
redis.call('DECR', KEYS[1])
return 0
"""
# Answers overtake each other: within a window the lowest word counts, and a later end means a new window.
LEARN = """
local left, ttl = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
local told, reset = tonumber(ARGV[1]), tonumber(ARGV[2])
if not left or reset > ttl + 2000 or told < tonumber(left) then
    redis.call('SET', KEYS[1], told, 'PX', reset)
end
return 0
"""
RESERVED_SHARE = 50


class Budget:
    def __init__(self, client: redis.Redis | None, *, endpoint: str, token: str | None = None) -> None:
        owner = hashlib.sha256(f"{endpoint} {token or ''}".encode()).hexdigest()[:16]
        self.key = f"ingest:budget:{owner}"
        self.client = client

    @classmethod
    def at(cls, redis_url: str, *, endpoint: str, token: str | None = None) -> Budget:
        client = redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2) if redis_url else None
        return cls(client, endpoint=endpoint, token=token)

    def take(self, bucket: str = "api") -> float:
        """Take one request from the window; when it is used up, the seconds until the next."""
        return self.run(TAKE, bucket) / 1000

    def learn(self, bucket: str = "api", *, left: int, reset: float, limit: int | None) -> None:
        """Keep what an answer said: requests left, seconds until the window ends, its size."""
        reserve = (limit or 0) // RESERVED_SHARE
        self.run(LEARN, bucket, max(left - reserve, 0), max(int(reset * 1000), 1))

    def run(self, script: str, bucket: str, *arguments: int) -> int:
        if self.client is None:
            return 0
        ask: Callable[..., Any] = self.client.eval
        try:
            return int(ask(script, 1, f"{self.key}:{bucket}", *arguments))
        except redis.RedisError as error:
            log.warning("The shared request budget is out of reach: %s", type(error).__name__)
            return 0
