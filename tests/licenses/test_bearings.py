# ruff: noqa: E501 - a row of the table is a line
"""What each answer of each clause means for each plan: the decision table, row by row (domain reference 7.3)."""

from __future__ import annotations

from typing import Any

import pytest

from licenses.clauses import CLAUSES, KIND, Strength
from licenses.clauses.bearing import Verdict
from licenses.verdict import Inherited, Judge, Standing, judge

from .plans import bundle, plan, reading, words_of

#: Kind, answer, details, plan, verdict, and words that say why; none: it is not mentioned at all.
BUSINESS = "commercial=yes&organisation=company"
PRIVATE = "commercial=no"
CASES: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("commercial_use", "yes", {}, BUSINESS, "permitted", ""),
    ("commercial_use", "no", {}, BUSINESS, "needs-license", "commercial use is not granted: ask Acme for a license"),
    ("commercial_use", "no", {"license_offered": False}, BUSINESS, "prohibited", "offers no other license"),
    ("commercial_use", "no", {"license_offered": True}, BUSINESS, "needs-license", "ask Acme"),
    ("commercial_use", "no", {}, PRIVATE, "permitted", ""),
    ("commercial_use", "partly", {}, BUSINESS, "needs-license", "only some commercial use is free"),
    ("commercial_use", "partly", {"purposes": ["evaluation", "non_production"]}, BUSINESS, "needs-license", "only evaluation and non-production use is free"),
    ("commercial_use", "partly", {"purposes": ["evaluation"]}, f"{BUSINESS}&use=evaluate", "permitted", ""),
    ("commercial_use", "partly", {"purposes": ["evaluation"]}, f"{BUSINESS}&use=evaluate&use=fine-tune", "permitted", ""),
    ("commercial_use", "partly", {"purposes": ["evaluation"]}, f"{BUSINESS}&use=evaluate&use=product", "needs-license", "only evaluation"),
    ("commercial_use", "partly", {"purposes": ["evaluation"]}, f"{BUSINESS}&use=evaluate&use=sell-outputs", "needs-license", "only evaluation"),
    ("commercial_use", "partly", {"purposes": ["evaluation"]}, f"{BUSINESS}&use=evaluate&train=own-llm", "needs-license", "only evaluation"),
    ("commercial_use", "partly", {"purposes": ["education"]}, f"{BUSINESS}&use=evaluate", "needs-license", "only education"),
    ("commercial_use", "silent", {}, BUSINESS, "unknown", "its text is silent"),
    ("commercial_use", "silent", {}, PRIVATE, "permitted", ""),
    ("modification", "yes", {}, "use=fine-tune", "permitted", ""),
    ("modification", "partly", {}, "use=fine-tune", "obligations", "within the scope it sets"),
    ("modification", "no", {}, "use=fine-tune", "prohibited", "it may not be changed"),
    ("modification", "no", {}, "use=publish", "prohibited", "it may not be changed"),
    ("modification", "no", {}, "use=product", "permitted", ""),
    ("modification", "silent", {}, "use=fine-tune", "unknown", "its text is silent"),
    ("redistribution", "partly", {}, "use=redistribute", "obligations", "only within the limits it sets"),
    ("redistribution", "no", {}, "use=redistribute", "prohibited", "it may not be passed on"),
    ("redistribution", "no", {}, "use=publish", "prohibited", "it may not be passed on"),
    ("redistribution", "no", {}, "use=fine-tune&use=host", "permitted", ""),
    ("redistribution", "silent", {}, "use=redistribute", "unknown", "its text is silent"),
    ("hosted_service", "partly", {}, "use=host", "obligations", "within the limits it sets"),
    ("hosted_service", "no", {}, "use=host", "needs-license", "it may not be offered as a service: ask Acme"),
    ("hosted_service", "no", {}, "use=sell-access", "needs-license", "it may not be offered as a service"),
    ("hosted_service", "no", {}, "use=product", "permitted", ""),
    ("hosted_service", "silent", {}, "use=host", "unknown", "its text is silent"),
    ("copyleft_sharealike", "yes", {"must_publish": ["weights", "source"]}, "use=publish", "obligations", "under the same license and publish its weights, source"),
    ("copyleft_sharealike", "partly", {}, "use=publish", "obligations", "same license, where its case applies"),
    ("copyleft_sharealike", "yes", {"trigger": "network_use"}, "use=host", "obligations", "same license"),
    ("copyleft_sharealike", "yes", {"trigger": "distribution"}, "use=host", "permitted", ""),
    ("copyleft_sharealike", "yes", {}, "use=fine-tune&use=redistribute", "permitted", ""),
    ("copyleft_sharealike", "silent", {}, "use=publish", "permitted", ""),
    ("mau_cap", "yes", {}, PRIVATE, "unknown", "whose size is not written down here"),
    ("mau_cap", "no", {}, f"{BUSINESS}&users=900M", "permitted", ""),
    ("mau_cap", "silent", {}, f"{BUSINESS}&users=900M", "permitted", ""),
    ("fees_royalties", "yes", {"rate": "2 %", "base": "sales"}, BUSINESS, "obligations", "pay 2 %, for sales"),
    ("fees_royalties", "yes", {}, BUSINESS, "obligations", "pay what it asks"),
    ("fees_royalties", "partly", {}, BUSINESS, "obligations", "pay what it asks"),
    ("fees_royalties", "yes", {}, PRIVATE, "permitted", ""),
    ("fees_royalties", "yes", {}, f"{BUSINESS}&end_user=yes", "permitted", ""),
    ("registration", "yes", {"means": "form"}, BUSINESS, "obligations", "register with the licensor by its form before commercial use"),
    ("registration", "yes", {"means": "written_permission"}, BUSINESS, "needs-license", "written permission first"),
    ("registration", "partly", {"means": "email"}, BUSINESS, "obligations", "by e-mail before commercial use, where its case applies"),
    ("registration", "yes", {}, PRIVATE, "permitted", ""),
    ("acceptable_use_policy", "yes", {"version": "latest"}, PRIVATE, "obligations", "follow its acceptable use policy; the publisher can change it"),
    ("acceptable_use_policy", "partly", {}, PRIVATE, "obligations", "follow its acceptable use policy"),
    ("acceptable_use_policy", "yes", {}, "end_user=yes", "permitted", "may reach you through the terms of the product"),
    ("field_of_use", "yes", {"fields": ["military", "spam"]}, "field=military", "prohibited", "it is closed for military"),
    ("field_of_use", "yes", {"fields": ["military"]}, "field=medical_advice", "permitted", ""),
    ("field_of_use", "yes", {"fields": ["military"]}, PRIVATE, "permitted", ""),
    ("field_of_use", "yes", {"fields": ["military"], "with_permission": True}, "field=military", "needs-license", "only with permission; ask Acme"),
    ("field_of_use", "partly", {"fields": ["military"], "with_permission": True}, "field=military", "needs-license", "only with permission"),
    ("field_of_use", "partly", {"fields": ["clinical_use"]}, "field=clinical_use", "obligations", "meet its conditions on clinical use"),
    ("field_of_use", "yes", {"fields": ["unlicensed_professional_advice"]}, "field=unlicensed_professional_advice", "obligations", "licensed professional"),
    ("field_of_use", "yes", {"fields": ["undisclosed_ai_output"]}, "field=undisclosed_ai_output", "obligations", "say that outputs are machine-made"),
    ("field_of_use", "yes", {"fields": ["undisclosed_ai_output", "spam"]}, "field=undisclosed_ai_output&field=spam", "prohibited", "closed for spam"),
    ("excluded_parties", "yes", {"who": "rivals"}, PRIVATE, "obligations", "none of these: rivals"),
    ("excluded_parties", "yes", {"who": "firms", "parties": ["company"]}, BUSINESS, "prohibited", "it shuts out firms"),
    ("excluded_parties", "partly", {"who": "firms", "parties": ["company"]}, BUSINESS, "needs-license", "it shuts out firms; ask Acme"),
    ("excluded_parties", "yes", {"parties": ["company"]}, "commercial=yes", "prohibited", "you are taken for a company"),
    ("excluded_parties", "yes", {"parties": ["company"]}, PRIVATE, "permitted", "you are taken for a person"),
    ("excluded_parties", "yes", {"parties": ["public_body"]}, BUSINESS, "permitted", ""),
    ("excluded_parties", "yes", {"parties": ["competitor"]}, f"{BUSINESS}&train=competing", "prohibited", "shuts out"),
    ("excluded_parties", "yes", {"parties": ["model_service"]}, f"{BUSINESS}&use=sell-access", "prohibited", "shuts out"),
    ("safeguard_duty", "yes", {"consequence": "automatic_end"}, "use=fine-tune", "obligations", "the license ends by itself otherwise"),
    ("safeguard_duty", "partly", {}, "use=host", "obligations", "keep its safeguards"),
    ("safeguard_duty", "yes", {}, "use=redistribute", "permitted", ""),
    ("export_control", "yes", {"laws": "US law"}, PRIVATE, "permitted", "export and sanctions rules apply: US law"),
    ("attribution_notice", "yes", {"parts": ["copyright", "license_copy"]}, "use=redistribute", "obligations", "keep the copyright line and hand over a copy of the license"),
    ("attribution_notice", "yes", {}, "use=product", "permitted", ""),
    ("state_changes", "yes", {}, "use=publish", "obligations", "say that you changed it"),
    ("state_changes", "yes", {}, "use=fine-tune", "permitted", ""),
    ("branding_required", "yes", {"string": "Built with Acme"}, "use=product", "obligations", "show “Built with Acme”"),
    ("branding_required", "yes", {"string": "Built with Acme"}, "use=product&badge=no", "needs-license", "which you cannot: ask Acme for a license"),
    ("branding_required", "yes", {"string": "Acme", "strength": Strength.SHOULD}, "use=product&badge=no", "permitted", "it asks, without demanding it: show “Acme”"),
    ("branding_required", "yes", {"trigger": ["distribution"]}, "use=product", "permitted", ""),
    ("branding_required", "yes", {"trigger": ["distribution"]}, "use=redistribute", "obligations", "show the words it prescribes"),
    ("branding_required", "yes", {"trigger": ["derivative_model"]}, "use=publish", "obligations", "show"),
    ("branding_required", "yes", {"trigger": ["derivative_model"]}, "use=product", "permitted", ""),
    ("branding_required", "yes", {}, "", "permitted", ""),
    ("branding_required", "yes", {}, "end_user=yes", "permitted", ""),
    ("derivative_naming", "yes", {"word": "Acme", "place": "prefix"}, "use=publish", "obligations", "begin with “Acme”"),
    ("derivative_naming", "yes", {"word": "Acme", "place": "contains"}, "use=publish", "obligations", "contain “Acme”"),
    ("derivative_naming", "yes", {"word": "Acme"}, "train=own-llm&student=published", "permitted", ""),
    ("derivative_naming", "yes", {"word": "Acme", "reaches": ["weights", "outputs"]}, "train=own-llm&student=published", "obligations", "“Acme”"),
    ("derivative_naming", "yes", {"word": "Acme"}, "use=fine-tune", "permitted", ""),
    ("output_rights", "yes", {}, BUSINESS, "permitted", ""),
    ("output_rights", "partly", {"limits": "no benchmarks"}, BUSINESS, "obligations", "keep to the limits on outputs: no benchmarks"),
    ("output_rights", "no", {}, BUSINESS, "prohibited", "may not be used in a business"),
    ("output_rights", "no", {}, "use=sell-outputs", "prohibited", "may not be used in a business"),
    ("output_rights", "no", {}, PRIVATE, "permitted", ""),
    ("output_rights", "silent", {}, BUSINESS, "permitted", ""),
    ("output_training", "yes", {}, "train=own-llm", "permitted", ""),
    ("output_training", "no", {}, "train=own-llm", "prohibited", "may not train other models"),
    ("output_training", "no", {}, "use=product", "permitted", ""),
    ("output_training", "partly", {}, "train=own-llm", "prohibited", "reaches yours"),
    ("output_training", "partly", {"scope": "llm"}, "train=own-llm", "prohibited", "reaches yours"),
    ("output_training", "partly", {"scope": "competing_model"}, "train=own-llm", "permitted", "must not train a model that competes"),
    ("output_training", "partly", {"scope": "competing_model"}, "train=competing", "prohibited", "reaches yours"),
    ("output_training", "partly", {"scope": "one_field"}, "train=own-llm", "obligations", "no model of the field that it names"),
    ("output_training", "silent", {}, "train=own-llm", "permitted", ""),
    ("distillation_derivative", "yes", {}, "train=own-llm&student=published", "obligations", "carry these same terms"),
    ("distillation_derivative", "yes", {}, "train=own-llm", "permitted", ""),
    ("distillation_derivative", "yes", {}, "student=published", "permitted", ""),
    ("distillation_derivative", "yes", {"test": "performs_similarly"}, "train=own-llm&student=published", "permitted", "to perform like it"),
    ("distillation_derivative", "yes", {"test": "performs_similarly"}, "train=own-llm&student=published&student=alike", "obligations", "carry these same terms"),
    ("output_disclosure", "yes", {"what": ["machine_made"], "to_whom": "users"}, "use=product", "obligations", "tell users that content is machine-made"),
    ("output_disclosure", "yes", {}, "", "permitted", ""),
    ("must_pass_on_terms", "yes", {"form": "enforceable_term"}, "use=host", "obligations", "put its use limits into your terms for your own users, as binding terms"),
    ("must_pass_on_terms", "yes", {"to_whom": ["recipients_of_weights"]}, "use=host", "permitted", ""),
    ("must_pass_on_terms", "yes", {"to_whom": ["recipients_of_weights"]}, "use=redistribute", "obligations", "whoever gets the weights"),
    ("must_pass_on_terms", "yes", {"to_whom": ["users_of_a_service"]}, "use=product", "obligations", "the users of your service"),
    ("patent_grant", "no", {}, BUSINESS, "permitted", "patents are kept back"),
    ("patent_retaliation", "yes", {}, BUSINESS, "permitted", "a lawsuit over it"),
    ("indemnity", "yes", {}, BUSINESS, "permitted", "losses of the licensor"),
    ("revocable_at_will", "yes", {}, BUSINESS, "permitted", "may end it although you kept to it"),
    ("revocable_at_will", "partly", {}, BUSINESS, "permitted", "calls itself revocable"),
    ("unilateral_change", "yes", {}, BUSINESS, "permitted", "may change the terms later"),
    ("termination_for_breach", "partly", {}, BUSINESS, "permitted", "some breaches"),
    ("remote_restriction", "yes", {}, BUSINESS, "permitted", "from afar"),
    ("access_gate", "yes", {}, PRIVATE, "obligations", "accept its terms before the download"),
    ("access_gate", "yes", {"gate": "manual"}, PRIVATE, "obligations", "ask for access first"),
    ("access_gate", "partly", {}, PRIVATE, "permitted", "counts as accepting"),
    ("access_gate", "yes", {}, "end_user=yes", "permitted", ""),
    ("upstream_terms", "yes", {"which": "those of the data"}, PRIVATE, "permitted", "terms of others come along: those of the data"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "answer", "details", "address", "verdict", "words"),
    CASES,
    ids=[f"{row[0]}-{row[1]}-{number}" for number, row in enumerate(CASES)],
)
def test_a_row_of_the_table(
    kind: str, answer: str, details: dict[str, Any], address: str, verdict: str, words: str
) -> None:
    found = judge(plan(address), bundle(reading(kind, answer, **details)))

    assert found.verdict == verdict, words_of(found)
    about = [one for one in found.findings if one.kind.slug == kind]
    assert bool(about) == bool(words)
    assert words in words_of(found)


