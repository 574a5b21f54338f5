"""Clauses along time, and changes by the quarter: what is drawn and what is said. Tables of cases over plain values."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.clauses import CLAUSES, KIND, Answer, Strength
from licenses.clauses.reading import Reading
from licenses.pictures import Span, Timeline, quarters, timeline
from licenses.pictures.timeline import LEAST, MOST_SPANS, ROOM
from tests.licenses.test_movement import cap, regions

TODAY = date(2026, 11, 21)


def span(name: str, start: str | None, *, version: str = "", **answers: str | Reading) -> Span:
    readings = {
        slug: answer if isinstance(answer, Reading) else Reading(KIND[slug], Answer(answer))
        for slug, answer in answers.items()
    }
    return Span(name, version, date.fromisoformat(start) if start else None, readings)


def capped(amount: int) -> Reading:
    return Reading(KIND["mau_cap"], Answer.YES, thresholds=(cap(amount),))


LLAMA = [
    span("Llama 1", "2023-02-24", commercial_use="no", mau_cap="silent"),
    span("Llama 2 Community License", "2023-07-18", commercial_use="yes", mau_cap=capped(700_000_000)),
    span("Llama 3 Community License", "2025-04-18", commercial_use="yes", mau_cap=capped(700_000_000)),
]


def drawn(*spans: Span) -> Timeline:
    found = timeline(spans, until=TODAY)
    assert found
    return found


def rows(picture: Timeline) -> dict[str, list[tuple[str, str]]]:
    return {row.kind.slug: [(band.label, band.ground) for band in row.bands] for row in picture.rows}


def test_only_what_moved_has_a_row_and_what_stayed_is_one_band() -> None:
    spans = [span(one.name, str(one.start), **dict(one.readings), export_control="yes") for one in LLAMA]

    assert rows(drawn(*spans)) == {
        "commercial_use": [("○ no", "binds"), ("● yes", "open")],
        "mau_cap": [("– silent", "open"), ("● yes: license above 700M monthly users", "binds")],
    }


def test_where_nothing_moved_there_is_no_picture() -> None:
    one = span("One", "2024-01-01", mau_cap="yes")

    for spans in ([], [one], [one, one], [one, span("Two", "2025-01-01")]):
        assert timeline(spans, until=TODAY) is None


@pytest.mark.parametrize(
    ("kind", "reading", "label", "ground"),
    [
        ("commercial_use", "yes", "● yes", "open"),
        ("commercial_use", "partly", "◐ partly", "binds-some"),
        ("commercial_use", "silent", "– silent", "unknown"),
        ("mau_cap", "silent", "– silent", "open"),
        ("mau_cap", capped(700_000_000), "● >700M", "binds"),
        ("branding_required", Reading(KIND["branding_required"], Answer.YES, Strength.SHOULD), "● asked", "binds-some"),
        (
            "geo_exclusion",
            Reading(KIND["geo_exclusion"], Answer.YES, territories=regions("EU", "GB")),
            "● yes",
            "binds",
        ),
    ],
)
def test_a_narrow_band_still_tells_its_answer_in_a_word(kind: str, reading: Any, label: str, ground: str) -> None:
    other = "yes" if reading == "no" else "no"
    answers = (reading, other, reading, other)
    starts = ("2026-11-01", "2026-11-02", "2026-11-03", "2020-01-01")
    spans = [
        span(f"V{n}", start, **{kind: answer}) for n, (answer, start) in enumerate(zip(answers, starts, strict=True))
    ]

    assert rows(drawn(*spans))[kind][0] == (label, ground)


def test_what_nobody_read_is_neither_a_move_nor_hidden() -> None:
    picture = drawn(LLAMA[0], span("Unread", "2023-05-01"), *LLAMA[1:])

    assert rows(picture)["mau_cap"][1] == ("? unread", "unknown")
    assert "not read yet (Unread, from 2023-05-01 until 2023-07-18)" in picture.rows[0].title


def test_each_band_says_whose_words_and_from_when_until_when() -> None:
    (_, cap) = drawn(*LLAMA).rows

    assert cap.title == (
        "User cap: silent (Llama 1, from 2023-02-24 until 2023-07-18); "
        "yes, license above 700M monthly users (Llama 2 to Llama 3, since 2023-07-18)"
    )


def test_wordings_of_one_license_are_told_apart_by_their_days_alone() -> None:
    picture = drawn(span("Flux", "2024-08-01", mau_cap="no"), span("Flux", "2024-08-09", mau_cap="yes"))

    assert picture.sentence == "Since 2024-08-01, 1 clause moved: user cap appeared on 2024-08-09."
    assert picture.rows[0].bands[1].title == "yes (since 2024-08-09)"
    assert [(tick.label, tick.day) for tick in picture.ticks] == [("Flux", "2024-08"), ("", "2024-08-09")]


def test_the_same_answer_in_other_details_says_so() -> None:
    was, now = (Reading(KIND["attribution_notice"], Answer.YES, payload={"parts": parts}) for parts in (["a"], ["b"]))
    picture = drawn(
        span("One", "2024-01-01", attribution_notice=was), span("Two", "2025-01-01", attribution_notice=now)
    )

    assert rows(picture)["attribution_notice"] == [("● yes", "open"), ("● yes, other details", "open")]


def test_a_sentence_says_what_came_and_with_which_version() -> None:
    assert drawn(*LLAMA).sentence == (
        "From Llama 1 to Llama 3, 2 clauses moved: commercial use allowed, user cap appeared with Llama 2."
    )


def test_a_sentence_names_the_weightiest_and_counts_the_others() -> None:
    kinds = [kind.slug for kind in CLAUSES if kind.binds][:12]
    picture = drawn(
        span("One", "2024-01-01", **dict.fromkeys(kinds, "no")),
        span("Two", "2025-01-01", **dict.fromkeys(kinds, "yes")),
    )

    assert picture.sentence.endswith("appeared with Two; and 6 more.")
    assert "user cap appeared" in picture.sentence


def test_a_clause_that_binds_as_before_but_less_is_looser() -> None:
    picture = drawn(span("One", "2024-01-01", mau_cap=capped(100)), span("Two", "2025-01-01", mau_cap=capped(700)))

    assert picture.sentence == "From One to Two, 1 clause moved: user cap (looser) with Two."


def test_what_came_and_went_again_is_counted_and_not_told_as_come() -> None:
    picture = drawn(*(span(f"V{n}", f"202{n}-01-01", mau_cap=answer) for n, answer in enumerate(("no", "yes", "no"))))

    assert picture.sentence == "From V0 to V2, 1 clause moved."
    assert len(picture.rows[0].bands) == 3


def test_bands_are_as_wide_as_their_time_was_long() -> None:
    picture = drawn(span("One", "2022-11-21", mau_cap="no"), span("Two", "2025-11-21", mau_cap="yes"))

    assert [round(band.width) for band in picture.rows[0].bands] == [75, 25]
    assert not picture.is_widened


def test_a_day_is_drawn_wide_enough_to_be_read_and_the_picture_owns_up() -> None:
    picture = drawn(span("One", "2022-11-21", mau_cap="no"), span("Two", "2026-11-20", mau_cap="yes"))

    assert picture.rows[0].bands[1].width == pytest.approx(100 * LEAST / ROOM)
    assert picture.is_widened


def test_undated_versions_stand_in_their_order() -> None:
    picture = drawn(span("One", None, mau_cap="no"), span("Two", None, mau_cap="yes"))

    assert [(tick.x, tick.day) for tick in picture.ticks] == [(0, "undated"), (50, "undated")]
    assert "no (One, undated); yes (Two, undated)" in picture.rows[0].title


@pytest.mark.parametrize(
    ("names", "versions", "labels"),
    [
        (["Llama 3 License", "Llama 4 License"], ["3", "4"], ["Llama 3 License", "Llama 4 License"]),
        ([f"Llama 3.{n} License" for n in range(9)], [f"3.{n}" for n in range(9)], [f"3.{n}" for n in range(9)]),
        (["Modified MIT (Kimi K2)", "Kimi K3 License"] * 3, [""] * 6, ["Kimi K2", "Kimi K3"] * 3),
    ],
)
def test_names_along_the_axis_are_shortened_alike(names: list[str], versions: list[str], labels: list[str]) -> None:
    spans = [
        span(name, None, version=version, mau_cap="yes" if n % 2 else "no")
        for n, (name, version) in enumerate(zip(names, versions, strict=True))
    ]

    assert [tick.label for tick in drawn(*spans).ticks] == labels


def test_a_long_line_shows_its_end_and_says_what_it_leaves_out() -> None:
    answers = ("yes", "no")
    many = [span(f"V{n}", f"20{n + 10}-01-01", mau_cap=answers[n % 2]) for n in range(15)]
    picture = drawn(*many)

    assert (len(picture.ticks), picture.left_out, picture.is_crowded) == (MOST_SPANS, 3, True)


histories = st.lists(
    st.tuples(
        st.text(max_size=40),
        st.none() | st.dates(),
        st.dictionaries(st.sampled_from([kind.slug for kind in CLAUSES]), st.sampled_from(["yes", "no", "silent"])),
    ),
    max_size=20,
)


@given(histories, st.dates())
def test_whatever_the_history_the_bands_fill_the_row(history: list[Any], until: date) -> None:
    spans = [span(name, start.isoformat() if start else None, **answers) for name, start, answers in history]

    picture = timeline(spans, until=until)

    for row in picture.rows if picture else ():
        assert row.bands[0].x == 0
        assert sum(band.width for band in row.bands) == pytest.approx(100)
        assert all(band.width > 0 and band.label for band in row.bands)
        assert len(row.bands) > 1


# By the quarter.


def test_quarters_run_from_the_first_change_to_today_with_gaps() -> None:
    chart = quarters(Counter([(date(2025, 12, 31), "looser"), (date(2026, 7, 1), "tighter")]), until=TODAY)

    assert chart
    assert [(one.first.year, one.number, one.looser, one.tighter) for one in chart.quarters] == [
        (2025, "Q4", 1, 0),
        (2026, "Q1", 0, 0),
        (2026, "Q2", 0, 0),
        (2026, "Q3", 0, 1),
        (2026, "Q4", 0, 0),
    ]
    assert [len(one.bars) for one in chart.quarters] == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("direction", ["mixed", "neither", ""])
def test_what_is_neither_is_a_number_without_a_bar(direction: str) -> None:
    chart = quarters(Counter([(TODAY, direction)]), until=TODAY)

    assert chart
    assert [(one.other, one.total, one.bars) for one in chart.quarters] == [(1, 1, [])]


def test_a_chart_says_its_figures() -> None:
    days = [
        (date(2026, 1, 5), "looser"),
        (date(2026, 4, 5), "tighter"),
        (date(2026, 5, 5), "tighter"),
        (TODAY, "mixed"),
    ]

    chart = quarters(Counter(days), until=TODAY)

    assert chart
    assert chart.sentence == (
        "4 changes that somebody read since 2026 Q1: 1 looser, 2 tighter, 1 neither or both; most in 2026 Q2 (2)."
    )


def test_bars_are_as_high_as_their_counts() -> None:
    chart = quarters(Counter([(TODAY, "looser")] * 4 + [(TODAY, "tighter")]), until=TODAY)

    assert chart
    looser, tighter = chart.quarters[0].bars
    assert looser.height == 4 * tighter.height
    assert looser.y + looser.height == tighter.y + tighter.height == chart.base
    assert looser.above >= 0


def test_the_last_forty_quarters_are_drawn_and_the_rest_is_counted() -> None:
    chart = quarters(
        Counter([(date(2010, 1, 1), "looser"), (date(2016, 12, 31), "looser"), (TODAY, "tighter")]), until=TODAY
    )

    assert chart
    assert len(chart.quarters) == 40
    assert chart.quarters[0].first == date(2017, 1, 1)
    assert chart.sentence.startswith("1 change that somebody read since 2017 Q1")
    assert chart.sentence.endswith("2 earlier ones are not drawn.")


def test_without_changes_until_today_there_is_no_chart() -> None:
    assert quarters(Counter([]), until=TODAY) is None
    assert quarters(Counter([(date(2027, 1, 1), "looser")]), until=TODAY) is None


@given(st.lists(st.tuples(st.dates(), st.sampled_from(["looser", "tighter", "mixed", ""]))), st.dates())
def test_each_change_until_today_is_in_one_quarter_or_said_to_be_left_out(pairs: list[Any], until: date) -> None:
    chart = quarters(Counter(pairs), until=until)

    for quarter in chart.quarters if chart else ():
        of_it = [day for day, _ in pairs if quarter.first <= day <= quarter.last]
        assert quarter.total == len(of_it)
    if chart:
        assert chart.quarters[-1].first <= until <= chart.quarters[-1].last
        ends = [(one.last, two.first) for one, two in zip(chart.quarters, chart.quarters[1:], strict=False)]
        assert all(two - one == timedelta(days=1) for one, two in ends)
