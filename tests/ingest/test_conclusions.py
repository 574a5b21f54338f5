"""A curator concludes one model's license: it holds whatever the metadata says, and is told as our reading."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.binding import Refused
from ingest.concluding import Evidence, conclude, withdraw
from ingest.resolve import resolve
from ingest.tally import tally
from licenses.models import (
    AuditEntry,
    Change,
    Conclusion,
    Disagreement,
    LicenseCount,
    OpenModel,
    UnresolvedName,
)
from licenses.telling import told
from tests.factories import make_model
from tests.ingest.concluding import SHOWN, own_file, standing, tagged
from tests.ingest.sweeping import sweep_all

pytestmark = pytest.mark.django_db


def test_it_holds_whatever_the_metadata_says(apache, gemma, ada, hub, client_of, now):
    hub.publishes("acme/tiny", license="apache-2.0", license_name="Gemma", downloads=7)
    sweep_all(client_of, now=now)

    made = conclude(OpenModel.objects.get(), gemma, SHOWN, by=ada, now=now)

    assert standing() == ("Gemma", f"concluded:{made.pk}")
    hub.changes("acme/tiny", likes=99)
    sweep_all(client_of, now=now + timedelta(days=1))
    assert (resolve(now=now), standing()) == (0, ("Gemma", f"concluded:{made.pk}"))


def test_it_belongs_to_the_repository_not_to_its_name(apache, gemma, ada, hub, client_of, now):
    hub.publishes("acme/tiny", license="apache-2.0")
    sweep_all(client_of, now=now)
    conclude(OpenModel.objects.get(), gemma, SHOWN, by=ada, now=now)

    hub.removes("acme/tiny")
    hub.publishes("acme/tiny", license="apache-2.0")
    sweep_all(client_of, now=now + timedelta(days=1))

    assert OpenModel.objects.live().get().license == apache


def test_the_change_is_told_as_our_reading_with_counts_and_trail(apache, gemma, ada, now):
    model = tagged(apache)
    tally(now=now)
    assert Disagreement.objects.get().model == model

    conclude(model, gemma, SHOWN, by=ada, now=now)

    change = Change.objects.entries().with_subjects().get()
    assert (change.cause, change.is_theirs) == ("reading", False)
    assert told(change).title == "Our reading: acme/tiny: we now take its license for Gemma, before Apache 2.0"
    assert change.remark == "Concluded by Ada: Its card says so in the first line."
    assert list(LicenseCount.objects.values_list("license__short_name", "total", "downloads")) == [("Gemma", 1, 7)]
    deed = AuditEntry.objects.get()
    assert (deed.deed, deed.model, deed.license, deed.before, deed.after) == (
        "concluded", model, gemma, "Apache 2.0", "Gemma",
    )  # fmt: skip
    assert not Disagreement.objects.exists()
    tally(now=now)
    assert not Disagreement.objects.exists()


def test_that_the_tag_is_right_is_a_conclusion_and_no_news(apache, gemma, ada, now):
    model = tagged(apache)
    tally(now=now)

    conclude(model, apache, SHOWN, by=ada, now=now, seen=True)

    tally(now=now)
    assert (Change.objects.count(), Disagreement.objects.count()) == (0, 0)
    assert standing()[0] == "Apache 2.0"


def test_not_known_here_leaves_it_without_a_license_though_its_tag_says_something(apache, ada, now):
    model = tagged(apache)

    conclude(model, None, SHOWN, by=ada, now=now)

    assert standing() == (None, "")
    assert resolve(now=now) == 0
    tally(now=now)
    assert not UnresolvedName.objects.exists()


def test_a_later_conclusion_supersedes_the_earlier(apache, gemma, ada, now):
    model = tagged(apache)
    conclude(model, None, SHOWN, by=ada, now=now)

    conclude(model, gemma, SHOWN, by=ada, now=now + timedelta(hours=1))

    assert Conclusion.objects.standing().get().license == gemma
    assert Conclusion.objects.count() == 2
    assert standing()[0] == "Gemma"


def test_a_model_that_waited_waits_no_longer(gemma, ada, now):
    model = make_model("acme/tiny", declared=["other"], declared_name="mine")
    tally(now=now)
    assert UnresolvedName.objects.exists()

    conclude(model, gemma, SHOWN, by=ada, now=now)

    assert not UnresolvedName.objects.exists()


@pytest.mark.parametrize(("evidence", "field"), [
    (Evidence(" ", "https://a.example"), "reason"),
    (Evidence("x" * 2001, "https://a.example"), "reason"),
    (Evidence("Because."), "evidence"),
    (Evidence("Because.", "javascript:alert(1)"), "evidence"),
    (Evidence("Because.", "ftp://a.example"), "evidence"),
    (Evidence("Because.", "https://a.example/" + "x" * 500), "evidence"),
    (Evidence("Because.", quote="x" * 301), "quote"),
])  # fmt: skip
def test_what_proves_nothing_is_refused(evidence, field, apache, ada, now):
    model = tagged(apache)

    with pytest.raises(Refused) as refused:
        conclude(model, None, evidence, by=ada, now=now)

    assert list(refused.value.faults) == [field]
    assert not Conclusion.objects.exists()


def test_against_its_own_file_only_by_who_has_seen_it(apache, gemma, llama, ada, now):
    model = tagged(apache)
    own_file(model, gemma)

    for license in (apache, llama, None):
        with pytest.raises(Refused, match="seen is missing: its file, LICENSE, by itself means Gemma"):
            conclude(model, license, SHOWN, by=ada, now=now)

    assert not Conclusion.objects.exists()
    assert conclude(model, llama, SHOWN, by=ada, now=now, seen=True).license == llama
    assert conclude(model, gemma, SHOWN, by=ada, now=now).license == gemma


def test_against_a_signal_that_is_known_to_disagree_too(apache, gemma, ada, now):
    model = tagged(apache)
    tally(now=now)

    with pytest.raises(Refused, match="its license_name, Gemma, by itself means Gemma"):
        conclude(model, apache, SHOWN, by=ada, now=now)


def test_beside_a_file_that_agrees_others_are_of_its_parts(apache, gemma, ada, now):
    model = tagged(apache)
    own_file(model, gemma)
    own_file(model, apache, key="license-1")
    own_file(model, gemma, role="notice", key="notice")

    assert conclude(model, apache, SHOWN, by=ada, now=now).license == apache


def test_what_was_concluded_is_taken_back(apache, gemma, ada, now):
    model = tagged(apache)
    tally(now=now)
    conclude(model, gemma, SHOWN, by=ada, now=now)

    assert withdraw(model, reason="The card changed.", by=ada, now=now + timedelta(hours=1)) == apache

    assert standing() == ("Apache 2.0", "tag:apache-2.0")
    assert Conclusion.objects.get().superseded_at == now + timedelta(hours=1)
    change = Change.objects.latest("pk")
    assert (change.cause, change.remark) == ("reading", "Conclusion taken back by Ada: The card changed.")
    assert list(LicenseCount.objects.values_list("license__short_name", "total")) == [("Apache 2.0", 1)]
    assert Disagreement.objects.get().says == gemma
    deed = AuditEntry.objects.latest("pk")
    assert (deed.deed, deed.model, deed.before, deed.after, deed.reason) == (
        "reopened", model, "Gemma", "Apache 2.0", "The card changed.",
    )  # fmt: skip


def test_a_model_of_which_nothing_was_known_waits_again(ada, now):
    model = make_model("acme/tiny", declared=["other"], declared_name="mine")
    conclude(model, None, SHOWN, by=ada, now=now)
    tally(now=now)
    assert not UnresolvedName.objects.exists()

    assert withdraw(model, reason="Its name tells.", by=ada, now=now) is None

    assert UnresolvedName.objects.get().value == "mine"


@pytest.mark.parametrize(("reason", "field"), [(" ", "reason"), ("x" * 2001, "reason"), ("So.", "conclusion")])
def test_nothing_is_taken_back_without_reason_or_conclusion(reason, field, apache, ada, now):
    model = tagged(apache)

    with pytest.raises(Refused) as refused:
        withdraw(model, reason=reason, by=ada, now=now)

    assert list(refused.value.faults) == [field]
    assert not AuditEntry.objects.exists()
