"""Nothing that people rely on is undocumented, and no link in the docs is broken."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import get_commands

HERE = Path(__file__).resolve().parent.parent
PAGES = [HERE / "README.md", HERE / "CONTRIBUTING.md", *sorted((HERE / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(HERE)))
def test_links_between_pages_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_setting_is_documented() -> None:
    settings = (HERE / "openness" / "settings.py").read_text()
    names = set(re.findall(r"(?:text|flag|number|choice|words)\(\s*\"([A-Z_]+)\"", settings))

    described = (HERE / "docs" / "running.md").read_text()

    assert {"SECRET_KEY", "DATABASE_URL", "HF_ENDPOINT"} <= names
    assert [name for name in sorted(names) if f"`{name}`" not in described] == []


def test_every_command_of_ours_is_documented() -> None:
    ours = {name for name, app in get_commands().items() if app in ("openness", "licenses", "ingest")}
    pages = "".join(page.read_text() for page in PAGES)

    assert [name for name in sorted(ours) if f"manage.py {name}" not in pages] == []


def test_every_make_verb_of_the_docs_exists() -> None:
    verbs = set(re.findall(r"^([a-z]+):", (HERE / "Makefile").read_text(), re.M))
    named = {verb for page in PAGES for verb in re.findall(r"`make ([a-z]+)", page.read_text())}

    assert named <= verbs


def test_dependencies_have_their_reason_beside_them() -> None:
    lines = (HERE / "pyproject.toml").read_text().split("dependencies = [")[1].split("[tool")[0].splitlines()
    bare = [
        line.strip()
        for before, line in pairwise(lines)
        if line.strip().startswith('"') and not before.strip().startswith(("#", '"'))
    ]

    assert bare == []


def test_requirements_are_hashed_and_name_no_address() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-old-python.txt"):
        text = (HERE / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
