"""Which known text a file is, contains or resembles. The licenses here are ours, in our own words."""

from __future__ import annotations

import csv
import re
import time
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.likeness import MOST_CHARACTERS, SHOWN_CHARACTERS, SHOWN_SENTENCES, Known, Shelf, story
from tests.licenses.test_the_bundled_catalogue import TEXTS, needs_texts

WILLOW = """Anyone who holds a copy of this work is free to run it, study it, change it and hand it on, for gain or for
nothing, as long as the two rules below are kept.

The notice above and these three paragraphs go along with every copy and with every larger piece of a copy.

THE WORK COMES AS IT STANDS. NOBODY PROMISES THAT IT IS FIT FOR ANY TASK, AND NO AUTHOR OR
COPYRIGHT HOLDER ANSWERS FOR HARM THAT COMES OF IT, WHATEVER THE CAUSE.
"""
OAK = """                    Oak License
                 Version 2.0, March 2004

1. Words. "Work" means what is handed over under this license, and "Holder" means whoever hands it over to others.

2. What is granted. Each Holder lets everyone copy, change and pass on the Work, in any form and in every country:

   (a) with the source or without it, for a price or free of charge, alone or together with works of other people;

   (b) under the condition that each copy carries this text, and that changed files say who changed them and when;

   (c) You must keep all notices about patents and trade marks that the Work came with when it was handed to you.

3. Names. The name of the <copyright holder> stays with its owner, and nobody may advertise with it.

END OF TERMS AND CONDITIONS

APPENDIX: How to use the Oak License

Put the lines below at the head of each file, with the name of its author filled in where the brackets stand.

Copyright [yyyy] [name of owner]
"""
GROVE = """GROVE COMMUNITY LICENSE AGREEMENT
Grove 3 Release Date: May 1, 2024

1. Grant. Grove Incorporated gives you a right that cannot be handed on to use the Grove weights and what you make of
them.

2. Size. If your services had more than 300 million members in the month before the release, you ask us for a license
of your own, and we may say no.

3. Names. What you build with the weights is shown with the words "Grown from Grove" on a page that everybody can see.

4. End. We may end this agreement when you break it, and you then delete every copy of the weights that you hold.
"""
TEA = """茶园许可协议

一、定义。“作品”指本协议项下提供的模型权重;“您”指使用作品的任何人。

二、授权。我们授予您使用和修改作品的权利；您不得将其用于军事目的。我们可以随时终止本协议。
"""
SHELF = Shelf(
    [
        Known("tea", "Tea Garden", "custom", TEA),
        Known("willow-copy", "Willow of Acme", "custom", f"Willow License\n\nCopyright (c) 2020 Acme\n\n{WILLOW}"),
        Known("willow", "Willow", "standard", WILLOW),
        Known("oak", "Oak-2.0", "standard-other", OAK),
        Known("grove", "Grove 3", "custom", GROVE),
    ]
)
DISPLAY = "Our only change is that a product with more than a million members shows “Willow” on its first page."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (WILLOW, "Willow"),
        (f"The Willow License\n\nCopyright 2025 Acme AI.\n\n{WILLOW}", "Willow"),
        (f"# Willow License\n\n(c) 2024-2026, Acme and contributors. All rights reserved.\n\n{WILLOW}", "Willow"),
        (f"Copyright Acme Research Institute\nAll rights reserved.\n\n{WILLOW}", "Willow"),
        (f"Copyright (c) <year> <copyright holders>\n\n{WILLOW}", "Willow"),
        (" ".join(WILLOW.split()), "Willow"),
        ("\ufeff" + WILLOW.replace("\n", "\r\n"), "Willow"),
        (WILLOW.replace("HOLDER ANSWERS", "HOLDER\nANSWERS").replace("OR\nCOPYRIGHT", "OR COPYRIGHT"), "Willow"),
        (OAK, "Oak-2.0"),
        (OAK.replace("[yyyy] [name of owner]", "2026 Acme, Inc."), "Oak-2.0"),
        (OAK.split("APPENDIX")[0], "Oak-2.0"),
        (OAK.split("END OF")[0], "Oak-2.0"),
        (OAK.replace("   (a)", "- ").replace("   (b)", "- ").replace("   (c)", "- "), "Oak-2.0"),
        (GROVE, "Grove 3"),
        (TEA.replace("作品；", "作品;"), "Tea Garden"),
    ],
)  # fmt: skip
def test_the_same_words_are_the_same_license(text: str, name: str) -> None:
    likeness = SHELF.nearest(text)

    assert likeness is not None
    assert (likeness.known.name, likeness.same, likeness.kind) == (name, True, likeness.known.kind)
    assert (likeness.share, likeness.added, likeness.removed) == (1.0, (), ())
    assert story(likeness) == f"the words of {name}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"Willow License\n\n{WILLOW}\n{DISPLAY}", "Willow plus 1 sentence; the file is headed “Willow License”"),
        (WILLOW.replace("THE WORK COMES AS IT STANDS. ", ""), "Willow minus 1 sentence"),
        (WILLOW.replace(", for gain or for\nnothing", ""), "Willow plus 1 sentence, minus 1 sentence"),
        (f"Willow License for research\n\n{WILLOW}", "Willow plus 1 sentence"),
        (f"Willow Research License\n\n{WILLOW}",
         "Willow plus 1 sentence; the file is headed “Willow Research License”"),
        (f"Copyright 2026 Acme, not for gain.\n\n{WILLOW}", "Willow plus 1 sentence"),
        (OAK.replace("   (c) You must keep all notices", "   (c) You may drop all notices"),
         "Oak-2.0 plus 1 sentence, minus 1 sentence; the file is headed “Oak License”"),
        (f"Copyright 2026 Acme. Revenue above ten million belongs to Acme.\n\n{WILLOW}", "Willow plus 2 sentences"),
        (f"{WILLOW}\n[The owner must be paid.]", "Willow plus 1 sentence"),
        (OAK + "\nThe weights are not covered; write to us.",
         "Oak-2.0 plus 1 sentence; the file is headed “Oak License”"),
        (WILLOW + WILLOW, "the sentences of Willow, reordered, repeated or renumbered"),
    ],
)  # fmt: skip
def test_a_standard_text_with_more_or_less_is_modified(text: str, told: str) -> None:
    likeness = SHELF.nearest(text)

    assert likeness is not None
    assert (likeness.kind, likeness.same) == ("modified-standard", False)
    assert story(likeness) == told


