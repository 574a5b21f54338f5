"""The feeds: valid in all three forms, complete over their archives, quiet for those who ask again."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.db import connection
from django.test import Client

from licenses.models import Change, License, Revision
from tests.factories import NOW, make_change, make_license, make_model, make_publisher, make_release
from tests.feeds import ATOM, ids, only, relations

pytestmark = pytest.mark.django_db

FORMS = ("rss", "atom", "json")
MOVED = [{"kind": "mau_cap", "before": "no", "after": "yes", "direction": "tighter", "words": "no → yes"}]
#: What strangers may write: markup, ends of sections, control characters, steering marks, characters that are none.
HOSTILE = [
    "<script>alert(1)</script>",
    "]]>&lt;&#0;<![CDATA[",
    "\x01\x08\x0b\x0c\x1b[31m\x7f\x85",
    "\u202e\u2066gnp.exe\u2069",
    "\ufffe\uffff\ufeff",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    'x" onload="alert(1)',
    "𝕏 許可 🤗 \u2028\u2029",
]

KEPT = "These words stay as they are in both."
MORE = " ".join(f"Sentence number {number} is here to stay." for number in range(1, 9))


def feed(client: Client, address: str = "/changes.json", **headers: Any) -> dict[str, Any]:
    return json.loads(client.get(address, **headers).content)


def many(number: int, **facts: Any) -> list[str]:
    """Changes of one license, the oldest first; their keys."""
    license = License.objects.first() or make_license()
    row = {"event": "stated", "cause": "text", "weight": "substantive", "seen_at": NOW, "moved": MOVED} | facts
    Change.objects.bulk_create(Change(license=license, key=f"k{n:05}", **row) for n in range(number))
    with connection.cursor() as cursor:
        # A vacuum between two tests finds no row, as none is ever committed; the planner would count on that.
        cursor.execute("ANALYZE licenses_change")
    return [f"k{n:05}" for n in range(number)]


@pytest.mark.parametrize("form", FORMS)
class TestEveryForm:
    def test_a_feed_without_entries_is_valid(self, client: Client, form: str) -> None:
        assert ids(client, f"/changes.{form}") == []

    def test_what_we_learnt_last_stands_on_top_even_if_it_happened_long_ago(self, client: Client, form: str) -> None:
        license = make_license()
        for key, year in (("a", 2024), ("b", 2026), ("c", 2019)):
            make_change(license=license, key=key, effective_on=date(year, 1, 1))

        assert ids(client, f"/changes.{form}") == ["c", "b", "a"]

    @pytest.mark.parametrize("wild", HOSTILE, ids=range(len(HOSTILE)))
    def test_nothing_that_strangers_write_breaks_it(self, client: Client, form: str, wild: str) -> None:
        license = make_license("L")
        License.objects.update(name=wild, short_name=wild[:40])
        document = license.documents.get()
        old, new = (Revision.objects.create(document=document, raw_sha256=n * 64, source=wild, text=wild) for n in "ab")
        moved = [{"kind": "mau_cap", "before": wild, "after": wild, "direction": wild, "words": wild}]
        make_change(
            license=license, event="text_changed", cause="text", before=wild, after=wild, remark=wild, source=wild,
            moved=moved, document=document, revision_before=old, revision_after=new, summary=wild[:3],
        )  # fmt: skip
        make_change(license=license, event="stated", before=wild, after=wild)
        make_change(model=make_model(f"acme/{wild}"), before=wild, after=wild)

        for address in (f"/changes.{form}?models=all", f"/licenses/l/changes.{form}", f"/changes.{form}?q={'%3Cx%3E'}"):
            ids(client, address)
        page = client.get(f"/changes.{form}?models=all").content.decode()
        assert "<script" not in page.replace("\\u003c", "<") or form == "json"
        assert "\u202e" not in page

    def test_it_says_in_english_what_is_filtered(self, client: Client, form: str) -> None:
        make_license("Llama 4")

        page = client.get(f"/changes.{form}?direction=tighter&mau_cap=yes&license=llama-4").content.decode()

        assert "Changes that tightened something, of licenses with a user cap, under Llama 4" in page

    def test_archives_hold_all_and_stay_as_they_are(self, client: Client, form: str) -> None:
        keys = many(150)
        first = ids(client, f"/changes.{form}?archive=1")
        assert first == keys[99::-1]
        assert ids(client, f"/changes.{form}") == keys[:49:-1]

        make_change(license=License.objects.get(), key="newer")

        assert ids(client, f"/changes.{form}?archive=1") == first

    @pytest.mark.parametrize("archive", ["0", "2", "-1", "x", "1" * 20, "١"])
    def test_an_archive_that_is_not_complete_is_refused(self, client: Client, form: str, archive: str) -> None:
        many(150)

        assert client.get(f"/changes.{form}?archive={archive}").status_code == 400

    def test_few_queries_and_one_for_who_has_it_already(
        self, client: Client, form: str, django_assert_max_num_queries: Any
    ) -> None:
        make_publisher()
        many(1_500)
        for address in (
            f"/changes.{form}",
            f"/changes.{form}?archive=7&direction=unread",
            f"/changes.{form}?mau_cap=unread&license=acme-license&publisher=acme&q=acme",
            f"/licenses/acme-license/changes.{form}?moved=mau_cap",
            f"/publishers/acme/changes.{form}",
        ):
            with django_assert_max_num_queries(6):
                page = client.get(address)
            assert page.status_code == 200
            with django_assert_max_num_queries(1):
                again = client.get(address, headers={"If-None-Match": page.headers["ETag"]})
            assert again.status_code == 304
            assert not again.content

    def test_who_asks_again_is_told_when_something_is_new(self, client: Client, form: str) -> None:
        many(3)
        page = client.get(f"/changes.{form}")
        known = {"If-None-Match": page.headers["ETag"]}
        since = {"If-Modified-Since": page.headers["Last-Modified"]}

        assert [client.get(f"/changes.{form}", headers=one).status_code for one in (known, since)] == [304, 304]
        assert sorted(page.headers["Cache-Control"].split(", ")) == ["max-age=0", "public", "s-maxage=60"]

        make_change(license=License.objects.get(), seen_at=NOW + timedelta(seconds=1))
        assert [client.get(f"/changes.{form}", headers=one).status_code for one in (known, since)] == [200, 200]

    def test_a_bulk_that_grows_is_news(self, client: Client, form: str) -> None:
        make_change(model=make_model("acme/a"), after="mit")
        address = f"/changes.{form}?models=all"
        page = client.get(address)

        make_change(model=make_model("acme/b"), after="mit", seen_at=NOW + timedelta(hours=1))
        again = client.get(address, headers={"If-None-Match": page.headers["ETag"]})

        assert again.status_code == 200
        assert "2 models" in again.content.decode()
        assert len(ids(client, address)) == 1

    def test_it_is_sent_packed_to_who_can_unpack(self, client: Client, form: str) -> None:
        many(50)
        page = client.get(f"/changes.{form}", headers={"Accept-Encoding": "gzip"})

        assert page.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(page.content) == client.get(f"/changes.{form}").content
        again = client.get(
            f"/changes.{form}", headers={"Accept-Encoding": "gzip", "If-None-Match": page.headers["ETag"]}
        )
        assert again.status_code == 304

    @pytest.mark.parametrize("path", ["licenses/x", "releases/x", "publishers/x", "models/x/y"])
    def test_what_is_not_there_has_no_feed(self, client: Client, form: str, path: str) -> None:
        assert client.get(f"/{path}/changes.{form}").status_code == 404

    def test_addresses_stand_at_the_site_s_own_address(self, client: Client, form: str, settings: Any) -> None:
        many(1)
        settings.SITE_URL = "https://openness.example"

        page = client.get(f"/changes.{form}").content.decode()

        assert "https://openness.example/changes/k00000/" in page
        assert "http://127" not in page
        assert "testserver" not in page


class TestWhoseFeed:
    def test_each_thing_has_the_feed_of_what_concerns_it(self, client: Client) -> None:
        license = make_license("Llama 4")
        release = make_release("Scout", license, publisher="Meta", repos=["meta/scout"])
        model, other = make_model("meta/scout", license=license), make_model("zeta/x")
        make_change(license=license, key="license")
        make_change(release=release, key="release")
        make_change(publisher=release.publisher, key="publisher")
        make_change(model=model, key="model", after="mit")
        make_change(model=other, key="other", after="mit")
        make_change(license=make_license("MIT"), key="mit")

        feeds = {
            "licenses/llama-4": {"license"},
            "releases/scout": {"license", "release", "model"},
            "publishers/meta": {"release", "publisher", "model"},
            "models/meta/scout": {"license", "model"},
            "models/zeta/x": {"other"},
        }
        for path, keys in feeds.items():
            assert {frozenset(ids(client, f"/{path}/changes.{form}")) for form in FORMS} == {frozenset(keys)}
        assert set(ids(client, "/changes.atom")) == {"license", "release", "publisher", "model", "mit"}
        assert "Changes of Scout" in client.get("/releases/scout/changes.rss").content.decode()

    def test_a_license_s_feed_tells_of_the_version_after_it(self, client: Client) -> None:
        old, new = make_license("Llama 3"), make_license("Llama 4")
        make_change(license=new, license_before=old, license_after=new, event="next_version", key="next")

        assert (
            ids(client, "/licenses/llama-3/changes.atom") == ids(client, "/licenses/llama-4/changes.atom") == ["next"]
        )

    def test_only_the_feed_of_one_thing_is_not_folded(self, client: Client) -> None:
        make_release("Tiny", make_license(), repos=["acme/a", "acme/b"])
        for name in "ab":
            make_change(model=make_model(f"acme/{name}"), key=name, after="mit")

        assert ids(client, "/changes.json") == ids(client, "/publishers/acme/changes.json") == ["a"]
        assert set(ids(client, "/releases/tiny/changes.json")) == {"a", "b"}
        assert ids(client, "/models/acme/b/changes.json") == ["b"]

    def test_filters_work_on_every_feed(self, client: Client) -> None:
        license = make_license("Llama 4")
        make_change(license=license, key="tight", direction="tighter")
        make_change(license=license, key="loose", direction="looser")
        make_change(license=license, key="small", weight="cosmetic")

        assert ids(client, "/licenses/llama-4/changes.atom?direction=tighter") == ["tight"]
        assert ids(client, "/licenses/llama-4/changes.atom?weight=cosmetic") == ["small"]


class TestAnEntry:
    def entry(self, client: Client) -> dict[str, Any]:
        (found,) = feed(client)["items"]
        return found

    def test_the_change_itself_is_inside(self, client: Client) -> None:
        make_change(
            license=make_license("Llama 4"), event="text_changed", cause="text", direction="tighter", moved=MOVED,
            before="one", after="two", remark="In one file only.",
        )  # fmt: skip

        html = self.entry(client)["content_html"]

        assert "<li>▲ <b>tighter</b> User cap: no → yes</li>" in html
        assert "<b>They changed it</b> (the publisher changed words)" in html
        assert "one → two" in html
        assert "In one file only." in html

    def test_changed_sentences_are_inside(self, client: Client) -> None:
        license = make_license("Llama 4")
        document = license.documents.get()
        old, new = (
            Revision.objects.create(document=document, raw_sha256=str(n) * 64, source="x", text=text)
            for n, text in enumerate([f"{KEPT} It was so.", f"{KEPT} {MORE} No <br> in it."])
        )
        make_change(license=license, event="text_changed", document=document, revision_before=old, revision_after=new)

        entry = self.entry(client)

        assert entry["summary"].startswith("Text of Llama 4 changed: 9 sentences added, 1 removed")
        assert "<ins>Sentence number 1 is here to stay.</ins>" in entry["content_html"]
        assert "Added (the first 6 of 9):" in entry["content_html"]
        assert "<del>It was so.</del>" in entry["content_html"]
        assert "<br>" not in entry["content_html"]

    @pytest.mark.parametrize("cause", ["reading", "rules"])
    def test_our_doing_is_titled_as_ours(self, client: Client, cause: str) -> None:
        make_change(license=make_license(), event="read", cause=cause, moved=MOVED)

        entry = self.entry(client)

        assert entry["title"].startswith("Our reading: ")
        assert "<b>We read it</b>" in entry["content_html"]
        assert cause in entry["tags"]
        assert not entry["_openness"]["theirs"]

    @pytest.mark.parametrize(
        ("effective", "published"),
        [
            (date(2019, 7, 30), datetime(2019, 7, 30, 12, tzinfo=UTC)),
            (None, NOW),
            (NOW.date(), NOW),
            (date(2030, 1, 1), NOW),
        ],
    )
    def test_it_is_dated_by_its_effect_and_updated_when_seen(
        self, client: Client, effective: date | None, published: datetime
    ) -> None:
        make_change(license=make_license(), effective_on=effective)

        entry = self.entry(client)

        assert datetime.fromisoformat(entry["date_published"]) == published
        assert datetime.fromisoformat(entry["date_modified"]) == NOW

    def test_categories_have_their_scheme(self, client: Client) -> None:
        make_change(license=make_license(), direction="tighter")

        root = ElementTree.fromstring(client.get("/changes.atom").content)
        found = {one.get("scheme"): one.get("term") for one in only(root, f"{ATOM}entry").findall(f"{ATOM}category")}

        assert found == {
            "tag:openness,2026:event": "license_changed",
            "tag:openness,2026:cause": "metadata",
            "tag:openness,2026:weight": "substantive",
            "tag:openness,2026:direction": "tighter",
        }


@pytest.mark.parametrize(("form", "version"), [("rss", "rss20"), ("atom", "atom10")])
def test_a_feed_reader_reads_all_of_an_entry(client: Client, form: str, version: str) -> None:
    license = make_license("Llama 4")
    for number, words in enumerate(HOSTILE):
        make_change(license=license, key=f"k{number}", moved=MOVED, summary=words, effective_on=date(2025, 4, 5))

    read = feedparser.parse(client.get(f"/licenses/llama-4/changes.{form}").content)

    assert (read.bozo, read.version, len(read.entries)) == (False, version, len(HOSTILE))
    entry = next(entry for entry in read.entries if entry.id == "tag:openness,2026:change/k0")
    assert entry.published_parsed[:3] == (2025, 4, 5)
    assert entry.link.endswith("/changes/k0/")
    assert "substantive" in [tag.term for tag in entry.tags]
    bodies = [entry.content[0].value if "content" in entry else entry.summary for entry in read.entries]
    assert all("User cap: no → yes" in body for body in bodies)
    assert not any("<script" in body for body in bodies)


def test_archives_lead_back_to_the_first_entry(client: Client) -> None:
    keys = many(350)
    address, seen = "/changes.atom?moved=mau_cap", list[str]()
    while address:
        seen += [key for key in ids(client, address) if key not in seen]
        found = relations(ElementTree.fromstring(client.get(address).content))
        address = found.get("prev-archive", "").removeprefix("http://127.0.0.1:8000")

    assert seen == keys[::-1]
    page, read = feed(client), 0
    while page.get("next_url"):
        page, read = feed(client, page["next_url"].partition("8000")[2]), read + 1
    assert read == 3


def test_all_forms_of_one_feed_share_their_name_with_its_archives(client: Client) -> None:
    many(150)

    names = {
        only(ElementTree.fromstring(client.get(f"/changes.atom{query}").content), f"{ATOM}id").text
        for query in ("?event=stated&cause=text", "?archive=1&cause=text&event=stated")
    }

    assert names == {"tag:openness,2026:feed/changes?cause=text&event=stated"}


class TestItIsFound:
    ALL = ("/changes.atom", "/changes.rss", "/changes.json")

    def alternates(self, client: Client, path: str) -> list[str]:
        page = client.get(path).content.decode()
        head = page.partition("</head>")[0]
        return [one.partition('"')[0].replace("&amp;", "&") for one in head.split(' href="')[1:] if "changes." in one]

    @pytest.mark.parametrize(
        ("path", "own"),
        [
            ("/", ""),
            ("/clauses/", ""),
            ("/changes/", ""),
            ("/licenses/llama-4/", "/licenses/llama-4/changes.{}"),
            ("/releases/scout/", "/releases/scout/changes.{}"),
            ("/publishers/meta/", "/publishers/meta/changes.{}"),
            ("/models/meta/scout/", "/models/meta/scout/changes.{}"),
            ("/changes/?mau_cap!=yes&direction=tighter", "/changes.{}?mau_cap!=yes&direction=tighter"),
            ("/?mau_cap=no&publisher=meta&sort=name&kind=custom", "/changes.{}?mau_cap=no&publisher=meta&kind=custom"),
            ("/licenses/?mau_cap=no&family=&page=1", "/changes.{}?mau_cap=no"),
        ],
    )
    def test_every_page_names_its_feeds(self, client: Client, path: str, own: str) -> None:
        make_model("meta/scout")
        license = make_license("Llama 4", mau_cap="silent")
        make_release("Scout", license, publisher="Meta", repos=["meta/scout"])

        found = self.alternates(client, path)

        expected = [own.format(form) for form in ("atom", "rss", "json")] if own else []
        assert found == [*expected, *self.ALL]
        for address in found:
            assert client.get(address).status_code == 200
        if path != "/clauses/":
            body = client.get(path).content.decode().partition("</head>")[2]
            assert all(f'href="{one.replace("&", "&amp;")}"' in body for one in expected or self.ALL)
