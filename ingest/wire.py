"""The Hub's JSON to plain values, so that one odd record costs itself and not its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

LONGEST_NUMBER = 20
TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},]', re.DOTALL)


def whole_number(digits: str) -> int | None:
    """No number of ours is longer, and reading thousands of digits takes its time or is refused."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def parse(body: bytes) -> object:
    """The content of an answer; ValueError when it is not whole JSON."""
    try:
        return json.loads(body, parse_int=whole_number)
    except RecursionError:
        return [element(part) for part in elements(body)]


def element(part: bytes) -> object:
    """A record nested too deep to be read stays the text it is, which nobody takes for a record."""
    try:
        return json.loads(part, parse_int=whole_number)
    except RecursionError:
        return part.strip()[:4000].decode("utf-8", "replace")


def elements(body: bytes) -> Iterator[bytes]:
    """The parts of a JSON array, cut at the commas of its own level."""
    depth, start = 0, 0
    for token in TOKEN.finditer(body):
        mark = token.group()
        if mark in (b"[", b"{"):
            depth += 1
            start = token.end() if depth == 1 else start
        elif mark in (b"]", b"}"):
            depth -= 1
        if depth == 0 or (depth == 1 and mark == b","):
            yield body[start : token.start()]
            start = token.end()
        if depth == 0:
            return
    raise ValueError("the text ends too early")
