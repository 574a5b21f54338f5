"""`/audit.jsonl`: the whole trail, one JSON object a line, for anybody to check."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenses import audit, curation
from licenses.clauses import KIND
from licenses.correcting import Sent, correct
from licenses.models import Clause, Conclusion, License, Rule
from licenses.throttle import turn
from licenses.views.history import LONGEST
from tests.factories import make_clause, make_license, make_model, make_person
from tests.licenses.test_publishing import acme, cap

pytestmark = pytest.mark.django_db

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "accountability.md"


@pytest.fixture(autouse=True)
def nobody_asked_for_it_yet(settings: Any) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as counts:
        for key in (*counts.scan_iter("audit:*"), *counts.scan_iter("turn:audit")):
            counts.delete(key)


def trail(client: Client) -> list[dict[str, Any]]:
    answer = client.get("/audit.jsonl")
    assert answer.streaming
    return [json.loads(line) for line in answer.getvalue().decode().splitlines()]


def everything(now: datetime) -> License:
    """One of each: readings, a proposal accepted, a correction declined, a rule, a conclusion."""
    license = acme()
    ada = make_person("ada_l", "curator", email="ada@curators.example", last_name="Lovelace")
    bob = make_person("bob_k", "reviewer", email="bob@curators.example", last_name="Kahn")
    ada.first_name, bob.first_name = "Ada", "Bob"
    ada.save()
    bob.save()
    address = str(uuid4())
    sent = Sent("Section 2 speaks of 90 million.", "https://acme.example/terms", "vi@visitors.example")
    correction = correct(license, KIND["mau_cap"], sent, address=address, now=now)
    (proposal,) = curation.propose(license, [cap()], by=ada, now=now + timedelta(hours=1))
    curation.accept(proposal, by=bob, now=now + timedelta(hours=2))
    curation.decline(correction, by=bob, now=now + timedelta(hours=3), reason="It says 100 million.")
    correct(license, KIND["mau_cap"], sent, address=address, now=now + timedelta(hours=4))
    Rule.objects.create(
        signal="tag", value="acme", license=license, added_by=bob, added_at=now, reason="Their own tag."
    )
    Rule.objects.create(signal="tag", value="acme-1", license=license)
    Conclusion.objects.create(
        model=make_model("acme/tiny"), license=license, reason="Its card.", quote="the Acme License", made_by=ada,
        made_by_name="Ada Lovelace", made_at=now,
    )  # fmt: skip
    return license


def test_every_deed_reading_proposal_rule_and_conclusion_is_a_line_oldest_first(client: Client, now: datetime) -> None:
    everything(now)

    lines = trail(client)

    assert [line["type"] for line in lines] == [
        *("proposal", "rule", "conclusion", "proposal", "deed", "reading", "deed", "deed", "proposal")
    ]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert [line["deed"] for line in lines if line["type"] == "deed"] == ["proposed", "accepted", "declined"]
    assert lines == trail(client)


def test_a_reading_stands_there_in_full(client: Client, now: datetime) -> None:
    everything(now)

    (reading,) = (line for line in trail(client) if line["type"] == "reading")

    clause = Clause.objects.get()
    quote = clause.quotes.get()
    assert (reading["key"], reading["license"], reading["kind"]) == (clause.pk, "acme-license", "mau_cap")
    assert (reading["answer"], reading["read_by"], reading["confirmed_by"]) == ("yes", "Ada Lovelace", "Bob Kahn")
    assert reading["thresholds"][0]["amount"] == 100_000_000
    assert reading["quotes"] == [{
        "document": "acme-license/agreement", "wording": quote.revision.name, "section": "2", "exact": quote.exact,
        "prefix": quote.prefix, "suffix": quote.suffix, "start": quote.start, "end": quote.end, "state": "found",
        "missing_since": None,
    }]  # fmt: skip
    assert reading["at"] == "2026-11-21T14:00:00Z"


def test_the_catalogue_and_what_was_superseded_are_in_it(client: Client, now: datetime) -> None:
    license = make_license("Acme License", mau_cap="yes", geo_exclusion={"answer": "yes", "territories": [
        {"regions": ["EU"], "basis": ["domicile"], "effect": "no_grant"}]})  # fmt: skip
    Clause.objects.filter(kind="mau_cap").update(superseded_at=now)
    make_clause(license, "mau_cap", answer="silent", effective_from=date(2026, 9, 1))

    readings = [line for line in trail(client) if line["type"] == "reading"]

    assert [(line["kind"], line["superseded_at"], line["reader"]) for line in readings] == [
        ("mau_cap", "2026-11-21T12:00:00Z", None), ("geo_exclusion", None, None), ("mau_cap", None, None),
    ]  # fmt: skip
    assert readings[1]["territories"][0]["regions"] == ["EU"]
    assert readings[2]["effective_from"] == "2026-09-01"


def test_no_address_and_no_login_name_is_in_it(client: Client, now: datetime) -> None:
    everything(now)

    whole = client.get("/audit.jsonl").getvalue().decode()

    assert not re.search(r"@|ada_l|bob_k|visitors\.example|curators\.example", whole)
    assert "Ada Lovelace" in whole


def test_it_comes_in_portions_with_as_many_queries_as_there_are_portions(client: Client, now: datetime) -> None:
    everything(now)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(audit.lines())

    assert len(queries) <= len(audit.SOURCES) + 1
    assert client.get("/audit.jsonl").headers["Content-Type"] == "application/jsonl; charset=utf-8"


def test_nothing_at_all_is_an_empty_file(client: Client) -> None:
    assert trail(client) == []


def test_every_field_is_documented(client: Client, now: datetime) -> None:
    everything(now)
    described = DOCUMENTED.read_text()

    fields = {(line["type"], name) for line in trail(client) for name in line}

    assert sorted(name for name in fields if f"`{name[1]}`" not in described) == []


def test_a_network_has_it_six_times_an_hour(client: Client) -> None:
    neighbours = [f"2001:db8:0:7::{n}" for n in range(7)]

    answers = [fetched(client, address) for address in neighbours]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert answers[-1].headers["Retry-After"] == "3600"
    assert answers[-1].headers["Cache-Control"] == "no-store"
    assert "6 times an hour" in answers[-1].content.decode()
    assert fetched(client, "2001:db8:0:8::1").status_code == 200


def fetched(client: Client, address: str) -> Any:
    """To its end, as a server does."""
    answer = client.get("/audit.jsonl", REMOTE_ADDR=address)
    if answer.streaming:
        answer.getvalue()
    return answer


def test_one_at_a_time_fetches_it(client: Client, settings: Any) -> None:
    mine = turn("audit", seconds=LONGEST)
    assert mine

    refused = client.get("/audit.jsonl")

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Somebody else is fetching the trail" in refused.content.decode()
    with redis.Redis.from_url(settings.REDIS_URL) as counts:
        assert 0 < counts.ttl("turn:audit") <= LONGEST
    mine.release()
    assert trail(client) == trail(client) == []


def test_who_leaves_half_way_makes_room(client: Client, now: datetime) -> None:
    everything(now)
    begun = client.get("/audit.jsonl")
    next(iter(begun))
    assert turn("audit", seconds=LONGEST) is None

    begun.close()

    assert turn("audit", seconds=LONGEST)


def test_a_look_at_its_head_takes_no_turn(client: Client) -> None:
    assert client.head("/audit.jsonl").headers["Content-Type"].startswith("application/jsonl")
    assert trail(client) == []


def test_without_redis_it_is_told_and_not_handed_out(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/at-all"

    assert client.get("/audit.jsonl").status_code == 503
