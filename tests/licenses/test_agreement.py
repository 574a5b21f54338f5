"""Another reader's labels beside ours: what agrees, what differs, what cannot be compared."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from licenses.catalogue import LabelsRefused, agreement, read_catalogue
from tests.licenses.test_catalogue_check import catalogue
from tests.licenses.test_wordings import CHANGED

FIRST = "6b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f"
SECOND = "7b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f"


def labels(folder: Path, rows: str, index: str = f"slug,sha256\nacme/v1,{FIRST}\n") -> Path:
    (folder / "index.csv").write_text(index)
    file = folder / "gold.csv"
    file.write_text("slug,clause,value,threshold,unit,section,evidence_phrase,note\n" + rows)
    return file


def compared(tmp_path: Path, rows: str, *changes: Any, **index: str) -> Any:
    ours = read_catalogue(catalogue(tmp_path / "files", *changes))[0]
    return agreement(ours, labels(tmp_path, rows, **index))


def test_what_both_say_agrees(tmp_path: Path) -> None:
    found = compared(tmp_path, "acme/v1,mau_cap,yes,700,MAU,2,,\nacme/v1,revenue_cap,no,,,,,\n")

    assert found.differences == []
    assert found.agreed == {"mau_cap": 1, "revenue_cap": 1, "amounts": 1}
    assert list(found.lines())[-1].split() == ["all", "3", "of", "3", "100.0", "%"]


@pytest.mark.parametrize(
    ("row", "difference"),
    [
        ("mau_cap,no,,,,,", "acme/v1 · mau_cap: the labels say no or silent, we say yes"),
        ("mau_cap,yes,900,MAU,,,", "acme/v1 · amounts: the labels say 900, we say [700]"),
        ("revenue_cap,yes,,,,,", "acme/v1 · revenue_cap: the labels say partly or yes, we say silent"),
        ("derivative_naming,no,,,,,", "acme/v1 · derivative_naming: the labels say no or silent, we say unread"),
        ("noncommercial_only,yes,,,,,", "acme/v1 · commercial_use: the labels say no, we say yes"),
        ("patent_grant,implied,,,,,", "acme/v1 · patent_grant: the labels say partly, we say unread"),
        ("other,yes,export_control,,,,", "acme/v1 · export_control: the labels say no or partly or yes, we say unread"),
    ],
)  # fmt: skip
def test_what_differs_is_named_with_both_answers(tmp_path: Path, row: str, difference: str) -> None:
    found = compared(tmp_path, f"acme/v1,{row}\n")

    assert [str(one) for one in found.differences] == [difference]


@pytest.mark.parametrize("row", ["mau_cap,na,,,,,", "osi_approved,no,,,,,", "other,yes,bilingual_text,name,,,"])
def test_what_says_nothing_of_our_kinds_is_not_compared(tmp_path: Path, row: str) -> None:
    assert not compared(tmp_path, f"acme/v1,{row}\n").compared


def test_an_old_wording_is_compared_with_what_held_then(tmp_path: Path) -> None:
    rows = "acme/v1,registration_or_request_required,yes,,,,,\nacme/v2,registration_or_request_required,yes,,,,,\n"
    index = f"slug,sha256\nacme/v1,{FIRST}\nacme/v2,{SECOND}\n"

    found = compared(tmp_path, rows + "acme/v1,mau_cap,yes,100,MAU,,,\n", *CHANGED, index=index)

    assert found.differences == []
    assert found.agreed == {"registration": 2, "mau_cap": 1, "amounts": 1}


def test_a_text_that_is_none_of_ours_is_told_apart(tmp_path: Path) -> None:
    found = compared(tmp_path, "other,mau_cap,yes,,,,,\n", index="slug,sha256\nother,00\n")

    assert (found.strangers, found.differences, list(found.compared)) == (["other"], [], [])


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    ours = read_catalogue(catalogue(tmp_path / "files"))[0]
    (tmp_path / "x.csv").write_text("name,value\na,b\n")

    with pytest.raises(LabelsRefused, match="lacks the columns"):
        agreement(ours, tmp_path / "x.csv")
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("catalogue", "agreement", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="Name the file of labels"):
        call_command("catalogue", "agreement")


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("acme/v1,mau_cap,Yes,,,,,\n", "“Yes” is no value"),
        ("acme/v1,mau_cap\n", "not as many cells"),
        ("acme/v1,mau_cap,yes,700,MAU,2,,,,,,\n", "not as many cells"),
    ],
)
def test_a_row_that_is_none_is_refused_by_name(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(LabelsRefused, match=what):
        compared(tmp_path, row)


def test_without_an_index_a_text_is_named_by_license_and_date(tmp_path: Path) -> None:
    ours = read_catalogue(catalogue(tmp_path / "files", *CHANGED))[0]
    file = tmp_path / "labels.csv"
    file.write_text(
        "slug,clause,value,threshold\nacme-license/2025-04-05,mau_cap,yes,100\nacme-license,mau_cap,yes,700\n"
    )

    found = agreement(ours, file)

    assert (found.differences, found.agreed["amounts"], found.strangers) == ([], 2, [])


def test_what_is_unsettled_there_is_not_compared(tmp_path: Path) -> None:
    assert not compared(tmp_path, "acme/v1,mau_cap,unclear,,,,,\nacme/v1,patent_grant,unclear,,,,,\n").compared


def test_the_command_prints_shares_and_differences(tmp_path: Path) -> None:
    said = StringIO()

    file = labels(tmp_path, "acme/v1,mau_cap,no,,,,,\n", index="slug,sha256\nacme/v1,00\n")
    call_command("catalogue", "agreement", str(file), stdout=said)

    assert "0 differences:" in said.getvalue()
    assert "Not among our revisions: acme/v1." in said.getvalue()
