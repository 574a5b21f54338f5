"""Whether a profile has reached a size: whose number, of which month, in which currency.

Where a number is not stated, a wider one stands for it and the answer says so; so raising a number never helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from .amounts import AppliesTo, Comparator, Measured, Metric, Period, ThresholdValue, Whose
from .profile import Profile, Use
from .rates import NEAR, SOURCE, converted
from .reading import Terms
from .words import full_number

MONTHS = {Period.MONTH: 1, Period.CALENDAR_MONTH: 1}


@dataclass(frozen=True, slots=True)
class Reached:
    """`met` is None where nobody can tell. `assumed` names what stood for a number that was not stated."""

    met: bool | None
    assumed: tuple[str, ...] = ()
    #: A converted sum lies so near the size that the rate decides.
    near: bool = False


NOT_MET = Reached(met=False)


def concerns(threshold: ThresholdValue, profile: Profile) -> bool:
    """The size is asked of such a use at all. Who merely uses another's product is not the one that is measured."""
    if profile.merely_uses:
        return False
    return {
        AppliesTo.ANY_USE: True,
        AppliesTo.COMMERCIAL_USE: profile.in_business,
        AppliesTo.MODEL_AS_A_SERVICE: profile.hosts,
        AppliesTo.AI_ASSISTANT_PRODUCT: profile.does(Use.PRODUCT),
        AppliesTo.DISTRIBUTION: profile.passes_on,
    }[threshold.applies_to]


def reached(threshold: ThresholdValue, profile: Profile, terms: Terms) -> Reached:
    if not concerns(threshold, profile):
        return NOT_MET
    if threshold.metric.is_money:
        return revenue_reached(threshold, profile)
    number, assumed = people(threshold, profile, terms)
    return Reached(passes(Fraction(number), threshold), assumed)


def passes(number: Fraction, threshold: ThresholdValue) -> bool:
    if threshold.comparator is Comparator.GTE:
        return number >= threshold.amount
    return number > threshold.amount


def snapshot_month(terms: Terms) -> str:
    """`2025-03`: the month that a size at release looks at; empty when the day of the release is not known."""
    if terms.released_on is None:
        return ""
    return f"{terms.released_on.replace(day=1) - timedelta(days=1):%Y-%m}"


def people(threshold: ThresholdValue, profile: Profile, terms: Terms) -> tuple[int, tuple[str, ...]]:
    """Users, visits or devices as the size counts them, and what was assumed for it."""
    if threshold.metric is Metric.DEVICES:
        return counted(profile.devices, "your devices")
    if threshold.metric is Metric.DAU and profile.daily_users is not None:
        return profile.daily_users, ()
    if threshold.measured is Measured.AT_RELEASE:
        return users_at(snapshot_month(terms), profile)
    if threshold.whose is Whose.PRODUCT and profile.product_users is not None:
        return profile.product_users, ()
    if threshold.metric is Metric.DAU:
        return counted(all_users(profile), "your daily users", "the monthly ones stand for them")
    if threshold.whose is Whose.PRODUCT:
        return counted(all_users(profile), "the users of your product", "all of yours stand for them")
    others = "those that you state stand for them" if profile.users is None else ""
    return counted(all_users(profile), "your users", others)


def counted(number: int | None, whose: str, stand_in: str = "") -> tuple[int, tuple[str, ...]]:
    """A number, or what is taken for it, and the words that say so."""
    if number is None:
        return 0, (f"{whose} are not stated: they are taken to be fewer",)
    return number, (f"{whose} are not stated: {stand_in}",) if stand_in else ()


def users_at(month: str, profile: Profile) -> tuple[int, tuple[str, ...]]:
    stated = dict(profile.users_at).get(month)
    if stated is not None:
        return stated, ()
    when = f"your users in {month}" if month else "your users in the month before the release"
    return counted(all_users(profile), when, "today’s number stands for them")


def all_users(profile: Profile) -> int | None:
    """Of the licensee with its affiliates, a month: never fewer than those of its product, or of a day."""
    stated = (profile.users, profile.product_users, profile.daily_users)
    return max((number for number in stated if number is not None), default=None)


def revenue_reached(threshold: ThresholdValue, profile: Profile) -> Reached:
    of_product = threshold.whose is Whose.PRODUCT
    amount, assumed = revenue(profile, monthly=threshold.period in MONTHS, of_product=of_product)
    if not amount:
        return Reached(met=False, assumed=assumed)
    if profile.currency == threshold.currency:
        return Reached(passes(amount, threshold), assumed)
    here = converted(amount, profile.currency, threshold.currency)
    if here is None:
        return Reached(None, (*assumed, f"no rate from {profile.currency} to {threshold.currency} is held here"))
    sum_ = f"{full_number(rounded(here))} {threshold.currency}"
    assumed = (*assumed, f"your revenue is taken for about {sum_}, at {SOURCE}")
    if abs(here - threshold.amount) <= threshold.amount * NEAR:
        return Reached(None, assumed, near=True)
    return Reached(here > threshold.amount, assumed)


def rounded(amount: Fraction) -> int:
    """To three digits, which is more than a rate is worth."""
    whole = round(amount)
    return round(whole, min(0, 3 - len(str(whole))))


def revenue(profile: Profile, *, monthly: bool, of_product: bool) -> tuple[Fraction, tuple[str, ...]]:
    """Per month or per year; the other period stands for a missing one, and the group for a missing product."""
    group = per(profile.revenue_month, profile.revenue_year, monthly=monthly)
    product = per(profile.product_revenue_month, profile.product_revenue_year, monthly=monthly)
    if of_product and product:
        return product
    known = [one for one in (group, product) if one]
    return max(known, default=(Fraction(0), ("your revenue is not stated: it is taken to be smaller",)))


def per(month: int | None, year: int | None, *, monthly: bool) -> tuple[Fraction, tuple[str, ...]] | None:
    direct, other = (month, year) if monthly else (year, month)
    if direct is not None:
        return Fraction(direct), ()
    if other is None:
        return None
    if monthly:
        return Fraction(other, 12), ("a twelfth of your yearly revenue stands for that of a month",)
    return Fraction(other * 12), ("twelve times your monthly revenue stands for that of a year",)
