"""The catalogue is loaded again after its places were looked at: quotes stand where their words are, and stay there."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from licenses import texts
from licenses.catalogue import load
from licenses.models import Clause, Document, Quote, Revision
from licenses.wording import raw_digest
from tests.factories import NOW
from tests.licenses.test_catalogue_check import catalogue
from tests.licenses.test_catalogue_load import rows

pytestmark = pytest.mark.django_db

FIRST = """Acme License

1. Use these files for any purpose whatsoever, as long as this notice stays in every copy that is made of them.

2. A product with more than 700 users has no rights under this license, and whoever sells it must ask us first.

3. With these files you shall not do harm to anybody, neither on purpose nor because you did not look.

4. These terms grant rights everywhere, but not in the European Union, neither today nor at any later time.
"""
SECOND = "These are the terms of Acme, in force from the first of June on.\n\n" + FIRST
SHA = "6b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f"
KNOWN = (SHA, raw_digest(FIRST.encode()))
BOTH = (
    f"        sha256: {SHA}\n",
    f"        sha256: {KNOWN[1]}\n"
    '      - date: 2025-06-01\n        source: "github:acme/seven@89abcde:LICENSE"\n'
    f"        sha256: {raw_digest(SECOND.encode())}\n",
)
REREAD = ('words: "more than 700 users"', 'words: "A product with more than 700 users"')
NOT_THERE = ('words: "more than 700 users"', 'words: "words that are nowhere in this text"')
A_DAY = timedelta(days=1)


def look(text: str, *, days: int = 0) -> texts.Kept:
    """What the place of the only document shows."""
    source = f"hf:acme/seven@c0ffee{days}:LICENSE"
    return texts.keep(Document.objects.get(), text.encode(), source=source, now=NOW + days * A_DAY)


def fetch(text: str) -> Revision:
    """The words of a wording that the files name, from elsewhere than its place."""
    revision = Revision.objects.get(raw_sha256=raw_digest(text.encode()))
    texts.fill(revision, text)
    return revision


def quote(kind: str = "mau_cap") -> Quote:
    return Quote.objects.standing().get(clause__kind=kind, clause__effective_to=None)


def stands(one: Quote) -> str:
    """The characters to which a quote points."""
    return one.revision.text[one.start : one.end]


def test_a_load_of_the_same_files_moves_nothing_that_a_look_found(tmp_path, now):
    folder = catalogue(tmp_path, KNOWN)
    load(folder, now=now)
    look(FIRST)
    before = rows()

    load(folder, now=now + A_DAY)

    assert rows() == before
    assert [(each.state, stands(each)) for each in Quote.objects.all()] == [
        ("found", each.exact) for each in Quote.objects.all()
    ]


def test_a_place_that_still_shows_an_earlier_wording_keeps_its_quotes(tmp_path, now):
    folder = catalogue(tmp_path, BOTH)
    load(folder, now=now)
    look(FIRST)
    fetch(SECOND)

    load(folder, now=now + A_DAY)

    document = Document.objects.get()
    assert document.head.raw_sha256 == KNOWN[1]
    assert {each.revision for each in Quote.objects.all()} == {document.head}
    assert (quote().state, stands(quote())) == ("found", "more than 700 users")


def test_what_is_read_anew_is_looked_for_in_what_the_place_shows(tmp_path, now, client):
    load(catalogue(tmp_path, KNOWN), now=now)
    head = look(FIRST).revision

    load(catalogue(tmp_path, KNOWN, REREAD), now=now + A_DAY)

    page = client.get("/licenses/acme-license/text/agreement/").content.decode()
    assert Document.objects.get().head == head
    assert (quote().state, quote().revision, stands(quote())) == ("found", head, "A product with more than 700 users")
    assert quote().suffix.startswith(" has no rights")
    assert '<mark id="q-mau_cap-1">A product with more than 700 users</mark>' in page


def test_what_is_read_anew_and_not_in_the_words_is_in_doubt_at_once(tmp_path, now):
    load(catalogue(tmp_path, KNOWN), now=now)
    look(FIRST)

    load(catalogue(tmp_path, KNOWN, NOT_THERE), now=now + A_DAY)

    assert Clause.objects.in_doubt().get().kind == "mau_cap"
    assert (quote().state, quote().missing_since, quote().start) == ("missing", now + A_DAY, None)


@pytest.mark.parametrize("change", [REREAD, NOT_THERE], ids=["there", "not there"])
def test_what_was_looked_for_is_not_looked_for_again(tmp_path, now, change):
    load(catalogue(tmp_path, KNOWN), now=now)
    look(FIRST)
    load(catalogue(tmp_path, KNOWN, change), now=now + A_DAY)
    before = rows()

    load(tmp_path, now=now + 2 * A_DAY)

    assert rows() == before


def test_without_a_look_they_are_looked_for_in_the_words_that_were_fetched(tmp_path, now):
    load(catalogue(tmp_path, KNOWN), now=now)
    revision = fetch(FIRST)

    load(catalogue(tmp_path, KNOWN, REREAD), now=now + A_DAY)

    assert (quote().state, quote().revision, stands(quote())) == ("found", revision, quote().exact)


def test_readings_of_an_earlier_wording_are_looked_for_in_it(tmp_path, now):
    past = (
        "silent: [revenue_cap, registration]\n",
        "silent: [revenue_cap, registration]\nhistory:\n  - until: 2025-06-01\n    clauses:\n      revenue_cap:\n"
        '        answer: no\n        quotes:\n          - {document: agreement, section: "1", words: "every copy"}\n',
    )
    load(catalogue(tmp_path, BOTH), now=now)
    earlier = fetch(FIRST)
    look(SECOND)

    load(catalogue(tmp_path, BOTH, past), now=now + A_DAY)

    found = Quote.objects.get(clause__effective_to=date(2025, 6, 1))
    assert (found.state, found.revision, stands(found)) == ("found", earlier, "every copy")


def test_a_later_wording_takes_the_quotes_and_not_their_places(tmp_path, now):
    load(catalogue(tmp_path, KNOWN), now=now)
    fetch(FIRST)
    load(tmp_path, now=now)
    assert quote().state == "found"

    load(catalogue(tmp_path, BOTH), now=now + A_DAY)

    assert (quote().state, quote().start) == ("unchecked", None)
    assert quote().revision.effective_on == date(2025, 6, 1)

    fetch(SECOND)
    load(tmp_path, now=now + 2 * A_DAY)

    assert (quote().state, stands(quote())) == ("found", "more than 700 users")


@pytest.mark.django_db(transaction=True)
def test_a_load_waits_for_a_text_that_arrives(tmp_path, now):
    folder = catalogue(tmp_path, BOTH)
    load(folder, now=now)
    fetch(SECOND)

    def loaded() -> None:
        try:
            load(folder, now=now + A_DAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            head = look(FIRST).revision
            running = threads.submit(loaded)
            wait_until_blocked()
        running.result()

    assert {each.revision for each in Quote.objects.all()} == {head}
    assert stands(quote()) == "more than 700 users"


def wait_until_blocked() -> None:
    """Until another connection waits for a row."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')")
            if cursor.fetchone():
                return
        time.sleep(0.05)
    raise AssertionError("nothing waits")


