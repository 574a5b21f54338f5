"""A curator enters a license that we lack, from a model's own file, pasted words, or a place to be watched."""

from __future__ import annotations

from typing import Any

import pytest

from licenses.catalogue import dump, load, read_catalogue
from licenses.models import AuditEntry, Change, Document, License, Publisher, Revision
from tests.factories import make_license, make_model, make_publisher, make_revision
from tests.licenses.terms import TERMS
from tests.licenses.test_catalogue_check import catalogue
from tests.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/curate/new/"
MINE = {
    "name": "Mine License 1.0", "short_name": "Mine 1.0", "slug": "mine-1.0", "kind": "custom", "label": "community",
    "title": "Mine License", "repo": "acme/mine", "path": "LICENSE", "reason": "A thousand models name it.",
}  # fmt: skip


def own_file(text: str = TERMS, **fields: Any) -> Document:
    model = make_model("acme/mine", declared=["other"], declared_name="Mine 1")
    document = Document.objects.create(
        model=model, key="license", role="agreement", title="LICENSE", repo="acme/mine", path="LICENSE"
    )
    document.head = make_revision(document, text, source="hf:acme/mine@0123abc:LICENSE", **fields)
    document.save()
    return document


def test_a_license_with_the_words_of_a_models_own_file(curator, now):
    file = own_file(first_seen_at=now)

    page = curator.post(PAGE, MINE | {"model": "acme/mine", "file": "license"})

    license = License.objects.get()
    assert page.headers["Location"] == "/curate/mine-1.0/"
    assert (license.identifier, license.label) == ("LicenseRef-mine-1.0", "community")
    document = license.documents.get()
    assert (document.role, document.repo, document.path) == ("agreement", "acme/mine", "LICENSE")
    assert (document.head.text, document.head.source) == (file.head.text, "hf:acme/mine@0123abc:LICENSE")
    assert document.head.raw_sha256 == file.head.raw_sha256
    file.refresh_from_db()
    assert file.reads_as == license
    assert "any purpose that these terms" in curator.get("/licenses/mine-1.0/text/agreement/").content.decode()


def test_it_is_told_and_noted(curator):
    curator.post(PAGE, MINE)

    assert Change.objects.values_list("event", "cause", "weight").get() == ("added", "reading", "cosmetic")
    deed = AuditEntry.objects.get()
    assert (deed.deed, deed.by_name, deed.after) == ("established", "Ada", "Mine License 1.0")
    assert curator.get("/licenses/mine-1.0/").status_code == 200


def test_pasted_words_have_a_source(curator):
    curator.post(PAGE, MINE | {"words": TERMS, "source": "https://acme.example/license"})

    revision = Revision.objects.get()
    assert (revision.source, revision.document.head) == ("https://acme.example/license", revision)


def test_after_a_spelling_comes_its_binding(curator):
    own_file()

    page = curator.post(PAGE, MINE | {"signal": "name", "value": "Mine 1"}, follow=True)

    assert page.redirect_chain[0][0] == "/curate/names/?signal=name&value=Mine+1&license=mine-1.0#preview"
    assert "it would resolve 1 model " in words(page.content.decode())


@pytest.mark.parametrize(("fields", "field", "said"), [
    ({"slug": "Mine 1"}, "slug", "not a slug"),
    ({"slug": "names"}, "slug", "address of the workbench"),
    ({"slug": "acme-license"}, "slug", "is that of “Acme License”"),
    ({"slug": ""}, "slug", "is missing. Fill it in."),
    ({"short_name": " "}, "short_name", "is missing. Fill it in."),
    ({"identifier": "LicenseRef-acme-license"}, "identifier", "is that of “Acme License”"),
    ({"identifier": "Mine"}, "identifier", "not on the SPDX list"),
    ({"short_name": "x" * 41}, "short_name", "Use at most 40"),
    ({"label": ""}, "label", "is empty. Add one of"),
    ({"kind": "modified-standard", "label": ""}, "modifies", "is empty"),
    ({"kind": "standard"}, "kind", "needs a source"),
    ({"steward": "nobody"}, "steward", "no publisher here"),
    ({"released": "soon"}, "released", "is “soon”"),
    ({"repo": "mine"}, "repo", "not a repository"),
    ({"path": ""}, "path", "missing beside the other"),
    ({"url": "javascript:alert(1)"}, "url", "not an http or https address"),
    ({"repo": "", "path": ""}, "words", "are missing"),
    ({"words": TERMS}, "source", "is missing"),
    ({"words": "Too short.", "source": "them"}, "words", "were not taken"),
    ({"reason": " "}, "reason", "is missing"),
    ({"name": "a\u202eb"}, "name", "control character"),
], ids=lambda each: str(each)[:40])  # fmt: skip
def test_a_faulty_field_says_so_and_nothing_is_written(fields, field, said, curator):
    make_license("Acme License")

    page = curator.post(PAGE, MINE | fields)

    assert page.status_code == 400
    assert any(said in each for each in page.context["faults"][field]), page.context["faults"]
    assert said in words(page.content.decode())
    assert License.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_the_form_begins_with_what_is_known(curator):
    own_file()

    page = curator.get(PAGE, {"model": "acme/mine", "signal": "name", "value": "Mine 1"}).content.decode()

    assert 'id="name" name="name" type="text" value="Acme Model License"' in page
    for value in ('value="Mine 1"', 'value="mine-1"', 'value="acme/mine"', '<option value="license" selected>'):
        assert value in page


