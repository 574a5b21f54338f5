"""One verdict in full, as a person meets it: nothing wider than the window, nothing for axe, everything by keyboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import expect

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
SCOUT = "/check/releases/llama-4/?commercial=yes&seat=DE&use=product&use=publish"
PAGES = [
    SCOUT,
    "/check/releases/llama-4/",
    "/check/releases/deepseek-r1-distill-llama-70b/?commercial=yes&use=publish&seat=ES",
    "/check/releases/krutrim-2-12b/?commercial=yes&use=product",
    "/check/releases/kimi-k2/?commercial=yes&use=product&product_revenue_month=60M&badge=no",
    "/check/licenses/mit/?commercial=no",
]


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_its_window_and_axe_finds_nothing(visit: Any, size: dict[str, int], theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    assert [[node["html"][:160] for node in one["nodes"][:3]] for one in undecided] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("document.querySelectorAll('*').length") <= 4_500


def test_the_verdict_and_the_clause_that_decided_stand_in_the_first_screen(visit: Any) -> None:
    page = visit(SCOUT)

    expect(page.locator("h1 .verdict")).to_be_in_viewport()
    expect(page.get_by_role("heading", name="What decided")).to_be_in_viewport()


def test_the_words_behind_a_duty_open_by_keyboard_and_lead_to_their_place(visit: Any) -> None:
    page = visit(SCOUT, java_script_enabled=False)
    words = page.locator(".vd-duties details").first

    words.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(words.locator("blockquote").first).to_be_visible()
    words.get_by_role("link", name="Llama 4 Community License").click()

    expect(page).to_have_url(re.compile(r"/licenses/llama-4/#\w+$"))


def test_what_would_change_it_changes_it(visit: Any) -> None:
    page = visit(SCOUT)

    page.get_by_role("link", name="With your seat outside the EU").click()

    expect(page.locator("h1")).to_have_text(re.compile("Llama 4: .*appears permitted with obligations"))
    page.go_back()
    expect(page.locator("h1")).to_have_text(re.compile("appears prohibited"))


def test_from_a_release_to_its_verdict(visit: Any) -> None:
    page = visit("/releases/llama-4/")

    page.get_by_role("main").get_by_role("link", name="May I use it?").click()
    page.get_by_role("link", name="A business with a product built on it").click()

    expect(page.locator("h1")).to_contain_text("Llama 4: ")


def test_every_target_can_be_hit_with_a_thumb(visit: Any) -> None:
    page = visit(SCOUT)
    page.evaluate(AXE)

    found = page.evaluate("axe.run({runOnly: ['target-size']})")

    assert [node["html"][:160] for one in found["violations"] for node in one["nodes"]] == []
