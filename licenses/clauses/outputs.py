"""What comes out of the model, what may be made from it, and what must be passed on."""

from .base import NOT_THERE, Answer, ClauseKind, EUEffect, FieldType, Group, Nature, PayloadField

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
)

KINDS = (OUTPUT_RIGHTS, OUTPUT_TRAINING, DISTILLATION_DERIVATIVE, OUTPUT_DISCLOSURE, MUST_PASS_ON_TERMS)
