"""License texts are fetched where they lie, when they moved and not otherwise."""

from datetime import timedelta

import pytest

from ingest import watch
from ingest.files import blob_of
from ingest.look import look
from ingest.models import Watch, WatchedFile
from licenses.models import Change, Document, OpenModel, Revision
from tests.factories import make_license, make_model
from tests.ingest.watching import HOURS, downloads, files, listings, place, texts

pytestmark = pytest.mark.django_db

DO = "Do with these files as you please, on your machines or on those of others, and keep this line in every copy."
DO_NOT = "Do not use these files to harm people, to watch them against their will, or to speak in the name of others."
MORE = "More files may come. They are under the same terms, unless a line at their head says that they are not so."

# Texts


def test_a_document_of_the_catalogue_gets_its_words(hub, client_of, now):
    agreement = place(make_license())
    commit = hub.publishes("acme/tiny", files={"LICENSE": DO})["sha"]

    looked = look("acme/tiny", client_of, now=now)

    kept = Revision.objects.get()
    assert (kept.document, kept.text) == (agreement, DO)
    assert kept.source == f"hf:acme/tiny@{commit[:12]}:LICENSE"
    assert (looked.state, looked.downloads, looked.wordings) == ("ok", 1, 1)
    assert OpenModel.objects.get().repo_id == "acme/tiny"
    assert not Change.objects.exists()


def test_several_documents_of_one_repository_are_one_request_and_a_download_each(hub, client_of, now):
    license = make_license()
    place(license)
    place(license, path="USE_POLICY.md", key="policy", role="acceptable_use_policy")
    hub.publishes("acme/tiny", files={"LICENSE": DO, "USE_POLICY.md": DO_NOT})

    look("acme/tiny", client_of, now=now)

    assert len(listings(hub)) == 1
    assert len(downloads(hub)) == 2
    assert texts() == [DO, DO_NOT]


def test_licenses_that_share_a_file_get_its_words_each(hub, client_of, now):
    for name in ("One", "Two"):
        place(make_license(name))
    hub.publishes("acme/tiny", files={"LICENSE": DO})

    look("acme/tiny", client_of, now=now)

    assert len(downloads(hub)) == 1
    assert Revision.objects.count() == Document.objects.filter(head__isnull=False).count() == 2


def test_a_license_that_joins_later_gets_the_words_of_an_unmoved_file(hub, client_of, now):
    place(make_license("One"))
    hub.publishes("acme/tiny", files={"LICENSE": DO})
    look("acme/tiny", client_of, now=now)
    place(make_license("Two"))

    look("acme/tiny", client_of, now=now + HOURS)

    assert Revision.objects.count() == 2


def test_other_license_files_belong_to_the_model(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={
        "LICENSE.md": DO, "original/USE_POLICY.md": DO_NOT, "NOTICE": "By us.", "tiny.license.txt": MORE,
        "README.md": "---\nlicense: other\n---\n# Tiny\n## License\nSee there.\n", "config.json": "{}",
    })  # fmt: skip

    look("acme/tiny", client_of, now=now)

    model = OpenModel.objects.get()
    assert set(model.documents.values_list("key", "role", "title")) == {
        ("license-md", "agreement", "LICENSE.md"),
        ("original-use-policy-md", "acceptable_use_policy", "original/USE_POLICY.md"),
        ("notice", "notice", "NOTICE"),
        ("tiny-license-txt", "agreement", "tiny.license.txt"),
        ("readme-md", "model_card", "README.md"),
    }
    assert model.documents.get(key="readme-md").head.text == "## License\nSee there."


def test_names_that_are_alike_get_keys_of_their_own(hub, client_of, now):
    hub.publishes("acme/tiny", files={"LICENSE-a": DO, "LICENSE.a": DO_NOT, "LICENSE_a": MORE})

    look("acme/tiny", client_of, now=now)

    assert sorted(Document.objects.values_list("key", flat=True)) == ["license-a", "license-a-2", "license-a-3"]


def test_a_card_without_a_word_on_the_license_is_no_document(hub, client_of, now):
    hub.publishes("acme/tiny", files={"README.md": "# Tiny\n"})

    look("acme/tiny", client_of, now=now)

    assert files() == {"README.md": "no_section"}
    assert not Document.objects.exists()


# Only what moved


