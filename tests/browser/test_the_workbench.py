"""Days at the workbench, each person in a browser of their own: from an unknown name to a clause that everybody sees.

Every story has a license of its own, as their order is random.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ingest.tally import tally
from licenses.models import License
from licenses.roles import write_groups
from tests.browser.test_reader import mark
from tests.factories import PASSWORD, make_license, make_model, make_person, make_release, make_revision

TEXT = """# THE {name} LICENSE

1. Grant. You may use the model for any purpose.

2. Large Services. If you have more than 100 million monthly active users, ask for a license first.

3. Notices. Keep this notice with every copy.
"""
CAP_WORDS = "more than 100 million monthly active users"
SIZE = {
    "More than, or at least": "gt", "Of what": "mau", "Within": "calendar_month", "Looked at": "ongoing",
    "Whose size counts": "licensee", "Which use it is about": "any_use", "Beyond it": "separate_license",
}  # fmt: skip
#: As models write it → how often they are downloaded.
SPELLINGS = {"lumen-2": 900_000, "Lumen 2": 70_000, "lumen_2": 500, "LUMEN-2": 3}
LUMEN, CAP, NOTICES = "/licenses/lumen-2-community/", "clauses/mau_cap/", "clauses/attribution_notice/"


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        write_groups()
        for name, role in {"ada": "reviewer", "bob": "reviewer", "cleo": "curator"}.items():
            make_person(name, role)
        make_release("Lumen 2", make_readable("Lumen 2 Community"), publisher="Lumen Lab")
        for number, (name, downloads) in enumerate(SPELLINGS.items()):
            make_model(f"maker-{number}/lumen-2", declared=["other"], declared_name=name, downloads=downloads)
        for name in ("Handed", "Contested", "Plain"):
            make_readable(name)
        tally(now=timezone.now())
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def make_readable(name: str) -> License:
    license = make_license(name)
    make_revision(license.documents.get(), TEXT.format(name=name.upper()))
    return license


@pytest.fixture
def browsing(site: str, browser: Browser) -> Iterator[Any]:
    """`browsing("ada")` is her own browser, in which she logged in with name and password; `browsing()` a visitor's."""
    contexts: list[BrowserContext] = []

    def begin(name: str = "", **options: Any) -> Page:
        context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 800}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        return log_in(page, name) if name else page

    yield begin
    for context in contexts:
        context.close()


def log_in(page: Page, name: str) -> Page:
    page.goto("/curate/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/curate/")
    return page


def task(page: Page, name: str) -> None:
    """From the queue, whatever else waits there."""
    page.goto("/curate/")
    page.get_by_role("link", name=name).click()


def quote_cap(page: Page) -> None:
    """With the mouse. The script shifts the text once, when it tells how to mark words."""
    expect(page.locator("#how")).to_be_visible()
    mark(page, CAP_WORDS)
    page.get_by_role("button", name="Quote these 7 words").click()
    expect(page.locator("[name='quotes.0.words']")).to_have_value(CAP_WORDS)


def read_cap(page: Page, answer: str = "Yes", *, amount: str = "100 million") -> None:
    """Fills the form of a user cap, but for its quote."""
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Add a size").click()
    page.get_by_label("Amount").fill(amount)
    for label, choice in SIZE.items():
        page.get_by_label(label, exact=True).select_option(choice)
    page.get_by_label("Why it reads so").fill("Section 2 names the number.")


def hand_in(page: Page, button: str = "Publish") -> None:
    page.get_by_role("button", name=button).click()
    page.locator(".messages").wait_for()


def text_of(page: Page, path: str) -> str:
    """What is there for whoever asks next."""
    page.goto(path)
    return page.inner_text("main")


