"""Checks feeds against what RSS 2.0, RFC 4287, RFC 5005 and JSON Feed 1.1 require; strict XML, nothing forgiven."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


def absolute(address: str | None) -> str:
    parts = urlsplit(address or "")
    assert parts.scheme in ("http", "https"), address
    assert parts.netloc, address
    assert not set(address or "") & set(' <>"{}|\\^`'), address
    return address or ""


def moment(text: str | None) -> datetime:
    assert text is not None
    assert RFC_3339.fullmatch(text), text
    return datetime.fromisoformat(text)


def only(parent: ElementTree.Element, tag: str) -> ElementTree.Element:
    found = parent.findall(tag)
    assert len(found) == 1, f"{len(found)} of {tag}"
    return found[0]


def unique(ids: list[str]) -> list[str]:
    assert all(ids)
    assert len(set(ids)) == len(ids)
    return ids


def relations(parent: ElementTree.Element) -> dict[str, str]:
    """Relation → address; each once."""
    links = parent.findall(f"{ATOM}link")
    found = {link.get("rel", "alternate"): absolute(link.get("href")) for link in links}
    assert len(found) == len(links)
    return found


def check_history(parent: ElementTree.Element, found: dict[str, str], address: str) -> None:
    """RFC 5005, section 4."""
    archived = parent.find(f"{FH}archive") is not None
    assert archived == ("archive=" in address)
    assert "current" in found
    if archived:
        assert "archive=" not in found["current"]
    else:
        assert found["current"] == found["self"]
        assert "next-archive" not in found


def check_rss(body: bytes, address: str) -> list[str]:
    root = ElementTree.fromstring(body)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = only(root, "channel")
    assert only(channel, "title").text
    assert only(channel, "description").text
    absolute(only(channel, "link").text)
    assert only(channel, "language").text == "en"
    assert RFC_822.fullmatch(only(channel, "lastBuildDate").text or "")
    found = relations(channel)
    assert found["self"].endswith(address)
    check_history(channel, found, address)
    for item in channel.findall("item"):
        assert only(item, "title").text
        assert only(item, "description").text
        absolute(only(item, "link").text)
        assert RFC_822.fullmatch(only(item, "pubDate").text or "")
        parsedate_to_datetime(only(item, "pubDate").text or "")
        assert only(item, "guid").get("isPermaLink") == "false"
        moment(only(item, f"{ATOM}updated").text)
        assert all(one.get("domain") and one.text for one in item.findall("category"))
    return unique([only(item, "guid").text or "" for item in channel.findall("item")])


def check_atom(body: bytes, address: str) -> list[str]:
    root = ElementTree.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert only(root, f"{ATOM}title").text
    assert urlsplit(only(root, f"{ATOM}id").text or "").scheme == "tag"
    assert only(only(root, f"{ATOM}author"), f"{ATOM}name").text
    updated = moment(only(root, f"{ATOM}updated").text)
    found = relations(root)
    assert found["self"].endswith(address)
    assert "alternate" in found
    check_history(root, found, address)
    for entry in root.findall(f"{ATOM}entry"):
        assert only(entry, f"{ATOM}title").text
        assert only(entry, f"{ATOM}content").get("type") == "html"
        assert only(entry, f"{ATOM}content").text
        assert only(entry, f"{ATOM}summary").get("type") == "text"
        assert moment(only(entry, f"{ATOM}published").text) <= moment(only(entry, f"{ATOM}updated").text) <= updated
        assert relations(entry).keys() == {"alternate"}
        assert all(one.get("scheme") and one.get("term") for one in entry.findall(f"{ATOM}category"))
    ids = unique([only(entry, f"{ATOM}id").text or "" for entry in root.findall(f"{ATOM}entry")])
    assert all(urlsplit(one).scheme == "tag" for one in ids)
    return ids


def check_json(body: bytes, address: str) -> list[str]:
    feed: dict[str, Any] = json.loads(body.decode("utf-8", "strict"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert absolute(feed["feed_url"]).endswith(address)
    absolute(feed["home_page_url"])
    if "next_url" in feed:
        assert absolute(feed["next_url"]) != feed["feed_url"]
    assert all(one.get("name") or one.get("url") for one in feed["authors"])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        absolute(item["url"])
        assert item["content_html"]
        assert moment(item["date_published"]) <= moment(item["date_modified"])
        assert all(isinstance(tag, str) and tag for tag in item["tags"])
        # Only the specification's own names, or extensions.
        assert item.keys() - JSON_ITEM == {"_openness"}
    return unique([item["id"] for item in feed["items"]])


JSON_ITEM = {"id", "url", "title", "content_html", "summary", "date_published", "date_modified", "tags"}
CHECKS: dict[str, tuple[str, Callable[[bytes, str], list[str]]]] = {
    "rss": ("application/rss+xml; charset=utf-8", check_rss),
    "atom": ("application/atom+xml; charset=utf-8", check_atom),
    "json": ("application/feed+json; charset=utf-8", check_json),
}


def ids(client: Any, address: str) -> list[str]:
    """The entries of a valid feed, as the keys of their changes, newest first."""
    page = client.get(address)
    assert page.status_code == 200, page.content[:500]
    form = address.partition("?")[0].rpartition(".")[2]
    content_type, check = CHECKS[form]
    assert page.headers["Content-Type"] == content_type
    return [one.removeprefix("tag:openness,2026:change/") for one in check(page.content, address)]
