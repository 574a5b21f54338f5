"""Patents and liability; whether it can be ended or changed; what stands around it."""

from . import duties
from .base import EITHER_WAY, NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import ALWAYS, RUNNING_IT, Bearing, duty, told
from .consequences import ENDS, risk

PATENT_GRANT = ClauseKind(
    slug="patent_grant",
    title="Patent grant",
    group=Group.PATENTS,
    nature=Nature.PERMISSION,
    question="Does a patent license come with it?",
    guidance="Partly when only implied by “make, use, sell”; no when expressly kept back.",
    open_answers=frozenset({Answer.YES}),
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Patents",
        ALWAYS,
        no=risk("patents are kept back in words"),
    ),
)

PATENT_RETALIATION = ClauseKind(
    slug="patent_retaliation",
    title="Retaliation",
    group=Group.PATENTS,
    nature=Nature.RISK,
    question="Does a lawsuit cost me rights?",
    guidance="Which claims set it off, against whom, and what ends.",
    open_answers=EITHER_WAY,
    payload=(
        PayloadField("claims", FieldType.CHOICES, "Which claims set it off.", ("patent", "copyright", "any_ip")),
        PayloadField("against", FieldType.TEXT, "Against whom."),
        PayloadField("ends", FieldType.CHOICE, "What ends.", ("patent_license", "all_rights")),
    ),
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Patents",
        ALWAYS,
        yes=risk("a lawsuit over it can cost you your rights"),
        partly=risk("some lawsuits over it can cost you your rights"),
    ),
)

INDEMNITY = ClauseKind(
    slug="indemnity",
    title="Indemnity",
    group=Group.PATENTS,
    nature=Nature.RISK,
    question="Do I answer for losses of the licensor?",
    guidance="Yes for a duty to indemnify at large. One that only binds who offers a warranty is partly.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("breadth", FieldType.TEXT, "Which losses."),
        PayloadField("downstream_fault", FieldType.FLAG, "You answer for your users' faults."),
    ),
    osd="ok",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("an indemnity", "no indemnity"),
    bearing=Bearing(
        "Liability",
        ALWAYS,
        yes=risk("you answer for losses of the licensor"),
        partly=risk("you answer for some losses of the licensor"),
    ),
)

REVOCABLE_AT_WILL = ClauseKind(
    slug="revocable_at_will",
    title="Revocable at will",
    short="Revo\N{SOFT HYPHEN}cable",
    group=Group.CONTINUITY,
    nature=Nature.RISK,
    core=True,
    question="May the licensor end it although I kept to it?",
    guidance="Partly for the bare word “revocable”; no when the grant is irrevocable in words.",
    open_answers=NOT_THERE,
    payload=(PayloadField("notice_period", FieldType.TEXT, "The notice they must give."),),
    osd="1?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("a license they can end at will", "a license they cannot end at will"),
    bearing=Bearing(
        "Continuity",
        ALWAYS,
        yes=risk("the licensor may end it although you kept to it", red_for=ENDS),
        partly=risk("it calls itself revocable"),
    ),
)

TERMINATION_FOR_BREACH = ClauseKind(
    slug="termination_for_breach",
    title="Termination for breach",
    group=Group.CONTINUITY,
    nature=Nature.RISK,
    question="What follows a breach?",
    guidance="Automatic or by notice, time to cure, what must be deleted, or confirmed in writing.",
    open_answers=EITHER_WAY,
    payload=(
        PayloadField("how", FieldType.CHOICE, "How it ends.", ("automatic", "by_notice")),
        PayloadField("cure_period", FieldType.TEXT, "Time to put it right."),
        PayloadField("must_delete", FieldType.FLAG, "Copies must be deleted or no longer used."),
        PayloadField("must_certify", FieldType.FLAG, "Deletion must be confirmed in writing."),
    ),
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Continuity",
        ALWAYS,
        yes=risk("a breach can end it"),
        partly=risk("some breaches can end it"),
    ),
)

