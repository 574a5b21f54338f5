"""Where the database puts a change: its day, whether it is of the directory, and which entry it belongs to."""

from datetime import date, timedelta

import pytest

from licenses.models import Cause, Change, Event, Weight
from tests.factories import NOW, make_license, make_model, make_release

pytestmark = pytest.mark.django_db


def tell(**facts):
    row = {"event": Event.LICENSE_CHANGED, "cause": Cause.METADATA, "weight": Weight.SUBSTANTIVE, "seen_at": NOW}
    change = Change.objects.create(**row | facts)
    change.refresh_from_db()
    return change


def test_a_change_happened_when_it_took_effect_or_else_when_it_was_seen():
    license = make_license()

    assert tell(license=license).happened_on == NOW.date()
    assert tell(license=license, effective_on=date(2019, 7, 30)).happened_on == date(2019, 7, 30)


def test_every_change_has_a_name_of_its_own():
    license = make_license()

    keys = {tell(license=license).key for _ in range(3)}

    assert len(keys) == 3
    assert tell(license=license, key="2024-05-30-yi").key == "2024-05-30-yi"


def test_what_a_publisher_does_to_many_models_is_one_entry():
    for number in range(214):
        tell(model=make_model(f"acme/m{number}"), before="mit", after="other")
    tell(model=make_model("other/m"), before="mit", after="other")

    found = [(change.model.repo_id, change.folded) for change in Change.objects.entries().order_by("pk")]

    assert found == [("acme/m0", 213), ("other/m", 0)]


@pytest.mark.parametrize("other", [
    {"after": "apache-2.0"}, {"event": Event.GATE_CHANGED}, {"weight": Weight.COSMETIC},
    {"seen_at": NOW + timedelta(days=1)},
])  # fmt: skip
def test_what_differs_is_an_entry_of_its_own(other):
    first = {"before": "mit", "after": "other"}
    tell(model=make_model("acme/a"), **first)

    assert tell(model=make_model("acme/b"), **first | other).lead is None


def test_models_that_vanish_together_are_one_entry_whatever_their_names():
    tell(model=make_model("acme/a"), event=Event.GONE, before="acme/a")

    assert tell(model=make_model("acme/b"), event=Event.GONE, before="acme/b").lead.before == "acme/a"


def test_what_a_rule_of_ours_does_is_one_entry_whosever_models_they_are():
    rule = {"cause": Cause.RULES, "before": "", "after": "MIT"}
    tell(model=make_model("acme/a"), **rule)

    assert tell(model=make_model("other/b"), **rule).lead is not None


def test_models_without_a_release_are_not_of_the_directory():
    license = make_license()
    make_release("Tiny", license, repos=["acme/tiny"])
    known, other = make_model("acme/tiny"), make_model("acme/other")

    assert tell(model=known).is_listed
    assert tell(license=license).is_listed
    assert not tell(model=other).is_listed
    assert tell(model=other, cause=Cause.TEXT, event=Event.TEXT_CHANGED).is_listed
    assert tell(model=make_model("acme/third"), before="").lead.model == other, "folded apart from listed ones"
