"""The admin's lists: read-only, few queries, and a quarantined record read again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ingest.models import Quarantine
from licenses.models import (
    AuditEntry,
    Change,
    Clause,
    Conclusion,
    Document,
    OpenModel,
    Proposal,
    Quote,
    Revision,
    Rule,
)
from tests.conftest import browser_of
from tests.factories import NOW, make_change, make_license, make_model, make_revision
from tests.pages import words

pytestmark = pytest.mark.django_db

ROWS = 30
LISTS = {
    "licenses/rule": Rule, "licenses/clause": Clause, "licenses/quote": Quote, "licenses/change": Change,
    "licenses/auditentry": AuditEntry, "licenses/proposal": Proposal, "licenses/conclusion": Conclusion,
    "licenses/revision": Revision, "ingest/quarantine": Quarantine,
}  # fmt: skip


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="a long word of its own")


@pytest.fixture
def admin(root: User) -> Client:
    return browser_of(root)


def fill(root: User) -> None:
    """Many rows in each list."""
    for number in range(ROWS):
        license = make_license(f"License {number}", mau_cap="yes", revenue_cap="silent")
        model = make_model(f"acme/m{number}")
        own = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE")
        make_revision(license.documents.get(), f"Words of {number}.")
        make_revision(own, f"Other words of {number}.")
        Rule.objects.create(signal="name", value=f"n{number}", license=license, added_by=root, added_at=NOW, reason="x")
        make_change(license=license)
        make_change(model=model)
        by = {"made_by": root, "made_by_name": "Root", "made_at": NOW}
        Proposal.objects.create(license=license, kind="mau_cap", origin="visitor", text="No.", **by)
        Conclusion.objects.create(model=model, license=license, reason="So.", quote="-", **by)
        AuditEntry.objects.create(at=NOW, by=root, by_name="Root", deed="bound", license=license, model=model)
        Quarantine.objects.create(digest=str(number), repo_id=f"acme/q{number}", reason="odd", record="{}", seen_at=NOW)


def test_no_list_asks_the_database_row_by_row(admin, root, django_assert_max_num_queries):
    fill(root)
    for path in LISTS:
        with django_assert_max_num_queries(6):
            page = admin.get(f"/admin/{path}/")
        assert page.status_code == 200
        assert page.content.count(b"action-checkbox") >= ROWS or path != "ingest/quarantine"


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_searched(path, admin, root):
    fill(root)

    assert admin.get(f"/admin/{path}/", {"q": "acme/m1 x"}).status_code == 200
    assert admin.get(f"/admin/{path}/{LISTS[path].objects.first().pk}/change/").status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_nothing_is_added_changed_or_deleted(path, admin, root):
    fill(root)
    row = LISTS[path].objects.order_by("pk").first()
    before, count = LISTS[path].objects.values().get(pk=row.pk), LISTS[path].objects.count()

    tries: list[tuple[str, dict[str, Any]]] = [
        ("add/", {"value": "x"}), (f"{row.pk}/change/", {"value": "x", "reason": "x"}),
        (f"{row.pk}/delete/", {"post": "yes"}),
    ]  # fmt: skip
    for end, fields in tries:
        assert admin.post(f"/admin/{path}/{end}", fields).status_code == 403
    admin.post(f"/admin/{path}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert LISTS[path].objects.values().get(pk=row.pk) == before
    assert LISTS[path].objects.count() == count


def test_the_e_mail_of_a_correction_is_on_no_page(admin, root):
    proposal = Proposal.objects.create(
        license=make_license(), kind="mau_cap", origin="visitor", text="No.", email="who@mail.example", made_at=NOW
    )

    page = admin.get(f"/admin/licenses/proposal/{proposal.pk}/change/")

    assert b"who@mail.example" not in page.content


@pytest.mark.parametrize(("origin", "values"), [
    ("files", {"of-a-file"}), ("curators", {"of-a-curator"}), ("retired", {"gone"}),
])  # fmt: skip
def test_rules_by_origin(origin, values, admin, root):
    license = make_license()
    for value, facts in {
        "of-a-file": {},
        "of-a-curator": {"added_at": NOW},
        "gone": {"added_at": NOW, "retired_at": NOW},
    }.items():
        Rule.objects.create(signal="name", value=value, license=license, **facts)

    page = admin.get("/admin/licenses/rule/", {"origin": origin})

    assert {row.value for row in page.context["cl"].result_list} == values


# The quarantine.

WHOLE = {"_id": "a" * 24, "id": "acme/tiny", "cardData": {"license": "apache-2.0"}}


def quarantined(record: str, repo_id: str = "acme/tiny") -> Quarantine:
    return Quarantine.objects.create(digest="x", repo_id=repo_id, reason="odd", record=record, seen_at=NOW)


def read_again(admin: Client, kept: Quarantine) -> str:
    fields = {"action": "read_again", "_selected_action": [kept.pk]}
    return words(admin.post("/admin/ingest/quarantine/", fields, follow=True).content.decode())


def test_a_record_that_can_be_read_now_comes_in(admin, apache):
    page = read_again(admin, quarantined(json.dumps(WHOLE)))

    assert "Acme/tiny was read and is no longer here." in page
    assert OpenModel.objects.get().license == apache
    assert not Quarantine.objects.exists()


def test_an_old_record_never_goes_over_what_was_read_since(admin, apache, hub, queue):
    model = make_model("acme/tiny", declared=["mit"])
    kept = quarantined(json.dumps(WHOLE | {"_id": model.hub_id}))

    page = read_again(admin, kept)

    assert "A worker asks the Hub for all of it." in page
    assert OpenModel.objects.get().declared == ["mit"]
    assert not Change.objects.exists()


def test_a_record_that_still_cannot_be_read_says_why(admin):
    page = read_again(admin, quarantined(json.dumps(WHOLE | {"_id": 7})))

    assert "stays here: `_id` is not 24 hexadecimal digits" in page
    assert Quarantine.objects.exists()


def test_of_a_record_that_was_cut_the_hub_is_asked_by_a_worker(admin, apache, hub, queue):
    from ingest.tasks import ask_again

    hub.publishes("acme/tiny", license="apache-2.0")
    kept = quarantined(json.dumps(WHOLE)[:40])

    page = read_again(admin, kept)

    assert "A worker asks the Hub for all of it." in page
    assert Quarantine.objects.exists()
    ask_again(pk=kept.pk)
    assert OpenModel.objects.get().license == apache
    assert not Quarantine.objects.exists()


def test_what_the_hub_does_not_show_stays_with_its_reason(hub):
    from ingest.tasks import ask_again

    kept = quarantined("{")
    ask_again(pk=kept.pk)

    assert Quarantine.objects.get().reason == "Asked again: the Hub shows no such model"


def test_a_cut_record_without_a_name_says_so(admin):
    assert "only its beginning was kept, and it has no name" in read_again(admin, quarantined("{", repo_id=""))


def test_lists_are_named_in_plural(admin: Client) -> None:
    page = words(admin.get("/admin/").content.decode())

    assert "Watched repositories" in page
    assert "Watchs" not in page
