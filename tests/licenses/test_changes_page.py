"""The page of changes: what it tells, whose doing it was, and its filters."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from licenses.models import Change, Document, License, Revision
from licenses.telling import told
from tests.factories import (
    make_change,
    make_license,
    make_model,
    make_publisher,
    make_release,
)
from tests.pages import words

pytestmark = pytest.mark.django_db


def rows(client: Client, query: str = "") -> list[str]:
    """The sentences of the page, in order."""
    page = client.get(f"/changes/{query}")
    assert page.status_code == 200, words(page.content.decode())
    return [words(one) for one in re.findall(r'<a class="told"[^>]*>(.*?)</a>', page.content.decode())]


def text(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, words(page.content.decode())[:400]
    return words(page.content.decode())


MOVED = [
    {"kind": "mau_cap", "before": "no", "after": "yes", "direction": "tighter", "words": "no → yes"},
    {"kind": "revenue_cap", "before": "yes", "after": "no", "direction": "looser", "words": "yes → no"},
]


class TestThePage:
    def test_the_latest_event_comes_first_whenever_we_learnt_of_it(self, client: Client) -> None:
        license = make_license()
        make_change(license=license, summary="old", effective_on=date(2019, 7, 30))
        make_change(license=license, summary="new", effective_on=date(2026, 11, 1))
        make_change(license=license, summary="older", effective_on=date(2018, 1, 1))

        assert rows(client) == ["new", "old", "older"]
        assert "2019-07-30" in text(client, "/changes/")
        assert "seen 2026-11-21" in text(client, "/changes/")

    def test_it_says_plainly_whose_doing_it_was(self, client: Client) -> None:
        license = make_license()
        make_change(license=license, event="text_changed", cause="text", summary="theirs")
        assert "They changed it theirs" in text(client, "/changes/")
        assert "We read it" not in text(client, "/changes/")

        make_change(license=license, event="read", cause="reading", summary="ours")
        assert "We read it ours" in text(client, "/changes/")

    def test_directions_are_said_in_words(self, client: Client) -> None:
        make_change(license=make_license(), event="text_changed", cause="text", direction="mixed", moved=MOVED)

        page = text(client, "/changes/")

        assert "tighter User cap no → yes" in page
        assert "looser Revenue cap yes → no" in page

    def test_cosmetic_changes_and_newcomers_are_not_shown_unless_asked_for(self, client: Client) -> None:
        license = make_license()
        make_change(license=license, event="added", cause="reading", weight="cosmetic")
        make_change(license=license, summary="news")

        assert rows(client) == ["news"]
        assert len(rows(client, "?weight=any")) == 2
        assert rows(client, "?weight=cosmetic") == ["Acme License entered the directory"]
        assert rows(client, "?weight=fault") == []

    def test_models_of_no_release_are_left_out_and_the_page_says_so(self, client: Client) -> None:
        make_release("Tiny", make_license(), repos=["acme/tiny"])
        make_change(model=make_model("acme/tiny"), after="mit")
        make_change(model=make_model("other/x"), after="mit")

        assert rows(client) == ["acme/tiny: license tag none → mit"]
        assert len(rows(client, "?models=all")) == 2
        assert "Models that belong to no release are left out." in text(client, "/changes/")
        assert 'href="/changes/?models=all"' in client.get("/changes/").content.decode()

    def test_the_wordings_are_linked_where_both_are_kept(self, client: Client) -> None:
        license = make_license("Llama 4")
        document = license.documents.get()
        old, new = (
            Revision.objects.create(document=document, raw_sha256=f"{n}" * 64, source="x", text="words") for n in "ab"
        )
        change = make_change(license=license, document=document, revision_before=old, revision_after=new)

        link = f"/licenses/llama-4/text/agreement/diff/?from={'a' * 12}&amp;to={'b' * 12}"
        assert link in client.get("/changes/").content.decode()
        assert link in client.get(change.get_absolute_url()).content.decode()

    def test_a_model_s_own_text_is_linked_at_the_model(self) -> None:
        model = make_model("acme/x")
        document = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE")
        old, new = (Revision.objects.create(document=document, raw_sha256=n * 64, source="x") for n in "ab")
        change = make_change(model=model, document=document, revision_before=old, revision_after=new, cause="text")
        found = Change.objects.entries().with_subjects().get(pk=change.pk)

        assert told(found).diff_address.startswith("/models/acme/x/text/license/diff/?from=aaaaaaaaaaaa&to=bbbb")

    def test_pages_follow_by_key_without_gaps_or_repeats(self, client: Client) -> None:
        license = make_license()
        for number in range(120):
            make_change(license=license, summary=f"{number}", effective_on=date(2024, 1, 1) + timedelta(number // 7))

        seen, address = [], "/changes/"
        while address:
            seen += rows(client, address.removeprefix("/changes/"))
            address = client.get(address).context["next_page"]

        assert len(seen) == len(set(seen)) == 120
        assert seen[0] == "119"

    def test_a_quarter_of_the_chart_leads_to_the_changes_that_it_counts(self, client: Client) -> None:
        license = make_license("MIT")
        for direction in ("looser", "tighter", "mixed", "neither", ""):
            make_change(license=license, event="text_changed", cause="text", direction=direction)
        make_change(license=license, event="read", cause="reading", direction="tighter")
        page = client.get("/changes/")
        quarter = page.context["chart"].quarters[0]

        (link,) = re.findall(r'<a href="(/changes/[^"]*from=[^"]*)">', page.content.decode())

        assert len(rows(client, link.replace("&amp;", "&").removeprefix("/changes/"))) == quarter.total == 4

    def test_a_bulk_is_told_once_with_its_number(self, client: Client) -> None:
        bulk = [make_change(model=make_model(f"acme/m{n}"), before="mit", after="other") for n in range(14)]

        assert rows(client, "?models=all") == ["acme changed 14 models from mit to other"]
        page = text(client, bulk[0].get_absolute_url())
        assert "The 14 models" in page
        assert "acme/m0" in page
        assert "acme/m13" in page

    @pytest.mark.parametrize("after", ["x", "2024-01-01", "2024-13-01-5", "2024-01-01-", "-5", "2024-01-01-١", "1-2"])
    def test_a_place_that_is_none_of_ours_is_refused(self, client: Client, after: str) -> None:
        assert "after" in text(client, f"/changes/?after={after}", 400)

    def test_few_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        make_publisher("Acme")
        for number in range(60):
            license = make_license(f"L{number}", mau_cap="yes")
            make_change(license=license, moved=MOVED, license_after=license)

        with django_assert_max_num_queries(8):
            assert len(rows(client, "?mau_cap=yes&license=l1&license=l2&publisher=acme&q=l")) == 0
        with django_assert_max_num_queries(2):
            assert len(rows(client)) == 50
        with django_assert_max_num_queries(8):
            client.get(Change.objects.first().get_absolute_url())

    def test_what_strangers_wrote_is_escaped(self, client: Client) -> None:
        wild = '"><script>alert(1)</script>\u202e'
        change = make_change(license=make_license(wild[:30]), before=wild, after=wild, remark=wild, source=wild)

        for path in ("/changes/", f"/changes/?q={wild}", change.get_absolute_url()):
            assert "<script>alert" not in client.get(path).content.decode()


class TestOneChange:
    def test_it_shows_before_and_after_of_every_clause_and_its_source(self, client: Client) -> None:
        source = "github:meta/llama@0abc:LICENSE"
        change = make_change(
            license=make_license("Llama 4"), key="2025-llama", event="text_changed", cause="text", moved=MOVED,
            direction="mixed", source=source, remark="Only in one file.", effective_on=date(2025, 4, 5),
        )  # fmt: skip

        page = client.get("/changes/2025-llama/")

        assert change.get_absolute_url() == "/changes/2025-llama/"
        assert 'href="https://github.com/meta/llama/blob/0abc/LICENSE"' in page.content.decode()
        shown = words(page.content.decode())
        assert "User cap▲ tighternoyes" in shown
        assert "Only in one file." in shown
        assert "Took effect2025-04-05" in shown

    def test_our_reading_is_never_taken_for_their_change(self, client: Client) -> None:
        change = make_change(license=make_license(), event="read", cause="reading", moved=MOVED[:1])

        page = client.get(change.get_absolute_url())

        assert "<title>Our reading:" in page.content.decode()
        assert "the publisher changed nothing" in words(page.content.decode())

    def test_one_of_a_bulk_names_the_whole(self, client: Client) -> None:
        first, second = (make_change(model=make_model(f"acme/{n}"), after="mit") for n in "ab")

        assert f'href="{first.get_absolute_url()}"' in client.get(second.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(
        ("source", "link"),
        [
            ("hf:a/b@0ab:LICENSE", "https://huggingface.co/a/b/blob/0ab/LICENSE"),
            ("javascript:alert(1)@x:y", ""),
            ('github:a/b"@0ab:LICENSE', ""),
            ("github:a/b@0ab", ""),
        ],
    )
    def test_only_commits_become_links(self, client: Client, source: str, link: str) -> None:
        page = client.get(make_change(license=make_license(), source=source).get_absolute_url()).content.decode()

        assert ("nofollow" in page) == bool(link)
        assert link in page

    def test_a_key_that_names_nothing_is_not_found(self, client: Client) -> None:
        assert "the comparison table" in text(client, "/changes/none/", 404)


@pytest.fixture
def several() -> dict[str, License]:
    """A capped license of Meta whose text was tightened, a free one that we read, and a tag of a listed model."""
    meta = make_publisher("Meta")
    capped = make_license("Llama 4", mau_cap="yes")
    License.objects.filter(pk=capped.pk).update(steward=meta)
    free = make_license("MIT", kind="standard", mau_cap="silent")
    make_release("Tiny", free, publisher="Acme", repos=["acme/tiny"])
    make_change(
        license=capped, license_after=capped, event="text_changed", cause="text", direction="tighter",
        moved=MOVED[:1], summary="capped", effective_on=date(2025, 4, 5),
    )  # fmt: skip
    make_change(
        license=free, license_after=free, event="read", cause="reading", direction="looser", moved=MOVED[1:],
        summary="free", effective_on=date(2024, 4, 5),
    )  # fmt: skip
    make_change(
        model=make_model("acme/tiny"), license_before=free, license_after=capped, direction="mixed", summary="tag",
        effective_on=date(2023, 4, 5),
    )  # fmt: skip
    return {"capped": capped, "free": free}


@pytest.mark.usefixtures("several")
class TestTheFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["capped", "free", "tag"]),
            ("?mau_cap=yes", ["capped", "tag"]),
            ("?mau_cap=no", ["free"]),
            ("?mau_cap!=yes", ["free"]),
            ("?mau_cap=unread", []),
            ("?revenue_cap=unread", ["capped", "free", "tag"]),
            ("?kind=standard", ["free"]),
            ("?event=read&event=text_changed", ["capped", "free"]),
            ("?cause=text&cause=metadata", ["capped", "tag"]),
            ("?direction=tighter", ["capped", "tag"]),
            ("?direction=looser", ["free", "tag"]),
            ("?direction=mixed", ["tag"]),
            ("?direction=unread", []),
            ("?moved=mau_cap", ["capped"]),
            ("?moved=mau_cap&moved=revenue_cap", ["capped", "free"]),
            ("?license=mit", ["free", "tag"]),
            ("?publisher=meta", ["capped"]),
            ("?publisher=acme", ["tag"]),
            ("?publisher=acme&publisher=meta", ["capped", "tag"]),
            ("?q=LLAMA", ["capped"]),
            ("?q=acme+tiny", ["tag"]),
            ("?q=%25", []),
            ("?from=2024-01-01", ["capped", "free"]),
            ("?to=2024-04-05", ["free", "tag"]),
            ("?from=2024-01-01&to=2024-12-31", ["free"]),
            ("?from=&to=&q=&event=&moved=&direction=", ["capped", "free", "tag"]),
            ("?mau_cap=yes&direction=tighter&publisher=meta&utm_source=x", ["capped"]),
        ],
    )
    def test_a_value_finds_what_it_says(self, client: Client, query: str, found: list[str]) -> None:
        assert rows(client, query) == found

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ("", "Changes"),
            (
                "?direction=tighter&mau_cap=yes&publisher=meta",
                "Changes that tightened something, of licenses with a user cap, from Meta",
            ),
            ("?license=mit&cause=reading", "Changes in our reading, under MIT"),
            (
                "?moved=mau_cap&from=2024-01-01&to=2025-01-01",
                "Changes in which user cap moved, from 2024-01-01 until 2025-01-01",
            ),
            (
                "?event=gone&weight=any&models=all",
                "Changes of the sort “no longer on the Hub”, of any weight, of every model on the Hub",
            ),
        ],
    )
    def test_the_filter_is_said_in_english(self, client: Client, query: str, sentence: str) -> None:
        assert f"<title>{sentence} · Openness</title>" in client.get(f"/changes/{query}").content.decode()

    @pytest.mark.parametrize(
        ("query", "field", "cure"),
        [
            ("?direction=up", "direction", "looser, tighter, mixed, neither, unread"),
            ("?weight=heavy", "weight", "substantive, cosmetic, fault, any"),
            ("?event=boom", "event", "text_changed"),
            ("?cause=we", "cause", "text, metadata, reading, rules"),
            ("?license=nothing", "license", "llama-4, mit"),
            ("?publisher=nobody", "publisher", "acme, meta"),
            ("?license=%00", "license", "llama-4"),
            ("?moved=everything", "moved", "mau_cap"),
            ("?mau_cap=maybe", "mau_cap", "free, yes"),
            ("?from=yesterday", "from", "YYYY-MM-DD"),
            ("?to=2024-02-31", "to", "YYYY-MM-DD"),
            ("?models=some", "models", "listed, all"),
            ("?sort=name", "sort", "is not a filter"),
            ("?page=2", "page", "is not a filter"),
            ("?" + "&".join(f"license=l{n}" for n in range(101)), "filters", "more than 100"),
        ],
    )
    def test_what_we_do_not_have_is_refused_by_name(self, client: Client, query: str, field: str, cure: str) -> None:
        for path in ("/changes/", "/changes.atom"):
            page = text(client, path + query, 400)
            assert field in page
            assert cure in page
        assert field in client.get(f"/changes.json{query}").json()["errors"]

    def test_each_chip_takes_its_filter_away(self, client: Client) -> None:
        page = client.get("/changes/?direction=tighter&mau_cap=yes&publisher=meta&from=2024-01-01&kind=custom")

        chips = {chip.label: chip.address for chip in page.context["chips"]}

        assert chips.keys() == {"a user cap", "custom license", "direction: tighter", "Meta", "from 2024-01-01"}
        assert all(client.get(address).status_code == 200 for address in chips.values())
        assert "publisher" not in chips["Meta"]

    def test_a_model_told_with_others_is_found_by_its_name_and_publisher(self, client: Client) -> None:
        make_release("Other", make_license("Other"), publisher="Zeta", repos=["zeta/m"])
        for name in ("acme/m", "zeta/m"):
            make_change(model=make_model(name), cause="rules", after="MIT")
        make_change(model=make_model("acme/n"), cause="rules", after="MIT")
        bulk = ["We now take the license of 2 models for MIT, before none"]

        assert rows(client, "?models=all&q=acme%2Fn") == bulk
        assert len(rows(client, "?models=all&publisher=zeta")) == 1
