"""Records that no one expects: read or put in quarantine, and the sweep goes on."""

import time

import pytest

from ingest.models import Quarantine
from ingest.sweep import refresh
from licenses.models import OpenModel
from tests.factories import make_model
from tests.ingest.sweeping import stored, sweep_all

pytestmark = pytest.mark.django_db

ODD_BUT_READ = {
    "card tags a number": {"cardData": {"tags": 7, "license": "mit"}},
    "card key self": {"cardData": {"self": 1, "ignore_metadata_errors": True, "license": "mit"}},
    "card key get": {"cardData": {"get": 1, "pop": 2, "to_dict": 3}},
    "model-index a string": {"model-index": "none", "cardData": {"model-index": [{"source": "x"}]}},
    "safetensors without total": {"safetensors": {"parameters": {}}},
    "safetensors a string": {"safetensors": "7B"},
    "transformersInfo unknown": {"transformersInfo": {"x": 1}},
    "createdAt a number": {"createdAt": 1776837885},
    "createdAt a bare date": {"createdAt": "2026-04-22"},
    "createdAt with offset": {"createdAt": "2026-04-22T06:04:45+00:00"},
    "evalResults a string": {"evalResults": "x"},
    "inferenceProviderMapping a string": {"inferenceProviderMapping": "x"},
    "sibling without rfilename": {"siblings": [{}]},
    "license a list": {"cardData": {"license": ["mit"]}},
    "license null": {"cardData": {"license": None}},
    "license a bool": {"cardData": {"license": False}},
    "license a number": {"cardData": {"license": 3}},
    "license an object": {"cardData": {"license": {"name": "mit"}}},
    "base_model null": {"cardData": {"base_model": None}},
    "cardData null": {"cardData": None},
    "cardData a list": {"cardData": []},
    "cardData a string": {"cardData": "license: mit"},
    "tags null": {"tags": None},
    "gated true": {"gated": True},
    "unknown fields": {"brand_new": {"x": [1]}},
    "NUL and lone surrogates": {"cardData": {"license": "m\0it\ud800", "license_name": "\udfff\0"}, "tags": ["\0"]},
    "huge numbers": {"downloads": 10**30, "likes": 2**40, "safetensors": {"total": 19_980_000_000_000_000}},
    "2,000 tags": {"tags": [f"tag-{number}" for number in range(2_000)]},
    "10,000 siblings": {"siblings": [{"rfilename": str(number)} for number in range(10_000)]},
    "a javascript: link": {"cardData": {"license": "other", "license_link": "javascript:alert(1)"}},
    "a long name": {"id": "acme/" + "x" * 111},
    "a short name": {"id": "gpt2"},
    "null everywhere": dict.fromkeys(["author", "cardData", "createdAt", "downloads", "gated", "lastModified", "likes",
                                      "tags", "safetensors", "library_name", "pipeline_tag", "private", "disabled"]),
}  # fmt: skip
NO_RECORD = {
    "null": None, "a number": 7, "a list": [], "a text": "model", "empty": {}, "without id": {"_id": "b" * 24},
    "id null": {"_id": "b" * 24, "id": None}, "id a path": {"_id": "b" * 24, "id": "../../etc/passwd"},
    "id too long": {"_id": "b" * 24, "id": "a/" + "b" * 250}, "without _id": {"id": "acme/odd"},
    "_id short": {"_id": "abc", "id": "acme/odd"}, "id with NUL": {"_id": "b" * 24, "id": "acme/\0odd"},
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD_BUT_READ.values(), ids=ODD_BUT_READ.keys())
def test_an_odd_record_is_read_as_far_as_it_goes(hub, client_of, now, odd):
    hub.publishes_record({"_id": "a" * 24, "id": "acme/odd"} | odd)
    hub.publishes("acme/fine")

    done = sweep_all(client_of, now=now)

    assert (done.quarantined, done.created) == (0, 2)
    assert OpenModel.objects.filter(hub_id="a" * 24).exists()


@pytest.mark.parametrize("odd", NO_RECORD.values(), ids=NO_RECORD.keys())
def test_what_is_no_record_goes_to_quarantine_and_the_sweep_goes_on(hub, client_of, now, odd):
    hub.publishes_record(odd)
    hub.publishes("acme/fine")

    done = sweep_all(client_of, now=now)

    assert stored() == ["acme/fine"]
    assert (done.quarantined, done.finished_at, Quarantine.objects.count()) == (1, now, 1)


def test_the_same_fault_is_kept_once(hub, client_of, now):
    record = hub.publishes_record({"_id": "b" * 24, "id": None, "downloads": 1})
    sweep_all(client_of, now=now)
    record["downloads"] = 2

    sweep_all(client_of, now=now)

    assert Quarantine.objects.count() == 1


def test_a_model_whose_record_cannot_be_read_any_more_is_not_gone(hub, client_of, now):
    known = make_model("acme/known")
    hub.publishes("acme/fine")
    hub.publishes_record({"_id": known.hub_id, "id": None})

    sweep_all(client_of, now=now)

    assert stored() == ["acme/fine", "acme/known"]


def test_huge_fields_are_cut_quickly(hub, client_of, now):
    huge = "y" * 5_000_000
    hub.publishes_record(
        {
            "_id": "a" * 24,
            "id": "acme/huge",
            "pipeline_tag": huge,
            "tags": [huge, f"license:{huge}"],
            "cardData": {"license_name": huge, "license_link": huge, "base_model": [huge], "x": huge},
        }
    )
    started = time.monotonic()

    sweep_all(client_of, now=now)

    model = OpenModel.objects.get()
    assert (len(model.declared_name), len(model.declared_link), len(model.task)) == (200, 500, 60)
    assert time.monotonic() - started < 5


def test_one_record_nested_without_end_costs_only_itself(client_of, now, hub):
    nested = []
    for _ in range(800):
        nested = [nested]
    hub.publishes_record({"_id": "a" * 24, "id": "acme/deep", "cardData": {"x": nested}})
    hub.publishes("acme/fine")

    sweep_all(client_of, now=now)

    assert "acme/fine" in stored()


def test_ids_that_differ_in_case_are_two_models(hub, client_of, now):
    hub.publishes("acme/Tiny")
    hub.publishes("acme/tiny")

    sweep_all(client_of, now=now)

    assert len(stored()) == 2


def test_the_same_model_twice_on_a_page_is_stored_once(hub, client_of, now):
    hub.publishes_record({"_id": "a" * 24, "id": "acme/one"})
    hub.publishes_record({"_id": "a" * 24, "id": "acme/two"})

    done = sweep_all(client_of, now=now)

    assert (done.seen, done.created) == (2, 1)


def test_one_odd_model_asked_for_by_name_is_quarantined_too(hub, client_of, now):
    hub.publishes_record({"_id": "short", "id": "acme/odd"})

    assert refresh("acme/odd", client_of, now=now).quarantined == 1
