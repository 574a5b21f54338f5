"""Who asks a feed again gets a body when an entry differs, and only then; and the answer does not take long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from licenses.models import Change, ChangeQuerySet, License, Publisher, Release, Revision
from tests.factories import NOW, make_change, make_license, make_model, make_release

pytestmark = pytest.mark.django_db


class TestWhoeverAsksAgain:
    """With the ETag of what he has."""

    def again(self, client: Client, address: str, **known: Any) -> int:
        return client.get(address, headers={"If-None-Match": known["etag"]}).status_code

    def test_is_not_told_of_a_bulk_of_strangers(self, client: Client) -> None:
        license = make_license("MIT")
        make_change(license=license)
        make_change(model=make_model("acme/a"), after="mit")
        make_release("Tiny", license, repos=["acme/a"])
        paths = ["/licenses/mit/changes.atom", "/changes.atom", "/publishers/acme/changes.atom?models=all"]
        etags = {path: client.get(path).headers["ETag"] for path in paths}

        for name in "xy":
            make_change(model=make_model(f"zeta/{name}"), after="mit", seen_at=NOW + timedelta(hours=1))

        assert [self.again(client, path, etag=etag) for path, etag in etags.items()] == [304, 304, 304]

    @pytest.mark.parametrize(("kind", "column"), [(License, "short_name"), (Release, "name"), (Publisher, "name")])
    def test_is_told_of_another_name(self, client: Client, kind: type[Model], column: str) -> None:
        make_release("Tiny", make_license("MIT"))
        make_change(license=License.objects.get())
        etag = client.get("/changes.atom").headers["ETag"]

        kind._default_manager.update(**{column: "Renamed"})

        assert self.again(client, "/changes.atom", etag=etag) == 200

    def test_is_told_when_a_text_is_fetched_later(self, client: Client) -> None:
        license, other = make_license("MIT"), make_license("Other")
        document = license.documents.get()
        old, new = (Revision.objects.create(document=document, raw_sha256=n * 64, source="x") for n in "ab")
        make_change(license=license, event="text_changed", document=document, revision_before=old, revision_after=new)
        make_change(license=other)
        etags = {path: client.get(path).headers["ETag"] for path in ("/changes.atom", "/licenses/other/changes.atom")}

        for revision in (old, new):
            Revision.objects.filter(pk=revision.pk).update(text="Words.", sha256=str(revision.pk))

        assert [self.again(client, path, etag=etag) for path, etag in etags.items()] == [200, 304]


def plan(changes: ChangeQuerySet) -> str:
    """As in a table so large that reading it whole is the last resort."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return changes.explain()


class TestOverAllModelsOnTheHub:
    def test_a_publisher_s_are_found_by_their_index(self) -> None:
        make_release("Tiny", make_license("MIT"), repos=["acme/a"])

        steps = plan(Change.objects.leads().from_publishers(["acme"]))

        assert "models_of_an_author" in steps
        assert "Seq Scan on licenses_openmodel" not in steps

    def test_a_search_reads_the_names_of_those_that_changed(self) -> None:
        assert "upper((repo_id)" not in plan(Change.objects.leads().matching("tiny"))
