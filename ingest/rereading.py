"""Records that could not be read are read again: from what was kept of them, else from the Hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from licenses.models import OpenModel

from . import cards
from .cards import Unreadable
from .hub import Hub
from .merge import merge
from .models import Quarantine
from .sweep import refresh


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one. `must_ask`: what was kept is not whole, or may be old, so the Hub has to show it again."""

    is_taken: bool
    why: str = ""
    must_ask: bool = False


@transaction.atomic
def read_again(kept: Quarantine, *, now: datetime) -> Read:
    """Today's reader on the kept record; success takes it out of the quarantine."""
    can_ask = bool(cards.NAME.fullmatch(kept.repo_id))
    try:
        record = json.loads(kept.record)
    except ValueError:
        return Read(False, "only its beginning was kept" + ("" if can_ask else ", and it has no name"), can_ask)
    try:
        card = cards.read(record)
    except Unreadable as error:
        return Read(False, error.reason)
    if OpenModel.objects.filter(hub_id=card.hub_id).exists():
        # What was kept is as old as the fault: merged now, it would be told as the publisher's going back.
        return Read(False, "another record of it was read, which may be newer", can_ask)
    merge([record], now=now)
    kept.delete()
    return Read(True)


def ask_again(kept: Quarantine, hub: Hub, *, now: datetime) -> Read:
    """The whole record, from the Hub. Raises HubUnavailable."""
    merged = refresh(kept.repo_id, hub, now=now)
    if merged is None or merged.quarantined:
        why = "the Hub shows no such model" if merged is None else "it cannot be read now either"
        return Read(False, why)
    kept.delete()
    return Read(True)
