"""A quote is found again where it stands, and not where other words stand. Tables, properties, and our own quotes."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from licenses.catalogue import BUNDLED, read_catalogue
from licenses.quoting import BESIDE, LONGEST, Found, context, find
from licenses.wording import LARGEST, decode, readable, tokens
from tests.licenses.test_the_bundled_catalogue import TEXTS, needs_texts, readings, wording

TEXT = readable("""
ACME SEVEN LICENSE

1. Grant. We grant you a worldwide, royalty-free license to use, copy and change the “Materials”.
2. Size. If you have more than 700 million monthly active users, you must ask us for a license first.
3. Names. You must show “Built with Seven” on a related website, user interface or about page.
4. Limits. You may not use the Materials, or any output of them, to improve any other language model.
5. 使用本模型的产品月活跃用户超过一亿的，须另行取得书面许可。
6. Again. If you have more than 20 million monthly active users, you must show “Built with Seven”.
""")


def found(words: str, text: str = TEXT, **around: Any) -> tuple[str, str] | None:
    """The words where it was found, and how."""
    place = find(words, text, **around)
    return (text[place.start : place.end], place.how.value) if place else None


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("more than 700 million monthly active users", "more than 700 million monthly active users"),
        ("use, copy\nand   change the ‘materials’", 'use, copy and change the "Materials'),
        ("SHOW BUILT WITH SEVEN", 'show "Built with Seven'),
        ("月活跃用户\n超过一亿", "月活跃用户超过一亿"),
        ("用戶超过", None),
        ("Ｂuilt with", "Built with"),
        ("royalty-free", "royalty-free"),
        ("more than 700 million … ask us", "more than 700 million monthly active users, you must ask us"),
        ("grant you [...] license ... change", "grant you a worldwide, royalty-free license to use, copy and change"),
        ("ask us … more than 700 million", None),
        ("“…”", None),
        ("", None),
        ("?!", None),
        ("more than 70 million monthly active users", None),
        ("more than 700 thousand monthly active users", None),
        ("word " * (LONGEST + 1), None),
    ],
)
def test_the_same_words_are_found_whatever_stands_between(words: str, there: str | None) -> None:
    assert found(words) == (there and (there, "exact"))


def test_what_a_quote_leaves_out_is_not_half_a_text() -> None:
    text = f"You may use it {'whatever it is ' * 40} at your own risk."

    assert found("You may … at your own risk", text) is None
    assert found("You may use it … is at your own risk", text) is None


@pytest.mark.parametrize(
    ("around", "at"),
    [
        ({}, 0),
        ({"near": 10**6}, 1),
        ({"near": TEXT.rindex("monthly")}, 1),
        ({"prefix": "more than 20 million ", "near": 0}, 1),
        ({"suffix": ', you must show "Built', "near": 0}, 1),
        ({"prefix": "If you have more than 700 million", "near": 10**6}, 0),
    ],
)
def test_of_several_places_the_one_is_taken_that_is_most_like_the_old(around: dict[str, Any], at: int) -> None:
    places = [TEXT.index("monthly active users"), TEXT.rindex("monthly active users")]

    place = find("monthly active users", TEXT, **around)

    assert place
    assert place.start == places[at]


@pytest.mark.parametrize(
    ("words", "there"),
    [
        (
            "You may not use the Materials, or any results of them, to improve any other language model",
            "You may not use the Materials, or any output of them, to improve any other language model",
        ),
        (
            "You may not use the Materials, or any output, to improve any other language model",
            "You may not use the Materials, or any output of them, to improve any other language model",
        ),
        (
            "You must clearly show “Built with Seven” on a related website",
            'You must show "Built with Seven" on a related website',
        ),
        (
            "You cannot use the Materials, or any output of them, to improve any other language model",
            "You may not use the Materials, or any output of them, to improve any other language model",
        ),
        ("You may use the Materials, or any output of them, to improve any other language model", None),
        ("You may not use the Materials, or any output of them, to improve no other language model", None),
        ("If you have more than 100 million monthly active users, you must ask us for a license", None),
        ("If you have more than 700 billion monthly active users, you must ask us for a license", None),
        ("If you have more than 700% million monthly active users, you must ask us for a license", None),
        ("If you have monthly active users, you must ask us for a license first", None),
        ("使用本模型的产品月活跃用户数超过一亿的", "使用本模型的产品月活跃用户超过一亿的"),
        ("使用本模型的产品月活跃用户数超过十亿的", None),
        ("You shall improve any", None),
        ("We grant nobody anything of that kind at all in these terms, whatever the size", None),
    ],
)
def test_few_other_words_are_found_unless_they_count_or_deny(words: str, there: str | None) -> None:
    assert found(words) == (there and (there, "fuzzy"))


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("on a related site or user interface", "on a related website, user interface"),
        ("entirely different words", None),
        ("on no related website, user interface", None),
        ("on 2 related websites, user interface", None),
    ],
)
def test_a_short_quote_is_found_by_what_stands_around_it(words: str, there: str | None) -> None:
    around = {"prefix": 'show "Built with Seven" ', "suffix": " or about page."}

    assert found(words, **around) == (there and (there, "context"))
    assert found(words) is None
    assert found(words, prefix="Seven", suffix="or") is None


def test_a_not_beside_the_match_is_a_not() -> None:
    """The outer words of a match may differ, and so be left out of it: not when they say no."""
    words = "commercial use of the materials and of what you make of them is allowed here"
    text = readable("In all noncommercial use of the materials and of what you make of them is allowed here.")

    assert found(words, text) is None
    assert found(words, text.replace("noncommercial", "professional")) is not None


@pytest.mark.parametrize(
    ("start", "end", "size", "around"),
    [
        (0, 4, 32, ("", " SEVEN LICENSE\n\n1. Grant. We grant")),
        (TEXT.index("700"), TEXT.index("700") + 3, 8, ("more than ", " million")),
        (TEXT.rindex("Seven"), len(TEXT), 8, ("Built with ", "")),
        (TEXT.index("月活跃"), TEXT.index("月活跃") + 3, 4, ("型的产品", "用户超过")),
    ],
)
def test_what_stands_around_is_cut_between_words(start: int, end: int, size: int, around: tuple[str, str]) -> None:
    assert context(TEXT, start, end, size) == around


def test_a_word_without_end_is_no_context() -> None:
    long = "a" * 500

    assert context(f"{long} b {long}", 501, 502) == ("", "")
    assert context(f"{long} c b c {long}", 503, 504) == ("c ", " c")


WORDS = ("the", "model", "use", "users", "may", "license", "terms", "output", "grant", "许", "可", "3.5", "$", "don't")
texts = st.lists(st.sampled_from((*WORDS, "700", "not", "it.", "(b)", "…", '"so"')), min_size=1, max_size=60).map(
    lambda words: readable(" ".join(words))
)


@given(texts, st.data())
def test_a_quote_cut_from_a_text_is_found_right_there(text: str, data: st.DataObject) -> None:
    words = list(tokens(text))
    assume(words)
    first, last = sorted(data.draw(st.integers(0, len(words) - 1)) for _ in range(2))
    start, end = words[first].start, words[last].end
    prefix, suffix = context(text, start, end)

    place = find(text[start:end], text, prefix=prefix, suffix=suffix, near=start)

    assert place == Found(start, end, place.how)
    assert place.how == "exact"
    assert prefix + text[start:end] + suffix in text
    assert max(len(prefix), len(suffix)) <= BESIDE


UNIQUE = [f"w{'abcdefghijklmnopqrstuvwxyz'[n % 26]}{'abcd'[n // 26]}" for n in range(100)]


@st.composite
def quoted(draw: st.DrawFn) -> tuple[list[str], int, int]:
    """A text of words that come once, a number among them, and a quote around that."""
    words = [*UNIQUE[:40], draw(st.sampled_from(("700", "1.5", "12,000", "100M"))), *UNIQUE[40:80]]
    return words, draw(st.integers(33, 40)), draw(st.integers(41, 47))


def beside(case: tuple[list[str], int, int], around: bool) -> dict[str, Any]:
    words, first, last = case
    return {"prefix": " ".join(words[first - 5 : first]), "suffix": " ".join(words[last : last + 5])} if around else {}


@given(quoted(), st.sampled_from((" ", "\n", "\n\n", ", ", " “")), st.lists(st.sampled_from(WORDS), max_size=60))
def test_a_quote_survives_another_setting(case: tuple[list[str], int, int], space: str, more: list[str]) -> None:
    words, first, last = case
    other = " ".join(more)
    text = readable(f"{other}\n\n{space.join(words).upper()}\n\n{other}")

    place = find(" ".join(words[first:last]), text)

    assert place
    assert place.how == "exact"
    assert list(tokens(text[place.start : place.end]))[-1].text == list(tokens(words[last - 1].upper()))[-1].text


@given(quoted(), st.sampled_from(("70", "15", "12.000", "1 million", "")), st.booleans())
def test_another_number_is_another_quote(case: tuple[list[str], int, int], number: str, around: bool) -> None:
    words, first, last = case
    text = readable(" ".join([*words[:40], number, *words[41:]]))

    assert find(" ".join(words[first:last]), text, **beside(case, around)) is None


@given(quoted(), st.sampled_from(("not", "no", "never", "without", "non", "cannot", "don't")), st.booleans(), st.data())
def test_a_negation_more_is_another_quote(
    case: tuple[list[str], int, int], negation: str, around: bool, data: st.DataObject
) -> None:
    words, first, last = case
    assume(last - first > 1)
    at = data.draw(st.integers(first + 1, last - 1))
    text = readable(" ".join([*words[:at], negation, *words[at:]]))

    assert find(" ".join(words[first:last]), text, **beside(case, around)) is None


LARGE = LARGEST // 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a " * (LARGE // 2), "a " * 15),
        ("a " * (LARGE // 2), "a … a … b"),
        ("a b " * (LARGE // 4), "a b " * 20 + "c d e"),
        ("a b c " * (LARGE // 6), "a b c " * 90),
        ("许可" * (LARGE // 2), "许可" * 20 + "其他"),
        ("a" * LARGE, "a a"),
    ],
    ids=["everywhere", "in pieces", "nearly", "long", "Chinese", "a word"],
)
def test_no_large_text_takes_long(text: str, words: str) -> None:
    """A moment; the square of the size would take hours."""
    for around in ("a a a", "许可"):
        find(words, text, prefix=around, suffix=around, near=LARGE)


@needs_texts
def test_each_of_our_quotes_is_found_in_its_text() -> None:
    bundled: Any = read_catalogue(BUNDLED)[0]
    files = [path.read_bytes() for path in TEXTS.rglob("*.txt")]
    held = {hashlib.sha256(raw).hexdigest(): decode(raw) for raw in files}
    places: list[tuple[str, Found | None]] = []

    for slug, _, until, (reading, _) in readings(bundled):
        documents = {document["key"]: document for document in bundled.licenses[slug]["documents"]}
        for quote in reading["quotes"]:
            text = held.get(wording(documents[quote["document"]], until) or "")
            if text:
                places.append((quote["words"], find(quote["words"], text)))

    assert len(places) > 2000
    assert [words for words, place in places if not place or place.how != "exact"] == []
