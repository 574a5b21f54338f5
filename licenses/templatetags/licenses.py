"""Words computed for templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse

from licenses import profiles
from licenses.clauses.words import brief_number
from licenses.models import OpenModel
from licenses.tables import Face

register = template.Library()

#: Where texts are watched: the name in a source → the host.
HOSTS = {"github": "github.com", "hf": "huggingface.co"}


@register.simple_tag(takes_context=True)
def cells_of(context: template.RequestContext, face: Face) -> str:
    """The cells of a row, drawn once for all rows that carry the same license."""
    kept: Any = context.render_context
    drawn: dict[int, str] = kept.setdefault("drawn cells", {})
    if id(face) not in drawn:
        drawn[id(face)] = render_to_string("licenses/_cells.html", {
            "cells": face.cells, "address": face.address, "details": True,
        })  # fmt: skip
    return drawn[id(face)]


@register.simple_tag(takes_context=True)
def comparing(context: template.RequestContext) -> str:
    """The address of the comparison side by side, ready for a handle; who asks is carried along."""
    query = profiles.carried(context["request"].GET)
    return f"{reverse('compare')}?{query.urlencode()}{'&' if query else ''}with="


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
def source_link(source: str) -> str:
    """`github:owner/repo@commit:path`, or of huggingface → its address; nothing for a source of another form."""
    kind, _, rest = source.partition(":")
    repo, _, place = rest.partition("@")
    commit, _, path = place.partition(":")
    legal = kind in HOSTS and commit and path and rest.isprintable() and not set(rest) & set(" ?#%\\<>\"'")
    return f"https://{HOSTS[kind]}/{repo}/blob/{commit}/{path}" if legal else ""


@register.filter
def web_link(address: str) -> str:
    """The address when it is http(s) with a host, else nothing: what the Hub gives us is not to be trusted."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


@register.filter
def model_address(repo_id: str) -> str:
    """Where the page of a repository is; the list, for a name without a page of its own."""
    return OpenModel(repo_id=repo_id).get_absolute_url()


@register.filter
def verdict_address(repo_id: str) -> str:
    """Where the verdict on a repository is told in full; the form, for a name without a page of its own."""
    try:
        return reverse("check-model", args=repo_id.split("/", 1))
    except NoReverseMatch:
        return reverse("check")
