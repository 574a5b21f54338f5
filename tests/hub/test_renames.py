"""A model keeps its `_id` when its name changes, and the old name leads to it."""

from pathlib import Path

import pytest
from huggingface_hub.utils import get_session, httpx


def test_a_renamed_model_answers_to_its_old_name(hub, api, tmp_path):
    before = hub.publishes("acme/tiny", files={"LICENSE": "text"})["_id"]
    child = hub.publishes("acme/child", base_model="acme/tiny")

    hub.renames("acme/tiny", "acme/small")
    hub.renames("acme/small", "big/small")

    info = api.model_info("acme/tiny", expand=["author"])
    assert (info.id, info._id, info.author) == ("big/small", before, "big")
    assert [found.path for found in api.get_paths_info("acme/tiny", "LICENSE")] == ["LICENSE"]
    assert Path(api.hf_hub_download("acme/tiny", "LICENSE", cache_dir=tmp_path)).read_text() == "text"
    assert "base_model:big/small" in child["tags"]
    assert child["cardData"] == {"base_model": "acme/tiny"}


def test_a_redirect_is_relative_and_keeps_the_query_unless_told_otherwise(hub):
    hub.publishes("acme/tiny")
    hub.renames("acme/tiny", "acme/small")
    locations = []

    for hub.renames_keep_query in (True, False):
        answer = get_session().get(f"{hub.endpoint}/api/models/acme/tiny?expand=likes", follow_redirects=False)
        locations.append((answer.status_code, answer.headers["location"]))

    assert locations == [(307, "/api/models/acme/small?expand=likes"), (307, "/api/models/acme/small")]


def test_a_loop_of_names_ends_with_an_error(hub, api):
    hub.redirects("acme/a", "acme/b")
    hub.redirects("acme/b", "acme/a")

    with pytest.raises(httpx.TooManyRedirects):
        api.model_info("acme/a")


def test_an_old_name_can_be_taken_by_another_model(hub, api):
    first = hub.publishes("acme/tiny")["_id"]
    hub.renames("acme/tiny", "acme/small")

    second = hub.publishes("acme/tiny")["_id"]

    assert first != second
    assert api.model_info("acme/tiny")._id == second
    assert api.model_info("acme/small")._id == first
