"""License texts are fetched where they lie, when they moved and not otherwise, whatever the Hub answers."""

from datetime import timedelta

import pytest

from ingest import watch
from ingest.files import blob_of
from ingest.hub import HubUnavailable
from ingest.look import look
from ingest.models import Watch, WatchedFile
from licenses.models import Change, Document, OpenModel, Revision
from licenses.wording import LARGEST
from tests.factories import make_license, make_model
from tests.hub.server import Failure, Fault

pytestmark = pytest.mark.django_db

HOURS = timedelta(hours=6)
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"


def place(license, *, repo="acme/tiny", path="LICENSE", key="agreement", **fields) -> Document:
    """Where a document of the catalogue lies."""
    fields = {"role": "agreement", "title": path} | fields | {"repo": repo, "path": path}
    return Document.objects.update_or_create(license=license, key=key, defaults=fields)[0]


def downloads(hub) -> list[str]:
    return [request.path for request in hub.requests if "/resolve/" in request.path]


def listings(hub) -> list[str]:
    return [request.path for request in hub.requests if request.path.startswith("/api/models/")]


def files(repo_id="acme/tiny") -> dict[str, str]:
    return dict(WatchedFile.objects.filter(watch__repo_id=repo_id).values_list("path", "state"))


def state(repo_id="acme/tiny") -> str:
    return Watch.objects.get(repo_id=repo_id).state


def texts() -> list[str]:
    return list(Revision.objects.order_by("pk").values_list("text", flat=True))


# Texts


def test_a_document_of_the_catalogue_gets_its_words(hub, client_of, now):
    agreement = place(make_license())
    commit = hub.publishes("acme/tiny", files={"LICENSE": "Do as you please."})["sha"]

    looked = look("acme/tiny", client_of, now=now)

    kept = Revision.objects.get()
    assert (kept.document, kept.text) == (agreement, "Do as you please.")
    assert kept.source == f"hf:acme/tiny@{commit[:12]}:LICENSE"
    assert (looked.state, looked.downloads, looked.wordings) == ("ok", 1, 1)
    assert OpenModel.objects.get().repo_id == "acme/tiny"
    assert not Change.objects.exists()


def test_several_documents_of_one_repository_are_one_request_and_a_download_each(hub, client_of, now):
    license = make_license()
    place(license)
    place(license, path="USE_POLICY.md", key="policy", role="acceptable_use_policy")
    hub.publishes("acme/tiny", files={"LICENSE": "Do.", "USE_POLICY.md": "Do not."})

    look("acme/tiny", client_of, now=now)

    assert len(listings(hub)) == 1
    assert len(downloads(hub)) == 2
    assert texts() == ["Do.", "Do not."]


def test_licenses_that_share_a_file_get_its_words_each(hub, client_of, now):
    for name in ("One", "Two"):
        place(make_license(name))
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})

    look("acme/tiny", client_of, now=now)

    assert len(downloads(hub)) == 1
    assert Revision.objects.count() == Document.objects.filter(head__isnull=False).count() == 2


def test_a_license_that_joins_later_gets_the_words_of_an_unmoved_file(hub, client_of, now):
    place(make_license("One"))
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)
    place(make_license("Two"))

    look("acme/tiny", client_of, now=now + HOURS)

    assert Revision.objects.count() == 2


