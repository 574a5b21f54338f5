"""Side by side, with what the bundled catalogue holds: where to begin, and how heavy a page of six is."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

SIX = ("llama-4", "kimi-k2", "qwen3-dense", "gemma-3", "deepseek-r1-distill-llama-70b", "hunyuan-a13b")


def test_the_comparisons_to_begin_with_are_all_there(client: Client) -> None:
    links = re.findall(r'href="(/compare/\?with=[^"]*)"', client.get("/compare/").content.decode())

    assert len(links) == 5
    for link in links:
        assert client.get(link.replace("&amp;", "&").split("#")[0]).status_code == 200


@pytest.mark.parametrize("more", [{}, {"quotes": "open", "commercial": "yes", "use": "product"}])
def test_a_page_of_six_is_light(client: Client, more: dict[str, str], django_assert_max_num_queries: Any) -> None:
    query = {"with": SIX, **more}
    client.get("/compare/", query)

    with django_assert_max_num_queries(8):
        page = client.get("/compare/", query).content

    assert len(gzip.compress(page)) <= 50_000
    assert len(re.findall(rb"<[a-z]", page)) <= 4_500