#: What an unread kind means: the plan it decides on, one that it does not, and whether it is said in a footnote.
UNREAD = [
    ("commercial_use", BUSINESS, PRIVATE),
    ("modification", "use=fine-tune", "use=product"),
    ("redistribution", "use=redistribute", "use=fine-tune"),
    ("hosted_service", "use=host", "use=product"),
    ("copyleft_sharealike", "use=publish", "use=redistribute"),
    ("copyleft_sharealike", "use=host", "use=product"),
    ("mau_cap", BUSINESS, PRIVATE),
    ("mau_cap", "users=5", "commercial=yes&end_user=yes"),
    ("mau_cap", "users_at=2025-03:5", "users=0"),
    ("revenue_cap", "product_revenue_month=5", PRIVATE),
    ("field_of_use", "field=military", BUSINESS),
    ("geo_exclusion", PRIVATE, ""),
    ("output_rights", BUSINESS, PRIVATE),
    ("output_training", "train=own-llm", "use=publish"),
]


@pytest.mark.parametrize(("kind", "decides", "does_not"), UNREAD)
def test_an_unread_kind_decides_for_whom_it_matters_to(kind: str, decides: str, does_not: str) -> None:
    unread = bundle(unread=[kind])

    found = judge(plan(decides), unread)

    assert found.verdict is Verdict.UNKNOWN
    assert [one.kind.slug for one in found.deciding] == [kind]
    assert KIND[kind].question in found.deciding[0].outcome.says
    assert not does_not or judge(plan(does_not), unread).verdict is Verdict.PERMITTED


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("acceptable_use_policy", ""),
        ("branding_required", "use=product"),
        ("distillation_derivative", "train=own-llm&student=published"),
    ],
)
def test_some_unread_kinds_are_footnotes(kind: str, address: str) -> None:
    found = judge(plan(address), bundle(unread=[kind]))

    assert found.verdict is Verdict.PERMITTED
    assert [(one.kind.slug, one.outcome.says[:18]) for one in found.footnotes] == [(kind, "nobody has read wh")]
    assert KIND[kind] in found.unread