def test_what_was_added_and_removed_is_quoted() -> None:
    changed = OAK.replace("in every country", "in most countries").replace("3. Names.", f"3. {DISPLAY}\n\n4. Names.")

    likeness = SHELF.nearest(changed)

    assert likeness is not None
    assert [text[:25] for text in likeness.added] == ["Each Holder lets everyone", "3. Our only change is tha"]
    assert [text[-28:] for text in likeness.removed] == ["n any form and in every country:"[-28:]]


def test_the_clauses_of_a_standard_text_may_be_renumbered_and_those_of_others_not() -> None:
    standard, custom = SHELF.nearest(OAK.replace("3. Names", "4. Names")), SHELF.nearest(GROVE.replace("4. E", "5. E"))

    assert standard is not None
    assert standard.same
    assert story(custom) == "the sentences of Grove 3, reordered, repeated or renumbered"


def test_an_own_text_is_nearest_to_the_one_it_was_copied_from() -> None:
    likeness = SHELF.nearest(GROVE.replace("300 million", "100 million").replace("Grove", "Shrub"))

    assert likeness is not None
    assert (likeness.known.name, likeness.kind, likeness.same) == ("Grove 3", "custom", False)
    assert likeness.heading == "GROVE COMMUNITY LICENSE AGREEMENT"
    assert re.fullmatch(r"nearest to Grove 3: [5-9]\d % of the words agree", story(likeness))


def test_a_contract_with_a_short_standard_text_inside_is_a_contract() -> None:
    likeness = SHELF.nearest(GROVE + WILLOW.replace("THE WORK", "THIS WORK"))

    assert likeness is not None
    assert (likeness.known.name, likeness.kind) == ("Grove 3", "custom")


def test_a_stranger_is_near_nothing() -> None:
    likeness = SHELF.nearest("Bring the boat back before dusk, and leave the oars where you found them. Mind the dog.")

    assert likeness is None
    assert story(likeness) == "near no text that we know"


@pytest.mark.parametrize("text", ["", " \n", "\0" * 99, "MIT License", "Copyright (c) 2026 Acme", "?!", "¯\\_(ツ)_/¯"])
def test_what_is_no_text_is_near_nothing(text: str) -> None:
    assert SHELF.nearest(text) is None


