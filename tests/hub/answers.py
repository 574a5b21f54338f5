"""What the stand-in says: answers, refusals, and the one request they belong to."""

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

WORTH_PACKING = 400
EXPOSED = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link"


@dataclass
class Request:
    """One logged request; `path` is as it was sent, still quoted."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False, default_factory=dict)
    body: bytes = field(repr=False, default=b"")
    client: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def parts(self) -> list[str]:
        """Path segments, unquoted one by one: a revision may hold a quoted slash."""
        return [unquote(part) for part in self.path.split("/") if part]

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")

    @property
    def token(self) -> str | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" and token else None

    def values(self, name: str) -> list[str]:
        """Every value of a parameter, in both spellings: `name=a` and `name[]=a`."""
        return self.query.get(name, []) + self.query.get(f"{name}[]", [])

    def value(self, name: str, default: str = "") -> str:
        return next(iter(self.query.get(name, [])), default)

    def says(self, name: str) -> bool:
        return self.value(name) in ("true", "1")


@dataclass
class Answer:
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def packed_for(self, request: Request) -> "Answer":
        """The same answer, gzipped when the client takes it and it is JSON."""
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        wanted = "gzip" in request.headers.get("accept-encoding", "")
        if not (is_json and wanted and len(self.body) > WORTH_PACKING):
            return self
        headers = self.headers | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Answer(self.status, gzip.compress(self.body, compresslevel=1), headers)


class Refused(Exception):
    """Raised anywhere below the handler to answer with an error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def as_json(content: Any, status: int = 200, **headers: str) -> Answer:
    # Escaped to ASCII, so that NUL and lone surrogates of dirty records travel untouched.
    body = json.dumps(content, separators=(",", ":")).encode("ascii")
    etag = f'W/"{len(body):x}-{hashlib.sha1(body).hexdigest()[:27]}"'
    return Answer(
        status,
        body,
        {
            "Content-Type": "application/json; charset=utf-8",
            "ETag": etag,
            "Access-Control-Expose-Headers": EXPOSED,
        }
        | {name.replace("_", "-"): value for name, value in headers.items()},
    )


def refusal(status: int, message: str, code: str = "") -> Refused:
    answer = as_json({"error": message}, status)
    answer.headers["X-Error-Message"] = message.encode("ascii", "replace").decode().replace("\n", " ")
    if code:
        answer.headers["X-Error-Code"] = code
    return Refused(answer)
