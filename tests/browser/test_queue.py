"""The curators' queue by keyboard, at both sizes and themes: rows first, nothing wider than the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from licenses import queue, roles
from tests.browser.test_look import AXE, on_phone
from tests.conftest import browser_of
from tests.factories import make_license, make_person
from tests.licenses.waiting import counted, make_name, one_of_each

PAGES = ["/curate/", "/curate/?topic=names&claimed=free&q=name", "/curate/?topic=stale&q=none", "/curate/?topic=x"]
FORM = "/curate/acme-license/confirm/"
FOCUSED = "document.activeElement.closest('#queue > li') ? document.activeElement.innerText : document.activeElement.id"


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        roles.write_groups()
        one_of_each()
        for number in range(20):
            written = f"name-{number} {'of-many-words-' * (number % 4) * 3}"
            make_name(f"name-{number}", total=100 - number, downloads=number**5, written=written)
        counted(make_license("Acme Open Model Community License of the Year", mau_cap="yes"), 700, 12_345_678)
        cleo = make_person("cleo", "curator", last_name="with a long name of several words")
        queue.claim("names:name:name-1", by=cleo, now=timezone.now())
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def session(site: str, django_db_blocker: Any) -> dict[str, Any]:
    """A reviewer's, for a browser of ours."""
    with django_db_blocker.unblock():
        key = browser_of(make_person("bob", "reviewer")).cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": key, "domain": "127.0.0.1", "path": "/", "expires": -1,
              "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip
    return {"cookies": [cookie], "origins": []}


@pytest.fixture
def curate(session: dict[str, Any], visit: Any) -> Any:
    """`curate(path)` opens a page as a reviewer."""
    return lambda path, **options: visit(path, storage_state=session, **options)


@pytest.mark.parametrize("path", [*PAGES, FORM])
def test_the_page_fits_its_window_and_axe_finds_nothing(
    curate: Any, size: dict[str, int], theme: str, path: str
) -> None:
    page = curate(path, color_scheme=theme)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    assert [one["nodes"][0]["html"][:160] for one in found["incomplete"] if one["id"] == "color-contrast"] == []


def test_rows_come_first(curate: Any, size: dict[str, int]) -> None:
    rows = curate("/curate/").locator("#queue > li")
    boxes = [rows.nth(number).bounding_box() for number in range(12)]
    whole = [box for box in boxes if box["y"] + box["height"] <= size["height"]]

    assert boxes[0]["y"] <= (330 if on_phone(size) else 260)
    assert len(whole) >= (4 if on_phone(size) else 11)
    assert max(box["height"] for box in boxes) <= (140 if on_phone(size) else 72)


def test_keys_walk_the_list_claim_and_search(curate: Any) -> None:
    page = curate("/curate/?topic=names")
    tasks = page.locator("#queue .task").all_inner_texts()
    page.locator("#queue .task").first.focus()

    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == tasks[2]
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(FOCUSED) == tasks[0]

    with page.expect_navigation():
        page.keyboard.press("c")
    assert page.locator("#queue > li").first.get_by_text("yours until").is_visible()
    assert page.evaluate(FOCUSED) == tasks[0]
    with page.expect_navigation():
        page.keyboard.press("c")
    assert page.get_by_text("yours until").count() == 0

    page.keyboard.press("/")
    assert page.evaluate(FOCUSED) == "q"
    page.keyboard.type("j/c")
    assert page.locator("#q").input_value() == "j/c"


def test_the_keys_work_from_the_start(curate: Any) -> None:
    page = curate("/curate/?topic=names")

    expect(page.locator("#queue .task").first).to_be_focused()


def test_keys_do_nothing_outside_the_list(curate: Any) -> None:
    page = curate("/curate/?topic=names")
    page.get_by_role("link", name="Queue").focus()

    for key in ("j", "c", "/"):
        page.keyboard.press(key)

    expect(page.get_by_role("link", name="Queue")).to_be_focused()
    assert page.get_by_text("yours until").count() == 0


def test_enter_opens_what_is_to_be_done(curate: Any) -> None:
    page = curate("/curate/?topic=second")
    page.locator("#queue .task").first.focus()

    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.url.endswith("/confirm/")


def test_it_works_without_script(curate: Any) -> None:
    page = curate("/curate/?topic=names", java_script_enabled=False)

    page.get_by_role("button", name="Claim:").first.click()

    assert page.locator("#queue > li").first.get_by_text("yours until").is_visible()
    assert not page.get_by_text("claims or releases").is_visible()
    page.get_by_role("button", name="Release:").first.click()


def test_what_is_ticked_is_confirmed_by_keyboard(curate: Any) -> None:
    page = curate("/curate/acme-open-model-community-license-of-the-year/confirm/")
    page.get_by_role("checkbox", name="User cap").focus()

    page.keyboard.press("Space")

    assert page.get_by_role("checkbox", name="User cap").is_checked()
    assert page.get_by_role("link", name="I read it otherwise").is_visible()