def test_other_license_files_belong_to_the_model(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={
        "LICENSE.md": "Do.", "original/USE_POLICY.md": "Do not.", "NOTICE": "By us.", "tiny.license.txt": "More.",
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
    hub.publishes("acme/tiny", files={"LICENSE-a": "1", "LICENSE.a": "2", "LICENSE_a": "3"})

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
    hub.publishes("acme/tiny", files={"LICENSE": "Do.", "README.md": "# Tiny"})
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
    hub.publishes("acme/tiny", files={"LICENSE": "Do.", "NOTICE": "By us."})
    look("acme/tiny", client_of, now=now)
    hub.requests.clear()
    commit = hub.changes("acme/tiny", files={"LICENSE": "Do not."})["sha"]

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert downloads(hub) == [f"/acme/tiny/resolve/{commit}/LICENSE"]
    assert (looked.downloads, looked.wordings) == (1, 1)
    assert texts() == ["Do.", "By us.", "Do not."]


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
    hub.publishes("acme/tiny", license="other", files={"LICENSE": "Do.", "NOTICE": "By us.", "w.pdf": "%PDF"})

    watch.run(client_of, clock=lambda: now)
    once = [list(kind.objects.order_by("pk").values()) for kind in (Document, Revision, WatchedFile, OpenModel, Change)]
    watch.run(client_of, clock=lambda: now + HOURS)

    assert once == [
        list(kind.objects.order_by("pk").values()) for kind in (Document, Revision, WatchedFile, OpenModel, Change)
    ]


# What is no text


NO_TEXTS = {
    "PDF": (b"%PDF-1.7\n\0\0", "fault"),
    "web page": (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "fault"),
    "binary": (b"\0\1\2\3" * 50, "fault"),
    "pointer": (POINTER, "fault"),
    "too large": (b"words " * (LARGEST // 6 + 1), "too_large"),
}


@pytest.mark.parametrize(("content", "expected"), NO_TEXTS.values(), ids=NO_TEXTS)
def test_what_is_no_text_is_a_state_and_no_revision(hub, client_of, now, content, expected):
    place(make_license(), path="terms")
    hub.publishes("acme/tiny", files={"terms": content, "LICENSE": content, "NOTICE": "By us."})

    look("acme/tiny", client_of, now=now)
    fetched = len(downloads(hub))
    look("acme/tiny", client_of, now=now + HOURS)

    assert files() == {"terms": expected, "LICENSE": expected, "NOTICE": "kept"}
    assert all(WatchedFile.objects.filter(state=expected).values_list("note", flat=True))
    assert texts() == ["By us."]
    assert list(Document.objects.filter(model__isnull=False).values_list("path", flat=True)) == ["NOTICE"]
    assert len(downloads(hub)) == fetched


def test_a_file_of_the_large_file_storage_is_not_fetched(hub, client_of, now):
    place(make_license(), path="LICENSE.pdf")
    lfs = {"sha256": "0" * 64, "size": 9, "pointerSize": 127}
    hub.publishes("acme/tiny", siblings=[{"rfilename": "LICENSE.pdf", "blobId": "a" * 40, "size": 9, "lfs": lfs}])

    look("acme/tiny", client_of, now=now)

    assert files() == {"LICENSE.pdf": "fault"}
    assert downloads(hub) == []


def test_a_file_larger_than_it_said_is_read_no_further(hub, client_of, now):
    place(make_license())
    content = b"words " * 2**20
    hub.publishes("acme/tiny", siblings=[{"rfilename": "LICENSE", "blobId": blob_of(content), "size": 6}])
    hub.fails_with(Failure(200, {"Content-Type": "text/plain"}, content), where="/resolve/")

    look("acme/tiny", client_of, now=now)
    look("acme/tiny", client_of, now=now + HOURS)

    assert files() == {"LICENSE": "too_large"}
    assert len(downloads(hub)) == 1


def test_a_content_that_is_not_the_one_listed_is_refused_and_asked_for_again(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    hub.fails_with(Failure(200, body=b"Something else."), where="/resolve/")

    look("acme/tiny", client_of, now=now)
    assert (files(), texts()) == ({"LICENSE": "refused"}, [])
    assert "not what the Hub lists" in WatchedFile.objects.get().note

    look("acme/tiny", client_of, now=now + HOURS)
    assert (files(), texts()) == ({"LICENSE": "kept"}, ["Do."])


def test_a_file_that_lies_elsewhere_is_not_followed(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do.", "NOTICE": "By us."})
    hub.fails_with(Failure(302, {"Location": "http://127.0.0.1:9/LICENSE"}), where="/LICENSE")

    look("acme/tiny", client_of, now=now)

    assert files() == {"LICENSE": "refused", "NOTICE": "kept"}
    assert "another address" in WatchedFile.objects.get(path="LICENSE").note


def test_a_small_file_comes_from_the_hubs_own_cache(hub, client_of, now):
    place(make_license(), path="The License.txt")
    hub.publishes("acme/tiny", files={"The License.txt": "Do."})
    hub.keeps_a_cache = True

    look("acme/tiny", client_of, now=now)

    assert texts() == ["Do."]


@pytest.mark.parametrize("siblings", [
    [None, 7, {"rfilename": "../LICENSE", "blobId": "a" * 40, "size": 1}, {"rfilename": "LICENSE", "size": 3}],
    [{"rfilename": "LICENSE", "blobId": "x", "size": "huge"}],
])  # fmt: skip
def test_an_odd_list_of_files_costs_those_files(hub, client_of, now, siblings):
    hub.publishes("acme/tiny", siblings=siblings)

    look("acme/tiny", client_of, now=now)

    assert files() == {"LICENSE": "refused"}
    assert downloads(hub) == []


@pytest.mark.parametrize("odd", [{"siblings": None}, {"sha": None}, {"sha": "main"}, {"_id": 7}, {"id": "../x"}])
def test_a_record_of_no_use_leaves_everything_as_it_was(hub, client_of, now, odd):
    place(make_license())
    record = hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)
    body = Failure(200, body=as_body(record | {"siblings": []} | odd))
    hub.fails_with(body)

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert looked.state == state() == "refused"
    assert looked.note
    assert files() == {"LICENSE": "kept"}


def as_body(record) -> bytes:
    from tests.hub.answers import as_json

    return as_json(record).body


# Repositories that show nothing


def test_behind_a_gate_the_list_is_read_and_the_files_wait(hub, client_of, now):
    license = make_license()
    place(license)
    place(license, path="NOTICE", key="notice", role="notice")
    hub.publishes("acme/tiny", gated="manual", files={"LICENSE": "Do.", "NOTICE": "By us."})

    look("acme/tiny", client_of, now=now)
    look("acme/tiny", client_of, now=now + HOURS)

    assert state() == "gated"
    assert files() == {"LICENSE": "gated", "NOTICE": "gated"}
    assert len(downloads(hub)) == 1
    assert texts() == []


def test_a_gate_is_tried_again_the_next_day_and_when_it_opens(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", gated="manual", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)

    look("acme/tiny", client_of, now=now + timedelta(days=1))
    assert len(downloads(hub)) == 2

    hub.changes("acme/tiny", gated=False, touch=False)
    look("acme/tiny", client_of, now=now + timedelta(days=1, hours=6))
    assert (state(), texts()) == ("ok", ["Do."])


@pytest.mark.parametrize("status", [401, 403])
def test_a_gate_before_the_record_is_a_gate(hub, client_of, now, status):
    hub.fails_with(Failure(status, {"X-Error-Code": "GatedRepo"}))

    assert look("acme/tiny", client_of, now=now).state == "gated"


def test_a_repository_that_is_gone_keeps_its_texts_and_may_come_back(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)

    hub.removes("acme/tiny")
    look("acme/tiny", client_of, now=now + HOURS)
    assert (state(), files()) == ("gone", {"LICENSE": "kept"})

    hub.brings_back("acme/tiny")
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert (state(), len(downloads(hub))) == ("ok", 1)
    assert not Change.objects.filter(cause="text").exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_name_nobody_has_is_gone(hub, client_of, now, status):
    hub.fails_with(Failure(status, {}))

    assert look("acme/tiny", client_of, now=now).state == "gone"


def test_a_disabled_repository_says_so(hub, client_of, now):
    hub.publishes("acme/tiny", disabled=True)

    assert look("acme/tiny", client_of, now=now).state == "disabled"


def test_any_other_refusal_is_told(hub, client_of, now):
    hub.fails_with(Failure(451, {"X-Error-Message": "Not in this country"}))

    looked = look("acme/tiny", client_of, now=now)

    assert looked.state == "refused"
    assert "Not in this country" in Watch.objects.get().note


def test_a_file_that_disappears_is_missing_and_comes_back(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do.", "NOTICE": "By us."})
    look("acme/tiny", client_of, now=now)

    hub.changes("acme/tiny", files={"LICENSE": None, "NOTICE": None})
    look("acme/tiny", client_of, now=now + HOURS)
    assert files() == {"LICENSE": "missing", "NOTICE": "missing"}
    assert Document.objects.get(path="LICENSE").head.text == "Do."

    hub.changes("acme/tiny", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert files() == {"LICENSE": "kept", "NOTICE": "missing"}
    assert Revision.objects.count() == 2


def test_a_document_the_repository_never_had_is_missing(hub, client_of, now):
    place(make_license(), path="License.txt")
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})

    look("acme/tiny", client_of, now=now)

    assert files() == {"License.txt": "missing", "LICENSE": "kept"}


def test_a_file_gone_between_list_and_download_is_missing(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    hub.fails_with(Failure(404, {"X-Error-Code": "EntryNotFound"}), where="/resolve/")

    look("acme/tiny", client_of, now=now)
    assert files() == {"LICENSE": "missing"}

    look("acme/tiny", client_of, now=now + HOURS)
    assert files() == {"LICENSE": "kept"}


# Names


def test_a_renamed_repository_is_read_under_its_new_name(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", license="other", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)
    hub.renames("acme/tiny", "big/small")
    hub.changes("big/small", files={"LICENSE": "Do not."})

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert (looked.state, Watch.objects.get().moved_to) == ("renamed", "big/small")
    assert texts() == ["Do.", "Do not."]
    assert Revision.objects.last().source.startswith("hf:big/small@")
    assert watch.repos() == ["acme/tiny"]

    hub.requests.clear()
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert [request.path for request in hub.requests] == ["/api/models/big/small"]


def test_a_repository_that_gets_its_old_name_back_is_found(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    hub.renames("acme/tiny", "big/small")
    look("acme/tiny", client_of, now=now)
    hub.renames("big/small", "acme/tiny")

    look("acme/tiny", client_of, now=now + HOURS)

    assert (state(), Watch.objects.get().moved_to, len(downloads(hub))) == ("ok", "", 1)


def test_a_model_that_was_renamed_is_not_fetched_anew(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)
    hub.renames("acme/tiny", "acme/small")
    look("acme/tiny", client_of, now=now + HOURS)

    assert watch.repos() == ["acme/small"]
    look("acme/small", client_of, now=now + 2 * HOURS)

    assert (state("acme/small"), Watch.objects.count()) == ("ok", 1)
    assert len(downloads(hub)) == 1


def test_another_repository_under_a_catalogued_name_is_not_taken_for_a_change(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    look("acme/tiny", client_of, now=now)
    hub.publishes("acme/tiny", files={"LICENSE": "Entirely different."})

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert looked.state == state() == "replaced"
    assert texts() == ["Do."]
    assert files() == {"LICENSE": "kept"}

    Watch.objects.all().delete()
    look("acme/tiny", client_of, now=now + 2 * HOURS)
    assert (state(), texts()) == ("ok", ["Do.", "Entirely different."])


def test_another_model_of_the_same_name_has_documents_of_its_own(hub, client_of, now):
    hub.publishes("acme/tiny", license="other", files={"LICENSE": "Do.", "COPYING": b"%PDF"})
    look("acme/tiny", client_of, now=now)
    hub.publishes("acme/tiny", license="other", files={"LICENSE": "Entirely different.", "COPYING": b"%PDF"})

    look("acme/tiny", client_of, now=now + HOURS)

    assert state() == "ok"
    assert Document.objects.filter(path="LICENSE").values("model").distinct().count() == 2
    assert not Change.objects.filter(cause="text").exists()


def test_a_name_the_client_does_not_take_is_told(hub, client_of, now):
    hub.publishes("acme/tiny--truncated", files={"LICENSE": "Do."})

    look("acme/tiny--truncated", client_of, now=now)

    assert files("acme/tiny--truncated") == {"LICENSE": "refused"}


# A Hub out of sorts


def test_a_busy_hub_is_asked_again(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    hub.fails_with(503, Fault.CUT, where="blobs")
    hub.fails_with(429, Fault.CUT, where="/resolve/")

    look("acme/tiny", client_of, now=now)

    assert texts() == ["Do."]


def test_a_file_the_hub_cannot_give_does_not_cost_the_others(hub, client_of, now):
    for path in ("A", "B"):
        place(make_license(path), path=path)
    hub.publishes("acme/tiny", files={"A": "Do.", "B": "Do not."})
    hub.fails_with(500, where="/B", forever=True)

    look("acme/tiny", client_of, now=now)
    assert (files(), texts()) == ({"A": "kept", "B": "refused"}, ["Do."])
    assert watch.due(now + timedelta(minutes=14)) == []

    hub.recovers()
    assert watch.due(now + timedelta(minutes=15)) == ["acme/tiny"]
    look("acme/tiny", client_of, now=now + timedelta(minutes=15))
    assert files() == {"A": "kept", "B": "kept"}


def test_a_repository_the_hub_cannot_give_does_not_stop_the_watch(hub, client_of, now):
    for name in ("a", "b", "c"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": f"Do {name}."})
    hub.fails_with(500, where="/acme/b", forever=True)

    first = watch.run(client_of, clock=lambda: now)
    second = watch.run(client_of, clock=lambda: now)

    assert (first.looked, first.left, first.rest) == (1, 2, watch.PAUSE)
    assert (second.looked, second.left, second.rest) == (1, 0, 0)
    assert texts() == ["Do a.", "Do c."]
    assert "500" in Watch.objects.get(repo_id="acme/b").note


def test_a_used_up_limit_ends_the_step_for_as_long_as_the_hub_says(hub, client_of, now):
    for name in ("a", "b"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": "Do."})
    hub.limits(1, 100)

    step = watch.run(client_of, clock=lambda: now)

    assert (step.looked, step.left) == (1, 1)
    assert 90 < step.rest <= 101


def test_an_unavailable_hub_is_the_callers_matter(hub, client_of, now):
    hub.fails_with(503, forever=True)

    with pytest.raises(HubUnavailable):
        look("acme/tiny", client_of, now=now)


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
    hub.publishes("acme/tiny", files={"LICENSE": "Do."})
    assert watch.due(now) == ["acme/tiny"]

    watch.run(client_of, clock=lambda: now)

    assert watch.due(now + timedelta(hours=4)) == []
    assert watch.due(now + timedelta(hours=5)) == ["acme/tiny"]


def test_a_step_ends_after_its_time_and_says_what_is_left(hub, client_of, now):
    for name in ("a", "b", "c"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": "Do."})
    ticks = iter(range(100))

    step = watch.run(client_of, clock=lambda: now + timedelta(seconds=next(ticks)), seconds=5)

    assert (step.looked, step.left) == (2, 1)


def test_a_watch_left_behind_is_overdue_and_one_under_way_is_not(hub, client_of, now):
    assert not watch.is_overdue(now)
    for name in ("a", "b"):
        place(make_license(name), repo=f"acme/{name}")
        hub.publishes(f"acme/{name}", files={"LICENSE": "Do."})
    assert watch.is_overdue(now)

    look("acme/a", client_of, now=now)

    assert not watch.is_overdue(now + timedelta(minutes=1))
    assert watch.is_overdue(now + timedelta(minutes=3))
    look("acme/b", client_of, now=now)
    assert not watch.is_overdue(now + timedelta(hours=6))
    assert watch.is_overdue(now + timedelta(hours=7))
