"""Who asks, said in English: for titles, sentences and chips."""

from __future__ import annotations

from dataclasses import dataclass

from .countries import COUNTRIES
from .profile import Organisation, Profile, Student, Training, Use
from .purposes import PURPOSES
from .sentence import joined
from .words import REGIONS, full_number, spoken

WHO = {
    Organisation.COMPANY: "a company",
    Organisation.NON_PROFIT: "a non-profit",
    Organisation.PUBLIC_BODY: "a public body",
    Organisation.UNIVERSITY: "a university",
    Organisation.PERSON: "a person",
}
DOES = {
    Use.EVALUATE: "tries it out",
    Use.PRODUCT: "builds it into a product",
    Use.HOST: "offers an API",
    Use.SELL_ACCESS: "sells access to it",
    Use.REDISTRIBUTE: "passes it on",
    Use.FINE_TUNE: "fine-tunes it",
    Use.PUBLISH: "publishes a model made from it",
    Use.SELL_OUTPUTS: "sells its outputs",
}
TRAINS = {
    Training.OWN_LLM: "trains its own language model on outputs",
    Training.COMPETING: "trains a competing model on outputs",
}
STUDENT = {
    Student.PUBLISHED: "publishes the trained model",
    Student.ALIKE: "wants the trained model to perform alike",
}
#: Field of the profile → what the number counts.
COUNTS = {
    "users": "monthly users",
    "product_users": "monthly users of the product",
    "daily_users": "daily users",
    "devices": "devices",
}
EARNS = {
    "revenue_year": "revenue a year",
    "revenue_month": "revenue a month",
    "product_revenue_year": "revenue of the product a year",
    "product_revenue_month": "revenue of the product a month",
}
FIELDS = dict(PURPOSES)
#: Assumed, commercial → in words.
TRADE = {
    (False, True): "commercial",
    (False, False): "not commercial",
    (True, True): "taken to be commercial",
    (True, False): "taken not to be commercial",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: the parameter and the value that hold it in an address, and its words."""

    name: str
    value: str
    words: str


def place_name(place: str) -> str:
    return REGIONS.get(place) or COUNTRIES.get(place, place)


def field_name(slug: str) -> str:
    words = FIELDS.get(slug, spoken(slug))
    return words[0].lower() + words[1:]


def sentence(profile: Profile) -> str:
    """`a company in Germany that offers an API, commercial`"""
    who = WHO[profile.organisation] if profile.organisation else "somebody"
    seat = f" in {place_name(profile.seat)}" if profile.seat else ""
    does = [words for use, words in DOES.items() if use in profile.uses]
    does += [TRAINS[profile.training]] if profile.training else []
    does += [words for one, words in STUDENT.items() if one in profile.student and profile.training]
    does += ["only uses somebody else’s product"] if profile.end_user else []
    does += [] if profile.can_show_brand else ["cannot show a badge"]
    that = f" that {joined(does)}" if does else ""
    others = [
        TRADE[profile.commercial_assumed, profile.commercial],
        *([f"for {joined([field_name(one) for one in sorted(profile.fields)])}"] if profile.fields else []),
        *([f"used in {joined([place_name(one) for one in sorted(profile.places)])}"] if profile.places else []),
        *([f"with {joined(numbers)}"] if (numbers := [one.words for one in sizes(profile)]) else []),
    ]
    return f"{who}{seat}{that}, {', '.join(others)}"


def sizes(profile: Profile) -> list[Said]:
    counted = [
        Said(name, str(number), f"{full_number(number)} {words}")
        for name, words in COUNTS.items()
        if (number := getattr(profile, name)) is not None
    ]
    months = [
        Said("users_at", f"{month}:{number}", f"{full_number(number)} monthly users in {month}")
        for month, number in profile.users_at
    ]
    earned = [
        Said(name, str(number), f"{full_number(number)} {profile.currency} {words}")
        for name, words in EARNS.items()
        if (number := getattr(profile, name)) is not None
    ]
    return counted + months + earned


def answers(profile: Profile) -> list[Said]:
    """Each answer in a few words, in the order of the questions; what is not said is not there."""
    stated = profile.commercial and not profile.commercial_assumed
    found = [Said("commercial", "yes", "commercial")] if stated else []
    found += [Said("use", use, words) for use, words in DOES.items() if use in profile.uses]
    found += [Said("train", profile.training, TRAINS[profile.training])] if profile.training else []
    found += [Said("student", one, words) for one, words in STUDENT.items() if one in profile.student]
    found += [Said("end_user", "yes", "uses somebody else’s product")] if profile.end_user else []
    if profile.organisation:
        found.append(Said("organisation", profile.organisation, WHO[profile.organisation]))
    found += [Said("seat", profile.seat, f"seat in {place_name(profile.seat)}")] if profile.seat else []
    found += [Said("place", place, f"used in {place_name(place)}") for place in sorted(profile.places)]
    found += sizes(profile)
    found += [Said("currency", profile.currency, f"in {profile.currency}")] if profile.currency != "USD" else []
    found += [] if profile.can_show_brand else [Said("badge", "no", "cannot show a badge")]
    return found + [Said("field", one, field_name(one)) for one in sorted(profile.fields)]