def test_a_standard_text_goes_before_a_nearer_copy_of_somebody_else() -> None:
    changed = Known("acme", "Acme", "modified-standard", f"{WILLOW}\n{DISPLAY}")
    shelf = Shelf([changed, Known("willow", "Willow", "standard", WILLOW)])

    other = shelf.nearest(f"{WILLOW}\n{DISPLAY.replace('million', 'billion')}")
    itself = shelf.nearest(changed.text, apart_from={"acme"})

    assert [story(found) for found in (other, itself)] == ["Willow plus 1 sentence"] * 2
    assert story(shelf.nearest(changed.text)) == "the words of Acme"


def test_a_strange_heading_over_standard_words_is_told() -> None:
    assert story(SHELF.nearest(f"Changed Willow License\n\n{WILLOW}")) == (
        "the words of Willow; the file is headed “Changed Willow License”"
    )


def test_chinese_sentences_are_told_apart() -> None:
    likeness = SHELF.nearest(TEA.replace("军事", "商业") + "\n三、费用。您每年向我们支付费用；逾期加倍。\n")

    assert likeness is not None
    assert likeness.known.name == "Tea Garden"
    assert likeness.added == ("您不得将其用于商业目的。", "三、费用。", "您每年向我们支付费用;", "逾期加倍。")
    assert likeness.removed == ("您不得将其用于军事目的。",)


def test_lists_are_told_apart_clause_by_clause() -> None:
    rules = "You agree not to:\n(a) harm anyone\n(b) sell it to e.g. Acme Inc. or its heirs\n* 1.5 million or more"

    likeness = SHELF.nearest(f"{OAK.split('END OF')[0]}\n\n{rules}")

    assert likeness is not None
    assert likeness.added == (
        "You agree not to:",
        "(a) harm anyone",
        "(b) sell it to e.g. Acme Inc. or its heirs",
        "* 1.5 million or more",
    )


def test_what_a_page_has_no_room_for_is_counted() -> None:
    many = "\n\n".join(f"Rule of the garden with the number {n} says {'leaf ' * 130}." for n in range(30))
    shelf = Shelf(
        [Known("wood", "Wood", "standard", "\n\n".join(f"{'tree ' * 9}{n} stands here." for n in range(600)))]
    )

    likeness = shelf.nearest(f"{shelf.readings[0][0].text}\n\n{many}")

    assert likeness is not None
    assert (len(likeness.added), likeness.more_added) == (SHOWN_SENTENCES, 10)
    assert max(map(len, likeness.added)) == SHOWN_CHARACTERS
    assert story(likeness).startswith("Wood plus 30 sentences")


def test_a_text_that_is_too_long_is_never_the_same() -> None:
    likeness = SHELF.nearest(WILLOW + " " * MOST_CHARACTERS + "But only on Sundays.")

    assert likeness is not None
    assert (likeness.same, likeness.partial) == (False, True)
    assert story(likeness) == "so far the sentences of Willow; only the first 120,000 characters were compared"


