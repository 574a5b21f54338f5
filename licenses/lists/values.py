"""What stands under a key of somebody's JSON, of the type that belongs there; else the place and the cure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .listing import Unreadable

Record = dict[str, Any]

KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", float: "a number"}
NAME_IS = "a name is text"
PURL_IS = "a package URL is text such as pkg:huggingface/org/name"


def kind(value: object) -> str:
    return KINDS.get(type(value), "nothing")


def text(value: object, place: str, cure: str = NAME_IS) -> str:
    """The text; null is none."""
    if value is None or isinstance(value, str):
        return value or ""
    raise Unreadable(f"is {kind(value)}; {cure}.", place)


def record(value: object, place: str) -> Record:
    if value is None or isinstance(value, dict):
        return value or {}
    raise Unreadable(f"is {kind(value)}; an object in braces belongs there.", place)


def records(value: object, place: str) -> Iterator[tuple[str, Record]]:
    """The objects of a list, each with its place."""
    if value is not None and not isinstance(value, list):
        raise Unreadable(f"is {kind(value)}; a list in brackets belongs there.", place)
    for number, item in enumerate(value or ()):
        at = f"{place}[{number}]"
        yield at, record(item, at)
