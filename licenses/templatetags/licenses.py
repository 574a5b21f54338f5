"""Words computed for templates."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import template

from licenses.clauses import FREE, Answer
from licenses.clauses.words import brief_number

register = template.Library()

#: The mark of each answer; the word always stands beside it. Each has a shape of its own.
MARKS = {Answer.YES: "●", Answer.NO: "○", Answer.PARTLY: "◐", Answer.SILENT: "–", Answer.UNREAD: "?", FREE: "✓"}


@register.filter
def mark(answer: str) -> str:
    return MARKS.get(answer, "")


#: Where a long word in a narrow column head may break.
SOFT = {"Commercial": "Com\u00admercial", "Revocable": "Revo\u00adcable"}


@register.filter
def soft(label: str) -> str:
    return SOFT.get(label, label)


@register.filter
def brief(number: int | None) -> str:
    """1234567 → 1.2M; nothing for None"""
    if number is None:
        return ""
    if number < 1000:
        return str(number)
    digits = len(str(number))
    return brief_number(round(number, 2 - digits))


@register.filter
def web_link(address: str) -> str:
    """The address when it is http(s) with a host, else nothing: what the Hub gives us is not to be trusted."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
