"""Who may do what: Django's groups, with permissions that stand on `Proposal`. A visitor is anybody else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission, User
from django.db.models import Q

from .clauses import READ_TWICE

#: In characters: what readings, proposals and the audit trail hold of a name.
LONGEST_NAME = 120
#: Anyone who works here; who may confirm, decline and publish all kinds; who may invite.
CURATE, REVIEW, INVITE = "licenses.curate", "licenses.review", "licenses.invite"

#: What an admin sees in Django's admin: who is here, what broke, what may be cleared away there, what is append-only.
PLUMBING = (
    *("auth.view_user", "auth.change_user", "auth.view_group"),
    *("otp_totp.view_totpdevice", "otp_totp.delete_totpdevice", "axes.view_accessattempt"),
    *("ingest.view_sweep", "ingest.view_quarantine"),
    *("ingest.view_watch", "ingest.view_watchedfile", "ingest.delete_watch"),
    *("licenses.view_rule", "licenses.view_clause", "licenses.view_quote", "licenses.view_change"),
    *("licenses.view_auditentry", "licenses.view_proposal", "licenses.view_conclusion", "licenses.view_revision"),
)

#: Group → its permissions.
ROLES: dict[str, tuple[str, ...]] = {
    "curator": (CURATE,),
    "reviewer": (CURATE, REVIEW),
    "admin": (CURATE, REVIEW, INVITE, *PLUMBING),
}


def write_groups() -> None:
    """The groups hold what is declared here, no more and no less; who is in them stays."""
    for role, names in ROLES.items():
        wanted = [
            Q(content_type__app_label=app, codename=code) for app, _, code in (name.partition(".") for name in names)
        ]
        permissions = Permission.objects.filter(Q(*wanted, _connector=Q.OR))
        Group.objects.get_or_create(name=role)[0].permissions.set(permissions)


def display_name(user: AbstractBaseUser | AnonymousUser) -> str:
    """As all pages name somebody; never by the e-mail address or the login name, which may be one."""
    if not isinstance(user, User):
        return "a visitor"
    name = user.get_full_name() or f"Curator {user.pk}"
    shown = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(shown.split())[:LONGEST_NAME].strip()


def may_publish_alone(user: User, kind: str) -> bool:
    """The policy: some kinds wait for a second person, unless a reviewer reads them."""
    return user.has_perm(REVIEW) or (kind not in READ_TWICE and user.has_perm(CURATE))
