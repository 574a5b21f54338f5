"""From rows to the terms that somebody comes under: read once, and again as soon as something differs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from pytest_django import DjangoAssertNumQueries

from licenses import bundles
from licenses.bundles import Shelf, shelf
from licenses.clauses.profile import Profile, Use
from licenses.models import Artifact, Clause, License, OpenModel, Publisher, Release
from licenses.verdict import Inherited, Judge, Standing
from tests.conftest import NOW
from tests.factories import make_clause, make_license, make_model, make_release

pytestmark = pytest.mark.django_db
#: The shelf's mark; and with it what is read when the mark has moved.
MARK, READ = 1, 5


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have read is none of this one's business."""
    monkeypatch.setattr(bundles, "_held", None)


@pytest.fixture
def acme(db: None) -> License:
    license = make_license("Acme", commercial_use="yes", mau_cap="no")
    make_release("Acme 1", license, repos=["acme/one"])
    return license


# The shelf.


def test_the_shelf_is_read_once(acme: License, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(READ):
        first = shelf()
    with django_assert_num_queries(MARK):
        assert shelf() is first


def superseded(license: License) -> None:
    Clause.objects.filter(license=license, kind="mau_cap").update(superseded_at=NOW)


#: What happens, and that it happened: each of these must be seen.
EVENTS: dict[str, Callable[[License], Any]] = {
    "a reading": lambda license: make_clause(license, "field_of_use", answer="silent"),
    "the end of a reading": superseded,
    "a new license": lambda license: make_license("Other"),
    "a license’s name": lambda license: License.objects.update(short_name="Acme Public"),
    "a license’s kind": lambda license: License.objects.update(kind="standard"),
    "a license’s identifier": lambda license: License.objects.update(identifier="MIT"),
    "who licenses": lambda license: License.objects.update(licensor="Acme Inc."),
    "the day of a license": lambda license: License.objects.update(released_on=date(2025, 4, 5)),
    "a new release": lambda license: make_release("Acme 2", license),
    "a release’s repositories": lambda license: Release.objects.update(repos=["acme/two"]),
    "a release’s base": lambda license: Release.objects.update(base_model="meta/base", base_relation="finetune"),
    "what a release takes in": lambda license: Release.objects.update(modality="multimodal"),
    "the end of a release": lambda license: Release.objects.all().delete(),
    "the terms of its weights": lambda license: Artifact.objects.update(expression="MIT"),
    "which part is under which terms": lambda license: Artifact.objects.update(part="code"),
    "the license that leads": lambda license: Artifact.objects.update(license=None),
    "a publisher’s namespaces": lambda license: Publisher.objects.update(hub_organisations=["acme-labs"]),
    "a publisher’s name in addresses": lambda license: Publisher.objects.update(slug="acme-inc"),
}


@pytest.mark.parametrize("event", EVENTS)
def test_the_shelf_is_read_again_when_something_differs(event: str, acme: License) -> None:
    before = shelf()

    EVENTS[event](acme)

    assert shelf() is not before
    assert shelf() is shelf()


@pytest.mark.parametrize(
    "event",
    [
        lambda license: make_model("acme/one", license=license),
        lambda license: License.objects.update(name="Acme License, at length"),
        lambda license: Release.objects.update(sizes="7B"),
    ],
)
def test_what_no_verdict_hangs_on_moves_nothing(
    event: Callable[[License], Any], acme: License, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = shelf()

    event(acme)

    with django_assert_num_queries(MARK):
        assert shelf() is before


@pytest.mark.django_db(transaction=True)
def test_threads_that_come_together_read_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_license("Acme", commercial_use="silent")
    reads: list[object] = []
    read = bundles.read
    monkeypatch.setattr(bundles, "read", lambda now: (reads.append(now), read(now))[1])
    together = Barrier(4)

    def reader(_: int) -> Shelf:
        together.wait()
        try:
            return shelf()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(reader, range(4)))

    assert len(reads) == 1
    assert all(one is found[0] for one in found)


def test_an_empty_directory_has_an_empty_shelf() -> None:
    found = shelf()

    assert (found.by_pk, found.by_identifier, found.owners, found.kin) == ({}, {}, {}, {})


def test_a_bundle_holds_the_readings_of_today(acme: License) -> None:
    superseded(acme)

    held = shelf().by_identifier["LicenseRef-acme"]

    assert (held.slug, held.name, held.custom, held.read_on) == ("acme", "Acme", True, date(2026, 11, 1))
    assert list(held.terms.readings) == ["commercial_use"]


# Expressions.


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("LicenseRef-acme", ["acme"]),
        ("LicenseRef-acme AND LicenseRef-mit", ["acme", "mit"]),
        ("LicenseRef-acme OR LicenseRef-gone", ["acme", None]),
        ("(LicenseRef-acme AND LicenseRef-mit) OR LicenseRef-gone", ["acme", "mit", None]),
        ("LicenseRef-acme WITH Some-exception AND LicenseRef-mit", ["acme", "mit"]),
        ("LicenseRef-gone", [None]),
        ("", []),
    ],
)
def test_the_licenses_of_an_expression(expression: str, names: list[str | None], acme: License) -> None:
    make_license("MIT")

    assert [one and one.slug for one in shelf().named(expression)] == names


