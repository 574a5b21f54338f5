"""Events as the files tell them: what an entry holds, what must be true of it, and which clauses moved by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from licenses.models import Cause, Change, Direction, Event, License, Publisher, Release, Weight
from licenses.movement import Direction as Way
from licenses.movement import Move, moves, overall

from .fields import repository, slug, text_for, words
from .history import in_force
from .shapes import WRONG, Amount, Day, FlowList, Key, Keys, ListOf, Text, Word, matches, nearest
from .source import Node, Problems, entries, entry, once, word

#: A key that a file gave; the database names other changes itself, and never like this.
TOLD = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[a-z0-9]+)+"
SUBJECTS = ("license", "release", "publisher")
#: Keys that name something, and what.
NAMES = {"license_before": "license", "license_after": "license", **{subject: subject for subject in SUBJECTS}}
EVENTS = (Event.TEXT_CHANGED, Event.LICENSE_CHANGED, Event.NEXT_VERSION, Event.STATED, Event.TEXT_GONE)
DIRECTIONS = (Direction.LOOSER, Direction.TIGHTER, Direction.MIXED, Direction.NEITHER)

name = matches(TOLD, "not a key", "Write its date and its subject, as in 2025-11-13-minimax-m2")
commit = matches(r"[0-9a-f]{7,40}", "not a commit", "Write 7 to 40 hex digits, small letters")
beginning = matches(r"[0-9a-f]{12,64}", "not the beginning of a SHA-256", "Write at least its first 12 hex digits")


def of_one_thing(values: dict[str, Any], node: Node, problems: Problems) -> None:
    """One subject, a key that begins with the day, and a wording beside its document."""
    if WRONG in values.values():
        return
    subjects = [key for key in SUBJECTS if values[key]]
    if len(subjects) != 1:
        said = f"it is about {' and '.join(subjects)}" if subjects else "nothing says what it is about"
        problems.add(node, said, f"Name one of {', '.join(SUBJECTS)}: the most precise that there is")
    if not values["key"].startswith(f"{values['date']}-"):
        problems.add(node, f"the key “{values['key']}” is of another day", f"Begin it with {values['date']}-")
    if bool(values["document"]) != bool(values["revision"]):
        missing = "revision" if values["document"] else "document"
        problems.add(node, f"“{missing}” is missing beside the other", "Say both, or neither")


def of_one_year(values: dict[str, Any], node: Node, problems: Problems) -> None:
    if WRONG in (values["year"], values["changes"]):
        return
    for each, item in zip(values["changes"], entries(node, "changes"), strict=True):
        if each["date"].year != values["year"]:
            cure = f"Move it to changes/{each['date'].year}.yaml"
            problems.add(entry(item, "date") or item, f"“date” is {each['date']}, in the file of another year", cure)


SOURCE = Keys(
    {
        "host": Key(Word(("github", "hf"))),
        "repo": Key(Text(150, empty=False, tests=(repository,))),
        "commit": Key(Text(tests=(commit,)), ""),
        "path": Key(Text(100), ""),
    },
    "a source",
    flow=True,
)

EVENT = Keys(
    {
        "key": Key(Text(80, empty=False, tests=(name,))),
        "date": Key(Day()),
        "event": Key(words(EVENTS)),
        "cause": Key(words((Cause.TEXT, Cause.METADATA)), Cause.TEXT.value),
        "weight": Key(words((Weight.SUBSTANTIVE, Weight.COSMETIC)), Weight.SUBSTANTIVE.value),
        "direction": Key(words(DIRECTIONS)),
        "license": Key(text_for(License, "slug", slug, empty=True), ""),
        "release": Key(text_for(Release, "slug", slug, empty=True), ""),
        "publisher": Key(text_for(Publisher, "slug", slug, empty=True), ""),
        "covers": Key(ListOf(words(Change.Covers), least=1, written=FlowList, unique=True)),
        "before": Key(Text(120), ""),
        "after": Key(Text(120, empty=False)),
        "license_before": Key(text_for(License, "slug", slug, empty=True), ""),
        "license_after": Key(text_for(License, "slug", slug, empty=True), ""),
        "summary": Key(Text(220, empty=False)),
        "source": Key(SOURCE),
        "evidence": Key(words(Change.Evidence), Change.Evidence.PRIMARY.value),
        "remark": Key(Text(300), ""),
        "document": Key(Text(30, tests=(slug,)), ""),
        "revision": Key(Text(tests=(beginning,)), ""),
    },
    "an event",
    rule=of_one_thing,
)

YEAR = Keys({"year": Key(Amount(9999)), "changes": Key(ListOf(EVENT, least=1))}, "a year of events", rule=of_one_year)


def sides(event: Mapping[str, Any]) -> tuple[str, str]:
    """The licenses before and after. A text that changes stays of its license; an event of a license leads to it."""
    stays = event["license"] if event["event"] == Event.TEXT_CHANGED else ""
    return event["license_before"] or stays, event["license_after"] or event["license"]


def movement(event: Mapping[str, Any], licenses: Mapping[str, dict[str, Any]]) -> list[Move] | None:
    """The clauses that moved, by our readings of the words until that day and from it on; None where one is unread."""
    before, after = (licenses[side]["readings"] if side in licenses else {} for side in sides(event))
    if not before or not after:
        return None
    day: date = event["date"]
    return moves(in_force(before, day - timedelta(days=1)), in_force(after, day))


Wordings = tuple[dict[str, Any] | None, dict[str, Any] | None]


def wordings(event: Mapping[str, Any], licenses: Mapping[str, dict[str, Any]]) -> Wordings:
    """The revision that gave way and the one that came, where the event names it and its license has it."""
    document = home(event, licenses).get(event["document"], {"revisions": []})
    in_order = sorted(document["revisions"], key=lambda each: each["date"] or date.min)
    for at, revision in enumerate(in_order):
        if event["revision"] and revision["sha256"].startswith(event["revision"]):
            return (in_order[at - 1] if at else None), revision
    return None, None


def home(event: Mapping[str, Any], licenses: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The documents among which an event names one: those of its license, or of the license that it leads to."""
    license = licenses.get(event["license"] or event["license_after"], {"documents": []})
    return {document["key"]: document for document in license["documents"]}


