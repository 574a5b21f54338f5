"""Logging in, with a second factor where one is set up, and setting a password anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
import redis
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from licenses import curation
from tests.conftest import browser_of
from tests.factories import PASSWORD, make_license, make_person
from tests.licenses.test_publishing import acme, cap
from tests.logins import is_logged_in, login, with_second_factor
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_asked_for_anything_yet(settings: Any) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as counts:
        for key in (*counts.scan_iter("resets:*"), *counts.scan_iter("audit:*")):
            counts.delete(key)


@pytest.fixture
def ada() -> User:
    return make_person("ada", "curator", email="ada@example.org")


def test_a_curator_logs_in_and_comes_to_the_queue(client: Client, ada: User) -> None:
    page = login(client)

    assert page.headers["Location"] == "/curate/"
    assert is_logged_in(client)


def test_the_cookie_of_a_session_is_closed_to_scripts_and_other_sites_and_new_with_each_login(ada: User) -> None:
    client = Client()
    client.session["seen"] = True
    before = client.session.session_key

    cookie = login(client).cookies["sessionid"]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert cookie.value != before


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/account/", "/account/"),
        ("/curate/?kind=mau_cap", "/curate/?kind=mau_cap"),
        ("https://evil.example/", "/curate/"),
        ("//evil.example/", "/curate/"),
        ("/\\evil.example", "/curate/"),
        ("javascript:alert(1)", "/curate/"),
        ("", "/curate/"),
    ],
)
def test_a_login_leads_on_to_pages_of_ours_only(client: Client, ada: User, wanted: str, goes: str) -> None:
    assert login(client, next=wanted).headers["Location"] == goes


def test_a_page_of_the_workbench_asks_who_you_are_and_leads_back(client: Client, ada: User) -> None:
    asked = client.get("/curate/?mine=yes")

    assert asked.headers["Location"] == "/account/login/?next=/curate/%3Fmine%3Dyes"
    form = client.get(asked.headers["Location"]).content.decode()
    assert 'name="next" value="/curate/?mine=yes"' in form


def test_a_wrong_password_is_told_and_the_fifth_closes_the_door(client: Client, ada: User) -> None:
    first = login(client, password="a guess")

    assert "correct username and password" in words(first.content.decode())
    tries = [login(client, password="a guess").status_code for _ in range(4)]
    assert tries == [200, 200, 200, 429]
    assert "quarter of an hour" in words(login(client).content.decode())
    assert not is_logged_in(client)


def test_who_was_deactivated_is_out_at_once(ada: User) -> None:
    client = browser_of(ada)

    User.objects.update(is_active=False)

    assert not is_logged_in(client)
    assert login(client).status_code == 200


def test_logging_out_takes_a_post(ada: User) -> None:
    client = browser_of(ada)

    assert client.get("/account/logout/").status_code == 405
    assert client.post("/account/logout/").headers["Location"] == "/"
    assert not is_logged_in(client)


class TestAdmin:
    def test_its_own_login_is_ours(self, client: Client) -> None:
        eve = make_person("eve", "admin", is_staff=True)
        with_second_factor(eve)

        asked = client.get("/admin/", follow=True)
        client.post("/admin/login/", {"username": "eve", "password": PASSWORD})

        assert asked.redirect_chain[-1][0] == "/account/login/?next=%2Fadmin%2F"
        assert client.get("/admin/").status_code == 302

    def test_who_may_not_see_it_is_told_so(self, curator: Client) -> None:
        page = curator.get("/admin/", follow=True)

        assert "You are logged in as Ada, who may not see that page" in words(page.content.decode())


class TestPassword:
    def test_a_change_keeps_this_session_and_ends_the_others(self, ada: User) -> None:
        here, elsewhere = browser_of(ada), browser_of(ada)
        new = {"new_password1": "another long word", "new_password2": "another long word"}

        here.post("/account/password/", {"old_password": PASSWORD} | new)

        assert is_logged_in(here)
        assert not is_logged_in(elsewhere)

    def test_a_reset_goes_by_mail_and_its_link_works_once(self, client: Client, ada: User, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["*"]
        client.post("/account/reset/", {"email": "Ada@example.org"}, headers={"Host": "evil.example"})

        (message,) = mail.outbox
        link = re.search(rf"{settings.SITE_URL}(/account/reset/\S+)", message.body)
        assert link
        assert message.to == ["ada@example.org"]
        assert "evil" not in message.body
        form = client.get(link[1], follow=True)
        new = {"new_password1": "another long word", "new_password2": "another long word"}
        done = client.post(form.redirect_chain[-1][0], new, follow=True)
        assert "Your password is set" in done.content.decode()
        assert "works no longer" in client.get(link[1], follow=True).content.decode()
        assert login(client, password="another long word").status_code == 302

    def test_a_reset_does_not_get_round_the_second_factor(self, client: Client, ada: User) -> None:
        with_second_factor(ada)
        client.post("/account/reset/", {"email": "ada@example.org"})
        link = re.search(r"/account/reset/\S+/\S+/", mail.outbox[0].body)
        assert link

        form = client.get(link[0], follow=True)
        new = {"new_password1": "another long word", "new_password2": "another long word"}
        client.post(form.redirect_chain[-1][0], new)

        assert not is_logged_in(client)
        assert 'name="code"' in login(client, password="another long word").content.decode()

    def test_nobody_learns_whether_an_address_is_known(self, client: Client, ada: User) -> None:
        known, unknown = (
            client.post("/account/reset/", {"email": email}, follow=True)
            for email in ("ada@example.org", "nobody@example.org")
        )

        assert len(mail.outbox) == 1
        assert known.redirect_chain == unknown.redirect_chain
        assert known.content == unknown.content

    @pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
    def test_mail_is_not_asked_for_without_end(self, client: Client, ada: User, email: str) -> None:
        for n in range(5):
            client.post("/account/reset/", {"email": email}, REMOTE_ADDR=f"10.0.0.{n}")

        refused = client.post("/account/reset/", {"email": email}, REMOTE_ADDR="10.0.0.9")
        others = client.post("/account/reset/", {"email": "bob@example.org"}, REMOTE_ADDR="10.0.0.9")

        assert refused.status_code == 429
        assert others.status_code == 302

    def test_neighbours_in_one_network_ask_together(self, client: Client) -> None:
        answers = [
            client.post("/account/reset/", {"email": f"{n}@example.org"}, REMOTE_ADDR=f"2001:db8:0:9::{n}")
            for n in range(6)
        ]

        assert [answer.status_code for answer in answers] == [302] * 5 + [429]


def test_the_account_page_names_what_is_ones_own(ada: User, django_assert_num_queries: Any) -> None:
    client = browser_of(ada)

    with django_assert_num_queries(9):
        page = client.get("/account/")

    assert "ada@example.org" in words(page.content.decode())


def test_it_leads_to_what_one_did_once_one_did_something(ada: User, now: Any) -> None:
    client, deeds = browser_of(ada), f"/curators/{ada.pk}/"

    assert deeds not in client.get("/account/").content.decode()

    curation.propose(acme(), [cap()], by=ada, now=now)
    assert deeds in client.get("/account/").content.decode()
    assert client.get(deeds).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ada@example.org", "no e-mail address"),
        ("Bob", "Somebody else is shown by that name"),
        ("bOB ", "Somebody else is shown by that name"),
        ("Ada\u202ebob", "signs that cannot be seen"),
        ("", "required"),
    ],
)
def test_a_display_name_is_fit_to_be_shown_and_ones_own(ada: User, name: str, said: str) -> None:
    make_person("bob", "curator")

    page = browser_of(ada).post("/account/", {"name": name})

    assert said in words(page.content.decode())
    assert User.objects.get(pk=ada.pk).first_name == "Ada"


@pytest.fixture
def alice(now: Any) -> User:
    """She read a clause as Ada Byron, and is shown as Alice since."""
    alice = make_person("alice", "reviewer")
    browser_of(alice).post("/account/", {"name": "Ada Byron"})
    alice.refresh_from_db()
    curation.publish(acme(), [cap()], by=alice, now=now)
    browser_of(alice).post("/account/", {"name": "Alice"})
    return alice


@pytest.mark.parametrize("name", ["Ada Byron", "ADA BYRON"])
def test_a_name_under_which_another_worked_is_theirs_for_ever(ada: User, alice: User, name: str) -> None:
    page = browser_of(ada).post("/account/", {"name": name})

    assert "What somebody else did is on record under that name" in words(page.content.decode())
    assert browser_of(alice).post("/account/", {"name": name}).status_code == 302


@pytest.mark.parametrize("column", ["read_by", "confirmed_by"])
def test_a_reader_of_the_files_is_nobody_else_but_whom_an_admin_invites(ada: User, admin: Client, column: str) -> None:
    reading = {"answer": "yes", "read_by": "Openness"} | {column: "Grace Hopper"}
    license = make_license("Acme License", mau_cap=reading)
    assert license.clauses.get().reader is None

    renamed = browser_of(ada).post("/account/", {"name": "grace hopper"})
    admin.post("/account/invitations/", {"email": "g@example.org", "name": "Grace Hopper", "role": "curator"})

    assert "on record under that name" in words(renamed.content.decode())
    grace = User.objects.get(email="g@example.org")
    assert browser_of(grace).post("/account/", {"name": "Grace Hopper"}).status_code == 302


def test_nobody_is_invited_by_the_name_of_another(admin: Client, alice: User) -> None:
    page = admin.post("/account/invitations/", {"email": "b@example.org", "name": "Ada Byron", "role": "curator"})

    assert "on record under that name" in words(page.content.decode())


def test_who_has_no_display_name_is_a_number_and_never_a_login_name(visitor: Client, now: Any) -> None:
    root = User.objects.create_superuser("root@secret.example", email="root@secret.example")
    curation.publish(acme(), [cap()], by=root, now=now)
    history = "/licenses/acme-license/clauses/mau_cap/history/"

    pages = [b"".join(visitor.get(path)).decode() for path in (history, "/curators/", "/audit.jsonl")]

    assert all(f"Curator {root.pk}" in page and "secret.example" not in page for page in pages)


def test_no_address_and_no_login_name_stands_on_public_pages(visitor: Client, now: Any) -> None:
    grace = make_person("g.hopper-1906", "reviewer", email="grace@secret.example")
    browser_of(grace).post("/account/", {"name": "Grace  Hopper"})
    grace.refresh_from_db()
    change = curation.publish(acme(), [cap()], by=grace, now=now)
    told = ["/licenses/acme-license/", "/licenses/acme-license/clauses/mau_cap/", "/changes/", "/changes.atom"]
    also = [f"/changes/{change.key}/", "/curators/", f"/curators/{grace.pk}/", "/audit.jsonl"]
    history = "/licenses/acme-license/clauses/mau_cap/history/"

    pages = {path: b"".join(visitor.get(path)).decode() for path in (*told, *also, history)}

    assert "Grace Hopper" in pages["/licenses/acme-license/clauses/mau_cap/"]
    assert [path for path, page in pages.items() if "hopper-1906" in page or "secret.example" in page] == []