def standing_of(release: Release) -> Standing:
    rows = Release.objects.with_weights().filter(pk=release.pk)
    return bundles.of_releases(list(rows), shelf())[release.slug]


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("LicenseRef-acme", "permitted"),
        ("LicenseRef-acme AND LicenseRef-closed", "needs-license"),
        ("LicenseRef-acme OR LicenseRef-closed", "permitted"),
        ("LicenseRef-acme OR LicenseRef-closed AND LicenseRef-closed", "needs-license"),
        ("LicenseRef-closed OR LicenseRef-gone", "unknown"),
        ("LicenseRef-acme AND LicenseRef-gone", "unknown"),
    ],
)
def test_terms_apply_together_unless_one_may_be_chosen(expression: str, verdict: str) -> None:
    unlimited = {"mau_cap": "no", "revenue_cap": "no", "geo_exclusion": "silent", "output_rights": "yes"}
    release = make_release("One", make_license("Acme", commercial_use="yes", **unlimited))
    make_license("Closed", commercial_use="no", **unlimited)
    Artifact.objects.update(expression=expression)

    assert Judge(Profile(commercial=True)).result(standing_of(release)).verdict == verdict


def test_a_release_whose_terms_nobody_knows_is_unknown(acme: License) -> None:
    release = make_release("Bare", acme)
    Artifact.objects.filter(release=release).delete()

    assert Judge(Profile()).result(standing_of(release)).verdict == "unknown"


# Lines of descent.


def names(standing: Standing) -> list[tuple[str, str | None]]:
    return [(one.how, one.bundle and one.bundle.slug) for one in standing.inherited]


def standing_of_model(repo: str) -> Standing:
    models = list(OpenModel.objects.filter(repo_id=repo))
    return bundles.of_models(models, shelf())[models[0].pk]


@pytest.fixture
def family(db: None) -> dict[str, License]:
    """Base (a release) → middle → leaf on the Hub, and strangers."""
    found = {name: make_license(name.title(), commercial_use="yes") for name in ("base", "middle", "leaf")}
    make_release("Base 1", found["base"], publisher="Meta", repos=["meta/base"])
    make_model("you/middle", license=found["middle"], base_models=["meta/base"], base_relation="finetune")
    make_model("me/leaf", license=found["leaf"], base_models=["you/middle"], base_relation="quantized", gate="manual")
    return found


def test_a_model_comes_under_the_terms_of_its_whole_line(family: dict[str, License]) -> None:
    assert names(standing_of_model("me/leaf")) == [
        ("quantized from you/middle", "middle"),
        ("fine-tuned from meta/base", "base"),
    ]


def test_a_release_has_a_line_across_models_and_releases(family: dict[str, License]) -> None:
    release = make_release("Tune", family["leaf"], base_model="you/middle", base_relation="continued_pretraining")

    assert names(standing_of(release)) == [
        ("further pretrained from you/middle", "middle"),
        ("fine-tuned from meta/base", "base"),
    ]


def test_a_model_made_from_a_release_comes_under_what_the_release_was_made_from(family: dict[str, License]) -> None:
    make_release("Tune", family["middle"], repos=["tune/one"], base_model="meta/base", base_relation="finetune")
    make_model("me/tuned", license=family["leaf"], base_models=["tune/one"], base_relation="adapter")

    assert names(standing_of_model("me/tuned")) == [
        ("an adapter for tune/one", "middle"),
        ("fine-tuned from meta/base", "base"),
    ]


