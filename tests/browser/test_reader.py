"""The reader as a curator meets it: words marked by mouse or keyboard become quotes, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from licenses.models import Draft, License
from licenses.roles import write_groups
from tests.browser.test_look import AXE
from tests.conftest import browser_of
from tests.factories import NOW, PASSWORD, make_clause, make_license, make_person, make_revision

TEXT = """# ACME LICENSE

1. Grant. You may use the model for any purpose.

2. Large Services. If you have more than 100 million monthly active users, ask for a license first.

3. Notices. Keep this notice with every copy.

""" + "\n\n".join(f"{n}. Further Words. These words fill a page of their own, number {n}." for n in range(4, 40))
ACME = "/curate/acme/"
CAP = f"{ACME}clauses/mau_cap/"
PLACES = f"{ACME}clauses/geo_exclusion/"
OVERTAKEN = f"{ACME}clauses/revenue_cap/"
BARE = "/curate/bare/clauses/branding_required/"
PLACE = {"regions": ["EU", "KR"], "basis": ["domicile"], "effect": "no_grant"}


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        write_groups()
        license = make_license("Acme", revenue_cap="silent")
        make_clause(license, "geo_exclusion", answer="yes", quote="Keep this notice", territories=[PLACE])
        make_revision(license.documents.get(), TEXT)
        make_license("Bare")
        make_person("ada", "curator")
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def fresh_session() -> str:
    """Ada's, with one draft that somebody overtook."""
    try:
        ada = User.objects.get(username="ada")
        Draft.objects.all().delete()
        # Begun before the reading that is there now.
        Draft.objects.create(
            user=ada, license=License.objects.get(slug="acme"), kind="revenue_cap", saved_at=NOW,
            fields={"answer": ["partly"], "note": ["Mine."]},
        )  # fmt: skip
        return str(browser_of(ada).cookies["sessionid"].value)
    finally:
        connection.close()


@pytest.fixture
def bench(visit: Any) -> Any:
    """`bench(path)` opens a page as Ada, as if for the first time."""
    # The web process does not see into the transaction of a test: a thread has a connection of its own.
    with ThreadPoolExecutor(1) as apart:
        session = apart.submit(fresh_session).result()
    cookie = {"name": "sessionid", "value": session, "domain": "127.0.0.1", "path": "/", "expires": -1,
              "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip

    def open_page(path: str, **options: Any) -> Page:
        return visit(path, storage_state={"cookies": [cookie], "origins": []}, **options)

    return open_page


def quotes(page: Page) -> list[str]:
    return [area.input_value() for area in page.locator("[name^='quotes.'][name$='.words']").all()]


def mark(page: Page, words: str) -> None:
    """With the mouse, from before the first letter to after the last."""
    first, last = page.evaluate(
        """(words) => {
          const walk = document.createTreeWalker(document.getElementById("words"), NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const at = walk.currentNode.data.indexOf(words);
            if (at < 0) continue;
            walk.currentNode.parentElement.scrollIntoView({block: "center"});
            const range = document.createRange();
            range.setStart(walk.currentNode, at);
            range.setEnd(walk.currentNode, at + words.length);
            const boxes = [...range.getClientRects()], last = boxes[boxes.length - 1];
            return [[boxes[0].left + 1, boxes[0].top + 9], [last.right - 1, last.top + 9]];
          }
          throw new Error(`no ${words}`);
        }""",
        words,
    )
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=4)
    page.mouse.up()


def test_words_marked_with_the_mouse_become_a_quote(bench: Any) -> None:
    page = bench(CAP)

    mark(page, "more than 100 million monthly active users")
    page.get_by_role("button", name="Quote these 7 words").click()

    expect(page.locator("[name='quotes.0.words']")).to_have_value("more than 100 million monthly active users")
    assert page.locator("[name='quotes.0.section']").input_value() == "2. Large Services"
    assert page.locator("#words mark", has_text="100 million").count() == 1


def test_too_many_words_are_counted_and_not_taken(bench: Any) -> None:
    page = bench(CAP)

    mark(page, "2. Large Services. If you have more than 100 million monthly active users, ask for a license first.")

    expect(page.locator("#quote-these")).to_have_text("18 words are marked, a quote has at most 15")
    expect(page.locator("#quote-these")).to_be_disabled()


def test_words_marked_by_keyboard_become_a_quote(bench: Any) -> None:
    page = bench(CAP)
    page.locator("#words").focus()

    for key in ["ArrowDown"] * 3 + ["ArrowRight"] * 2:
        page.keyboard.press(key)
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")

    expect(page.locator("#marked")).to_have_text("5 words marked: Services. If you have more")
    page.keyboard.press("Enter")

    expect(page.locator("[name='quotes.0.words']")).to_have_value("Services. If you have more")


