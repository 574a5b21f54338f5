"""What follows from a size, a place, a purpose, a party or a scope: the answers that need more than a word."""

from __future__ import annotations

from dataclasses import replace

from . import duties
from .amounts import Comparator, Effect, ThresholdValue
from .base import Answer, Strength
from .bearing import (
    GO_ON,
    Case,
    Consequence,
    Outcome,
    Tone,
    Verdict,
    When,
    ask,
    listed_in,
    not_read,
    passes_on,
    payload,
    worst_of,
)
from .profile import Organisation, Profile, Training, Use
from .reading import Reading, Terms
from .sentence import joined
from .sizes import concerns, reached, revenue
from .words import full_amount, sized, spoken


def changes(profile: Profile, terms: Terms) -> bool:
    return profile.does(Use.FINE_TUNE, Use.PUBLISH)


def changes_or_hosts(profile: Profile, terms: Terms) -> bool:
    return profile.hosts or changes(profile, terms)


CHANGING = When("you fine-tune it or change it otherwise", changes)
HANDING_OUT = When("you pass on the model or one made from it", lambda profile, terms: profile.passes_on)
HOSTING = When("you offer it as an API or a service for others", lambda profile, terms: profile.hosts)
BUSINESS = When("you use it in a business", lambda profile, terms: profile.in_business and not profile.merely_uses)
TRAINING = When("you train a model on its outputs", lambda profile, terms: profile.training is not None)

EFFECTS = {
    Effect.SEPARATE_LICENSE: Verdict.NEEDS_LICENSE,
    Effect.NO_RIGHTS: Verdict.NEEDS_LICENSE,
    Effect.SECURITY_REVIEW: Verdict.NEEDS_LICENSE,
    Effect.BRAND_DISPLAY: Verdict.OBLIGATIONS,
    Effect.REGISTRATION: Verdict.OBLIGATIONS,
    Effect.ROYALTY: Verdict.OBLIGATIONS,
}
MUST = {Effect.REGISTRATION: duties.register, Effect.ROYALTY: duties.pay}


# Sizes.

#: “You have over 700 million monthly users.”
HAVING = {Comparator.GT: "over", Comparator.GTE: "at least"}


def by_size(case: Case) -> Outcome:
    """Each size with its own consequence; a limit whose size nobody wrote down cannot be judged."""
    if not case.reading.thresholds:
        return Outcome(Verdict.UNKNOWN, "it has a limit whose size is not written down here")
    return worst_of([beyond(threshold, case) for threshold in case.reading.thresholds])


def beyond(threshold: ThresholdValue, case: Case) -> Outcome:
    """What one size asks of this profile. So near it that the rate decides, a duty is taken to be due."""
    found = reached(threshold, case.profile, case.terms)
    line = sized((threshold,), full_amount, case.terms.snapshot, HAVING)
    if found.met is False:
        return Outcome(assumed=found.assumed)
    is_duty = EFFECTS[threshold.effect] is Verdict.OBLIGATIONS and not by_leave(case.reading)
    if found.met is None and not (found.near and is_duty):
        why = ": at the rates held here you are too near it" if found.near else ""
        return Outcome(Verdict.UNKNOWN, f"cannot tell whether you have {line}{why}", assumed=found.assumed)
    except_for = f" (except: {threshold.exceptions})" if threshold.exceptions else ""
    says = f"you have {line}{except_for}"
    if EFFECTS[threshold.effect] is Verdict.NEEDS_LICENSE:
        return Outcome(Verdict.NEEDS_LICENSE, f"{says}: {asking(threshold, case.terms)}", assumed=found.assumed)
    if threshold.effect is Effect.REGISTRATION and by_leave(case.reading):
        return Outcome(Verdict.NEEDS_LICENSE, f"{says}: {BY_LEAVE}", assumed=found.assumed)
    if threshold.effect is Effect.BRAND_DISPLAY:
        return display(case, says, found.assumed)
    return Outcome(Verdict.OBLIGATIONS, says, MUST[threshold.effect](case.reading), assumed=found.assumed)


