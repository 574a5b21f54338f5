"""What we ship: every file in order, every quote to the letter."""

from __future__ import annotations

import hashlib
import unicodedata
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from licenses.catalogue import BUNDLED, check, read_catalogue
from licenses.clauses import CORE

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
TEXTS = SHARED / "data" / "license-texts"

#: Licenses whose words are not to be had: nothing of them is read.
UNREAD = {"apple-ascl"}


def test_nothing_is_wrong_with_it():
    assert [str(problem) for problem in check(BUNDLED)] == []


def test_the_command_counts_what_is_in_it():
    said = StringIO()

    call_command("catalogue", "check", stdout=said)

    assert "licenses" in said.getvalue()
    assert "% unread of core kinds" in said.getvalue()


def test_core_kinds_of_every_read_license_are_read():
    licenses = read_catalogue(BUNDLED)[0].licenses

    gaps = {
        slug: [kind.slug for kind in CORE if kind.slug not in license["readings"]] for slug, license in licenses.items()
    }

    assert {slug for slug, license in licenses.items() if not license["readings"]} <= UNREAD
    assert {slug: kinds for slug, kinds in gaps.items() if kinds and slug not in UNREAD} == {}


def collapsed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the license texts are not beside the project")
def test_every_quote_stands_in_its_text_to_the_letter():
    texts = {
        hashlib.sha256(path.read_bytes()).hexdigest(): collapsed(path.read_bytes().decode(errors="replace"))
        for path in TEXTS.rglob("*.txt")
    }
    astray, compared = [], 0

    for slug, license in read_catalogue(BUNDLED)[0].licenses.items():
        held = {
            document["key"]: [texts[each["sha256"]] for each in document["revisions"] if each["sha256"] in texts]
            for document in license["documents"]
        }
        for kind, reading in license["readings"].items():
            for quote in reading["quotes"]:
                wordings = held[quote["document"]]
                compared += bool(wordings)
                if wordings and not any(collapsed(quote["words"]) in text for text in wordings[-1:]):
                    astray.append(f"{slug} {kind}: {quote['words']}")

    assert astray == []
    assert compared > 400, "the texts beside the project are of other wordings than those we quote"
