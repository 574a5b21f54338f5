"""Which form a list has, and what stands in it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable

from .cyclonedx import read_cyclonedx
from .lines import read_lines
from .listing import Entry, Form, Gathered, Listing, Unreadable
from .naming import named
from .spdx import read_spdx_2, read_spdx_3
from .values import kind, record, text

#: In bytes. 20,000 names of 200 letters have 4 MB.
LARGEST = 5 * 2**20
DEEPEST = 100
#: Objects and lists. Of 5 MiB each would have 20 bytes; real ones have more.
MOST_PARTS = 250_000
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NO_JSON = "this begins as JSON and goes on as none: export or copy it again."
ONLY_NAMED_JSON = "is not valid JSON, although the file is named .json: name a list of lines .txt."
NEITHER = 'this JSON is no list of models: paste CycloneDX or SPDX JSON, or a list such as ["owner/name"].'


def read(data: bytes | str, name: str = "") -> Listing:
    """What a pasted list or an uploaded file names. `name` is the file's, whose ending may tell that it is JSON."""
    said = characters(data.encode(errors="ignore") if isinstance(data, str) else data)
    if not said.strip():
        raise Unreadable("this is empty: paste one name a line, such as owner/name.")
    if name.lower().endswith(".json") or said.lstrip().startswith(("{", "[")):
        return read_json(parsed(said))
    return read_lines(said).listing(Form.LINES)


def characters(raw: bytes) -> str:
    """UTF-8, or UTF-16 that says so. Without what no text has: it would break the page and the database."""
    if len(raw) > LARGEST:
        raise Unreadable(f"more than {LARGEST // 2**20} MiB: split the list.")
    encoding = "utf-16" if raw.startswith(WIDE_MARKS) else "utf-8-sig"
    try:
        return raw.decode(encoding).replace("\0", "")
    except UnicodeDecodeError as error:
        form = "UTF-16" if encoding == "utf-16" else "UTF-8"
        raise Unreadable(f"this file is not {form} text (byte {error.start + 1}): save it as UTF-8.") from None


def parsed(said: str) -> object:
    """Numbers tell us nothing, so one with a million digits need not be counted out."""
    try:
        document = json.loads(said, parse_int=float)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(NO_JSON if said.lstrip().startswith(("{", "[")) else ONLY_NAMED_JSON, place) from None
    except RecursionError:
        raise too_deep() from None
    level, parts = [document], 0
    for _ in range(DEEPEST):
        level = [child for value in level for child in children(value) if isinstance(child, dict | list)]
        parts += len(level)
        if parts > MOST_PARTS:
            raise Unreadable(f"more than {MOST_PARTS:,} objects and lists in it: split the list.")
        if not level:
            return document
    raise too_deep()


def too_deep() -> Unreadable:
    return Unreadable(f"nested more than {DEEPEST} deep: no bill of materials is. Export it again.")


def children(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def read_json(document: object) -> Listing:
    if isinstance(document, list):
        return read_items(document).listing(Form.JSON)
    if not isinstance(document, dict):
        raise Unreadable(NEITHER)
    if document.get("bomFormat") == "CycloneDX":
        return read_cyclonedx(document).listing(Form.CYCLONEDX)
    if "spdxVersion" in document:
        return read_spdx_2(document).listing(Form.SPDX_2)
    if "@graph" in document or "spdx.org/rdf/" in str(document.get("@context"))[:1000]:
        return read_spdx_3(document).listing(Form.SPDX_3)
    raise Unreadable(NEITHER)


def read_items(items: list[object]) -> Gathered:
    """Names, or records as the Hub's own listing has them."""
    gathered = Gathered()
    for number, item in enumerate(items):
        place = f"[{number}]"
        if not isinstance(item, str):
            if not isinstance(item, dict):
                raise Unreadable(f'is {kind(item)}; write a name such as "owner/name".', place)
            key = "id" if "id" in item else "modelId"
            place = f"{place}.{key}"
            item = text(record(item, place).get(key), place)
        handle, why = named(item) if item.strip() else ("", "no name")
        gathered.add(Entry(handle, place, item, why=why))
    return gathered
