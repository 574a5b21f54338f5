"""The Hub's rate limit: a fixed window for each caller and bucket, told in headers."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum

from tests.hub.answers import Answer, Request


class Telling(Enum):
    """How a refused caller learns when to come back."""

    RATE_LIMIT = "the RateLimit headers, as the Hub does"
    RETRY_AFTER = "Retry-After in seconds, nothing else"
    RETRY_DATE = "Retry-After as an HTTP date, nothing else"


@dataclass
class Window:
    opened: float
    used: int = 0


@dataclass
class Limits:
    requests: int = 1_000_000
    seconds: float = 300
    telling: Telling = Telling.RATE_LIMIT
    clock: Callable[[], float] = time.monotonic
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def count(self, request: Request) -> tuple[bool, dict[str, str]]:
        """Whether this request is still allowed, and the headers that say so."""
        bucket = bucket_of(request)
        caller, now = request.token or request.client, self.clock()
        window = self.windows.get((caller, bucket))
        if window is None or now >= window.opened + self.seconds:
            window = self.windows[caller, bucket] = Window(opened=now)
        allowed = window.used < self.requests
        window.used += allowed
        wait = max(1, math.ceil(window.opened + self.seconds - now))
        return allowed, self.told(bucket, self.requests - window.used, wait, allowed=allowed)

    def told(self, bucket: str, left: int, wait: int, *, allowed: bool) -> dict[str, str]:
        if self.telling is Telling.RATE_LIMIT:
            policy = f'"fixed window";"{bucket}";q={self.requests};w={math.ceil(self.seconds)}'
            return {"RateLimit": f'"{bucket}";r={left};t={wait}', "RateLimit-Policy": policy}
        if allowed:
            return {}
        if self.telling is Telling.RETRY_AFTER:
            return {"Retry-After": str(wait)}
        return {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=wait), usegmt=True)}


def bucket_of(request: Request) -> str:
    if "/resolve/" in request.path or request.path.startswith("/api/resolve-cache/"):
        return "resolvers"
    return "api" if request.path.startswith("/api/") else "pages"


def too_many() -> Answer:
    return Answer(429, b'{"error":"Too many requests."}', {"Content-Type": "application/json; charset=utf-8"})
