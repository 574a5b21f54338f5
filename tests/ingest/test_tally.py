"""What the rules leave open is tallied: spellings that no rule knows, models whose signals name two licenses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from ingest.resolve import resolve
from ingest.tally import tally
from licenses import texts
from licenses.models import Conclusion, Disagreement, Document, License, OpenModel, Rule, UnresolvedName
from tests.factories import make_license, make_model, make_person, make_revision
from tests.ingest.conftest import known_by
from tests.ingest.sweeping import sweep_all
from tests.licenses.terms import PERMISSIVE, TERMS

pytestmark = pytest.mark.django_db


def unresolved() -> dict[tuple[str, str], tuple[int, int, str, str]]:
    """Signal and spelling → models, downloads, as it is written, in which model."""
    rows = UnresolvedName.objects.values_list("signal", "value", "total", "downloads", "written", "leading")
    return {(signal, value): tuple(rest) for signal, value, *rest in rows}


def disagreements() -> dict[str, tuple[str, str, str]]:
    rows = Disagreement.objects.values_list("model__repo_id", "says__short_name", "source", "words")
    return {model: (says, source, words) for model, says, source, words in rows}


def row_versions(model: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, xmin::text FROM {model._meta.db_table} ORDER BY id")
        return cursor.fetchall()


def conclude_nothing(model: OpenModel) -> None:
    ada = make_person("ada", "curator")
    Conclusion.objects.create(
        model=model, reason="No license is there.", quote="-", made_by=ada, made_by_name="Ada", made_at=timezone.now()
    )


def test_spellings_are_one_and_the_most_downloaded_speaks_for_all(now):
    make_model("a/one", declared=["other"], declared_name="Kimi K2", downloads=5)
    make_model("b/two", declared=["other"], declared_name="kimi_k2", downloads=90)
    make_model("c/three", declared_name="KIMI-K2", downloads=1)

    tally(now=now)

    assert unresolved() == {("name", "kimi-k2"): (3, 96, "kimi_k2", "b/two")}


@pytest.mark.parametrize(("declared", "waits_for"), [
    ({"declared": ["other"], "declared_name": "mine", "declared_link": "https://a.example/l"}, ("name", "mine")),
    ({"declared": ["other"], "declared_link": "https://A.example/L/"}, ("link", "a.example/l")),
    ({"declared": ["odd-tag"]}, ("tag", "odd-tag")),
    ({"declared": ["odd-tag"], "declared_name": "mine"}, ("name", "mine")),
    ({"declared": ["other"]}, None),
    ({"declared": ["openrail"], "declared_link": "LICENSE"}, None),
    ({"declared": ["apache-2.0", "odd-tag"]}, ("tag", "odd-tag")),
    ({"declared": ["apache-2.0", "other"], "declared_name": "mine"}, None),
    ({"declared": ["other"], "declared_name": "ﷺ" * 200}, None),
    ({}, None),
], ids=lambda each: str(each)[:60])  # fmt: skip
def test_a_model_waits_for_the_strongest_signal_that_a_rule_could_bind(declared, waits_for, apache, now):
    make_model("acme/tiny", **declared)

    tally(now=now)

    assert list(unresolved()) == ([waits_for] if waits_for else [])


def test_the_dead_the_resolved_and_the_concluded_wait_for_nothing(apache, now):
    make_model("acme/gone", declared_name="mine", gone_at=now)
    make_model("acme/known", declared=["apache-2.0"], declared_name="mine", license=apache)
    conclude_nothing(make_model("acme/settled", declared_name="mine"))

    tally(now=now)

    assert unresolved() == {}


def test_twice_writes_nothing_and_what_moved_is_written(now):
    make_model("acme/tiny", declared_name="mine", downloads=1)
    make_model("acme/other", declared_name="theirs")
    tally(now=now)
    before = row_versions(UnresolvedName)

    tally(now=now + timedelta(days=1))

    assert row_versions(UnresolvedName) == before
    OpenModel.objects.filter(repo_id="acme/tiny").update(downloads=7)
    OpenModel.objects.filter(repo_id="acme/other").update(gone_at=now)
    tally(now=now)
    assert unresolved() == {("name", "mine"): (1, 7, "mine", "acme/tiny")}


def test_counters_that_strangers_inflate_do_not_stop_the_tally(now):
    for name in "ab":
        make_model(f"acme/{name}", declared_name="mine", downloads=2**63 - 1)

    tally(now=now)

    assert unresolved()["name", "mine"][:2] == (2, 2**63 - 1)


def test_a_name_and_a_link_that_mean_another_license_than_the_tag(apache, now):
    gemma = known_by(make_license("Gemma"), name="gemma", link="ai.example/gemma/terms")
    make_model("a/name", declared=["apache-2.0"], declared_name="Gemma", license=apache)
    make_model("a/link", declared=["apache-2.0"], declared_link="https://ai.example/gemma/terms", license=apache)
    make_model("a/same", declared=["other"], declared_name="gemma", license=gemma, resolved_by="name:gemma")
    make_model("a/unknown", declared=["apache-2.0"], declared_name="mine", license=apache)

    tally(now=now)

    assert disagreements() == {
        "a/name": ("Gemma", "name", "Gemma"),
        "a/link": ("Gemma", "link", "https://ai.example/gemma/terms"),
    }


def test_a_rule_for_one_namespace_disagrees_only_there(apache, now):
    Rule.objects.create(signal="name", value="special", author="acme", license=make_license("Acme Special"))
    for name in ("Acme/tiny", "other/tiny"):
        make_model(name, declared=["apache-2.0"], declared_name="special", license=apache)

    tally(now=now)

    assert list(disagreements()) == ["Acme/tiny"]


def own_file(model: OpenModel, reads_as: License, **fields: Any) -> Document:
    facts = {"key": "license", "role": "agreement", "title": "LICENSE"} | fields
    return Document.objects.create(model=model, reads_as=reads_as, **facts)


def test_what_its_own_file_says_weighs_more_than_a_name(apache, now):
    known_by(make_license("Gemma"), name="gemma")
    mit = make_license("MIT", kind="standard")
    model = make_model("acme/tiny", declared=["apache-2.0"], declared_name="gemma", license=apache)
    own_file(model, mit)
    card = make_model("acme/card", declared=["apache-2.0"], license=apache)
    own_file(card, mit, role="model_card", title="README.md")

    tally(now=now)

    assert disagreements() == {"acme/tiny": ("MIT", "file", "LICENSE"), "acme/card": ("MIT", "card", "README.md")}


@pytest.mark.parametrize("why", ["it agrees", "another file agrees", "it is gone", "unresolved", "concluded", "known"])
def test_a_file_that_settles_nothing(why, apache, now):
    mit = make_license("MIT", kind="standard")
    rule = "repo:acme/tiny" if why == "known" else "tag:apache-2.0"
    license = None if why == "unresolved" else apache
    model = make_model("acme/tiny", license=license, resolved_by=rule if license else "")
    own_file(model, apache if why == "it agrees" else mit, gone_on=now.date() if why == "it is gone" else None)
    if why == "another file agrees":
        own_file(model, apache, key="more", title="LICENSE-CODE")
    if why == "concluded":
        conclude_nothing(model)

    tally(now=now)

    assert disagreements() == {}


def test_disagreements_that_ended_are_forgotten_and_the_others_left_alone(apache, now):
    known_by(make_license("Gemma"), name="gemma")
    for name in ("acme/a", "acme/b"):
        make_model(name, declared=["apache-2.0"], declared_name="gemma", license=apache)
    tally(now=now)
    gone = Disagreement.objects.get(model__repo_id="acme/a").pk
    kept = [row for row in row_versions(Disagreement) if row[0] != gone]

    OpenModel.objects.filter(repo_id="acme/a").update(declared_name="")
    tally(now=now + timedelta(days=1))

    assert row_versions(Disagreement) == kept


def test_a_sweep_and_new_rules_tally(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", license_name="Mine")
    sweep_all(client_of, now=now)
    assert list(unresolved()) == [("name", "mine")]

    known_by(make_license("Mine"), name="mine")
    resolve(now=now)

    assert unresolved() == {}


# What a model's own file says.


def a_known_text(name: str, text: str) -> License:
    license = make_license(name, kind="standard")
    make_revision(license.documents.get(), text)
    return license


def test_a_file_that_arrives_is_judged_once_and_again_with_other_words(apache, now):
    plain = a_known_text("Plain", PERMISSIVE)
    model = make_model("acme/tiny", declared=["apache-2.0"], license=apache)
    document = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE")

    theirs = PERMISSIVE.replace("2020 The Plain Authors", "2026 Acme").encode()
    texts.keep(document, theirs, source="hf:acme/tiny@0123abc:LICENSE", now=now)

    document.refresh_from_db()
    assert (document.reads_as, document.judged) == (plain, document.head)
    tally(now=now)
    assert disagreements() == {"acme/tiny": ("Plain", "file", "LICENSE")}
    texts.keep(document, TERMS.encode(), source="hf:acme/tiny@1123abc:LICENSE", now=now)
    document.refresh_from_db()
    assert (document.reads_as, document.judged) == (None, document.head)


def test_files_that_were_there_before_are_judged_once(django_assert_max_num_queries, now):
    plain = a_known_text("Plain", PERMISSIVE)
    for number, text in enumerate((PERMISSIVE, TERMS)):
        model = make_model(f"acme/m{number}")
        document = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE")
        document.head = make_revision(document, text)
        document.save()

    assert texts.judge_the_unjudged() == 2

    assert list(Document.objects.filter(reads_as=plain).values_list("model__repo_id", flat=True)) == ["acme/m0"]
    with django_assert_max_num_queries(1):
        assert texts.judge_the_unjudged() == 0
