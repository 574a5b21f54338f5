"""Corrections, histories and decisions as people meet them: by keyboard, without script, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import Page

from licenses import curation
from licenses.clauses import KIND
from licenses.correcting import Sent, correct
from licenses.models import Clause
from licenses.offers import Offer
from tests.browser.test_look import AXE
from tests.conftest import browser_of
from tests.factories import NOW, make_person
from tests.licenses.test_publishing import acme, cap

CLAUSE = "/licenses/acme-license/clauses/mau_cap/"
SAID = "Section 2 sets the cap at 90 million users.\n\nSee the newest wording. النص " + "x" * 200
SILENT = Offer(KIND["mau_cap"], {"answer": "silent", "strength": "must"}, "I saw no number in the text.")
PAGES = ["form", "publisher", "waiting", "declined", "reading", "history", "people", "person"]
BENCH = ["decide", "decide-words", "readings"]


@pytest.fixture(scope="module")
def addresses() -> dict[str, str]:
    """Name → path, and the cookie of a reviewer; filled with the site."""
    return {}


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any, addresses: dict[str, str]) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        addresses.update(happened())
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        call_command("migrate", verbosity=0)


def happened() -> dict[str, str]:
    license, now = acme(), NOW
    ada, bob, ruth = make_person("ada", "curator"), make_person("bob", "reviewer"), make_person("ruth", "reviewer")
    curation.publish(license, [SILENT], by=ruth, now=now)
    (accepted,) = curation.propose(license, [cap(based_on=today().pk)], by=ada, now=now)
    curation.accept(accepted, by=bob, now=now + timedelta(days=1), reason="I read the same in section 2.")
    waiting = correct(license, KIND["mau_cap"], Sent(SAID, f"https://acme.example/{'y' * 200}"), address="a", now=now)
    declined = correct(license, KIND["mau_cap"], Sent(SAID, speaks_for="Acme " * 12), address="b", now=now)
    curation.decline(declined, by=bob, now=now, reason="“Ask first” is what we call a cap.")
    softer = cap(values={"strength": "should", "note": "In our own words."}, based_on=today().pk)
    (reading,) = curation.propose(license, [softer], by=ada, now=now)
    return {
        "form": f"{CLAUSE}correct/",
        "publisher": f"{CLAUSE}correct/?as=publisher",
        "waiting": waiting.get_absolute_url(),
        "declined": declined.get_absolute_url(),
        "reading": reading.get_absolute_url(),
        "history": f"{CLAUSE}history/",
        "people": "/curators/",
        "person": f"/curators/{bob.pk}/",
        "decide": f"/curate/proposals/{reading.key}/",
        "decide-words": f"/curate/proposals/{waiting.key}/",
        "readings": "/curate/acme-license/clauses/mau_cap/history/",
        "session": browser_of(bob).cookies["sessionid"].value,
    }


def today() -> Clause:
    return Clause.objects.current().get()


def as_reviewer(page: Page, site: str, addresses: dict[str, str]) -> Page:
    page.context.add_cookies([{"name": "sessionid", "value": addresses["session"], "url": site}])
    return page


def fits(page: Page, size: dict[str, int]) -> None:
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    assert [one["nodes"][0]["html"][:160] for one in found["incomplete"] if one["id"] == "color-contrast"] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window_and_axe_finds_nothing(
    visit: Any, addresses: dict[str, str], size: dict[str, int], theme: str, name: str
) -> None:
    page = visit("/healthz", color_scheme=theme)
    page.goto(addresses[name])

    fits(page, size)


@pytest.mark.parametrize("name", BENCH)
def test_the_bench_fits_too(
    visit: Any, site: str, addresses: dict[str, str], size: dict[str, int], theme: str, name: str
) -> None:
    page = as_reviewer(visit("/healthz", color_scheme=theme), site, addresses)
    page.goto(addresses[name])

    fits(page, size)


def test_faults_stand_at_their_fields_and_axe_finds_nothing(visit: Any, size: dict[str, int], theme: str) -> None:
    page = visit(f"{CLAUSE}correct/?as=publisher", color_scheme=theme)
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_label("What is wrong?").fill("short")
    page.get_by_role("button", name="Send it to the curators").click()

    assert "That is 5 characters." in page.locator("#id_text_error").inner_text()
    assert page.get_by_label("What is wrong?").input_value() == "short"
    fits(page, size)


def test_nobody_sees_or_reaches_the_hidden_field(visit: Any) -> None:
    page = visit(f"{CLAUSE}correct/")

    assert not page.locator("[name=subject]").is_visible()
    assert page.get_by_label("Leave this empty").locator("visible=true").count() == 0


def test_a_visitor_corrects_by_keyboard_and_sees_why_it_was_declined(
    visit: Any, site: str, addresses: dict[str, str]
) -> None:
    page = visit(CLAUSE, java_script_enabled=False)
    page.get_by_role("link", name="Something wrong?").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CLAUSE}correct/")
    page.wait_for_timeout(3500)
    page.get_by_label("What is wrong?").focus()
    page.keyboard.type("Section 2 names no number, it names a share.")
    page.keyboard.press("Tab")
    page.keyboard.type("https://acme.example/license")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposals/*/")
    assert "Keep this address" in page.inner_text("main")

    bench = as_reviewer(visit("/healthz", java_script_enabled=False), site, addresses)
    bench.goto(page.url.replace("/proposals/", "/curate/proposals/"))
    bench.get_by_label("Why").fill("Section 2 names 100 million.")
    bench.get_by_role("button", name="Decline").click()
    bench.get_by_text("Everybody sees why").wait_for()

    page.reload()
    assert "Declined on" in page.inner_text("main")
    assert "Section 2 names 100 million." in page.inner_text("main")
