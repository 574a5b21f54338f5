"""What a text says, apart from how it is written down: the same words are the same wording. Pure.

`decode` makes a text of what somebody put into a file, `fault` tells what cannot be terms, `weigh` whether a change
changed words. Two hashes tell texts apart: of the bytes (`raw_digest`), and of the words (`digest`), which line ends,
spacing, quotes, dashes, letter case, invisible characters and look-alikes leave alone.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

#: In bytes. The longest license we know has 35,000.
LARGEST = 2**20
#: Real licenses exist of 30 words; "Apache 2.0, see the website" only points to terms.
FEWEST_WORDS = 20
#: An error or login page has few words; terms that speak of passwords have many.
PAGE_WORDS = 120

#: Accents and vowel signs, of the scripts in use.
MARKS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c)[0] == "M")
SORTED = MARKS + "ﾞﾟ" + "".join(c for c in map(chr, range(0x10000, 0x1F000)) if unicodedata.combining(c))
#: No script needs so many marks on one letter, and sorting them takes the square of their number.
STACKED = re.compile(f"([{SORTED}]{{8}})[{SORTED}]+")
#: Variation selectors, fillers and joiners, which nobody sees though they count as marks or letters.
HIDDEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"
SELECTORS = map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
ALIKE = str.maketrans(
    dict.fromkeys((*HIDDEN, *SELECTORS), "")
    | dict.fromkeys("‘’‚‛′`´ʼ‹›", "'")
    | dict.fromkeys("“”„‟″«»「」『』〝〞〟", '"')
    | dict.fromkeys("‐‑‒–—―−﹘﹣－⸺⸻", "-")
    | dict.fromkeys("•●▪‣◦", "*")
    | dict.fromkeys("⁄∕", "/")
)
#: Without a sign, 10²⁶ would become 1026.
RAISED = re.compile("[⁰¹²³⁴-⁹]+")
#: Chinese, Japanese and Korean are written without spaces, and wrapped anywhere: each character is a word.
WIDE = r"\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS = rf"[^\W\d_{WIDE}]+"
#: A number keeps its separators, so that 1.5 is not 15; signs that count stand alone, unless they draw a line (====);
#: other punctuation is no word.
TOKEN = re.compile(
    rf"(?=\w)[{WIDE}]|\d+(?:[.,:/]\d+)*|{LETTERS}(?:(?:'|[{MARKS}]+){LETTERS})*[{MARKS}]*"
    r"|[%‰$¢£¥\u20a0-\u20cf§&@≤≥≠±×]|(?<![<>=+])(?:[<>]=|[<>=+])(?![<>=+])"
)
COPYRIGHT = re.compile(r"^[^\w\n]*(?:copyright\b|\(c\)|©).*$", re.IGNORECASE | re.MULTILINE)
#: A copyright sign with the years right behind it. "(c)" alone may count clauses, and 2000 may be users.
YEARS = re.compile(
    r"(?:\bcopyright\b(?:[\s():,©]|\bc\b){0,8}|版权所有[\s():,©c]{0,8}|©\s{0,3})"
    r"(?:19|20)\d\d(?:\s?[-,]\s?(?:(?:19|20)\d\d|present))*(?!\w|[.,:/]\d)",
    re.IGNORECASE,
)

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: No Unicode text has them; a tab, a line end or a form feed is none of them.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

ERROR_PAGE = re.compile(
    r"\b(?:4[01]\d|429|451|50[0-4])\b[\s:,-]{0,3}"
    r"(?:error|not found|forbidden|unauthorized|gone|too many|bad|gateway|service|internal|unavailable)"
    r"|\b(?:entry|file|page|repository|revision|model) (?:was )?not found\b|\binvalid username or password\b"
    r"|\baccess to (?:model|dataset) .{1,200} is restricted\b|\baccess ?denied\b|\bauthorized list\b"
    r"|\brate[ -]limit(?:ed|ing)? (?:exceeded|reached|your|for)|\b(?:exceeded|reached) (?:the|your) .{0,20}rate limit"
    r"|\btoo many requests\b|\bbad gateway\b|\bgateway time-?out\b|\binternal server error\b"
    r"|\bservice (?:is )?(?:temporarily )?unavailable\b|\benable javascript\b|\bchecking your browser\b",
    re.IGNORECASE,
)
LOGIN = re.compile(r"\b(?:log|sign) ?in\b", re.IGNORECASE)
ACCOUNT = re.compile(r"\bpassword\b|\b(?:log|sign) ?in with\b|\bsign ?up\b|\bcreate an account\b", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?。]|\n\n")


class NotText(ValueError):
    """What came is no text that could be terms. The message tells a curator what it is, and what to do."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign, and where it stands in the text."""

    text: str
    start: int
    end: int


