"""License files of models: listed on the model's page, each with its words, its changes and what it is made of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from licenses.models import Document, OpenModel
from tests.factories import NOW, make_license, make_model, make_revision
from tests.licenses.terms import DISPLAY, PERMISSIVE, TERMS
from tests.licenses.test_text_pages import HOSTILE
from tests.pages import words

pytestmark = pytest.mark.django_db

MODEL = "/models/acme/tiny/"
TEXT, DIFF = f"{MODEL}text/license/", f"{MODEL}text/license/diff/"


def read(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, words(page.content.decode())[:300]
    return page.content.decode()


def make_file(model: OpenModel, role: str = "agreement", key: str = "license") -> Document:
    return Document.objects.create(model=model, key=key, role=role, title="LICENSE", repo=model.repo_id, path="LICENSE")


@pytest.fixture
def file() -> Document:
    plain = make_license("Plain", kind="standard", mau_cap={"answer": "no", "quote": "Anyone who holds a copy"})
    make_revision(plain.documents.get(), PERMISSIVE)
    found = make_file(make_model("acme/tiny", license=plain))
    make_revision(found, PERMISSIVE, first_seen_at=NOW - timedelta(days=9), source="hf:acme/tiny@aaa:LICENSE")
    return found


@pytest.fixture
def changed(file: Document) -> Document:
    make_revision(file, PERMISSIVE + "\n" + DISPLAY, first_seen_at=NOW)
    return file


def test_the_text_says_whose_it_is_and_since_when(client: Client, changed: Document) -> None:
    page = words(read(client, TEXT))

    assert "Models › acme/tiny › agreement" in page
    assert DISPLAY in page
    assert "First seen2026-11-21" in page
    assert "seen 2026-11-12" in page
    assert "prove our reading" not in page


def test_it_says_what_it_is_made_of(client: Client, changed: Document) -> None:
    before = changed.revisions.order_by("pk")[0]

    page = read(client, TEXT)

    assert "Plain plus 1 sentence; the file is headed “Plain License” — compare word by word" in words(page)
    assert f'href="{DIFF}?with=plain"' in page
    assert "The words of Plain — compare" in words(read(client, f"{TEXT}?revision={before.name}"))


def test_a_text_of_its_own_is_near_none(client: Client) -> None:
    make_revision(make_file(make_model("acme/tiny")), TERMS)

    assert "Near no text that we know." in words(read(client, TEXT))


def test_what_changed_is_marked_and_no_clause_is_said_to_move(client: Client, changed: Document) -> None:
    page = words(read(client, DIFF))

    assert DISPLAY in page
    assert "1 added" in page
    assert "Nobody has read both of these wordings yet" in page


def test_it_is_compared_with_its_license_and_back(client: Client, changed: Document) -> None:
    page = read(client, f"{DIFF}?with=plain")
    back = "/licenses/plain/text/agreement/diff/?with=acme/tiny/license"

    assert '<option value="plain" selected>Plain</option>' in page
    assert f'href="{back}&amp;from=' in unquote(page)
    assert '<option value="acme/tiny/license" selected>acme/tiny</option>' in read(client, back)


def test_its_license_and_the_nearest_text_are_offered(client: Client, changed: Document) -> None:
    other = make_license("Other")
    make_revision(other.documents.get(), TERMS)
    make_license("Stranger")
    OpenModel.objects.update(license=other)

    page = read(client, DIFF)

    assert '<option value="other">Other</option>' in page
    assert '<option value="plain">Plain</option>' in page
    assert "Stranger" not in page


@pytest.mark.parametrize("role", ["notice", "model_card"])
def test_whatever_its_name_made_of_it_an_agreement_fits(client: Client, changed: Document, role: str) -> None:
    Document.objects.filter(pk=changed.pk).update(role=role)

    read(client, f"{DIFF}?with=plain")
    read(client, "/licenses/plain/text/agreement/diff/?with=acme/tiny/license")


def test_a_policy_of_a_license_does_not_fit_a_models_agreement(client: Client, changed: Document) -> None:
    Document.objects.filter(license__slug="plain").update(role="notice")

    read(client, f"{DIFF}?with=plain", 404)
    read(client, "/licenses/plain/text/agreement/diff/?with=acme/tiny/license", 404)


def test_a_name_that_passed_on_shows_the_files_of_the_living(client: Client, changed: Document) -> None:
    OpenModel.objects.update(gone_at=NOW)
    assert DISPLAY in read(client, TEXT)

    living = make_model("acme/other")
    OpenModel.objects.filter(pk=living.pk).update(repo_id="acme/tiny")
    read(client, TEXT, 404)

    make_revision(make_file(living), TERMS)
    assert "Acme claims nothing" in read(client, TEXT)


def test_a_repository_without_a_namespace_has_no_page_of_its_files() -> None:
    file = make_file(make_model("tiny"))

    assert file.get_absolute_url() == file.diff_address == "/models/"


def test_a_model_lists_its_files_and_those_that_a_license_names(client: Client, changed: Document) -> None:
    make_file(changed.model, key="notice")
    Document.objects.filter(license__slug="plain").update(repo="acme/tiny")
    Document.objects.create(license=make_license("Else"), key="policy", role="notice", title="Policy", repo="acme/big")

    page = read(client, MODEL)

    assert f'href="{TEXT}"' in page
    assert f'href="{DIFF}"' in page
    assert f'href="{MODEL}text/notice/"' in page
    assert f'href="{MODEL}text/notice/diff/"' not in page
    assert 'href="/licenses/plain/text/agreement/"' in page
    assert "text fetched on 2026-11-21 · what changed" in words(page)
    assert "text not fetched yet" in words(page)
    assert "Policy" not in page


@pytest.mark.parametrize("path", [MODEL, TEXT, DIFF, f"{DIFF}?with=plain"])
def test_it_takes_few_queries(client: Client, changed: Document, path: str, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        make_revision(make_file(changed.model, key=f"more-{number}"), TERMS)

    read(client, TEXT)  # a process reads the texts that we know once

    with django_assert_max_num_queries(8):
        read(client, path)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_of_a_stranger_breaks_a_page(client: Client, changed: Document, name: str) -> None:
    title = '<script>alert(1)</script>/"onload=' + "a" * 100
    Document.objects.filter(pk=changed.pk).update(title=title, path=title)
    revision = make_revision(changed, HOSTILE[name], first_seen_at=NOW + timedelta(days=1))

    for path in (MODEL, TEXT, DIFF, f"{DIFF}?with=plain", f"{DIFF}?view=inline"):
        page = read(client, path)
        assert len(page) < 1_500_000
        assert "<script>alert" not in page
        assert not set("\x00\x07\u202e\u2066\u200b") & set(page)
    assert client.get(f"{TEXT}?format=txt").content.decode() == revision.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{TEXT}?revision=000000000000", 404),
        (f"{TEXT}?as_of=2025-01-01", 400),
        (f"{DIFF}?with=nobody", 404),
        (f"{DIFF}?with=acme/tiny/nothing", 404),
        (f"{DIFF}?with=a/b/c/d/e", 404),
        (f"{DIFF}?with=//", 404),
        (f"{DIFF}?with=%00/%00/%00", 404),
        (f"{DIFF}?with=acme/tiny/license", 200),
        (f"{DIFF}?view=cube", 400),
        (f"{MODEL}text/nothing/", 404),
        ("/models/acme/nobody/text/license/", 404),
    ],
)
def test_what_is_not_there_is_not_found(client: Client, changed: Document, path: str, status: int) -> None:
    read(client, path, status)