def test_a_known_text_that_is_silent_leaves_the_use_free() -> None:
    silent = reading("commercial_use", "silent")

    found = judge(plan(BUSINESS), bundle(silent, custom=False))

    assert found.verdict is Verdict.PERMITTED
    assert KIND["commercial_use"] in found.silent


def test_two_kinds_bear_on_nothing() -> None:
    """They are facts: a name that is not granted and a court bind no plan that a profile can state."""
    assert [kind.slug for kind in CLAUSES if kind.bearing is None] == ["trademark_use", "governing_law"]


@pytest.mark.parametrize("kind", [kind for kind in CLAUSES if kind.bearing], ids=lambda kind: kind.slug)
def test_what_is_only_encouraged_never_stops_anybody(kind: Any) -> None:
    everything = "&".join(
        [
            BUSINESS,
            "use=product&use=host&use=publish&use=fine-tune&use=redistribute&train=competing&student=published",
            "student=alike&field=military&users=5&revenue_year=5&badge=no&seat=DE",
        ]
    )
    for answer in ("yes", "partly", "no"):
        asked = reading(kind.slug, answer, strength=Strength.SHOULD)
        assert judge(plan(everything), bundle(asked)).verdict is Verdict.PERMITTED


# Several licenses.

FREE = bundle(slug="free")
CLOSED = bundle(reading("commercial_use", "no"), slug="closed")
NOTICED = bundle(reading("acceptable_use_policy", "yes"), slug="noticed")


