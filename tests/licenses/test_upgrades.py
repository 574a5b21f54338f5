"""A database that an earlier version filled is brought up to date without losing what it was told."""

import pytest
from django.core.management import call_command
from django.db import connection

from licenses.models import Change
from tests.factories import make_license, make_model, make_release

BEFORE = "0003"
ROW = """
    INSERT INTO licenses_change (license_id, model_id, event, cause, weight, before, after, moved, seen_at)
    VALUES (%s, %s, 'license_changed', 'metadata', 'substantive', 'mit', 'other', '[]', '2026-11-01T23:30:00Z')
"""


@pytest.mark.django_db(transaction=True)
def test_changes_told_by_an_earlier_version_get_their_day_and_their_place():
    license = make_license()
    make_release("Tiny", license, repos=["acme/tiny"])
    of_a_release, stranger = make_model("acme/tiny"), make_model("acme/other")
    call_command("migrate", "licenses", BEFORE, verbosity=0)
    with connection.cursor() as cursor:
        for subject in ((license.pk, None), (None, of_a_release.pk), (None, stranger.pk)):
            cursor.execute(ROW, subject)

    call_command("migrate", verbosity=0)

    found = list(Change.objects.order_by("pk"))
    assert [change.is_listed for change in found] == [True, True, False]
    assert {str(change.happened_on) for change in found} == {"2026-11-01"}
    assert len({change.key for change in found}) == 3
