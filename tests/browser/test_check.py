# ruff: noqa: E501 - a row of the table is a line
"""May I use it, in Chromium: worked examples through the real form, and the page by keyboard, without script, to axe."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
GERMAN = "commercial=yes&use=product&organisation=company&seat=DE"
PAGES = [
    "/check/",
    f"/check/?{GERMAN}&users=800M",
    f"/check/?{GERMAN}&verdict=prohibited",
    f"/?{GERMAN}",
    f"/models/?{GERMAN}",
    "/check/?seat=XX&users=abc",
]
OPEN = "document.querySelectorAll('.chk-panel, .chk-panel details').forEach(one => one.open = true)"
DESK = [{"width": 1280, "height": 800}]

Answers = dict[str, str | list[str]]
COMPANY: Answers = {"Is it for a business, or for money?": ["Yes"], "Who are you?": "A company"}
STUDENT: Answers = {"Will you train another model on its outputs?": ["Yes, a language model of our own"]}
USE = "What will you do with it?"
PRODUCT = "Build it into a product or service"
#: number, what is answered at each visit of the form, the row, its verdict, words of why
EXAMPLES: list[tuple[str, list[Answers], str, str, str]] = [
    ("1", [COMPANY | {"Where are you based?": "Germany", USE: ["Offer it as an API for others", "Publish a model made from it"]}], "Qwen3 (dense)", "with obligations", ""),
    ("2", [COMPANY | {"Where are you based?": "Germany", USE: [PRODUCT]}], "Llama 4", "prohibited", "seat is there (DE)"),
    ("3", [{"Is it for a business, or for money?": ["Yes"], "Where are you based?": "Germany", "Do you only use somebody else’s product?": ["Yes, the model is inside it"]}], "Llama 4", "permitted", ""),
    ("5", [COMPANY | {"Where are you based?": "United States", USE: [PRODUCT], "Monthly users today": "900M"}, {"Monthly users in March 2025": "800M"}], "Llama 4", "needs a license", "700 million monthly users"),
    ("8", [{"Is it for a business, or for money?": ["Yes"], USE: [PRODUCT]}, {"Revenue of the product, a month": "60M", "Can you show a badge or a name?": ["No"]}], "Kimi K2", "needs a license", "which you cannot"),
    ("10", [COMPANY | {"Where are you based?": "France", "Where is it used?": "France", USE: ["Sell its outputs"]}], "Hunyuan-A13B", "prohibited", "(FR)"),
    ("13", [COMPANY | {"Revenue a year": "10.0M"}], "LFM2 8B-A1B", "needs a license", "10 million USD"),
    ("16", [STUDENT, {"That other model…": ["will be published"]}], "Llama 3", "prohibited", "train other models"),
    ("26", [{"Who are you?": "A university", "Is it for one of these?": ["Military"]}], "Llama 3.3", "prohibited", "military"),
]  # fmt: skip


def fill(page: Page, answers: Answers) -> None:
    """As a person does: open the form, answer each question by its words, press the button."""
    panel = page.locator(".chk-panel")
    if panel.get_attribute("open") is None:
        panel.locator("> summary").click()
    for question, answer in answers.items():
        if isinstance(answer, list):
            group = panel.get_by_role("group", name=question)
            for closed in group.locator("details:not([open]) > summary").all():
                closed.click()
            for one in answer:
                group.get_by_label(one, exact=True).check()
            continue
        field = panel.get_by_label(question, exact=True).or_(panel.get_by_label(f"{question} Add a place"))
        field.select_option(answer) if field.evaluate("one => one.tagName") == "SELECT" else field.fill(answer)
    panel.get_by_role("button", name="Show what I may use").click()
    page.wait_for_load_state("load")


def row(page: Page, name: str) -> Any:
    return page.locator("table.compare tbody tr").filter(has=page.get_by_role("link", name=name, exact=True))


@pytest.mark.parametrize("size", DESK, ids=["desk"])
@pytest.mark.parametrize(("number", "visits", "name", "verdict", "why"), EXAMPLES, ids=[one[0] for one in EXAMPLES])
def test_a_worked_example(visit: Any, number: str, visits: list[Answers], name: str, verdict: str, why: str) -> None:
    page = visit("/check/")

    for answers in visits:
        fill(page, answers)
    page.get_by_label("Search").fill(name)
    page.wait_for_url(re.compile("q="))

    found = row(page, name)
    found.wait_for()
    assert found.locator(".c-verdict").inner_text().split("\n")[-1].strip() == verdict
    assert why in found.locator(".c-catch").inner_text()
    assert not re.search(r"=(&|$)", page.url)


def test_a_form_works_without_script(visit: Any) -> None:
    page = visit("/check/?q=llama-4", java_script_enabled=False)

    fill(page, {"Is it for a business, or for money?": ["Yes"]} | {"Where are you based?": "Germany", USE: [PRODUCT]})

    assert row(page, "Llama 4").locator(".c-verdict").inner_text() == "prohibited"
    assert "seat=DE" in page.url
    page.get_by_role("link", name="seat in Germany, take this answer back").click()
    assert "seat=" not in page.url
    assert row(page, "Llama 4").locator(".c-verdict").inner_text() == "with obligations"


@pytest.mark.parametrize("size", DESK, ids=["desk"])
def test_a_filter_keeps_the_profile_and_the_form_keeps_the_filter(visit: Any) -> None:
    page = visit(f"/check/?{GERMAN}")

    page.get_by_label("Search").fill("llama")
    page.wait_for_url(re.compile("q=llama"))
    fill(page, {"Where are you based?": "United States"})

    assert "q=llama" in page.url
    assert "seat=US" in page.url
    assert page.locator("#q").input_value() == "llama"


@pytest.mark.parametrize("size", DESK, ids=["desk"])
def test_the_form_is_answered_by_keyboard_alone(visit: Any) -> None:
    page = visit("/check/")
    focus = "document.activeElement.id || document.activeElement.textContent.trim()"

    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate(focus) == "p-commercial-yes":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("commercial=yes"))

    assert page.url.endswith("/check/?commercial=yes")
    assert page.locator(".chk-group").count() >= 1


@pytest.mark.parametrize("size", DESK, ids=["desk"])
def test_rows_are_few_tabs_away_once_there_are_answers(visit: Any) -> None:
    page = visit(f"/check/?{GERMAN}")
    reached = []
    for _ in range(36):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.closest('tr')?.tagName || ''")
        )

    assert "q" in reached[:8], reached
    assert "TR" in reached, reached


@pytest.mark.parametrize("size", DESK, ids=["desk"])
def test_one_step_back_undoes_one_answer(visit: Any) -> None:
    page = visit("/check/")
    fill(page, COMPANY)
    fill(page, {USE: [PRODUCT]})

    page.go_back(wait_until="load")

    assert "use=" not in page.url
    assert "organisation=company" in page.url


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Any, theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate(OPEN)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    assert [[node["html"][:160] for node in one["nodes"][:3]] for one in undecided] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_window_nor_too_small(visit: Any, size: dict[str, int], path: str) -> None:
    page = visit(path)
    page.evaluate(OPEN)
    narrow = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, .chip, .verdict, .chk-option, .chk-question input')]
            .filter(one => one.checkVisibility() && !one.closest('.chk-option input')).map(one => [one.getBoundingClientRect(), one])
            .filter(([box, one]) => box.height && box.height < 24 && !one.matches('.chk-option input'))
            .map(([, one]) => one.outerHTML.slice(0, 120))"""
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert narrow == []


def test_rows_come_soon_and_the_page_is_light(site: str, visit: Any, size: dict[str, int]) -> None:
    page = visit("about:blank")
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(f"{site}/check/?{GERMAN}", wait_until="networkidle")

    rows = page.evaluate(
        "[...document.querySelectorAll('table.compare tbody tr')].map(row => row.getBoundingClientRect().toJSON())"
    )
    weight = sum(request.sizes()["responseBodySize"] for request in asked)

    assert rows[0]["top"] <= (420 if size["width"] < 600 else 300)
    assert max(row["height"] for row in rows) <= (150 if size["width"] < 600 else 90)
    assert weight <= 50_000
    assert len(asked) <= 10
    assert page.evaluate("document.querySelectorAll('*').length") <= 4_500
