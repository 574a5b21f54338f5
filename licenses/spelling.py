"""One spelling for what publishers write in many: license tags and names, addresses, repositories. Plain Python.

Rules hold these spellings and what models declare is brought to them, so each function leaves its own result alone.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote, urlsplit

#: A file's address says which branch or commit; the license stays the same one.
REVISION_MARKS = frozenset({"blob", "raw", "resolve", "tree"})


def spelling(text: str) -> str:
    """One spelling for all: `Llama 3.1_Community` is `llama-3.1-community`."""
    # Folding the case may leave a few letters decomposed.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "-".join(folded.replace("_", " ").replace("-", " ").split())


def address(link: str) -> str:
    """One form for the many addresses of a page: host and path, without branch. A file name alone tells nothing."""
    try:
        parts = urlsplit(link.strip())
        host = parts.hostname or ""
    except ValueError:
        return ""
    while host.startswith("www."):
        host = host.removeprefix("www.")
    if parts.scheme.lower() not in {"http", "https"} or not host or ":" in host:
        return ""
    path = [part for part in unquote(parts.path).casefold().split("/") if part]
    # Quoted again, as a question mark within a path would begin a query the next time.
    return "/".join([host, *(quote(part, errors="replace").lower() for part in without_revision(path))])


def without_revision(path: list[str]) -> list[str]:
    """`owner/name/blob/main/LICENSE` to `owner/name/LICENSE`."""
    while len(path) > 3 and path[2] in REVISION_MARKS:
        path = path[:2] + path[4:]
    return path


def normal(signal: str, value: str) -> str:
    """The spelling of a rule's value, as its signal asks for."""
    if signal == "link":
        return address(value if "//" in value else f"https://{value}")
    return value.casefold() if signal == "repo" else spelling(value)
