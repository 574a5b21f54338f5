"""One change in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from licenses.models import Change
from licenses.telling import plain, told
from tests.factories import make_change, make_license, make_model

pytestmark = pytest.mark.django_db


def read_again(change: Change) -> str:
    return told(Change.objects.entries().with_subjects().get(pk=change.pk)).summary


MOVED = [
    {"kind": "mau_cap", "before": "no", "after": "yes", "direction": "tighter", "words": "no → yes"},
    {"kind": "revenue_cap", "before": "yes", "after": "no", "direction": "looser", "words": "yes → no"},
]

FIRST_READ = {"kind": "mau_cap", "before": "unread", "after": "yes"}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"before": "mit", "after": "other"}, "acme/x: license tag mit → other"),
        ({"before": "", "after": "mit"}, "acme/x: license tag none → mit"),
        (
            {"cause": "rules", "before": "", "after": "MIT"},
            "acme/x: we now take its license for MIT, before not known",
        ),
        ({"event": "gate_changed", "before": "", "after": "manual"}, "acme/x: access gate none → by hand"),
        ({"event": "base_changed", "before": "a/b", "after": ""}, "acme/x: base model a/b → none"),
        ({"event": "gone", "before": "acme/x"}, "acme/x is no longer on the Hub"),
        ({"event": "returned"}, "acme/x is back on the Hub"),
        ({"event": "renamed", "before": "acme/w", "after": "acme/x"}, "acme/w is now called acme/x"),
        ({"event": "text_gone", "cause": "text"}, "acme/x: its license file was removed"),
        ({"event": "stated", "before": "open", "after": ""}, "acme/x: now says “nothing”, before “open”"),
        ({"event": "added", "cause": "reading"}, "acme/x entered the directory"),
        ({"summary": "In our own words."}, "In our own words."),
    ],
)
def test_a_model_s_change_is_told(facts: dict[str, Any], expected: str) -> None:
    assert read_again(make_change(model=make_model("acme/x"), **facts)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"event": "text_changed", "cause": "text"}, "Text of Llama 4 changed; nobody has read it again yet"),
        ({"event": "text_changed", "cause": "text", "direction": "neither"}, "Text of Llama 4 changed"),
        (
            {"event": "text_changed", "cause": "text", "moved": MOVED},
            "Text of Llama 4 changed; user cap no → yes and revenue cap yes → no",
        ),
        (
            {
                "event": "read",
                "cause": "reading",
                "moved": [{"kind": "mau_cap", "before": "unread", "after": "yes"}],
            },
            "Clauses of Llama 4 read: user cap unread → yes",
        ),
        ({"event": "read", "cause": "reading"}, "Clauses of Llama 4 read again: no answer moved"),
    ],
)
def test_a_license_s_change_is_told(facts: dict[str, Any], expected: str) -> None:
    assert read_again(make_change(license=make_license("Llama 4"), **facts)) == expected


def test_the_next_version_is_told_against_the_one_before() -> None:
    old, new = make_license("Llama 3"), make_license("Llama 4")
    change = make_change(
        license=new, license_before=old, license_after=new, event="next_version", cause="text", moved=MOVED[:1]
    )

    assert read_again(change) == "Llama 4 differs from Llama 3: user cap no → yes"


def test_beside_the_clauses_their_number_is_enough() -> None:
    license = make_license("Llama 4")
    facts = (
        {"event": "text_changed", "cause": "text", "moved": MOVED},
        {"event": "read", "cause": "reading", "moved": MOVED[:1]},
        {"event": "next_version", "cause": "text", "license_after": license, "moved": MOVED},
    )

    rows = [make_change(license=license, **each) for each in facts]

    headlines = [told(Change.objects.entries().with_subjects().get(pk=row.pk)).headline for row in rows]
    assert headlines == [
        "Text of Llama 4 changed in 2 clauses",
        "1 clause of Llama 4 read",
        "Llama 4 differs from the version before it in 2 clauses",
    ]


def test_sentences_added_and_removed_are_counted() -> None:
    change = make_change(license=make_license("Llama 4"), event="text_changed", cause="text")
    found = Change.objects.entries().with_subjects().get(pk=change.pk)

    expected = "Text of Llama 4 changed: 3 sentences added, 1 removed; nobody has read it again yet"
    assert told(found, (["a", "b", "c"], ["d"])).summary == expected
    assert "1 sentence removed" in told(found, ([], ["d"])).summary


@pytest.mark.parametrize("stored", [None, 5, "x", [1], [{"kind": "nothing"}], [{"kind": ["a"]}], {"kind": "x"}])
def test_what_no_clause_is_is_left_out(stored: Any) -> None:
    change = make_change(license=make_license("Llama 4"), event="read", cause="reading", moved=stored or [])

    assert read_again(change) == "Clauses of Llama 4 read again: no answer moved"


@pytest.mark.parametrize(
    ("wild", "tame"),
    [
        ("a\u202eb\u2066c\u200f", "abc"),
        ("a\x00b\x0bc\x1bd\x9f", "ab cd"),
        ("a\n\t b\u2028c", "a b c"),
        ("\ud800x\udfff\ufffe\uffff", "x"),
        ("Ünï→“ok” 許可 🤗", "Ünï→“ok” 許可 🤗"),
    ],
)
def test_a_line_is_one_line_that_all_can_show(wild: str, tame: str) -> None:
    assert plain(wild) == tame
