"""Claims: others see who is at what, for two hours; nobody is stopped by them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from licenses import curation, queue
from licenses.models import Claim
from tests.factories import NOW, make_person
from tests.licenses.test_publishing import acme, cap
from tests.licenses.waiting import make_name, shown

pytestmark = pytest.mark.django_db


def claim(client: Client, item: str = "names:name:kimi-k2", do: str = "claim", here: str = "") -> Any:
    return client.post("/curate/claims/", {"item": item, "do": do, "here": here}, follow=True)


def test_a_claim_is_seen_by_others_and_released(curator: Client, reviewer: Client) -> None:
    make_name("kimi-k2")

    page = claim(curator, here="topic=names")

    assert page.redirect_chain[0][0].startswith("/curate/?topic=names#e-")
    assert "yours until" in page.content.decode()
    assert "Ada is at it until" in reviewer.get("/curate/").content.decode()
    assert shown(curator.get("/curate/?claimed=me")) == ["Bind “kimi-k2” to a license"]
    assert shown(reviewer.get("/curate/?claimed=free")) == []
    claim(curator, do="release")
    assert len(shown(reviewer.get("/curate/?claimed=free"))) == 1


def test_somebody_elses_claim_is_neither_taken_nor_released(curator: Client, reviewer: Client) -> None:
    make_name("kimi-k2")
    claim(curator)

    page = claim(reviewer)

    assert re.search(r"Ada is at this until \d\d:\d\d UTC", page.content.decode())
    claim(reviewer, do="release")
    assert Claim.objects.get().user.username == "ada"


def test_a_claim_runs_out_after_two_hours_and_is_renewed_by_claiming_again() -> None:
    ada, bob = make_person("ada", "curator"), make_person("bob", "curator")
    queue.claim("names:name:x", by=ada, now=NOW)
    queue.claim("names:name:x", by=ada, now=NOW + timedelta(hours=1))

    with pytest.raises(queue.Claimed, match="Ada is at this until 15:00 UTC"):
        queue.claim("names:name:x", by=bob, now=NOW + timedelta(hours=2, minutes=59))

    assert queue.claim("names:name:x", by=bob, now=NOW + timedelta(hours=3)).user == bob
    assert Claim.objects.count() == 1


def test_claims_that_ran_out_are_no_longer_kept() -> None:
    ada = make_person("ada", "curator")
    queue.claim("names:name:x", by=ada, now=NOW)

    queue.claim("names:name:y", by=ada, now=NOW + timedelta(hours=3))

    assert Claim.objects.get().item == "names:name:y"


def test_a_claim_stops_nobody_from_publishing() -> None:
    license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
    queue.claim("texts:license:acme-license", by=ada, now=NOW)

    assert curation.publish(license, [cap()], by=bob, now=NOW).license == license


@pytest.mark.parametrize(
    ("item", "do"),
    [("", "claim"), ("names:", "claim"), ("name:x", "claim"), ("names:\x00", "claim"), (f"names:{'x' * 320}", "claim"),
     ("names:name:x", "steal"), ("names:name:x", "")],
)  # fmt: skip
def test_what_cannot_be_claimed_is_refused(curator: Client, item: str, do: str) -> None:
    assert claim(curator, item, do).status_code == 400
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "here", ["https://evil.example/", "//evil.example", "next=//evil.example", "\r\nX: y", "topic=%FF"]
)
def test_a_claim_leads_back_to_the_queue_and_nowhere_else(curator: Client, here: str) -> None:
    page = curator.post("/curate/claims/", {"item": "names:name:x", "do": "claim", "here": here})

    assert page.headers["Location"].startswith("/curate/")
