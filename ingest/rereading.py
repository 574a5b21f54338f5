"""Records that could not be read are read again: from what was kept of them, else from the Hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from . import cards
from .cards import Unreadable
from .hub import Hub
from .merge import merge
from .models import Quarantine
from .sweep import refresh


@dataclass(frozen=True, slots=True)
class Read:
    """What became of one. `must_ask`: what was kept of it is not whole, so the Hub has to show it again."""

    is_taken: bool
    why: str = ""
    must_ask: bool = False


@transaction.atomic
def read_again(kept: Quarantine, *, now: datetime) -> Read:
    """Today's reader on the kept record; success takes it out of the quarantine."""
    try:
        record = json.loads(kept.record)
    except ValueError:
        can_ask = bool(cards.NAME.fullmatch(kept.repo_id))
        return Read(False, "only its beginning was kept" + ("" if can_ask else ", and it has no name"), can_ask)
    try:
        cards.read(record)
    except Unreadable as error:
        return Read(False, error.reason)
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
