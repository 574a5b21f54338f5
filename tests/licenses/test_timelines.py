"""The pictures on the pages of families and licenses, and the chart of changes as a fragment."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from licenses.catalogue import load
from licenses.models import License
from licenses.pictures import quarters
from tests.factories import make_clause, make_license
from tests.pages import words

pytestmark = pytest.mark.django_db


def test_a_familys_line_is_drawn_with_the_same_facts(client: Client) -> None:
    first = make_license("Llama 2", mau_cap="silent", branding_required="yes", field_of_use="yes")
    second = make_license("Llama 3", mau_cap="yes", branding_required="silent", field_of_use="yes")
    License.objects.update(family="llama")
    License.objects.filter(pk=first.pk).update(released_on=date(2023, 7, 18))
    License.objects.filter(pk=second.pk).update(supersedes=first, released_on=date(2024, 4, 18))

    for path in ("/licenses/?family=llama", "/licenses/llama-3/"):
        page = client.get(path).content.decode()
        labels = re.findall(r'role="img" aria-label="([^"]*)"', page)

        assert labels == [
            "User cap: silent (Llama 2, from 2023-07-18 until 2024-04-18); yes (Llama 3, since 2024-04-18)",
            "Badge or brand: yes (Llama 2, from 2023-07-18 until 2024-04-18); silent (Llama 3, since 2024-04-18)",
        ]
        assert "From Llama 2 to Llama 3, 2 clauses moved: user cap appeared, badge or brand vanished" in words(page)
        assert "style=" not in page


def test_a_release_long_before_its_first_known_words_is_drawn_as_unread(client: Client) -> None:
    first = make_license("GLM 3", mau_cap={"answer": "no", "effective_from": date(2023, 10, 27)})
    second = make_license("GLM 4", mau_cap={"answer": "yes", "effective_from": date(2024, 10, 16)})
    License.objects.update(family="glm")
    License.objects.filter(pk=first.pk).update(released_on=date(2023, 10, 20))
    License.objects.filter(pk=second.pk).update(supersedes=first, released_on=date(2024, 6, 5))

    page = client.get("/licenses/?family=glm").content.decode()

    assert (
        "User cap: no (GLM 3, from 2023-10-27 until 2024-06-05); not read yet (GLM 4, from 2024-06-05 until "
        "2024-10-16); yes (GLM 4, since 2024-10-16)"
    ) in page
    assert "user cap appeared with GLM 4" in page


def test_wordings_after_the_next_version_came_out_are_not_the_lines(client: Client) -> None:
    first = make_license("One", mau_cap={"answer": "no", "effective_to": date(2025, 6, 1)})
    make_clause(first, "mau_cap", answer="yes", effective_from=date(2025, 6, 1))
    second = make_license("Two", mau_cap="silent", branding_required="no")
    License.objects.update(family="acme")
    License.objects.filter(pk=first.pk).update(released_on=date(2024, 1, 1))
    License.objects.filter(pk=second.pk).update(supersedes=first, released_on=date(2025, 1, 1))

    page = client.get("/licenses/?family=acme").content.decode()

    assert "User cap: no (One, from 2024-01-01 until 2025-01-01); silent (Two, since 2025-01-01)" in page


def test_where_nothing_moved_nothing_is_drawn(client: Client) -> None:
    first, second = make_license("One", mau_cap="yes"), make_license("Two", mau_cap="yes")
    License.objects.update(family="acme")
    License.objects.filter(pk=second.pk).update(supersedes=first)

    page = client.get("/licenses/?family=acme").content.decode()

    assert "Nothing that we read moved." in page
    assert "<figure" not in page


def test_lines_of_versions_with_several_wordings_take_few_queries(
    client: Client, now: Any, django_assert_max_num_queries: Any
) -> None:
    load(now=now)

    for path in ("/licenses/?family=llama", "/licenses/?family=qwen", "/licenses/tongyi-qianwen/"):
        with django_assert_max_num_queries(9):
            assert "<figure" in client.get(path).content.decode()


def test_a_chart_of_changes_has_its_figures_as_a_table() -> None:
    pairs = [(date(2026, 4, 5), "looser"), (date(2026, 5, 5), "tighter"), (date(2026, 11, 5), "")]
    chart = quarters(Counter(pairs), until=date(2026, 11, 21))

    page = render_to_string("licenses/_quarters.html", {"chart": chart, "address": "/changes/?cause=text"})

    assert words(page).startswith("3 changes that somebody read since 2026 Q2: 1 looser, 1 tighter, 1 neither or both")
    assert re.search(r"2026 Q2\s*1\s*1\s*0\s*2", re.sub(r"<[^>]*>", " ", page))
    assert 'href="/changes/?cause=text&amp;from=2026-04-01&amp;to=2026-06-30"' in page
    assert "style=" not in page


def test_a_chart_needs_no_address_and_no_changes() -> None:
    chart = quarters(Counter([(date(2026, 4, 5), "looser")]), until=date(2026, 11, 21))

    assert "href" not in render_to_string("licenses/_quarters.html", {"chart": chart})
    assert render_to_string("licenses/_quarters.html", {"chart": None}).strip() == ""