@pytest.mark.parametrize(
    "unit",
    ["a", "©", "(", "\0", "ab. A", "\n1. x", "\n\nZ", "<name>", "中。", "neither the name of ",
     "\ncopyright (c) 2023 x", "a\u0301", "\u202e", "\ud800", "copyright", "\n\n \n", "# ", "((c) "],
)  # fmt: skip
def test_a_mebibyte_of_anything_is_answered_soon(unit: str) -> None:
    started = time.perf_counter()

    SHELF.nearest(unit * (2**20 // len(unit)))
    SHELF.nearest(WILLOW + unit * (2**20 // len(unit)))

    assert time.perf_counter() - started < 10


new_words = st.sampled_from(["Ferry", "lantern", "marble", "north", "oyster", "pepper", "quill", "ribbon", "saddle"])
new_sentences = st.lists(new_words, min_size=4, max_size=9).map(lambda words: f"Thimble {' '.join(words)}.")
known_texts = st.sampled_from([WILLOW, OAK.split("END OF")[0]])


@given(known_texts, st.lists(new_sentences, min_size=1, max_size=3, unique=True), st.data())
def test_sentences_added_anywhere_are_found_again(text: str, added: list[str], data: st.DataObject) -> None:
    paragraphs = text.strip().split("\n\n")
    place = data.draw(st.integers(1, len(paragraphs)))

    likeness = SHELF.nearest("\n\n".join([*paragraphs[:place], *added, *paragraphs[place:]]))

    assert likeness is not None
    assert likeness.known.text.startswith(text[:99])
    assert (likeness.added, likeness.removed, likeness.kind) == (tuple(added), (), "modified-standard")


holders = st.lists(
    st.sampled_from(["Acme", "AI", "Ltd.", "and", "contributors", "北京", "01.AI"]), min_size=1, max_size=6
)
notices = st.builds(
    lambda mark, year, holder: f"{mark} {year} {' '.join(holder)}",
    st.sampled_from(["Copyright", "Copyright (c)", "(c)", "©", "COPYRIGHT ©", " * Copyright (C)"]),
    st.integers(1970, 2099),
    holders,
)


@given(st.sampled_from([WILLOW, GROVE, TEA, f"{WILLOW}\n{DISPLAY}"]), st.lists(notices, max_size=3), st.data())
def test_copyright_lines_change_nothing(text: str, lines: list[str], data: st.DataObject) -> None:
    paragraphs = text.split("\n\n")
    place = data.draw(st.integers(0, len(paragraphs)))

    assert SHELF.nearest("\n\n".join([*paragraphs[:place], *lines, *paragraphs[place:]])) == SHELF.nearest(text)


@given(st.text(max_size=400))
def test_any_text_is_answered(text: str) -> None:
    for likeness in (SHELF.nearest(text), SHELF.nearest(f"{WILLOW}\n{text}\n{OAK}")):
        assert story(likeness)


ON_THE_LISTS = {
    "standard": ["agpl-3.0", "apache-2.0", "bsd-2-clause", "bsd-3-clause", "gpl-3.0", "mit", "mpl-2.0"],
    "standard-other": [
        "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-4.0", "cc-by-sa-4.0", "cc0-1.0",
        "cdla-permissive-2.0", "fair-ai-public-1.0", "odc-by-1.0", "openmdw-1.0", "openmdw-1.1",
        "polyform-noncommercial-1.0.0",
    ],
}  # fmt: skip


@cache
def corpus() -> Shelf:
    kinds = {slug: kind for kind, slugs in ON_THE_LISTS.items() for slug in slugs}
    with (TEXTS / "index.csv").open(encoding="utf-8") as index:
        slugs = [row["slug"] for row in csv.DictReader(index)]
    texts = {slug: (TEXTS / f"{slug}.txt").read_text(encoding="utf-8-sig") for slug in slugs}
    return Shelf(Known(slug, slug, kinds.get(slug, "custom"), text) for slug, text in texts.items())


@needs_texts
def test_every_text_of_the_corpus_knows_itself() -> None:
    for known, _ in corpus().readings:
        likeness = corpus().nearest(known.text)

        assert likeness is not None
        assert likeness.same, story(likeness)


@needs_texts
def test_only_those_made_from_a_standard_text_are_modified() -> None:
    shelf = corpus()
    standard = {slug for slugs in ON_THE_LISTS.values() for slug in slugs}

    found = {k.key: shelf.nearest(k.text, apart_from={k.key}) for k, _ in shelf.readings if k.key not in standard}

    assert {key: like.known.key for key, like in found.items() if like and like.kind == "modified-standard"} == {
        "falcon-2-11b": "apache-2.0",
        "falcon-3": "apache-2.0",
        "hy3": "apache-2.0",
        "internlm-license/2023-07-24": "apache-2.0",
        "internlm-license/2025-01-15": "apache-2.0",
        "kimi-k2-modified-mit": "mit",
        "kimi-k2.5-modified-mit": "mit",
        "lfm-open-license": "apache-2.0",
        "minimax-m2/2025-11-13": "mit",
    }
    assert {key: like.known.key for key, like in found.items() if like and like.kind in ON_THE_LISTS} == {
        "deepseek-r1-mit": "mit",
        "minimax-m2/2025-10-27": "mit",
        "yi-series/2024-05-30": "apache-2.0",
    }


@needs_texts
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("minimax-m2/2025-11-13", "mit plus 1 sentence; the file is headed “MIT License”"),
        ("kimi-k2-modified-mit", "mit plus 1 sentence; the file is headed “Modified MIT License”"),
        ("deepseek-r1-mit", "the words of mit"),
        ("yi-series/2024-05-30", "the words of apache-2.0"),
        ("llama-4", "nearest to llama-3.2: 98 % of the words agree"),
        ("bsd-2-clause", "bsd-3-clause minus 1 sentence"),
        ("gemma-prohibited-use", "near no text that we know"),
    ],
)
def test_the_story_of_some(key: str, told: str) -> None:
    text = next(known.text for known, _ in corpus().readings if known.key == key)

    likeness = corpus().nearest(text, apart_from={key})

    assert story(likeness) == told
    if "plus 1" in told:
        assert likeness is not None
        assert likeness.added[0].startswith("Our only modification")
