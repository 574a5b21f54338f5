"""A second factor, for those who set one up: after the password a code, and recovery codes for when the app is lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from openness.accounts import second_factor
from tests.conftest import browser_of
from tests.factories import PASSWORD, make_person
from tests.logins import code_of, is_logged_in, login, second_step, with_second_factor
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_person("ada", "curator")


def test_it_is_set_up_with_a_scanned_code_and_gives_recovery_codes_once(ada: User) -> None:
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


def test_the_picture_says_what_the_secret_says(ada: User) -> None:
    second_factor.begin(ada)
    device = second_factor.waiting(ada)

    picture = second_factor.picture(device)

    dark = sum(int(length) for length in re.findall(r"h(\d+)v", picture.path))
    rows = list(second_factor.segno.make(device.config_url, micro=False).matrix_iter(border=4))
    assert picture.side == len(rows)
    assert dark == sum(map(sum, rows))
    assert second_factor.secret(device).replace(" ", "") in device.config_url


def test_the_password_alone_lets_nobody_in(client: Client, ada: User) -> None:
    with_second_factor(ada)

    page = login(client, next="/account/")

    assert not is_logged_in(client)
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert PASSWORD not in page.content.decode()
    assert second_step(client, page, code_of(ada), next="/account/").headers["Location"] == "/account/"
    assert is_logged_in(client)


def test_a_code_works_once(client: Client, ada: User) -> None:
    with_second_factor(ada)
    code = code_of(ada)
    second_step(client, login(client), code)
    other = Client()

    page = second_step(other, login(other), code)

    assert "not right, or was used before" in words(page.content.decode())
    assert not is_logged_in(other)


def test_after_a_wrong_code_the_right_one_has_to_wait(client: Client, ada: User) -> None:
    with_second_factor(ada)
    page = login(client)
    second_step(client, page, "000000")

    early = second_step(client, page, code_of(ada))

    assert "Wait a second, then try the next code." in words(early.content.decode())
    assert not is_logged_in(client)
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(seconds=2))
    second_step(client, page, code_of(ada))
    assert is_logged_in(client)


@pytest.mark.parametrize("do", ["confirm", "remove"])
def test_where_it_is_set_up_too_a_code_that_comes_too_soon_is_told_to_wait(ada: User, do: str) -> None:
    client, address = browser_of(ada), "/account/second-factor/"
    if do == "remove":
        with_second_factor(ada)
    client.post(address, {"do": "begin"})

    told = [
        words(client.post(address, {"do": do, "code": code, "proof": code}).content.decode())
        for code in ("000000", code_of(ada))
    ]

    assert ["Wait a second, then try the next code." in page for page in told] == [False, True]
    assert second_factor.is_on(ada) == (do == "remove")


def test_five_wrong_codes_close_the_door_too(client: Client, ada: User) -> None:
    with_second_factor(ada)
    page = login(client)

    tries = [second_step(client, page, "000000").status_code for _ in range(5)]

    assert tries == [200] * 4 + [429]
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert second_step(client, page, code_of(ada)).status_code == 429
    assert login(client).status_code == 429


def test_a_recovery_code_works_once(client: Client, ada: User) -> None:
    code = with_second_factor(ada)[0]

    second_step(client, login(client), f" {code.upper()} ")

    assert is_logged_in(client)
    assert second_factor.recovery_codes_left(ada) == 9
    other = Client()
    second_step(other, login(other), code)
    assert not is_logged_in(other)


def test_the_first_step_is_signed_ends_in_ten_minutes_and_with_the_password(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
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


def test_anothers_code_does_not_do(client: Client, ada: User) -> None:
    bob = make_person("bob", "admin")
    with_second_factor(ada)
    with_second_factor(bob)

    second_step(client, login(client), code_of(bob))

    assert not is_logged_in(client)


@pytest.mark.parametrize("by", ["password", "code"])
def test_it_is_removed_by_password_or_code(ada: User, by: str) -> None:
    with_second_factor(ada)
    client = browser_of(ada)
    fields = {"do": "remove", "proof": PASSWORD if by == "password" else code_of(ada)}

    wrong = client.post("/account/second-factor/", fields | {"proof": "a guess"})

    assert "neither your password nor" in words(wrong.content.decode())
    assert second_factor.is_on(ada)
    client.post("/account/second-factor/", fields)
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


def test_new_recovery_codes_void_the_earlier(ada: User) -> None:
    code = with_second_factor(ada)[0]

    shown = browser_of(ada).post("/account/second-factor/", {"do": "codes", "proof": PASSWORD}).content.decode()

    assert len(re.findall(r"<li><code>(\w+)</code>", shown)) == 10
    assert not second_factor.is_right(ada, code)


def test_guessing_the_password_in_an_open_session_closes_the_door(ada: User) -> None:
    with_second_factor(ada)
    client = browser_of(ada)

    tries = [client.post("/account/second-factor/", {"do": "remove", "proof": f"guess {n}"}) for n in range(5)]

    assert [page.status_code for page in tries] == [200] * 4 + [429]
