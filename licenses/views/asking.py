"""Who asks, as far as the address says it; and the way from an answer to the page without it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from licenses import facets, profiles
from licenses.clauses.asker import answers, sentence
from licenses.clauses.profile import Profile
from licenses.profiles import MONTH, ProfileForm
from licenses.verdict import Result, disclaimer

#: For those who come without a profile: plans that many have.
USUAL = (
    ("a business with a product built on it", "commercial=yes&use=product"),
    ("a business that offers it as an API", "commercial=yes&use=host"),
    ("a business that publishes a fine-tune", "commercial=yes&use=publish"),
    ("a hobby, without money", "commercial=no&organisation=person"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`profile` is None where the address says nothing of the visitor, or something that cannot be: see `faults`."""

    form: ProfileForm
    profile: Profile | None
    faults: dict[str, list[str]]
    #: The profile's parameters alone, to be carried to other pages.
    query: QueryDict

    @property
    def believed(self) -> Profile:
        """What can be understood of it: to know what to ask somebody whose answers have a fault."""
        copy = self.query.copy()
        for name in self.faults:
            copy.pop(name, None)
        months = (MONTH.fullmatch(said) for said in self.query.getlist("users_at"))
        if "users_at" in self.faults:
            copy.setlist("users_at", [f"{found[1]}:0" for found in months if found])
        form = ProfileForm(copy)
        return form.profile() if form.is_valid() else Profile()


def asked(query: QueryDict) -> Asked:
    form = ProfileForm(query)
    faults = form.faults()
    profile = form.profile() if profiles.stated(query) and not faults else None
    return Asked(form, profile, faults, profiles.carried(query))


def chips(profile: Profile, query: QueryDict, path: str) -> list[facets.Link]:
    """Each answer as a link that takes it back."""
    said = profiles.without(query)
    for name, values in profiles.as_query(profile).lists():
        if name in query:
            said.setlist(name, values)
    return [
        facets.Link(one.words, facets.address(facets.without(said, one.name, one.value), path))
        for one in answers(profile)
    ]


def carried(
    who: Asked, results: Iterable[Result], query: QueryDict, path: str, *, to_check: QueryDict
) -> dict[str, Any]:
    """What a list says of those whose profile came along: for whom it answers, and how to change or drop that."""
    if who.profile is None:
        return {}
    return {
        "asker": sentence(who.profile),
        "disclaimer": disclaimer(results),
        "change_asker": facets.address(to_check, reverse("check")),
        "drop_asker": facets.address(facets.changed(profiles.without(query)), path),
        "profile_query": who.query.urlencode(),
    }
