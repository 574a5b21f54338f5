"""What a report makes of names that are nearly ours, of libraries, and of licenses that the list states."""

from __future__ import annotations

import pytest

from licenses.bundles import shelf
from licenses.clauses.bearing import Verdict
from licenses.clauses.profile import Profile
from licenses.clauses.reading import Terms
from licenses.lists import Entry, read
from licenses.reports import Line, Report, report
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

    [line] = checked(name).lines

    assert line.verdict is Verdict.UNKNOWN
    assert line.reason.partition(";")[1:] == (meant[:1], meant[1:])


@pytest.mark.django_db
def test_libraries_of_a_requirements_file_are_counted_and_models_are_judged() -> None:
    make_release("Far One", make_license("Far two"))

    found = checked("vllm\ntorch==2.4\nfar-one\nnobody/knows")

    assert {line.name: line.subject is not None for line in found.lines} == {"far-one": True, "nobody/knows": False}
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
        (["Apache-2.0 OR MIT"], True),
        (["Apache-2.0", "MIT"], True),
        (["MIT"], True),
    ],
)
def test_any_stated_license_that_we_do_not_know_it_under_is_told(stated: list[str], contradicted: bool) -> None:
    bundle = Bundle("apache", "Apache License 2.0", UNREAD, identifier="Apache-2.0")
    line = Line(Entry("acme/a", "line 1", "acme/a", tuple(stated)), result=Judge(Profile()).result(Standing((bundle,))))

    assert bool(line.contradicted) == contradicted


def test_either_of_two_that_we_know_is_not_contradicted_by_both() -> None:
    ours = (
        Bundle("apache", "Apache 2.0", UNREAD, identifier="Apache-2.0"),
        Bundle("mit", "MIT", UNREAD, identifier="MIT"),
    )
    stated = ("MIT OR (Apache-2.0 WITH LLVM-exception)",)

    result = Judge(Profile()).result(Standing(ours, any_of=True))

    assert Line(Entry("acme/a", "line 1", "acme/a", stated), result=result).contradicted == ""
