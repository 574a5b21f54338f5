"""Duty sheets of what the bundled catalogue says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from licenses import bundles, sheets
from licenses.models import Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.mark.parametrize("query", ["", "?commercial=yes&use=product&use=publish&train=own-llm", "?format=txt"])
@pytest.mark.parametrize("slug", ["llama-3.3", "deepseek-r1-distill-llama-70b", "qwen3-dense"])
def test_a_sheet_asks_few_queries(client: Client, slug: str, query: str, django_assert_max_num_queries: Any) -> None:
    bundles.shelf()

    with django_assert_max_num_queries(8):
        page = client.get(f"/releases/{slug}/duties/{query}")

    assert page.status_code == 200


def test_every_release_has_a_sheet_that_is_proven() -> None:
    for slug in Release.objects.order_by("slug").values_list("slug", flat=True):
        for one in (sheets.of_release(slug, None) or pytest.fail(slug)).duties:
            assert one.proofs, (slug, one.kind.slug)
            assert one.condition


def test_the_llama_sheet_has_the_badge_the_name_and_the_policy(client: Client) -> None:
    record = json.loads(client.get("/releases/llama-3.3/duties/?format=json").content)
    found = {one["clause"]: one for occasion in record["occasions"] for one in occasion["duties"]}

    assert found["branding_required"]["show_one_of"] == ["Built with Llama"]
    assert found["derivative_naming"]["name"] == {"must": "begins with", "word": "Llama"}
    assert found["attribution_notice"]["files"][-1] == "the notice file"
    assert found["acceptable_use_policy"]["links"]
    assert all(len(one["quotes"]) for one in found.values())
