"""The listing, as the real client and the raw paging loop see it."""

import time
from itertools import pairwise

import pytest
from huggingface_hub.errors import (
    BadRequestError,
)
from huggingface_hub.utils import get_session, hf_raise_for_status, httpx

from tests.hub.asking import ask, crawl, names, shelve


def test_the_client_lists_every_model_over_several_pages(hub, api):
    published = shelve(hub, 7)
    hub.page_size_cap = 2

    found = [info.id for info in api.list_models(sort="created_at")]

    assert found == published[::-1]
    assert len(hub.requests) == 4


def test_a_short_answer_tells_little_and_expand_tells_what_was_asked(hub):
    hub.publishes("acme/tiny", license="mit", library_name="transformers", pipeline_tag="text-generation")

    plain, full, some = (
        ask(hub, **params).json()[0]
        for params in ({}, {"full": "true", "cardData": "true"}, {"expand": ["gated", "cardData"]})
    )

    assert set(plain) == {
        "_id",
        "id",
        "likes",
        "trendingScore",
        "private",
        "downloads",
        "tags",
        "pipeline_tag",
        "library_name",
        "createdAt",
        "modelId",
    }
    assert set(full) - set(plain) == {"author", "sha", "lastModified", "gated", "disabled", "siblings", "cardData"}
    assert set(some) == {"_id", "id", "gated", "cardData"}


def test_the_client_reads_expanded_records(hub, api):
    hub.publishes("acme/tiny", license="other", license_name="acme-1", base_model="big/one", parameters=2**60)

    (info,) = api.list_models(expand=["cardData", "safetensors", "gated", "lastModified", "tags"])

    assert (info.card_data.license, info.card_data.license_name) == ("other", "acme-1")
    assert (info.safetensors.total, info.gated) == (2**60, False)
    assert {"license:other", "base_model:big/one", "region:us"} <= set(info.tags)


@pytest.mark.parametrize("spelling", ["expand", "expand[]"])
def test_expand_is_taken_in_both_spellings(hub, spelling):
    hub.publishes("acme/tiny", license="mit")

    assert ask(hub, **{spelling: "cardData"}).json()[0]["cardData"] == {"license": "mit"}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"filter": ["license:mit", "en"]}, ["acme/both"]),
        ({"author": "other"}, ["other/alone"]),
        ({"search": "OTH"}, ["other/alone", "acme/both"]),
        ({"gated": True}, ["other/alone"]),
        ({"gated": False, "filter": "en"}, ["acme/english", "acme/both"]),
        ({"pipeline_tag": "translation"}, ["acme/english"]),
        ({"num_parameters": "min:1B,max:7B"}, ["other/alone"]),
        ({"inference": "warm"}, ["acme/both"]),
        ({"apps": "ollama"}, ["acme/both"]),
    ],
)
def test_filters_narrow_the_listing(hub, api, question, answer):
    hub.publishes("acme/both", license="mit", language="en", inference="warm", library_name="gguf")
    hub.publishes("acme/english", license="apache-2.0", language="en", pipeline_tag="translation")
    hub.publishes("other/alone", license="mit", gated="auto", parameters=3 * 10**9)

    assert [info.id for info in api.list_models(sort="created_at", **question)] == answer


@pytest.mark.parametrize("sort", ["createdAt", "lastModified", "downloads", "likes", "trendingScore"])
def test_rows_descend_and_ties_go_by_database_id(hub, sort):
    for number in range(6):
        hub.publishes(
            f"acme/m{number}",
            **{sort: f"2026-01-0{1 + number // 2}T00:00:00.000Z" if sort[-2:] in ("At", "ed") else number // 2},
        )

    rows = crawl(hub, limit=2, sort=sort, expand=sort)

    assert len(rows) == 6
    assert all(a[sort] > b[sort] or (a[sort] == b[sort] and a["_id"] < b["_id"]) for a, b in pairwise(rows))


def test_names_ascend(hub):
    for name in ("acme/b", "acme/c", "acme/a"):
        hub.publishes(name)

    assert names(ask(hub, sort="id")) == ["acme/a", "acme/b", "acme/c"]


def test_the_link_repeats_every_parameter_on_our_own_host_and_the_last_page_has_none(hub):
    shelve(hub, 4, license="mit")

    first = ask(hub, limit=2, sort="downloads", filter=["license:mit", "region:us"], expand=["tags", "likes"])
    last = get_session().get(first.links["next"]["url"])

    query = httpx.URL(first.links["next"]["url"]).params
    assert first.links["next"]["url"].startswith(f"{hub.endpoint}/api/models?")
    assert query.get_list("filter") == ["license:mit", "region:us"]
    assert query.get_list("expand") == ["tags", "likes"]
    assert (names(first), names(last)) == (["acme/m3", "acme/m2"], ["acme/m1", "acme/m0"])
    assert "link" not in last.headers


def test_skip_leaves_out_the_first_rows_once(hub):
    shelve(hub, 5)

    assert [row["id"] for row in crawl(hub, sort="downloads", skip=2)] == ["acme/m2", "acme/m1", "acme/m0"]


def test_no_page_is_larger_than_a_thousand(hub):
    shelve(hub, 1001)

    assert len(ask(hub, limit=5000).json()) == len(ask(hub).json()) == 1000


def test_what_happens_during_a_crawl_by_creation_moves_nothing(hub):
    shelve(hub, 6)
    first = ask(hub, sort="createdAt", limit=3)
    hub.publishes("acme/new")
    hub.removes("acme/m1")
    hub.removes("acme/m3")

    second = get_session().get(first.links["next"]["url"])

    assert names(first) + names(second) == ["acme/m5", "acme/m4", "acme/m3", "acme/m2", "acme/m0"]


def test_a_row_that_gains_downloads_during_a_crawl_by_downloads_is_missed(hub):
    shelve(hub, 4)
    first = ask(hub, sort="downloads", limit=2)
    hub.changes("acme/m0", downloads=99, touch=False)

    second = get_session().get(first.links["next"]["url"])

    assert names(second) == ["acme/m1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"expand": "everything"},
        {"expand": "usedStorage"},
        {"expand": "baseModels"},
        {"expand": "childrenModelCount"},
        {"sort": "beauty"},
    ],
)
def test_a_wrong_parameter_is_refused_with_a_reason(hub, wrong):
    answer = ask(hub, **wrong)

    assert answer.status_code == 400
    assert "expand" in answer.json()["error"] or answer.json()["error"] == "Invalid sort parameter"
    with pytest.raises(BadRequestError):
        hf_raise_for_status(answer)


def test_thousands_of_models_page_quickly(hub):
    shelve(hub, 6000, license="mit")
    ask(hub, sort="createdAt", limit=1)
    began = time.perf_counter()

    rows = crawl(hub, limit=1000, sort="createdAt", expand=["cardData", "tags", "createdAt"])

    assert len({row["_id"] for row in rows}) == 6000
    assert time.perf_counter() - began < 3
