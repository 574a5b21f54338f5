"""The Hub's record of a model, whatever its shape, to a frozen Card; or the reason why it cannot be read.

Everything here was written by strangers. Texts lose NUL and lone surrogates, which PostgreSQL refuses, and are cut
to the room there is for them; a field of the wrong type counts as missing. Tags are read and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

HUB_ID = re.compile(r"[0-9a-f]{24}")
NAME = re.compile(r"[A-Za-z0-9_.\-]+(?:/[A-Za-z0-9_.\-]+)?")
RELATIONS = ("adapter", "finetune", "merge", "quantized")
LARGEST = 2**63 - 1
LARGEST_INTEGER = 2**31 - 1
MOST_VALUES = 20


class Unreadable(Exception):
    """Not a record of a model. `hub_id` is set when at least that could be read: the model is there."""

    def __init__(self, reason: str, *, hub_id: str = "", name: str = "") -> None:
        super().__init__(reason)
        self.reason, self.hub_id, self.name = reason, hub_id, name


@dataclass(frozen=True)
class Card:
    """One model as the Hub shows it; fields are named as the columns they go to."""

    hub_id: str
    repo_id: str
    author: str
    created_at: datetime | None
    modified_at: datetime | None
    downloads: int
    likes: int
    gate: str
    disabled: bool
    task: str
    library: str
    parameters: int | None
    declared: tuple[str, ...]
    declared_name: str
    declared_link: str
    base_models: tuple[str, ...]
    base_relation: str
    private: bool


def read(record: object) -> Card:
    if not isinstance(record, dict):
        raise Unreadable(f"the record is no object but {type(record).__name__}")
    hub_id, repo_id = identity(record)
    card = record.get("cardData")
    return read_fields(record, card if isinstance(card, dict) else {}, hub_id, repo_id)


def identity(record: dict[str, object]) -> tuple[str, str]:
    """The two ids, without which a record is nobody's."""
    hub_id, repo_id = record.get("_id"), record.get("id")
    name = text(repo_id, 200)
    hub_id = hub_id.lower() if isinstance(hub_id, str) and len(hub_id) == 24 else ""
    if not HUB_ID.fullmatch(hub_id):
        raise Unreadable("`_id` is not 24 hexadecimal digits", name=name)
    if not isinstance(repo_id, str) or len(repo_id) > 200 or not NAME.fullmatch(repo_id):
        raise Unreadable("`id` is not a name like owner/name of at most 200 letters", hub_id=hub_id, name=name)
    if any(part in {".", ".."} for part in repo_id.split("/")):
        raise Unreadable("`id` is a path, not a name", hub_id=hub_id, name=name)
    return hub_id, repo_id


def read_fields(record: dict[str, object], card: dict[str, object], hub_id: str, repo_id: str) -> Card:
    tags = record.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    owner = repo_id.rpartition("/")[0] or text(record.get("author"), 100)
    return Card(
        hub_id=hub_id,
        repo_id=repo_id,
        author=owner[:100],
        created_at=moment(record.get("createdAt")),
        modified_at=moment(record.get("lastModified")),
        downloads=number(record.get("downloads")) or 0,
        likes=min(number(record.get("likes")) or 0, LARGEST_INTEGER),
        gate=gate(record.get("gated")),
        disabled=record.get("disabled") is True,
        task=text(record.get("pipeline_tag"), 60),
        library=text(record.get("library_name"), 60),
        parameters=parameters(record.get("safetensors")),
        declared=texts(card.get("license"), 100) or texts(list(tagged(tags, "license:")), 100),
        declared_name=text(card.get("license_name"), 200),
        declared_link=next(iter(texts(card.get("license_link"), 500)), ""),
        base_models=texts(card.get("base_model"), 200),
        base_relation=relation(card.get("base_model_relation"), tags),
        private=record.get("private") is True,
    )


def text(value: object, longest: int) -> str:
    """A text cut to its room, without what PostgreSQL refuses. Cut first: a stranger's text may be huge."""
    if not isinstance(value, str):
        return ""
    near = value[: 4 * longest]
    if not near.isascii():
        near = near.encode("utf-8", "ignore").decode()
    return near.replace("\0", "").strip()[:longest]


def texts(value: object, longest: int) -> tuple[str, ...]:
    """One text or a list of them, each once, the first twenty."""
    values = value if isinstance(value, list) else [value]
    found = (text(each, longest) for each in values[: 10 * MOST_VALUES])
    return tuple(dict.fromkeys(each for each in found if each))[:MOST_VALUES]


def tagged(tags: list[str], beginning: str) -> Iterator[object]:
    return (tag[len(beginning) :] for tag in tags if tag.startswith(beginning))


def relation(value: object, tags: list[str]) -> str:
    """How the model was made from its base: the card's word, or what the Hub made of it in the tags."""
    if isinstance(value, str) and value in RELATIONS:
        return value
    inferred = (each for each in RELATIONS if next(tagged(tags, f"base_model:{each}:"), None))
    return next(inferred, "")


def gate(value: object) -> str:
    """A gate we cannot name is still a gate."""
    if value is True or (isinstance(value, str) and value):
        return "auto" if value == "auto" else "manual"
    return ""


def number(value: object) -> int | None:
    """Whole and not negative; True is not 1, and no float comes this way."""
    return value if type(value) is int and 0 <= value <= LARGEST else None


def parameters(value: object) -> int | None:
    return number(value.get("total")) if isinstance(value, dict) else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 moment with its zone. A bare date or a number tells no moment."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
