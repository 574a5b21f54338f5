"""Who may see what: every address is public by decision, or guarded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = {
    *("comparison", "licenses", "license", "clause", "release", "publisher", "models", "model", "clauses"),
    *("text", "text-diff", "model-text", "model-text-diff"),
    *("changes", "change", "feed", "license-feed", "release-feed", "publisher-feed", "model-feed"),
    *("correct", "clause-history", "proposal", "curators", "curator", "audit"),
    *("check", "check-release", "check-license", "check-model", "check-list", "compare", "duties"),
    *("healthz", "readyz"),
}
#: Account pages for those who are not, or no longer, or not yet logged in.
FROM_OUTSIDE = {
    *("login", "logout", "welcome"),
    *("password_reset", "password_reset_done", "password_reset_confirm", "password_reset_complete"),
}


def addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        else:
            yield path, entry


def test_every_address_is_listed_public_or_guarded() -> None:
    stray = [
        path
        for path, entry in addresses(get_resolver())
        if entry.name not in PUBLIC
        and not path.startswith(("admin/", "account/"))
        and not hasattr(entry.callback, "permission")
    ]

    assert stray == []


@pytest.mark.django_db
def test_a_page_of_an_account_asks_who_you_are_unless_one_comes_to_it_from_outside(client: Client) -> None:
    guarded = {
        path: client.get(f"/{path}".replace("<int:pk>", "1"))
        for path, entry in addresses(get_resolver())
        if path.startswith("account/") and entry.name not in FROM_OUTSIDE
    }

    assert len(guarded) >= 6
    assert {page.headers["Location"].split("?")[0] for page in guarded.values()} == {"/account/login/"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/", "/admin/auth/user/", "/admin/ingest/sweep/", "/admin/ingest/quarantine/"])
def test_the_admin_asks_who_you_are(client: Client, path: str) -> None:
    page = client.get(path, follow=True)

    assert page.redirect_chain[-1][0].startswith("/account/login/?next=%2Fadmin%2F")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/check/?commercial=yes",
        "/models/",
        "/licenses/",
        "/clauses/",
        "/?mau_cap=maybe",
        "/curators/",
        "/audit.jsonl",
    ],
)
def test_public_pages_know_nobody(client: Client, path: str) -> None:
    page = client.get(path)

    assert not page.cookies
    assert "Cookie" not in page.get("Vary", "")


@pytest.mark.django_db
def test_the_sixth_wrong_password_is_not_even_tried_and_others_still_may(settings: Any) -> None:
    settings.HTTPS, settings.SECURE_SSL_REDIRECT = True, False
    get_user_model().objects.create_superuser("curator", password="the right one")

    def login(password: str, address: str) -> int:
        fields = {"username": "curator", "password": password}
        return Client().post("/account/login/", fields, headers={"X-Forwarded-For": f"6.6.6.6, {address}"}).status_code

    wrong = [login("a guess", "10.0.0.1") for _ in range(5)]

    assert wrong[:4] == [200] * 4
    assert login("the right one", "10.0.0.1") == 429
    assert login("the right one", "10.0.0.2") == 302
