"""What comes out of the model, what may be made from it, and what must be passed on."""

from . import duties
from .base import NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField
from .bearing import Bearing, When, duty, not_read, prohibited, told
from .consequences import (
    TRAINING,
    by_scope,
    outputs_are_shown,
    silent_on_outputs,
    student_inherits,
    terms_reach_users,
)

OUTPUT_RIGHTS = ClauseKind(
    slug="output_rights",
    title="Rights in outputs",
    group=Group.OUTPUTS,
    nature=Nature.PERMISSION,
    question="Are the outputs free to use, in business too?",
    guidance="Yes when the text says so. Limits on use, disclosure or benchmarks make it partly.",
    open_answers=frozenset({Answer.YES, Answer.SILENT}),
    payload=(
        PayloadField("owner", FieldType.CHOICE, "Who holds rights in outputs.", ("user", "licensor", "nobody_claims")),
        PayloadField("limits", FieldType.TEXT, "Limits on use, disclosure or benchmarks."),
    ),
    osd="6?",
    eu=EUEffect.PROPORTIONALITY,
    bearing=Bearing(
        "Selling or using outputs",
        When("you use the outputs in a business", lambda profile, terms: profile.sells_outputs),
        partly=duty(duties.respect_output_limits),
        no=prohibited("its outputs may not be used in a business"),
        silent=silent_on_outputs,
        unread=not_read,
    ),
)

OUTPUT_TRAINING = ClauseKind(
    slug="output_training",
    title="Training on outputs",
    short="Train on outputs",
    group=Group.OUTPUTS,
    nature=Nature.PERMISSION,
    core=True,
    question="May the outputs teach another model?",
    guidance="No for a ban, partly when it is narrow; yes when it says you may, also under duties of name or badge.",
    open_answers=frozenset({Answer.YES, Answer.SILENT}),
    payload=(
        PayloadField(
            "scope",
            FieldType.CHOICE,
            "Which models a ban or a duty reaches.",
            ("any_model", "llm", "foundation_model", "competing_model", "one_field"),
        ),
        PayloadField("explicit", FieldType.FLAG, "Permission stands in words."),
    ),
    osd="6? 9?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("training on outputs", "training on outputs"),
    bearing=Bearing(
        "Training on outputs",
        TRAINING,
        partly=by_scope,
        no=prohibited("its outputs may not train other models"),
        unread=not_read,
    ),
)

DISTILLATION_DERIVATIVE = ClauseKind(
    slug="distillation_derivative",
    title="Distilled models",
    group=Group.OUTPUTS,
    nature=Nature.DUTY,
    question="Do the terms reach a model taught by the outputs?",
    guidance="Yes when the definition of a derivative takes in models made from outputs. Quote the definition.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField(
            "test", FieldType.CHOICE, "Which students are covered.", ("performs_similarly", "any_use_of_outputs")
        ),
    ),
    osd="9?",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("terms that reach distilled models", "no terms on distilled models"),
    bearing=Bearing(
        "Publishing a model trained on outputs",
        When("you publish a model trained on its outputs", lambda profile, terms: profile.publishes_student),
        yes=student_inherits,
        partly=student_inherits,
        unread=told("nobody has read whether such a model carries these terms"),
    ),
)

OUTPUT_DISCLOSURE = ClauseKind(
    slug="output_disclosure",
    title="Disclosure of outputs",
    group=Group.OUTPUTS,
    nature=Nature.DUTY,
    question="Do machine-made content or known dangers have to be disclosed?",
    guidance="What must be said, and to whom. Quote the duty, also when it stands in the use policy.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField("what", FieldType.CHOICES, "What must be disclosed.", ("machine_made", "known_dangers")),
        PayloadField("to_whom", FieldType.TEXT, "To whom."),
    ),
    osd="ok",
    eu=EUEffect.ALLOWED,
    bearing=Bearing(
        "Showing outputs to others",
        When("others meet its outputs", outputs_are_shown),
        yes=duty(duties.disclose),
        partly=duty(duties.disclose),
    ),
)

MUST_PASS_ON_TERMS = ClauseKind(
    slug="must_pass_on_terms",
    title="Pass terms on",
    group=Group.PASSING_ON,
    nature=Nature.DUTY,
    core=True,
    question="Do my users have to be bound by its limits?",
    guidance="Yes when recipients or users must be bound. Handing over a copy of the text alone is a notice.",
    open_answers=NOT_THERE,
    payload=(
        PayloadField(
            "to_whom", FieldType.CHOICES, "Who must be bound.", ("recipients_of_weights", "users_of_a_service")
        ),
        PayloadField("form", FieldType.CHOICE, "How.", ("enforceable_term", "notice")),
    ),
    osd="7",
    eu=EUEffect.PROPORTIONALITY,
    filter_words=("terms to pass on", "no terms to pass on"),
    bearing=Bearing(
        "Passing terms on",
        When("you pass it on or offer it to users", terms_reach_users),
        yes=duty(duties.pass_on_terms),
        partly=duty(duties.pass_on_terms),
    ),
)

KINDS = (OUTPUT_RIGHTS, OUTPUT_TRAINING, DISTILLATION_DERIVATIVE, OUTPUT_DISCLOSURE, MUST_PASS_ON_TERMS)