def test_escape_leaves_the_text_for_the_form(bench: Any) -> None:
    page = bench(CAP)
    page.locator("#words").focus()
    page.keyboard.press("ArrowDown")

    page.keyboard.press("Escape")

    expect(page.locator("#quoting")).to_be_hidden()
    expect(page.locator("#paste-words")).to_be_focused()


def test_the_text_is_one_stop_of_the_tab_key(bench: Any) -> None:
    page = bench(PLACES)
    page.locator("#words").focus()

    page.keyboard.press("Tab")

    assert page.evaluate("!document.getElementById('text').contains(document.activeElement)")


def test_what_is_typed_is_kept_and_previewed_while_one_types(bench: Any) -> None:
    page = bench(f"{ACME}clauses/governing_law/")
    expect(page.locator("#preview")).to_contain_text("Nothing changed yet")

    page.get_by_label("Silent").check()
    page.get_by_label("Note, in our own words").fill("No court is named.")
    expect(page.locator("#preview")).to_contain_text("silent")
    expect(page.locator("#kept")).to_contain_text("Kept as your draft at")
    page.reload()

    expect(page.get_by_label("Note, in our own words")).to_have_value("No court is named.")


def test_a_draft_is_kept_when_the_page_is_left_in_haste(bench: Any) -> None:
    page = bench(CAP)
    page.get_by_label("Note, in our own words").fill("In haste.")
    page.goto(ACME)
    page.wait_for_timeout(500)

    page.goto(CAP)
    expect(page.get_by_label("Note, in our own words")).to_have_value("In haste.")


def test_who_is_logged_out_is_told_and_keeps_what_is_on_the_page(bench: Any) -> None:
    page = bench(CAP)
    page.context.clear_cookies()

    page.get_by_label("Note, in our own words").fill("Still here.")

    expect(page.locator("#kept")).to_contain_text("Not kept")
    assert page.get_by_label("Note, in our own words").input_value() == "Still here."


def test_who_logs_in_again_in_another_tab_goes_on_typing(bench: Any) -> None:
    page = bench(CAP)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Note, in our own words").fill("Logged out.")
    expect(page.locator("#kept")).to_contain_text("you are logged out")

    other = page.context.new_page()
    other.goto(page.url.replace(CAP, "/account/login/"))
    other.get_by_label("Username").fill("ada")
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.get_by_role("button", name="Log out")).to_be_visible()
    page.get_by_label("Note, in our own words").fill("Logged in again.")

    expect(page.locator("#kept")).to_contain_text("Kept as your draft at")
    page.get_by_role("button", name="Keep as draft and preview").click()
    expect(page.get_by_text("Kept as your draft; nobody else sees it.")).to_be_visible()


def test_everything_works_without_script(bench: Any) -> None:
    page = bench(CAP, java_script_enabled=False)

    page.get_by_label("Words to add").fill("more than 100 million monthly active users")
    page.get_by_role("button", name="Add the words").click()
    page.get_by_role("button", name="Add a size").click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("Amount").fill("100 million")
    page.get_by_role("button", name="Keep as draft and preview").click()

    assert quotes(page) == ["more than 100 million monthly active users"]
    assert page.get_by_label("Amount").input_value() == "100 million"
    expect(page.locator("#preview")).to_contain_text("things still to say")
    expect(page.get_by_text("To quote, copy words from here")).to_be_visible()


def test_the_text_stays_where_it_was_when_a_quote_is_taken(bench: Any, size: dict[str, int]) -> None:
    page = bench(CAP)
    mark(page, "a page of their own, number 30")
    was = page.evaluate("document.getElementById('text').scrollTop")

    page.locator("#quote-these").click()
    expect(page.locator("[name='quotes.0.words']")).to_have_value("a page of their own, number 30")

    if size["width"] > 900:
        assert abs(page.evaluate("document.getElementById('text').scrollTop") - was) < 40


def test_what_was_typed_last_goes_on_top_of_theirs(bench: Any) -> None:
    page = bench(OVERTAKEN)
    page.get_by_label("Note, in our own words").fill("Typed last.")

    page.get_by_role("button", name="Keep mine as a new reading").click()

    expect(page.get_by_text("Another reading was published")).to_have_count(0)
    expect(page.get_by_label("Note, in our own words")).to_have_value("Typed last.")


@pytest.mark.parametrize("path", [ACME, CAP, PLACES, OVERTAKEN, BARE])
def test_the_reader_fits_its_window_and_axe_finds_nothing(
    bench: Any, size: dict[str, int], theme: str, path: str
) -> None:
    page = bench(path, color_scheme=theme)
    if path == CAP:
        for name in ("Add a size", "Add the words", page.locator(".deeds .main").inner_text()):
            page.get_by_role("button", name=name).click()
        expect(page.locator("#faults")).to_be_visible()
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    assert [[node["html"][:160] for node in one["nodes"][:3]] for one in undecided] == []
