"""A second factor for those who want one: codes of an app (TOTP), and recovery codes for when the app is lost."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import segno
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

RECOVERY_CODES = 10
SALT, PATIENCE = "openness.accounts.second_factor", 600
QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A code to scan, as the path of an SVG of so many units a side."""

    side: int
    path: str


class CodeBackend(ModelBackend):
    """The second step of a login. It is Django's to call, so wrong codes are counted like wrong passwords."""

    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, username: str, passed: str, token: str
    ) -> User | None:
        user = half_way(passed)
        return user if user and user.get_username() == username and is_right(user, token) else None


def is_on(user: User) -> bool:
    return bool(TOTPDevice.objects.devices_for_user(user, confirmed=True).exists())


def pass_for(user: User) -> str:
    """Says for ten minutes that this person gave the right password, as long as it stays the password."""
    return signing.dumps([user.pk, user.get_session_auth_hash()], salt=SALT)


def half_way(passed: str) -> User | None:
    try:
        pk, password = signing.loads(passed, salt=SALT, max_age=PATIENCE)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and user.get_session_auth_hash() == password else None


def is_right(user: User, code: str) -> bool:
    """A code of the app, or a recovery code, which is used up by it. The devices slow down who guesses."""
    device, code = device_for(user, code), tidy(code)
    return device is not None and verify_token(user, device.persistent_id, code) is not None


def tidy(code: str) -> str:
    return "".join(code.split()).lower()


def device_for(user: User, code: str) -> Any:
    """Which is meant by a code, or None where that was not set up."""
    kind = TOTPDevice if looks_like_app(tidy(code)) else StaticDevice
    return kind.objects.devices_for_user(user, confirmed=True).first()


def too_soon_for(user: User, code: str) -> str:
    return too_soon(device_for(user, code))


def too_soon(device: Any) -> str:
    """Said before a code is tried: after a wrong one, a device looks at none for a while, be it the right one."""
    is_allowed, why = device.verify_is_allowed() if device else (True, {})
    if is_allowed:
        return ""
    seconds = round((why["locked_until"] - device.throttling_failure_timestamp).total_seconds())
    wait = "a second" if seconds == 1 else f"{seconds:,} seconds"
    return f"That came too soon after a wrong code, so nobody looked at it. Wait {wait}, then try the next code."


def looks_like_app(code: str) -> bool:
    return len(code) == 6 and code.isdecimal()


def is_proven(request: HttpRequest, user: User, given: str) -> bool:
    """Is it really they who sit there? By a code of the app, or by the password."""
    if looks_like_app(given.strip()):
        return is_right(user, given)
    return authenticate(request, username=user.get_username(), password=given) == user


def waiting(user: User) -> Any:
    """The device that was begun and not yet confirmed."""
    return TOTPDevice.objects.devices_for_user(user, confirmed=False).first()


@transaction.atomic
def begin(user: User) -> None:
    """A new secret to scan. What is in use stays in use until a code confirms it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    TOTPDevice.objects.create(user=user, name="App", confirmed=False)


@transaction.atomic
def confirm(user: User, code: str) -> list[str]:
    """From now on a code is asked for. The recovery codes, or none where the code is wrong."""
    device = waiting(user)
    if device is None or not verify_token(user, device.persistent_id, "".join(code.split())):
        return []
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    return write_recovery_codes(user)


@transaction.atomic
def write_recovery_codes(user: User) -> list[str]:
    """New ones; the earlier are void."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_codes_left(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def remove(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def secret(device: Any) -> str:
    """To be typed where no camera is at hand."""
    letters = b32encode(device.bin_key).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def picture(device: Any) -> Picture:
    rows = list(segno.make(device.config_url, micro=False).matrix_iter(border=QUIET_ZONE))
    path = "".join(bar for y, row in enumerate(rows) for bar in bars(row, y))
    return Picture(len(rows), path)


def bars(row: Any, y: int) -> list[str]:
    """The dark stretches of a row."""
    found, x = [], 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            found.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return found
