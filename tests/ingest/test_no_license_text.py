"""What cannot be a license text, or is not what the Hub listed, is a state of its file and no revision."""

import pytest

from ingest.files import blob_of
from ingest.look import look
from ingest.models import WatchedFile
from licenses.models import Document
from licenses.wording import LARGEST
from tests.factories import make_license
from tests.hub.answers import as_json
from tests.hub.server import Failure
from tests.ingest.watching import HOURS, downloads, files, place, state, terms, texts

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"

pytestmark = pytest.mark.django_db


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
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    hub.fails_with(Failure(200, body=b"Something else."), where="/resolve/")

    look("acme/tiny", client_of, now=now)
    assert (files(), texts()) == ({"LICENSE": "refused"}, [])
    assert "not what the Hub lists" in WatchedFile.objects.get().note

    look("acme/tiny", client_of, now=now + HOURS)
    assert (files(), texts()) == ({"LICENSE": "kept"}, [terms("Do.")])


def test_a_file_that_lies_elsewhere_is_not_followed(hub, client_of, now):
    place(make_license())
    hub.publishes("acme/tiny", files={"LICENSE": terms("Do."), "NOTICE": "By us."})
    hub.fails_with(Failure(302, {"Location": "http://127.0.0.1:9/LICENSE"}), where="/LICENSE")

    look("acme/tiny", client_of, now=now)

    assert files() == {"LICENSE": "refused", "NOTICE": "kept"}
    assert "another address" in WatchedFile.objects.get(path="LICENSE").note


def test_a_small_file_comes_from_the_hubs_own_cache(hub, client_of, now):
    place(make_license(), path="The License.txt")
    hub.publishes("acme/tiny", files={"The License.txt": terms("Do.")})
    hub.keeps_a_cache = True

    look("acme/tiny", client_of, now=now)

    assert texts() == [terms("Do.")]


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
    record = hub.publishes("acme/tiny", files={"LICENSE": terms("Do.")})
    look("acme/tiny", client_of, now=now)
    hub.fails_with(Failure(200, body=as_json(record | {"siblings": []} | odd).body))

    looked = look("acme/tiny", client_of, now=now + HOURS)

    assert looked.state == state() == "refused"
    assert looked.note
    assert files() == {"LICENSE": "kept"}
