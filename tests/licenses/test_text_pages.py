"""The words of a license with our quotes in them, and two wordings word by word."""

from __future__ import annotations

import re
import time
from datetime import date
from typing import Any

import pytest
from django.test import Client

from licenses.models import Document, License, Quote, Revision
from tests.factories import NOW, make_clause, make_license, make_revision
from tests.pages import words

pytestmark = pytest.mark.django_db

OLD = """ACME LICENSE

1. Grant. You may use, copy and change the model for any lawful purpose.

2. Users. Above 700 million users a month you must ask us first.

3. Name. Show the words Built with Acme on your site, in a place where people see them."""
NEW = OLD.replace("700 million", "100 million").replace("any lawful", "any non-commercial")
TEXT, DIFF = "/licenses/acme/text/agreement/", "/licenses/acme/text/agreement/diff/"


def read(client: Client, path: str, status: int = 200) -> str:
    page = client.get(path)
    assert page.status_code == status, words(page.content.decode())[:300]
    return page.content.decode()


def make_acme(name: str = "Acme", **answers: Any) -> Document:
    quoted = {"mau_cap": {"answer": "yes", "quote": "you must ask us first"}, "branding_required": "silent"}
    return make_license(name, **(quoted | answers)).documents.get()


@pytest.fixture
def document() -> Document:
    return make_acme()


@pytest.fixture
def old(document: Document) -> Revision:
    return make_revision(document, OLD, effective_on=date(2024, 5, 1), source="github:acme/model@aaa:LICENSE")


@pytest.fixture
def new(document: Document, old: Revision) -> Revision:
    Quote.objects.update(state="moved")
    return make_revision(document, NEW, effective_on=date(2025, 5, 1))


class TestTheText:
    def test_it_is_the_newest_wording_with_its_source_and_hash(self, client: Client, new: Revision) -> None:
        page = words(read(client, TEXT))

        assert "You may use, copy and change the model for any non-commercial purpose." in page
        assert "in force since 2025-05-01" in page
        assert new.raw_sha256 in page
        assert "github:acme/model@0123abc:LICENSE" in page

    def test_one_that_we_saw_come_follows_those_that_are_dated(self, client: Client, new: Revision) -> None:
        seen = make_revision(new.document, NEW + "\n\n4. End.", first_seen_at=NOW)

        assert "4. End." in read(client, TEXT)
        assert "seen 2026-11-21" in read(client, TEXT)
        assert f"from={new.name}&amp;to={seen.name}" in read(client, TEXT)

    def test_an_earlier_one_has_its_own_address_for_ever(self, client: Client, old: Revision, new: Revision) -> None:
        page = words(read(client, f"{TEXT}?revision={old.raw_sha256[:12]}"))

        assert "for any lawful purpose" in page
        assert "This is an earlier wording" in page

    def test_every_wording_is_listed_with_what_it_changed(self, client: Client, old: Revision, new: Revision) -> None:
        page = read(client, TEXT)

        assert f'href="{TEXT}?revision={old.name}"' in page
        assert f'href="{DIFF}?from={old.name}&amp;to={new.name}"' in page

    def test_a_quote_stands_in_its_place_and_leads_to_its_clause(self, client: Client, new: Revision) -> None:
        page = read(client, TEXT)

        assert re.search(r'<mark id="q-mau_cap-1">you must ask us first</mark>', page)
        assert (
            'href="/licenses/acme/clauses/mau_cap/"><span class="hidden">these words prove: </span>User cap</a>' in page
        )

    @pytest.mark.parametrize("path", ["/licenses/acme/", "/licenses/acme/clauses/mau_cap/"])
    def test_a_clause_leads_to_its_place_in_the_text(self, client: Client, new: Revision, path: str) -> None:
        address = f"{TEXT}?revision={new.name}#q-mau_cap-1"

        assert f'href="{address}"' in read(client, path)
        assert 'id="q-mau_cap-1"' in read(client, address)

    def test_a_clause_whose_text_is_not_fetched_leads_nowhere(self, client: Client, document: Document) -> None:
        assert "in the text" not in read(client, "/licenses/acme/clauses/mau_cap/")

    def test_quotes_that_the_text_lost_are_named_first(self, client: Client, new: Revision) -> None:
        Quote.objects.update(state="missing")

        page = words(read(client, TEXT))

        assert "User cap: “you must ask us first”" in page
        assert page.index("no longer has") < page.index("1. Grant.")

    def test_words_that_prove_two_clauses_lead_to_both(self, client: Client, document: Document) -> None:
        make_clause(document.license, "revenue_cap", answer="yes", quote="must ask us first")
        make_revision(document, NEW)

        page = read(client, TEXT)

        assert 'id="q-mau_cap-1"' in page
        assert 'id="q-revenue_cap-1"' in page
        assert "User cap" in page
        assert "Revenue cap" in page

    def test_sections_are_listed(self, client: Client, new: Revision) -> None:
        page = read(client, TEXT)

        for anchor, title in re.findall(r'<a href="#(s-\d+)"><bdi>(.*?)</bdi>', page):
            assert f'id="{anchor}"' in page
            assert title in ("ACME LICENSE", "1. Grant", "2. Users", "3. Name")

    def test_a_text_that_is_not_fetched_is_said_to_be_so(self, client: Client, document: Document) -> None:
        Revision.objects.create(document=document, raw_sha256="ab" * 32, source="github:acme/model@aaa:LICENSE")

        page = read(client, TEXT)

        assert "we do not hold this text yet" in page
        assert "manage.py" not in page
        assert 'href="https://github.com/acme/model/blob/aaa/LICENSE"' in page
        assert "text not fetched yet" in read(client, "/licenses/acme/")

    def test_nor_is_one_without_any_wording_an_error(self, client: Client, document: Document) -> None:
        assert "we do not hold this text yet" in read(client, TEXT)
        assert "We know no wording of it yet" in read(client, DIFF)

    def test_it_can_be_had_as_plain_text(self, client: Client, new: Revision) -> None:
        answer = client.get(f"{TEXT}?format=txt")

        assert answer.content.decode() == new.text
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert answer["X-Content-Type-Options"] == "nosniff"


