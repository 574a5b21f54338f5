"""What we ship: every file in order, every quote to the letter, every size as the texts have it."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from licenses.catalogue import BUNDLED, check, read_catalogue
from licenses.catalogue.clause_schema import THRESHOLD
from licenses.catalogue.history import Dated
from licenses.clauses import CLAUSES, CORE, KIND

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
TEXTS = SHARED / "data" / "license-texts"
NOTES = Path(__file__).resolve().parents[2] / "docs" / "catalogue-notes.md"

needs_texts = pytest.mark.skipif(not TEXTS.is_dir(), reason="the license texts are not beside the project")


@pytest.fixture(scope="module")
def bundled() -> Any:
    return read_catalogue(BUNDLED)[0]


def readings(bundled: Any) -> Iterator[tuple[str, str, date | None, Dated]]:
    for slug, license in bundled.licenses.items():
        for (kind, until), dated in license["readings"].items():
            yield slug, kind, until, dated


def test_nothing_is_wrong_with_it() -> None:
    assert [str(problem) for problem in check(BUNDLED)] == []


def test_the_command_counts_what_is_in_it() -> None:
    said = StringIO()

    call_command("catalogue", "check", stdout=said)

    assert "% unread of core kinds" in said.getvalue()


def test_it_holds_the_field(bundled: Any) -> None:
    read = [license for license in bundled.licenses.values() if license["readings"]]
    today = [(slug, kind) for slug, kind, until, _ in readings(bundled) if until is None]
    core = sum(KIND[kind].core for _, kind in today)

    assert len(read) >= 94
    assert len(bundled.releases) >= 200
    assert len(today) >= 94 * len(CLAUSES)
    assert core > 0.97 * len(read) * len(CORE)


def test_what_is_not_read_says_where_its_words_should_be(bundled: Any) -> None:
    """An unread license has no quote to show, so it must at least name its text."""
    for slug, license in bundled.licenses.items():
        if not license["readings"]:
            assert license["documents"], slug
            assert license["identify"], slug


def test_every_answer_is_proven_and_silence_is_not(bundled: Any) -> None:
    for slug, kind, until, (reading, _) in readings(bundled):
        assert bool(reading["quotes"]) == (reading["answer"] != "silent"), (slug, kind, until)
        assert all(len(quote["words"].split()) <= 15 and quote["section"] for quote in reading["quotes"])
        assert reading["read"]["by"], (slug, kind)
        assert reading["read"]["on"] <= date(2026, 11, 21), (slug, kind)


def test_every_size_is_complete(bundled: Any) -> None:
    sized = [(slug, kind, size) for slug, kind, _, dated in readings(bundled) for size in dated.reading["thresholds"]]

    assert len(sized) >= 30
    for slug, kind, size in sized:
        assert set(size) == set(THRESHOLD.keys), (slug, kind)
        assert size["amount"] > 0, (slug, kind)
        assert all(size[key] for key in ("metric", "period", "comparator", "measured", "whose", "effect")), (slug, kind)


def test_a_cap_has_a_size_and_an_exclusion_a_place(bundled: Any) -> None:
    for slug, kind, until, (reading, _) in readings(bundled):
        if kind in ("mau_cap", "revenue_cap") and reading["answer"] in ("yes", "partly"):
            assert reading["thresholds"], (slug, kind, until)
        if kind == "geo_exclusion" and reading["answer"] in ("yes", "partly"):
            assert reading["territories"], (slug, kind, until)
        if kind == "field_of_use" and reading["answer"] == "yes":
            assert reading["payload"].get("fields"), (slug, until)


def test_what_a_verdict_hangs_on_is_typed(bundled: Any) -> None:
    for slug, kind, until, (reading, _) in readings(bundled):
        answer, details = reading["answer"], reading["payload"]
        if "license_offered" in details:
            assert answer in ("no", "partly"), (slug, until)
        if kind == "excluded_parties":
            assert ("parties" in details) == (answer in ("yes", "partly")), (slug, until)
        if kind == "branding_required":
            assert bool(details.get("trigger")) == (answer in ("yes", "partly")), (slug, until)
            assert ("reaches" in details) == ("derivative_model" in details.get("trigger", [])), (slug, until)


def test_releases_carry_what_is_known_of_them(bundled: Any) -> None:
    releases = bundled.releases

    assert sum(release["components"] is not None for release in releases) >= 200
    assert sum(bool(release["base_model"]) for release in releases) >= 20
    assert sum(bool(release["artifacts"]["code"]) for release in releases) >= 50
    assert sum(bool(release["announced_as"]) for release in releases) >= 50
    assert all(release["sources"] for release in releases)
    assert all(release["artifacts"]["weights"] or release["confidence"] == "low" for release in releases)


def collapsed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def wording(document: dict[str, Any], until: date | None) -> str | None:
    """The hash of the revision that was in force before a day."""
    known = [each for each in document["revisions"] if until is None or (each["date"] or date.min) < until]
    return max(known, key=lambda each: each["date"] or date.min)["sha256"] if known else None


@needs_texts
def test_every_quote_stands_in_its_text_to_the_letter(bundled: Any) -> None:
    texts = {
        hashlib.sha256(path.read_bytes()).hexdigest(): collapsed(path.read_bytes().decode(errors="replace"))
        for path in TEXTS.rglob("*.txt")
    }
    astray, compared, all_quotes = [], 0, 0

    for slug, kind, until, (reading, _) in readings(bundled):
        documents = {document["key"]: document for document in bundled.licenses[slug]["documents"]}
        for quote in reading["quotes"]:
            text = texts.get(wording(documents[quote["document"]], until) or "")
            all_quotes += 1
            compared += text is not None
            if text is not None and collapsed(quote["words"]) not in text:
                astray.append(f"{slug} {kind} until {until}: {quote['words']}")

    assert astray == []
    assert compared > 0.6 * all_quotes, "the texts beside the project are of other wordings than those we quote"


@needs_texts
def test_every_text_is_one_of_our_revisions(bundled: Any) -> None:
    """Save three that are another license to the letter: the notes say which."""
    held = {
        each["sha256"]
        for license in bundled.licenses.values()
        for document in license["documents"]
        for each in document["revisions"]
    }
    missing = {
        path.relative_to(TEXTS).as_posix()
        for path in TEXTS.rglob("*.txt")
        if hashlib.sha256(path.read_bytes()).hexdigest() not in held
    }

    assert missing == {"deepseek-r1-mit.txt", "yi-series/2024-05-30.txt"}


@needs_texts
def test_where_another_reader_sees_it_otherwise_the_notes_say_why() -> None:
    said = StringIO()
    call_command("catalogue", "agreement", str(TEXTS / "gold.csv"), stdout=said)

    lines = said.getvalue().splitlines()
    explained = {
        (text.strip(), kind.strip())
        for line in NOTES.read_text().splitlines()
        if line.startswith("| ") and line.count("|") == 6
        for text in line.split("|")[1].split(",")
        for kind in [line.split("|")[2]]
    }
    differ = {tuple(line[2:].split(":")[0].split(" · ")) for line in lines if line.startswith("- ")}
    total = next(line for line in lines if line.startswith("all "))

    assert float(total.split()[-2]) > 95
    assert {(text, kind) for text, kind in differ} - explained == set()
    stale = {(text, kind) for text, kind in explained if kind in KIND} - differ
    assert stale == set(), "the notes explain what no longer differs"
