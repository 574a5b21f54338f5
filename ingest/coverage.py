"""How many models of a table the rules resolve, what the rest declare, and whether people judged alike.

A table is JSON Lines or CSV, packed by gzip or not, with a model in each row. Columns that are understood: `id` or
`model_id`, `author`, `tags` (with `license:…` among them), `license`, and a person's answer in
`suggested_license_name` and `suggested_license_link`.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from licenses.spelling import spelling

from .rules.identify import Book

OTHER = "other"
LICENSE_TAG = "license:"


class TableRefused(Exception):
    """Not such a table."""


@dataclass(frozen=True)
class Declaration:
    """What one model declares, and what a person proposed for it."""

    repo_id: str
    author: str
    declared: tuple[str, ...]
    declared_name: str = ""
    declared_link: str = ""
    hub_id: str = ""
    proposed: Declaration | None = None


@dataclass
class Coverage:
    """Models, those that declare a license, those that the rules resolve; the same for the tag `other`."""

    models: int = 0
    declaring: int = 0
    resolved: int = 0
    resolved_declaring: int = 0
    other: int = 0
    other_resolved: int = 0
    signals: Counter[str] = field(default_factory=Counter)
    unresolved: Counter[str] = field(default_factory=Counter)
    proposed: int = 0
    proposals_known: int = 0
    judged: int = 0
    agreed: int = 0
    disagreements: list[str] = field(default_factory=list)


def coverage(models: Iterable[Declaration], book: Book) -> Coverage:
    found = Coverage()
    for model in models:
        count(found, model, book)
        if model.proposed:
            judge(found, model, model.proposed, book)
    return found


def count(found: Coverage, model: Declaration, book: Book) -> None:
    finding = book.identify(model)
    is_resolved, is_other = finding.license_id is not None, OTHER in model.declared
    found.models += 1
    found.declaring += bool(model.declared)
    found.resolved += is_resolved
    found.resolved_declaring += bool(model.declared) and is_resolved
    found.other += is_other
    found.other_resolved += is_other and is_resolved
    if is_resolved:
        found.signals[finding.rule.partition(":")[0]] += 1
    elif model.declared:
        tags = ", ".join(model.declared)
        found.unresolved[f"{tags}: {spelling(model.declared_name)}" if model.declared_name else tags] += 1


def judge(found: Coverage, model: Declaration, proposed: Declaration, book: Book) -> None:
    """Our rules on the model as it stands, beside our rules on what a person would have it say."""
    ours, theirs = book.identify(model), book.identify(proposed)
    found.proposed += 1
    found.proposals_known += theirs.license_id is not None
    if ours.license_id is not None and theirs.license_id is not None:
        found.judged += 1
        found.agreed += ours.license_id == theirs.license_id
        if ours.license_id != theirs.license_id:
            found.disagreements.append(f"{model.repo_id}: {ours.rule}, a person says {proposed.declared_name}")


def declarations(path: Path, *, tag: str = "") -> Iterator[Declaration]:
    """The models of a table; `tag` is what they declare where the table says nothing. Raises TableRefused."""
    try:
        with opened(path) as file:
            for row in rows(file, is_csv=".csv" in path.suffixes):
                yield declaration(row, tag)
    except (OSError, EOFError, ValueError, zlib.error, csv.Error) as error:
        raise TableRefused(f"{path}: {error}") from error


def opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def rows(file: TextIO, *, is_csv: bool) -> Iterator[dict[str, Any]]:
    found = csv.DictReader(file) if is_csv else (json.loads(line) for line in file if line.strip())
    for row in found:
        if not isinstance(row, dict) or not (text(row.get("id")) or text(row.get("model_id"))):
            raise ValueError("a row has neither “id” nor “model_id”")
        yield row


def declaration(row: dict[str, Any], tag: str = "") -> Declaration:
    repo_id = plain(text(row.get("id")) or text(row.get("model_id")))
    said = text(row.get("license")) or tag
    listed = row["tags"] if isinstance(row.get("tags"), list) else text(row.get("tags")).split(",")
    tags = tuple(one.strip().removeprefix(LICENSE_TAG) for one in map(text, listed) if LICENSE_TAG in one)
    named = said if tags == (OTHER,) and said != OTHER else ""
    name, link = (text(row.get(f"suggested_license_{field}")) for field in ("name", "link"))
    return Declaration(
        repo_id=repo_id,
        author=text(row.get("author")) or repo_id.partition("/")[0],
        declared=tags or ((said,) if said else ()),
        declared_name=named,
        proposed=Declaration("", "", (OTHER,), name, link) if name or link else None,
    )


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def plain(name: str) -> str:
    """`[owner/name](address)` → `owner/name`"""
    link = re.fullmatch(r"\[([^\]]+)\]\(.*\)", name.strip())
    return link[1] if link else name.strip()
