"""Logging in, with a second factor where one is set up, and setting a password anew."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from licenses import curation
from openness.accounts import second_factor
from tests.conftest import browser_of
from tests.factories import PASSWORD, make_person
from tests.licenses.test_publishing import acme, cap
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_person("ada", "curator", email="ada@example.org")


@pytest.fixture(autouse=True)
def nobody_asked_for_mail_yet() -> Iterator[None]:
    yield
    cache.delete_many([key.decode().split(":", 2)[2] for key in cache._cache.get_client().keys("openness:*")])


def login(client: Client, *, name: str = "ada", password: str = PASSWORD, **fields: str) -> Any:
    return client.post("/account/login/", {"username": name, "password": password} | fields)


def second_step(client: Client, page: Any, code: str, **fields: str) -> Any:
    passed = re.search(r'name="passed" value="([^"]+)"', page.content.decode())
    assert passed, words(page.content.decode())
    return client.post("/account/login/", {"passed": passed[1], "code": code} | fields)


def code_of(user: User, *, later: int = 0) -> str:
    device = TOTPDevice.objects.get(user=user)
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits)
    generator.time = time.time() + later
    return f"{generator.token():06}"


def with_second_factor(user: User) -> list[str]:
    """The recovery codes. The code that confirms was used half a minute ago, so the one of now is fresh."""
    second_factor.begin(user)
    return second_factor.confirm(user, code_of(user, later=-30))


def is_logged_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


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


class TestSecondFactor:
    def test_it_is_set_up_with_a_scanned_code_and_gives_recovery_codes_once(self, ada: User) -> None:
        client = browser_of(ada)
        address = "/account/second-factor/"
        assert "It is off" in client.get(address).content.decode()

        client.post(address, {"do": "begin"})
        page = client.get(address).content.decode()
        wrong = client.post(address, {"do": "confirm", "code": "000000"}).content.decode()

        assert re.search(r'<path d="M\d+ \d+h', page)
        assert "style=" not in page
        assert "<script>" not in page
        assert "That code is not right" in words(wrong)
        assert not second_factor.is_on(ada)
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        shown = client.post(address, {"do": "confirm", "code": code_of(ada)}).content.decode()
        codes = re.findall(r"<li><code>(\w+)</code>", shown)
        assert len(codes) == second_factor.RECOVERY_CODES
        again = client.get(address).content.decode()
        assert "10 recovery codes left" in words(again)
        assert codes[0] not in again

    def test_the_picture_says_what_the_secret_says(self, ada: User) -> None:
        second_factor.begin(ada)
        device = second_factor.waiting(ada)

        picture = second_factor.picture(device)

        dark = sum(int(length) for length in re.findall(r"h(\d+)v", picture.path))
        rows = list(second_factor.segno.make(device.config_url, micro=False).matrix_iter(border=4))
        assert picture.side == len(rows)
        assert dark == sum(map(sum, rows))
        assert second_factor.secret(device).replace(" ", "") in device.config_url

    def test_the_password_alone_lets_nobody_in(self, client: Client, ada: User) -> None:
        with_second_factor(ada)

        page = login(client, next="/account/")

        assert not is_logged_in(client)
        assert 'autocomplete="one-time-code"' in page.content.decode()
        assert PASSWORD not in page.content.decode()
        assert second_step(client, page, code_of(ada), next="/account/").headers["Location"] == "/account/"
        assert is_logged_in(client)

    def test_a_code_works_once(self, client: Client, ada: User) -> None:
        with_second_factor(ada)
        code = code_of(ada)
        second_step(client, login(client), code)
        other = Client()

        page = second_step(other, login(other), code)

        assert "not right, or was used before" in words(page.content.decode())
        assert not is_logged_in(other)

    def test_after_a_wrong_code_the_right_one_has_to_wait(self, client: Client, ada: User) -> None:
        with_second_factor(ada)
        page = login(client)
        second_step(client, page, "000000")

        second_step(client, page, code_of(ada))

        assert not is_logged_in(client)
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=2))
        second_step(client, page, code_of(ada))
        assert is_logged_in(client)

    def test_five_wrong_codes_close_the_door_too(self, client: Client, ada: User) -> None:
        with_second_factor(ada)
        page = login(client)

        tries = [second_step(client, page, "000000").status_code for _ in range(5)]

        assert tries == [200] * 4 + [429]
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        assert second_step(client, page, code_of(ada)).status_code == 429
        assert login(client).status_code == 429

    def test_a_recovery_code_works_once(self, client: Client, ada: User) -> None:
        code = with_second_factor(ada)[0]

        second_step(client, login(client), f" {code.upper()} ")

        assert is_logged_in(client)
        assert second_factor.recovery_codes_left(ada) == 9
        other = Client()
        second_step(other, login(other), code)
        assert not is_logged_in(other)

    def test_the_first_step_is_signed_ends_in_ten_minutes_and_with_the_password(
        self, client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with_second_factor(ada)
        page = login(client)
        forged = client.post("/account/login/", {"passed": "forged", "code": code_of(ada)})
        assert "Begin again with your password" in words(forged.content.decode())

        ada.set_password("another long word")
        ada.save()
        assert "Begin again" in words(second_step(client, page, code_of(ada)).content.decode())

        page = login(client, password="another long word")
        monkeypatch.setattr(second_factor, "PATIENCE", -1)
        assert "Begin again" in words(second_step(client, page, code_of(ada)).content.decode())
        assert not is_logged_in(client)

    def test_anothers_code_does_not_do(self, client: Client, ada: User) -> None:
        bob = make_person("bob", "admin")
        with_second_factor(ada)
        with_second_factor(bob)

        second_step(client, login(client), code_of(bob))

        assert not is_logged_in(client)

    @pytest.mark.parametrize("by", ["password", "code"])
    def test_it_is_removed_by_password_or_code(self, ada: User, by: str) -> None:
        with_second_factor(ada)
        client = browser_of(ada)
        fields = {"do": "remove", "proof": PASSWORD if by == "password" else code_of(ada)}

        wrong = client.post("/account/second-factor/", fields | {"proof": "a guess"})

        assert "neither your password nor" in words(wrong.content.decode())
        assert second_factor.is_on(ada)
        client.post("/account/second-factor/", fields)
        assert not TOTPDevice.objects.exists()
        assert not StaticDevice.objects.exists()

    def test_new_recovery_codes_void_the_earlier(self, ada: User) -> None:
        code = with_second_factor(ada)[0]

        shown = browser_of(ada).post("/account/second-factor/", {"do": "codes", "proof": PASSWORD}).content.decode()

        assert len(re.findall(r"<li><code>(\w+)</code>", shown)) == 10
        assert not second_factor.is_right(ada, code)

    def test_guessing_the_password_in_an_open_session_closes_the_door(self, ada: User) -> None:
        with_second_factor(ada)
        client = browser_of(ada)

        tries = [client.post("/account/second-factor/", {"do": "remove", "proof": f"guess {n}"}) for n in range(5)]

        assert [page.status_code for page in tries] == [200] * 4 + [429]


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


def test_the_account_page_names_what_is_ones_own(ada: User, django_assert_num_queries: Any) -> None:
    client = browser_of(ada)

    with django_assert_num_queries(6):
        page = client.get("/account/")

    said = words(page.content.decode())
    assert "ada@example.org" in said
    assert f"/curators/{ada.pk}/" in page.content.decode()


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


def test_no_address_and_no_login_name_stands_on_public_pages(visitor: Client, now: Any) -> None:
    grace = make_person("g.hopper-1906", "reviewer", email="grace@secret.example")
    browser_of(grace).post("/account/", {"name": "Grace  Hopper"})
    grace.refresh_from_db()
    change = curation.publish(acme(), [cap()], by=grace, now=now)
    told = ["/licenses/acme-license/", "/licenses/acme-license/clauses/mau_cap/", "/changes/", "/changes.atom"]
    also = [f"/changes/{change.key}/", "/curators/", f"/curators/{grace.pk}/", "/audit.jsonl"]
    history = "/licenses/acme-license/clauses/mau_cap/history/"

    pages = {path: visitor.get(path).content.decode() for path in (*told, *also, history)}

    assert "Grace Hopper" in pages["/licenses/acme-license/clauses/mau_cap/"]
    assert [path for path, page in pages.items() if "hopper-1906" in page or "secret.example" in page] == []
