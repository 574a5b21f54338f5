"""Notices, badges and names: what must be shown, and where."""

from . import duties
from .base import EITHER_WAY, NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import PASSING_ON, Bearing, When, duty, told
from .consequences import badge_is_due, by_size_if_any, display, name_is_due

ATTRIBUTION_NOTICE = ClauseKind(
    slug="attribution_notice",
    title="Notices",
    group=Group.CREDIT,
    nature=Nature.DUTY,
    question="What has to go along with every copy?",
    guidance="Everything that must go along with a copy. What must be shown to users is “badge or brand”.",
    open_answers=EITHER_WAY,
    payload=(
        PayloadField(
            "parts",
            FieldType.CHOICES,
            "What must go along.",
            ("copyright", "license_copy", "notice_file", "citation", "model_card"),
        ),
        PayloadField("notice", FieldType.TEXT, "The exact notice string (at most 15 words)."),
    ),
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Passing it on",
        PASSING_ON,
        yes=duty(duties.notices),
        partly=duty(duties.notices),
    ),
)

STATE_CHANGES = ClauseKind(
    slug="state_changes",
    title="State changes",
    group=Group.CREDIT,
    nature=Nature.DUTY,
    question="Do changes have to be marked?",
    guidance="A duty to mark modified files or to say that the model was modified.",
    open_answers=EITHER_WAY,
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Passing it on changed",
        PASSING_ON,
        yes=duty("say that you changed it, in the files or the documentation"),
        partly=duty("say that you changed it, where its case applies"),
    ),
)

BRANDING_REQUIRED = ClauseKind(
    slug="branding_required",
    title="Badge or brand",
    short="Badge",
    group=Group.CREDIT,
    nature=Nature.DUTY,
    core=True,
    question="Does a name or badge have to be shown to users?",
    guidance="Yes when it is due from the first user, partly when only above a size: then the size is a threshold.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("string", FieldType.VERBATIM, "The words to show."),
        PayloadField(
            "where",
            FieldType.CHOICES,
            "Where it may or must stand.",
            ("website", "user_interface", "blogpost", "about_page", "product_documentation", "model_card"),
        ),
        PayloadField("how_many", FieldType.CHOICE, "Whether one of the places is enough.", ("any_of", "all_of")),
        PayloadField(
            "trigger",
            FieldType.CHOICES,
            "What sets it off.",
            ("distribution", "product_or_service", "derivative_model"),
        ),
        PayloadField("reaches", FieldType.CHOICES, "Which derived models owe it.", ("weights", "outputs")),
    ),
    has_thresholds=True,
    osd="10?",
    eu=EUEffect.ALLOWED,
    filter_words=("a badge duty", "no badge"),
    bearing=Bearing(
        "Showing the brand",
        When("you pass it on, build on it or publish a model made from it", badge_is_due),
        yes=by_size_if_any(display),
        partly=by_size_if_any(display),
        unread=told("nobody has read whether a badge is due"),
    ),
)

DERIVATIVE_NAMING = ClauseKind(
    slug="derivative_naming",
    title="Naming of derivatives",
    short="Naming",
    group=Group.CREDIT,
    nature=Nature.DUTY,
    core=True,
    question="Is a word prescribed for the names of derived models?",
    guidance="The word and whether it must begin the name. Say whether models trained on outputs are covered.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("word", FieldType.VERBATIM, "The word that the name must carry."),
        PayloadField("place", FieldType.CHOICE, "Where in the name.", ("prefix", "contains")),
        PayloadField("reaches", FieldType.CHOICES, "Which models.", ("weights", "outputs")),
    ),
    osd="ok",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("a naming duty", "no naming duty"),
    bearing=Bearing(
        "Naming your model",
        When("you publish a model made from it", name_is_due),
        yes=duty(duties.name_it),
        partly=duty(duties.name_it),
    ),
)

TRADEMARK_USE = ClauseKind(
    slug="trademark_use",
    title="Trademarks",
    group=Group.CREDIT,
    nature=Nature.FACT,
    question="Is the licensor's name or logo free to use?",
    guidance="No when the text withholds it; partly when for the badge only; bans on implying endorsement count as no.",
    open_answers=frozenset({Answer.SILENT}),
    payload=(
        PayloadField("guidelines", FieldType.URL, "The address of brand guidelines brought in by reference."),
        PayloadField("no_endorsement", FieldType.FLAG, "Implying endorsement is forbidden in words."),
    ),
    osd="ok",
    eu=EUEffect.ALLOWED,
)

KINDS = (ATTRIBUTION_NOTICE, STATE_CHANGES, BRANDING_REQUIRED, DERIVATIVE_NAMING, TRADEMARK_USE)
