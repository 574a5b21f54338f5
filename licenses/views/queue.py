"""What is to be done, and who is at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from licenses import facets, queue
from licenses.clauses.sentence import joined
from licenses.facets import Link
from licenses.queue import CLAIMED, MOST_PAGES, ORDERS, Entry, Errand, Found, Wanted
from licenses.roles import CURATE, display_name
from licenses.topics import Topic

from .answers import hidden_fields, page_link, presentation_faults, refused, takes
from .guard import allowed, whoever

LONGEST_SEARCH, MOST_NAMED = 200, 3
#: Who is at it: value of the filter, its words.
CLAIM_LABELS = {"free": "Nobody is at it", "me": "Claimed by me"}


@allowed(CURATE)
@require_safe
@takes("topic", "claimed", "q", "sort", "page")
def queue_page(request: HttpRequest) -> HttpResponse:
    """What waits for a person, the most models first."""
    query, by, now = request.GET, whoever(request), timezone.now()
    if found := faults(query):
        return refused(request, found)
    wanted = wanted_by(query)
    shown = queue.find(wanted, by=by, now=now)
    return render(request, "curation/queue.html", around(shown, wanted, query, by, now))


def faults(query: QueryDict) -> dict[str, list[str]]:
    """Field → what is wrong with it and what it takes."""
    legal = {"topic": Topic.values, "claimed": CLAIMED, "sort": ORDERS}
    found = presentation_faults(query)
    for name, values in legal.items():
        strange = [value for value in query.getlist(name) if value not in values]
        if strange:
            words = f"“{strange[0][:60]}” cannot be used with “{name}”. Use one of: {', '.join(values)}."
            found[name] = [words]
    if "\x00" in query.get("q", "") or len(query.get("q", "")) > LONGEST_SEARCH:
        found["q"] = [f"Use at most {LONGEST_SEARCH} characters that can be read."]
    if "page" not in found and int(query.get("page", "1")) > MOST_PAGES:
        found["page"] = [f"Pages after {MOST_PAGES} are not shown. Choose a topic or search instead."]
    return found


def wanted_by(query: QueryDict) -> Wanted:
    """Only for a query without faults."""
    return Wanted(
        topics=[topic for topic in Topic if topic in query.getlist("topic")],
        claimed=query.get("claimed", ""),
        q=" ".join(query.get("q", "").split()),
        sort=query.get("sort", next(iter(ORDERS))),
        page=int(query.get("page", "1")),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the page shows it."""

    entry: Entry
    errand: Errand
    claimed_by: str = ""
    is_mine: bool = False


def row(entry: Entry, by: User) -> Row:
    claim = entry.claim
    return Row(
        entry, queue.errand(entry, by), display_name(claim.user) if claim else "", bool(claim and claim.user == by)
    )


def around(found: Found, wanted: Wanted, query: QueryDict, by: User, now: datetime) -> dict[str, Any]:
    path = reverse("queue")
    return {
        "rows": [row(entry, by) for entry in found.entries],
        "found": found,
        "sentence": sentence(found, wanted),
        "wanted": wanted,
        "now": now,
        "topics": [(topic_link(topic, wanted, query, path), found.counts[topic]) for topic in Topic],
        "claims": [toggle("claimed", value, label, query, path) for value, label in CLAIM_LABELS.items()],
        "orders": [
            Link(name, facets.address(facets.changed(query, sort=name), path), name == wanted.sort) for name in ORDERS
        ],
        "carried": hidden_fields(query, ("topic", "claimed", "sort")),
        "here": query.urlencode(),
        "previous_page": page_link(query, path, wanted.page - 1 or None),
        "next_page": page_link(query, path, wanted.page + 1) if wanted.page < found.pages else "",
        "is_cut": found.total > MOST_PAGES * queue.PAGE_SIZE,
    }


def topic_link(topic: Topic, wanted: Wanted, query: QueryDict, path: str) -> Link:
    """Chosen topics add up; a second click takes one away."""
    is_on = topic in wanted.topics
    target = facets.without(query, "topic", topic) if is_on else facets.changed(query)
    if not is_on:
        target.appendlist("topic", topic)
    return Link(topic.label, facets.address(target, path), is_on)


def toggle(name: str, value: str, label: str, query: QueryDict, path: str) -> Link:
    is_on = query.get(name) == value
    return Link(label, facets.address(facets.changed(query, **{name: None if is_on else value}), path), is_on)


def sentence(found: Found, wanted: Wanted) -> str:
    """`12 things to do: names to bind or proposals, that nobody is at, ranked by the models they unblock`"""
    said = f"{found.total:,} thing{'s' if found.total != 1 else ''} to do"
    if topics := [topic.label[0].lower() + topic.label[1:] for topic in wanted.topics]:
        said += f" in {joined(topics)}" if len(topics) <= MOST_NAMED else f" in {len(topics)} topics"
    said += {"me": ", claimed by you", "free": ", that nobody is at", "": ""}[wanted.claimed]
    said += f", matching “{wanted.q}”" if wanted.q else ""
    by = "models they unblock" if wanted.sort == "models" else "downloads of the models they unblock"
    return f"{said}, ranked by {by}"


@allowed(CURATE)
@require_POST
def claims(request: HttpRequest) -> HttpResponse:
    """Say that one is at it, or no longer; back to the same page of the queue."""
    item, do, by, now = request.POST.get("item", ""), request.POST.get("do", ""), whoever(request), timezone.now()
    if found := claim_fault(item, do):
        return HttpResponseBadRequest(found, content_type="text/plain; charset=utf-8")
    if do == "release":
        queue.release(item, by=by)
    else:
        try:
            queue.claim(item, by=by, now=now)
        except queue.Claimed as taken:
            messages.warning(request, str(taken))
    back = QueryDict(request.POST.get("here", "")[:2000])
    return redirect(f"{facets.address(back, reverse('queue'))}#{queue.anchor(item)}")


def claim_fault(item: str, do: str) -> str:
    if not queue.is_item(item):
        return "item: this is no entry of the queue. Use the buttons of its rows."
    return "" if do in ("claim", "release") else f"do: “{do[:60]}” means nothing here. Use claim or release."
