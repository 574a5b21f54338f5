"""Who asks, as far as the address says it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from licenses import profiles
from licenses.clauses.profile import Profile
from licenses.profiles import ProfileForm


@dataclass(frozen=True, slots=True)
class Asked:
    """`profile` is None where the address says nothing of the visitor, or something that cannot be: see `faults`."""

    form: ProfileForm
    profile: Profile | None
    faults: dict[str, list[str]]
    #: The profile's parameters alone, to be carried to other pages.
    query: QueryDict


def asked(query: QueryDict) -> Asked:
    form = ProfileForm(query)
    faults = form.faults()
    profile = form.profile() if profiles.stated(query) and not faults else None
    return Asked(form, profile, faults, profiles.carried(query))