def check_names(years: list[Node], known: Mapping[str, set[str]], problems: Problems) -> None:
    """`known`: the slugs of licenses, releases and publishers, by what they are."""
    events = [event for year in years for event in entries(year, "changes")]
    once(((word(event, "key"), entry(event, "key")) for event in events), "the key", problems)
    for event in events:
        for key, what in NAMES.items():
            slug, node = word(event, key), entry(event, key)
            if node and slug and slug not in known[what]:
                cure = nearest(slug, known[what]) or f"Add its file, or correct “{key}”"
                problems.add(node, f"“{key}” is “{slug}”, and no {what} has that slug", cure)


def check_event(event: dict[str, Any], node: Node, licenses: Mapping[str, dict[str, Any]], problems: Problems) -> None:
    """Its wording is one of ours, of that day; and it goes where our readings went, or says why not."""
    if event["document"]:
        check_wording(event, node, licenses, problems)
    moved = movement(event, licenses)
    if moved is not None and overall(moved) != event["direction"] and not event["remark"]:
        shown = [f"{move.kind.slug} {move.words}" for move in moved if move.direction is not Way.NEITHER]
        found = f"{overall(moved)} ({'; '.join(shown[:3]) or 'no clause'}{'; …' if len(shown) > 3 else ''})"
        what = f"“direction” is “{event['direction']}”, and our readings say {found}"
        problems.add(entry(node, "direction") or node, what, "Correct one of them, or say in “remark” why they differ")


def check_wording(
    event: dict[str, Any], node: Node, licenses: Mapping[str, dict[str, Any]], problems: Problems
) -> None:
    documents, name = home(event, licenses), event["document"]
    if name not in documents:
        cure = nearest(name, documents) or f"Use one of: {', '.join(documents) or 'none'}"
        problems.add(entry(node, "document") or node, f"its license has no document “{name}”", cure)
        return
    _, revision = wordings(event, licenses)
    if revision is None or revision["date"] not in (None, event["date"]):
        known = [f"{each['sha256'][:12]} of {each['date'] or 'no date'}" for each in documents[name]["revisions"]]
        what = f"no revision of “{name}” of that day begins with {event['revision']}"
        problems.add(entry(node, "revision") or node, what, f"Use one of: {', '.join(known) or 'none'}")
