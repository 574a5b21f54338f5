"""What follows from a place: of a seat, of a use, of what comes out of it."""

from __future__ import annotations

from .amounts import Basis, TerritoryValue
from .bearing import GO_ON, Case, Outcome, Verdict, passes_on, worst_of
from .countries import within
from .profile import Profile
from .reading import Terms
from .words import places


def by_place(case: Case) -> Outcome:
    if not case.reading.territories:
        return Outcome(Verdict.UNKNOWN, "some places are left out, and which is not written down here")
    return worst_of([outside(territory, case) for territory in case.reading.territories])


def outside(territory: TerritoryValue, case: Case) -> Outcome:
    if case.profile.merely_uses and territory.exception == "end_users_of_products":
        return GO_ON
    reaches = {"all_models": True, "multimodal_only": case.multimodal}.get(territory.applies_to)
    if reaches is False:
        return GO_ON
    tied, assumed = ties(territory, case.profile, case.terms)
    if not tied:
        return Outcome(assumed=assumed)
    if reaches is None:
        models = territory.applies_to.replace("_", " ")
        says = f"cannot tell whether it is one of the models that {places(territory)} is closed for ({models})"
        return Outcome(Verdict.UNKNOWN, says, assumed=assumed)
    return Outcome(Verdict.PROHIBITED, f"it grants nothing in {places(territory)}: {tied}", assumed=assumed)


RESIDENCE = frozenset({Basis.DOMICILE, Basis.PRINCIPAL_PLACE_OF_BUSINESS})
USE = frozenset({Basis.PLACE_OF_USE, Basis.OUTPUT_USE})


def ties(territory: TerritoryValue, profile: Profile, terms: Terms) -> tuple[str, tuple[str, ...]]:
    """What ties the profile to the places, in words, and what was assumed for it."""

    def inside(place: str) -> bool:
        return any(within(place, region) for region in territory.regions)

    bases = set(territory.basis)
    assumed: tuple[str, ...] = ()
    if bases & RESIDENCE:
        if inside(profile.seat):
            return f"your seat is there ({profile.seat})", ()
        if not profile.seat:
            stands = "where you use it stands for it" if profile.places else "it is taken to lie elsewhere"
            assumed = (f"your seat is not stated: {stands}",)
            seats = sorted(place for place in profile.places if inside(place))
            if seats:
                return f"you use it there ({', '.join(seats)})", assumed
    if not (bases & USE or (Basis.PLACE_OF_DISTRIBUTION in bases and passes_on(profile, terms))):
        return "", assumed
    if not profile.places:
        stands = "your seat stands for it" if profile.seat else "it is taken to be elsewhere"
        assumed = (*assumed, f"where you use it is not stated: {stands}")
    there = sorted(place for place in profile.places or {profile.seat} if inside(place))
    return (f"you use it, or its outputs, there ({', '.join(there)})" if there else ""), assumed
