"""A profile said in English, for titles of pages and feeds."""

from __future__ import annotations

from .countries import COUNTRIES
from .profile import Profile
from .words import full_number

NAMES = {"EU": "the European Union"} | COUNTRIES


def sentence(profile: Profile) -> str:
    """`commercial use, product, host, company, seat in Germany, 5,000 users`"""
    parts = ["commercial use" if profile.commercial else "no business use"]
    parts += [use.replace("-", " ") for use in sorted(profile.uses)]
    parts += [f"training: {profile.training.replace('-', ' ')}"] if profile.training else []
    parts += ["end user of a product"] if profile.end_user else []
    parts += [profile.organisation.replace("_", " ")] if profile.organisation else []
    parts += [f"seat in {NAMES.get(profile.seat, profile.seat)}"] if profile.seat else []
    parts += [f"used in {', '.join(NAMES.get(one, one) for one in sorted(profile.places))}"] if profile.places else []
    parts += [one.replace("_", " ") for one in sorted(profile.fields)]
    parts += [f"{full_number(profile.users)} users"] if profile.users is not None else []
    money = profile.revenue_year
    parts += [f"{full_number(money)} {profile.currency} a year"] if money is not None else []
    return ", ".join(parts)