def test_from_a_name_that_nobody_knows_to_a_clause_that_everybody_sees(browsing: Any) -> None:
    ada, bob, visitor = browsing("ada"), browsing("bob"), browsing()
    for path in (LUMEN, "/?q=lumen", "/changes.rss"):
        visitor.goto(path)

    a_name_is_bound(ada)
    assert "Lumen 2 Community" in text_of(visitor, "/models/maker-2/lumen-2/")

    a_cap_is_read_with_the_mouse(ada)
    everybody_sees_the_cap(visitor)

    notices_are_read_by_keyboard(ada)
    assert "Keep this notice" in text_of(visitor, f"{LUMEN}{NOTICES}")

    a_second_person_confirms(bob)
    assert "Second reader: Bob" in text_of(visitor, f"{LUMEN}{CAP}")
    assert "1 of 2 answers are confirmed by two" in text_of(visitor, LUMEN)

    a_correction_is_declined(visitor, bob)


def a_name_is_bound(ada: Page) -> None:
    task(ada, "Bind “lumen-2” to a license")
    assert "4, of which 4 have no license here" in ada.inner_text("main")
    assert all(name in ada.inner_text("main") for name in SPELLINGS)

    ada.get_by_role("link", name="Lumen 2 Community", exact=True).click()
    expect(ada.locator("#preview")).to_contain_text(
        "it would resolve 4 models (970,503 downloads); 0 models would move"
    )
    assert "nothing yet" in ada.inner_text("#main, main")
    ada.get_by_label("How you know").fill("The header of the most downloaded model says so.")
    ada.get_by_role("button", name="Bind to Lumen 2 Community").click()

    expect(ada.locator(".messages")).to_contain_text("Bound to Lumen 2 Community: 4 models resolved.")
    ada.goto("/curate/")
    expect(ada.get_by_role("link", name="Bind “lumen-2”")).to_have_count(0)


def a_cap_is_read_with_the_mouse(ada: Page) -> None:
    task(ada, "Read Lumen 2 Community: nobody has")
    ada.get_by_role("link", name="User cap").click()
    quote_cap(ada)

    read_cap(ada)

    expect(ada.locator("#preview")).to_contain_text("With this draft: yes license above 100M monthly users")
    expect(ada.locator("#preview dl div").last).to_contain_text("needs a license")
    hand_in(ada)
    expect(ada.locator(".messages")).to_contain_text("Published: User cap in Lumen 2 Community.")


def everybody_sees_the_cap(visitor: Page) -> None:
    row = "table.compare tbody tr"
    visitor.goto("/?q=lumen")
    expect(visitor.locator(row)).to_have_count(1)
    expect(visitor.locator(row)).to_contain_text("100M monthly users")
    assert CAP_WORDS in text_of(visitor, LUMEN)
    assert "Second reader: none yet; this kind asks for one." in text_of(visitor, f"{LUMEN}{CAP}")
    feed = visitor.request.get("/changes.rss").text()
    assert "100M monthly users" in feed
    assert "Read by Ada" in feed


def notices_are_read_by_keyboard(ada: Page) -> None:
    ada.goto(f"/curate/lumen-2-community/{NOTICES}")
    ada.locator("#words").focus()
    for key in ["ArrowDown"] * 4 + ["ArrowRight"] * 2:
        ada.keyboard.press(key)
    for _ in range(6):
        ada.keyboard.press("Shift+ArrowRight")
    expect(ada.locator("#marked")).to_have_text("6 words marked: Keep this notice with every copy.")
    ada.keyboard.press("Enter")
    expect(ada.locator("[name='quotes.0.words']")).to_have_value("Keep this notice with every copy")
    ada.get_by_label("Yes", exact=True).check()
    ada.get_by_label("Why it reads so").fill("Section 3.")
    expect(ada.locator("#kept")).to_contain_text("Kept as your draft at")

    ada.get_by_role("link", name="All kinds").click()
    hand_in(ada, "Publish the draft")


