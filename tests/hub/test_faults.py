"""The stand-in goes wrong as the real Hub does, and dirty data arrives as it was published."""

import json
import time
from urllib.parse import urlsplit

import pytest
from huggingface_hub.errors import BadRequestError, HfHubHTTPError, LocalEntryNotFoundError
from huggingface_hub.utils import get_session, hf_raise_for_status, httpx

from tests.hub.asking import ask, crawl, names, shelve
from tests.hub.server import Failure, Fault, StandInHub, Telling

# Failures, one request each


@pytest.mark.parametrize("status", [400, 403, 404, 408, 410, 429, 451, 500, 502, 503, 504])
def test_a_status_on_demand_is_an_error_once(hub, api, status):
    hub.publishes("acme/tiny")
    hub.fails_with(status)

    with pytest.raises(HfHubHTTPError) as failed:
        api.model_info("acme/tiny")

    assert failed.value.response.status_code == status
    assert isinstance(failed.value, BadRequestError) is (status == 400)
    assert api.model_info("acme/tiny").id == "acme/tiny"


def test_the_listing_survives_a_busy_hub(hub, api, impatient):
    shelve(hub, 3)
    hub.page_size_cap = 2
    hub.fails_with(503, 429, 500)

    assert len(list(api.list_models())) == 3
    assert impatient == [1, 2, 4]


def test_a_failure_can_be_kept_for_some_addresses(hub):
    shelve(hub, 3)
    hub.fails_with(504, where="cursor=", forever=True)
    first = ask(hub, limit=2)

    deep = [get_session().get(first.links["next"]["url"]).status_code for _ in range(3)]
    hub.recovers()

    assert deep == [504, 504, 504]
    assert len(crawl(hub)) == 3


def test_a_failure_can_have_headers_of_its_own(hub, api, impatient):
    shelve(hub, 1)
    hub.fails_with(
        Failure(429, {"Retry-After": "7", "RateLimit": "none"}), Failure(429, {"RateLimit": '"api";r=0;t=9'})
    )

    assert len(list(api.list_models())) == 1
    assert impatient == [8, 10]


def test_a_slow_answer_is_right_and_late(hub):
    hub.publishes("acme/tiny")
    hub.slow_seconds = 0.2
    hub.fails_with(Fault.SLOW, Fault.SLOW)

    with pytest.raises(httpx.ReadTimeout):
        ask(hub, timeout=0.05)
    began = time.perf_counter()
    assert names(ask(hub)) == ["acme/tiny"]
    assert time.perf_counter() - began >= 0.2


def test_no_answer_lasts_until_the_client_gives_up(hub):
    hub.fails_with(Fault.NO_ANSWER)

    with pytest.raises(httpx.ReadTimeout):
        ask(hub, timeout=0.1)
    assert ask(hub).status_code == 200


def test_no_answer_does_not_keep_the_hub_from_closing():
    with StandInHub() as hub:
        hub.fails_with(Fault.NO_ANSWER)
        with pytest.raises(httpx.ReadTimeout):
            ask(hub, timeout=0.05)
        began = time.perf_counter()
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.HANG_UP])
def test_a_lost_connection_is_a_network_error_once(hub, fault):
    shelve(hub, 5)
    hub.fails_with(fault)

    with pytest.raises(httpx.RemoteProtocolError):
        ask(hub)
    assert len(ask(hub).json()) == 5


@pytest.mark.parametrize("fault", [Fault.HTML, Fault.TRUNCATED])
def test_what_is_no_json_is_not_an_error_of_the_hub(hub, api, fault):
    shelve(hub, 5)
    hub.fails_with(fault)

    with pytest.raises(json.JSONDecodeError):
        list(api.list_models())
    assert len(list(api.list_models())) == 5


def test_a_download_that_meets_a_busy_hub_ends_as_not_in_the_cache(hub, api, tmp_path, impatient):
    hub.publishes("acme/tiny")
    hub.fails_with(Failure(403), where="/resolve/", forever=True)

    with pytest.raises(LocalEntryNotFoundError):
        api.hf_hub_download("acme/tiny", "README.md", cache_dir=tmp_path)


# Paging gone wrong


def test_the_client_cannot_follow_a_relative_link(hub, api, impatient):
    shelve(hub, 3)
    hub.page_size_cap = 2
    hub.fails_with(Fault.RELATIVE_LINK)

    with pytest.raises(httpx.UnsupportedProtocol):
        list(api.list_models())


def test_an_expired_cursor_waits_for_a_cursor(hub, api):
    shelve(hub, 3)
    hub.page_size_cap = 2
    hub.fails_with(Fault.EXPIRED_CURSOR)

    with pytest.raises(BadRequestError, match="Invalid cursor"):
        list(api.list_models())
    assert len(list(api.list_models())) == 3


def test_a_cursor_nobody_gave_is_refused(hub):
    assert ask(hub, cursor="bm9uc2Vuc2U=").json() == {"error": "Invalid cursor"}


def test_the_same_page_can_come_twice(hub, api):
    shelve(hub, 4)
    hub.page_size_cap = 2
    hub.fails_with(Fault.SAME_PAGE)

    found = [info.id for info in api.list_models(sort="downloads")]

    assert found == ["acme/m3", "acme/m2", "acme/m3", "acme/m2", "acme/m1", "acme/m0"]


def test_a_link_that_leads_to_itself_for_ever_can_be_noticed(hub):
    shelve(hub, 4)
    hub.fails_with(Fault.SAME_PAGE, where="cursor=", forever=True)

    assert len(crawl(hub, limit=1)) == 2


