"""“Something wrong?”: a visitor says so, without an account, and sees what became of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from typing import Any
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from licenses.clauses import KIND
from licenses.correcting import MOST_WAITING, Sent, TooMany, correct
from licenses.models import License, Proposal
from licenses.throttle import NotNow, network
from tests.factories import make_license
from tests.pages import words

pytestmark = pytest.mark.django_db

FORM = "/licenses/acme-license/clauses/mau_cap/correct/"
SAID = "Section 2 sets the cap at 90 million users, not at 100 million."


def somebody() -> str:
    """The address of a visitor who was never here: counts outlive a test."""
    return str(IPv6Address(uuid4().int))


@pytest.fixture
def acme(db: None) -> License:
    return make_license("Acme License", mau_cap={"answer": "yes", "quote": "more than 100 million users"})


def stamp(age: float = 60, about: str = "acme-license/mau_cap") -> str:
    opened = timezone.now() - timedelta(seconds=age)
    return Signer(salt=f"correction of {about}").sign(f"{opened.timestamp():.0f}")


def send(client: Client, query: str = "", address: str = "", **fields: str) -> Any:
    form = {"text": SAID, "begun": stamp()} | fields
    return client.post(FORM + query, form, REMOTE_ADDR=address or somebody())


def test_a_visitor_says_what_is_wrong_and_keeps_an_address(client: Client, acme: License) -> None:
    sent = send(client, evidence="https://acme.example/license", email="vi@visitors.example")

    proposal = Proposal.objects.get()
    assert sent.headers["Location"] == f"/proposals/{proposal.key}/"
    assert (proposal.origin, proposal.reading, proposal.based_on) == ("visitor", None, acme.clauses.get())
    page = words(client.get(sent.headers["Location"]).content.decode())
    assert "Keep this address" in page
    assert SAID in page
    assert "by a visitor" in page
    assert "visitors.example" not in page


def test_every_clause_leads_to_the_form_and_the_form_shows_the_reading(client: Client, acme: License) -> None:
    for path in ("/licenses/acme-license/", "/licenses/acme-license/clauses/mau_cap/"):
        assert FORM in client.get(path).content.decode()

    page = words(client.get(FORM).content.decode())

    assert "“more than 100 million users”" in page
    assert client.get("/licenses/acme-license/clauses/revenue_cap/correct/").status_code == 200


@pytest.mark.parametrize("path", ["licenses/none/clauses/mau_cap", "licenses/acme-license/clauses/colour"])
def test_what_is_not_there_cannot_be_corrected(client: Client, acme: License, path: str) -> None:
    assert client.get(f"/{path}/correct/").status_code == 404


def test_a_publisher_says_for_whom_and_shows_it_and_is_not_taken_at_their_word(client: Client, acme: License) -> None:
    bare = send(client, "?as=publisher")
    page = words(bare.content.decode())
    assert bare.status_code == 400
    assert page.count("This field is required.") == 2

    sent = send(client, "?as=publisher", speaks_for="Acme”, verified", evidence="https://acme.example/terms")

    assert Proposal.objects.get().origin == "publisher"
    shown = words(client.get(sent.headers["Location"]).content.decode())
    assert "somebody who says to speak for “Acme', verified”; not verified" in shown


def test_a_visitor_cannot_name_an_organisation(client: Client, acme: License) -> None:
    send(client, speaks_for="Acme")

    assert Proposal.objects.get().whose == "a visitor"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": "wrong"}, "That is 5 characters."),
        ({"text": ""}, "This field is required."),
        ({"text": "a " * 1001}, "That is 2,001 characters."),
        ({"text": "x" * 1_000_000}, "That is 1,000,000 characters."),
        ({"text": f"{SAID}\x00"}, "Null characters are not allowed."),
        ({"text": "\u202e\u2066 \u200f" * 20}, "That is 0 characters."),
        ({"evidence": "javascript:alert(1)"}, "Enter a valid URL."),
        ({"evidence": "ftp://acme.example/license"}, "Enter a valid URL."),
        ({"evidence": "https://acme.example/\u202egnp.exe"}, "Has characters that are not shown."),
        ({"evidence": f"https://acme.example/{'x' * 500}"}, "at most 500 characters"),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"begun": ""}, "did not come from here"),
        ({"begun": "yesterday"}, "did not come from here"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    client: Client, acme: License, fields: dict[str, str], said: str
) -> None:
    page = send(client, **({"text": SAID, "evidence": "https://acme.example/kept"} | fields))

    assert page.status_code == 400
    assert said in words(page.content.decode())
    assert len(page.content) < 60_000
    assert not Proposal.objects.exists()


def test_steering_marks_are_taken_out_and_markup_is_shown_as_typed(client: Client, acme: License) -> None:
    sent = send(client, text=f"\u202e{SAID}\r\n<script>alert(1)</script>\u2066")

    assert Proposal.objects.get().text == f"{SAID}\n<script>alert(1)</script>"
    page = client.get(sent.headers["Location"]).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("age", "about", "said"),
    [
        (1, "mau_cap", "quicker than a person"),
        (25 * 3600, "mau_cap", "open for more than a day"),
        (60, "revenue_cap", "did not come from here"),
    ],
)
def test_a_form_of_another_time_or_place_is_sent_again_and_nothing_is_lost(
    client: Client, acme: License, age: float, about: str, said: str
) -> None:
    begun = stamp(age, f"acme-license/{about}")

    page = send(client, begun=begun, evidence="https://acme.example/kept").content.decode()

    assert said in page
    assert SAID in words(page)
    assert "https://acme.example/kept" in page
    found = re.search(r'name="begun" value="([^"]+)"', page)
    assert found
    assert (found[1] == begun) == ("quicker" in said)


def test_a_bot_gets_the_page_of_a_success_and_nothing_is_kept(client: Client, acme: License) -> None:
    page = send(client, subject="Buy now")

    assert page.status_code == 200
    assert "Keep this address" in page.content.decode()
    assert not Proposal.objects.exists()


def test_one_address_sends_five_within_an_hour(client: Client, acme: License) -> None:
    address = somebody()
    taken = [send(client, address=address).status_code for _ in range(6)]

    assert taken == [302] * 5 + [429]
    page = send(client, address=address)
    assert "5 corrections within an hour is all we take from one address" in words(page.content.decode())
    assert SAID in words(page.content.decode())
    assert send(client).status_code == 302


def test_the_address_is_known_to_redis_as_a_hash_for_an_hour_and_a_day(
    acme: License, settings: Any, now: datetime
) -> None:
    import redis

    correct(acme, KIND["mau_cap"], Sent(SAID), address="192.0.2.77", now=now)

    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        kept = {key: client.ttl(key) for key in client.keys("corrections:*")}
    assert all(re.fullmatch(r"corrections:(3600|86400):[0-9a-f]{64}", key) for key in kept)
    assert all(0 < left <= int(key.split(":")[1]) for key, left in kept.items())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("", "no address", False),
    ],
)
def test_who_has_one_new_address_has_its_whole_network(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_twenty_corrections_of_a_clause_wait_at_most(acme: License, now: datetime) -> None:
    for _ in range(MOST_WAITING):
        correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=now)

    with pytest.raises(TooMany, match="20 corrections of this clause wait already"):
        correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=now)

    correct(acme, KIND["revenue_cap"], Sent(SAID), address=somebody(), now=now)
    assert Proposal.objects.count() == MOST_WAITING + 1


def test_without_redis_nothing_is_taken_and_nothing_is_lost(client: Client, acme: License, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/at-all"

    page = send(client)

    assert page.status_code == 503
    assert SAID in words(page.content.decode())
    with pytest.raises(NotNow):
        correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=timezone.now())
    assert not Proposal.objects.exists()


def test_the_form_alone_sets_a_cookie_and_is_kept_by_nobody(client: Client, acme: License, now: datetime) -> None:
    form = client.get(FORM)
    other = Client()
    pages = [
        other.get(path)
        for path in (
            correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=now).get_absolute_url(),
            "/licenses/acme-license/clauses/mau_cap/",
            "/licenses/acme-license/clauses/mau_cap/history/",
        )
    ]

    assert list(form.cookies) == ["csrftoken"]
    assert "no-store" in form.headers["Cache-Control"]
    assert [page.status_code for page in pages] == [200] * 3
    assert not any(page.cookies or "Cookie" in page.get("Vary", "") for page in pages)


def test_without_the_token_of_the_form_nothing_is_taken(acme: License) -> None:
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("query", ["?as=admin", "?reading=yes"])
def test_an_address_that_means_nothing_is_refused(client: Client, acme: License, query: str) -> None:
    assert client.get(FORM + query).status_code == 400


def test_models_come_under_the_license_meanwhile(acme: License, now: datetime) -> None:
    """Whoever writes a row that points to the license waits for no correction."""
    with CaptureQueriesContext(connection) as queries:
        correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=now)

    (lock,) = (query["sql"] for query in queries if "FOR " in query["sql"])
    assert lock.endswith("FOR NO KEY UPDATE")


def test_few_queries(client: Client, acme: License, django_assert_max_num_queries: Any, now: datetime) -> None:
    proposal = correct(acme, KIND["mau_cap"], Sent(SAID), address=somebody(), now=now)

    with django_assert_max_num_queries(3):
        client.get(FORM)
    with django_assert_max_num_queries(3):
        client.get(proposal.get_absolute_url())
