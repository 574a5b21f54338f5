"""The pages of texts and their differences, as they look: nothing wider than the window, nothing for axe to find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from licenses.models import Document, License, Quote
from tests.browser.test_look import AXE
from tests.factories import NOW, make_license, make_model, make_revision

MOVED = "You must keep every notice that you find in the model, and pass this text on with each copy."
OLD = f"""# ACME LICENSE

1. Grant. You may use, copy and change the model for any lawful purpose, here and elsewhere.

2. Notices. {MOVED}

3. Users. Above 700 million users a month you must ask us first, and we may say no to you, as the terms at
https://acme.example/{"terms/" * 30} say.

النص العربي لهذه الرخصة"""
NEW = OLD.replace("700", "100").replace(f"2. Notices. {MOVED}\n\n", "") + f"\n\n9. Notices. {MOVED}\n\nNo warranty."
TEXT = "/licenses/acme/text/agreement/"
MODEL_TEXT = "/models/acme/tiny/text/license/"
PAGES = [
    TEXT,
    f"{TEXT}diff/",
    f"{TEXT}diff/?view=inline",
    "/licenses/bare/text/agreement/",
    "/licenses/bare/text/agreement/diff/",
    "/models/acme/tiny/",
    MODEL_TEXT,
    f"{MODEL_TEXT}diff/?with=acme",
]


@pytest.fixture(scope="module")
def site(web: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), transaction.atomic():
        make_license("Bare")
        document = make_license("Acme", mau_cap={"answer": "yes", "quote": "you must ask us first"}).documents.get()
        make_revision(document, OLD, effective_on=date(2024, 5, 1))
        Quote.objects.update(state="moved")
        License.objects.filter(slug="acme").update(kind="standard")
        make_revision(document, NEW, effective_on=date(2025, 5, 1))
        file = Document.objects.create(
            model=make_model("acme/tiny", license=document.license), key="license", role="agreement",
            title="a-long/path-without-a-blank/" * 5 + "LICENSE",
        )  # fmt: skip
        make_revision(file, NEW, first_seen_at=NOW)
        make_revision(file, NEW + "\n\nAs Acme is kind, " + "very " * 12 + "kind, ask for more.", first_seen_at=NOW)
    yield web
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.mark.parametrize("path", PAGES)
def test_a_text_fits_its_window_and_axe_finds_nothing(visit: Any, size: dict[str, int], theme: str, path: str) -> None:
    page = visit(path, color_scheme=theme)
    page.evaluate(AXE)

    found = page.evaluate("axe.run()")

    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []
    assert [one["nodes"][0]["html"][:160] for one in found["incomplete"] if one["id"] == "color-contrast"] == []


def test_the_sentences_that_differ_fold_out(visit: Any, size: dict[str, int]) -> None:
    page = visit(MODEL_TEXT)

    page.get_by_text("The sentences that differ").click()

    assert page.locator("details li").locator("visible=true").all_inner_texts()[0].startswith("As Acme is kind")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_quote_is_found_in_the_text_by_its_address(visit: Any) -> None:
    page = visit(f"{TEXT}#q-mau_cap-1")

    assert page.locator("mark:target").inner_text() == "you must ask us first"


def test_what_changed_stands_once_on_a_phone_and_twice_at_a_desk(visit: Any, size: dict[str, int]) -> None:
    page = visit(f"{TEXT}diff/")

    shown = page.get_by_text("million users a month").locator("visible=true").count()

    assert shown == (1 if size["width"] < 600 else 2)


def test_a_moved_paragraph_leads_to_its_other_place(visit: Any) -> None:
    page = visit(f"{TEXT}diff/")

    page.get_by_role("link", name="where it went, below").click()

    assert "moved here" in page.locator(".row:target").inner_text()
