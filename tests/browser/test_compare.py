"""What a person does with the table, in real Chromium."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

LLAMA_4_CAP = "td.cell a[href='/licenses/llama-4/clauses/mau_cap/']"


def names(page: Page) -> list[str]:
    return [name.strip() for name in page.locator("tbody th a").all_inner_texts()]


def every_name(page: Page) -> set[str]:
    """The rows of this page and of those after it."""
    found = set(names(page))
    while page.get_by_role("link", name="Next page").count():
        page.get_by_role("link", name="Next page").click()
        page.wait_for_load_state()
        found |= set(names(page))
    return found


def test_a_preset_shows_who_has_no_user_cap(visit: Any) -> None:
    page = visit("/")

    page.get_by_role("link", name="No user cap", exact=True).click()

    expect(page).to_have_url("/?mau_cap=no")
    expect(page.locator("#sentence")).to_have_text(re.compile(r"^\d+ models with no user cap$"))
    found = every_name(page)
    assert {"Qwen3 (dense)", "DeepSeek-R1", "Kimi K2"} <= found
    assert not {"Llama 4", "Kimi K2.6", "Qwen2.5 72B Instruct"} & found


def test_the_same_rows_come_without_script(visit: Any) -> None:
    query = "/?mau_cap=no&branding_required!=partly&sort=name"

    with_script, without = visit(query), visit(query, java_script_enabled=False)

    assert names(with_script) == names(without)
    assert len(names(without)) > 5


def test_without_script_the_form_filters_and_the_proof_opens(visit: Any) -> None:
    page = visit("/?q=kimi", java_script_enabled=False)

    page.locator("#panel > summary").click()
    page.locator("#f-mau_cap-no").check()
    page.locator("#show").click()
    assert "mau_cap=no" in page.url
    assert "Kimi K2" in names(page)

    page.locator("td.cell a[href='/licenses/kimi-k2-modified-mit/clauses/branding_required/']").first.click()
    expect(page).to_have_url("/licenses/kimi-k2-modified-mit/clauses/branding_required/")
    expect(page.locator("main")).to_contain_text("prominently display")


def test_a_filter_works_in_place_and_back_undoes_it(visit: Any) -> None:
    page = visit("/")
    everything, sentence = names(page), page.locator("#sentence").inner_text()
    page.evaluate("window.same = true")
    page.locator("#panel > summary").click()

    page.locator("#f-mau_cap-no").check()
    expect(page.locator("#sentence")).to_contain_text("with no user cap")
    expect(page.locator("#show")).to_have_text(re.compile(r"^Show \d+ models$"))
    without_cap = page.locator("#sentence").inner_text()
    page.locator("#n-branding_required-partly").check()
    expect(page).to_have_url(re.compile(r"/\?mau_cap=no&branding_required(!|%21)=partly$"))

    assert page.evaluate("window.same")
    assert page.title().startswith("Models with no user cap and badge or brand read as other than partly")
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(without_cap)
    page.go_back()
    expect(page.locator("#sentence")).to_have_text(sentence)
    assert names(page) == everything


def test_search_finds_while_typing_and_keeps_the_cursor(visit: Any) -> None:
    page = visit("/")

    page.locator("#q").press_sequentially("llama 3", delay=20)

    expect(page.locator("#sentence")).to_contain_text("matching “llama 3”")
    expect(page).to_have_url(re.compile(r"/\?q=llama(\+|%20)3$"))
    assert page.evaluate("document.activeElement.id") == "q"
    assert all(re.search("(?i)llama.3", row) for row in page.locator("tbody tr").all_inner_texts())
    assert "Llama 3.1" in names(page)


def test_a_proof_opens_by_click_and_by_keyboard_and_closes_by_escape(visit: Any) -> None:
    page = visit("/?q=llama+4")
    cell, proof = page.locator(LLAMA_4_CAP).first, page.locator("#proof")

    cell.click()
    expect(proof).to_be_visible()
    expect(proof).to_contain_text("greater than 700 million monthly active users")
    page.keyboard.press("Escape")
    expect(proof).to_be_hidden()
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    expect(proof).to_be_visible()

    box = proof.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= page.viewport_size["height"]


def test_the_proof_leads_to_its_place_on_the_license_page(visit: Any) -> None:
    page = visit("/?q=llama+4")
    page.locator(LLAMA_4_CAP).first.click()

    page.locator("#proof").get_by_role("link", name="Llama 4 Community License").click()

    expect(page).to_have_url("/licenses/llama-4/#mau_cap")
    expect(page.locator("#mau_cap")).to_be_in_viewport()


def test_the_catch_opens_whole(visit: Any) -> None:
    page = visit("/?q=llama+4")
    catch = page.locator(".c-catch summary").first
    folded = catch.bounding_box()["height"]

    catch.click()

    assert catch.bounding_box()["height"] > folded


def test_a_chip_takes_its_filter_away(visit: Any) -> None:
    page = visit("/?mau_cap=no&kind=standard")

    page.get_by_role("link", name="no user cap, remove this filter").click()

    expect(page).to_have_url("/?kind=standard")


def test_counts_behind_more_kinds_are_right_when_they_are_seen(visit: Any) -> None:
    page = visit("/")
    page.locator("#panel > summary").click()
    page.locator("#f-mau_cap-no").check()
    expect(page.locator("#sentence")).to_contain_text("with no user cap")
    total = int(page.locator("#sentence b").inner_text().split()[0])

    with page.expect_response("**/?*mau_cap=no*"):
        page.locator("#more > summary").click()
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")

    options = page.locator("#more-facets .option", has=page.locator("[name=patent_retaliation]"))
    expect(page.locator("#more-facets")).to_contain_text("Retaliation")
    counts = {words.split()[0]: int(re.findall(r"\d+", words)[0]) for words in options.all_inner_texts()}
    answers = ("yes", "partly", "no", "unread")
    assert sum(counts.get(answer, 0) for answer in answers) == total, counts


def test_a_tick_among_more_kinds_keeps_the_focus(visit: Any) -> None:
    page = visit("/")
    page.locator("#panel > summary").click()
    page.locator("#more > summary").click()
    box = page.locator("#more-facets input").nth(3)
    name = box.get_attribute("id")

    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"\?."))

    expect(page.locator(f"[id='{name}']")).to_be_focused()
    expect(page.locator("#more")).to_have_attribute("open", "")


def test_the_sheet_closes_by_escape_and_gives_the_focus_back(visit: Any) -> None:
    page = visit("/")
    page.locator("#panel > summary").click()
    page.locator("#more > summary").click()
    page.locator("#f-indemnity-no, #f-indemnity-silent").first.check()
    expect(page.locator("#sentence")).to_contain_text("indemnity")
    expect(page.locator("#more")).to_have_attribute("open", "")

    page.keyboard.press("Escape")

    expect(page.locator(".sheet")).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('#panel') !== null")


@pytest.mark.parametrize("first", ["light", "dark"])
def test_the_theme_follows_the_system_until_it_is_switched_and_then_remembers(visit: Any, first: str) -> None:
    page = visit("/", color_scheme=first)
    ground = "() => getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)

    page.locator("#theme").click()
    after = page.evaluate(ground)
    page.reload()

    assert before != after
    assert page.evaluate(ground) == after


def test_no_page_asks_anyone_else_or_breaks_its_own_policy(visit: Any, site: str) -> None:
    page = visit("about:blank")
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    for path in (
        "/",
        "/?mau_cap=no",
        "/licenses/",
        "/licenses/llama-4/",
        "/releases/kimi-k2/",
        "/models/",
        "/clauses/",
    ):
        page.goto(site + path, wait_until="networkidle")

    assert {url.split("/")[2] for url in asked} == {site.split("/")[2]}
    assert complaints == []


def test_print_holds_the_rows(visit: Any) -> None:
    page = visit("/")
    page.emulate_media(media="print")

    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.locator("#filters")).to_be_hidden()


def test_the_matrix_filters_in_place_and_opens_its_proofs(visit: Any) -> None:
    page = visit("/licenses/?family=llama")

    page.get_by_role("link", name="No badge", exact=True).click()
    expect(page).to_have_url("/licenses/?family=llama&branding_required=no")
    assert "Llama 2 Community License" in names(page)
    assert "Llama 4 Community License" not in names(page)
    page.locator("td.cell a[href='/licenses/llama-2/clauses/mau_cap/']").click()

    expect(page.locator("#proof")).to_contain_text("700 million")


def test_a_license_page_goes_back_in_time(visit: Any) -> None:
    page = visit("/licenses/flux-1-dev-nc/")

    page.get_by_label("As of").fill("2025-06-26")
    page.get_by_role("button", name="Show that day").click()

    expect(page).to_have_url("/licenses/flux-1-dev-nc/?as_of=2025-06-26")
    expect(page.locator(".warning")).to_contain_text("As the words stood on 2025-06-26")
    page.get_by_role("link", name="See the license as it stands today").click()
    expect(page).to_have_url("/licenses/flux-1-dev-nc/")
