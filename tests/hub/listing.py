"""`GET /api/models`: which models, in what order, with which fields, and where the next page is."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.hub.answers import Answer, Request, as_json, refusal
from tests.hub.records import Record
from tests.hub.shelf import SORTS, Entry, Shelf, size

LARGEST_PAGE = 1000

PLAIN = {
    "_id",
    "id",
    "likes",
    "trendingScore",
    "private",
    "downloads",
    "tags",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "modelId",
}
WITH_FULL = {"author", "sha", "lastModified", "gated", "disabled", "siblings"}
EXPANDABLE = {
    "author",
    "cardData",
    "config",
    "createdAt",
    "disabled",
    "downloads",
    "downloadsAllTime",
    "evalResults",
    "gated",
    "gguf",
    "inference",
    "inferenceProviderMapping",
    "lastModified",
    "library_name",
    "likes",
    "mask_token",
    "model-index",
    "pipeline_tag",
    "private",
    "resourceGroup",
    "safetensors",
    "sha",
    "siblings",
    "spaces",
    "tags",
    "transformersInfo",
    "trendingScore",
    "widgetData",
    "gitalyUid",
    "xetEnabled",
}
FOR_ONE_MODEL = {"baseModels", "childrenModelCount", "usedStorage"}
KNOWN = PLAIN | WITH_FULL | EXPANDABLE | FOR_ONE_MODEL | {"securityRepoStatus", "likes30d"}
# Which kind of weights an app runs; the Hub decides by the files, the stand-in by the tag.
RUNS = {
    "ollama": "gguf",
    "llama.cpp": "gguf",
    "lmstudio": "gguf",
    "jan": "gguf",
    "vllm": "safetensors",
    "sglang": "safetensors",
    "mlx-lm": "mlx",
}
UNITS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}


def list_models(shelf: Shelf, request: Request, *, endpoint: str, largest_page: int) -> Answer:
    rows, follows = page(shelf, request, largest_page)
    answer = as_json([shown(entry, request) for entry in rows])
    if follows is not None:
        answer.headers["Link"] = link(request, endpoint, follows)
    return answer


def page(shelf: Shelf, request: Request, largest_page: int) -> tuple[list[Entry], str | None]:
    """The entries of the page that was asked for, and the cursor of the next one if there is one."""
    sort = request.value("sort", "trendingScore")
    if sort not in SORTS:
        raise refusal(400, "Invalid sort parameter")
    check_expand(request, EXPANDABLE)
    limit, skip = whole(request, "limit", LARGEST_PAGE), whole(request, "skip", 0)
    limit = min(limit, LARGEST_PAGE, largest_page)
    place = read_cursor(request.value("cursor"))
    found: list[Entry] = []
    last: tuple[Any, str] = (None, "")
    for value, uid, entry in matching(shelf, request, sort, place):
        if skip and place is None:
            skip -= 1
        elif len(found) == limit:
            return found, cursor_behind(last)
        else:
            found.append(entry)
            last = value, uid
    return found, None


def matching(shelf: Shelf, request: Request, sort: str, place: tuple[Any, str] | None) -> Iterator[Any]:
    wanted = Wanted(request)
    for row in shelf.after(sort, place):
        if wanted.takes(row[2].record):
            yield row


class Wanted:
    """The filters of one request, read once and held against every record."""

    def __init__(self, request: Request) -> None:
        self.tags = set(request.values("filter"))
        self.tags |= {RUNS.get(app, f"app:{app}") for app in request.values("apps")}
        self.author = request.value("author")
        self.search = request.value("search").lower()
        self.task = request.value("pipeline_tag")
        self.gated = {"true": True, "false": False}.get(request.value("gated"))
        self.inference = request.value("inference")
        self.providers = set(request.values("inference_provider"))
        self.sizes = read_sizes(request.value("num_parameters"))
        self.anything = (
            not (self.tags or self.author or self.search or self.task or self.inference or self.providers or self.sizes)
            and self.gated is None
        )

    def takes(self, record: Any) -> bool:
        if not isinstance(record, dict):
            return self.anything
        if record.get("private") is True:
            return False
        return self.anything or (self.fits_name(record) and self.fits_facts(record))

    def fits_name(self, record: Record) -> bool:
        name = str(record.get("id"))
        author = record.get("author") or name.partition("/")[0]
        return (not self.author or author == self.author) and self.search in name.lower()

    def fits_facts(self, record: Record) -> bool:
        tags = record.get("tags")
        return (
            (not self.tags or (isinstance(tags, list) and all(tag in tags for tag in self.tags)))
            and (not self.task or record.get("pipeline_tag") == self.task)
            and (self.gated is None or bool(record.get("gated")) is self.gated)
            and (not self.inference or record.get("inference") == self.inference)
            and (not self.providers or self.is_served(record))
            and (not self.sizes or self.sizes[0] <= (size(record) or -1) <= self.sizes[1])
        )

    def is_served(self, record: Record) -> bool:
        mapping = record.get("inferenceProviderMapping")
        names = (
            {each.get("provider") for each in mapping if isinstance(each, dict)}
            if isinstance(mapping, list)
            else set(mapping or ())
        )
        return bool(names) if "all" in self.providers else bool(names & self.providers)


def read_sizes(written: str) -> tuple[float, float] | None:
    """`min:6B,max:128B` as a pair of numbers."""
    if not written:
        return None
    found = {"min": 0.0, "max": float("inf")}
    try:
        for part in written.split(","):
            end, _, amount = part.partition(":")
            unit = UNITS.get(amount[-1:].upper(), 1)
            found[end] = float(amount[:-1] if unit > 1 else amount) * unit
    except ValueError:
        raise refusal(400, "Invalid num_parameters parameter") from None
    return found["min"], found["max"]


def whole(request: Request, name: str, default: int) -> int:
    written = request.value(name)
    if not written:
        return default
    if not written.isdecimal() or (name == "limit" and int(written) == 0):
        raise refusal(400, f'"{name}" must be a positive number')
    return int(written)


def check_expand(request: Request, allowed: set[str]) -> list[str]:
    asked = request.values("expand")
    if not set(asked) <= allowed:
        raise refusal(400, f'"expand" must be one of [{", ".join(sorted(allowed))}]')
    return asked


def shown(entry: Entry, request: Request) -> Any:
    """The record cut to what was asked for.

    Fields the Hub does not know stay in every mode: only `publishes_record` can bring them, on purpose.
    """
    record = entry.record
    if not isinstance(record, dict):
        return record
    fields = set(PLAIN)
    if asked := request.values("expand"):
        fields = {"_id", "id", *asked}
    elif request.says("full"):
        fields |= WITH_FULL
    for option in ("cardData", "config"):
        if not asked and request.says(option):
            fields.add(option)
    answer = {name: value for name, value in record.items() if name in fields or name not in KNOWN}
    if "siblings" in fields and "siblings" not in record:
        answer["siblings"] = [{"rfilename": path} for path in sorted(entry.files)]
    return answer


def cursor_behind(place: tuple[Any, str] | None, turn: int = 0) -> str:
    written = json.dumps({"after": place, "turn": turn}).encode()
    return base64.b64encode(written).decode()


def read_cursor(cursor: str) -> tuple[Any, str] | None:
    if not cursor:
        return None
    try:
        place = json.loads(base64.b64decode(cursor, validate=True))["after"]
        return None if place is None else (place[0], str(place[1]))
    except (ValueError, KeyError, TypeError, IndexError):
        raise refusal(400, "Invalid cursor") from None


def link(request: Request, endpoint: str, cursor: str) -> str:
    """The next page's address: own host and port, every parameter of this request, the new cursor."""
    params = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
    params = [(name, value) for name, value in params if name != "cursor"] + [("cursor", cursor)]
    return f'<{endpoint}{request.path}?{urlencode(params)}>; rel="next"'