def test_the_chosen_file_shows_how_it_begins(curator):
    own_file("Mine <b>License</b>\n\n" + TERMS)

    page = curator.get(PAGE, {"model": "acme/mine"}).content.decode()

    assert "How LICENSE begins" in page
    assert "Mine &lt;b&gt;License&lt;/b&gt;" in page
    assert "for any purpose that these terms" in page


def test_what_must_be_filled_in_says_so(curator):
    page = words(curator.get(PAGE).content.decode())

    for label in ("Name (required", "Short name (required", "Slug (required", "Label (required", "Why (required"):
        assert label in page


def test_faults_stand_on_top_in_the_words_of_the_form(curator):
    page = curator.post(PAGE, MINE | {"steward": "Mine AI", "reason": "", "short_name": "", "label": ""})

    text = page.content.decode()
    for field, said in {
        "steward": "Publisher is “Mine AI”, and no publisher here has that slug or name.",
        "reason": "Why is missing or longer",
        "short_name": "Short name is missing.",
        "label": "Label: the kind is custom, and “Label” is empty.",
    }.items():
        assert f'<li><a href="#{field}">{said}' in text
        assert f'id="{field}"' in text


def test_that_it_is_not_custom_is_a_choice(curator):
    assert curator.post(PAGE, MINE | {"label": "none"}).status_code == 400

    assert curator.post(PAGE, MINE | {"kind": "standard-other", "label": "none"}).status_code == 302
    assert License.objects.get().label == ""


def test_a_publisher_that_is_not_here_is_entered_when_somebody_says_so(curator):
    assert "not here yet" not in curator.get(PAGE).content.decode()
    assert "not here yet" in curator.post(PAGE, MINE | {"steward": "Mine AI"}).content.decode()

    assert curator.post(PAGE, MINE | {"steward": "Mine AI", "new_publisher": "yes"}).status_code == 302

    steward = License.objects.get().steward
    assert (steward.slug, steward.name) == ("mine-ai", "Mine AI")
    assert AuditEntry.objects.get().after == "Mine License 1.0, and its publisher Mine AI"


@pytest.mark.parametrize("named", ["acme-labs", "Acme Labs", "acme LABS"])
def test_a_publisher_is_known_by_slug_or_name(named, curator):
    acme = make_publisher("Acme Labs")

    curator.post(PAGE, MINE | {"steward": named, "new_publisher": "yes"})

    assert License.objects.get().steward == acme
    assert Publisher.objects.count() == 1


@pytest.mark.parametrize(("named", "fields", "said"), [
    ("Acme, Labs", {}, "too like “Acme Labs”"),
    ("名", {}, "no Latin letter"),
    ("x" * 121, {}, "Use at most 120"),
    ("Mine AI", {"name": ""}, ""),
    ("Mine AI", {"words": "Too short.", "source": "them"}, ""),
], ids=lambda each: str(each)[:20])  # fmt: skip
def test_no_publisher_is_entered_with_a_faulty_form(named, fields, said, curator):
    make_publisher("Acme Labs")

    page = curator.post(PAGE, MINE | {"steward": named, "new_publisher": "yes"} | fields)

    assert page.status_code == 400
    assert said in "".join(page.context["faults"].get("steward", []))
    assert Publisher.objects.count() == 1


def test_what_strangers_wrote_is_harmless(curator):
    hostile = '"><script>alert(1)</script>'

    page = curator.post(PAGE, dict.fromkeys(MINE, hostile) | {"model": hostile}).content.decode()

    assert "<script>alert" not in page


def test_a_load_leaves_it_alone_and_a_dump_loads_again(curator, tmp_path, now):
    make_publisher("Acme")
    curator.post(PAGE, MINE | {"words": TERMS, "source": "https://acme.example/license"})
    before = License.objects.values().get()
    told = Change.objects.count()

    load(catalogue(tmp_path / "files"), now=now)

    assert License.objects.values().get(slug="mine-1.0") == before
    dump(tmp_path / "out")
    assert "mine-1.0" in read_catalogue(tmp_path / "out")[0].licenses
    load(tmp_path / "out", now=now)
    assert Revision.objects.get(document__license__slug="mine-1.0").text
    assert Change.objects.filter(license__slug="mine-1.0").count() == told


def test_visitors_are_asked_who_they_are(visitor):
    assert visitor.get(PAGE).status_code == visitor.post(PAGE, MINE).status_code == 302


def test_the_page_takes_few_queries(curator, django_assert_num_queries):
    own_file()

    with django_assert_num_queries(10):
        curator.get(PAGE, {"model": "acme/mine"})
