"""The official client must be content with our Hub; otherwise our Hub is wrong."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi, ModelCard
from huggingface_hub.errors import (
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import get_session

from tests.hub.asking import ask


def read(path):
    return Path(path).read_text()


# One model


def test_one_model_answers_with_all_its_facts(hub, api):
    hub.publishes("acme/tiny", license="mit", likes=3, files={"LICENSE": "MIT", "w.safetensors": b"\0" * 9})

    info = api.model_info("acme/tiny", files_metadata=True, securityStatus=True)
    few = api.model_info("acme/tiny", expand=["usedStorage", "gated"])

    assert (info.card_data.license, info.likes, info.gated) == ("mit", 3, False)
    assert [(file.rfilename, file.size, bool(file.lfs)) for file in info.siblings] == [
        ("LICENSE", 3, False),
        ("w.safetensors", 9, True),
    ]
    assert info.security_repo_status["scansDone"]
    assert (few.used_storage, few.likes) == (12, None)


def test_files_are_listed_described_and_fetched(hub, api, tmp_path):
    hub.publishes("acme/tiny", files={"LICENSE": "Do as you please.", "docs/a.md": "a", "docs/more/b.md": "b"})

    top = {entry.path for entry in api.list_repo_tree("acme/tiny")}
    described = api.get_paths_info("acme/tiny", ["LICENSE", "docs", "nowhere"], expand=True)
    fetched = api.hf_hub_download("acme/tiny", "LICENSE", cache_dir=tmp_path)

    assert api.list_repo_files("acme/tiny") == ["LICENSE", "docs/a.md", "docs/more/b.md"]
    assert top == {"LICENSE", "docs"}
    assert [entry.path for entry in api.list_repo_tree("acme/tiny", "docs/more")] == ["docs/more/b.md"]
    assert [entry.path for entry in described] == ["LICENSE", "docs"]
    assert described[0].last_commit.title == "initial commit"
    assert read(fetched) == "Do as you please."
    assert api.file_exists("acme/tiny", "LICENSE")
    assert not api.file_exists("acme/tiny", "NOTICE")
    assert ask(hub, "/acme/tiny/raw/main/docs/a.md").text == "a"


def test_a_small_file_may_come_from_the_hubs_cache(hub, api, tmp_path):
    hub.publishes("acme/tiny", files={"docs/LICENSE 1.md": "Do as you please."})
    hub.keeps_a_cache = True

    fetched = api.hf_hub_download("acme/tiny", "docs/LICENSE 1.md", cache_dir=tmp_path)

    assert read(fetched) == "Do as you please."
    sent_on = next(request for request in hub.requests if request.path.startswith("/api/resolve-cache/"))
    assert sent_on.query["etag"]


def test_a_long_tree_comes_in_pages(hub, api):
    hub.publishes("acme/many", files={f"{number:03d}": "x" for number in range(120)})

    assert len(list(api.list_repo_tree("acme/many", expand=True))) == 120
    assert len(hub.requests) == 3


def test_history_keeps_what_a_file_said_before(hub, api, tmp_path):
    before = hub.publishes("acme/tiny", files={"LICENSE": "old"})["sha"]
    after = hub.changes("acme/tiny", files={"LICENSE": "new"})["sha"]

    history = api.list_repo_commits("acme/tiny", formatted=True)
    old = api.hf_hub_download("acme/tiny", "LICENSE", revision=before, cache_dir=tmp_path)

    assert [commit.commit_id for commit in history] == [after, before]
    assert read(old) == "old"
    assert ask(hub, "/acme/tiny/resolve/main/LICENSE").text == "new"
    assert api.list_repo_refs("acme/tiny", include_pull_requests=True).branches[0].target_commit == after
    assert api.model_info("acme/tiny", revision=before).sha == before


def test_a_file_can_be_deleted(hub, api):
    hub.publishes("acme/tiny", files={"LICENSE": "MIT", "NOTICE": "Hear, hear."})

    hub.changes("acme/tiny", files={"LICENSE": None})

    assert api.list_repo_files("acme/tiny") == ["NOTICE"]


def test_a_model_without_files_has_a_card_that_says_what_the_record_says(hub, api, tmp_path):
    hub.publishes("acme/tiny", license="other", license_name="acme-1", language=["en", "fr"])
    path = api.hf_hub_download("acme/tiny", "README.md", cache_dir=tmp_path)

    assert ModelCard.load(path).data.to_dict() == {
        "license": "other",
        "license_name": "acme-1",
        "language": ["en", "fr"],
    }


def test_part_of_a_file_can_be_asked_for(hub):
    hub.publishes("acme/tiny", files={"LICENSE": "0123456789"})

    answer = get_session().get(f"{hub.endpoint}/acme/tiny/resolve/main/LICENSE", headers={"Range": "bytes=2-4"})

    assert (answer.status_code, answer.text) == (206, "234")


def test_a_change_without_a_touch_leaves_the_date_alone(hub, api):
    hub.publishes("acme/tiny", license="mit")
    before = api.model_info("acme/tiny")

    hub.changes("acme/tiny", gated="manual", touch=False)
    gated = api.model_info("acme/tiny")
    hub.changes("acme/tiny", license="apache-2.0", touch=True)
    relicensed = api.model_info("acme/tiny")

    assert (gated.gated, gated.last_modified, gated.sha) == ("manual", before.last_modified, before.sha)
    assert relicensed.last_modified > before.last_modified
    assert relicensed.sha != before.sha
    assert [tag for tag in relicensed.tags if tag.startswith("license:")] == ["license:apache-2.0"]


def test_who_am_i_and_which_tags_there_are(hub, api, member):
    hub.publishes("acme/tiny", library_name="transformers", datasets="squad")

    tags = api.get_model_tags()

    assert member.whoami()["name"] == "curator"
    assert {"id": "license:apache-2.0", "label": "apache-2.0", "type": "license"} in tags["license"]
    assert tags["dataset"] == [{"id": "dataset:squad", "label": "squad", "type": "dataset"}]


def test_there_are_no_agent_harnesses(hub):
    hub.fails_with(503)

    assert ask(hub, "/api/agent-harnesses").status_code == 404
    assert ask(hub).status_code == 503


# Refusals


@pytest.mark.parametrize("client", ["api", "member"])
def test_a_model_nobody_has_is_not_found(client, request, tmp_path):
    client = request.getfixturevalue(client)

    for ask_for in (client.model_info, client.list_repo_files, client.list_repo_refs, client.auth_check):
        with pytest.raises(RepositoryNotFoundError):
            ask_for("acme/nothing")
    with pytest.raises(RepositoryNotFoundError):
        client.hf_hub_download("acme/nothing", "README.md", cache_dir=tmp_path)


def test_anonymous_gets_401_and_a_token_404(hub, api, member):
    with pytest.raises(RepositoryNotFoundError) as anonymous:
        api.model_info("acme/nothing")
    with pytest.raises(RepositoryNotFoundError) as known:
        member.model_info("acme/nothing")

    assert (anonymous.value.response.status_code, known.value.response.status_code) == (401, 404)


def test_a_token_nobody_gave_is_no_missing_model(hub):
    hub.publishes("acme/tiny")

    with pytest.raises(HfHubHTTPError, match="Invalid credentials") as refused:
        HfApi(endpoint=hub.endpoint, token="hf_expired").model_info("acme/tiny")

    assert not isinstance(refused.value, RepositoryNotFoundError)


def test_a_missing_revision_and_a_missing_file_are_told_apart(hub, api, tmp_path):
    hub.publishes("acme/tiny")

    with pytest.raises(RevisionNotFoundError):
        api.model_info("acme/tiny", revision="refs/pr/9")
    with pytest.raises(RemoteEntryNotFoundError):
        api.hf_hub_download("acme/tiny", "LICENSE", cache_dir=tmp_path)
    with pytest.raises(RemoteEntryNotFoundError):
        list(api.list_repo_tree("acme/tiny", "nowhere"))


def test_behind_a_gate_the_facts_are_open_and_the_files_are_not(hub, api, member, tmp_path):
    hub.publishes("acme/locked", license="llama3.3", gated="manual", files={"LICENSE": "Ask first."})
    hub.publishes("acme/shut", gated="auto")

    assert api.model_info("acme/locked").gated == "manual"
    assert api.list_repo_files("acme/locked") == ["LICENSE"]
    for refused in (
        lambda: api.auth_check("acme/locked"),
        lambda: member.auth_check("acme/shut"),
        lambda: api.hf_hub_download("acme/locked", "LICENSE", cache_dir=tmp_path),
    ):
        with pytest.raises(GatedRepoError):
            refused()
    assert read(member.hf_hub_download("acme/locked", "LICENSE", cache_dir=tmp_path)) == "Ask first."


def test_a_disabled_model_says_so(hub, api):
    hub.publishes("acme/off", disabled=True)

    with pytest.raises(DisabledRepoError):
        api.model_info("acme/off")


def test_a_private_model_is_there_for_its_members_only(hub, api, member):
    hub.publishes("acme/locked", private=True)

    assert member.model_info("acme/locked").private
    assert list(api.list_models()) == []
    with pytest.raises(RepositoryNotFoundError):
        api.model_info("acme/locked")


def test_a_removed_model_is_gone_and_can_come_back(hub, api):
    before = hub.publishes("acme/tiny")["_id"]

    hub.removes("acme/tiny")
    assert list(api.list_models()) == []
    assert not api.repo_exists("acme/tiny")

    hub.brings_back("acme/tiny")
    assert api.model_info("acme/tiny")._id == before


# The log


def test_the_log_shows_who_asked_for_what(hub):
    hub.publishes("acme/tiny")

    HfApi(endpoint=hub.endpoint, token=False, library_name="openness").model_info("acme/tiny", expand=["likes"])

    (request,) = hub.requests
    assert (request.method, request.path, request.query) == ("GET", "/api/models/acme/tiny", {"expand": ["likes"]})
    assert request.user_agent.startswith("openness/")
    assert request.token is None
