"""The curators' queue as a page: ranked, counted, filtered, said in English, and safe to look at."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from licenses import queue
from licenses.models import Claim
from licenses.topics import Topic
from tests.factories import make_license, make_model, make_person
from tests.licenses.waiting import counted, found, make_file, make_name, one_of_each, shown, somebody
from tests.pages import words

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


def test_the_most_models_come_first_then_the_most_downloads() -> None:
    bob = one_of_each()

    entries = found(bob).entries

    assert [entry.item for entry in entries[:2]] == ["names:name:qwen", "names:name:kimi-k2"]
    assert [(e.models, e.downloads) for e in entries] == sorted(
        ((e.models, e.downloads) for e in entries), reverse=True
    )
    assert found(bob, sort="downloads").entries[0].name == "Bare"


def test_counts_add_up_and_are_the_rows_behind_them() -> None:
    bob = one_of_each()

    whole = found(bob)

    assert set(whole.counts) == set(Topic)
    assert all(whole.counts.values())
    assert sum(whole.counts.values()) == whole.total == len(whole.entries)
    for topic in Topic:
        alone = found(bob, topics=[topic])
        assert alone.total == len(alone.entries) == whole.counts[topic]
        assert alone.counts == whole.counts
        assert {entry.topic for entry in alone.entries} == {topic}
    two = found(bob, topics=[Topic.NAMES, Topic.DOUBT])
    assert two.total == len(two.entries) == 3


def test_a_search_counts_what_it_leaves() -> None:
    bob = one_of_each()

    some = found(bob, q="kimi")

    assert [entry.name for entry in some.entries] == ["kimi-k2"]
    assert (some.total, some.counts[Topic.NAMES], some.counts[Topic.DOUBT]) == (1, 1, 0)


def test_pages_follow_each_other_without_gaps_or_repeats(curator: Client) -> None:
    for number in range(120):
        make_name(f"name-{number}", total=number // 7)
    seen, address = [], "/curate/"

    while address:
        page = curator.get(address)
        seen += shown(page)
        address = page.context["next_page"]

    assert len(seen) == len(set(seen)) == 120


def test_the_page_says_in_english_what_it_shows(curator: Client) -> None:
    make_name("kimi-k2", total=1204, downloads=3_100_000)

    page = words(curator.get("/curate/?topic=names&claimed=free&q=kimi").content.decode())

    assert "1 thing to do in names to bind, that nobody is at, matching “kimi”, ranked by models they unblock" in page
    assert "1,204 models" in page
    assert "3.1M downloads a month" in page


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("topic=name", "topic"),
        ("topic=names&topic=%00", "topic"),
        ("claimed=you", "claimed"),
        ("sort=-models", "sort"),
        ("page=0", "page"),
        ("page=41", "page"),
        ("page=x", "page"),
        ("q=%00", "q"),
        (f"q={'x' * 201}", "q"),
        ("since=2026", "since"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(curator: Client, query: str, field: str) -> None:
    page = curator.get(f"/curate/?{query}")

    assert page.status_code == 400
    assert f"<dt><code>{field}</code></dt>" in page.content.decode()


def test_every_link_of_the_queue_opens(reviewer: Client) -> None:
    one_of_each()
    page = reviewer.get("/curate/?topic=names").content.decode()

    for link in set(re.findall(r'href="(/curate/[^"#]*)"', page)):
        assert reviewer.get(html.unescape(link)).status_code == 200, link


def test_the_queue_is_for_curators(visitor: Client) -> None:
    assert visitor.get("/curate/").status_code == 302
    visitor.force_login(make_person("zoe"), "django.contrib.auth.backends.ModelBackend")

    assert visitor.get("/curate/").status_code == 403
    assert visitor.post("/curate/claims/", {"item": "names:name:x", "do": "claim"}).status_code == 403


@pytest.mark.parametrize("written", [HOSTILE, "\u202egnp.exe", "   ", "a" * 500, "مرحبا", "\U0001f600", "%00"])
def test_what_strangers_wrote_stays_words(curator: Client, written: str) -> None:
    make_name(HOSTILE, written=written, leading=HOSTILE, downloads=-1)
    file = make_file(make_model(f"acme/{HOSTILE}"), "Some words of theirs.")
    file.title = HOSTILE
    file.save()

    page = curator.get("/curate/?q=&topic=names").content.decode() + curator.get("/curate/").content.decode()

    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_the_queue_takes_few_queries(reviewer: Client, django_assert_max_num_queries: Callable[..., Any]) -> None:
    one_of_each()
    until = timezone.now() + queue.CLAIMED_FOR
    for number in range(60):
        counted(make_license(f"License {number}", mau_cap="yes", revenue_cap="silent"), number)
        make_name(f"name-{number}", total=number)
        Claim.objects.create(item=f"names:name:name-{number}", user=somebody(), until=until)

    with django_assert_max_num_queries(8):
        assert len(shown(reviewer.get("/curate/"))) == queue.PAGE_SIZE
    with django_assert_max_num_queries(8):
        reviewer.get("/curate/?topic=second&claimed=free&q=license&sort=downloads&page=2")
