"""Whom the workbench's tests read, and the bundled catalogue for those that need all of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from licenses.catalogue import load
from licenses.models import License
from tests.conftest import NOW
from tests.factories import make_license, make_revision

from .reading import TEXT


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The bundled catalogue, once for all tests of a module, and away again."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def acme(db: None) -> License:
    """A license with its text, unread."""
    license = make_license("Acme")
    make_revision(license.documents.get(), TEXT)
    return license
