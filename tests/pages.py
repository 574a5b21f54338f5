"""What a test reads off a page: rows, cells, words. Plain text over the HTML, no browser."""

from __future__ import annotations

import html
import re
from typing import Any

from django.test import Client


def words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", markup)).split())


def names_on(page: Any) -> list[str]:
    """The models of the comparison table, in order."""
    return [
        words(name) for name in re.findall(r'<th scope="row"[^>]*>\s*<a [^>]*>(.*?)</a>', page.content.decode(), re.S)
    ]


def row_of(page: Any, name: str) -> str:
    """The words of one row of the table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.content.decode(), re.S)
    return next(words(row) for row in rows if f">{name}</a>" in row)


def listed(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/{query}")
    assert page.status_code == 200, words(page.content.decode())
    return names_on(page)
