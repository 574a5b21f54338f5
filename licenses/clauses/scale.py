"""Limits and duties that begin at a size, and what it costs."""

from . import duties
from .base import NOT_THERE, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import RUNNING_IT, Bearing, When, duty
from .consequences import BUSINESS, by_size, by_size_if_any, fee_is_due, register_first, size_not_read

MAU_CAP = ClauseKind(
    slug="mau_cap",
    title="User cap",
    group=Group.SCALE,
    nature=Nature.RESTRICTION,
    core=True,
    question="Is there a number of users beyond which the terms change?",
    guidance="The number belongs into the quote. A size that merely triggers a display is “badge or brand”.",
    open_answers=NOT_THERE,
    has_thresholds=True,
    osd="5",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("a user cap", "no user cap"),
    bearing=Bearing(
        "Growing",
        RUNNING_IT,
        yes=by_size,
        partly=by_size,
        unread=size_not_read,
    ),
)

REVENUE_CAP = ClauseKind(
    slug="revenue_cap",
    title="Revenue cap",
    group=Group.SCALE,
    nature=Nature.RESTRICTION,
    core=True,
    question="Is there a turnover beyond which the terms change?",
    guidance="Quote the sentence with the amount; mind “more than” against “or more”.",
    open_answers=NOT_THERE,
    has_thresholds=True,
    osd="5",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("a revenue cap", "no revenue cap"),
    bearing=Bearing(
        "Growing",
        RUNNING_IT,
        yes=by_size,
        partly=by_size,
        unread=size_not_read,
    ),
)

FEES_ROYALTIES = ClauseKind(
    slug="fees_royalties",
    title="Fees and royalties",
    group=Group.SCALE,
    nature=Nature.DUTY,
    question="Is there anything to pay?",
    guidance="No needs words such as “royalty-free” or “no-charge”. Name rate and base when there is something to pay.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("rate", FieldType.TEXT, "The rate or amount."),
        PayloadField("base", FieldType.TEXT, "What it is charged on."),
        PayloadField("liquidated_damages", FieldType.TEXT, "A sum fixed in advance for breach."),
    ),
    has_thresholds=True,
    osd="1",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("fees or royalties", "no fees or royalties"),
    bearing=Bearing(
        "Using it in a business",
        When("a fee or royalty falls due", fee_is_due),
        yes=by_size_if_any(duty(duties.pay)),
        partly=by_size_if_any(duty(duties.pay)),
    ),
)

REGISTRATION = ClauseKind(
    slug="registration",
    title="Registration",
    group=Group.SCALE,
    nature=Nature.DUTY,
    question="Is a registration or a request due before business use?",
    guidance="A form, questionnaire or written permission below any cap. The form of a hub is “access gate”.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField(
            "means", FieldType.CHOICE, "How to do it.", ("form", "written_permission", "questionnaire", "email")
        ),
    ),
    has_thresholds=True,
    osd="7?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("registration", "no registration"),
    bearing=Bearing(
        "Using it in a business",
        BUSINESS,
        yes=by_size_if_any(register_first),
        partly=by_size_if_any(register_first),
    ),
)

KINDS = (MAU_CAP, REVENUE_CAP, FEES_ROYALTIES, REGISTRATION)
