"""How soon a person sees the table and the filtered rows, beside the budgets; `make bench` prints it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.test_look import PAINT, SWITCH

BUDGETS = {("largest paint", 1): 300, ("largest paint", 4): 900, ("filter to rows", 1): 100, ("filter to rows", 4): 250}


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}], indirect=False)
def test_the_table_comes_soon(visit: Any, size: dict[str, int]) -> None:
    page = visit("/")
    session = page.context.new_cdp_session(page)
    taken = {}
    for slower in (1, 4):
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        paints = []
        for _ in range(8):
            page.reload(wait_until="load")
            paints.append(page.evaluate(PAINT))
        taken["largest paint", slower] = min(paints)
        taken["filter to rows", slower] = min(page.evaluate(SWITCH) for _ in range(10))

    print(f"\n{'what':<18}{'CPU':>8}{'ms':>8}{'budget':>8}{'ratio':>8}")
    for (what, slower), budget in BUDGETS.items():
        ms = taken[what, slower]
        print(f"{what:<18}{f'1/{slower}':>8}{ms:>8.0f}{budget:>8}{ms / budget:>8.2f}")
        assert ms < 2 * budget
