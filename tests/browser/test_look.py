"""The measures of the table page, taken in Chromium: at a desk's and a phone's size, light and dark."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Page

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
PAGES = [
    "/",
    "/?mau_cap=no",
    "/licenses/",
    "/licenses/?family=llama&mau_cap=yes",
    "/licenses/llama-4/",
    "/licenses/flux-1-dev-nc/?as_of=2025-06-26",
    "/releases/deepseek-r1-distill-llama-70b/",
    "/publishers/meta/",
    "/clauses/",
    "/models/",
    "/changes/",
    "/changes/?direction=tighter&mau_cap=yes",
    "/?mau_cap=maybe",
]

ROWS = """() => [...document.querySelectorAll('table.compare tbody tr')].map(row => {
    const box = row.getBoundingClientRect(); return {top: box.top, bottom: box.bottom, height: box.height} })"""


PAINT = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
        .observe({type: 'largest-contentful-paint', buffered: true}))"""

SWITCH = """() => new Promise(done => {
        const started = performance.now(), input = document.querySelector('#f-mau_cap-no');
        addEventListener('htmx:afterSettle', () => done(performance.now() - started), {once: true});
        input.click() })"""


def on_phone(size: dict[str, int]) -> bool:
    return size["width"] < 600


def test_rows_come_first(visit: Any, size: dict[str, int]) -> None:
    rows = visit("/").evaluate(ROWS)
    whole = [row for row in rows if row["bottom"] <= size["height"]]

    assert rows[0]["top"] <= (330 if on_phone(size) else 260)
    assert len(whole) >= (4 if on_phone(size) else 12)
    if on_phone(size):
        assert max(row["height"] for row in rows) <= 140
    else:
        assert min(row["height"] for row in rows) >= 36
        assert statistics.median(row["height"] for row in rows) <= 48


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_the_window(visit: Any, size: dict[str, int], path: str) -> None:
    assert visit(path).evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Any, theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    undecided = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    assert [[node["html"][:160] for node in one["nodes"][:3]] for one in undecided] == []


def test_axe_finds_nothing_in_what_opens(visit: Any, theme: str) -> None:
    page = visit("/?mau_cap=yes", color_scheme=theme)
    page.locator("#panel > summary").click()
    page.locator("#more > summary").click()
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []


@pytest.mark.parametrize(
    "path", ["/", "/?page=2", "/?page=3", "/?page=4", "/licenses/", "/licenses/?family=llama", "/clauses/", "/changes/"]
)
def test_a_full_page_is_light(site: str, visit: Any, path: str) -> None:
    page = visit("about:blank")
    asked: list[Any] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(site + path, wait_until="networkidle")

    sizes = {request.url: request.sizes()["responseBodySize"] for request in asked}
    scripts = sum(size for url, size in sizes.items() if url.endswith(".js"))

    if "page" in path or path == "/":
        assert len(page.evaluate(ROWS)) == 50
    assert sum(sizes.values()) <= 50_000, sizes
    assert scripts <= 25_000, sizes
    assert len(asked) <= 10
    assert {url.split("/")[2] for url in sizes} == {site.split("/")[2]}
    assert page.evaluate("document.querySelectorAll('*').length") <= 4_500


def test_nothing_jumps_while_it_loads(visit: Any) -> None:
    page = visit("/")
    shift = page.evaluate(
        """() => new Promise(done => { let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(one => sum += one.value))
            .observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(sum), 300) })"""
    )

    assert shift == 0


#: The budgets themselves are held by `make bench`; here only what is grossly slower fails, as the machine that runs
#: the tests has other work as well.
GRACE = 4


@pytest.mark.parametrize(("slower", "budget"), [(1, 300), (4, 900)])
def test_the_largest_paint_comes_soon(visit: Any, slower: int, budget: int) -> None:
    page = visit("/")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})

    times = []
    for _ in range(3):
        page.reload(wait_until="load")
        times.append(page.evaluate(PAINT))

    assert min(times) < GRACE * budget, times


@pytest.mark.parametrize(("slower", "budget"), [(1, 100), (4, 250)])
def test_a_filter_answers_at_once(visit: Any, slower: int, budget: int) -> None:
    page = visit("/")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})

    times = [page.evaluate(SWITCH) for _ in range(4)]

    assert min(times) < GRACE * budget, times


def test_search_and_rows_are_few_tabs_away(visit: Any) -> None:
    page: Page = visit("/")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.id || document.activeElement.closest('tr')?.tagName || ''")
        )

    assert "q" in reached[:5], reached
    assert "TR" in reached, reached


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}], ids=["desk"])
def test_heads_stay_and_are_solid(visit: Any, size: dict[str, int]) -> None:
    page = visit("/")
    page.evaluate("scrollTo(0, 1400)")

    head = page.locator("thead th").first
    ground = head.evaluate("one => getComputedStyle(one).backgroundColor")

    assert head.bounding_box()["y"] == 0
    assert "rgba" not in ground


@pytest.mark.parametrize("path", ["/?mau_cap=no", "/licenses/?family=llama", "/licenses/yi-series/"])
def test_nothing_is_too_small_to_read_or_to_hit(visit: Any, path: str) -> None:
    page = visit(path)
    if page.locator("#panel").count():
        page.locator("#panel > summary").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(one => one.checkVisibility()
            && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim())
            && parseFloat(getComputedStyle(one).fontSize) < 12).map(one => one.outerHTML.slice(0, 120))"""
    )
    narrow = page.evaluate(
        """() => [...document.querySelectorAll('button, select, summary, .preset, .chip, .option label')]
            .filter(one => one.checkVisibility()).map(one => [one.getBoundingClientRect(), one])
            .filter(([box]) => box.height && box.height < 24).map(([, one]) => one.outerHTML.slice(0, 120))"""
    )

    assert small == []
    assert narrow == []


def test_zoom_is_never_blocked(visit: Any) -> None:
    viewport = visit("/").locator("meta[name=viewport]").get_attribute("content")

    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport
