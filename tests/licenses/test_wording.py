"""The same words are the same wording, however they are written down; other words are not. Tables and properties."""

from __future__ import annotations

import codecs
import csv
import unicodedata
from itertools import groupby, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.models import Weight
from licenses.wording import (
    COPYRIGHT,
    LARGEST,
    STACKED,
    NotText,
    decode,
    digest,
    fault,
    folded,
    raw_digest,
    readable,
    tokens,
    weigh,
)
from tests.licenses.test_the_bundled_catalogue import TEXTS, needs_texts

WORDS = (
    *("the", "licensee's", "users", "may", "run", "this", "model", "for", "any", "service", "non-commercial", "use"),
    *("“as", "is”", "we", "don't", "ask", "24/7"),
)
NUMBERS = ("700", "1.5", "100M", "2024", "3(b)", "$20", "50%", "１２")
HANZI = "人一入口山水用于模型许可不得使用金文工力大小心"
TERMS = "You may run this model for your own services. Do not sell it to others. We promise nothing at all.\n\n" * 3

#: Written otherwise, read the same.
SPACES = (" ", "  ", "\n", "\r\n", "\r", "\t", "\xa0", "\u3000", "\f", "\n\n", "\n\n\n\n", "\n- ", "\n • ", "\n* ")
UNSEEN = ("", "", "", "\u200b", "\u200d", "\u2060", "\ufeff", "\xad", "\u200f", "\u202e", "\u2066", "\ufe0f")
VARIANTS = {"'": "'’‘ʼ`´′＇", "“": '“"„«「＂', "”": '”"“»」＂', "-": "-‐‑–—−－"}
RADICALS = {unicodedata.normalize("NFKC", c): c for c in map(chr, range(0x2F00, 0x2FD6))}

a_word = st.sampled_from((*WORDS, *NUMBERS))
some_words = st.lists(a_word, min_size=1, max_size=30)


@st.composite
def layouts(draw: st.DrawFn, words: list[str]) -> bytes:
    """The words in a file of any making. Each case is cheap: one choice of space and mark for the whole of it."""
    space, other, unseen = (draw(st.sampled_from(kind)) for kind in (SPACES, SPACES, UNSEEN))
    variants = {plain: draw(st.sampled_from(others)) for plain, others in VARIANTS.items()}
    text = "".join(f"{unseen}{word}{other if at % 3 else space}" for at, word in enumerate(words))
    text = "".join(variants.get(char, char) + unseen for char in draw(st.sampled_from((text, text.upper()))))
    return text.encode(draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))))


@given(some_words, st.data())
def test_another_layout_is_no_other_wording(words: list[str], data: st.DataObject) -> None:
    one, other = (decode(data.draw(layouts(words))) for _ in range(2))

    assert weigh(one, other) == "cosmetic"
    assert digest(one) == digest(other)


@given(st.lists(st.sampled_from(HANZI), min_size=20, max_size=60), st.data())
def test_a_chinese_text_is_wrapped_spaced_and_encoded_at_will(characters: list[str], data: st.DataObject) -> None:
    def written() -> bytes:
        space = data.draw(st.sampled_from(("", " ", "\n", "\u3000")))
        marks = data.draw(st.sampled_from(("", "，", ",", "。")))
        text = "".join(c + (space + marks if at % 7 == 0 else "") for at, c in enumerate(characters))
        if data.draw(st.booleans()):
            text = "".join(RADICALS.get(c, c) for c in text)
        return text.encode(data.draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "gb18030"))))

    assert weigh(decode(written()), decode(written())) == "cosmetic"


@given(some_words, some_words, a_word, st.data())
def test_another_number_is_another_wording(before: list[str], after: list[str], word: str, data: st.DataObject) -> None:
    number, other = data.draw(
        st.lists(st.from_regex(r"[0-9]{1,6}([.,][0-9]{1,3})?", fullmatch=True), min_size=2, max_size=2, unique=True)
    )
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    other = data.draw(st.sampled_from((other, other.translate(wide))))

    was, now = (readable(" ".join([*before, each + word, *after])) for each in (number, other))

    assert weigh(was, now) == weigh(now, was) == "substantive"


@given(some_words, some_words)
def test_a_not_more_or_less_is_another_wording(before: list[str], after: list[str]) -> None:
    without, negated = (readable(" ".join(words)) for words in ([*before, *after], [*before, "not", *after]))

    assert weigh(without, negated) == weigh(negated, without) == "substantive"


@pytest.mark.parametrize(
    ("before", "after", "weight"),
    [
        ("Copyright (c) 2023 Acme Inc.", "Copyright (c) 2024 Acme Inc.", "cosmetic"),
        ("Copyright (c) 2023 Acme Inc.", "© 2023-2025 Acme Inc.", "cosmetic"),
        ("Copyright 2021, 2023-present Acme", "copyright © 2024 ACME", "cosmetic"),
        ("版权所有 (c) 2023 甲公司", "版权所有 (c) 2024 甲公司", "cosmetic"),
        ("Above copyright 2023 Acme stands.", "Above\ncopyright 2024 Acme stands.", "cosmetic"),
        ("Copyright (c) 2023 Acme Inc.", "Copyright (c) 2023 Other Inc.", "substantive"),
        ("Copyright (c) 2023 Acme Inc.", "Copyright (c) Acme Inc.", "substantive"),
        ("Last updated 2023", "Last updated 2024", "substantive"),
        ("(c) 2000 users a month", "(c) 1999 users a month", "substantive"),
        ("Copyright stays with us. 2000 users", "Copyright stays with us. 1999 users", "substantive"),
        ("at 1.5 million", "at 15 million", "substantive"),
        ("at 100M", "at 700M", "substantive"),
        ("below 10²⁵ operations", "below 10²⁶ operations", "substantive"),
        ("below 10²⁶ operations", "below 1026 operations", "substantive"),
        ("below 10²⁶ operations", "below 10^26 operations", "cosmetic"),
        ("revenue > $5", "revenue < $5", "substantive"),
        ("revenue >= $5", "revenue <= $5", "substantive"),
        ("revenue ≥ $5", "revenue ≤ $5", "substantive"),
        ("$5", "€5", "substantive"),
        ("Terms\n=====\nYou may", "Terms\n========\nYou may", "cosmetic"),
        ("page one\fpage two", "page one page two", "cosmetic"),
        ("THE MODEL IS PROVIDED", "The Model is provided", "cosmetic"),
        ("you may use it", "you must use it", "substantive"),
        ("不得用于商业", "得用于商业", "substantive"),
        ("उपयोग की", "उपयोग का", "substantive"),
        ("cafe\u0301 menu", "café menu", "cosmetic"),
        ("ca\u200bfe\u200b\u0301 menu", "café menu", "cosmetic"),
        ("**You may** `use` _it_", "You may use it", "cosmetic"),
        ("noncommercial", "non commercial", "substantive"),
    ],
)
def test_what_weighs(before: str, after: str, weight: str) -> None:
    assert weigh(readable(before), readable(after)) == weigh(readable(after), readable(before)) == weight


def test_the_weights_are_those_of_changes() -> None:
    assert {weigh("a", "a"), weigh("a", "b")} <= set(Weight.values)


@given(st.text())
def test_a_readable_text_stays_as_it_is(text: str) -> None:
    once = readable(text)

    assert readable(once) == once
    assert all(once[token.start : token.end] == token.text for token in tokens(once))
    assert digest(once) == digest(text)


@given(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode("utf-16"))))
def test_whatever_comes_is_a_text_or_told_to_be_none(raw: bytes) -> None:
    try:
        text = decode(raw)
    except NotText:
        return

    assert text == readable(text) != ""
    assert isinstance(fault(text, text[::-1]), str)


@pytest.mark.parametrize(
    ("raw", "part"),
    [
        ("Größe für Ärzte".encode("cp1252"), "Größe für Ärzte"),
        ("“as is” – it’s".encode("cp1252"), '"as is" - it\'s'),
        ("使用本模型的许可协议 (v1)".encode("gb18030"), "使用本模型的许可协议 (v1)"),
        (("These terms are bilingual. " * 9 + "使用本模型的许可协议").encode("gb18030"), "使用本模型的许可协议"),
        (codecs.BOM_UTF8 + b"Terms", "Terms"),
        (codecs.BOM_UTF16_BE + "Terms".encode("utf-16-be"), "Terms"),
        ("模型许可".encode() + b" \x93as is\x94", "模型许可 \ufffdas is\ufffd"),
        (b"Ter\x00ms", "Terms"),
        (b"\xff\xfeT\x00\x00\xd8", "T\ufffd"),
        ("a\u202eb \ud800c".encode("utf-8", "surrogatepass"), "c"),
        (b"# Terms\n<div align=center><img src=x></div>\nYou may.", "<img src=x></div>\nYou may."),
        (b"<!-- markdown -->\n<b>Terms</b>", "<b>Terms</b>"),
        (b"[Name of the licensor] grants you", "[Name"),
        (b"{brackets} are no JSON", "{brackets}"),
        (b"version https://example.org/spec of the terms", "version"),
    ],
)
def test_texts_come_in_many_encodings(raw: bytes, part: str) -> None:
    assert part in decode(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\xef\xbb\xbf", "empty"),
        ("\u200b\u202e".encode(), "empty"),
        (b"a" * (LARGEST + 1), "larger than 1 MiB"),
        ("ﷺ".encode() * (LARGEST // 8), "million characters"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"\n%PDF-1.4", "a PDF"),
        (b"<!DOCTYPE html><title>Terms</title>", "a web page"),
        (b"\n <?xml version='1.0'?>\n<!-- x --><HTML lang=en>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("No mark, two bytes each.".encode("utf-16-le"), "binary"),
        (b"\x01\x02\x03\x04\x05" * 40, "binary"),
        (b'{"error": "Entry not found"}', "JSON"),
        (b'\n[{"error": 1}]', "JSON"),
    ],
)
def test_what_is_no_text_is_told_so(raw: bytes, reason: str) -> None:
    with pytest.raises(NotText, match=reason):
        decode(raw)


LARGE = LARGEST // 4


@pytest.mark.parametrize(
    "raw",
    [
        b"a" * LARGE,
        b"[" * LARGE,
        b"\n-" * (LARGE // 2),
        b"copyright (c) " * (LARGE // 14),
        b"access to model " * (LARGE // 16),
        b"2024-" * (LARGE // 5),
        ("a" + "\u0301\u0316" * (LARGE // 5)).encode(),
        ("\uff9e\u0345" * (LARGE // 5)).encode(),
        ("a" + "\U0001d165\U0001d16d" * (LARGE // 9)).encode(),
    ],
    ids=["a word", "brackets", "bullets", "copyrights", "accesses", "years", "marks", "half marks", "notes"],
)
def test_no_large_text_takes_long(raw: bytes) -> None:
    """A moment; the square of the size would take hours."""
    text = decode(raw)

    assert weigh(text, text) == "cosmetic"
    assert fault(text[:-2], text) is not None
    assert COPYRIGHT.sub("", text) is not None


def test_all_that_is_sorted_is_bounded() -> None:
    """Python sorts the marks on a letter in the square of their number, also those that a character hides."""
    loose = [
        char
        for char in map(chr, (*range(0x300, 0xD800), *range(0xE000, 0x110000)))
        if unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) and not STACKED.search(char * 9)
    ]

    assert loose == []


def test_bytes_have_a_hash_of_their_own() -> None:
    assert raw_digest(b"a b") != raw_digest(b"a  b")
    assert digest("a b") == digest("a  b") != digest("a c")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 words: too short"),
        ("MIT", "1 word: too short"),
        ("Apache License 2.0, see the website of the foundation.", "too short"),
        ("404: Not Found", "error page"),
        ("Entry not found", "error page"),
        ("Invalid username or password.", "error page"),
        ("Access to model acme/seven is restricted and you are not in the authorized list. Visit the page.", "error"),
        (
            "Too Many Requests: you have reached your rate limit. Please wait and retry in a minute or two.",
            "error page",
        ),
        ("503 Service Unavailable\nNo server is available to handle this request.", "error page"),
        ("Just a moment... Enable JavaScript and cookies to continue", "error page"),
        ('{"error": "Repository not found"}', "JSON"),
        ("Acme\nSign in to continue\nEmail\nPassword\nForgot it? Create an account\n" + "Help " * 12, "login page"),
        (TERMS, ""),
        ("You may do with it what you want, as long as nobody blames us for whatever comes of it then.", ""),
        (TERMS * 3 + "We may limit the rate: too many requests are refused. Sign in with your password.", ""),
        ("使用者可以自由使用本模型，但不得用于违法用途，且须保留本声明。", ""),
    ],
)
def test_what_cannot_be_terms(text: str, reason: str) -> None:
    said = fault(readable(text))

    assert reason in said
    assert bool(said) == bool(reason)


SENTENCES = [f"In case {n} you may use the model, and you shall keep this notice with it." for n in range(10)]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (" ".join(SENTENCES), ""),
        (" ".join(SENTENCES[:7]), ""),
        (" ".join(SENTENCES[:7]) + " In case 7 you may", "mid-sentence"),
        (" ".join(SENTENCES[:7]) + " In case 7 you may use the mod", "mid-sentence"),
        (" ".join(SENTENCES[:7]).upper() + " In case 7", "mid-sentence"),
        (" ".join(SENTENCES[:4]), "after 64 of 160 words"),
        (" ".join(SENTENCES[1:5]), ""),
        (" ".join(SENTENCES[:7]) + " In case 7 you must", ""),
        (" ".join([*SENTENCES, "And in case"]), ""),
    ],
)
def test_a_text_that_breaks_off_is_a_fault(after: str, reason: str) -> None:
    said = fault(after, " ".join(SENTENCES))

    assert reason in said
    assert bool(said) == bool(reason)


def test_a_closing_part_without_a_full_stop_before_it_may_go() -> None:
    terms = TERMS + "END OF TERMS"

    assert fault(terms, f"{terms}\n\nAPPENDIX: how to apply these terms") == ""


def test_words_are_told_apart_in_every_script() -> None:
    assert folded(readable("Licensee's 模型 한글 1,000.50 ５ café の 〇")) == [
        *("licensee's", "模", "型", "한", "글", "1,000.50", "5", "café", "の", "〇")
    ]


@needs_texts
def test_every_change_that_a_publisher_made_is_one_of_words() -> None:
    with (TEXTS / "index.csv").open(encoding="utf-8") as file:
        slugs = sorted(row["slug"] for row in csv.DictReader(file))
    texts = {slug: decode((TEXTS / f"{slug}.txt").read_bytes()) for slug in slugs}
    changes = [
        pair
        for _, revisions in groupby((slug for slug in slugs if "/" in slug), key=lambda slug: slug.split("/")[0])
        for pair in pairwise(revisions)
    ]

    assert [(slug, fault(text)) for slug, text in texts.items() if fault(text)] == []
    assert len(changes) >= 20
    assert [pair for pair in changes if weigh(*(texts[slug] for slug in pair)) != "substantive"] == []
    assert [pair for pair in changes if fault(texts[pair[1]], texts[pair[0]])] == []