def test_what_did_not_move_is_not_fetched(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": DO, "README.md": "# Tiny"})
    look("acme/tiny", client_of, now=now)
    hub.requests.clear()
    before = list(WatchedFile.objects.values())

    again = look("acme/tiny", client_of, now=now + HOURS)

    assert [request.target for request in hub.requests] == ["/api/models/acme/tiny?blobs=true"]
    assert (again.downloads, again.wordings) == (0, 0)
    assert list(WatchedFile.objects.values()) == before
    assert Watch.objects.get().checked_at == now + HOURS


def test_only_the_file_that_moved_is_fetched(hub, client_of, now):
    license = make_license()
    place(license)
    place(license, path="NOTICE", key="notice", role="notice")
    hub.publishes("acme/tiny", files={"LICENSE": DO, "NOTICE": "By us."})
    look("acme/tiny", client_of, now=now)
    hub.requests.clear()
    commit = hub.changes("acme/tiny", files={"LICENSE": DO_NOT})["sha"]

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert downloads(hub) == [f"/acme/tiny/resolve/{commit}/LICENSE"]
    assert (looked.downloads, looked.wordings) == (1, 1)
    assert texts() == [DO, "By us.", DO_NOT]


def test_two_thousand_documents_that_did_not_move_are_500_requests_and_no_download(hub, client_of, now):
    license = make_license()
    paths = ["LICENSE", "NOTICE", "USE_POLICY.md", "README.md"]
    for number in range(500):
        hub.publishes(f"acme/m{number:03}", files=dict.fromkeys(paths, f"# License {number}"))
    Document.objects.bulk_create(
        Document(
            license=license, key=f"d{number}-{path[:3].lower()}", role="notice", repo=f"acme/m{number:03}", path=path
        )
        for number in range(500)
        for path in paths
    )
    as_after_a_look(hub, now)

    step = watch.run(client_of, clock=lambda: now + HOURS)

    assert (step.looked, step.left) == (500, 0)
    assert len(hub.requests) == len(set(listings(hub))) == 500
    assert not Revision.objects.exists()


def as_after_a_look(hub, now):
    """Every document of the catalogue was kept, at the content that the Hub shows."""
    entries = hub.shelf.by_name
    watches = {
        name: Watch(repo_id=name, hub_id=entry.uid, commit=entry.record["sha"], checked_at=now)
        for name, entry in entries.items()
    }
    Watch.objects.bulk_create(watches.values())
    OpenModel.objects.bulk_create(
        OpenModel(hub_id=entry.uid, repo_id=name, first_seen_at=now) for name, entry in entries.items()
    )
    WatchedFile.objects.bulk_create(
        WatchedFile(
            watch=watches[each.repo], path=each.path, document=each, state="kept", seen_at=now,
            blob=blob_of(entries[each.repo].files[each.path]),
        )
        for each in watch.catalogued()
    )  # fmt: skip


def test_two_runs_are_as_good_as_one(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", license="other", files={"LICENSE": DO, "NOTICE": "By us.", "w.pdf": "%PDF"})

    watch.run(client_of, clock=lambda: now)
    once = [list(kind.objects.order_by("pk").values()) for kind in (Document, Revision, WatchedFile, OpenModel, Change)]
    watch.run(client_of, clock=lambda: now + HOURS)

    assert once == [
        list(kind.objects.order_by("pk").values()) for kind in (Document, Revision, WatchedFile, OpenModel, Change)
    ]


# Whom, and when


def test_the_catalogue_comes_first_then_terms_of_their_own_by_downloads(now):
    place(make_license("Custom", kind="custom"), repo="zeta/last")
    place(make_license("Retired"), repo="old/place", retired_on=now.date())
    mit = make_license("MIT", kind="standard")
    make_model("acme/declares", declared=["other"], downloads=5)
    make_model("acme/custom", license=make_license("Custom 2", kind="custom"), downloads=7)
    make_model("acme/named", declared_name="acme-1", downloads=6)
    make_model("acme/standard", license=mit, declared=["mit"], downloads=9)
    make_model("acme/silent", downloads=8)
    make_model("acme/gone", declared=["other"], gone_at=now)
    make_model("zeta/last", declared=["other"], downloads=10)

    assert watch.repos() == ["zeta/last", "acme/custom", "acme/named", "acme/declares"]


def test_not_more_than_a_thousand_by_downloads(monkeypatch):
    monkeypatch.setattr(watch, "CUSTOM", 2)
    for number in range(3):
        make_model(f"acme/m{number}", declared=["other"], downloads=number)

    assert watch.repos() == ["acme/m2", "acme/m1"]


def test_who_was_looked_at_waits_five_hours(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": DO})
    assert watch.due(now) == ["acme/tiny"]

    watch.run(client_of, clock=lambda: now)

    assert watch.due(now + timedelta(hours=4)) == []
    assert watch.due(now + timedelta(hours=5)) == ["acme/tiny"]


def test_a_step_ends_after_its_time_and_says_what_is_left(hub, client_of, now):
    for name in ("a", "b", "c"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": DO})
    ticks = iter(range(100))

    step = watch.run(client_of, clock=lambda: now + timedelta(seconds=next(ticks)), seconds=5)

    assert (step.looked, step.left) == (2, 1)


def test_a_watch_left_behind_is_overdue_and_one_under_way_is_not(hub, client_of, now):
    assert not watch.is_overdue(now)
    for name in ("a", "b"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": DO})
    assert watch.is_overdue(now)

    look("acme/a", client_of, now=now)

    assert not watch.is_overdue(now + timedelta(minutes=1))
    assert watch.is_overdue(now + timedelta(minutes=3))
    look("acme/b", client_of, now=now)
    assert not watch.is_overdue(now + timedelta(hours=6))
    assert watch.is_overdue(now + timedelta(hours=7))
