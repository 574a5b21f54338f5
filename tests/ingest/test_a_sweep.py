"""Every model of the Hub, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection

from ingest import sweep as story
from ingest.ending import count
from ingest.merge import merge
from ingest.models import MERGE_LOCK, Sighting, Sweep
from licenses.models import Change, LicenseCount, OpenModel
from tests.factories import make_license, make_model, make_release
from tests.ingest.conftest import known_by, versions
from tests.ingest.sweeping import listing_requests, stored, sweep_all, told

pytestmark = pytest.mark.django_db


def test_every_model_is_stored_with_what_it_declares(hub, client_of, apache, now):
    hub.publishes(
        "acme/tiny", license="apache-2.0", downloads=7, likes=2, pipeline_tag="text-generation", library="transformers",
        parameters=1_000, base_model="acme/big", base_model_relation="finetune", gated="auto",
    )  # fmt: skip

    sweep_all(client_of, now=now)

    model = OpenModel.objects.get()
    assert (model.repo_id, model.author, model.downloads, model.likes) == ("acme/tiny", "acme", 7, 2)
    assert (model.task, model.library, model.parameters, model.gate) == (
        "text-generation",
        "transformers",
        1000,
        "auto",
    )
    assert (model.declared, model.base_models, model.base_relation) == (["apache-2.0"], ["acme/big"], "finetune")
    assert (model.license, model.resolved_by, model.first_seen_at) == (apache, "tag:apache-2.0", now)


def test_a_sweep_goes_through_all_pages(hub, client_of, now):
    hub.page_size_cap = 2
    for number in range(5):
        hub.publishes(f"acme/m{number}")

    done = sweep_all(client_of, now=now)

    assert len(stored()) == 5
    assert (done.pages, done.seen, done.created, done.updated) == (3, 5, 5, 0)
    assert len(listing_requests(hub)) == 3


def test_nothing_but_the_listing_is_asked(hub, client_of, now):
    hub.publishes(
        "acme/tiny", license="other", license_link="http://127.0.0.1:9/license", base_model="http://127.0.0.1:9/x"
    )

    sweep_all(client_of, now=now)

    assert {request.path for request in hub.requests} == {"/api/models"}
    assert all("openness" in request.user_agent for request in hub.requests)


def test_a_second_sweep_writes_nothing(hub, client_of, apache, now):
    hub.publishes("acme/tiny", license="apache-2.0")
    sweep_all(client_of, now=now)
    before = versions()

    again = sweep_all(client_of, now=now + timedelta(days=1))

    assert versions() == before
    assert (again.created, again.updated, again.gone) == (0, 0, 0)
    assert told() == []


def test_another_number_of_downloads_is_stored_and_is_no_news(hub, client_of, now):
    hub.publishes("acme/tiny")
    sweep_all(client_of, now=now)
    hub.changes("acme/tiny", touch=False, downloads=9)

    again = sweep_all(client_of, now=now)

    assert stored("downloads") == [(9,)]
    assert again.updated == 1
    assert told() == []


def test_changes_of_license_gate_and_name_are_told(hub, client_of, apache, llama, now):
    hub.publishes("acme/tiny", license="apache-2.0")
    sweep_all(client_of, now=now)
    hub.changes("acme/tiny", license="llama3.1", gated="manual")
    hub.renames("acme/tiny", "acme/small")

    sweep_all(client_of, now=now + timedelta(days=1))

    assert told() == [
        ("acme/small", "renamed", "acme/tiny", "acme/small"),
        ("acme/small", "license_changed", "apache-2.0", "llama3.1"),
        ("acme/small", "gate_changed", "", "manual"),
    ]
    assert OpenModel.objects.get().license == llama
    assert {change.cause for change in Change.objects.all()} == {"metadata"}


def test_a_new_rule_resolves_at_the_next_sweep_and_is_told_as_ours(hub, client_of, now):
    hub.publishes("acme/tiny", license="gemma")
    sweep_all(client_of, now=now)
    gemma = known_by(make_license("Gemma"), tag="gemma")

    sweep_all(client_of, now=now)

    assert OpenModel.objects.get().license == gemma
    assert told() == [("acme/tiny", "license_changed", "", "Gemma")]
    assert Change.objects.get().cause == "rules"


def test_another_link_is_told_and_can_resolve_the_license(hub, client_of, llama, now):
    known_by(llama, link="example.org/llama")
    hub.publishes("acme/tiny", license="other", license_link="LICENSE")
    sweep_all(client_of, now=now)
    hub.changes("acme/tiny", license_link="https://example.org/llama")

    sweep_all(client_of, now=now)

    assert OpenModel.objects.get().license == llama
    assert told() == [("acme/tiny", "license_changed", "LICENSE", "https://example.org/llama")]
    assert Change.objects.get().cause == "metadata"


def test_a_model_that_left_gets_a_tombstone_and_one_that_returns_loses_it(hub, client_of, now):
    hub.publishes("acme/stays")
    hub.publishes("acme/leaves")
    sweep_all(client_of, now=now)

    hub.removes("acme/leaves")
    left = sweep_all(client_of, now=now + timedelta(days=1))
    assert stored() == ["acme/stays"]
    assert OpenModel.objects.get(repo_id="acme/leaves").gone_at == now + timedelta(days=1)
    assert left.gone == 1

    hub.brings_back("acme/leaves")
    sweep_all(client_of, now=now + timedelta(days=2))
    assert stored() == ["acme/leaves", "acme/stays"]
    assert OpenModel.objects.get(repo_id="acme/leaves").first_seen_at == now
    assert told() == [
        ("acme/leaves", "gone", "acme/leaves", ""),
        ("acme/leaves", "returned", "", "acme/leaves"),
    ]


def test_a_name_can_pass_to_another_model(hub, client_of, now):
    first = hub.publishes("acme/tiny")
    sweep_all(client_of, now=now)
    second = hub.publishes("acme/tiny")

    sweep_all(client_of, now=now)

    assert stored("hub_id") == [(second["_id"],)]
    assert OpenModel.objects.named("acme/tiny").first().hub_id == second["_id"]
    assert OpenModel.objects.get(hub_id=first["_id"]).gone_at == now


def test_a_hub_that_hides_many_models_is_not_believed(hub, client_of, now):
    for number in range(201):
        make_model(f"gone/m{number}")
    hub.publishes("acme/tiny")

    done = sweep_all(client_of, now=now)

    assert done.gone == 0
    assert "201 of 202 models were missing" in done.error
    assert len(stored()) == 202


def test_an_empty_hub_is_not_believed(hub, client_of, now):
    make_model("acme/tiny")

    done = sweep_all(client_of, now=now)

    assert stored() == ["acme/tiny"]
    assert "empty" in done.error


def test_a_model_met_by_another_sweep_meanwhile_is_not_gone(hub, client_of, now):
    hub.page_size_cap = 1
    for name in ("acme/a", "acme/b", "acme/c"):
        hub.publishes(name)
    mine = story.step(story.start("full", now=now), client_of, now=now)
    hub.publishes("acme/newcomer")
    story.refresh("acme/newcomer", client_of, now=now)

    while not mine.finished_at:
        mine = story.step(mine, client_of, now=now)

    assert "acme/newcomer" in stored()
    assert told() == []


def test_what_was_met_is_forgotten_at_the_end(hub, client_of, now):
    hub.publishes("acme/tiny")

    sweep_all(client_of, now=now)

    assert not Sighting.objects.exists()


def test_a_private_model_is_not_ours_to_show(now):
    merged = merge([{"_id": "a" * 24, "id": "acme/secret", "private": True}], now=now)

    assert merged.created == 0
    assert stored() == []


def test_the_top_sweep_reads_the_most_downloaded_and_leaves_no_tombstones(hub, client_of, now, monkeypatch):
    monkeypatch.setattr(story, "TOP", 2)
    hub.page_size_cap = 2
    for number in range(4):
        hub.publishes(f"acme/m{number}", downloads=number)
    make_model("acme/elsewhere")

    done = sweep_all(client_of, now=now, kind="top")

    assert stored() == ["acme/elsewhere", "acme/m2", "acme/m3"]
    assert done.pages == 1


def test_the_recent_sweep_stops_where_the_last_one_began(hub, client_of, now):
    hub.page_size_cap = 1
    for days in range(5):
        hub.publishes(f"acme/m{days}", last_modified=now - timedelta(days=days), created_at=now - timedelta(days=days))

    done = sweep_all(client_of, now=now, kind="recent", since=now - timedelta(days=1, hours=1))

    assert stored() == ["acme/m0", "acme/m1", "acme/m2"]
    assert done.pages == 3


def test_one_old_date_among_new_ones_does_not_end_the_recent_sweep(now):
    page = [
        {"_id": "a" * 24, "id": "acme/odd", "lastModified": "2001-01-01T00:00:00.000Z"},
        {"_id": "b" * 24, "id": "acme/new", "lastModified": "2026-11-20T00:00:00.000Z"},
        {"_id": "c" * 24, "id": "acme/undated"},
    ]

    assert merge(page, now=now).reached == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_recent_sweep_overlaps_the_sweep_before(now):
    Sweep.objects.create(kind="full", started_at=now, finished_at=now + timedelta(hours=1))

    assert story.start("recent", now=now + timedelta(hours=2)).since == now - timedelta(minutes=10)


def test_the_curated_sweep_looks_at_what_the_catalogue_names(hub, client_of, apache, now):
    make_release("Tiny", apache, repos=["acme/tiny", "acme/missing"])
    apache.documents.update(repo="acme/license", path="LICENSE")
    for name in ("acme/tiny", "acme/license", "acme/other"):
        hub.publishes(name)

    done = sweep_all(client_of, now=now, kind="curated")

    assert stored() == ["acme/license", "acme/tiny"]
    assert (done.seen, done.error) == (2, "")


def test_a_renamed_model_is_found_by_its_old_name(hub, client_of, now):
    hub.publishes("acme/tiny")
    story.refresh("acme/tiny", client_of, now=now)
    hub.renames("acme/tiny", "acme/small")
    hub.renames_keep_query = False

    story.refresh("acme/tiny", client_of, now=now)

    assert stored() == ["acme/small"]


def test_a_model_that_cannot_be_found_by_name_is_left_alone(hub, client_of, now):
    make_model("acme/tiny")

    assert story.refresh("acme/tiny", client_of, now=now) is None
    assert stored() == ["acme/tiny"]


def test_models_are_counted_per_license(apache, llama, now):
    make_model("acme/a", license=apache, downloads=3)
    make_model("acme/b", license=apache, downloads=4)
    make_model("acme/c", downloads=5)
    make_model("acme/d", license=llama, gone_at=now)

    count(now)

    rows = LicenseCount.objects.order_by("total").values_list("license", "total", "downloads")
    assert list(rows) == [(None, 1, 5), (apache.pk, 2, 7)]


def test_counting_again_writes_only_what_moved(apache, now):
    make_model("acme/a", license=apache)
    make_model("acme/c")
    count(now)
    make_model("acme/b", license=apache)

    count(now + timedelta(hours=1))

    rows = LicenseCount.objects.order_by("total").values_list("total", "counted_at")
    assert list(rows) == [(1, now), (2, now + timedelta(hours=1))]


def test_counting_waits_for_who_writes_models(now):
    other = connection.copy()
    with other.cursor() as writer, connection.cursor() as ours:
        writer.execute("SELECT pg_advisory_lock(%s)", [MERGE_LOCK])
        ours.execute("SET LOCAL lock_timeout = '50ms'")

        with pytest.raises(OperationalError, match="lock timeout"):
            count(now)
    other.close()


def test_a_license_without_models_loses_its_count(apache, now):
    model = make_model("acme/a", license=apache)
    count(now)
    OpenModel.objects.filter(pk=model.pk).update(gone_at=now)

    count(now)

    assert not LicenseCount.objects.exists()
