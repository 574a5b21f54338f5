"""Rules that the catalogue changed reach the models we know, without the Hub."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from ingest import resolve as story
from ingest import tasks
from ingest.resolve import resolve
from licenses.models import Change, LicenseCount, OpenModel, Rule
from tests.factories import make_license, make_model
from tests.ingest.conftest import known_by, versions
from tests.ingest.sweeping import told

pytestmark = pytest.mark.django_db


def licenses() -> dict[str, str | None]:
    return dict(OpenModel.objects.values_list("repo_id", "license__short_name"))


def test_a_new_rule_reaches_the_models_we_know(now):
    make_model("acme/tiny", declared=["gemma"])
    known_by(make_license("Gemma"), tag="gemma")

    assert resolve(now=now) == 1

    assert OpenModel.objects.values_list("license__short_name", "resolved_by").get() == ("Gemma", "tag:gemma")
    assert told() == [("acme/tiny", "license_changed", "", "Gemma")]
    assert Change.objects.values_list("cause", "weight", "seen_at").get() == ("rules", "substantive", now)


def test_a_rule_that_left_takes_its_license_along(apache, now):
    make_model("acme/tiny", declared=["apache-2.0"], license=apache, resolved_by="tag:apache-2.0")
    Rule.objects.all().delete()

    resolve(now=now)

    assert licenses() == {"acme/tiny": None}
    assert told() == [("acme/tiny", "license_changed", "Apache 2.0", "")]


def test_another_rule_for_the_same_license_is_stored_and_is_no_news(apache, now):
    make_model("acme/tiny", declared=["apache-2.0"], license=apache, resolved_by="tag:apache")

    assert resolve(now=now) == 1

    assert OpenModel.objects.get().resolved_by == "tag:apache-2.0"
    assert told() == []


def test_twice_writes_nothing(apache, now):
    make_model("acme/tiny", declared=["apache-2.0"])
    make_model("acme/odd", declared=["unlisted"])
    resolve(now=now)
    before = versions()

    assert resolve(now=now + timedelta(days=1)) == 0

    assert versions() == before
    assert Change.objects.count() == 1


def test_every_batch_is_read_and_the_dead_are_left_alone(apache, now, monkeypatch):
    monkeypatch.setattr(story, "BATCH", 2)
    for name in "abcde":
        make_model(f"acme/{name}", declared=["apache-2.0"])
    make_model("acme/gone", declared=["apache-2.0"], gone_at=now)

    assert resolve(now=now) == 5

    assert licenses()["acme/gone"] is None
    assert LicenseCount.objects.get().total == 5


def test_the_task_does_the_same(apache):
    make_model("acme/tiny", declared=["apache-2.0"])

    tasks.resolve_again()

    assert licenses() == {"acme/tiny": "Apache 2.0"}


def test_preparing_the_site_applies_the_rules_of_the_catalogue(capsys):
    make_model("acme/tiny", declared=["apache-2.0"])

    call_command("prepare")

    assert "1 known models now resolve otherwise" in capsys.readouterr().out
    assert OpenModel.objects.get().license.identifier == "Apache-2.0"