UNILATERAL_CHANGE = ClauseKind(
    slug="unilateral_change",
    title="Terms can change",
    short="Can change",
    group=Group.CONTINUITY,
    nature=Nature.RISK,
    core=True,
    question="May the licensor change the terms later?",
    guidance="Name what may change. A newer version that one may choose to take is a no.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("what", FieldType.CHOICES, "What may change.", ("agreement", "policy", "duty_to_update")),
        PayloadField("retroactive", FieldType.FLAG, "It reaches copies already taken."),
    ),
    osd="7?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("terms that can change", "terms that cannot change"),
    bearing=Bearing(
        "Continuity",
        ALWAYS,
        yes=risk("the licensor may change the terms later", red_for=ENDS),
        partly=risk("some of the terms can change later"),
    ),
)

REMOTE_RESTRICTION = ClauseKind(
    slug="remote_restriction",
    title="Remote restriction",
    group=Group.CONTINUITY,
    nature=Nature.RISK,
    question="May the licensor limit or watch my copy from afar?",
    guidance="Rights to restrict use “remotely or otherwise”, or to track or audit it.",
    open_answers=NOT_THERE,
    payload=(PayloadField("means", FieldType.CHOICES, "What they may do.", ("restrict", "track", "audit")),),
    osd="1?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("remote restriction", "no remote restriction"),
    bearing=Bearing(
        "Continuity",
        ALWAYS,
        yes=risk("the licensor may restrict or watch your copy from afar"),
        partly=risk("your copy can be restricted or watched from afar in some cases"),
    ),
)

ACCESS_GATE = ClauseKind(
    slug="access_gate",
    title="Access gate",
    group=Group.ACCESS,
    nature=Nature.FACT,
    question="Does the download ask for consent or for data?",
    guidance="What the text says of it; the gate of a hub repository is recorded at the model.",
    open_answers=NOT_THERE,
    payload=(PayloadField("gate", FieldType.CHOICE, "Which gate.", ("automatic", "manual", "subscription")),),
    osd="1?",
    eu=EUEffect.PROPORTIONALITY,
    bearing=Bearing(
        "Getting it",
        RUNNING_IT,
        yes=duty(duties.accept_terms),
        partly=told("using it counts as accepting its terms"),
    ),
)

UPSTREAM_TERMS = ClauseKind(
    slug="upstream_terms",
    title="Upstream terms",
    group=Group.ACCESS,
    nature=Nature.FACT,
    question="Do terms of somebody else come along, say of a base model or of data?",
    guidance="Third-party licenses and personal-data duties that the text brings along, and for which part.",
    open_answers=NOT_THERE,
    payload=(PayloadField("which", FieldType.TEXT, "Which terms, for which part."),),
    bearing=Bearing(
        "Terms of others",
        ALWAYS,
        yes=told(duties.others_terms),
        partly=told(duties.others_terms),
    ),
)

GOVERNING_LAW = ClauseKind(
    slug="governing_law",
    title="Governing law",
    group=Group.ACCESS,
    nature=Nature.FACT,
    question="Under which law, before which court?",
    guidance="Yes when a law or a court is named; give both.",
    open_answers=frozenset({Answer.YES, Answer.NO, Answer.PARTLY, Answer.SILENT}),
    payload=(
        PayloadField("law", FieldType.TEXT, "The law that governs."),
        PayloadField("forum", FieldType.TEXT, "The courts or the arbitration body."),
        PayloadField("language", FieldType.TEXT, "The language that prevails."),
    ),
)

KINDS = (
    PATENT_GRANT,
    PATENT_RETALIATION,
    INDEMNITY,
    REVOCABLE_AT_WILL,
    TERMINATION_FOR_BREACH,
    UNILATERAL_CHANGE,
    REMOTE_RESTRICTION,
    ACCESS_GATE,
    UPSTREAM_TERMS,
    GOVERNING_LAW,
)
