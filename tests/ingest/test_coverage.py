"""How many models of a table the rules resolve: tables of any kind, and what people proposed."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ingest.coverage import Declaration, TableRefused, coverage, declarations
from ingest.merge import rules
from ingest.rules.identify import Book, RuleRow
from licenses.models import Rule
from tests.factories import make_license, make_release

BOOK = Book.of([
    RuleRow("tag", "apache-2.0", "", 1),
    RuleRow("name", "llama-2-license", "", 2),
    RuleRow("repo", "meta/llama", "", 2),
    RuleRow("repo", "acme/odd", "", 1),
])  # fmt: skip


def measured(*rows: dict[str, Any], tmp_path: Path) -> Any:
    file = tmp_path / "models.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return coverage(declarations(file), BOOK)


def test_shares_of_all_of_the_declaring_and_of_the_others(tmp_path: Path) -> None:
    found = measured(
        {"id": "a/1", "tags": ["license:apache-2.0", "region:us"], "license": "apache-2.0"},
        {"id": "a/2", "tags": ["license:other"], "license": "llama 2 license"},
        {"id": "a/3", "tags": ["license:other"], "license": "own"},
        {"id": "a/4", "tags": ["license:other"], "license": "other"},
        {"id": "a/5", "tags": [], "license": None},
        {"id": "meta/llama", "tags": []},
        tmp_path=tmp_path,
    )

    assert (found.models, found.resolved, found.declaring, found.resolved_declaring) == (6, 3, 4, 2)
    assert (found.other, found.other_resolved) == (3, 1)
    assert found.signals == {"tag": 1, "name": 1, "repo": 1}
    assert found.unresolved == {"other: own": 1, "other": 1}


def test_what_people_proposed_is_judged_where_both_know(tmp_path: Path) -> None:
    proposed = {"suggested_license_name": "llama-2-license", "suggested_license_link": ""}

    found = measured(
        {"model_id": "[meta/llama](https://hub/meta/llama)", **proposed},
        {"model_id": "[acme/odd](https://hub/acme/odd)", **proposed},
        {"model_id": "b/unknown", **proposed},
        {"model_id": "b/own", "suggested_license_name": "nobody knows it", "suggested_license_link": ""},
        {"model_id": "b/none", "suggested_license_name": "", "suggested_license_link": ""},
        tmp_path=tmp_path,
    )

    assert (found.proposed, found.proposals_known, found.judged, found.agreed) == (4, 3, 2, 1)
    assert found.disagreements == ["acme/odd: repo:acme/odd, a person says llama-2-license"]


@pytest.mark.parametrize("name", ["models.csv", "models.csv.gz"])
def test_a_table_may_be_csv_and_packed(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    text = b"name,id,license\nOne,acme/one,apache-2.0\nTwo,acme/two,\n"
    file.write_bytes(gzip.compress(text) if name.endswith("gz") else text)

    assert list(declarations(file)) == [
        Declaration("acme/one", "acme", ("apache-2.0",)),
        Declaration("acme/two", "acme", ()),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b'{"name": "no id"}\n', b"[1]\n", b"{not json\n", b"\xff\xfe\n", b"\x1f\x8bno", b'{"id": 7}\n']
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"broken\.jsonl"):
        call_command("coverage", str(file))


@pytest.mark.parametrize("cut", [gzip.compress(b'{"id": "a/b"}\n' * 99)[:-9], gzip.compress(b"{}")[:12] + b"\x00" * 30])
def test_a_broken_archive_is_refused(tmp_path: Path, cut: bytes) -> None:
    (tmp_path / "models.jsonl.gz").write_bytes(cut)

    with pytest.raises(TableRefused, match="models"):
        list(declarations(tmp_path / "models.jsonl.gz"))


def test_odd_fields_are_read_as_nothing(tmp_path: Path) -> None:
    found = measured(
        {"id": "a/1", "tags": [None, 7, "license:apache-2.0"], "license": ["apache-2.0"]},
        {"id": "a/2", "tags": "x,license:apache-2.0", "author": 9},
        tmp_path=tmp_path,
    )

    assert (found.models, found.resolved) == (2, 2)


def test_a_table_without_tags_may_be_told_what_all_declare(tmp_path: Path) -> None:
    file = tmp_path / "models.csv"
    file.write_text("id\nmeta/llama\nacme/new\n")

    found = coverage(declarations(file, tag="other"), BOOK)

    assert (found.other, found.other_resolved) == (2, 1)


@pytest.mark.django_db
def test_the_command_prints_shares_and_the_most_used(tmp_path: Path) -> None:
    Rule.objects.create(license=make_license("Apache"), signal="tag", value="apache-2.0")
    file = tmp_path / "models.jsonl"
    rows = [{"id": "a/1", "license": "apache-2.0"}, {"id": "a/2", "license": "odd"}, {"id": "a/3", "license": "odd"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    said = StringIO()

    call_command("coverage", str(file), stdout=said)

    assert "resolved                1 of 3 (33.3 %)" in said.getvalue()
    assert "2 odd" in said.getvalue()


@pytest.mark.django_db
def test_the_repositories_of_a_release_resolve_and_a_rule_is_stronger() -> None:
    llama, other = make_license("Llama"), make_license("Other")
    make_release("Llama 2", llama, repos=["Meta/Llama-2", "meta/moved"])
    Rule.objects.create(license=other, signal="repo", value="meta/moved")

    book = rules()

    assert book.identify(Declaration("meta/llama-2", "meta", ())).license_id == llama.pk
    assert book.identify(Declaration("meta/moved", "meta", ())).license_id == other.pk
    assert book.identify(Declaration("meta/another", "meta", ())).license_id is None
