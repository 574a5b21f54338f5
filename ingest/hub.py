"""The Hub over HTTP: one page, one model, one file. Patience for what passes, and two kinds of error for what does not.

Raw JSON through the client's own session: its `list_models` ends a whole listing at one odd record. Nothing but
the configured endpoint is ever asked, wherever a Link or a redirect points.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from huggingface_hub import hf_hub_url
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils import (  # type: ignore[attr-defined]
    build_hf_headers,
    get_session,
    httpx,
    parse_ratelimit_headers,
)

from licenses.wording import LARGEST

from .budget import Budget
from .wire import parse

FIELDS = (
    "author", "cardData", "createdAt", "disabled", "downloads", "gated", "lastModified", "library_name", "likes",
    "pipeline_tag", "private", "safetensors", "tags",
)  # fmt: skip
LARGEST_PAGE, SMALLEST_PAGE = 1000, 100
LARGEST_ANSWER = 64 * 2**20
LONGEST_ANSWER = 120.0
TIMEOUT = httpx.Timeout(30, connect=10)
PAUSES = (0.5, 1, 2, 4)
LONGEST_PAUSE = 10.0
MOST_REDIRECTS = 5
PASSING = {408, 425, 429, 500, 502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
DISABLED = "Access to this resource is disabled."
NOT_THERE = {"EntryNotFound", "RevisionNotFound"}
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105 - the Hub's words

T = TypeVar("T")
Query = list[tuple[str, str]]

# It tells every request, with an address of four lines.
logging.getLogger("httpx2").setLevel(logging.WARNING)


class HubError(Exception):
    """The Hub did not give what was asked for."""


class HubUnavailable(HubError):
    """Worth another try, after `wait` seconds if the Hub named them. `heavy`: a smaller page may pass."""

    def __init__(self, message: str, *, wait: float = 0, heavy: bool = False) -> None:
        super().__init__(message)
        self.wait, self.heavy = wait, heavy


class HubRefused(HubError):
    """Asking again would not help."""


class CursorExpired(HubRefused):
    """The listing has to be read from its start."""


class RepoGone(HubRefused):
    """Deleted, private or never there: the Hub does not tell an anonymous visitor which."""


class RepoDisabled(HubRefused):
    """The Hub took it out of use."""


class Gated(HubRefused):
    """Only for those who asked its publisher for access."""


class FileMissing(HubRefused):
    """No such file at that commit."""


class FileTooLarge(HubRefused):
    """Larger than any license."""


@dataclass(frozen=True)
class Page:
    records: list[object]
    next_address: str | None


@dataclass(frozen=True)
class Answer:
    address: str
    status: int
    headers: httpx.Headers
    next_address: str | None
    body: bytes


class Hub:
    def __init__(
        self, endpoint: str, token: str | None = None, budget: Budget | None = None, *,
        sleep: Callable[[float], None] = time.sleep, timeout: httpx.Timeout | float = TIMEOUT,
    ) -> None:  # fmt: skip
        self.endpoint = endpoint.rstrip("/")
        self.headers = build_hf_headers(token=token or False, library_name="openness")
        self.budget = budget or Budget(None, endpoint=endpoint)
        self.sleep, self.timeout = sleep, timeout

    @classmethod
    def shared(cls, endpoint: str, token: str, redis_url: str) -> Hub:
        """The Hub as every worker asks it: from one budget of requests."""
        return cls(endpoint, token, Budget.at(redis_url, endpoint=endpoint, token=token))

    def page(self, address: str | None = None, *, sort: str = "createdAt", limit: int = LARGEST_PAGE) -> Page:
        """One page of the listing: the first in this order, or the one at the address an earlier page gave."""
        if address and not self.is_ours(address):
            asked = urlsplit(self.endpoint).netloc
            raise CursorExpired(f"the listing's next page belongs to another Hub, and not to {asked}: {address[:80]!r}")
        query = [("sort", sort), ("limit", str(limit)), *EXPAND]
        return self.patiently(self.page_at, address or f"{self.endpoint}/api/models?{urlencode(query)}")

    def model(self, repo_id: str) -> object:
        """The record of one model, under its present name if it was renamed."""
        return self.record(repo_id, EXPAND)

    def files(self, repo_id: str) -> object:
        """The same with everything the Hub tells, and its files with their hashes."""
        return self.record(repo_id, BLOBS)

    def record(self, repo_id: str, query: Query) -> object:
        parts = repo_id.split("/")
        if len(parts) > 2 or any(part in {"", ".", ".."} for part in parts):
            raise HubRefused(f"{repo_id!r} is no name of a model: write it as owner/name")
        address = f"{self.endpoint}/api/models/{quote(repo_id)}"
        return self.patiently(lambda address: self.record_at(address, query), address)

    def text(self, repo_id: str, path: str, commit: str) -> bytes:
        """A small file as it was at a commit."""
        try:
            address = hf_hub_url(repo_id, path, revision=commit, endpoint=self.endpoint)
        except HFValidationError as error:
            raise HubRefused(f"the Hub's client does not take this name: {error}") from error
        return self.patiently(self.text_at, address)

    def patiently(self, read: Callable[[str], T], address: str) -> T:
        """A few quick tries. A longer wait is the caller's: a worker has better things to do."""
        for pause in PAUSES:
            try:
                return read(address)
            except HubUnavailable as error:
                if error.wait > LONGEST_PAUSE:
                    raise
                if error.heavy:
                    address = with_smaller_page(address)
                self.sleep(max(pause, error.wait))
        return read(address)

    def page_at(self, address: str) -> Page:
        answer = self.ask(address)
        if answer.status == 400 and "cursor=" in address:
            raise CursorExpired(f"the Hub no longer takes the cursor of this listing: {said(answer)}")
        records = self.content(answer)
        if not isinstance(records, list):
            raise HubUnavailable("the Hub answered a listing with something else than a list")
        if answer.next_address is None:
            return Page(records, None)
        self.check_address(answer.next_address)
        if answer.next_address == address:
            raise HubRefused("the Hub's listing leads back to the same page")
        return Page(records, answer.next_address)

    def record_at(self, address: str, query: Query) -> object:
        for _ in range(MOST_REDIRECTS):
            answer = self.ask(f"{address}?{urlencode(query)}")
            if answer.status not in REDIRECTS:
                break
            # A redirect may forget the query; what we want to know stays the same.
            address = target_of(answer).partition("?")[0]
            self.check_address(address)
        check_shown(answer)
        return self.content(answer)

    def text_at(self, address: str) -> bytes:
        for _ in range(MOST_REDIRECTS):
            self.check_file_address(address)
            answer = self.ask(address, largest=LARGEST)
            if answer.status not in REDIRECTS:
                break
            address = target_of(answer)
        check_shown(answer)
        check_whole(answer)
        if len(answer.body) > LARGEST:
            raise FileTooLarge(f"more than {LARGEST:,} bytes")
        return answer.body

    def check_address(self, address: str) -> None:
        """Only our own endpoint, whatever a Link or a redirect says."""
        if not self.is_ours(address):
            raise HubRefused(f"the Hub points to another address, which is not followed: {address[:200]!r}")

    def check_file_address(self, address: str) -> None:
        """The Hub keeps large files elsewhere; a license is none."""
        path = urlsplit(address).path
        if not address.startswith(f"{self.endpoint}/") or not ("/resolve/" in path or "/api/resolve-cache/" in path):
            raise HubRefused(f"the file lies at another address, which is not followed: {address[:200]!r}")

    def is_ours(self, address: str) -> bool:
        return address.startswith((f"{self.endpoint}/api/models?", f"{self.endpoint}/api/models/"))

    def content(self, answer: Answer) -> object:
        check_whole(answer)
        if len(answer.body) > LARGEST_ANSWER:
            raise HubUnavailable(f"the Hub's answer is larger than {LARGEST_ANSWER >> 20} MiB", heavy=True)
        try:
            return parse(answer.body)
        except ValueError as error:
            raise HubUnavailable(f"the Hub's answer is not whole JSON: {error}") from error

    def ask(self, address: str, *, largest: int = LARGEST_ANSWER) -> Answer:
        if wait := self.budget.take(bucket_of(address)):
            raise HubUnavailable("the Hub's request limit is used up for now", wait=wait)
        try:
            return self.receive(address, largest)
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise HubUnavailable(f"{self.endpoint} is out of reach ({type(error).__name__})") from error

    def receive(self, address: str, largest: int) -> Answer:
        # No `params`: any value, even an empty one, would replace the cursor in the address.
        with get_session().stream(
            "GET", address, headers=self.headers, timeout=self.timeout, follow_redirects=False
        ) as response:
            self.keep_count(bucket_of(address), response.headers)
            follows = response.links.get("next", {}).get("url")
            return Answer(address, response.status_code, response.headers, follows, read_body(response, largest))

    def keep_count(self, bucket: str, headers: httpx.Headers) -> None:
        if told := parse_ratelimit_headers(headers):
            self.budget.learn(bucket, left=told.remaining, reset=told.reset_in_seconds, limit=told.limit)