@pytest.mark.parametrize(
    ("standing", "verdict"),
    [
        (Standing((FREE, CLOSED)), "needs-license"),
        (Standing((FREE, CLOSED), any_of=True), "permitted"),
        (Standing((None, CLOSED), any_of=True), "unknown"),
        (Standing((FREE, None)), "unknown"),
        (Standing(()), "unknown"),
        (Standing((FREE,), inherited=(Inherited("acme/base", "merged from", NOTICED),)), "obligations"),
        (Standing((FREE,), inherited=(Inherited("a", "of", NOTICED), Inherited("b", "of", CLOSED))), "needs-license"),
        (Standing((FREE,), inherited=(Inherited("acme/gone", "made from", None),)), "unknown"),
        (Standing((FREE,), gate="manual"), "obligations"),
        (Standing((FREE,), gate="auto"), "obligations"),
        (Standing((FREE,), gate="something new"), "permitted"),
        (Standing((CLOSED,), gate="auto"), "needs-license"),
    ],
)
def test_the_worst_of_all_that_applies_wins(standing: Standing, verdict: str) -> None:
    found = Judge(plan(BUSINESS)).result(standing)

    assert found.verdict == verdict
    assert bool(found.reason) == (verdict != "permitted")


def test_who_uses_a_product_of_others_passes_no_gate() -> None:
    assert Judge(plan("end_user=yes")).result(Standing((FREE,), gate="manual")).verdict is Verdict.PERMITTED


def test_a_duty_that_two_licenses_ask_for_is_one_thing_to_do() -> None:
    twice = Standing(
        (NOTICED,),
        inherited=(
            Inherited(
                "acme/base", "merged from", bundle(*[NOTICED.terms.readings["acceptable_use_policy"]], slug="other")
            ),
        ),
    )

    found = Judge(plan(BUSINESS)).result(twice)

    assert [finding.outcome.must for _, finding in found.duties] == ["follow its acceptable use policy"]


def test_risks_that_can_end_or_change_a_license_come_first_and_are_red() -> None:
    risky = bundle(
        reading("patent_retaliation", "yes"), reading("indemnity", "yes"), reading("unilateral_change", "yes")
    )

    found = judge(plan(""), risky)

    assert [(one.kind.slug, str(one.outcome.tone)) for one in found.risks] == [
        ("unilateral_change", "red"),
        ("patent_retaliation", "risk"),
        ("indemnity", "risk"),
    ]
