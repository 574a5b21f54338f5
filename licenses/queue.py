"""The curators' queue: what waits for a person, ranked by the models that wait with it, said in words; who is at it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.urls import NoReverseMatch, reverse

from .clauses import CLAUSES, KIND
from .clauses.sentence import first_few, noun
from .models import Claim, Disagreement, Proposal, Rule
from .roles import display_name
from .telling import plain
from .topics import COLUMNS, Rows, Topic, everything

PAGE_SIZE, MOST_PAGES = 50, 40
#: A claim runs out by itself, so that nobody's holiday stops the others.
CLAIMED_FOR = timedelta(hours=2)
LONGEST_ITEM, LONGEST_NAME = 320, 60

ORDERS = {"models": ("-waiting", "-pulled", "item"), "downloads": ("-pulled", "-waiting", "item")}
CLAIMED = ("me", "free")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue somebody wants to see."""

    topics: Sequence[Topic] = ()
    claimed: str = ""
    q: str = ""
    sort: str = "models"
    page: int = 1

    def takes_in(self, topic: Topic) -> bool:
        return not self.topics or topic in self.topics


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do, how many models wait for it and how often they are downloaded a month."""

    topic: Topic
    item: str
    name: str
    models: int
    downloads: int
    since: date | None
    facts: dict[str, Any]
    claim: Claim | None

    @property
    def anchor(self) -> str:
        return anchor(self.item)


def anchor(item: str) -> str:
    """What an address calls an entry within the page."""
    return f"e-{hashlib.sha256(item.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the queue. `counts` are of every topic; `total` is of those that were asked for."""

    entries: list[Entry]
    counts: Counter[Topic]
    total: int

    @property
    def pages(self) -> int:
        return min(-(-self.total // PAGE_SIZE), MOST_PAGES)


def find(wanted: Wanted, *, by: User, now: datetime) -> Found:
    """Three queries, however much there is."""
    topics = [(topic, narrowed(rows, wanted, by=by, now=now)) for topic, rows in everything(by=by, now=now)]
    counts = counted([rows for _, rows in topics])
    page = ranked([rows for topic, rows in topics if wanted.takes_in(topic)], wanted)
    claims = Claim.objects.live(now).filter(item__in=[item for _, item, *_ in page]).select_related("user")
    claimed = {claim.item: claim for claim in claims}
    entries = [
        Entry(Topic(topic), item, name, models, downloads, since, facts, claimed.get(item))
        for topic, item, name, models, downloads, since, facts in page
    ]
    return Found(entries, counts, sum(count for topic, count in counts.items() if wanted.takes_in(topic)))


def narrowed(rows: Rows, wanted: Wanted, *, by: User, now: datetime) -> Rows:
    for word in wanted.q.split()[:8]:
        rows = rows.filter(sought__icontains=word)
    claims = Claim.objects.live(now).filter(item=OuterRef("item"))
    if wanted.claimed == "me":
        return rows.filter(Exists(claims.filter(user=by)))
    return rows.filter(~Exists(claims)) if wanted.claimed == "free" else rows


def counted(topics: Sequence[Rows]) -> Counter[Topic]:
    """Of the very rows that the pages show."""
    first, *others = (rows.order_by().values("topic").annotate(entries=Count("pk")) for rows in topics)
    counts = Counter[Topic]()
    for row in first.union(*others, all=True):
        counts[Topic(row["topic"])] += row["entries"]
    return counts


def ranked(topics: Sequence[Rows], wanted: Wanted) -> list[tuple[Any, ...]]:
    """One page. Each topic gives no more rows than could be on it, by its index where it has one."""
    if not topics:
        return []  # None of those that were asked for is theirs.
    order, stop = ORDERS[wanted.sort], wanted.page * PAGE_SIZE
    first, *others = (rows.values_list(*COLUMNS).order_by(*order) for rows in topics)
    if others:
        first = first[:stop].union(*(rows[:stop] for rows in others), all=True).order_by(*order)
    return list(first[stop - PAGE_SIZE : stop])


# In words.


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done, where, and what else helps to choose it."""

    task: str
    address: str
    detail: str = ""


def errand(entry: Entry, by: User) -> Errand:
    return ERRANDS[entry.topic](entry, by)


def bind_name(entry: Entry, by: User) -> Errand:
    signal, value = entry.facts["signal"], entry.facts["value"]
    address = f"{reverse('bind')}?{urlencode({'signal': signal, 'value': value})}"
    told = f"{Rule.Signal(signal).label}, as {short(entry.facts['leading'])} writes it"
    return Errand(f"Bind “{short(entry.name)}” to a license", address, told)


def read_text(entry: Entry, by: User) -> Errand:
    facts = entry.facts
    if "slug" in facts:
        left = f"{facts['read']} of {len(CLAUSES)} questions are answered" if facts["read"] else "nobody has"
        return Errand(f"Read {entry.name}: {left}", reader(entry))
    shared = f"{entry.models:,} models have the same words" if entry.models > 1 else ""
    if facts["reads_as"]:
        known = f"{short(facts['title'])} holds the words of {facts['reads_as']}"
        return Errand(f"Conclude the license of {short(entry.name)}: {known}", conclude(entry), shared)
    address = f"{reverse('new-license')}?{urlencode({'model': facts['repo']})}"
    return Errand(f"Read {short(facts['title'])} of {short(entry.name)}: nobody has", address, shared)


def settle_doubt(entry: Entry, by: User) -> Errand:
    gone = f": words are gone since {entry.since}" if entry.since else ": words are gone"
    return Errand(f"Read again {clauses(entry)} of {entry.name}{gone}", reader(entry), kinds(entry))


def decide(entry: Entry, by: User) -> Errand:
    facts = entry.facts
    what = f"{named(facts['kind'])} in {entry.name}"
    address, made = reverse("decide", args=[facts["proposal"]]), f"since {entry.since}"
    if facts["maker"] == by.pk:
        return Errand(f"Your reading of {what} waits for another person", address, made)
    whose = short(facts["whose"] or Proposal.Origin(facts["origin"]).label)
    if facts["origin"] in (Proposal.Origin.VISITOR, Proposal.Origin.PUBLISHER):
        return Errand(f"Answer a correction of {what}", address, f"from {whose}, {made}")
    return Errand(f"Decide on a reading of {what}", address, f"by {whose}, {made}")


def settle_disagreement(entry: Entry, by: User) -> Errand:
    facts = entry.facts
    stands = f"it stands under {facts['resolved']}" if facts["resolved"] else "no license of it is known"
    says = f"{Disagreement.Source(facts['source']).label} says {facts['says']}"
    task = f"Conclude the license of {short(entry.name)}: {stands}, {says}"
    return Errand(task, conclude(entry), f"“{short(facts['words'])}”")


def read_second(entry: Entry, by: User) -> Errand:
    task = f"Second reading of {clauses(entry)} of {entry.name}"
    return Errand(task, reverse("confirm", args=[entry.facts["slug"]]), kinds(entry))


def read_again(entry: Entry, by: User) -> Errand:
    old = len(entry.facts["old"])
    overtaken = len(entry.facts["kinds"]) - old
    why = [f"not looked at since {entry.since}"] * bool(old) + ["read before its words changed"] * bool(overtaken)
    told = f"{old} {why[0]}, {overtaken} {why[1]}" if len(why) == 2 else why[0]
    return Errand(f"Read again {clauses(entry)} of {entry.name}: {told}", reader(entry), kinds(entry))


ERRANDS: dict[Topic, Callable[[Entry, User], Errand]] = {
    Topic.NAMES: bind_name,
    Topic.TEXTS: read_text,
    Topic.DOUBT: settle_doubt,
    Topic.PROPOSALS: decide,
    Topic.DISAGREEMENTS: settle_disagreement,
    Topic.SECOND: read_second,
    Topic.STALE: read_again,
}


def short(name: str) -> str:
    """What strangers wrote, on one line and of a bearable length."""
    shown = plain(name) or "(nothing that can be shown)"
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 1]}…"


def clauses(entry: Entry) -> str:
    count = len(entry.facts["kinds"])
    return f"{count} clause{'s' if count != 1 else ''}"


def kinds(entry: Entry) -> str:
    return first_few([kind for kind in CLAUSES if kind.slug in entry.facts["kinds"]], 4)


def named(kind: str) -> str:
    return noun(KIND[kind]) if kind in KIND else kind


def reader(entry: Entry) -> str:
    return reverse("reader", args=[entry.facts["slug"]])


def conclude(entry: Entry) -> str:
    """The queue itself for a name that the Hub would not have given."""
    try:
        return reverse("conclude", args=entry.facts["repo"].split("/", 1))
    except NoReverseMatch:
        return reverse("queue")


# Who is at it. A claim is a hint to the others, never a lock: whoever publishes needs none.


class Claimed(Exception):
    """Somebody else is at it."""

    def __init__(self, claim: Claim) -> None:
        super().__init__(
            f"{display_name(claim.user)} is at this until {claim.until:%H:%M} UTC. Take another meanwhile."
        )
        self.claim = claim


def is_item(item: str) -> bool:
    """It could be an entry of the queue: whether it is one at the moment does not matter."""
    topic, _, key = item.partition(":")
    return topic in Topic.values and bool(key) and len(item) <= LONGEST_ITEM and "\x00" not in item


@transaction.atomic
def claim(item: str, *, by: User, now: datetime) -> Claim:
    """It is theirs for a while; claiming again begins anew. Raises Claimed where somebody else is at it."""
    until = now + CLAIMED_FOR
    Claim.objects.filter(until__lte=now).exclude(item=item).delete()
    locked = Claim.objects.select_for_update(of=("self",)).select_related("user")
    found, _ = locked.get_or_create(item=item, defaults={"user": by, "until": until})
    if found.user != by and found.until > now:
        raise Claimed(found)
    found.user, found.until = by, until
    found.save(update_fields=["user", "until"])
    return found


def release(item: str, *, by: User) -> None:
    """Somebody else's claim stays."""
    Claim.objects.filter(item=item, user=by).delete()
