"""docs/clauses.md is written from the registry and never stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from licenses.clauses import CLAUSES


def test_the_page_of_clauses_is_up_to_date():
    call_command("reference", "--check")


def test_a_stale_page_is_named_and_rewritten(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    page = tmp_path / "docs" / "clauses.md"
    page.parent.mkdir()
    page.write_text("An old page.")

    with pytest.raises(CommandError, match="is stale"):
        call_command("reference", "--check")
    assert page.read_text() == "An old page."

    call_command("reference")
    call_command("reference", "--check")


def test_every_kind_and_every_detail_is_explained():
    page = (Path(__file__).resolve().parents[2] / "docs" / "clauses.md").read_text()

    for kind in CLAUSES:
        assert f"`{kind.slug}`" in page
        assert kind.question in page
        assert kind.guidance in page
        assert all(f"`{field.name}`" in page for field in kind.payload)
