"""What visitors and publishers say is wrong with a reading: words for a curator to judge, never a reading themselves.
How much one address sends is counted under a keyed hash, which ends with its window (`licenses.throttle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from .clauses import ClauseKind
from .models import Clause, License, Proposal
from .throttle import network, times

#: Corrections of one address: how many within how many seconds, and how people call that time.
LIMITS = ((5, 3600, "an hour"), (20, 24 * 3600, "a day"))
#: Corrections of one clause that wait for a curator.
MOST_WAITING = 20


class TooMany(Exception):
    """Nothing was written. Says why, and when to come again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody wrote. With `speaks_for` they say to speak for that organisation, which nobody checked."""

    text: str
    evidence: str = ""
    email: str = ""
    speaks_for: str = ""


@transaction.atomic
def correct(license: License, kind: ClauseKind, sent: Sent, *, address: str, now: datetime) -> Proposal:
    """Put it before the curators, with the reading that it is about. Raises TooMany and NotNow."""
    count(address)
    License.objects.select_for_update(no_key=True).get(pk=license.pk)
    of_clause = Proposal.objects.waiting().corrections().filter(license=license, kind=kind.slug)
    if of_clause.count() >= MOST_WAITING:
        raise TooMany(f"{MOST_WAITING} corrections of this clause wait already. Send yours when some are decided.")
    return Proposal.objects.create(
        license=license,
        kind=kind.slug,
        origin=Proposal.Origin.PUBLISHER if sent.speaks_for else Proposal.Origin.VISITOR,
        text=sent.text,
        evidence=sent.evidence,
        email=sent.email,
        based_on=Clause.objects.current().filter(license=license, kind=kind.slug).first(),
        made_by_name=spokesperson(sent.speaks_for) if sent.speaks_for else "",
        made_at=now,
    )


def spokesperson(organisation: str) -> str:
    """As every page names them: nobody is taken for an organisation because they typed its name."""
    return f"somebody who says to speak for “{organisation}”; not verified"


def count(address: str) -> None:
    for most, seconds, called in LIMITS:
        if times("corrections", network(address), seconds=seconds) > most:
            raise TooMany(f"{most} corrections within {called} is all we take from one address. Come again then.")
