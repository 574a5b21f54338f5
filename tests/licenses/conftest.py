"""Whom the workbench's tests read."""

from __future__ import annotations

import pytest

from licenses.models import License
from tests.factories import make_license, make_revision

from .reading import TEXT


@pytest.fixture
def acme(db: None) -> License:
    """A license with its text, unread."""
    license = make_license("Acme")
    make_revision(license.documents.get(), TEXT)
    return license
