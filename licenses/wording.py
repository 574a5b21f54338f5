"""What a text says, apart from how it is written down: the same words are the same wording. Pure.

Two hashes tell texts apart: of the bytes (`raw_digest`), and of the words (`digest`), which line ends, spacing, quotes,
dashes, invisible characters and look-alikes leave alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: No license is longer; a larger file is something else.
LARGEST = 2**20
#: Bidirectional overrides, zero-width marks, soft hyphens, controls: nobody reads them, and some deceive.
UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
ALIKE = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼ", "'")
    | dict.fromkeys("“”„‟″«»「」『』", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("•●▪‣◦·∙", "*")
)
#: Chinese, Japanese and Korean are written without spaces, and wrapped anywhere: each character is a word.
WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
#: A number keeps its separators, so that 1.5 is not 15; signs that count stand alone; other punctuation is no word.
TOKEN = re.compile(rf"[{WIDE}]|\d+(?:[.,:/]\d+)*|[^\W\d_{WIDE}]+(?:'[^\W\d_{WIDE}]+)*|[%$€£¥₩<>=§+&@]")
COPYRIGHT = re.compile(r"^\W*(?:copyright\b|\(c\)|©).*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign, and where it stands in the text."""

    text: str
    start: int
    end: int


def readable(text: str) -> str:
    """The text as we keep and show it: one form of every character, line and blank; the words as they were."""
    text = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(ALIKE)
    text = "".join(c if c in "\n\t" or unicodedata.category(c) not in UNSEEN else "" for c in text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def tokens(text: str) -> Iterator[Token]:
    """The words of a readable text, in order."""
    return (Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text))


def raw_digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def digest(text: str) -> str:
    """SHA-256 of the words alone: texts that differ in line ends, spacing, quotes or encoding have the same."""
    return hashlib.sha256(" ".join(TOKEN.findall(readable(text))).encode()).hexdigest()
