"""What a report makes of names that are nearly ours, of libraries, and of licenses that the list states."""

from __future__ import annotations

import pytest

from licenses.bundles import shelf
from licenses.clauses.bearing import Verdict
from licenses.clauses.profile import Profile
from licenses.clauses.reading import Terms
from licenses.lists import Entry, read
from licenses.reports import Line, Report, report
from licenses.subjects import Subject
from licenses.verdict import Bundle, Judge, Standing
from tests.factories import make_license, make_release

UNREAD = Terms("Acme", None, {})


def checked(text: str) -> Report:
    return report(read(text), Profile(), shelf())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ACME/tiny-8b", "; did you mean Acme/Tiny-8B?"),
        ("TINY-8B", "; did you mean tiny-8b?"),
        ("Tiny 8B", "; did you mean tiny-8b?"),
        ("tiny", "; did you mean tiny-2 or tiny-8b?"),
        ("ti", ""),
        ("nobody/tiny", ""),
    ],
)
def test_a_name_that_is_nearly_one_of_ours_stays_unknown_and_says_so(name: str, meant: str) -> None:
    make_release("Tiny 8B", make_license("Far two"), repos=["Acme/Tiny-8B"])
    make_release("Tiny 2", make_license("Far three"))

    [found] = checked(name).lines

    assert found.verdict is Verdict.UNKNOWN
    assert found.reason.partition(";")[1:] == (meant[:1], meant[1:])


@pytest.mark.django_db
def test_libraries_of_a_requirements_file_are_counted_and_models_are_judged() -> None:
    make_release("Far One", make_license("Far two"))

    found = checked("vllm\ntorch==2.4\nfar-one\nnobody/knows")

    assert {one.name: one.subject is not None for one in found.lines} == {"far-one": True, "nobody/knows": False}
    assert found.notes == (
        "2 of the list are bare names as libraries have, and not looked up further: vllm, torch. "
        "Write a model as owner/name.",
    )


@pytest.mark.parametrize(
    ("stated", "contradicted"),
    [
        (["Apache-2.0"], False),
        (["apache-2.0"], False),
        (["(Apache-2.0)"], False),
        (["Apache-2.0 AND Apache-2.0"], False),
        (["Apache License 2.0"], False),
        ([], False),
        (["Apache-2.0 OR MIT"], False),
        (["Apache-2.0", "MIT"], True),
        (["MIT"], True),
    ],
)
def test_any_stated_license_that_we_do_not_know_it_under_is_told(stated: list[str], contradicted: bool) -> None:
    ours = Bundle("apache", "Apache License 2.0", UNREAD, identifier="Apache-2.0")

    assert bool(line(stated, Standing((ours,))).contradicted) == contradicted


def test_one_of_two_to_choose_from_is_not_contradicted_by_both() -> None:
    ours = tuple(Bundle(name.lower(), name, UNREAD, identifier=name) for name in ("Apache-2.0", "MIT"))

    assert line(["MIT OR (Apache-2.0 WITH LLVM-exception)"], Standing(ours, any_of=True)).contradicted == ""


def line(stated: list[str], standing: Standing) -> Line:
    subject = Subject("acme/a", "acme/a", standing, None)
    return Line(Entry("acme/a", "line 1", "acme/a", tuple(stated)), subject, Judge(Profile()).result(standing))