@pytest.mark.parametrize(
    ("fields", "inherited"),
    [
        ({"base_models": ["meta/base"]}, [("fine-tuned from meta/base", "base")]),
        ({"base_models": ["gone/base"], "base_relation": "merge"}, [("merged from gone/base", None)]),
        ({"base_models": ["me/new"]}, []),
        ({"base_models": ["you/unresolved"]}, [("fine-tuned from you/unresolved", None)]),
        (
            {"base_models": ["you/middle", "meta/base"], "base_relation": "merge"},
            [("merged from you/middle", "middle"), ("merged from meta/base", "base")],
        ),
    ],
)
def test_what_a_model_inherits(fields: dict[str, Any], inherited: Any, family: dict[str, License]) -> None:
    """Of a base that nobody knows the terms are unknown; its own owner may set them anew; a circle ends."""
    make_model("you/unresolved")
    make_model("me/new", license=family["leaf"], **fields)

    assert names(standing_of_model("me/new")) == inherited


def test_the_same_license_again_is_not_inherited(family: dict[str, License]) -> None:
    make_model("me/copy", license=family["base"], base_models=["meta/base"])

    assert standing_of_model("me/copy").inherited == ()


def test_the_owner_of_a_base_may_put_its_child_under_any_terms(family: dict[str, License]) -> None:
    Publisher.objects.filter(slug="meta").update(hub_organisations=["Meta", "meta-labs"])
    make_model("meta-labs/next", license=family["leaf"], base_models=["meta/base"])

    assert standing_of_model("meta-labs/next").inherited == ()


def test_a_base_that_left_the_hub_is_unknown(family: dict[str, License]) -> None:
    OpenModel.objects.filter(repo_id="you/middle").update(gone_at=NOW)

    assert names(standing_of_model("me/leaf")) == [("quantized from you/middle", None)]


@pytest.mark.parametrize(("task", "multimodal"), [("image-text-to-text", True), ("text-generation", False), ("", None)])
def test_a_task_tells_whether_a_model_takes_in_more_than_text(
    task: str, multimodal: bool | None, acme: License
) -> None:
    make_model("me/one", license=acme, task=task, gate="auto")

    found = standing_of_model("me/one")

    assert (found.multimodal, found.gate, found.any_of) == (multimodal, "auto", False)


def test_a_model_without_a_license_is_unknown(acme: License) -> None:
    make_model("me/bare")

    assert standing_of_model("me/bare").own == ()
    assert Judge(Profile()).result(standing_of_model("me/bare")).verdict == "unknown"


def test_a_license_by_itself_inherits_nothing(acme: License) -> None:
    found = bundles.of_license(acme, shelf())

    assert found == Standing((shelf().by_pk[acme.pk],))


# Queries.


def test_lines_are_looked_up_at_once(
    family: dict[str, License], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many models, and however long their lines."""
    for number in range(40):
        make_model(f"me/many{number}", license=family["leaf"], base_models=["me/leaf", f"gone/{number}"])
    held, models = shelf(), list(OpenModel.objects.filter(repo_id__startswith="me/many"))

    with django_assert_num_queries(1):
        found = bundles.of_models(models, held)

    assert {len(one.inherited) for one in found.values()} == {3}


def test_releases_whose_line_is_on_the_shelf_need_no_query(
    family: dict[str, License], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_release("Tune", family["leaf"], base_model="meta/base", base_relation="finetune")
    held, releases = shelf(), list(Release.objects.with_weights())

    with django_assert_num_queries(0):
        found = bundles.of_releases(releases, held)

    assert names(found["tune"]) == [("fine-tuned from meta/base", "base")]


def test_the_same_answer_on_the_model_and_on_its_copy(family: dict[str, License]) -> None:
    make_clause(family["base"], "redistribution", answer="no")
    profile = Profile(uses=frozenset({Use.REDISTRIBUTE}))

    found = Judge(profile).result(standing_of_model("me/leaf"))

    assert found.verdict == "prohibited"
    assert found.reason == "it may not be passed on"
    assert [one for one, judgment in found.inherited if judgment.verdict == "prohibited"] == [
        Inherited("meta/base", "fine-tuned from meta/base", shelf().by_identifier["LicenseRef-base"])
    ]
