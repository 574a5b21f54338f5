"""The duty sheet in real Chromium: exact words to the clipboard, a checklist, and all of it without script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_look import AXE

SHEET = "/releases/llama-3.3/duties/"
PLANS = f"{SHEET}?commercial=yes&use=product&use=publish"


def test_the_exact_words_go_to_the_clipboard_and_that_is_said(visit: Any) -> None:
    page = visit(SHEET, permissions=["clipboard-read", "clipboard-write"])
    beside = page.locator(".duty-words", has=page.locator("q.exact", has_text="Built with Llama")).first

    beside.get_by_role("button", name="Copy “Built with Llama”").click()

    expect(page.locator("#copied")).to_have_text("Copied: Built with Llama")
    assert page.evaluate("navigator.clipboard.readText()") == "Built with Llama"


def test_where_the_clipboard_is_closed_the_words_are_marked(visit: Any) -> None:
    page = visit("about:blank")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(SHEET)

    page.get_by_role("button", name="Copy “Built with Llama”").first.press("Enter")

    expect(page.locator("#copied")).to_contain_text("marked")
    assert page.evaluate("getSelection().toString()") == "Built with Llama"


def test_without_script_there_is_no_button_and_the_words_can_be_marked(visit: Any) -> None:
    page = visit(SHEET, java_script_enabled=False)

    expect(page.locator(".duty-copy").first).to_be_hidden()
    expect(page.locator("q.exact", has_text="Built with Llama").first).to_be_visible()
    page.get_by_role("link", name="plain text").wait_for()


def test_a_duty_is_ticked_by_keyboard(visit: Any) -> None:
    page = visit(PLANS)
    box = page.get_by_role("checkbox", name="Let the name of your model begin with “Llama”")

    box.focus()
    page.keyboard.press("Space")

    expect(box).to_be_checked()


def test_the_plain_text_is_a_file(visit: Any) -> None:
    page = visit(PLANS)

    with page.expect_download() as told:
        page.get_by_role("link", name="plain text").click()

    assert told.value.suggested_filename.startswith("duties-llama-3.3-")
    assert told.value.suggested_filename.endswith(".txt")
    stated = page.locator("#hash + .duty-words .exact").inner_text()
    assert stated in told.value.path().read_text()


@pytest.mark.parametrize("path", [SHEET, PLANS, "/releases/qwen2.5-72b/duties/"])
def test_axe_finds_nothing_on_a_sheet(visit: Any, theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.parametrize("path", [SHEET, PLANS, "/releases/deepseek-r1-distill-llama-70b/duties/"])
def test_a_sheet_keeps_to_the_window_and_its_targets_are_large(visit: Any, size: dict[str, int], path: str) -> None:
    page = visit(path)

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    heights = (
        "[...document.querySelectorAll('.duty-copy, .duty-must label')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(page.evaluate(heights)) >= 24
    assert page.evaluate("document.querySelectorAll('*').length") <= 4500


def test_print_holds_the_duties_and_no_buttons(visit: Any) -> None:
    page = visit(PLANS)
    page.emulate_media(media="print")

    expect(page.locator(".duty-must").first).to_be_visible()
    expect(page.locator(".duty-copy").first).to_be_hidden()


def test_it_breaks_no_policy_of_its_own(visit: Any, site: str) -> None:
    page = visit("about:blank")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(site + PLANS, wait_until="networkidle")

    assert complaints == []
