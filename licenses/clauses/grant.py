"""What the license lets you do at all."""

from . import duties
from .base import NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import COMMERCE, Bearing, When, duty, go_on, needs_license, not_read, prohibited
from .consequences import (
    CHANGING,
    HANDING_OUT,
    HOSTING,
    by_size_if_any,
    commerce_in_part,
    commerce_refused,
    copyleft_reaches,
    hosting_in_part,
    silent_grant,
)

COMMERCIAL_USE = ClauseKind(
    slug="commercial_use",
    title="Commercial use",
    short="Com\N{SOFT HYPHEN}mercial",
    group=Group.GRANT,
    nature=Nature.PERMISSION,
    core=True,
    question="Is use in a business allowed?",
    guidance="Yes when the grant covers any purpose. Partly when it is yours for some purposes only: name them.",
    open_answers=frozenset({Answer.YES}),
    payload=(
        PayloadField(
            "purposes",
            FieldType.CHOICES,
            "The purposes that are allowed when the answer is partly or no.",
            ("research", "evaluation", "non_production", "non_commercial", "personal", "education"),
        ),
        PayloadField(
            "license_offered",
            FieldType.FLAG,
            "The text itself points to another license, or a permission, for commercial use.",
        ),
    ),
    osd="6",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("commercial use", "commercial use"),
    bearing=Bearing(
        "Using it in a business",
        COMMERCE,
        partly=commerce_in_part,
        no=commerce_refused,
        silent=silent_grant,
        unread=not_read,
    ),
)

MODIFICATION = ClauseKind(
    slug="modification",
    title="Modification",
    group=Group.GRANT,
    nature=Nature.PERMISSION,
    question="Is fine-tuning or another change allowed?",
    guidance="Quote the grant of derivative works. Bans on reverse engineering go into the details.",
    open_answers=frozenset({Answer.YES}),
    payload=(
        PayloadField("reverse_engineering_ban", FieldType.FLAG, "Reverse engineering is forbidden."),
        PayloadField("base_weight_extraction_ban", FieldType.FLAG, "Recovering the base weights is forbidden."),
    ),
    osd="3",
    eu=EUEffect.DISQUALIFIES,
    bearing=Bearing(
        "Changing it",
        CHANGING,
        partly=duty("keep your changes within the scope it sets"),
        no=prohibited("it may not be changed"),
        silent=silent_grant,
        unread=not_read,
    ),
)

REDISTRIBUTION = ClauseKind(
    slug="redistribution",
    title="Redistribution",
    group=Group.GRANT,
    nature=Nature.PERMISSION,
    question="Are others allowed to get the weights from me?",
    guidance="Yes also when conditions attach to it: the conditions are clauses of their own.",
    open_answers=frozenset({Answer.YES}),
    payload=(PayloadField("sublicensing", FieldType.FLAG, "Sublicensing is allowed in words."),),
    osd="1",
    eu=EUEffect.DISQUALIFIES,
    bearing=Bearing(
        "Passing it on",
        HANDING_OUT,
        partly=duty("pass it on only within the limits it sets"),
        no=prohibited("it may not be passed on"),
        silent=silent_grant,
        unread=not_read,
    ),
)

HOSTED_SERVICE = ClauseKind(
    slug="hosted_service",
    title="Hosted service",
    short="Hosting",
    group=Group.GRANT,
    nature=Nature.PERMISSION,
    core=True,
    question="Is running it as an API or a service for others allowed?",
    guidance="Yes when the grant covers any use or says so. Note when hosting counts as distribution.",
    open_answers=frozenset({Answer.YES}),
    payload=(
        PayloadField(
            "counts_as_distribution", FieldType.FLAG, "Offering it as a service brings the duties of passing it on."
        ),
    ),
    has_thresholds=True,
    osd="6",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("hosting", "hosting"),
    bearing=Bearing(
        "Offering it as a service",
        HOSTING,
        partly=by_size_if_any(hosting_in_part),
        yes=by_size_if_any(go_on),
        no=needs_license("it may not be offered as a service"),
        silent=silent_grant,
        unread=not_read,
    ),
)

COPYLEFT_SHAREALIKE = ClauseKind(
    slug="copyleft_sharealike",
    title="Copyleft or share-alike",
    short="Copyleft",
    group=Group.GRANT,
    nature=Nature.DUTY,
    core=True,
    question="Does a derivative have to come under these same terms?",
    guidance="Yes when a derivative as a whole must be under these terms. Use limits alone are “pass terms on”.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("trigger", FieldType.CHOICE, "What sets it off.", ("distribution", "network_use")),
        PayloadField("must_publish", FieldType.CHOICES, "What must be published.", ("weights", "source", "data")),
        PayloadField(
            "derivatives_owned_by", FieldType.CHOICE, "Who owns derivatives.", ("licensee", "licensor", "shared")
        ),
        PayloadField("own_terms_allowed", FieldType.FLAG, "You may put other terms on your own changes."),
    ),
    osd="3",
    eu=EUEffect.ALLOWED,
    filter_words=("copyleft", "copyleft"),
    bearing=Bearing(
        "Publishing a derivative",
        When("you publish a model made from it, or offer one over a network where it says so", copyleft_reaches),
        yes=duty(duties.same_license),
        partly=duty(duties.same_license),
        unread=not_read,
    ),
)

KINDS = (COMMERCIAL_USE, MODIFICATION, REDISTRIBUTION, HOSTED_SERVICE, COPYLEFT_SHAREALIKE)