def test_an_empty_page_with_a_link_loses_nothing(hub, api):
    shelve(hub, 4)
    hub.page_size_cap = 2
    hub.fails_with(Fault.EMPTY_PAGE_WITH_LINK)

    assert len({info.id for info in api.list_models()}) == 4
    assert len(hub.requests) == 3


# Limits


def test_every_answer_tells_what_is_left(hub):
    hub.limits(requests=3, seconds=300)

    told = [ask(hub, path).headers for path in ("/api/models", "/api/models/acme/nothing", "/acme/a/resolve/main/b")]

    assert [headers["ratelimit"].partition(";t=")[0] for headers in told] == [
        '"api";r=2',
        '"api";r=1',
        '"resolvers";r=2',
    ]
    assert told[0]["ratelimit-policy"] == '"fixed window";"api";q=3;w=300'


def test_the_client_waits_for_the_window_and_goes_on(hub, api):
    shelve(hub, 3)
    hub.page_size_cap = 2
    hub.limits(requests=1, seconds=0.5)

    assert len(list(api.list_models())) == 3
    assert len(hub.requests) == 3


@pytest.mark.parametrize(
    ("telling", "waits"), [(Telling.RATE_LIMIT, [41]), (Telling.RETRY_AFTER, [41]), (Telling.RETRY_DATE, [1])]
)
def test_a_refused_caller_is_told_when_to_come_back(hub, api, monkeypatch, telling, waits):
    hub.limits(requests=1, seconds=40, telling=telling)
    asked = []

    def wait(seconds):
        asked.append(seconds)
        hub.recovers()

    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", wait)
    list(api.list_models())
    list(api.list_models())

    assert asked == waits


def test_each_token_has_a_window_of_its_own(hub, api, member):
    hub.publishes("acme/tiny")
    hub.limits(requests=1, seconds=300)

    api.model_info("acme/tiny")
    member.model_info("acme/tiny")
    with pytest.raises(HfHubHTTPError) as refused:
        api.model_info("acme/tiny")

    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["ratelimit"].startswith('"api";r=0;t=')


# Dirty data

RECORD = {"_id": "6" * 24, "id": "acme/dirty", "tags": ["region:us"], "createdAt": "2026-01-01T00:00:00.000Z"}


@pytest.mark.parametrize(
    "dirt",
    [
        {"cardData": {"tags": 7}},
        {"cardData": {"self": "x", "get": "y"}},
        {"cardData": {"license": ["mit", "gpl"]}},
        {"cardData": {"license": None}},
        {"cardData": "text"},
        {"cardData": None},
        {"cardData": {"license": "a\0b"}},
        {"cardData": {"license": "\ud800"}},
        {"safetensors": "none"},
        {"safetensors": {"total": 2**70}},
        {"createdAt": 5},
        {"createdAt": "2026-01-01"},
        {"id": None},
        {"tags": None},
        {"tags": ["x"] * 2000},
        {"gated": True},
        {"unheard_of": {"of": 1}},
        {"downloads": None},
        {"likes": "many"},
        {"_id": 3},
        {"siblings": [{"name": "no rfilename"}]},
        {"model-index": {"name": "x"}},
        {"cardData": {"license": "x" * 9000}},
    ],
    ids=lambda dirt: next(iter(dirt)),
)
@pytest.mark.parametrize("sort", ["createdAt", "downloads", "id"])
def test_a_dirty_record_passes_through_untouched(hub, dirt, sort):
    hub.publishes("acme/clean")
    hub.publishes_record(RECORD | dirt)
    asked = {"createdAt", "tags", "downloads", "likes"} | (dirt.keys() - {"id", "_id", "unheard_of"})

    rows = crawl(hub, limit=1, sort=sort, expand=sorted(asked))

    assert len(rows) == 2
    assert RECORD | dirt in rows


@pytest.mark.parametrize("raw", [{}, [], "text", None, {"id": 5}, {"id": "acme/no-database-id"}])
def test_a_record_without_an_id_is_met_in_the_listing_all_the_same(hub, raw):
    hub.publishes("acme/clean")
    hub.publishes_record(raw)

    assert raw in crawl(hub, limit=1)


def test_names_may_differ_in_case_only(hub, api):
    hub.publishes("acme/Tiny", likes=1)
    hub.publishes("acme/tiny", likes=2)

    assert [api.model_info(name).likes for name in ("acme/Tiny", "acme/tiny")] == [1, 2]


def test_a_record_edited_by_hand_stands_in_its_new_place(hub):
    record = hub.publishes("acme/a", downloads=1)
    hub.publishes("acme/b", downloads=2)

    record["downloads"] = 3

    assert names(ask(hub, sort="downloads")) == ["acme/a", "acme/b"]


# The wire


def test_json_is_packed_for_those_who_ask(hub):
    shelve(hub, 10)

    packed, plain = (
        get_session().get(f"{hub.endpoint}/api/models", headers={"Accept-Encoding": coding})
        for coding in ("gzip", "identity")
    )

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()


def test_one_connection_serves_many_requests(hub):
    with httpx.Client() as client:
        ports = {
            client.get(f"{hub.endpoint}/api/models").extensions["network_stream"].get_extra_info("client_addr")
            for _ in range(3)
        }

    assert len(ports) == 1
    assert urlsplit(hub.endpoint).hostname == "127.0.0.1"


def test_an_answer_without_a_fault_is_no_error(hub):
    hf_raise_for_status(ask(hub))
