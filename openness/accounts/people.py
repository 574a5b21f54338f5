"""Who is invited, which role they have, who works here no longer. Every step is on record, without addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.utils.text import slugify

from licenses.curation import note
from licenses.models import AuditEntry, Clause, Deed
from licenses.roles import ROLES, display_name

#: The role that sees Django's admin too.
STAFF = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the list."""

    user: User
    role: str
    state: str
    is_settled: bool

    @property
    def name(self) -> str:
        return display_name(self.user)


def everybody(asking: User) -> list[Person]:
    found = User.objects.prefetch_related("groups").order_by("-is_active", "first_name", "last_name", "username")
    return [Person(user, role_of(user), state_of(user), user.is_superuser or user == asking) for user in found]


def role_of(user: User) -> str:
    if user.is_superuser:
        return "superuser"
    names = {group.name for group in user.groups.all()}
    return next((role for role in ROLES if role in names), "")


def state_of(user: User) -> str:
    if not user.is_active:
        return "deactivated"
    return "works here" if user.has_usable_password() else "invited"


def shown_as(name: str) -> QuerySet[User]:
    """Who is named so on our pages."""
    return User.objects.annotate(shown=Trim(Concat("first_name", Value(" "), "last_name"))).filter(shown__iexact=name)


def on_record_as(name: str, *, of: User | None) -> bool:
    """Whether what another did stands under that name. A file's readers have no account: an admin who invites says
    whom they are."""
    if of is None:
        read = Q(read_by__iexact=name, reader__isnull=False) | Q(confirmed_by__iexact=name, confirmer__isnull=False)
        return AuditEntry.objects.filter(by_name__iexact=name).exists() or Clause.objects.filter(read).exists()
    read = Q(read_by__iexact=name) & ~Q(reader=of) | Q(confirmed_by__iexact=name) & ~Q(confirmer=of)
    deeds = AuditEntry.objects.filter(~Q(by=of), by_name__iexact=name)
    return deeds.exists() or Clause.objects.filter(read).exists()


@transaction.atomic
def invite(*, email: str, name: str, role: str, by: User, now: datetime) -> User:
    """Somebody who may set a password by the link that `new_link` gives, and nothing else until then."""
    user = User(username=free_login(name), email=email, first_name=name, is_staff=role == STAFF)
    user.set_unusable_password()
    user.save()
    user.groups.set(groups([role]))
    note(Deed.INVITED, "", by=by, now=now, after=in_words(user))
    return user


@transaction.atomic
def give_role(user: User, role: str, *, by: User, now: datetime) -> User:
    user = held(user, by)
    if not user.is_active:
        raise PermissionDenied("They were deactivated. Invite them again first.")
    before = in_words(user)
    user.groups.set(groups([role]))
    user.is_staff = role == STAFF
    user.save(update_fields=["is_staff"])
    note(Deed.ROLES, "", by=by, now=now, before=before, after=in_words(user))
    return user


@transaction.atomic
def deactivate(user: User, *, by: User, now: datetime) -> User:
    """Their sessions, their password and every link end; what they did stays theirs."""
    user = held(user, by)
    before = in_words(user)
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    note(Deed.ROLES, "", by=by, now=now, before=before, after=in_words(user))
    return user


@transaction.atomic
def invite_again(user: User, *, by: User, now: datetime) -> User:
    """For those without a password, who were deactivated or lost the link. Earlier links no longer work."""
    user = held(user, by)
    if user.has_usable_password():
        raise PermissionDenied("They have set a password; a new one is theirs to ask for.")
    before = in_words(user)
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    note(Deed.INVITED, "Invited again.", by=by, now=now, before=before, after=in_words(user))
    return user


def held(user: User, by: User) -> User:
    permit(user, by)
    return User.objects.select_for_update().get(pk=user.pk)


def permit(user: User, by: User) -> None:
    """Raises PermissionDenied where nobody changes them here."""
    if user.is_superuser or user == by:
        raise PermissionDenied("Your own role, and a superuser's, are another's to change.")


def groups(roles: Iterable[str]) -> QuerySet[Group]:
    return Group.objects.filter(name__in=roles)


def in_words(user: User) -> str:
    said = role_of(user) or "no role" if user.is_active else "deactivated"
    return f"{display_name(user)}: {said}"


def free_login(name: str) -> str:
    """`ada-lovelace`, or with a number where that is taken."""
    stem = slugify(name)[:40].strip("-_") or "person"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)
