"""Whom to compare: what an address names, what is wrong with it, and what somebody may mean by a word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from .bundles import Shelf
from .clauses.sentence import joined
from .models import License, OpenModel, Release
from .subjects import LICENSES, RELEASES, Subject, found

FEWEST, MOST = 2, 6
#: Names that are worth a look-up.
HANDLE = re.compile(r"[A-Za-z0-9_.\-]{1,100}(/[A-Za-z0-9_.\-]{1,100})?")
#: How many of a sort are offered for a word.
OFFERED = 6
#: Comparisons to begin with, where the catalogue has all of them.
STARTS = (
    ("Four that are called open", ("llama-4", "gemma-3", "qwen3-dense", "kimi-k2")),
    (
        "The Llama licenses, version by version",
        tuple(f"licenses/llama-{version}" for version in ("2", "3", "3.1", "3.2", "3.3", "4")),
    ),
    ("MIT, and what was made of it", ("licenses/mit", "licenses/kimi-k2-modified-mit", "licenses/minimax-m2.5")),
    ("A distillation and its two parents", ("deepseek-r1-distill-llama-70b", "deepseek-r1", "llama-3.3")),
    ("Three ways of Qwen", ("qwen2.5", "qwen2.5-3b", "qwen2.5-72b")),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    subjects: list[Subject]
    faults: dict[str, list[str]]
    #: What the word to add names exactly.
    added: Subject | None = None


def chosen(handles: Sequence[str], held: Shelf, add: str = "") -> Chosen:
    """The subjects in their order, or what is wrong with their handles."""
    if len(handles) > MOST:
        return Chosen([], {"with": [f"These are {len(handles)}. Compare at most {MOST}: take some away."]})
    known = found({handle for handle in (*handles, add) if HANDLE.fullmatch(handle)}, held)
    subjects = [known[handle] for handle in handles if handle in known]
    addresses = [one.address for one in subjects]
    faults = [unknown(handle, held) for handle in dict.fromkeys(handles) if handle not in known]
    faults += [
        f"“{one.handle}” is here twice. Name each once."
        for position, one in enumerate(subjects)
        if one.address in addresses[:position]
    ]
    return Chosen(subjects, {"with": faults} if faults else {}, known.get(add))


def unknown(handle: str, held: Shelf) -> str:
    """What is wrong and how to put it right."""
    near = [f"“{name}”" for name in nearest(handle, held)]
    form = "Write a release or a license as in its address, such as llama-4 or licenses/mit, and a model as org/name."
    cure = f"Did you mean {joined(near, 'or')}?" if near else form
    return f"“{handle[:60]}” is no release, license or model here. {cure}"


def nearest(handle: str, held: Shelf) -> list[str]:
    """Of the same sort, where the handle says which."""
    releases = {name.removeprefix(RELEASES) for name in held.kin if name.startswith(RELEASES)}
    licenses = {bundle.slug for bundle in held.by_pk.values()}
    sort = next((sort for sort in (LICENSES, RELEASES) if handle.startswith(sort)), "")
    names = {LICENSES: licenses, RELEASES: releases}.get(sort, licenses | releases | held.kin.keys())
    plain = {name.lower(): name for name in names}
    return [sort + plain[name] for name in difflib.get_close_matches(handle.removeprefix(sort).lower()[:100], plain)]


def starts(held: Shelf) -> list[tuple[str, tuple[str, ...]]]:
    slugs = {LICENSES + bundle.slug for bundle in held.by_pk.values()}
    known = {name.removeprefix(RELEASES) for name in held.kin if name.startswith(RELEASES)} | slugs
    return [(words, handles) for words, handles in STARTS if known.issuperset(handles)]


def offers(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sort → handle and name of what every word of the text is found in: a few of each, in three queries."""
    releases = Release.objects.with_weights().matching(text).order_by("-released_on", "slug")[:OFFERED]
    licenses = License.objects.matching(text).by_name()[:OFFERED]
    every = Q(*(("repo_id__icontains", word) for word in text.split()[:8]))
    models = OpenModel.objects.live().filter(every, repo_id__contains="/").by_downloads()[:OFFERED]
    offered = [
        ("Releases", [(one.slug, one.name) for one in releases]),
        ("Licenses", [(LICENSES + one.slug, one.short_name) for one in licenses]),
        ("Models on the Hub", [(one.repo_id, one.repo_id) for one in models if HANDLE.fullmatch(one.repo_id)]),
    ]
    return [(sort, found) for sort, found in offered if found]
