"""A curator brings the words of a license where no place has shown them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenses.models import AuditEntry, Change, Document, License, Quote, Revision
from licenses.texts import keep
from tests.factories import make_license, make_revision
from tests.licenses.terms import PERMISSIVE, TERMS
from tests.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/curate/acme/text/"
FROM = "https://acme.example/license"
MINE = {"document": "agreement", "words": TERMS, "source": FROM}
FIRST = {"title": "Acme License", "role": "agreement", "url": FROM, "words": TERMS, "source": FROM}
WEB_PAGE = "<!doctype html><html><body><p>Acme terms</p></body></html>"


@pytest.fixture
def wordless(db: None) -> License:
    return make_license("Acme")


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("LICENSE.txt", content)


def test_pasted_words_can_be_read_at_once(curator: Client, wordless: License) -> None:
    assert f"{PAGE}?document=agreement" in curator.get("/curate/acme/").content.decode()

    page = curator.post(PAGE, MINE, follow=True)

    assert page.redirect_chain[0][0] == "/curate/acme/?document=agreement"
    assert "The words of “Acme text” are here." in words(page.content.decode())
    assert "any purpose that these terms" in page.content.decode()
    revision = Revision.objects.get()
    assert (revision.document.head, revision.source) == (revision, FROM)
    deed = AuditEntry.objects.get()
    assert (deed.deed, deed.license, deed.by_name, deed.after) == (
        "brought", wordless, "Ada", f"Acme text, from {FROM}",
    )  # fmt: skip
    assert not Change.objects.exists()


def test_a_file_is_kept_byte_for_byte(curator: Client, wordless: License, now: Any) -> None:
    raw = TERMS.replace("\n", "\r\n").encode("utf-16")

    curator.post(PAGE, MINE | {"words": "", "file": upload(raw)})

    document = Document.objects.get()
    assert keep(document, raw, source="hf:acme/x@0123abc:LICENSE", now=now).outcome == "known"


def test_pasted_lines_end_as_in_a_file(curator: Client, wordless: License, now: Any) -> None:
    curator.post(PAGE, MINE | {"words": TERMS.replace("\n", "\r\n")})

    assert keep(Document.objects.get(), TERMS.encode(), source="hf:x", now=now).outcome == "known"


def test_what_is_quoted_already_is_found_in_them(curator: Client) -> None:
    make_license("Acme", mau_cap={"answer": "yes", "quote": "more than 100 million monthly users"})

    curator.post(PAGE, MINE)

    assert Quote.objects.get().state == "found"


def test_the_first_document_is_entered_with_its_words(curator: Client, wordless: License) -> None:
    Document.objects.all().delete()
    assert PAGE in curator.get("/curate/acme/").content.decode()
    assert "Its first document" in curator.get(PAGE).content.decode()

    assert curator.post(PAGE, FIRST).status_code == 302

    document = wordless.documents.get()
    assert (document.key, document.role, document.title, document.url) == (
        "agreement", "agreement", "Acme License", FROM,
    )  # fmt: skip
    assert document.head is not None


def test_beside_a_retired_document_it_has_a_key_of_its_own(curator: Client, wordless: License, now: Any) -> None:
    Document.objects.update(retired_on=now.date())

    curator.post(PAGE, FIRST)

    assert set(Document.objects.values_list("key", flat=True)) == {"agreement", "agreement-2"}


@pytest.mark.parametrize(("fields", "field", "said"), [
    ({"words": WEB_PAGE * 3}, "words", "This is a web page"),
    ({"words": "Too short."}, "words", "were not taken"),
    ({"words": " "}, "words", "are missing"),
    ({"words": "", "file": upload(b"\x00\x01\x02\x03" * 99)}, "file", "binary data"),
    ({"words": "", "file": upload(b"word " * 250_000)}, "file", "larger than 1 MiB"),
    ({"file": upload(TERMS.encode())}, "words", "are there twice"),
    ({"source": ""}, "source", "is no web address"),
    ({"source": "a friend"}, "source", "is no web address"),
    ({"source": "javascript:alert(1)"}, "source", "is no web address"),
    ({"source": "https://a.example/" + "x" * 300}, "source", "longer than 300"),
    ({"document": "policy"}, "document", "none that waits"),
], ids=lambda each: str(each)[:30])  # fmt: skip
def test_a_faulty_field_says_so_and_nothing_is_written(
    curator: Client, wordless: License, fields: dict[str, Any], field: str, said: str
) -> None:
    for file in (each for each in fields.values() if isinstance(each, SimpleUploadedFile)):
        file.seek(0)

    page = curator.post(PAGE, MINE | fields)

    assert page.status_code == 400
    assert said in page.context["faults"][field][0]
    assert said in words(page.content.decode())
    assert not Revision.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("fields", "field"), [
    ({"title": ""}, "title"),
    ({"role": "hearsay"}, "role"),
    ({"url": "ftp://a.example"}, "url"),
    ({"url": ""}, "url"),
    ({"repo": "acme/tiny"}, "path"),
    ({"path": "LICENSE"}, "repo"),
    ({"repo": "tiny", "path": "LICENSE"}, "repo"),
    ({"words": "Too short."}, "words"),
])  # fmt: skip
def test_a_faulty_first_document_is_not_entered(
    curator: Client, wordless: License, fields: dict[str, str], field: str
) -> None:
    Document.objects.all().delete()

    page = curator.post(PAGE, FIRST | fields)

    assert page.status_code == 400
    assert list(page.context["faults"]) == [field]
    assert not Document.objects.exists()


def test_nothing_is_brought_over_words_that_are_at_hand(curator: Client, wordless: License) -> None:
    make_revision(wordless.documents.get(), PERMISSIVE)

    assert "Nothing to bring" in curator.get(PAGE).content.decode()
    assert curator.post(PAGE, MINE).status_code == 400
    assert curator.post(PAGE, FIRST).status_code == 400
    assert Revision.objects.count() == 1


def test_what_strangers_wrote_is_harmless(curator: Client, wordless: License) -> None:
    hostile = '"><script>alert(1)</script>'

    assert "<script>alert" not in curator.post(PAGE, dict.fromkeys(MINE, hostile)).content.decode()


def test_visitors_are_asked_who_they_are(visitor: Client, wordless: License) -> None:
    assert visitor.get(PAGE).status_code == visitor.post(PAGE, MINE).status_code == 302


def test_the_page_takes_few_queries(curator: Client, wordless: License, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(8):
        curator.get(PAGE)
