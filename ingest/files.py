"""Which files of a repository are license texts, and which words of a model card are. Pure.

The list of files was written by strangers: whatever is no plain path with a hash is left out or has no hash here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

CARD = "README.md"
MOST_FILES = 20
MOST_LISTED = 200_000
LONGEST_PATH = 300
HASH = re.compile(r"[0-9a-f]{40}")
ODD = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
NAMES = ("license", "licence", "copying", "use_policy", "notice")
#: Named like a license, and no text.
NO_TEXTS = (
    ".bin", ".c", ".csv", ".gif", ".gguf", ".go", ".ipynb", ".jpeg", ".jpg", ".js", ".json", ".jsonl", ".npy", ".onnx",
    ".parquet", ".pickle", ".pkl", ".png", ".pt", ".pth", ".py", ".rs", ".safetensors", ".sh", ".svg", ".toml", ".ts",
    ".webp", ".yaml", ".yml", ".zip",
)  # fmt: skip
POINTER = b"version https://git-lfs.github.com/spec/"

#: With backticks behind it on its line it is code within a sentence.
FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)")
UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
SPEAKS_OF_LICENSE = re.compile(
    r"licen[cs]|\bterms\b(?<!in terms)|\bus(?:e|age) polic|acceptable use"
    r"|许可|許可|协议|協議|授权|授權|ライセンス|라이선스",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the Hub lists it; without `blob` its content cannot be checked."""

    path: str
    blob: str
    size: int
    is_lfs: bool


def listed(record: object) -> Iterator[Listed]:
    """The files of a record, each path once."""
    siblings = record.get("siblings") if isinstance(record, dict) else None
    met: set[str] = set()
    for each in islice(siblings if isinstance(siblings, list) else [], MOST_LISTED):
        path = each.get("rfilename") if isinstance(each, dict) else None
        if isinstance(path, str) and path not in met and is_plain(path):
            met.add(path)
            yield Listed(path, blob_in(each), size_in(each), each.get("lfs") is not None)


def is_plain(path: str) -> bool:
    """A path inside the repository that can be stored and asked for."""
    return (
        0 < len(path) <= LONGEST_PATH
        and not ODD.search(path)
        and not any(part in {"", ".", ".."} for part in path.split("/"))
    )


def blob_in(sibling: dict[str, object]) -> str:
    blob = sibling.get("blobId")
    return blob if isinstance(blob, str) and HASH.fullmatch(blob) else ""


def size_in(sibling: dict[str, object]) -> int:
    size = sibling.get("size")
    return size if type(size) is int and size > 0 else 0


def chosen(files: Iterable[Listed], watched: Collection[str] = ()) -> list[Listed]:
    """The watched paths and the model card, then license files up to the limit, the nearest to the root first."""
    named, others = [], []
    for file in files:
        if file.path in watched or file.path == CARD:
            named.append(file)
        elif is_license(file.path):
            others.append(file)
    return named + sorted(others, key=lambda file: (file.path.count("/"), file.path))[: max(MOST_FILES - len(named), 0)]


def is_license(path: str) -> bool:
    """By its name: in the root, or under one of the usual names one folder down."""
    *folders, name = path.lower().split("/")
    if len(folders) > 1 or name.endswith(NO_TEXTS):
        return False
    return name.startswith(NAMES) or (not folders and is_text_about_license(name))


def is_text_about_license(name: str) -> bool:
    return name.endswith((".md", ".txt")) and ("license" in name or "licence" in name)


def blob_of(raw: bytes) -> str:
    """The name git gives to a content."""
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def is_pointer(raw: bytes) -> bool:
    """Stands for a file that is kept elsewhere."""
    return raw.startswith(POINTER)


class Head(NamedTuple):
    """A heading of a Markdown text, and the number of its line."""

    line: int
    level: int
    title: str


def license_section(card: str) -> str:
    """The parts of a model card whose heading speaks of license or terms, each to the next heading of its rank."""
    lines = body(card.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    heads = [*headings(lines), Head(len(lines), 0, "")]
    found: list[str] = []
    start, rank = None, 0
    for head in heads:
        if start is not None and head.level <= rank:
            found.append("\n".join(lines[start : head.line]).strip())
            start = None
        if start is None and SPEAKS_OF_LICENSE.search(head.title[:200]):
            # A card whose title speaks of it is not all license.
            start, rank = head.line, 6 if head is heads[0] and head.level == 1 else head.level
    return "\n\n".join(found)


def body(lines: list[str]) -> list[str]:
    """Without the YAML header."""
    if lines[0].rstrip() != "---":
        return lines
    return next((lines[number + 1 :] for number, line in enumerate(lines) if number and line.rstrip() == "---"), lines)


def headings(lines: list[str]) -> Iterator[Head]:
    """Headings outside of code blocks, in both spellings: marked, or underlined after a blank line."""
    fence = ""
    for number, line in enumerate(lines):
        if mark := FENCE.match(line):
            fence = after_fence(fence, mark.group(1), line)
        elif fence:
            continue
        elif marked := HEADING.match(line):
            yield Head(number, len(marked.group(1)), marked.group(2))
        elif is_underlined(lines, number):
            yield Head(number, 1 if "=" in lines[number + 1] else 2, line)


def after_fence(fence: str, mark: str, line: str) -> str:
    """The fence that is open after this line: a block ends with the same sign, at least as long and alone."""
    if not fence:
        return mark
    is_end = mark.startswith(fence) and not line.strip().strip(mark[0])
    return "" if is_end else fence


def is_underlined(lines: list[str], number: int) -> bool:
    is_alone = number == 0 or not lines[number - 1].strip()
    follows = lines[number + 1] if number + 1 < len(lines) else ""
    return bool(is_alone and lines[number].strip() and UNDERLINE.fullmatch(follows))