EXPAND: Query = [("expand", field) for field in FIELDS]
BLOBS: Query = [("blobs", "true")]


def bucket_of(address: str) -> str:
    """The Hub counts files apart."""
    return "resolvers" if "/resolve" in urlsplit(address).path else "api"


def target_of(answer: Answer) -> str:
    return urljoin(answer.address, answer.headers.get("location", ""))


def check_shown(answer: Answer) -> None:
    """Raises what the Hub's refusal means; how it tells is in its headers."""
    code, message = answer.headers.get("x-error-code"), answer.headers.get("x-error-message")
    if code == "GatedRepo":
        raise Gated(said(answer))
    if answer.status == 403 and message == DISABLED:
        raise RepoDisabled(said(answer))
    if answer.status == 404 and code in NOT_THERE:
        raise FileMissing(said(answer))
    if answer.status in {401, 404, 410} and message != BAD_TOKEN:
        raise RepoGone(f"the Hub shows no such model: {said(answer)}")


def check_whole(answer: Answer) -> None:
    if answer.status in PASSING:
        raise HubUnavailable(said(answer), wait=wait_of(answer.headers), heavy=answer.status == 504)
    if answer.status != 200:
        raise HubRefused(said(answer))


def read_body(response: httpx.Response, largest: int) -> bytes:
    """All of it, or a little more than the largest that would be taken."""
    body, give_up_at = bytearray(), time.monotonic() + LONGEST_ANSWER
    for part in response.iter_bytes():
        body += part
        if len(body) > largest:
            break
        if time.monotonic() > give_up_at:
            raise HubUnavailable("the Hub's answer took too long", heavy=True)
    return bytes(body)


def with_smaller_page(address: str) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    limit = query.get("limit", "")
    if not limit.isdecimal() or int(limit) <= SMALLEST_PAGE:
        return address
    smaller = ("limit", str(max(int(limit) // 2, SMALLEST_PAGE)))
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] != "limit"]
    return parts._replace(query=urlencode([*kept, smaller])).geturl()


def wait_of(headers: httpx.Headers) -> float:
    """The seconds the Hub asks us to wait: an emptied window ends then, or it says so outright."""
    told = parse_ratelimit_headers(headers)
    if told and told.remaining == 0:
        return float(told.reset_in_seconds + 1)
    after = headers.get("retry-after", "")
    return float(min(int(after[:9]), 3600)) if after.isdecimal() else 0.0


def said(answer: Answer) -> str:
    message = answer.headers.get("x-error-message") or answer.body[:120].decode("utf-8", "replace")
    return f"the Hub ({urlsplit(answer.address).netloc}) answered {answer.status}: {message}"