def a_second_person_confirms(bob: Page) -> None:
    task(bob, "Second reading of 1 clause of Lumen 2 Community")
    assert CAP_WORDS in bob.inner_text("main")
    bob.get_by_role("checkbox", name="User cap").check()
    bob.get_by_role("button", name="Confirm what is ticked").click()
    expect(bob.locator(".messages")).to_have_text("Confirmed: 1 clause of Lumen 2 Community.")
    expect(bob.get_by_role("link", name="Read Lumen 2 Community: 2 of 35 questions are answered")).to_be_visible()


def a_correction_is_declined(visitor: Page, bob: Page) -> None:
    visitor.goto(f"{LUMEN}{CAP}")
    visitor.get_by_role("link", name="Something wrong?").click()
    visitor.wait_for_url("**/correct/**")
    visitor.wait_for_timeout(3500)  # Nobody writes faster.
    visitor.get_by_label("What is wrong?").fill("Section 2 sets the cap at 90 million users.")
    visitor.get_by_role("button", name="Send it to the curators").click()
    visitor.wait_for_url("**/proposals/*/")
    assert "Waiting for a curator" in visitor.inner_text("main")

    task(bob, "Answer a correction of User cap in Lumen 2 Community")
    assert "90 million" in bob.inner_text("main")
    bob.get_by_label("Why").fill("Section 2 says 100 million.")
    bob.get_by_role("button", name="Decline").click()
    expect(bob.locator(".messages")).to_contain_text("Declined")

    visitor.reload()
    expect(visitor.locator(".outcome")).to_contain_text("by Bob")
    expect(visitor.locator(".outcome")).to_contain_text("Section 2 says 100 million.")


def test_a_curators_reading_of_a_core_clause_waits_for_a_reviewer(browsing: Any) -> None:
    cleo, bob, visitor = browsing("cleo"), browsing("bob"), browsing()
    cleo.goto(f"/curate/handed/{CAP}")
    quote_cap(cleo)
    read_cap(cleo)

    hand_in(cleo, "Hand in for a second reader")
    expect(cleo.locator(".messages")).to_contain_text("your proposal waits for a second reader")
    assert "Nobody has read" in text_of(visitor, f"/licenses/handed/{CAP}")

    task(bob, "Decide on a reading of User cap in Handed")
    hand_in(bob, "Accept: publish it, confirmed by two")

    said = text_of(visitor, f"/licenses/handed/{CAP}")
    assert "First reader: Cleo" in said
    assert "Second reader: Bob" in said


def test_who_comes_second_sees_both_readings_and_loses_nothing(browsing: Any) -> None:
    ada, bob = browsing("ada"), browsing("bob")
    for page, amount in ((ada, "100 million"), (bob, "90 million")):
        page.goto(f"/curate/contested/{CAP}")
        quote_cap(page)
        read_cap(page, amount=amount)
    hand_in(ada)

    bob.get_by_role("button", name="Publish").click()

    expect(bob.get_by_role("heading", level=1)).to_contain_text("somebody published a reading while you worked")
    expect(bob.get_by_role("region", name="Theirs, published")).to_contain_text("above 100M monthly users")
    expect(bob.get_by_role("region", name="Yours, a draft")).to_contain_text("above 90M monthly users")
    bob.get_by_role("button", name="Keep mine as a new reading").click()
    expect(bob.get_by_label("Amount")).to_have_value("90 million")
    hand_in(bob)
    assert "above 90M monthly users" in text_of(ada, f"/licenses/contested/{CAP}")


def test_a_clause_is_read_and_published_without_script(browsing: Any) -> None:
    ada = browsing("ada", java_script_enabled=False)
    ada.goto(f"/curate/plain/{CAP}")

    ada.get_by_label("Words to add").fill(CAP_WORDS)
    ada.get_by_role("button", name="Add the words").click()
    read_cap(ada)
    hand_in(ada)

    said = text_of(ada, f"/licenses/plain/{CAP}")
    assert CAP_WORDS in said
    assert "above 100M monthly users" in said
