"""A name belongs to one living model, however it passes from one to another."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from ingest.merge import merge
from licenses.models import OpenModel
from tests.factories import make_model
from tests.ingest.conftest import versions
from tests.ingest.sweeping import told

pytestmark = pytest.mark.django_db

A = "a" * 24


def page(**names: str) -> list[dict[str, str]]:
    """Records as the listing shows them: an id (by its letter) and a name."""
    return [{"_id": letter * 24, "id": name} for letter, name in names.items()]


def living() -> dict[str, str]:
    return {hub_id[0]: name for hub_id, name in OpenModel.objects.live().values_list("hub_id", "repo_id")}


def test_a_model_made_anew_under_an_old_name_takes_its_place(now):
    merge(page(a="acme/tiny"), now=now)

    merge(page(b="acme/tiny"), now=now + timedelta(days=1))

    assert living() == {"b": "acme/tiny"}
    assert OpenModel.objects.get(hub_id=A).gone_at == now + timedelta(days=1)
    assert told() == [("acme/tiny", "gone", "acme/tiny", "")]


def test_names_that_pass_on_within_a_page_make_no_one_gone(now):
    merge(page(a="acme/a", b="acme/b"), now=now)

    merge(page(a="acme/b", b="acme/c"), now=now)

    assert living() == {"a": "acme/b", "b": "acme/c"}
    assert told() == [("acme/b", "renamed", "acme/a", "acme/b"), ("acme/c", "renamed", "acme/b", "acme/c")]


def test_names_that_go_round_in_a_circle_do_not_stop_the_sweep(now):
    merge(page(a="acme/a", b="acme/b", c="acme/c"), now=now)

    updated = merge(page(a="acme/b", b="acme/c", c="acme/a"), now=now).updated

    assert living() == {"a": "acme/b", "b": "acme/c", "c": "acme/a"}
    assert updated == 3
    assert [event for _, event, _, _ in told()] == ["renamed"] * 3


def test_one_whose_new_name_comes_on_a_later_page_is_gone_until_then(now):
    merge(page(a="acme/a", b="acme/b"), now=now)

    merge(page(a="acme/b"), now=now)
    assert living() == {"a": "acme/b"}

    merge(page(b="acme/c"), now=now)
    assert living() == {"a": "acme/b", "b": "acme/c"}
    assert [(event, before, after) for _, event, before, after in told()] == [
        ("renamed", "acme/a", "acme/b"),
        ("gone", "acme/b", ""),
        ("returned", "", "acme/c"),
        ("renamed", "acme/b", "acme/c"),
    ]


def test_of_two_under_one_name_on_a_page_the_later_made_is_the_living(now):
    merge(page(b="acme/tiny", a="acme/tiny"), now=now)
    before = versions()

    merge(page(a="acme/tiny", b="acme/tiny"), now=now)

    assert living() == {"b": "acme/tiny"}
    assert versions() == before


def test_a_dead_model_keeps_its_name_beside_a_living_one(now):
    make_model("acme/tiny", gone_at=now)

    merge(page(a="acme/tiny"), now=now)

    assert OpenModel.objects.filter(repo_id="acme/tiny").count() == 2
    assert told() == []


def test_the_database_refuses_a_second_living_model_of_a_name(now):
    make_model("acme/tiny")

    with pytest.raises(IntegrityError, match="a_name_is_one_living_model"):
        OpenModel.objects.create(hub_id=A, repo_id="acme/tiny", first_seen_at=now)