def asking(threshold: ThresholdValue, terms: Terms) -> str:
    if threshold.effect is Effect.NO_RIGHTS:
        return "it grants nothing there; " + ask(terms)
    if threshold.effect is Effect.SECURITY_REVIEW:
        return "pass the licensor’s security review first"
    alone = ", which it may refuse" if threshold.discretion else ""
    return ask(terms) + alone


def by_size_if_any(otherwise: Consequence) -> Consequence:
    """Some readings hold sizes and some do not."""
    return lambda case: by_size(case) if case.reading.thresholds else otherwise(case)


def size_not_read(case: Case) -> Outcome:
    """An unread limit matters to whoever has a size, and to every business."""
    profile = case.profile
    numbers = (profile.users, profile.product_users, profile.daily_users, profile.devices)
    money = revenue(profile, monthly=False, of_product=False)[0]
    at_stake = profile.in_business or any(numbers) or money or any(count for _, count in profile.users_at)
    if not at_stake or profile.merely_uses:
        return GO_ON
    return not_read(case)


# Commerce, hosting, registration.


def commerce_refused(case: Case) -> Outcome:
    """No business use: another license may be had, unless the text offers none."""
    if payload(case.reading, "license_offered") is False:
        return Outcome(Verdict.PROHIBITED, "commercial use is not granted, and the text offers no other license")
    return Outcome(Verdict.NEEDS_LICENSE, f"commercial use is not granted: {ask(case.terms)}")


#: Purposes that a business has when it only tries a model out.
TRIALS = frozenset({"evaluation", "non_production"})


def only_tries(profile: Profile) -> bool:
    """Whoever tries a model out may fine-tune it for that; nobody else is to get anything of it."""
    return profile.does(Use.EVALUATE) and profile.uses <= {Use.EVALUATE, Use.FINE_TUNE} and profile.training is None


def commerce_in_part(case: Case) -> Outcome:
    """Free for some purposes: a business that only tries it out is inside them where they name trials."""
    purposes = listed_in(case.reading, "purposes")
    if only_tries(case.profile) and purposes & TRIALS:
        return GO_ON
    named = joined(sorted(purpose.replace("_", "-") for purpose in purposes))
    for_what = f"only {named} use is free" if named else "only some commercial use is free"
    return Outcome(Verdict.NEEDS_LICENSE, f"{for_what}: {ask(case.terms)}")


BY_LEAVE = "commercial use needs written permission first"


def by_leave(reading: Reading) -> bool:
    """Somebody decides on it by hand: more than a formality."""
    return payload(reading, "means") == "written_permission"


def register_first(case: Case) -> Outcome:
    if by_leave(case.reading):
        return Outcome(Verdict.NEEDS_LICENSE, BY_LEAVE)
    return Outcome(Verdict.OBLIGATIONS, must=duties.register(case.reading))


# Policies, fields and parties.


def policy(case: Case) -> Outcome:
    """It binds whoever runs the model; to the user of another's product it comes through that product's terms."""
    if case.profile.merely_uses:
        return Outcome(says="its use policy may reach you through the terms of the product", tone=Tone.FOOTNOTE)
    return Outcome(Verdict.OBLIGATIONS, must=duties.follow_policy(case.reading))


#: Forbidden only as long as a condition is not met: the field → the condition, as a duty.
CONDITIONAL_FIELDS = {
    "unlicensed_professional_advice": "let a licensed professional answer for professional advice",
    "undisclosed_ai_output": "say that outputs are machine-made",
}


def by_field(case: Case) -> Outcome:
    """The profile's fields against the list of the text."""
    met = case.profile.fields & listed_in(case.reading, "fields")
    if not met:
        return GO_ON
    closed = sorted(met - CONDITIONAL_FIELDS.keys())
    if not closed:
        return Outcome(Verdict.OBLIGATIONS, must=joined([CONDITIONAL_FIELDS[one] for one in sorted(met)]))
    if payload(case.reading, "with_permission") is True:
        return Outcome(Verdict.NEEDS_LICENSE, f"{spelled(closed)}: only with permission; {ask(case.terms)}")
    return Outcome(Verdict.PROHIBITED, f"it is closed for {spelled(closed)}")


