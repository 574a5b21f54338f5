"""Side by side as a person does it: with the keyboard, at a desk and on a phone, on screen and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_look import AXE

TWO = "/compare/?with=llama-4&with=kimi-k2"
SIX = f"{TWO}&with=qwen3-dense&with=gemma-3&with=deepseek-r1-distill-llama-70b&with=licenses/hunyuan-a13b"
PROFILE = "commercial=yes&use=product&seat=DE"
PAGES = ["/compare/", "/compare/?with=llama-4&add=qwen", TWO, f"{SIX}&{PROFILE}", f"{TWO}&quotes=open"]


def columns(page: Page) -> list[str]:
    return page.locator("thead .sbs-name").all_inner_texts()


def lines(page: Page) -> int:
    return page.locator("tbody tr[id]").count()


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_its_window_and_axe_finds_nothing(visit: Any, size: dict[str, int], theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    assert [one["nodes"][0]["html"][:160] for one in found["incomplete"] if one["id"] == "color-contrast"] == []


def test_one_is_added_and_removed_with_the_keyboard(visit: Any) -> None:
    page = visit(TWO)

    page.get_by_role("searchbox", name="Add").focus()
    page.keyboard.type("qwen3-dense")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"with=llama-4&with=kimi-k2&with=qwen3-dense#grid$"))
    assert columns(page) == ["Llama 4", "Kimi K2", "Qwen3 (dense)"]

    page.get_by_role("link", name="Remove Kimi K2").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"with=llama-4&with=qwen3-dense#grid$"))
    assert columns(page) == ["Llama 4", "Qwen3 (dense)"]


def test_a_word_leads_to_one_that_is_meant(visit: Any) -> None:
    page = visit(TWO)

    page.get_by_role("searchbox", name="Add").fill("gemma 3")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Add Gemma 3", exact=True).click()

    assert columns(page) == ["Llama 4", "Kimi K2", "Gemma 3"]


def test_only_what_differs_and_back(visit: Any) -> None:
    page = visit(TWO)
    differing = int(page.locator(".sentence b").inner_text())
    assert lines(page) == 35

    page.get_by_role("link", name="Only what differs").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"rows=differing#grid$"))
    assert lines(page) == differing < 35
    assert page.locator("tr[id] .sbs-differs").count() == differing

    page.go_back()
    assert lines(page) == 35


def test_an_answer_opens_its_words_by_the_keyboard_and_they_lead_to_their_place(visit: Any) -> None:
    page = visit(TWO)
    answer = page.locator("#mau_cap td").first.locator("summary")

    answer.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#mau_cap td").first.locator("blockquote").first).to_be_visible()
    assert page.locator("#branding_required blockquote").first.is_hidden()


def test_the_head_and_the_first_column_stay_in_the_one_box_that_scrolls(visit: Any) -> None:
    page = visit(SIX)
    box = page.locator(".sbs-box")

    box.evaluate("box => box.scrollTo(300, 900)")
    place, head = box.bounding_box(), page.locator("thead").locator("th").nth(4).bounding_box()
    first = page.locator("#mau_cap th").bounding_box()

    assert place is not None
    assert head is not None
    assert first is not None
    assert head["y"] == pytest.approx(place["y"], abs=2)
    assert first["x"] == pytest.approx(place["x"], abs=2)
    assert page.evaluate("scrollX") == 0


def test_what_has_the_focus_is_never_behind_the_head(visit: Any) -> None:
    page = visit(SIX)

    page.locator(".sbs-box").evaluate("box => box.scrollTo(600, 3000)")
    page.locator("#mau_cap td summary").first.focus()
    page.keyboard.press("Shift+Tab")
    focused = page.evaluate("document.activeElement.getBoundingClientRect().top")

    assert focused >= page.locator("thead th").first.evaluate("head => head.getBoundingClientRect().bottom") - 2


def test_it_works_without_script(visit: Any) -> None:
    page = visit(TWO, java_script_enabled=False)

    page.get_by_role("searchbox", name="Add").fill("llama-3")
    page.get_by_role("button", name="Add").click()

    assert columns(page) == ["Llama 4", "Kimi K2", "Llama 3"]


def test_on_paper_stands_the_whole_table_and_no_control(visit: Any, size: dict[str, int]) -> None:
    page = visit(SIX)
    page.emulate_media(media="print")

    assert page.locator("#mau_cap blockquote").first.is_visible()
    assert page.locator(".sbs-bar").is_hidden()
    assert page.locator(".sbs-remove").first.is_hidden()
    assert page.locator(".sbs-box").evaluate("box => box.scrollHeight <= box.clientHeight + 1")
    if size["width"] > 600:
        assert page.locator(".sbs-box").evaluate("box => box.scrollWidth <= box.clientWidth + 1")


def test_the_table_leads_here_and_on_a_phone_the_page_of_a_release(visit: Any, size: dict[str, int]) -> None:
    page = visit("/?q=llama 4" if size["width"] > 600 else "/releases/llama-4/")
    name = "Compare Llama 4" if size["width"] > 600 else "Compare it with others"

    page.get_by_role("link", name=name, exact=True).click()

    expect(page).to_have_url("/compare/?with=llama-4")
    expect(page.get_by_role("link", name="Remove Llama 4")).to_be_visible()
