"""From a name, an address or a package URL to the handle that we look up."""

from __future__ import annotations

import re
from typing import NamedTuple

from packageurl import PackageURL

#: Longer ones name nothing, and only cost time.
LONGEST = 2_000
HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co"})
#: The first part of an address that is no owner.
NO_MODELS = {"datasets": "a data set of the Hub, not a model", "spaces": "a Space of the Hub, not a model"} | (
    dict.fromkeys(("api", "blog", "collections", "docs", "papers"), "a page of the Hub, not a model")
)
WRITE = "write it as owner/name"
WRITE_PURL = "write pkg:huggingface/owner/name@revision"

PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}"
FULL = re.compile(rf"{PART}/{PART}")
#: A name with its revision as requirements and the Hub's tools write it, or with a range of versions.
PINNED = re.compile(rf"((?:{PART}/)?{PART})(?:\[[\w,.-]*\])?(?:(?:===?|[~!<>]=|[<>@])([\w./+*!-]+))?")
ADDRESS = re.compile(r"(?:git\+)?(https?|hf)://([^?#]*)", re.IGNORECASE)
HUB_PURL = re.compile(r"pkg:/*huggingface/", re.IGNORECASE)
AROUND = "\"'`<>()[]{}:*"


class Named(NamedTuple):
    """A handle, or why there is none."""

    handle: str
    why: str = ""


def named(text: str) -> Named:
    """What a word of a list names: ours by slug, the Hub's by name, address or package URL."""
    word = text.strip(AROUND).rstrip(".")
    if len(word) > LONGEST:
        return Named("", "too long for a name")
    if is_purl(word):
        return of_purl(word)
    if link := of_link(word):
        return link
    owner, slash, _ = word.partition("/")
    if slash and owner in NO_MODELS:
        return Named("", NO_MODELS[owner])
    found = PINNED.fullmatch(word)
    return Named(found[1]) if found else Named("", f"not a model name: {WRITE}")


def of_link(text: str) -> Named | None:
    """What an address names; nothing when the text is none."""
    found = ADDRESS.search(text)
    scheme, path = (found[1].lower(), found[2]) if found else ("", text)
    host, *parts = [part for part in path.split("/", 12) if part] or [""]
    if scheme == "hf":
        return of_path([host, *parts])
    if host.lower() in HOSTS:
        return of_path(parts)
    return Named("", "an address outside the Hub") if scheme else None


def of_path(parts: list[str]) -> Named:
    """`owner/name`, whatever file or revision stands behind it."""
    if parts and parts[0] in NO_MODELS:
        return Named("", NO_MODELS[parts[0]])
    if len(parts) < 2:
        return Named("", f"no owner: {WRITE}")
    return full(parts[0], parts[1].partition("@")[0].removesuffix(".git"))


def full(owner: str, name: str) -> Named:
    handle = f"{owner}/{name}"
    return Named(handle) if FULL.fullmatch(handle) else Named("", f"not a model name: {WRITE}")


def is_purl(text: str) -> bool:
    return text[:4].lower() == "pkg:"


def of_purl(text: str) -> Named:
    """Names keep their case. A version, which the parser folds, and a path inside are of no concern."""
    if len(text) > LONGEST:
        return Named("", "too long for a package URL")
    try:
        purl = PackageURL.from_string(f"pkg:{text[4:]}")
    except ValueError:
        return Named("", f"no package URL: {WRITE_PURL}")
    if purl.type != "huggingface":
        return Named("", f"a package of another kind ({purl.type[:40]}), not a model of the Hub")
    hub = str(dict(purl.qualifiers or {}).get("repository_url", "https://huggingface.co"))
    if hub.lower().removeprefix("https://").strip("/") not in HOSTS:
        return Named("", "from another hub, whose models we do not know")
    owner = purl.namespace or ""
    kind = owner.partition("/")[0]
    if kind in NO_MODELS:
        return Named("", NO_MODELS[kind])
    return full(owner, purl.name) if owner else Named("", f"no owner: {WRITE_PURL}")