class TestAWordingThatWeSawFirst:
    def test_the_file_dates_it_once_and_nothing_differs(self, tmp_path, now):
        load(catalogue(tmp_path, KNOWN), now=now)
        look(FIRST)
        look(SECOND, days=1)

        report = load(catalogue(tmp_path, BOTH), now=now + 2 * A_DAY)
        before = rows()
        again = load(tmp_path, now=now + 3 * A_DAY)

        assert (report.differences, again.differences) == ([], [])
        assert [each.effective_on for each in Revision.objects.in_order()] == [date(2025, 4, 5), date(2025, 6, 1)]
        assert Document.objects.get().head.source == "hf:acme/seven@c0ffee1:LICENSE", (
            "it is ours to say where we saw it"
        )
        assert rows() == before

    def test_another_date_or_source_of_a_wording_of_the_files_is_still_told(self, tmp_path, now):
        load(catalogue(tmp_path), now=now)
        changed = catalogue(tmp_path, ("date: 2025-04-05", "date: 2025-04-06"), ("seven@0123abc", "seven@4567def"))

        assert load(changed, now=now).differences == [
            f"acme-license: revision {SHA[:12]} of “agreement” stays with source "
            "github:acme/seven@0123abc:LICENSE; the file says github:acme/seven@4567def:LICENSE.",
            f"acme-license: revision {SHA[:12]} of “agreement” stays with effective_on 2025-04-05; "
            "the file says 2025-04-06.",
        ]
        assert Revision.objects.get().effective_on == date(2025, 4, 5)
