# ruff: noqa: E501 - a row of the table is a line
"""What each answer of each clause means for each plan: the decision table, row by row (domain reference 7.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict

from licenses.clauses import CLAUSES, KIND, Answer, Strength
from licenses.clauses.amounts import (
    AppliesTo,
    Basis,
    Comparator,
    Effect,
    Measured,
    Metric,
    Period,
    TerritoryEffect,
    TerritoryValue,
    ThresholdValue,
    Whose,
)
from licenses.clauses.bearing import Verdict
from licenses.clauses.countries import EU, within
from licenses.clauses.profile import Profile
from licenses.clauses.reading import Reading, Terms
from licenses.profiles import ProfileForm
from licenses.verdict import Bundle, Inherited, Judge, Judgment, Standing, judge

from .plans import OPEN


def plan(address: str) -> Profile:
    form = ProfileForm(QueryDict(address))
    assert not form.faults()
    return form.profile()


def reading(kind: str, answer: str, **details: Any) -> Reading:
    own = {name: details.pop(name) for name in ("thresholds", "territories", "strength") if name in details}
    return Reading(KIND[kind], Answer(answer), payload=details, **own)


def bundle(*said: Reading, custom: bool = True, slug: str = "acme", **terms: Any) -> Bundle:
    """All is read and open but what is said; `unread` leaves kinds out."""
    unread = terms.pop("unread", ())
    found = {slug: one for slug, one in OPEN.items() if slug not in unread} | {one.kind.slug: one for one in said}
    return Bundle(slug, slug.title(), Terms("Acme", terms.pop("released_on", date(2025, 4, 5)), found), custom)


def words_of(judgment: Judgment) -> str:
    return " | ".join(" ".join((one.outcome.says, one.outcome.must, *one.outcome.assumed)) for one in judgment.findings)


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
    ("registration", "yes", {"means": "form"}, BUSINESS, "obligations", "register with the licensor’s form before commercial use"),
    ("registration", "yes", {"means": "written_permission"}, BUSINESS, "needs-license", "written permission first"),
    ("registration", "partly", {"means": "email"}, BUSINESS, "obligations", "by e-mail before commercial use, where its case applies"),
    ("registration", "yes", {}, PRIVATE, "permitted", ""),
    ("acceptable_use_policy", "yes", {"version": "latest"}, PRIVATE, "obligations", "follow its acceptable use policy as it stands today"),
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
    ("branding_required", "yes", {}, "use=product&end_user=yes", "permitted", ""),
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
    ("output_disclosure", "yes", {"what": ["machine_made"], "to_whom": "users"}, "use=product", "obligations", "disclose that content is machine-made (users)"),
    ("output_disclosure", "yes", {}, "", "permitted", ""),
    ("must_pass_on_terms", "yes", {"form": "enforceable_term"}, "use=host", "obligations", "as a binding term"),
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


# Sizes.


def size(amount: int, metric: str = "mau", **facts: str) -> ThresholdValue:
    return ThresholdValue(
        Metric(metric),
        amount,
        Period(facts.get("period", "month")),
        Comparator(facts.get("comparator", "gt")),
        Measured(facts.get("measured", "ongoing")),
        Whose(facts.get("whose", "licensee_and_affiliates")),
        AppliesTo(facts.get("applies_to", "any_use")),
        Effect(facts.get("effect", "separate_license")),
        currency=facts.get("currency", "USD") if metric.endswith("revenue") else "",
        discretion=facts.get("discretion") == "yes",
        exceptions=facts.get("exceptions", ""),
    )


M = 1_000_000
SNAPSHOT = {"measured": "at_release"}
YEARLY = {"metric": "revenue", "period": "year"}
MONTHLY = {"metric": "revenue", "period": "month"}
#: Amount in millions, facts of the size, plan, verdict, and words of what was found or assumed.
SIZES: list[tuple[int, dict[str, str], str, str, str]] = [
    (100, {}, "users=100M", "permitted", ""),
    (100, {}, "users=100000001", "needs-license", "you have over 100 million monthly users: ask Acme"),
    (100, {"comparator": "gte"}, "users=100M", "needs-license", "at least 100 million monthly users"),
    (100, {"comparator": "gte"}, "users=99999999", "permitted", ""),
    (100, {}, "", "permitted", "your users are not stated: they are taken to be fewer"),
    (100, {}, "users=0", "permitted", ""),
    (100, {}, "users=900M&end_user=yes", "permitted", ""),
    (100, {"discretion": "yes"}, "users=900M", "needs-license", "which it may refuse"),
    (100, {"exceptions": "non-profits"}, "users=900M", "needs-license", "(except: non-profits)"),
    (100, {"applies_to": "commercial_use"}, "users=900M", "permitted", ""),
    (100, {"applies_to": "commercial_use"}, "users=900M&commercial=yes", "needs-license", "over 100 million"),
    (100, {"applies_to": "model_as_a_service"}, "users=900M&use=host", "permitted", ""),
    (100, {"applies_to": "model_as_a_service"}, "users=900M&use=sell-access", "needs-license", "over 100 million"),
    (100, {"applies_to": "ai_assistant_product"}, "users=900M&use=product", "needs-license", "over 100 million"),
    (100, {"applies_to": "distribution"}, "users=900M&use=product", "permitted", ""),
    (100, {"applies_to": "distribution"}, "users=900M&use=redistribute", "needs-license", "over 100 million"),
    (100, SNAPSHOT, "users=900M&users_at=2025-03:90M", "permitted", ""),
    (100, SNAPSHOT, "users=90M&users_at=2025-03:900M", "needs-license", "in March 2025"),
    (100, SNAPSHOT, "users=90M&users_at=2025-02:900M", "permitted", "your users in 2025-03 are not stated: today’s number"),
    (100, SNAPSHOT, "users=900M", "needs-license", "today’s number stands for them"),
    (100, SNAPSHOT, "", "permitted", "your users in 2025-03 are not stated: they are taken to be fewer"),
    (100, {"whose": "product"}, "users=900M&product_users=90M", "permitted", ""),
    (100, {"whose": "product"}, "users=900M", "needs-license", "the users of your product are not stated: all of yours"),
    (100, {}, "users=90M&product_users=900M", "needs-license", "over 100 million"),
    (100, {}, "daily_users=900M", "needs-license", "those that you state stand for them"),
    (1, {"metric": "dau"}, "users=900M&daily_users=1M", "permitted", ""),
    (1, {"metric": "dau"}, "users=900M", "needs-license", "your daily users are not stated: the monthly ones"),
    (1, {"metric": "devices"}, "devices=2M", "needs-license", "over 1 million devices"),
    (1, {"metric": "devices"}, "users=900M", "permitted", "your devices are not stated"),
    (20, YEARLY, "revenue_year=20M", "permitted", ""),
    (20, YEARLY | {"comparator": "gte"}, "revenue_year=20M", "needs-license", "at least 20 million USD revenue a year"),
    (20, YEARLY, "revenue_month=2M", "needs-license", "twelve times your monthly revenue"),
    (20, YEARLY, "revenue_month=1M", "permitted", "twelve times your monthly revenue"),
    (20, MONTHLY, "revenue_year=240M", "permitted", "a twelfth of your yearly revenue"),
    (20, MONTHLY, "revenue_year=241M", "needs-license", "a twelfth of your yearly revenue"),
    (20, MONTHLY, "revenue_year=900M&revenue_month=1M", "permitted", ""),
    (20, MONTHLY | {"whose": "product"}, "revenue_month=90M&product_revenue_month=1M", "permitted", ""),
    (20, MONTHLY | {"whose": "product"}, "revenue_month=90M", "needs-license", "over 20 million USD"),
    (20, MONTHLY, "product_revenue_month=90M", "needs-license", "over 20 million USD"),
    (20, YEARLY, "", "permitted", "your revenue is not stated: it is taken to be smaller"),
    (20, YEARLY, "revenue_year=90M&currency=XAF", "unknown", "no rate from XAF to USD is held here"),
    (20, YEARLY, "revenue_year=0&currency=XAF", "permitted", ""),
    (20, YEARLY, "revenue_year=90M&currency=EUR", "needs-license", "reference rates of 2025-06-30"),
    (20, YEARLY, "revenue_year=16M&currency=EUR", "needs-license", "about 18.72 million USD"),
    (20, YEARLY, "revenue_year=15M&currency=EUR", "permitted", "about 17.55 million USD"),
    (20, YEARLY | {"effect": "no_rights"}, "revenue_year=90M", "needs-license", "it grants nothing there; ask Acme"),
    (20, YEARLY | {"effect": "security_review"}, "revenue_year=90M", "needs-license", "security review first"),
    (20, YEARLY | {"effect": "registration"}, "revenue_year=90M", "obligations", "before commercial use"),
    (20, YEARLY | {"effect": "royalty"}, "revenue_year=90M", "obligations", "pay what it asks"),
    (20, YEARLY | {"effect": "brand_display"}, "revenue_year=90M", "obligations", "show the words it prescribes"),
    (20, YEARLY | {"effect": "brand_display"}, "revenue_year=90M&badge=no", "needs-license", "which you cannot"),
]  # fmt: skip


@pytest.mark.parametrize(("millions", "facts", "address", "verdict", "words"), SIZES)
def test_a_size(millions: int, facts: dict[str, str], address: str, verdict: str, words: str) -> None:
    limit = size(millions * M, **facts)
    kind = "revenue_cap" if limit.metric.is_money else "mau_cap"

    found = judge(plan(address), bundle(reading(kind, "partly", thresholds=(limit,))))

    assert found.verdict == verdict, words_of(found)
    assert words in words_of(found)
    assert bool(words) == bool(found.findings)


def test_a_size_at_a_release_of_which_nobody_knows_the_day() -> None:
    cap = reading("mau_cap", "yes", thresholds=(size(M, measured="at_release"),))

    found = judge(plan("users=5M&users_at=2025-03:1"), bundle(cap, released_on=None))

    assert found.verdict is Verdict.NEEDS_LICENSE
    assert found.assumed == [
        "your users in the month before the release are not stated: today’s number stands for them"
    ]


def test_sizes_are_joined_by_any_and_every_duty_of_them_is_kept() -> None:
    both = (
        size(M, effect="registration"),
        size(M, "revenue", effect="royalty", period="year"),
        size(900 * M, "revenue", effect="separate_license", period="year"),
    )
    cap = reading("mau_cap", "yes", thresholds=both)

    one = judge(plan("users=5M"), bundle(cap))
    two = judge(plan("users=5M&revenue_year=5M"), bundle(cap))
    all_three = judge(plan("users=5M&revenue_year=905M"), bundle(cap))

    assert [finding.outcome.must for finding in one.duties] == [
        "register with or ask the licensor before commercial use"
    ]
    assert [finding.outcome.must for finding in two.duties] == [
        "register with or ask the licensor before commercial use; pay what it asks"
    ]
    assert all_three.verdict is Verdict.NEEDS_LICENSE


def test_a_permission_by_hand_is_more_than_a_registration_at_a_size_too() -> None:
    limit = size(M, effect="registration")
    asked = reading("registration", "yes", means="written_permission", thresholds=(limit,))

    found = judge(plan("commercial=yes&users=5M"), bundle(asked))

    assert found.verdict is Verdict.NEEDS_LICENSE
    assert found.stops[0].outcome.says.endswith("commercial use needs written permission first")


def test_hosting_up_to_a_size() -> None:
    limit = size(20 * M, "revenue", applies_to="model_as_a_service", period="year")
    for answer in ("yes", "partly"):
        hosted = bundle(reading("hosted_service", answer, thresholds=(limit,)))
        assert judge(plan("use=sell-access&revenue_year=9M"), hosted).verdict is Verdict.PERMITTED
        assert judge(plan("use=sell-access&revenue_year=90M"), hosted).verdict is Verdict.NEEDS_LICENSE
        assert judge(plan("use=host&revenue_year=90M"), hosted).verdict is Verdict.PERMITTED


def test_a_badge_from_a_size_on() -> None:
    limit = size(M, effect="brand_display", whose="product")
    shown = bundle(reading("branding_required", "partly", string="Acme", thresholds=(limit,)))

    assert judge(plan("use=product&product_users=1M"), shown).verdict is Verdict.PERMITTED
    assert judge(plan("use=product&product_users=2M"), shown).verdict is Verdict.OBLIGATIONS
    assert judge(plan("use=product&product_users=2M&badge=no"), shown).verdict is Verdict.NEEDS_LICENSE
    assert judge(plan("use=product&product_users=1M&badge=no"), shown).verdict is Verdict.PERMITTED


def test_a_service_that_counts_as_passing_on_brings_its_duties() -> None:
    hosted = reading("hosted_service", "yes", counts_as_distribution=True)
    notices = reading("attribution_notice", "yes")

    assert judge(plan("use=host"), bundle(notices)).verdict is Verdict.PERMITTED
    assert judge(plan("use=host"), bundle(notices, hosted)).verdict is Verdict.OBLIGATIONS


# Places.

SEAT = (Basis.DOMICILE, Basis.PRINCIPAL_PLACE_OF_BUSINESS)
#: Regions, basis, further facts, plan, whether the model takes in more than text, verdict, words.
PLACES: list[tuple[tuple[str, ...], tuple[Basis, ...], dict[str, str], str, bool | None, str, str]] = [
    (("EU",), SEAT, {}, "seat=DE", None, "prohibited", "it grants nothing in the EU: your seat is there (DE)"),
    (("EU",), SEAT, {}, "seat=EU", None, "prohibited", "your seat is there"),
    (("EU",), SEAT, {}, "seat=CH", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=NO", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=GB", None, "permitted", ""),
    (("EU",), SEAT, {}, "seat=RE", None, "prohibited", "your seat is there (RE)"),
    (("DE",), SEAT, {}, "seat=EU", None, "prohibited", "your seat is there (EU)"),
    (("EU",), SEAT, {}, "seat=US&place=DE", None, "permitted", ""),
    (("EU",), SEAT, {}, "", None, "permitted", "your seat is not stated: it is taken to lie elsewhere"),
    (("EU", "GB", "KR"), (Basis.PLACE_OF_USE,), {}, "seat=US&place=KR", None, "prohibited", "nothing in the EU, the UK and South Korea: you use it, or its outputs, there (KR)"),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "seat=DE", None, "prohibited", "where you use it is not stated: your seat stands for it"),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "seat=DE&place=US", None, "permitted", ""),
    (("EU",), (Basis.PLACE_OF_USE,), {}, "", None, "permitted", "where you use it is not stated: it is taken to be elsewhere"),
    (("EU",), (Basis.OUTPUT_USE,), {}, "seat=US&place=US&place=FR", None, "prohibited", "or its outputs, there (FR)"),
    (("EU",), (Basis.PLACE_OF_DISTRIBUTION,), {}, "place=FR", None, "permitted", ""),
    (("EU",), (Basis.PLACE_OF_DISTRIBUTION,), {}, "place=FR&use=redistribute", None, "prohibited", "there (FR)"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", True, "prohibited", "your seat is there"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", False, "permitted", ""),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=DE", None, "unknown", "cannot tell whether it is one of the models"),
    (("EU",), SEAT, {"applies_to": "multimodal_only"}, "seat=US", None, "permitted", ""),
    (("EU",), SEAT, {"applies_to": "the_large_one"}, "seat=DE", True, "unknown", "(the large one)"),
    (("EU",), SEAT, {"exception": "end_users_of_products"}, "seat=DE&end_user=yes", None, "permitted", ""),
    (("EU",), SEAT, {"exception": "end_users_of_products"}, "seat=DE", None, "prohibited", "your seat is there"),
    (("EU",), SEAT, {}, "seat=DE&end_user=yes", None, "prohibited", "your seat is there"),
]  # fmt: skip


@pytest.mark.parametrize(("regions", "basis", "facts", "address", "multimodal", "verdict", "words"), PLACES)
@pytest.mark.parametrize("answer", ["yes", "partly"])
def test_a_place(
    answer: str,
    regions: tuple[str, ...],
    basis: tuple[Basis, ...],
    facts: dict[str, str],
    address: str,
    multimodal: bool | None,
    verdict: str,
    words: str,
) -> None:
    territory = TerritoryValue(regions, basis, TerritoryEffect.NO_GRANT, **facts)
    closed = bundle(reading("geo_exclusion", answer, territories=(territory,)))

    found = judge(plan(address), closed, multimodal)

    assert found.verdict == verdict, words_of(found)
    assert words in words_of(found)
    assert bool(words) == bool(found.findings)


def test_places_that_nobody_wrote_down_cannot_be_judged() -> None:
    found = judge(plan("seat=US"), bundle(reading("geo_exclusion", "yes")))

    assert found.verdict is Verdict.UNKNOWN


def test_the_union_has_27_members_and_is_not_the_economic_area() -> None:
    assert len(EU) == 27
    assert not [place for place in ("CH", "NO", "IS", "LI", "GB", "GL", "NC") if within(place, "EU")]
    assert all(within(place, "EU") for place in ("IE", "GR", "HR", "AX", "GP", "EU"))


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
