"""Who may do what: Django's groups, with permissions that stand on `Proposal`. A visitor is anybody else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from .clauses import READ_TWICE

#: Anyone who works here; who may confirm, decline and publish all kinds; who may invite.
CURATE, REVIEW, INVITE = "licenses.curate", "licenses.review", "licenses.invite"

#: Group → its permissions. What an admin may do in Django's admin beside it, the admin says.
ROLES: dict[str, tuple[str, ...]] = {
    "curator": (CURATE,),
    "reviewer": (CURATE, REVIEW),
    "admin": (CURATE, REVIEW, INVITE),
}


def display_name(user: AbstractBaseUser | AnonymousUser) -> str:
    """As all pages name somebody; never the e-mail address, and the login name only where no other is known."""
    if not isinstance(user, User):
        return "a visitor"
    return user.get_full_name() or user.get_username()


def may_publish_alone(user: User, kind: str) -> bool:
    """The policy: some kinds wait for a second person, unless a reviewer reads them."""
    return user.has_perm(REVIEW) or (kind not in READ_TWICE and user.has_perm(CURATE))
