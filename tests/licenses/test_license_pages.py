"""Licenses by clause, publishers, releases with their parts, and who answers how."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from licenses.catalogue import load
from licenses.models import Artifact, Component, License, LicenseCount
from tests.factories import NOW, make_license, make_publisher, make_release
from tests.pages import names_on, row_of, words

pytestmark = pytest.mark.django_db


def text(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, words(page.content.decode())[:300]
    return words(page.content.decode())


@pytest.fixture
def field() -> None:
    make_license("Llama 4", mau_cap={"answer": "yes", "thresholds": [{}]}, branding_required="yes")
    make_license("Kimi K2", mau_cap="silent", branding_required="partly")
    make_license("Apache", kind="standard", mau_cap="silent", branding_required="no")
    make_license("Unread")


@pytest.mark.usefixtures("field")
class TestTheMatrix:
    def listed(self, client: Client, query: str = "") -> list[str]:
        page = client.get(f"/licenses/{query}")
        assert page.status_code == 200
        return names_on(page)

    def test_every_license_has_its_row(self, client: Client) -> None:
        assert self.listed(client) == ["Apache", "Kimi K2", "Llama 4", "Unread"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?mau_cap=no", ["Apache", "Kimi K2"]),
            ("?mau_cap=no&branding_required=no", ["Apache"]),
            ("?mau_cap=no&mau_cap!=silent", []),
            ("?mau_cap!=yes", ["Apache", "Kimi K2"]),
            ("?mau_cap=unread", ["Unread"]),
            ("?kind=standard", ["Apache"]),
            ("?q=kimi", ["Kimi K2"]),
            ("?q=LicenseRef-llama", ["Llama 4"]),
            ("?sort=-name", ["Unread", "Llama 4", "Kimi K2", "Apache"]),
        ],
    )
    def test_the_filters_are_those_of_the_table(self, client: Client, query: str, found: list[str]) -> None:
        assert self.listed(client, query) == found

    def test_each_count_is_what_the_filter_then_finds(self, client: Client) -> None:
        page = client.get("/licenses/").content.decode()
        for value, count in re.findall(r'name="mau_cap" value="(\w+)"[^>]*> <span[^>]*>[^<]*</span> (\d+)', page):
            assert len(self.listed(client, f"?mau_cap={value}")) == int(count), value

    def test_an_answer_leads_to_its_clause_and_silence_to_nothing(self, client: Client) -> None:
        page = client.get("/licenses/").content.decode()

        assert 'href="/licenses/llama-4/clauses/mau_cap/"' in page
        assert 'href="/licenses/apache/clauses/mau_cap/"' not in page

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("?mau_cap=maybe", "mau_cap"),
            ("?family=nobodys", "family"),
            ("?license=apache", "license"),
            ("?page=9", "page"),
            ("?format=pdf", "format"),
            ("?sort=downloads", "sort"),
        ],
    )
    def test_what_it_does_not_know_is_refused_by_name(self, client: Client, query: str, field: str) -> None:
        assert field in text(client, f"/licenses/{query}", 400)

    def test_it_takes_few_queries(self, client: Client, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(8):
            text(client, "/licenses/?mau_cap=no&kind=standard&q=a")

    def test_machines_get_every_kind_of_every_license(self, client: Client) -> None:
        rows = client.get("/licenses/?format=json&mau_cap=yes").json()["rows"]
        table = list(csv.DictReader(io.StringIO(client.get("/licenses/?format=csv").content.decode())))

        assert [row["name"] for row in rows] == ["Llama 4"]
        assert rows[0]["clauses"]["mau_cap"]["thresholds"][0]["amount"] == 700_000_000
        assert [row["name"] for row in table] == ["Apache", "Kimi K2", "Llama 4", "Unread"]
        assert table[2]["mau_cap"] == "yes: license above 700M monthly users at release"
        assert table[3]["mau_cap"] == "unread"

    def test_a_long_list_has_pages(self, client: Client) -> None:
        for number in range(80):
            make_license(f"More {number:02}")

        first, second = self.listed(client), self.listed(client, "?page=2")

        assert len(first) == 75
        assert set(first).isdisjoint(second)
        assert len(first + second) == 84


def test_a_familys_line_says_what_appeared_and_vanished(client: Client) -> None:
    first = make_license("Llama 2", branding_required="silent", output_training="no")
    second = make_license("Llama 3", branding_required="yes", output_training="silent")
    make_license("Another", branding_required="yes")
    License.objects.filter(pk__in=[first.pk, second.pk]).update(family="llama")
    License.objects.filter(pk=second.pk).update(supersedes=first, released_on=date(2024, 4, 18))

    family, page = text(client, "/licenses/?family=llama"), text(client, "/licenses/llama-3/")

    for shown in (family, page):
        assert "appeared Badge or brand silent → yes" in shown
        assert "allowed Training on outputs no → silent" in shown
    assert "2 licenses of the family llama" in family
    assert "Another" not in names_on(client.get("/licenses/?family=llama"))


def test_a_version_that_nobody_read_moves_nothing_and_hides_nothing(client: Client) -> None:
    first, unread, third = make_license("One", mau_cap="yes"), make_license("Two"), make_license("Three", mau_cap="no")
    License.objects.update(family="acme")
    License.objects.filter(pk=unread.pk).update(supersedes=first)
    License.objects.filter(pk=third.pk).update(supersedes=unread)

    page = text(client, "/licenses/?family=acme")

    assert "Two undated Not read yet." in page
    assert "vanished User cap yes → no" in page


def test_the_clauses_page_says_who_answers_how(client: Client) -> None:
    make_license("Llama 4", mau_cap="yes")
    make_license("Apache", mau_cap="silent", branding_required="no")
    make_license("Unread")

    page = client.get("/clauses/").content.decode()
    cap = page[page.index('id="mau_cap"') : page.index('id="revenue_cap"')]

    assert 'href="/licenses/llama-4/#mau_cap"' in cap
    for answer, count in (("yes", 1), ("silent", 1), ("unread", 1)):
        assert f'href="/licenses/?mau_cap={answer}" aria-label="{count} license answering {answer}' in cap


def test_every_count_on_the_clauses_page_is_what_its_link_finds(client: Client, now: Any) -> None:
    load(now=now)
    page = client.get("/clauses/").content.decode()
    links = re.findall(r'href="(/licenses/\?[^"]+)" aria-label="(\d+) license', page)

    assert len(links) > 80
    for address, count in links[::7]:
        found = re.search(r"(\d+) license", text(client, html.unescape(address)))
        assert found, address
        assert found[1] == count, address


def test_the_clauses_page_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    make_license("Llama 4", mau_cap="yes")

    with django_assert_max_num_queries(8):
        client.get("/clauses/")


def test_a_publisher_has_its_releases_and_its_licenses(client: Client, django_assert_max_num_queries: Any) -> None:
    llama = make_license("Llama 4", mau_cap={"answer": "yes", "thresholds": [{}]})
    apache = make_license("Apache", kind="standard")
    meta = make_publisher("Meta")
    License.objects.filter(pk=llama.pk).update(steward=meta)
    make_release("Llama 4 Scout", llama, publisher="Meta", announced_as="open source")
    make_release("DINOv2", apache, publisher="Meta")
    make_release("Phi", apache, publisher="Microsoft")

    with django_assert_max_num_queries(8):
        page = text(client, "/publishers/meta/")

    assert names_on(client.get("/publishers/meta/")) == ["DINOv2", "Llama 4 Scout", "Llama 4"]
    assert "1 standard 1 custom" in page
    assert "needs a license from Acme if over 700 million" in page.replace("Needs", "needs")
    assert "“open source”" in page
    assert text(client, "/publishers/nobody/", 404)


def test_a_release_shows_its_parts_its_components_and_its_base(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    base = make_release("Base", make_license("Llama 3.3"), repos=["meta/base"])
    release = make_release("Distilled", make_license("MIT", kind="standard"), announced_as="open source")
    type(release).objects.filter(pk=release.pk).update(base_model="meta/base", base_relation="finetune")
    Artifact.objects.create(release=release, part="code", expression="Apache-2.0")
    Component.objects.create(
        release=release, name="dataset", value="gated", evidence="README", assessor="Ada", as_of=NOW.date()
    )

    with django_assert_max_num_queries(8):
        page = text(client, "/releases/distilled/")

    assert "code: Apache-2.0" in page
    assert re.search(r"data set\s*gated\s*README\s*2026-11-21 by Ada", page)
    assert f'href="/releases/{base.slug}/"' in client.get("/releases/distilled/").content.decode()
    assert "fine-tuned from meta/base" in page
    assert "“open source”; the text is standard" in page


def test_a_catch_names_the_terms_of_a_restricted_base(client: Client) -> None:
    llama = make_license("Llama 2", mau_cap="yes")
    mit = make_license("MIT", kind="standard", mau_cap="silent")
    make_release("Base", llama, repos=["meta/base"])
    make_release("Free base", mit, repos=["acme/free"])
    for name, license, base in (
        ("Relicensed", mit, "meta/base"),
        ("Compliant", llama, "meta/base"),
        ("Harmless", mit, "acme/free"),
        ("Of a stranger", mit, "nobody/knows"),
    ):
        release = make_release(name, license)
        type(release).objects.filter(pk=release.pk).update(base_model=base, base_relation="finetune")

    page = client.get("/")

    for path in ("/", "/releases/relicensed/", "/publishers/acme/"):
        assert "Made from a model under Llama 2, whose terms may reach it." in text(client, path), path
    for name in ("Compliant", "Harmless", "Of a stranger"):
        assert "Made from" not in row_of(page, name)


def test_two_licenses_that_meet_are_not_shown_as_one(client: Client) -> None:
    release = make_release("Merged", make_license("Llama 3.3", mau_cap="yes"))
    release.artifacts.update(license=None, expression="LicenseRef-nvidia AND LicenseRef-llama-3.3")

    assert names_on(client.get("/?mau_cap=no")) == []
    assert names_on(client.get("/?mau_cap=unread")) == ["Merged"]
    for path in ("/", "/releases/merged/"):
        page = text(client, path)
        assert "Several licenses together, read each: LicenseRef-nvidia, LicenseRef-llama-3.3." in page
        assert "Not read yet." not in page


def test_weights_whose_terms_nobody_knows_say_so(client: Client) -> None:
    release = make_release("Sarvam", make_license("Whatever"))
    release.artifacts.all().delete()

    assert "License not known." in text(client, "/")
    assert "License not known." in text(client, "/releases/sarvam/")
    assert names_on(client.get("/?mau_cap=free")) == []


def test_the_line_above_the_table_says_how_the_result_is_made_up(client: Client) -> None:
    make_release("One", make_license("Apache", kind="standard", mau_cap="silent"))
    make_release("Two", make_license("Llama", mau_cap="yes"))
    make_release("Three", License.objects.get(slug="llama"))

    assert "3 models 1 standard 2 custom" in text(client, "/")
    assert "1 model with no user cap" in text(client, "/?mau_cap=no")
    assert "1 standard 2 custom" not in text(client, "/?mau_cap=no")


def test_the_pages_take_few_queries_with_the_whole_catalogue(
    client: Client, now: Any, django_assert_max_num_queries: Any
) -> None:
    load(now=now)
    LicenseCount.objects.create(license=License.objects.get(slug="llama-4"), total=5, downloads=5, counted_at=NOW)

    # One license: itself, readings, quotes, documents, wordings, releases, family and theirs; and its changes.
    for path in ("/licenses/llama-4/", "/licenses/flux-1-dev-nc/?as_of=2025-06-26"):
        with django_assert_max_num_queries(9):
            text(client, path)
    for path in (
        "/licenses/",
        "/licenses/llama-4/clauses/mau_cap/",
        "/releases/deepseek-r1-distill-llama-70b/",
        "/publishers/meta/",
        "/clauses/",
    ):
        with django_assert_max_num_queries(8):
            text(client, path)


def test_every_page_of_the_catalogue_opens(client: Client, now: Any) -> None:
    found = load(now=now)
    slugs = License.objects.values_list("slug", flat=True)

    for slug in slugs:
        assert client.get(f"/licenses/{slug}/").status_code == 200, slug
    for slug in ("kanana-1.5-8b", "ltx-2.5", "vjepa-2", "baichuan2-13b"):
        assert client.get(f"/releases/{slug}/").status_code == 200, slug
    assert found.licenses == len(slugs)


def test_a_proof_is_kept_apart_from_its_page_by_caches(client: Client) -> None:
    make_license("Llama 4", mau_cap="yes")

    for headers in ({}, {"HX-Request": "true"}):
        assert "HX-Request" in client.get("/licenses/llama-4/clauses/mau_cap/", headers=headers)["Vary"]


@pytest.mark.parametrize(
    "path", ["/licenses/llama/", "/licenses/llama/clauses/mau_cap/", "/releases/one/", "/publishers/acme/", "/clauses/"]
)
def test_a_parameter_that_means_nothing_is_refused(client: Client, path: str) -> None:
    make_release("One", make_license("Llama"))

    assert "asof" in text(client, f"{path}?asof=2024-01-01", 400)
    assert text(client, f"{path}?utm_source=letter")


def test_a_license_page_lists_what_is_under_it_in_part(client: Client) -> None:
    llama = make_license("Llama 3.3")
    release = make_release("Merged", llama)
    release.artifacts.update(license=None, expression="LicenseRef-nvidia AND LicenseRef-llama-33")
    Artifact.objects.create(release=release, part="data", expression="LicenseRef-llama-333")

    page = text(client, "/licenses/llama-33/")

    assert "Merged 2025-04-05, with LicenseRef-nvidia AND LicenseRef-llama-33" in page
    assert ", data" not in page