def spelled(fields: list[str]) -> str:
    return joined([spoken(field) for field in fields])


def field_in_part(case: Case) -> Outcome:
    """Limits that hold for some only: a named field is a condition to meet, unless that is somebody's leave."""
    met = sorted(case.profile.fields & listed_in(case.reading, "fields"))
    if not met:
        return GO_ON
    if payload(case.reading, "with_permission") is True:
        return by_field(case)
    return Outcome(Verdict.OBLIGATIONS, must=f"meet its conditions on {spelled(met)}")


def field_not_read(case: Case) -> Outcome:
    """Which purposes are closed is nobody's worry who named none that licenses close."""
    if not case.profile.fields:
        return GO_ON
    return not_read(case)


def parties(profile: Profile) -> frozenset[str]:
    """What a text may shut this visitor out as."""
    found = {profile.organisation.value} if profile.organisation else set()
    if profile.training is Training.COMPETING:
        found.add("competitor")
    if profile.hosts:
        found.add("model_service")
    if profile.organisation is None:
        found.add((Organisation.COMPANY if profile.in_business else Organisation.PERSON).value)
    return frozenset(found)


def party_assumed(profile: Profile, shut_out: frozenset[str]) -> tuple[str, ...]:
    """Who asks is not stated, and it matters."""
    if profile.organisation is not None or shut_out.isdisjoint(Organisation):
        return ()
    return ("what kind of organisation you are is not stated: " + NOBODY[profile.in_business],)


NOBODY = {True: "you are taken for a company", False: "you are taken for a person"}


def by_party(verdict: Verdict) -> Consequence:
    """Shut out or not; where only words say who, or one competes unasked, the reader has to look."""

    def outcome(case: Case) -> Outcome:
        who = str(payload(case.reading, "who") or "some users")
        make_sure = f"make sure that you are none of these: {who}"
        shut_out = listed_in(case.reading, "parties")
        if not shut_out:
            return Outcome(Verdict.OBLIGATIONS, must=make_sure)
        assumed = party_assumed(case.profile, shut_out)
        if shut_out.isdisjoint(parties(case.profile)):
            unasked = "competitor" in shut_out and case.profile.in_business
            duty = Outcome(Verdict.OBLIGATIONS, must=make_sure, assumed=assumed)
            return duty if unasked else Outcome(assumed=assumed)
        cure = f"; {ask(case.terms)}" if verdict is Verdict.NEEDS_LICENSE else ""
        return Outcome(verdict, f"it shuts out {who}{cure}", assumed=assumed)

    return outcome


# Badges and names.


def display(case: Case, says: str = "", assumed: tuple[str, ...] = ()) -> Outcome:
    """A display that is demanded and cannot be given needs leave."""
    must = duties.show_badge(case.reading)
    if case.profile.can_show_brand or case.reading.strength is not Strength.MUST:
        return Outcome(Verdict.OBLIGATIONS, says, must, assumed=assumed)
    return Outcome(Verdict.NEEDS_LICENSE, f"{must}, which you cannot: {ask(case.terms)}", assumed=assumed)


def badge_is_due(profile: Profile, terms: Terms) -> bool:
    """By what sets it off; where nobody wrote that down, by passing on and by products."""
    reading = terms.readings.get("branding_required")
    if profile.merely_uses:
        return False
    triggers = listed_in(reading, "trigger") or {"distribution", "product_or_service"}
    return (
        ("distribution" in triggers and passes_on(profile, terms))
        or ("product_or_service" in triggers and profile.serves)
        or ("derivative_model" in triggers and makes_a_model(profile, reading))
    )


def makes_a_model(profile: Profile, reading: Reading | None) -> bool:
    """Publishes a model made from the weights, or from outputs where the text reaches so far."""
    reaches = listed_in(reading, "reaches") or {"weights"}
    return ("weights" in reaches and profile.does(Use.PUBLISH)) or ("outputs" in reaches and profile.publishes_student)


