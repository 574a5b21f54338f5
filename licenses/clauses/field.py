"""What it may not be used for, and by whom; and where."""

from . import duties
from .base import NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import ALWAYS, Bearing, Verdict, When, duty, not_read, told
from .consequences import by_field, by_party, changes_or_hosts, field_in_part, field_not_read, policy
from .geography import by_place

#: Purposes that licenses forbid (domain reference 10.2), by theme.
FIELDS_OF_USE = (
    # law and harm
    "illegal_activity", "violence_terrorism", "weapons", "nuclear", "illegal_drugs", "human_trafficking",
    "child_exploitation", "self_harm", "harassment", "hate", "discrimination", "fraud", "malware", "espionage", "spam",
    # state and force
    "military", "national_security", "china_national_security", "law_enforcement_prediction", "surveillance",
    "biometrics", "critical_infrastructure", "social_scoring", "public_authority_use",
    # persons
    "privacy_violation", "exploiting_vulnerable_groups", "automated_legal_decisions", "high_risk_automated_decisions",
    "unlicensed_professional_advice", "medical_advice", "clinical_use",
    # truth
    "disinformation", "impersonation", "defamation", "fake_engagement", "undisclosed_ai_output",
    "political_manipulation",
    # content
    "sexual_content", "obscene_content", "indecent_content", "inappropriate_content",
    # rights and other
    "ip_infringement", "export_controlled", "safety_circumvention", "public_interest", "social_ethics", "harmful_use",
    "autonomous_driving", "drug_discovery", "commercial_synthetic_data", "commercial_organisations",
    "service_offerings",
)  # fmt: skip

#: Sorts of users that licenses shut out: a competitor makes competing models or products, a model service sells access
#: to models.
PARTIES = ("company", "public_body", "non_profit", "university", "person", "competitor", "model_service")

ACCEPTABLE_USE_POLICY = ClauseKind(
    slug="acceptable_use_policy",
    title="Acceptable use policy",
    short="Use policy",
    group=Group.FIELD,
    nature=Nature.RESTRICTION,
    core=True,
    question="Does a list of forbidden uses come with it?",
    guidance="Yes when a list of use limits stands in the text, is attached to it or is brought in by reference.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("where", FieldType.CHOICE, "Where the policy stands.", ("inside", "attached", "by_reference")),
        PayloadField("address", FieldType.URL, "Its address, when brought in by reference."),
        PayloadField("version", FieldType.CHOICE, "Which version binds.", ("dated", "latest")),
    ),
    osd="6",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("a use policy", "no use policy"),
    bearing=Bearing(
        "Any use",
        ALWAYS,
        yes=policy,
        partly=policy,
        unread=told("nobody has read whether a use policy comes with it"),
    ),
)

FIELD_OF_USE = ClauseKind(
    slug="field_of_use",
    title="Field of use",
    short="Fields",
    group=Group.FIELD,
    nature=Nature.RESTRICTION,
    core=True,
    question="For what is it closed, whoever asks?",
    guidance="Name the fields; read the whole bundle, as the list often stands in the policy alone.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("fields", FieldType.CHOICES, "The forbidden purposes.", FIELDS_OF_USE),
        PayloadField("with_permission", FieldType.FLAG, "Allowed with the licensor's permission."),
    ),
    osd="6",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("forbidden fields", "no forbidden fields"),
    bearing=Bearing(
        "Purposes",
        When("your purpose is one that it names", lambda profile, terms: True),
        yes=by_field,
        partly=field_in_part,
        unread=field_not_read,
    ),
)

EXCLUDED_PARTIES = ClauseKind(
    slug="excluded_parties",
    title="Excluded parties",
    group=Group.FIELD,
    nature=Nature.RESTRICTION,
    question="Is some sort of user, say a competitor or an authority, left out?",
    guidance="Who may not use it at all. People in a place are “geography”, purposes are “field of use”.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("who", FieldType.TEXT, "Who is shut out."),
        PayloadField("parties", FieldType.CHOICES, "Which sorts of users are shut out.", PARTIES),
    ),
    osd="5",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("excluded parties", "no excluded parties"),
    bearing=Bearing(
        "Any use",
        ALWAYS,
        yes=by_party(Verdict.PROHIBITED),
        partly=by_party(Verdict.NEEDS_LICENSE),
    ),
)

SAFEGUARD_DUTY = ClauseKind(
    slug="safeguard_duty",
    title="Keep safeguards",
    group=Group.FIELD,
    nature=Nature.DUTY,
    question="Do safety measures have to stay in place?",
    guidance="Duties to keep, or not to get around, filters, watermarks or other safety measures.",
    open_answers=NOT_THERE,
    payload=(PayloadField("consequence", FieldType.CHOICE, "What follows.", ("breach", "automatic_end")),),
    osd="6?",
    eu=EUEffect.PROPORTIONALITY,
    bearing=Bearing(
        "Fine-tuning or hosting",
        When("you fine-tune it or offer it as a service", changes_or_hosts),
        yes=duty(duties.keep_safeguards),
        partly=duty(duties.keep_safeguards),
    ),
)

GEO_EXCLUSION = ClauseKind(
    slug="geo_exclusion",
    title="Geography",
    short="Geography",
    group=Group.GEOGRAPHY,
    nature=Nature.RESTRICTION,
    core=True,
    question="Are there places where it grants nothing?",
    guidance="Regions named in the license or its policy. Sanctions and export law are “export control”.",
    open_answers=NOT_THERE,
    has_territories=True,
    osd="5",
    eu=EUEffect.DISQUALIFIES,
    filter_words=("geography limits", "no geography limits"),
    bearing=Bearing(
        "Places",
        ALWAYS,
        yes=by_place,
        partly=by_place,
        unread=not_read,
    ),
)

EXPORT_CONTROL = ClauseKind(
    slug="export_control",
    title="Export control",
    group=Group.GEOGRAPHY,
    nature=Nature.FACT,
    question="Does it call on export or sanctions rules?",
    guidance="Yes when the text names export, trade or sanctions law as a duty of the user.",
    open_answers=frozenset({Answer.SILENT}),
    payload=(PayloadField("laws", FieldType.TEXT, "Which laws."),),
    osd="5?",
    bearing=Bearing(
        "Any use",
        ALWAYS,
        yes=told(duties.export_rules),
        partly=told(duties.export_rules),
    ),
)

KINDS = (ACCEPTABLE_USE_POLICY, FIELD_OF_USE, EXCLUDED_PARTIES, SAFEGUARD_DUTY, GEO_EXCLUSION, EXPORT_CONTROL)