def readable(text: str) -> str:
    """The text as we keep and show it: one form of every character, line and blank; the words as they were."""
    text = "\n".join(map(visible, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))
    text = RAISED.sub(lambda found: f"^{found.group()}", text)
    text = STACKED.sub(r"\1", text.translate(ALIKE))
    text = STACKED.sub(r"\1", unicodedata.normalize("NFKC", text).translate(ALIKE))
    text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def visible(line: str) -> str:
    """Without zero-width marks, bidirectional overrides, soft hyphens and controls: nobody reads them, some deceive."""
    return line if line.isprintable() else "".join(c for c in line if c.isprintable() or c.isspace())


def tokens(text: str) -> Iterator[Token]:
    """The words of a readable text, in order."""
    return (Token(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text))


def folded(text: str) -> list[str]:
    """The words of a readable text whatever their case: licenses shout, and stop shouting, without meaning more."""
    return [word.casefold() for word in TOKEN.findall(text)]


def raw_digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def digest(text: str) -> str:
    """SHA-256 of the words alone: texts that differ in line ends, spacing, quotes, case or encoding have the same."""
    return hashlib.sha256(" ".join(folded(readable(text))).encode()).hexdigest()


def decode(raw: bytes) -> str:
    """The readable text of a file. Raises NotText, and nothing else, whatever the bytes."""
    if len(raw) > LARGEST:
        raise NotText("This is larger than 1 MiB: no license is. Look for the right file.")
    if b"%PDF-" in raw[:1024]:
        raise NotText("This is a PDF, not a text: put the words into a text file.")
    if raw.startswith(b"version https://git-lfs.github.com/spec/"):
        raise NotText("This is a Git LFS pointer, not the file itself: fetch the file it points to.")
    text = characters(raw)
    if "\0\0" in text or len(CONTROLS.findall(text)) > 2 + len(text) // 50:
        raise NotText("This is binary data, not a text: put the words into a text file.")
    if is_html(text):
        raise NotText("This is a web page, not a text: put the words into a text file.")
    if is_json(text):
        raise NotText("This is JSON, not a text: most likely the answer of a server that refused.")
    text = readable(text)
    if not text:
        raise NotText("This file is empty.")
    if len(text) > LARGEST:
        raise NotText("This has more than a million characters: no license has. Look for the right file.")
    return text


def characters(raw: bytes) -> str:
    """By its byte order mark, else UTF-8, else what the other bytes make most sense in."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw.removeprefix(mark).decode(encoding, "replace")
    utf8 = raw.decode(errors="replace")
    wrong, right = utf8.count("\ufffd"), sum(not c.isascii() for c in utf8)
    if wrong <= right - wrong:  # All of it, or a text with a few bytes of another encoding.
        return utf8
    chinese = raw.decode("gb18030", "replace")
    return chinese if is_chinese(chinese) else raw.decode("cp1252", "replace")


def is_chinese(text: str) -> bool:
    """Its characters come in rows. In a Western text that was read as Chinese they stand alone, between letters."""
    in_rows = sum(map(len, re.findall(rf"[{WIDE}]{{3,}}", text)))
    return in_rows * 2 > sum(not c.isascii() for c in text)


def is_html(text: str) -> bool:
    """The whole is a page; Markdown with some tags within is not."""
    head = text[:4096].lstrip("\ufeff \t\r\n")[:1024].lower()
    return head.startswith("<") and ("<!doctype html" in head or re.search(r"<html[\s>]", head) is not None)


def is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def fault(text: str, before: str = "", *, fewest: int = FEWEST_WORDS) -> str:
    """Why a readable text cannot be the terms, given the ones before; nothing when it may be.

    A notice or a section of a model card may have fewer words than terms.
    """
    count = sum(1 for _ in TOKEN.finditer(text))
    if is_json(text):
        return "This is JSON, not terms."
    if count <= PAGE_WORDS and ERROR_PAGE.search(text):
        return "This is an error page, not terms."
    if count <= PAGE_WORDS and LOGIN.search(text) and ACCOUNT.search(text):
        return "This is a login page, not terms."
    if count < fewest:
        return f"{count} word{'' if count == 1 else 's'}: too short to be terms."
    return cut_off(text, before) if before else ""


def cut_off(text: str, before: str) -> str:
    """Why it looks like the start of the earlier text, and not like one whose last paragraphs were taken out."""
    now, was = list(tokens(text)), list(tokens(before))
    kept = len(now)
    if kept >= len(was) or any(a.text.casefold() != b.text.casefold() for a, b in zip(now[:-1], was, strict=False)):
        return ""
    last, old = now[-1].text.casefold(), was[kept - 1].text.casefold()
    if not old.startswith(last):
        return ""
    if last != old or not SENTENCE_END.search(before, was[kept - 1].end, was[kept].start):
        return f"It breaks off in mid-sentence, after {kept:,} of {len(was):,} words."
    return f"It breaks off after {kept:,} of {len(was):,} words." if kept * 2 < len(was) else ""


def weigh(before: str, after: str) -> str:
    """`cosmetic` when two readable texts have the same words, else `substantive`.

    A number, a sign and a copyright holder are words; letter case is none, nor are the years behind a copyright sign.
    """
    same = folded(YEARS.sub(" copyright ", before)) == folded(YEARS.sub(" copyright ", after))
    return "cosmetic" if same else "substantive"