def name_is_due(profile: Profile, terms: Terms) -> bool:
    return makes_a_model(profile, terms.readings.get("derivative_naming"))


# Outputs.

#: A ban of this scope reaches these models.
SCOPES = {
    "any_model": frozenset(Training),
    "llm": frozenset(Training),
    "foundation_model": frozenset(Training),
    "competing_model": frozenset({Training.COMPETING}),
    "one_field": frozenset[Training](),
}


def by_scope(case: Case) -> Outcome:
    """A narrow ban, tested against the model that is to be trained."""
    scope = str(payload(case.reading, "scope") or "any_model")
    reached_models = SCOPES.get(scope, SCOPES["any_model"])
    if case.profile.training in reached_models:
        return Outcome(Verdict.PROHIBITED, "its ban on training other models with outputs reaches yours")
    if scope == "one_field":
        return Outcome(Verdict.OBLIGATIONS, must="train no model of the field that it names with its outputs")
    return Outcome(says="its outputs must not train a model that competes with it", tone=Tone.FOOTNOTE)


def student_inherits(case: Case) -> Outcome:
    """A student carries the terms; where only imitators do, one that is to perform alike."""
    if payload(case.reading, "test") == "performs_similarly" and not imitates(case.profile):
        return Outcome(says="a model trained on outputs to perform like it would carry these terms", tone=Tone.FOOTNOTE)
    return Outcome(Verdict.OBLIGATIONS, must="let the model that you trained on outputs carry these same terms")


def imitates(profile: Profile) -> bool:
    return profile.training is Training.COMPETING or any(mark == "alike" for mark in profile.student)


def terms_reach_users(profile: Profile, terms: Terms) -> bool:
    """Whom the text wants bound: those who get weights, those who use a service, or both."""
    whom = listed_in(terms.readings.get("must_pass_on_terms"), "to_whom")
    people = whom or {"recipients_of_weights", "users_of_a_service"}
    return ("recipients_of_weights" in people and profile.passes_on) or (
        "users_of_a_service" in people and profile.serves
    )


def copyleft_reaches(profile: Profile, terms: Terms) -> bool:
    """Publishing a derivative; with a network trigger, offering it as a service too. Unread, either may count."""
    reading = terms.readings.get("copyleft_sharealike")
    network = reading is None or payload(reading, "trigger") == "network_use"
    return profile.does(Use.PUBLISH) or (network and profile.hosts)


def outputs_are_shown(profile: Profile, terms: Terms) -> bool:
    return profile.serves or profile.does(Use.SELL_OUTPUTS)


def fee_is_due(profile: Profile, terms: Terms) -> bool:
    """By its sizes, else in every business."""
    reading = terms.readings.get("fees_royalties")
    sizes = reading.thresholds if reading else ()
    return any(concerns(size, profile) for size in sizes) if sizes else profile.in_business and not profile.merely_uses


def hosting_in_part(case: Case) -> Outcome:
    """Limits without a size: within them it is a condition to meet."""
    return Outcome(Verdict.OBLIGATIONS, must="offer it as a service only within the limits it sets")


def silent_grant(case: Case) -> Outcome:
    """A text of the publisher's own that does not grant it: nobody can say that it is given."""
    return Outcome(Verdict.UNKNOWN, f"its text is silent: {case.kind.question}") if case.custom else GO_ON


def silent_on_outputs(case: Case) -> Outcome:
    """Outputs are free where the text grants business use; where it does not, nothing says that they are."""
    grant = case.terms.readings.get("commercial_use")
    if grant is None:
        return not_read(case)
    if grant.answer in (Answer.NO, Answer.PARTLY):
        return commerce_refused(replace(case, reading=grant))
    return GO_ON


ENDS = frozenset({Answer.YES})


def risk(says: str, *, red_for: frozenset[Answer] = frozenset()) -> Consequence:
    """No reason to stop, but one to know; red where it can end or change under you."""
    return lambda case: Outcome(says=says, tone=Tone.RED if case.reading.answer in red_for else Tone.RISK)
