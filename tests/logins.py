"""Logging in as people do, with the codes that their app would show."""

from __future__ import annotations

import re
import time
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from openness.accounts import second_factor
from tests.factories import PASSWORD
from tests.pages import words


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
