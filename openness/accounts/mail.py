"""Invitations by mail. Links are made from SITE_URL, whatever host a request claims to have asked."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from licenses.roles import display_name

from .people import role_of

log = logging.getLogger(__name__)


def welcome_link(user: User) -> str:
    """Works once, for three days (PASSWORD_RESET_TIMEOUT), while nobody sets a password or asks for a newer link."""
    who = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("welcome", args=[who, default_token_generator.make_token(user)])
    return f"{settings.SITE_URL}{path}"


def send_invitation(user: User, link: str, *, by: User) -> bool:
    """False where no mail left: the server refused it, or none is set and it became a file."""
    words = {"user": user, "role": role_of(user), "link": link, "by": display_name(by), "site": settings.SITE_URL}
    body = render_to_string("account/invitation_mail.txt", words)
    try:
        send_mail("Your invitation to Openness", body, None, [user.email])
    except (SMTPException, OSError):
        log.exception("an invitation could not be mailed")
        return False
    return bool(settings.EMAIL_URL)
