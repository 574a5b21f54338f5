"""The permission matrix: every address of the workbench, for everybody, looking and writing, with and without token."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver

from licenses import curation
from licenses.models import Rule
from licenses.roles import CURATE, INVITE, REVIEW, ROLES
from tests.conftest import browser_of
from tests.factories import make_license, make_model, make_person, make_revision
from tests.licenses.test_publishing import TEXT, cap
from tests.test_access import addresses

WORKBENCH = ("curate/", "account/invitations/")
GUARDED = [(path, entry) for path, entry in addresses(get_resolver()) if path.startswith(WORKBENCH)]


@pytest.fixture
def samples(db: None, now: datetime) -> dict[str, object]:
    """What stands in an address for each of its arguments; a full address for those where a name means two things."""
    license, grace = make_license("Acme License"), make_person("grace", "curator")
    make_revision(license.documents.get(), TEXT)
    make_model("acme/tiny", license=license)
    (proposal,) = curation.propose(license, [cap()], by=grace, now=now)
    rule = Rule.objects.create(signal="name", value="acme", license=license, added_by=grace, added_at=now)
    return {
        **dict.fromkeys(("license", "slug"), license.slug),
        **{"kind": "mau_cap", "key": proposal.key, "org": "acme", "name": "tiny"},
        **{"account/invitations/<int:pk>/": grace.pk, "curate/rules/<int:pk>/retire/": rule.pk},
    }


def filled(path: str, samples: dict[str, Any]) -> str:
    def sample(argument: re.Match[str]) -> str:
        name = argument[1]
        assert path in samples or name in samples, f"give a sample of “{name}” in {path}"
        return str(samples.get(path, samples.get(name)))

    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", sample, path)


def asked(client: Client, method: str, path: str, samples: dict[str, Any]) -> HttpResponse:
    return getattr(client, method)(filled(path, samples))


def sent_to_log_in(page: HttpResponse) -> bool:
    return page.status_code == 302 and page.headers["Location"].startswith("/account/login/")


def test_every_address_of_the_workbench_names_a_permission_of_ours() -> None:
    permissions = {path: getattr(entry.callback, "permission", None) for path, entry in GUARDED}

    assert permissions
    assert set(permissions.values()) <= {CURATE, REVIEW, INVITE}, permissions


@pytest.mark.parametrize("method", ["get", "post"])
class TestMatrix:
    def test_a_visitor_is_asked_who_they_are(self, visitor: Client, samples: dict[str, Any], method: str) -> None:
        pages = {path: asked(visitor, method, path, samples) for path, _ in GUARDED}

        assert [path for path, page in pages.items() if not sent_to_log_in(page)] == []

    @pytest.mark.parametrize("role", ["", *ROLES])
    def test_a_role_sees_what_it_may_and_no_more(self, role: str, samples: dict[str, Any], method: str) -> None:
        user = make_person("eve", role)
        wrong = [
            f"{path}: {page.status_code} for {role or 'no role'}"
            for path, entry in GUARDED
            if (page := asked(browser_of(user), method, path, samples)) and not is_right(page, user, entry)
        ]

        assert wrong == []

    def test_nobody_keeps_a_refusal(self, samples: dict[str, Any], method: str) -> None:
        client = browser_of(make_person("eve"))
        refusals = {path: asked(client, method, path, samples) for path, _ in GUARDED}

        assert {page.status_code for page in refusals.values()} == {403}
        assert [
            path for path, page in refusals.items() if "no-store" not in page.headers.get("Cache-Control", "")
        ] == []


@pytest.mark.parametrize("role", ["visitor", "", *ROLES])
def test_nothing_is_written_without_a_token(role: str, samples: dict[str, Any]) -> None:
    client = Client() if role == "visitor" else browser_of(make_person("eve", role))
    client.handler.enforce_csrf_checks = True

    assert [path for path, _ in GUARDED if asked(client, "post", path, samples).status_code != 403] == []


def is_right(page: HttpResponse, user: User, entry: URLPattern) -> bool:
    may = user.has_perm(entry.callback.permission)  # type: ignore[attr-defined]
    return (page.status_code == 403) != may and not sent_to_log_in(page)
