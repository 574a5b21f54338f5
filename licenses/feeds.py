"""RSS 2.0, Atom 1.0 and JSON Feed 1.1 of changes, with RFC 5005 archives. The change itself is in the entry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import QueryDict
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from .altering import MOST, Found
from .effects import Effect
from .entries import content, texts
from .models import Cause, Change, ChangeQuerySet, Direction, Event, Weight
from .telling import Sides, Told, plain, told

PAGE_SIZE = 100
#: Part of every ETag: raise it when entries are written or judged otherwise, so that readers fetch them anew.
VERSION = "2"
DESCRIPTION = "What changed in the licenses of AI models, and what it means, clause by clause."
#: When a feed without entries was last changed.
BEGINNING = datetime(2026, 11, 21, tzinfo=UTC)
#: Names that never change, wherever the site stands.
AUTHORITY = "tag:openness,2026:"
HISTORY = "http://purl.org/syndication/history/1.0"
LANGUAGE = "en"
#: File ending → content type. The first is what “Follow” leads to.
FORMS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
LABELS = {"atom": "Atom", "rss": "RSS", "json": "JSON"}


@dataclass(frozen=True, slots=True)
class Follow:
    """Which changes somebody may follow: their title, the page that shows them, and the address of their feeds."""

    title: str
    home: str
    path: str
    query: QueryDict

    def address(self, form: str, archive: int | None = None) -> str:
        query = self.query.copy()
        query.pop("archive", None)
        if archive:
            query["archive"] = str(archive)
        encoded = query.urlencode(safe="!")
        return f"{self.path}.{form}?{encoded}" if encoded else f"{self.path}.{form}"

    @property
    def is_all(self) -> bool:
        """The feed that every page names."""
        return self.path == "/changes" and not self.query

    @property
    def links(self) -> list[dict[str, str]]:
        return [{"label": LABELS[form], "type": FORMS[form], "address": self.address(form)} for form in FORMS]

    @property
    def name(self) -> str:
        """The same for all forms and parts of one feed."""
        query = "&".join(
            f"{quote(name)}={quote(value)}"
            for name, values in sorted(self.query.lists())
            for value in sorted(values)
            if name != "archive"
        )
        return f"{AUTHORITY}feed{self.path}" + (f"?{query}" if query else "")


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry."""

    told: Told
    html: str

    @property
    def name(self) -> str:
        return f"{AUTHORITY}change/{self.told.change.key}"

    @property
    def address(self) -> str:
        return absolute(self.told.change.get_absolute_url())

    @property
    def published(self) -> datetime:
        """Noon of the day it took effect, as days have no hour; never later than we knew of it."""
        change = self.told.change
        if change.effective_on is None:
            return change.seen_at
        return min(datetime.combine(change.effective_on, time(12), UTC), change.seen_at)

    @property
    def updated(self) -> datetime:
        """When we learnt of it; of a bulk, of its last model."""
        return self.told.change.told_at

    @property
    def summary(self) -> str:
        """The sentence, and with a profile the answer with its disclaimer: some readers show no more."""
        if self.told.effect is None:
            return self.told.summary
        return f"{self.told.summary} – {self.told.answer} {self.told.effect.disclaimer}"

    @property
    def categories(self) -> list[tuple[str, str, str]]:
        """Scheme, term, label."""
        change = self.told.change
        return [
            (f"{AUTHORITY}event", change.event, Event(change.event).label),
            (f"{AUTHORITY}cause", change.cause, Cause(change.cause).label),
            (f"{AUTHORITY}weight", change.weight, Weight(change.weight).label),
            (f"{AUTHORITY}direction", self.told.direction, Direction(change.direction).label),
        ]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a feed: the newest entries, or a complete hundred of old ones that stays as it is."""

    follow: Follow
    items: list[Item]
    count: int
    archive: int | None = None
    description: str = DESCRIPTION

    @property
    def complete(self) -> int:
        return self.count // PAGE_SIZE

    @property
    def previous(self) -> int:
        """The archive with what is older; 0 for none."""
        if self.archive:
            return self.archive - 1
        return self.complete if self.count > PAGE_SIZE else 0

    @property
    def updated(self) -> datetime:
        return max((item.updated for item in self.items), default=BEGINNING)

    def links(self, form: str) -> Iterator[tuple[str, str]]:
        """The relations of RFC 5005, and where they lead."""
        yield "current", absolute(self.follow.address(form))
        if self.previous:
            yield "prev-archive", absolute(self.follow.address(form, self.previous))
        if self.archive and self.archive < self.complete:
            yield "next-archive", absolute(self.follow.address(form, self.archive + 1))

    def own_address(self, form: str) -> str:
        return absolute(self.follow.address(form, self.archive))


def document(follow: Follow, changes: ChangeQuerySet, count: int, archive: int | None, *, folded: bool) -> Document:
    """By when we learnt of them: what happened long ago and is told today stands on top."""
    if archive:
        first = (archive - 1) * PAGE_SIZE
        chosen = changes.order_by("pk")[first : first + PAGE_SIZE]
    else:
        chosen = changes.order_by("-pk")[:PAGE_SIZE]
    return Document(follow, items(chosen.values("pk"), {}, folded=folded), count, archive)


def document_for(follow: Follow, found: Found, asker: str, *, folded: bool) -> Document:
    """What alters the answer for one profile. A better reading may choose otherwise, so it has no archives."""
    description = (
        f"Changes that alter the answer to “may I use it?” for this profile: {asker}. "
        f"At most the last {PAGE_SIZE}, of the newest {MOST:,} changes; no archives."
    )
    rows = items(list(found.effects), found.effects, folded=folded)
    return Document(follow, rows, len(rows), description=description)


def items(pks: Any, effects: Mapping[int, Effect], *, folded: bool) -> list[Item]:
    """Followers are counted for these alone, not for all that stand before them."""
    those = Change.objects.filter(pk__in=pks).with_subjects().order_by("-pk")
    rows = list(those.entries() if folded else those.apart())
    differing = texts(rows)
    return [item(row, differing.get(row.pk, ((), ())), effects.get(row.pk)) for row in rows]


def item(change: Change, sides: Sides, effect: Effect | None) -> Item:
    one = told(change, sides, effect)
    return Item(one, content(one, sides, absolute))


# The three forms.


class Rss(Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:fh": HISTORY}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        add_history(handler, self.feed["document"], "rss", prefix="atom:")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        for scheme, term, _ in item["labels"]:
            handler.addQuickElement("category", term, {"domain": scheme})

    def latest_post_date(self) -> datetime:
        return last_told(self.feed)


class Atom(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | {"xmlns:fh": HISTORY}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        add_history(handler, self.feed["document"], "atom")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        html = item.pop("description")
        super().add_item_elements(handler, item | {"description": None})
        handler.addQuickElement("summary", item["summary"], {"type": "text"})
        handler.addQuickElement("content", html, {"type": "html"})
        for scheme, term, label in item["labels"]:
            handler.addQuickElement("category", None, {"scheme": scheme, "term": term, "label": label})

    def latest_post_date(self) -> datetime:
        return last_told(self.feed)


def last_told(feed: dict[str, Any]) -> datetime:
    document: Document = feed["document"]
    return document.updated


def add_history(handler: SimplerXMLGenerator, document: Document, form: str, prefix: str = "") -> None:
    if document.archive:
        handler.addQuickElement("fh:archive")
    for relation, target in document.links(form):
        handler.addQuickElement(f"{prefix}link", None, {"rel": relation, "href": target, "type": FORMS[form]})


def as_xml(kind: type[Rss] | type[Atom], form: str, document: Document) -> str:
    follow = document.follow
    feed = kind(
        title=f"{plain(follow.title)} · Openness",
        link=absolute(follow.home),
        description=document.description,
        subtitle=document.description,
        language=LANGUAGE,
        author_name="Openness",
        feed_url=document.own_address(form),
        feed_guid=follow.name,
        document=document,
    )
    for one in document.items:
        feed.add_item(
            title=one.told.title,
            link=one.address,
            description=one.html,
            summary=one.summary,
            pubdate=one.published,
            updateddate=one.updated,
            unique_id=one.name,
            unique_id_is_permalink=False,
            labels=one.categories,
        )
    return feed.writeString("utf-8")


def as_rss(document: Document) -> str:
    return as_xml(Rss, "rss", document)


def as_atom(document: Document) -> str:
    return as_xml(Atom, "atom", document)


def as_json(document: Document) -> str:
    follow = document.follow
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{plain(follow.title)} · Openness",
        "home_page_url": absolute(follow.home),
        "feed_url": document.own_address("json"),
        "description": document.description,
        "language": LANGUAGE,
        "authors": [{"name": "Openness", "url": absolute("/")}],
        "items": [json_item(one) for one in document.items],
    }
    if document.previous:
        feed["next_url"] = absolute(follow.address("json", document.previous))
    return json.dumps(feed, ensure_ascii=False)


def json_item(one: Item) -> dict[str, Any]:
    change = one.told.change
    return {
        "id": one.name,
        "url": one.address,
        "title": one.told.title,
        "content_html": one.html,
        "summary": one.summary,
        "date_published": rfc3339_date(one.published),
        "date_modified": rfc3339_date(one.updated),
        "tags": [term for _, term, _ in one.categories],
        "_openness": {
            "event": change.event,
            "cause": change.cause,
            "theirs": change.is_theirs,
            "weight": change.weight,
            "direction": one.told.direction,
            "before": one.told.before,
            "after": one.told.after,
            "models": change.folded + 1 if change.model_id else 0,
            "moved": [
                {
                    "clause": m.kind.slug,
                    "before": m.before,
                    "after": m.after,
                    "direction": m.direction,
                    "words": m.words,
                }
                for m in one.told.moves
            ],
            **answer(one.told.effect),
        },
    }


def answer(effect: Effect | None) -> dict[str, Any]:
    """For one profile; a side without a verdict is that of a gate alone."""
    if effect is None:
        return {}
    return {
        "answer": {
            "before": effect.before.verdict,
            "after": effect.after.verdict,
            "duties_before": list(effect.before.duties),
            "duties_after": list(effect.after.duties),
            "disclaimer": effect.disclaimer,
        }
    }


WRITERS: dict[str, Callable[[Document], str]] = {"atom": as_atom, "rss": as_rss, "json": as_json}
