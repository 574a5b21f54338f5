"""The page this site is for: rows, cells, proof, order, export, and how many queries it takes."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from licenses.clauses import CORE, FREE, Answer
from licenses.filters import ReleaseFilters
from licenses.models import Clause, License, Publisher, Release
from licenses.views.panel import counted
from tests.factories import NOW, make_clause, make_license, make_model, make_release
from tests.pages import listed, names_on, row_of, words

pytestmark = pytest.mark.django_db

DISPLAY = {"measured": "ongoing", "whose": "product", "applies_to": "commercial_use", "effect": "brand_display"}


@pytest.fixture
def story() -> None:
    """The four rows that the site is told with, in small."""
    llama = make_license(
        "Llama 4 Community License",
        mau_cap={"answer": "yes", "thresholds": [{}], "quote": "greater than 700 million monthly active users"},
        geo_exclusion={
            "answer": "yes",
            "territories": [{"regions": ["EU"], "basis": ["domicile"], "effect": "no_grant"}],
        },
    )
    kimi = make_license(
        "Modified MIT",
        kind="custom",
        mau_cap="silent",
        branding_required={
            "answer": "partly",
            "payload": {"string": "Kimi K2"},
            "thresholds": [
                DISPLAY | {"amount": 100_000_000},
                DISPLAY | {"metric": "revenue", "amount": 20_000_000, "currency": "USD", "period": "month"},
            ],
        },
    )
    make_release(
        "Llama 4", llama, publisher="Meta", released_on=date(2025, 4, 5), repos=["meta-llama/a", "meta-llama/b"]
    )
    make_release("Kimi K2", kimi, publisher="Moonshot AI", released_on=date(2025, 7, 11))
    make_release("Qwen3", make_license("Apache-2.0", kind="standard", mau_cap="silent"), released_on=date(2025, 4, 29))
    make_release("DCLM", make_license("Apple License"), released_on=date(2024, 6, 1), released_precision="month")


@pytest.mark.usefixtures("story")
class TestTheTable:
    def test_no_user_cap_lists_a_display_duty_but_not_a_cap_nor_the_unread(self, client: Client) -> None:
        assert listed(client, "?mau_cap=no") == ["Kimi K2", "Qwen3"]

    def test_a_cell_says_answer_and_size_in_words(self, client: Client) -> None:
        page = client.get("/")

        assert "yes: license above 700M monthly users at release" in row_of(page, "Llama 4")
        assert "partly: display “Kimi K2” above 100M monthly users or $20M/month" in row_of(page, "Kimi K2")
        assert "unread" in row_of(page, "DCLM")
        assert "Not read yet." in row_of(page, "DCLM")

    def test_a_cell_opens_its_quote_with_section_and_document(self, client: Client) -> None:
        address = "/licenses/llama-4-community-license/clauses/mau_cap/"

        page = client.get(address).content.decode()
        panel = client.get(address, headers={"HX-Request": "true"}).content.decode()

        assert f'href="{address}"' in client.get("/").content.decode()
        assert "<html" in page
        assert "<html" not in panel
        for proof in (page, panel):
            assert "“greater than 700 million monthly active users”" in words(proof)
            assert "Llama 4 Community License text, 2" in words(proof)
            assert "First reader: Ada, 2026-11-01" in words(proof)
            assert 'href="/licenses/llama-4-community-license/#mau_cap"' in proof

    def test_a_proof_that_is_not_there_says_so(self, client: Client) -> None:
        assert "Nobody has read" in client.get("/licenses/apple-license/clauses/mau_cap/").content.decode()
        assert client.get("/licenses/apple-license/clauses/no_such_kind/").status_code == 404
        assert client.get("/licenses/nobodys/clauses/mau_cap/").status_code == 404

    def test_the_newest_come_first_and_the_address_says_another_order(self, client: Client) -> None:
        assert listed(client) == ["Kimi K2", "Qwen3", "Llama 4", "DCLM"]
        assert listed(client, "?sort=name") == ["DCLM", "Kimi K2", "Llama 4", "Qwen3"]
        assert listed(client, "?sort=-license") == ["Kimi K2", "Llama 4", "DCLM", "Qwen3"]
        assert 'aria-sort="ascending"' in client.get("/?sort=name").content.decode()

    def test_the_most_downloaded_come_first_when_asked(self, client: Client) -> None:
        make_model("meta-llama/a", downloads=5)
        make_model("meta-llama/b", downloads=7)
        make_model("meta-llama/c", downloads=100)

        assert listed(client, "?sort=-downloads")[0] == "Llama 4"
        assert client.get("/?sort=-downloads&format=json").json()["rows"][0]["downloads"] == 12

    def test_chips_take_a_filter_away(self, client: Client) -> None:
        page = client.get("/?mau_cap=no&kind=standard").content.decode()

        assert 'class="chip" href="/?kind=standard"' in page
        assert 'class="chip" href="/?mau_cap=no"' in page

    def test_a_preset_switches_on_and_off_and_leaves_the_others(self, client: Client) -> None:
        off, on = (
            client.get("/?kind=standard").content.decode(),
            client.get("/?kind=standard&mau_cap=no").content.decode(),
        )

        assert 'class="preset" href="/?kind=standard&amp;mau_cap=no">No user cap' in off
        assert 'class="preset" href="/?kind=standard" aria-current="true">No user cap' in on

    def test_counts_beside_the_values_say_what_each_would_leave(self, client: Client) -> None:
        page = client.get("/?mau_cap=no").content.decode()

        def count(kind: str, value: str) -> str:
            after = page.split(f'id="f-{kind}-{value}"')[1]
            return words(after.split(">", 1)[1].split("</label>")[0]).split()[-1]

        assert (count("mau_cap", "no"), count("mau_cap", "yes"), count("mau_cap", "unread")) == ("2", "1", "1")
        assert count("branding_required", "partly") == "1"
        assert count("kind", "standard") == "1"

    @pytest.mark.parametrize(
        "query",
        ["mau_cap!=yes", "kind=standard", "kind=custom&mau_cap=no", "publisher=meta", "license=apache-20&q=qwen"],
    )
    def test_each_count_is_what_the_filter_then_finds(self, client: Client, query: str) -> None:
        for license in License.objects.all():
            make_release(f"Another under {license}", license, publisher="Meta")
        filters = ReleaseFilters(QueryDict(query), Release.objects.for_table())
        assert filters.faults() == {}
        counts = counted(filters)

        assert listed(client, f"?{query}")
        for value, _, count in counts.kinds_of_license():
            alone = re.sub("kind=[a-z]+", "", query)
            assert count == len(listed(client, f"?{alone}&kind={value}"))
        for kind in CORE:
            for value in (FREE, *Answer):
                others = re.sub(f"{kind.slug}=[a-z]+", "", query)
                assert counts.of(kind)[value] == len(listed(client, f"?{others}&{kind.slug}={value}"))

    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?mau_cap=no",
            "?mau_cap=no&mau_cap!=yes&kind=standard&sort=-downloads&q=q",
            "?license=apache-20",
            "?license=apache-20&publisher=acme",
        ],
    )
    def test_it_takes_six_queries(self, client: Client, query: str, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(6):
            page = client.get(f"/{query}")

        assert "Qwen3" in names_on(page)

    def test_fifty_rows_take_as_many(self, client: Client, django_assert_max_num_queries: Any) -> None:
        for number in range(60):
            license = make_license(f"License {number}", mau_cap={"answer": "yes", "thresholds": [{}]})
            make_release(f"Model {number}", license)

        with django_assert_max_num_queries(6):
            page = client.get("/")

        assert len(names_on(page)) == 50
        assert len(listed(client, "?page=2")) == 14

    def test_nothing_found_says_how_to_go_on(self, client: Client) -> None:
        page = words(client.get("/?mau_cap=yes&kind=standard").content.decode())

        assert "0 models with a user cap, under a standard license" in page
        assert "No model fits all of this" in page

    def test_csv_holds_every_kind_and_the_name_first(self, client: Client) -> None:
        rows = list(csv.DictReader(io.StringIO(client.get("/?format=csv&mau_cap=yes").content.decode())))

        assert [row["name"] for row in rows] == ["Llama 4"]
        assert next(iter(rows[0])) == "name"
        assert rows[0]["mau_cap"] == "yes: license above 700M monthly users at release"
        assert rows[0]["indemnity"] == "unread"

    def test_json_is_the_same_view(self, client: Client) -> None:
        answer = client.get("/?format=json&mau_cap=no").json()

        assert answer["title"] == "Models with no user cap"
        assert [row["name"] for row in answer["rows"]] == ["Kimi K2", "Qwen3"]
        assert answer["rows"][1]["license_kind"] == "standard"

    def test_browsers_ask_every_time_and_proxies_may_hold_a_page_for_a_minute(self, client: Client) -> None:
        page = client.get("/")

        assert sorted(page["Cache-Control"].split(", ")) == ["max-age=0", "public", "s-maxage=60"]
        assert client.get("/", headers={"If-None-Match": page["ETag"]}).status_code == 304


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_spreadsheet_runs_a_name(client: Client, name: str) -> None:
    make_release("Plain", make_license("License"))

    Release.objects.update(name=name)

    rows = list(csv.reader(io.StringIO(client.get("/?format=csv").content.decode())))

    assert rows[1][0] == f"'{name}"


def test_names_from_outside_are_escaped_everywhere(client: Client) -> None:
    hostile = '<img src=x onerror=alert(1)>"&'
    license = make_license("License", mau_cap={"answer": "yes", "quote": hostile, "note": hostile})
    make_release("Release", license)

    Release.objects.update(name=hostile, announced_as=hostile)
    License.objects.update(name=hostile, short_name=hostile)
    Publisher.objects.update(name=hostile)

    for address in ("/", "/licenses/license/", "/releases/release/", "/?q=" + "%3Cimg"):
        assert "<img" not in client.get(address).content.decode()
    assert json.loads(client.get("/?format=json").content)["rows"][0]["name"] == hostile


def test_a_better_reading_takes_the_place_of_the_earlier_one(client: Client) -> None:
    license = make_license("License", mau_cap="yes")
    make_release("Model", license)
    Clause.objects.update(superseded_at=NOW)
    make_clause(license, "mau_cap", answer="silent", supersedes=Clause.objects.get())

    assert listed(client, "?mau_cap=no") == ["Model"]
    assert listed(client, "?mau_cap=yes") == []
