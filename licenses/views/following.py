"""What a page of one thing says of its changes: the latest, and how to follow them."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from licenses import facets
from licenses.change_filters import known
from licenses.feeds import Follow
from licenses.models import ChangeQuerySet
from licenses.telling import Told, told

LATEST = 5


def latest(changes: ChangeQuerySet) -> list[Told]:
    return [told(change) for change in changes.substantive().apart().with_subjects().newest()[:LATEST]]


def following(name: str, home: str) -> Follow:
    """The feed of one license, release, publisher or model."""
    return Follow(f"Changes of {name}", home, f"{home}changes", QueryDict())


def following_filter(query: QueryDict, title: str, **more: str) -> Follow:
    """The feed of the changes that another list's filter chooses, and that alter the answer for its profile.

    `more`: parameters of the feed that the list has no control for.
    """
    said = known(query)
    said.update(more)
    return Follow(title, facets.address(said, reverse("changes")), "/changes", said)
