"""May I use it? The form, the table by verdict, and the profile carried to the other lists."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from licenses import bundles
from licenses.change_filters import known
from licenses.clauses import KIND
from licenses.models import License
from tests.factories import make_clause, make_license, make_model, make_release
from tests.pages import names_on, row_of, words

pytestmark = pytest.mark.django_db

GRANTS = dict.fromkeys(("commercial_use", "modification", "redistribution", "hosted_service"), "yes")


def all_read(license: License, **answers: Any) -> License:
    """Every other kind is silent, so that nothing is unread."""
    for slug in KIND:
        if not license.clauses.filter(kind=slug).exists():
            make_clause(license, slug, document=license.documents.get(), answer="silent")
    return license


@pytest.fixture
def story() -> None:
    """One row of each verdict for a German company that builds a product."""
    place = {"regions": ["EU"], "basis": ["domicile"], "effect": "no_grant"}
    licenses = {
        "Qwen3": make_license("Apache-2.0", kind="standard", **GRANTS),
        "Kimi K2": make_license("Shown", **GRANTS, branding_required={"answer": "yes", "payload": {"string": "Kimi"}}),
        "Command": make_license("Unbusiness", **GRANTS | {"commercial_use": "no"}),
        "Llama 4": make_license(
            "Fenced", **GRANTS, geo_exclusion={"answer": "yes", "territories": [place]},
            mau_cap={"answer": "yes", "thresholds": [{}]},
        ),
    }  # fmt: skip
    for year, (name, license) in enumerate(licenses.items(), 2021):
        make_release(name, all_read(license), released_on=date(year, 1, 1), repos=[f"acme/{name.lower()}"])
    make_release("DCLM", make_license("Unread"), released_on=date(2020, 1, 1))


GERMAN = "commercial=yes&use=product&organisation=company&seat=DE"


def page_at(client: Client, query: str) -> Any:
    page = client.get(f"/check/?{query}", follow=True)
    assert page.status_code == 200, words(page.content.decode())
    return page


def links(page: Any) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page.content.decode())]


def groups(page: Any) -> list[str]:
    return [words(one) for one in re.findall(r'<th scope="rowgroup"[^>]*>(.*?)</th>', page.content.decode())]


@pytest.mark.usefixtures("story")
class TestTheTable:
    def test_rows_stand_by_verdict_best_first_with_their_number(self, client: Client) -> None:
        page = page_at(client, GERMAN)

        assert names_on(page) == ["Qwen3", "Kimi K2", "DCLM", "Command", "Llama 4"]
        assert groups(page) == [
            "Appears permitted: 1",
            "Appears permitted with obligations: 1",
            "Cannot tell: 1",
            "Appears to need a separate license: 1",
            "Appears prohibited: 1",
        ]

    def test_a_row_says_its_verdict_and_why_and_leads_to_all_of_it(self, client: Client) -> None:
        page = page_at(client, GERMAN)

        assert "with obligations" in row_of(page, "Kimi K2")
        assert "“Kimi”" in row_of(page, "Kimi K2")
        assert "your seat is there (DE)" in row_of(page, "Llama 4")
        assert "Nothing in the way" in row_of(page, "Qwen3")
        assert f"/check/releases/llama-4/?{GERMAN}" in links(page)

    def test_the_profile_is_said_in_english_with_the_result(self, client: Client) -> None:
        html = page_at(client, GERMAN).content.decode()

        title = unescape(re.findall("<title>(.*?)</title>", html)[0])
        assert title == (
            "For a company in Germany that builds it into a product, commercial: 1 model appears permitted, "
            "1 permitted with obligations, 1 unclear, 1 appears to need a separate license and 1 prohibited · Openness"
        )
        assert "Information, not legal advice. Our reading of the text dated 2026-11-01" in html

    def test_each_answer_is_a_chip_that_takes_it_back(self, client: Client) -> None:
        found = links(page_at(client, f"{GERMAN}&mau_cap=no"))

        for one in ("commercial=yes", "use=product", "seat=DE", "organisation=company"):
            rest = [other for other in GERMAN.split("&") if other != one]
            assert any({*rest, "mau_cap=no"} == set(link.partition("?")[2].split("&")) for link in found), one

    def test_verdicts_filter_and_combine_with_every_other_filter(self, client: Client) -> None:
        some = f"{GERMAN}&verdict=permitted&verdict=obligations"

        assert names_on(page_at(client, some)) == ["Qwen3", "Kimi K2"]
        assert names_on(page_at(client, f"{some}&kind=standard")) == ["Qwen3"]
        assert names_on(page_at(client, f"{GERMAN}&q=llama")) == ["Llama 4"]
        assert names_on(page_at(client, f"{GERMAN}&mau_cap=yes")) == ["Llama 4"]
        assert f"/check/?{GERMAN}&verdict=prohibited" in links(page_at(client, GERMAN))

    def test_the_order_holds_within_a_group(self, client: Client) -> None:
        make_release("Aya", License.objects.get(slug="apache-20"), released_on=date(2019, 1, 1))

        assert names_on(page_at(client, GERMAN))[:2] == ["Qwen3", "Aya"]
        assert names_on(page_at(client, f"{GERMAN}&sort=name"))[:2] == ["Aya", "Qwen3"]

    def test_without_a_profile_there_are_rows_a_form_and_no_verdict(self, client: Client) -> None:
        page = page_at(client, "")

        assert names_on(page) == ["Llama 4", "Command", "Kimi K2", "Qwen3", "DCLM"]
        assert groups(page) == []
        assert "Who asks, and what for?" in words(page.content.decode())

    def test_exports_hold_verdict_reason_duties_and_disclaimer(self, client: Client) -> None:
        rows = page_at(client, f"{GERMAN}&format=json").json()["rows"]
        text = page_at(client, f"{GERMAN}&format=csv").content.decode()
        table = list(csv.DictReader(io.StringIO(text)))

        assert [row["verdict"] for row in rows] == [
            "permitted",
            "obligations",
            "unknown",
            "needs-license",
            "prohibited",
        ]
        assert any("Kimi" in duty for duty in rows[1]["duties"])
        assert all("not legal advice" in row["disclaimer"] for row in rows)
        assert table[4]["verdict"] == "prohibited"
        assert "your seat is there" in table[4]["reason"]
        assert "verdict" not in page_at(client, "format=json").json()["rows"][0]

    def test_what_was_taken_for_granted_is_said_once(self, client: Client) -> None:
        many = words(page_at(client, "commercial=yes&use=product&users=800M").content.decode())

        place = "Not stated, and it is taken to lie elsewhere: your seat (Fenced)."
        sizes = "your users in the month before the release (Fenced)."
        assert many.count(place) == many.count(sizes) == 1
        assert many.index(place) < many.index(sizes)
        assert "What was assumed" not in words(page_at(client, "q=qwen3&commercial=yes").content.decode())

    def test_the_files_say_it_too(self, client: Client) -> None:
        rows = page_at(client, f"{GERMAN}&format=json").json()["rows"]
        table = page_at(client, f"{GERMAN}&format=csv").content.decode().splitlines()

        assert "assumed" in table[0].split(",")
        assert any("are not stated" in words for row in rows for words in row["assumed"])

    def test_a_browser_that_goes_back_restores_no_ticks(self, client: Client) -> None:
        form = re.search(r'<form class="chk-form"[^>]*>', page_at(client, GERMAN).content.decode())

        assert form is not None
        assert 'autocomplete="off"' in form[0]

    def test_changes_for_these_answers_are_a_page_and_a_feed(self, client: Client) -> None:
        page = page_at(client, GERMAN)

        assert "Follow changes for these answers" in words(page.content.decode())
        assert any(link.startswith("/changes/?") and "seat=DE" in link for link in links(page))

    def test_pages_of_fifty_and_none_past_the_last(self, client: Client) -> None:
        for number in range(50):
            make_release(f"Filler {number}", License.objects.get(slug="apache-20"))

        first, second = page_at(client, GERMAN), page_at(client, f"{GERMAN}&page=2")

        assert len(names_on(first)) == 50
        assert groups(first) == ["Appears permitted: 51"]
        assert groups(second)[0] == "Appears permitted: 51"
        assert len(names_on(second)) == 5
        assert client.get(f"/check/?{GERMAN}&page=3").status_code == 400


@pytest.mark.usefixtures("story")
class TestTheAddress:
    def test_what_a_form_leaves_empty_is_left_out(self, client: Client) -> None:
        page = client.get("/check/?commercial=yes&seat=&users=&users_at-2025-03=800M&users_at-2024-06=&q=&place=")

        assert page.status_code == 302
        assert page["Location"] == "/check/?commercial=yes&users_at=2025-03%3A800M"

    def test_a_short_address_is_answered_at_once(self, client: Client) -> None:
        assert client.get(f"/check/?{GERMAN}").status_code == 200

    def test_nothing_of_the_visitor_is_kept(self, client: Client) -> None:
        assert not client.get(f"/check/?{GERMAN}").cookies

    WRONG = [
        ("seat=XX", "seat", "“XX” cannot be used with “seat”"),
        ("use=flying", "use", "Use one of: evaluate, product"),
        ("users=abc", "users", "“abc” is no number"),
        ("users_at=2025-03:many", "users_at", "“many” is no number"),
        ("users_at=March", "users_at", "Write a month and its number of users"),
        ("verdict=fine&commercial=yes", "verdict", "Use one of: prohibited, needs-license"),
        ("mau_cap=maybe", "mau_cap", "Use one of: free"),
        ("color=red", "color", "is not a filter"),
        ("commercial=yes&page=0", "page", "whole number"),
    ]

    @pytest.mark.parametrize(("query", "name", "cure"), WRONG)
    def test_what_cannot_be_is_refused_with_its_cure(self, client: Client, query: str, name: str, cure: str) -> None:
        page, data = client.get(f"/check/?{query}"), client.get(f"/check/?{query}&format=json")

        assert (page.status_code, data.status_code) == (400, 400)
        assert cure in words(page.content.decode())
        assert cure in data.json()["errors"][name][0]

    def test_the_form_keeps_what_was_typed(self, client: Client) -> None:
        html = client.get("/check/?users=abc&commercial=yes&users_at-2025-03=many&kind=custom", follow=True)
        html = html.content.decode()

        assert 'name="users" value="abc"' in html
        assert 'name="users_at-2025-03" value="many"' in html
        assert re.search(r'value="yes" checked', html)
        assert '<input type="hidden" name="kind" value="custom">' in html

    def test_strange_input_breaks_nothing(self, client: Client) -> None:
        for query in (
            "q=%00&commercial=yes",
            "users_at-x=%00",
            f"users={'9' * 400}",
            "seat=%F0%9F%92%A9",
            "use=" * 150,
        ):
            assert client.get(f"/check/?{query}", follow=True).status_code in (200, 400)


@pytest.mark.usefixtures("story")
class TestTheForm:
    def test_what_is_asked_hangs_on_the_rows_in_view(self, client: Client) -> None:
        everything, one = page_at(client, "").content.decode(), page_at(client, "q=qwen3").content.decode()

        assert "Asked because Fenced grants nothing to those who sit in some places" in words(everything)
        assert 'name="seat"' not in one
        assert 'name="commercial"' in one

    def test_it_carries_the_filters_along_and_the_filters_carry_the_profile(self, client: Client) -> None:
        html = page_at(client, f"{GERMAN}&mau_cap=no&sort=name").content.decode()

        profile, filters = re.findall(r"<form.*?</form>", html, re.S)[:2]
        assert '<input type="hidden" name="mau_cap" value="no">' in profile
        assert '<input type="hidden" name="sort" value="name">' in profile
        for one in GERMAN.split("&"):
            name, _, value = one.partition("=")
            assert f'<input type="hidden" name="{name}" value="{value}">' in filters

    def test_every_page_leads_to_it(self, client: Client) -> None:
        for path in ("/", "/licenses/", "/models/", "/changes/", "/clauses/", "/?mau_cap=maybe"):
            assert re.search(r'<nav aria-label="Site">.*?href="/check/"', client.get(path).content.decode(), re.S), path


@pytest.mark.usefixtures("story")
class TestCarried:
    def test_the_comparison_table_answers_for_a_profile_and_stays_in_order(self, client: Client) -> None:
        page = client.get(f"/?{GERMAN}")

        assert names_on(page) == ["Llama 4", "Command", "Kimi K2", "Qwen3", "DCLM"]
        assert groups(page) == []
        assert "prohibited" in row_of(page, "Llama 4")
        assert "Answers for: a company in Germany" in words(page.content.decode())
        assert f"/check/?{GERMAN}" in links(page)
        assert "/" in links(page)

    @pytest.mark.parametrize("path", ["/", "/models/"])
    def test_every_link_of_a_list_keeps_the_profile(self, client: Client, path: str) -> None:
        make_model("acme/tiny", license=License.objects.get(slug="apache-20"))
        page = client.get(f"{path}?{GERMAN}&mau_cap=no")
        html = page.content.decode()

        own = [link for link in links(page) if link.startswith(f"{path}?") or link == path]
        without = [link for link in own if not set(GERMAN.split("&")) <= set(link.partition("?")[2].split("&"))]
        assert set(without) <= {path, f"{path}?mau_cap=no"}
        assert '<input type="hidden" name="seat" value="DE">' in html

    def test_models_are_judged_by_their_license_and_their_parents(self, client: Client) -> None:
        make_model("acme/tiny", license=License.objects.get(slug="apache-20"))
        make_model("other/child", license=License.objects.get(slug="apache-20"), base_models=["acme/llama 4"])
        make_model("acme/unknown")

        html = client.get(f"/models/?{GERMAN}").content.decode()
        rows = {name: words(row) for name, row in re.findall(r"<tr><th.*?>(\w+/\w+)</a>(.*?)</tr>", html, re.S)}

        assert "permitted" in rows["acme/tiny"]
        assert "prohibited" in rows["other/child"]
        assert "cannot tell" in rows["acme/unknown"]
        assert f"/check/models/acme/tiny/?{GERMAN}" in unescape(html)

    @pytest.mark.parametrize("path", ["/", "/models/"])
    def test_a_profile_that_cannot_be_is_refused(self, client: Client, path: str) -> None:
        page = client.get(f"{path}?seat=XX")

        assert page.status_code == 400
        assert "“XX” cannot be used with “seat”" in words(page.content.decode())

    def test_exports_of_the_comparison_table_too(self, client: Client) -> None:
        assert client.get(f"/?{GERMAN}&format=json").json()["rows"][0]["verdict"] == "prohibited"

    def test_what_is_followed_is_followed_for_this_profile(self) -> None:
        query = QueryDict(f"{GERMAN}&mau_cap=no&sort=name&page=2&verdict=permitted")

        assert known(query).urlencode() == f"{GERMAN}&mau_cap=no"


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(
    ("path", "most"), [(f"/check/?{GERMAN}", 8), ("/check/", 8), (f"/?{GERMAN}", 8), (f"/models/?{GERMAN}", 8)]
)
def test_a_page_asks_few_queries(client: Client, django_assert_max_num_queries: Any, path: str, most: int) -> None:
    make_model("other/child", license=License.objects.get(slug="apache-20"), base_models=["acme/parent"])
    make_model("acme/parent", base_models=["acme/llama 4"])
    bundles.shelf()

    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200
