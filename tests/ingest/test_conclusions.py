"""A curator concludes one model's license: it holds whatever the metadata says, and is told as our reading."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from ingest.binding import Refused
from ingest.concluding import Evidence, conclude
from ingest.resolve import resolve
from ingest.tally import tally
from licenses.models import (
    AuditEntry,
    Change,
    Conclusion,
    Disagreement,
    Document,
    License,
    LicenseCount,
    OpenModel,
    UnresolvedName,
)
from licenses.telling import told
from tests.factories import make_license, make_model, make_person, make_revision
from tests.ingest.conftest import known_by
from tests.ingest.sweeping import sweep_all
from tests.pages import words

pytestmark = pytest.mark.django_db

SHOWN = Evidence("Its card says so in the first line.", "https://hub.example/acme/tiny")


@pytest.fixture
def ada() -> User:
    return make_person("ada", "curator")


@pytest.fixture
def gemma(db: None) -> License:
    return known_by(make_license("Gemma"), name="gemma")


def tagged(apache: License) -> OpenModel:
    return make_model("acme/tiny", declared=["apache-2.0"], declared_name="Gemma", license=apache,
                      resolved_by="tag:apache-2.0", downloads=7)  # fmt: skip


def standing() -> tuple[str | None, str]:
    return OpenModel.objects.values_list("license__short_name", "resolved_by").get()


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

    conclude(model, apache, SHOWN, by=ada, now=now)

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


# The page.

PAGE = "/curate/models/acme/tiny/"


def test_the_page_shows_what_each_signal_says(curator, apache, gemma):
    model = tagged(apache)
    OpenModel.objects.update(declared_link="https://odd.example/license")
    document = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE", reads_as=gemma)
    make_revision(document, "Do as you like.")

    text = words(curator.get(PAGE).content.decode().replace("<", " <"))

    assert "tag apache-2.0 Apache 2.0" in text
    assert "name Gemma Gemma" in text
    assert "link https://odd.example/license nothing that we know" in text
    assert "file LICENSE Gemma" in text
    assert "stands under Apache 2.0 , by tag:apache-2.0" in text
    assert f"/models/acme/tiny/text/{document.key}/" in curator.get(PAGE).content.decode()


def test_a_curator_concludes_and_sees_it(curator, apache, gemma):
    tagged(apache)

    page = curator.post(PAGE, {"license": "gemma", "reason": "So it says.", "quote": "under  Gemma terms"}, follow=True)

    text = words(page.content.decode())
    assert "acme/tiny: Gemma." in text
    assert "Ada: Gemma. So it says." in text
    assert Conclusion.objects.get().quote == "under Gemma terms"
    assert "Gemma" in curator.get("/models/acme/tiny/").content.decode()


def test_a_curator_says_that_it_is_not_known(curator, apache):
    tagged(apache)

    curator.post(PAGE, {"known": "no", "reason": "The file is empty.", "evidence": "https://hub.example/acme/tiny"})

    assert standing() == (None, "")


@pytest.mark.parametrize(("fields", "said"), [
    ({"license": "gemma", "reason": "So."}, "Evidence is missing."),
    ({"reason": "So.", "quote": "words"}, "License is missing."),
    ({"license": "odd", "reason": "So.", "quote": "words"}, "License is “odd”, which is no license here."),
])  # fmt: skip
def test_a_faulty_form_comes_back(fields, said, curator, apache, gemma):
    tagged(apache)

    page = curator.post(PAGE, fields)

    assert page.status_code == 400
    assert said in words(page.content.decode())
    assert all(value in page.content.decode() for value in fields.values())


def test_nothing_is_concluded_of_what_is_gone(curator, apache, now):
    tagged(apache)
    OpenModel.objects.update(gone_at=now)

    assert curator.post(PAGE, {"license": "apache-20", "reason": "So.", "quote": "words"}).status_code == 400
    assert not Conclusion.objects.exists()
    assert curator.get("/curate/models/acme/nothing/").status_code == 404


def test_what_strangers_wrote_is_shown_and_harmless(curator, apache):
    hostile = "<script>alert(1)</script>\u202eevil"
    make_model("acme/tiny", declared=[hostile], declared_name=hostile, declared_link=f"javascript:alert(1)//{hostile}")

    page = curator.post(PAGE, {"license": hostile, "reason": hostile, "quote": hostile}).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert page.count("&lt;script&gt;") >= 5


def test_visitors_are_asked_who_they_are(visitor, apache):
    tagged(apache)

    assert visitor.get(PAGE).status_code == visitor.post(PAGE).status_code == 302


def test_the_page_takes_few_queries(curator, apache, gemma, django_assert_num_queries: Any):
    model = tagged(apache)
    for number in range(6):
        Document.objects.create(
            model=model, key=f"d{number}", role="agreement", title=f"LICENSE-{number}", reads_as=gemma
        )

    with django_assert_num_queries(13):
        curator.get(PAGE)
