"""Two write the same at one moment: the second is told at the field, as who comes later is."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from ingest import binding
from ingest.binding import spelled
from licenses import establishing
from licenses.establishing import Words, establish
from licenses.models import AuditEntry, License, Rule
from tests.factories import NOW, make_license, make_model, make_person
from tests.ingest.test_new_license import MINE

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def is_waited_for() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])


def meanwhile(first: Callable[[], Any], second: Callable[[], Any]) -> Exception | None:
    """What becomes of the second, which saw nothing of the first and meets it in the database."""

    def refusal() -> Exception | None:
        try:
            second()
        except (binding.Refused, establishing.Refused) as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            first()
            told = thread.submit(refusal)
            until = time.monotonic() + 20
            while not is_waited_for() and not told.done() and time.monotonic() < until:
                time.sleep(0.02)
        return told.result()


def test_one_license_is_entered_once() -> None:
    ada = make_person("ada", "curator")

    told = meanwhile(
        lambda: License.objects.create(slug="mine-1.0", name="Mine 1.0", identifier="LicenseRef-mine-1.0"),
        lambda: establish(MINE, Words(), reason=MINE["reason"], by=ada, now=NOW),
    )

    assert isinstance(told, establishing.Refused)
    assert told.faults == {"slug": ["is that of “Mine 1.0”. Read that license, or give another."]}
    assert License.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_a_load_and_a_curator_bind_one_spelling_once() -> None:
    ada, license, kimi = make_person("ada", "curator"), make_license("Acme License"), make_license("Kimi K2")
    model = make_model("acme/tiny", declared_name="odd")

    told = meanwhile(
        lambda: Rule.objects.create(signal="name", value="odd", license=license),
        lambda: binding.bind(spelled("name", "odd"), kimi, reason="So they say.", by=ada, now=NOW),
    )

    assert isinstance(told, binding.Refused)
    assert told.faults == {"value": ["means Acme License already. Change it in the catalogue's files."]}
    model.refresh_from_db()
    assert model.license is None
    assert not AuditEntry.objects.exists()
