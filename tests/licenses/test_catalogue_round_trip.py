"""From files to the database and back: nothing is lost, and the second time no byte moves."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from licenses.catalogue import BUNDLED, dump, load, read_catalogue
from licenses.catalogue.shapes import Flow, FlowList, ShortList, strange
from licenses.catalogue.source import Problems, read
from licenses.catalogue.writer import WIDTH, written
from tests.factories import make_license, make_release
from tests.licenses.test_catalogue_check import catalogue


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.yaml")}


@pytest.mark.django_db
def test_a_dump_says_what_the_files_say(tmp_path, now):
    load(now=now)

    dump(tmp_path)

    assert in_any_order(read_catalogue(tmp_path)) == in_any_order(read_catalogue(BUNDLED))


def in_any_order(found):
    """Of releases and rules: a dump sorts the former by date, the latter by signal."""
    catalogue, problems = found
    for license in catalogue.licenses.values():
        license["identify"].sort(key=str)
        license.pop("read"), license.pop("clauses"), license.pop("history"), license["silent"].sort()
    for publisher in catalogue.publishers.values():
        publisher["releases"].sort(key=str)
    return catalogue, problems


@pytest.mark.django_db(transaction=True)
def test_a_dump_loaded_into_an_empty_database_dumps_the_same_bytes(tmp_path, now):
    load(now=now)
    dump(tmp_path / "first")
    call_command("flush", interactive=False, verbosity=0)

    load(tmp_path / "first", now=now)
    dump(tmp_path / "second")

    assert contents(tmp_path / "first")
    assert contents(tmp_path / "second") == contents(tmp_path / "first")


@pytest.mark.django_db
def test_a_dump_over_itself_touches_no_file(tmp_path, now):
    load(now=now)
    dump(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.yaml")}

    done = dump(tmp_path)

    assert (done.written, done.unchanged) == ([], len(before))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.yaml")} == before


@pytest.mark.django_db(transaction=True)
def test_what_curators_added_survives_the_trip(tmp_path, now):
    """Several readers, a silence with a note, a retired document: none has a place of its own in most files."""
    with transaction.atomic():
        license = make_license(
            "Acme License",
            mau_cap={
                "answer": "yes",
                "thresholds": [{}],
                "read_by": "Grace",
                "confirmed_by": "Ada",
                "confirmed_on": now.date(),
            },
            revenue_cap="silent",
            registration={"answer": "silent", "note": "Looked twice."},
            geo_exclusion={
                "answer": "yes",
                "territories": [{"regions": ["EU", "GB"], "basis": ["domicile"], "effect": "no_grant"}],
            },
        )
    license.label = "vendor"
    license.save()
    license.documents.create(key="old", role="agreement", title="The first text: “Acme”", retired_on=now.date())
    make_release("Acme 7B", license, repos=["acme/seven"])
    dump(tmp_path / "first")
    call_command("flush", interactive=False, verbosity=0)

    load(tmp_path / "first", now=now)
    dump(tmp_path / "second")

    assert contents(tmp_path / "second") == contents(tmp_path / "first")
    text = (tmp_path / "first" / "acme-license.yaml").read_text()
    assert "read: {by: Grace, on: 2026-11-01}" in text
    assert "confirmed: {by: Ada, on: 2026-11-21}" in text
    assert "retired: 2026-11-21" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        ("answer: yes\n    note", "answer: yes\n    confirmed: {by: Grace, on: 2026-11-22}\n    note"),
        ("answer: yes\n    note", "answer: yes\n    read: {by: Grace, on: 2026-11-22}\n    note"),
        ("by: Ada, on: 2026-11-21", "by: Grace, on: 2026-11-22"),
    ],
    ids=["confirmed", "one read again", "all read again"],
)
def test_who_read_a_loaded_reading_again_survives_the_trip(tmp_path, now, change):
    load(catalogue(tmp_path), now=now)
    load(catalogue(tmp_path, change), now=now)
    said = in_any_order(read_catalogue(tmp_path))

    dump(tmp_path)

    assert in_any_order(read_catalogue(tmp_path)) == said
    assert "by: Grace, on: 2026-11-22}" in (tmp_path / "acme-license.yaml").read_text()


words = st.text(min_size=1).map(str.strip).filter(lambda text: text and not strange(text, lines=True))
values = st.recursive(
    words,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).flatmap(lambda each: st.sampled_from([FlowList(each), ShortList(each)]))
        | st.dictionaries(st.sampled_from(["one", "two", "three"]), inner, min_size=1).map(Flow)
    ),
    max_leaves=8,
)


@given(mapping=st.dictionaries(st.sampled_from(["a", "b", "yes"]), values | st.lists(words), min_size=1))
@example(mapping={"a": "yes", "b": "3.3"})
@example(mapping={"a": "true", "b": Flow({"one": "a, b", "two": "null"})})
@example(mapping={"a": "word " * 60 + "end", "b": "two\n\nlines"})
@example(mapping={"a": '"quoted" # and: more', "b": "- dash"})
def test_every_text_is_read_back_as_it_was_written(tmp_path_factory, mapping):
    path = tmp_path_factory.mktemp("yaml") / "file.yaml"
    path.write_bytes(written(mapping).encode())
    problems = Problems()

    node = read(path, "file.yaml", problems)

    assert problems.found == []
    assert node.plain() == mapping


def test_long_text_is_folded():
    text = written({"note": "some words of ours " * 20 + "end"})

    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.startswith("note: >-\n")