class TestWhatChanged:
    def test_it_marks_the_words_of_the_last_change(self, client: Client, new: Revision) -> None:
        page = words(read(client, DIFF))

        assert "Above [deleted: 700] million users" in page
        assert "Above [inserted: 100] million users" in page
        assert "Paragraphs: 2 changed · 2 unchanged" in page

    def test_one_under_the_other_has_both_in_one_line(self, client: Client, new: Revision) -> None:
        assert "Above [deleted: 700][inserted: 100] million" in words(read(client, f"{DIFF}?view=inline"))

    def test_the_other_way_round_what_was_put_in_is_taken_out(
        self, client: Client, old: Revision, new: Revision
    ) -> None:
        page = words(read(client, f"{DIFF}?from={new.name}&to={old.name}"))

        assert "Above [deleted: 100] million users" in page

    def test_one_may_name_only_the_later(
        self, client: Client, document: Document, old: Revision, new: Revision
    ) -> None:
        make_revision(document, NEW + "\n\n4. End.", effective_on=date(2026, 5, 1))

        assert "[inserted: 100]" in words(read(client, f"{DIFF}?to={new.name}"))
        assert "4. End." in words(read(client, DIFF))
        assert f"from={old.name}&amp;to={new.name}" in read(client, DIFF)

    def test_the_clauses_that_moved_come_first(self, client: Client) -> None:
        document = make_acme(mau_cap={"answer": "silent", "effective_to": date(2025, 5, 1)})
        cap = {"answer": "yes", "thresholds": [{}], "quote": "you must ask us first"}
        make_clause(document.license, "mau_cap", effective_from=date(2025, 5, 1), **cap)
        make_revision(document, OLD, effective_on=date(2024, 5, 1))
        make_revision(document, NEW, effective_on=date(2025, 5, 1))

        page = words(read(client, DIFF))

        assert "appeared User cap silent → yes" in page
        assert page.index("appeared User cap") < page.index("ACME LICENSE")

    def test_what_moved_by_another_document_is_not_told_here(self, client: Client) -> None:
        document = make_acme(mau_cap={"answer": "silent", "effective_to": date(2025, 5, 1)})
        policy = Document.objects.create(
            license=document.license, key="policy", role="acceptable_use_policy", title="P"
        )
        make_clause(document.license, "mau_cap", effective_from=date(2025, 5, 1), answer="yes", document=policy)
        make_revision(document, OLD, effective_on=date(2024, 5, 1))
        make_revision(document, NEW, effective_on=date(2025, 5, 1))

        assert "appeared User cap" not in words(read(client, DIFF))

    def test_the_only_wording_has_nothing_to_be_compared_with(self, client: Client, old: Revision) -> None:
        assert "We know no wording before the only one" in words(read(client, DIFF))

    def test_other_spacing_is_no_other_text(self, client: Client, document: Document, old: Revision) -> None:
        make_revision(document, OLD.replace(" ", "  ") + " ", effective_on=date(2025, 5, 1))

        assert "The words are the same" in words(read(client, DIFF))

    def test_a_wording_that_is_not_fetched_is_said_to_be_so(
        self, client: Client, document: Document, old: Revision
    ) -> None:
        Revision.objects.create(
            document=document, raw_sha256="ab" * 32, source="package acme 1.0", effective_on=date(2025, 5, 1)
        )

        assert "of 2025-05-01: we do not hold this text yet. Its source: package acme 1.0." in words(read(client, DIFF))

    def test_the_history_of_a_license_leads_there(self, client: Client, old: Revision, new: Revision) -> None:
        page = read(client, "/licenses/acme/")

        assert page.count(f'href="{DIFF}?to={new.name}"') == 2
        assert f'href="{DIFF}?to={old.name}"' not in page


