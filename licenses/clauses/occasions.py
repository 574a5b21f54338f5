"""The occasions on which duties fall due, each as the plans of somebody whom it brings all of them.

What is due on an occasion is asked of the bearings themselves, so that no table of duties stands beside them.
"""

from __future__ import annotations

from dataclasses import dataclass

from .consequences import CONDITIONAL_FIELDS
from .field import FIELDS_OF_USE
from .profile import Profile, Student, Training, Use

SERVING = frozenset({Use.PRODUCT, Use.HOST, Use.SELL_ACCESS})
#: Beyond every size that a text names.
VAST = 10**15


@dataclass(frozen=True, slots=True)
class Occasion:
    """A duty stands at the first that brings it; `named` ones are told as well where they bring it again."""

    title: str
    profile: Profile
    named: bool = True


OCCASIONS = (
    Occasion("Whatever you do with it", Profile(), named=False),
    Occasion("When you pass it on", Profile(uses=frozenset({Use.REDISTRIBUTE}))),
    Occasion("When you fine-tune it", Profile(uses=frozenset({Use.FINE_TUNE}))),
    Occasion("When you publish a model made from it", Profile(uses=frozenset({Use.PUBLISH}))),
    Occasion("When you offer it to others, in a product or as a service", Profile(uses=SERVING)),
    Occasion("When you use it in a business", Profile(commercial=True)),
    Occasion(
        "When you train on its outputs and publish what you trained",
        Profile(training=Training.OWN_LLM, student=frozenset(Student)),
    ),
    Occasion("For some purposes", Profile(fields=frozenset(FIELDS_OF_USE)), named=False),
    Occasion("For some purposes", Profile(fields=frozenset(CONDITIONAL_FIELDS)), named=False),
    Occasion(
        "From a size on, or when several of these come together",
        Profile(
            commercial=True,
            uses=frozenset(Use) - {Use.EVALUATE},
            users=VAST,
            product_users=VAST,
            daily_users=VAST,
            devices=VAST,
            revenue_year=VAST,
            revenue_month=VAST,
            product_revenue_year=VAST,
            product_revenue_month=VAST,
        ),
        named=False,
    ),
)
