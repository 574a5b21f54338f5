"""Two at once, a fault at any statement, a process that dies: all of a publication or nothing of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import OperationalError, connection

from licenses import curation, texts
from licenses.catalogue import load
from licenses.copying import take_over, taken
from licenses.curation import Conflict
from licenses.models import AuditEntry, Change, Clause, Draft, License, Proposal, Quote
from licenses.offers import Offer, Refused
from tests.factories import NOW, make_person, make_revision
from tests.licenses.publishing import TEXT, acme, cap, notice, tables
from tests.licenses.test_catalogue_check import catalogue

ROOT = Path(__file__).resolve().parents[2]


pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each came to, or raised; all start together, each on a connection of its own."""
    start = Barrier(len(works))

    def done(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except (Conflict, Refused) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return [each.result() for each in [threads.submit(done, work) for work in works]]


class TestTwoAtOnce:
    def test_one_of_two_who_publish_a_clause_wins_and_the_other_is_told(self) -> None:
        license, people = acme(), [make_person(name, "reviewer") for name in ("ada", "bob", "eve")]
        was = None
        for _ in range(3):
            offers = [cap({"note": f"By {person}."}, based_on=was) for person in people]

            came = at_once(
                *(
                    lambda offer=offer, by=by: curation.publish(license, [offer], by=by, now=NOW)  # type: ignore[misc]
                    for offer, by in zip(offers, people, strict=True)
                )
            )

            standing = Clause.objects.current().get()
            assert sorted(type(each).__name__ for each in came) == ["Change", "Conflict", "Conflict"]
            assert all(each.found == {"mau_cap": standing} for each in came if isinstance(each, Conflict))
            was = standing.pk
        assert Change.objects.count() == AuditEntry.objects.count() == 3

    def test_other_clauses_of_the_same_license_do_not_get_in_each_others_way(self) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")

        at_once(
            lambda: curation.publish(license, [cap()], by=ada, now=NOW),
            lambda: curation.publish(license, [notice()], by=bob, now=NOW),
        )

        assert Clause.objects.current().count() == 2

    def test_a_proposal_is_decided_once(self) -> None:
        license, ada = acme(), make_person("ada", "curator")
        bob, eve = make_person("bob", "reviewer"), make_person("eve", "reviewer")
        (proposal,) = curation.propose(license, [cap()], by=ada, now=NOW)

        came = at_once(
            lambda: curation.accept(proposal, by=bob, now=NOW),
            lambda: curation.decline(proposal, by=eve, now=NOW, reason="No."),
            lambda: curation.withdraw(proposal, by=ada, now=NOW),
            lambda: curation.publish(license, [cap()], by=eve, now=NOW),
        )

        proposal.refresh_from_db()
        assert sum(isinstance(each, Conflict) for each in came) >= 2
        assert Clause.objects.current().count() <= 1
        assert not proposal.is_waiting

    def test_a_correction_is_answered_and_declined_at_once_without_a_deadlock(self) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
        for number in range(4):
            said = Proposal.objects.create(
                license=license, kind="mau_cap", origin="visitor", text="Wrong.", made_at=NOW
            )
            stands = Clause.objects.current().first()
            offer = cap({"note": f"{number}"}, based_on=stands.pk if stands else None, answers=said)

            at_once(
                lambda offer=offer: curation.publish(license, [offer], by=ada, now=NOW),  # type: ignore[misc]
                lambda said=said: curation.decline(said, by=bob, now=NOW, reason="No."),  # type: ignore[misc]
            )

            said.refresh_from_db()
            assert said.outcome in ("accepted", "declined")

    def test_a_reading_that_is_confirmed_and_replaced_at_once_is_one_or_the_other(self) -> None:
        license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
        curation.publish(license, [cap()], by=ada, now=NOW)
        was = Clause.objects.get()

        confirmed, replaced = at_once(
            lambda: curation.confirm([was], by=bob, now=NOW),
            lambda: curation.publish(license, [cap({"note": "Better."}, based_on=was.pk)], by=ada, now=NOW),
        )

        was.refresh_from_db()
        assert isinstance(replaced, Change)
        assert isinstance(confirmed, Conflict) == (was.confirmed_by == "")

    def test_a_load_of_the_catalogue_at_the_same_time(self, tmp_path: Path) -> None:
        ada = make_person("ada", "reviewer")
        load(catalogue(tmp_path), now=NOW)
        license = License.objects.get()
        make_revision(license.documents.get(), "2. More than 700 users ask. For any purpose whatsoever.")
        quotes = [{"document": "agreement", "section": "2", "words": "more than 700 users"}]
        for number in range(3):
            was = Clause.objects.current().get(kind="mau_cap")
            # The file says it otherwise each time.
            folder = catalogue(tmp_path, ("note: Any purpose.", f"note: Any purpose {number}."))
            offer = Offer(was.declaration, {"answer": "yes", "quotes": quotes, "note": f"{number}"}, "So.", was.pk)

            published, report = at_once(
                lambda offer=offer: curation.publish(license, [offer], by=ada, now=NOW),  # type: ignore[misc]
                lambda folder=folder: load(folder, now=NOW),  # type: ignore[misc]
            )

            assert isinstance(published, Change)
            assert report.written == 1
            assert Clause.objects.current().get(kind="mau_cap").note == f"{number}"

    def test_a_load_that_reads_the_same_clause_otherwise_waits_or_is_waited_for(self, tmp_path: Path) -> None:
        ada = make_person("ada", "reviewer")
        load(catalogue(tmp_path), now=NOW)
        license, was = License.objects.get(), Clause.objects.current().get(kind="mau_cap")
        make_revision(license.documents.get(), "2. More than 700 users ask.")
        quotes = [{"document": "agreement", "section": "2", "words": "more than 700 users"}]
        offer = Offer(was.declaration, {"answer": "yes", "quotes": quotes, "note": "Ours."}, "So.", was.pk)
        folder = catalogue(tmp_path, ("amount: 700,", "amount: 600,"))

        published, report = at_once(
            lambda: curation.publish(license, [offer], by=ada, now=NOW), lambda: load(folder, now=NOW)
        )

        stands = Clause.objects.current().with_details().get(kind="mau_cap")
        if isinstance(published, Conflict):
            assert (stands.sizes[0]["amount"], published.found) == (600, {"mau_cap": stands})
        else:
            assert (stands.note, report.kept) == ("Ours.", 1)

    @pytest.mark.parametrize("first", ["text", "reading", "together"])
    def test_a_reading_is_judged_by_the_text_that_stands_in_the_end(self, first: str) -> None:
        license, ada = acme(text=LONG), make_person("ada", "reviewer")
        document = license.documents.get()
        texts.keep(document, LONG.encode(), source="acme:LICENSE", now=NOW)
        other = LONG.replace("100 million monthly", "90 million weekly")

        def publish() -> Change:
            return curation.publish(license, [cap()], by=ada, now=NOW)

        def arrive() -> texts.Kept:
            return texts.keep(document, other.encode(), source="acme:LICENSE", now=NOW + timedelta(hours=1))

        if first == "together":
            published, kept = at_once(publish, arrive)
        else:
            came = [at_once(work)[0] for work in ((publish, arrive) if first == "reading" else (arrive, publish))]
            published, kept = came if first == "reading" else reversed(came)

        assert kept.outcome == "changed"
        if isinstance(published, Refused):
            assert "are not in" in published.faults["mau_cap"]["quotes.0.words"][0]
            assert not Quote.objects.exists()
        else:
            assert Quote.objects.get().state == "missing"
        assert first != "text" or isinstance(published, Refused)

    def test_two_texts_that_arrive_at_once_are_two_changes(self) -> None:
        document = acme(text=LONG).documents.get()
        texts.keep(document, LONG.encode(), source="acme:LICENSE", now=NOW)

        came = at_once(
            lambda: texts.keep(document, LONG.replace("100", "90").encode(), source="acme:LICENSE", now=NOW),
            lambda: texts.keep(document, LONG.replace("100", "80").encode(), source="acme:LICENSE", now=NOW),
        )

        assert [each.outcome for each in came] == ["changed", "changed"]


#: A license text has some words.
LONG = TEXT + "\n4. Rest\n" + "The software comes as it is, without warranty of any kind, and all risk is yours. " * 20

Work = Callable[[], Any]


def publishing() -> Work:
    license, ada = acme(), make_person("ada", "reviewer")
    curation.publish(license, [cap()], by=ada, now=NOW)
    make_revision(license.documents.get(), TEXT.replace("100", "90"), effective_on=date(2026, 9, 1))
    words = [{"document": "agreement", "section": "2", "words": "more than 90 million monthly active users"}]
    for kind in ("mau_cap", "attribution_notice"):
        Draft.objects.create(user=ada, license=license, kind=kind, saved_at=NOW)
    said = Proposal.objects.create(license=license, kind="mau_cap", origin="visitor", text="No.", made_at=NOW)
    based_on = Clause.objects.current().get().pk
    offer = cap({"quotes": words}, based_on=based_on, since=date(2026, 9, 1), answers=said)
    return lambda: curation.publish(license, [offer, notice()], by=ada, now=NOW)


def proposing() -> Work:
    license, ada = acme(), make_person("ada", "curator")
    Draft.objects.create(user=ada, license=license, kind="mau_cap", saved_at=NOW)
    return lambda: curation.propose(license, [cap(), notice()], by=ada, now=NOW)


def accepting() -> Work:
    license, ada, bob = acme(), make_person("ada", "curator"), make_person("bob", "reviewer")
    (proposal,) = curation.propose(license, [cap()], by=ada, now=NOW)
    return lambda: curation.accept(proposal, by=bob, now=NOW)


def confirming() -> Work:
    license, ada, bob = acme(), make_person("ada", "reviewer"), make_person("bob", "reviewer")
    curation.publish(license, [cap(), notice()], by=ada, now=NOW)
    clauses = list(Clause.objects.current())
    return lambda: curation.confirm(clauses, by=bob, now=NOW)


def reverting() -> Work:
    license, ada = acme(), make_person("ada", "reviewer")
    curation.publish(license, [cap()], by=ada, now=NOW)
    first = Clause.objects.get()
    curation.publish(license, [cap({"note": "Worse."}, based_on=first.pk)], by=ada, now=NOW)
    based_on = Clause.objects.current().get().pk
    return lambda: curation.revert(first, by=ada, now=NOW, reason="So.", based_on=based_on)


def copying() -> Work:
    other, license = acme("Other"), acme()
    ada, bob = make_person("ada", "curator"), make_person("bob", "reviewer")
    curation.publish(other, [cap(), notice()], by=bob, now=NOW)
    marks = [each.mark for each in taken(license, other)]
    return lambda: take_over(license, other, marks, reason="Same words.", by=ada, now=NOW)


class Fault:
    """Fails the n-th statement that follows, as a database does that goes away."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.seen += 1
        if self.seen == self.at:
            raise OperationalError(f"gone at statement {self.at}")
        return execute(sql, params, many, context)


@pytest.mark.parametrize("make", [publishing, proposing, accepting, confirming, reverting, copying])
def test_a_fault_at_any_statement_leaves_nothing(make: Callable[[], Work]) -> None:
    work = make()
    before = tables()
    for at in range(1, 200):
        fault = Fault(at)
        try:
            with connection.execute_wrapper(fault):
                work()
        except OperationalError:
            assert tables() == before, f"something is left of a fault at statement {at}"
        else:
            break

    assert at > 5
    assert tables() != before


PUBLISHES = """
import os, signal, sys
import django
django.setup()
from datetime import datetime
from django.contrib.auth.models import User
from django.db import connection
from licenses import curation
from licenses.models import License
from tests.factories import NOW
from tests.licenses.publishing import cap, notice

at, seen = int(sys.argv[1]), 0

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def counted(execute, sql, params, many, context):
    global seen
    seen += 1
    if seen == at:
        die()
    return execute(sql, params, many, context)

ada = User.objects.get(username="ada")
ada.has_perm("licenses.review")
license = License.objects.get()
if at == 0:
    connection.commit = die
with connection.execute_wrapper(counted):
    curation.publish(license, [cap(), notice()], by=ada, now=NOW)
print(seen)
"""


def publish_in_a_process(at: int) -> subprocess.CompletedProcess[str]:
    """One that kills itself at a statement; with 0 right before it would commit."""
    found = connection.settings_dict
    parts = {"host": found["HOST"], "user": found["USER"], "port": found["PORT"], "password": found["PASSWORD"]}
    address = f"postgresql:///{found['NAME']}?{urlencode({name: value for name, value in parts.items() if value})}"
    environment = os.environ | {
        "DATABASE_URL": address, "REDIS_URL": settings.REDIS_URL, "SECRET_KEY": "test",
        "DJANGO_SETTINGS_MODULE": "openness.settings",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", PUBLISHES, str(at)], cwd=ROOT, env=environment, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_a_process_that_is_killed_publishes_all_or_nothing_and_the_drafts_are_there() -> None:
    license, ada = acme(), make_person("ada", "reviewer")
    for kind in ("mau_cap", "attribution_notice"):
        Draft.objects.create(user=ada, license=license, kind=kind, fields={"note": ["mine"]}, saved_at=NOW)
    before = tables()

    for at in (1, 3, 6, 10, 15, 0):
        killed = publish_in_a_process(at)
        assert killed.returncode == -signal.SIGKILL, (at, killed.stderr)
        assert tables() == before, at

    done = publish_in_a_process(1000)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15
    assert Clause.objects.current().count() == 2
    assert Change.objects.count() == 1
    assert not Draft.objects.exists()
