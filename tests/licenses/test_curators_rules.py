"""What curators entered lives beside the files: a load leaves it alone, a dump writes it out, neither doubles it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.management import call_command

from licenses.catalogue import dump, load
from licenses.models import License, Rule
from tests.factories import make_license, make_person
from tests.licenses.test_catalogue_check import catalogue

pytestmark = pytest.mark.django_db


def by_curator(value: str, license: License, now: datetime, **fields: Any) -> Rule:
    ada = fields.pop("added_by", None) or make_person("ada", "curator")
    return Rule.objects.create(
        signal="name", value=value, license=license, added_by=ada, added_at=now, reason="So they say.", **fields
    )


def rules() -> set[tuple[str, str, bool]]:
    rows = Rule.objects.in_force().values_list("value", "license__slug", "added_at")
    return {(value, license, added_at is not None) for value, license, added_at in rows}


def test_a_curators_rule_stays_though_no_file_has_it(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    by_curator("acme-2", License.objects.get(), now)

    report = load(catalogue(tmp_path), now=now)

    assert rules() == {("acme-license", "acme-license", False), ("acme-2", "acme-license", True)}
    assert report.differences == []


def test_a_curators_rule_wins_over_a_files_rule_and_is_reported(tmp_path, now):
    other = make_license("Other")
    by_curator("acme-license", other, now)

    report = load(catalogue(tmp_path), now=now)

    assert rules() == {("acme-license", "other", True)}
    said = "acme-license: the rule name:acme-license means other, as a curator has it; kept."
    assert report.differences == [said]


def test_a_rule_that_a_file_took_over_is_neither_doubled_nor_reported(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    Rule.objects.all().delete()
    by_curator("acme-license", License.objects.get(), now)

    report = load(catalogue(tmp_path), now=now)

    assert rules() == {("acme-license", "acme-license", True)}
    assert report.differences == []


def test_once_the_curators_rule_is_retired_the_files_rule_speaks(tmp_path, now):
    by_curator("acme-license", make_license("Other"), now, retired_at=now)

    load(catalogue(tmp_path), now=now)

    assert rules() == {("acme-license", "acme-license", False)}


@pytest.mark.django_db(transaction=True)
def test_a_dump_writes_curators_rules_out_and_a_load_takes_them_in(tmp_path, now):
    load(catalogue(tmp_path), now=now)
    license = License.objects.get()
    rule = by_curator("acme-2", license, now)
    by_curator("acme-3", license, now, retired_at=now, added_by=rule.added_by)

    dump(tmp_path / "out")
    report = load(tmp_path / "out", now=now)
    assert rules() == {("acme-license", "acme-license", False), ("acme-2", "acme-license", True)}
    assert report.differences == []

    call_command("flush", interactive=False, verbosity=0)
    load(tmp_path / "out", now=now)

    assert rules() == {("acme-license", "acme-license", False), ("acme-2", "acme-license", False)}
