"""`manage.py texts`: words for the wordings that the catalogue names, from a folder or from a package's data files."""

import sys
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from licenses.models import Change, Quote, Revision
from licenses.texts import wording
from licenses.wording import raw_digest
from tests.factories import make_license
from tests.licenses.terms import PERMISSIVE, TERMS

pytestmark = pytest.mark.django_db


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command("texts", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def known(license, text, day=None):
    return wording(license.documents.get(), text.encode(), source="github:acme/tiny@c0ffee:LICENSE", day=day)


def test_a_file_gives_its_words_to_the_wording_with_its_bytes(tmp_path):
    license = make_license("Acme", mau_cap={"answer": "yes", "quote": "more than 100 million monthly users"})
    revision = known(license, TERMS)
    Quote.objects.update(revision=revision)
    (tmp_path / "whatever-it-is-called.txt").write_text(TERMS)

    assert run(tmp_path).startswith("1 wordings got their words")
    assert run(tmp_path).startswith("0 wordings got their words, 1 had them")

    revision.refresh_from_db()
    assert revision.text.startswith("Acme Model License")
    assert revision.first_seen_at is None, "a folder is not its place"
    assert Quote.objects.get().state == "found"
    assert not Change.objects.exists()


def test_other_bytes_become_a_wording_of_the_license_they_are_named_after(tmp_path):
    make_license("Acme", mau_cap="yes")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "2025-06-26.txt").write_text(TERMS)
    (tmp_path / "acme" / "2025-06-26-v2.txt").write_text(TERMS + "\n6. Law. None.\n")
    (tmp_path / "nobody.txt").write_text(PERMISSIVE)

    said = run(tmp_path)

    assert "2 are new to the directory" in said
    assert "nobody.txt: no license of the directory has this slug" in said
    assert {r.effective_on for r in Revision.objects.all()} == {date(2025, 6, 26)}
    assert Quote.objects.get().state == "unchecked", "it was read in other words"


def test_what_is_no_text_is_refused_by_name_and_the_rest_is_taken(tmp_path):
    make_license("Acme")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "newest.txt").write_text(TERMS)
    (tmp_path / "acme" / "2025-01-01.txt").write_bytes(b"%PDF-1.7")
    (tmp_path / "acme.txt").write_text(TERMS)

    said = run(tmp_path)

    assert "refused: acme/newest.txt: name the file after its day, as acme/2025-06-26.txt" in said
    assert "refused: acme/2025-01-01.txt: " in said
    assert Revision.objects.get().raw_sha256 == raw_digest(TERMS.encode())


def test_the_package_gives_texts_without_their_header(tmp_path, monkeypatch):
    license = make_license("Plain")
    known(license, PERMISSIVE)
    data = tmp_path / "licensedcode" / "data" / "licenses"
    data.mkdir(parents=True)
    (tmp_path / "licensedcode" / "__init__.py").write_text("raise ImportError('its engine is not run')")
    (data / "plain.LICENSE").write_text(f"---\nkey: plain\n---\n\n{PERMISSIVE}")
    (data / "other.LICENSE").write_text(f"---\nkey: other\n---\n\n{TERMS}")
    (data / "empty.LICENSE").write_text("---\nkey: empty\n---\n")
    monkeypatch.syspath_prepend(tmp_path)

    said = run("--package")

    assert "1 wordings got their words" in said
    assert "1 belong to none of its licenses" in said
    assert Revision.objects.get().text.startswith("Plain License")
    assert "licensedcode" not in sys.modules


@pytest.mark.parametrize(("arguments", "cure"), [
    ([], "Give a folder, or --package"), (["somewhere", "--package"], "Give a folder, or --package"),
    (["nowhere"], "There is no folder nowhere: name one"),
])  # fmt: skip
def test_wrong_arguments_name_the_cure(arguments, cure):
    with pytest.raises(CommandError, match=cure):
        run(*arguments)


def test_without_the_package_the_command_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(CommandError, match="make texts"):
        run("--package")
