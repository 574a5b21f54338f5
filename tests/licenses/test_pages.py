"""License, release, model and clause pages; and what strangers wrote, shown safely."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from licenses.models import Attribute, LicenseCount, Revision
from tests.factories import NOW, make_license, make_model, make_release
from tests.pages import names_on, words

pytestmark = pytest.mark.django_db


def text(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status
    return words(page.content.decode())


def test_a_license_page_shows_every_answer_with_its_proof(client: Client) -> None:
    license = make_license(
        "Llama 4 License",
        mau_cap={"answer": "yes", "thresholds": [{}], "quote": "700 million", "note": "Once, at release."},
        revenue_cap="silent",
    )
    Attribute.objects.create(license=license, name="osi_approved", value=False, source="OSI list", as_of=NOW.date())
    Revision.objects.create(document=license.documents.get(), raw_sha256="ab" * 32, source="meta/llama:LICENSE")
    LicenseCount.objects.create(license=license, total=1234, downloads=5, counted_at=NOW)
    make_release("Llama 4", license)

    page = text(client, "/licenses/llama-4-license/")

    size = "license above 700M monthly users at release (affiliates count; the licensor decides alone)"
    assert f"yes {size} “700 million”" in page
    assert "Once, at release." in page
    assert "First reader: Ada, 2026-11-01." in page
    assert "Answers are one reader’s until a second confirms them." in page
    assert "Its text is not fetched yet, so the quotes stand as they were read." in page
    assert "Do the terms reach a model taught by the outputs? unread — not read yet" in page
    assert "no (OSI list, 2026-11-21)" in page
    assert "text not fetched yet" in page
    assert "1,234, counted 2026-11-21" in page


def test_a_release_page_joins_what_we_read_with_what_the_hub_says(client: Client) -> None:
    make_release("Llama 4", make_license("Llama", mau_cap="yes"), repos=["meta/scout", "meta/maverick"])
    make_model("meta/scout", declared=["other"], declared_name="llama4", downloads=1_234_567)

    page = text(client, "/releases/llama-4/")

    assert "meta/scout declares other (llama4) · 1.2M downloads in 30 days" in page
    assert "meta/maverick not seen on the Hub yet" in page


def test_a_model_that_no_rule_knows_is_never_called_open(client: Client) -> None:
    make_model("acme/odd", declared=["other"], declared_name="own-license")

    page = text(client, "/models/acme/odd/")

    assert "not resolved" in page
    assert "That is not a “no”." in page


def test_a_gone_model_keeps_its_page(client: Client) -> None:
    make_model("acme/tiny", gone_at=NOW)

    assert "No longer on the Hub since 2026-11-21" in text(client, "/models/acme/tiny/")
    assert "acme/tiny" not in text(client, "/models/")


def test_a_name_that_passed_on_shows_the_living(client: Client) -> None:
    make_model("acme/tiny", gone_at=NOW, declared=["mit"])
    make_model("acme/Tiny", declared=["apache-2.0"])

    assert "apache-2.0" in text(client, "/models/acme/Tiny/")


@pytest.mark.parametrize(
    "path", ["/licenses/none/", "/releases/none/", "/models/a/b/", "/nowhere/", "/licenses/%00/", "/models/a/%00/"]
)
def test_what_is_not_there_says_where_to_go(client: Client, path: str) -> None:
    assert "the comparison table" in text(client, path, 404)


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("link", "is_link"),
    [
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("//evil.example", False),
        ("https://", False),
        ("http://[broken", False),
        ("LICENSE", False),
        ("https://example.org/LICENSE", True),
    ],
)
def test_only_web_addresses_become_links(client: Client, link: str, is_link: bool) -> None:
    make_model("acme/odd", declared=["other"], declared_link=link)

    page = client.get("/models/acme/odd/").content.decode()

    assert (f'href="{link}"' in page) == is_link
    assert "<script>alert" not in page
    assert html.escape(link) in page


def test_what_strangers_wrote_is_escaped(client: Client) -> None:
    make_model(
        "acme/odd",
        declared=[HOSTILE],
        declared_name=HOSTILE,
        declared_link=HOSTILE,
        base_models=[HOSTILE],
        task=HOSTILE[:60],
        library=HOSTILE[:60],
    )

    for path in ("/models/acme/odd/", "/models/", f"/models/?q={HOSTILE}", f"/models/?author={HOSTILE}"):
        assert "<script>alert" not in client.get(path).content.decode()


def test_models_page_by_key_without_gaps_or_repeats(client: Client) -> None:
    for number in range(120):
        make_model(f"acme/model-{number:03}", downloads=number // 7)

    seen, address = [], "/models/"
    while address:
        page = client.get(address)
        seen += names_on(page)
        address = page.context["next_page"]

    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("after", ["x", "1", "1-", "-1-2", "1-2-3", "9" * 30 + "-1", "١-٢"])
def test_a_place_that_is_none_of_ours_is_refused(client: Client, after: str) -> None:
    assert "after" in text(client, f"/models/?after={after}", 400)


def test_model_pages_take_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    license = make_license("License", mau_cap="yes", revenue_cap="silent")
    for number in range(60):
        make_model(f"acme/model-{number}", license=license)

    with django_assert_max_num_queries(6):
        client.get("/models/?mau_cap=yes")
    with django_assert_max_num_queries(8):
        client.get("/models/acme/model-1/")


def test_security_headers_are_on_every_page(client: Client) -> None:
    page = client.get("/")

    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