class TestAgainstAnotherLicense:
    @pytest.fixture
    def other(self, new: Revision) -> Document:
        document = make_acme("Other", mau_cap="silent")
        make_revision(document, OLD.replace("Acme", "Other"))
        License.objects.update(family="acme")
        return document

    @pytest.mark.parametrize("name", ["other", "other/agreement"])
    def test_the_other_comes_first(self, client: Client, other: Document, name: str) -> None:
        page = words(read(client, f"{DIFF}?with={name}"))

        assert "Built with [deleted: Other]" in page
        assert "Built with [inserted: Acme]" in page
        assert "appeared User cap silent → yes" in page

    def test_it_can_be_swapped(self, client: Client, other: Document) -> None:
        page = read(client, f"{DIFF}?with=other")
        swap = re.search(r'href="([^"]+)">swap<', page)

        assert swap
        assert "Built with [deleted: Acme]" in words(read(client, swap[1].replace("&amp;", "&")))

    def test_nothing_is_said_to_have_moved_against_one_that_nobody_read(self, client: Client, new: Revision) -> None:
        make_revision(make_license("Other").documents.get(), OLD)

        assert "Nobody has read both of these wordings yet" in words(read(client, f"{DIFF}?with=other"))

    def test_relatives_are_offered(self, client: Client, other: Document) -> None:
        make_license("Stranger")

        page = read(client, DIFF)

        assert '<option value="other">Other</option>' in page
        assert "Stranger" not in page

    def test_what_it_modifies_is_offered_and_back(self, client: Client, other: Document) -> None:
        License.objects.update(family="")
        License.objects.filter(slug="acme").update(kind="modified-standard", modifies=other.license)

        assert '<option value="other">' in read(client, DIFF)
        assert '<option value="acme">' in read(client, "/licenses/other/text/agreement/diff/")

    def test_one_without_such_a_document_is_not_found(self, client: Client, other: Document) -> None:
        Document.objects.filter(pk=other.pk).update(role="notice")

        read(client, f"{DIFF}?with=other", 404)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{TEXT}?revision=000000000000", 404),
        (f"{TEXT}?revision=%00", 404),
        (f"{TEXT}?revision=short", 404),
        (f"{TEXT}?as_of=2025-01-01", 400),
        (f"{TEXT}?format=pdf", 400),
        (f"{DIFF}?from=000000000000", 404),
        (f"{DIFF}?to=nothing", 404),
        (f"{DIFF}?with=nobody", 404),
        (f"{DIFF}?with=%00", 404),
        (f"{DIFF}?with=acme/nothing", 404),
        (f"{DIFF}?view=cube", 400),
        (f"{DIFF}?format=txt", 400),
        ("/licenses/acme/text/nothing/", 404),
        ("/licenses/nobody/text/agreement/diff/", 404),
        (f"{DIFF}?from=&to=&with=", 200),
    ],
)
def test_what_is_not_there_is_not_found_and_what_means_nothing_is_refused(
    client: Client, new: Revision, path: str, status: int
) -> None:
    read(client, path, status)


@pytest.mark.parametrize("query", [TEXT, DIFF, f"{DIFF}?with=other&view=inline", "/licenses/acme/"])
def test_it_takes_few_queries(client: Client, new: Revision, query: str, django_assert_max_num_queries: Any) -> None:
    make_revision(make_acme("Other"), OLD)

    with django_assert_max_num_queries(8):
        read(client, query)


HOSTILE = {
    "script": '<script>alert(1)</script><img src=x onerror="alert(1)"> {{ secret }} {% debug %}',
    "overrides": "You may \u202eton\u202c use \u2066it\u200b, \u0627\u0644\u0646\u0635",
    "nul": "You may\x00 not use\x07 it",
    "encodings": "L’école «déjà» Ã©tÃ© \ufeff\ufffd 使用許可",
    "one line": "word " * 210_000,
    "rows": "a\n" * 50_000,
    "one word": "a" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_breaks_a_page(client: Client, document: Document, old: Revision, name: str) -> None:
    revision = make_revision(document, HOSTILE[name], effective_on=date(2025, 5, 1))
    started = time.process_time()

    pages = [read(client, path) for path in (TEXT, DIFF, f"{DIFF}?view=inline")]

    assert time.process_time() - started < 10
    for page in pages:
        assert len(page) < 1_500_000
        assert "<script>alert" not in page
        assert "<img" not in page
        assert not set("\x00\x07\u202e\u2066\u200b") & set(page)
    assert client.get(f"{TEXT}?format=txt").content.decode() == revision.text


def test_what_is_too_long_is_cut_and_said_so(client: Client, document: Document, old: Revision) -> None:
    make_revision(document, "word " * 210_000, effective_on=date(2025, 5, 1))

    text, diff = words(read(client, TEXT)), words(read(client, DIFF))

    assert "The last 849,999 characters are not shown. All of it as plain text" in text
    assert "are not shown" in diff
    assert "format=txt" in read(client, DIFF)
