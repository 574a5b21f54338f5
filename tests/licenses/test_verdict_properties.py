"""What holds of every verdict, whoever asks and whatever a license says. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from licenses.clauses import CLAUSES, KIND, Answer, Strength
from licenses.clauses.amounts import AppliesTo, Basis, Comparator
from licenses.clauses.bearing import Verdict, worst
from licenses.clauses.field import FIELDS_OF_USE
from licenses.clauses.profile import Profile, Student, Training, Use
from licenses.clauses.reading import Reading, Terms
from licenses.profiles import LARGEST, ProfileForm, as_query, of_mapping
from licenses.verdict import Bundle, Judge, Judgment, Standing, judge

from .plans import COUNTRIES, bundles, inherited, multimodal, profiles, readings, standings, terms, thresholds

# Restrictions.

Tightening = Callable[[Reading, Any], Reading | None]


def binding(reading: Reading, draw: Any) -> Reading | None:
    answers = [answer for answer in (Answer.YES, Answer.PARTLY, Answer.NO) if not reading.kind.is_open(answer)]
    return replace(reading, answer=draw(st.sampled_from(answers))) if reading.is_open and answers else None


def demanded(reading: Reading, draw: Any) -> Reading:
    return replace(reading, strength=Strength.MUST)


def another_size(reading: Reading, draw: Any) -> Reading | None:
    """A first size would narrow what held for all."""
    more = (*reading.thresholds, draw(thresholds()))
    return replace(reading, thresholds=tuple(draw(st.permutations(more)))) if reading.thresholds else None


def a_lower_size(reading: Reading, draw: Any) -> Reading:
    lower = [replace(one, amount=draw(st.integers(1, one.amount))) for one in reading.thresholds]
    return replace(reading, thresholds=tuple(lower))


def from_exactly_the_size(reading: Reading, draw: Any) -> Reading:
    return replace(reading, thresholds=tuple(replace(one, comparator=Comparator.GTE) for one in reading.thresholds))


def a_size_for_any_use(reading: Reading, draw: Any) -> Reading:
    return replace(reading, thresholds=tuple(replace(one, applies_to=AppliesTo.ANY_USE) for one in reading.thresholds))


def another_region(reading: Reading, draw: Any) -> Reading:
    more = [replace(one, regions=(*one.regions, draw(COUNTRIES))) for one in reading.territories]
    return replace(reading, territories=tuple(more))


def every_tie_to_a_region(reading: Reading, draw: Any) -> Reading:
    return replace(reading, territories=tuple(replace(one, basis=tuple(Basis)) for one in reading.territories))


def a_region_for_all_models(reading: Reading, draw: Any) -> Reading:
    more = [replace(one, applies_to="all_models", exception="") for one in reading.territories]
    return replace(reading, territories=tuple(more))


def longer(name: str, words: list[str]) -> Tightening:
    """A list without entries reaches everybody: a first entry would narrow it."""

    def tightened(reading: Reading, draw: Any) -> Reading | None:
        listed = reading.payload.get(name)
        if not isinstance(listed, list):
            return None
        return replace(reading, payload={**reading.payload, name: [*listed, draw(st.sampled_from(words))]})

    return tightened


TIGHTENINGS: list[Tightening] = [
    binding,
    demanded,
    another_size,
    a_lower_size,
    from_exactly_the_size,
    a_size_for_any_use,
    another_region,
    every_tie_to_a_region,
    a_region_for_all_models,
    longer("fields", list(FIELDS_OF_USE)),
    longer("parties", ["company", "person", "competitor"]),
    longer("trigger", ["distribution", "product_or_service", "derivative_model"]),
    longer("reaches", ["weights", "outputs"]),
    longer("to_whom", ["recipients_of_weights", "users_of_a_service"]),
]


def rank(judgment: Judgment) -> int:
    return judgment.verdict.rank


def with_reading(bundle: Bundle, reading: Reading) -> Bundle:
    found = {**bundle.terms.readings, reading.kind.slug: reading}
    return replace(bundle, terms=replace(bundle.terms, readings=found))


@pytest.mark.parametrize("kind", [kind for kind in CLAUSES if kind.bearing], ids=lambda kind: kind.slug)
@settings(max_examples=25)
@given(data=st.data(), profile=profiles, bundle=bundles(), sees=multimodal)
def test_a_tighter_clause_never_helps(
    kind: Any, data: Any, profile: Profile, bundle: Bundle, sees: bool | None
) -> None:
    reading = data.draw(readings(kind))
    tightened = [found for tighten in TIGHTENINGS if (found := tighten(reading, data.draw)) not in (None, reading)]
    before = judge(profile, with_reading(bundle, reading), sees)

    for tighter in tightened:
        after = judge(profile, with_reading(bundle, tighter), sees)
        assert rank(after) <= rank(before), (reading, tighter)


@given(profile=profiles, standing=standings, more=inherited)
def test_terms_that_come_along_never_help(profile: Profile, standing: Standing, more: Any) -> None:
    judged = Judge(profile)

    after = judged.result(replace(standing, inherited=(more, *standing.inherited)))

    assert after.verdict.rank <= judged.result(standing).verdict.rank


@given(profile=profiles, standing=standings, more=st.none() | bundles())
def test_one_more_license_that_applies_as_well_never_helps(profile: Profile, standing: Standing, more: Any) -> None:
    assume(standing.own)
    standing = replace(standing, any_of=False)

    after = Judge(profile).result(replace(standing, own=(*standing.own, more)))

    assert after.verdict.rank <= Judge(profile).result(standing).verdict.rank


@given(profile=profiles, standing=standings, more=bundles())
def test_one_more_license_to_choose_never_hurts(profile: Profile, standing: Standing, more: Bundle) -> None:
    assume(standing.own)
    standing = replace(standing, any_of=True)

    after = Judge(profile).result(replace(standing, own=(*standing.own, more)))

    assert after.verdict.rank >= Judge(profile).result(standing).verdict.rank


# Bigger plans.

SIZES = ("users", "product_users", "daily_users", "devices", "revenue_year", "revenue_month")
SIZES += ("product_revenue_year", "product_revenue_month")


@given(profile=profiles, bundle=bundles(), sees=multimodal, name=st.sampled_from(SIZES), more=st.integers(1, LARGEST))
def test_growing_never_helps(profile: Profile, bundle: Bundle, sees: bool | None, name: str, more: int) -> None:
    number = getattr(profile, name)
    assume(number is not None)

    bigger = replace(profile, **{name: number + more})

    assert rank(judge(bigger, bundle, sees)) <= rank(judge(profile, bundle, sees))


@given(profile=profiles, bundle=bundles(), more=st.integers(1, LARGEST))
def test_having_had_more_users_never_helps(profile: Profile, bundle: Bundle, more: int) -> None:
    bigger = replace(profile, users_at=tuple((month, number + more) for month, number in profile.users_at))

    assert rank(judge(bigger, bundle)) <= rank(judge(profile, bundle))


def bigger_plans(profile: Profile) -> list[Profile]:
    """One more use, or what follows from it. Trying it out and using another's product are less, not more."""
    more = [replace(profile, uses=profile.uses | {use}) for use in Use if use is not Use.EVALUATE]
    more += [replace(profile, student=profile.student | {student}) for student in Student]
    more += [replace(profile, fields=profile.fields | {field}) for field in ("military", "medical_advice", "spam")]
    more += [replace(profile, commercial=True), replace(profile, can_show_brand=False)]
    more += [replace(profile, end_user=False)]
    if profile.training is not Training.COMPETING:
        more.append(replace(profile, training=Training.COMPETING))
    if profile.training is None:
        more.append(replace(profile, training=Training.OWN_LLM))
    if profile.places:
        more += [replace(profile, places=profile.places | {place}) for place in ("DE", "KR")]
    return more


@given(profile=profiles, bundle=bundles(), sees=multimodal)
def test_planning_more_never_helps(profile: Profile, bundle: Bundle, sees: bool | None) -> None:
    before = judge(profile, bundle, sees)

    for bigger in bigger_plans(profile):
        assert rank(judge(bigger, bundle, sees)) <= rank(before), bigger


# What nobody has read.

#: The kinds that decide when nobody has read them, and the plans that they decide on (domain reference 7.3).
DECISIVE: dict[str, Callable[[Profile], bool]] = {
    "commercial_use": lambda one: one.commercial,
    "modification": lambda one: one.does(Use.FINE_TUNE, Use.PUBLISH),
    "redistribution": lambda one: one.does(Use.REDISTRIBUTE, Use.PUBLISH),
    "hosted_service": lambda one: one.does(Use.HOST, Use.SELL_ACCESS),
    "copyleft_sharealike": lambda one: one.does(Use.PUBLISH, Use.HOST, Use.SELL_ACCESS),
    "mau_cap": lambda one: not one.end_user and (one.commercial or bool(one.users)),
    "revenue_cap": lambda one: not one.end_user and (one.commercial or bool(one.revenue_year)),
    "field_of_use": lambda one: bool(one.fields),
    "geo_exclusion": lambda one: True,
    "output_rights": lambda one: one.commercial or one.does(Use.SELL_OUTPUTS),
    "output_training": lambda one: one.training is not None,
}


@given(profiles, bundles(), multimodal)
def test_who_sells_access_is_in_business(profile: Profile, bundle: Bundle, sees: bool | None) -> None:
    sells = replace(profile, uses=profile.uses | {Use.SELL_ACCESS})

    verdicts = {judge(replace(sells, commercial=said), bundle, sees).verdict for said in (True, False)}

    assert len(verdicts) == 1


@given(profiles, bundles(), multimodal)
def test_using_a_product_never_helps_who_offers_passes_on_or_trains(
    profile: Profile, bundle: Bundle, sees: bool | None
) -> None:
    assume(profile.serves or profile.passes_on or profile.training or profile.does(Use.FINE_TUNE))

    verdicts = {judge(replace(profile, end_user=said), bundle, sees).verdict for said in (True, False)}

    assert len(verdicts) == 1


@pytest.mark.parametrize("kind", DECISIVE)
@settings(max_examples=25)
@given(profile=profiles, bundle=bundles(least=2))
def test_what_nobody_read_is_never_permitted_to_whom_it_matters(kind: str, profile: Profile, bundle: Bundle) -> None:
    assume(DECISIVE[kind](profile))
    readings = {slug: reading for slug, reading in bundle.terms.readings.items() if slug != kind}
    unread = replace(bundle, terms=replace(bundle.terms, readings=readings))

    found = judge(profile, unread)

    assert rank(found) <= Verdict.UNKNOWN.rank
    assert KIND[kind] in found.unread


@given(profile=profiles, bundle=bundles(), sees=multimodal)
def test_other_unread_kinds_decide_nothing(profile: Profile, bundle: Bundle, sees: bool | None) -> None:
    found = judge(profile, bundle, sees)

    silent_or_unread = {one.kind.slug for one in found.findings if one.answer is Answer.UNREAD and one in found.stops}

    assert silent_or_unread <= DECISIVE.keys()


@given(profile=profiles, bundle=bundles())
def test_a_license_of_which_nothing_is_read_is_unknown(profile: Profile, bundle: Bundle) -> None:
    unread = replace(bundle, terms=replace(bundle.terms, readings={}))

    assert judge(profile, unread).verdict is Verdict.UNKNOWN
    assert judge(profile, None).verdict is Verdict.UNKNOWN
    assert Judge(profile).result(Standing(())).verdict is Verdict.UNKNOWN


# The order of things, and asking twice.


@given(data=st.data(), profile=profiles, bundle=bundles(), sees=multimodal)
def test_the_order_of_clauses_sizes_and_places_does_not_matter(
    data: Any, profile: Profile, bundle: Bundle, sees: bool | None
) -> None:
    turned = {
        slug: replace(reading, thresholds=reading.thresholds[::-1], territories=reading.territories[::-1])
        for slug, reading in data.draw(st.permutations(list(bundle.terms.readings.items())))
    }

    found = judge(profile, replace(bundle, terms=replace(bundle.terms, readings=turned)), sees)
    before = judge(profile, bundle, sees)

    assert found.verdict is before.verdict
    assert [(one.kind, one.verdict) for one in found.findings] == [(one.kind, one.verdict) for one in before.findings]
    assert sorted(found.assumed) == sorted(before.assumed)


@given(profile=profiles, standing=standings)
def test_judging_twice_says_the_same(profile: Profile, standing: Standing) -> None:
    judged = Judge(profile)

    first, again = judged.result(standing), judged.result(standing)

    assert first == again == Judge(profile).result(standing)
    assert all(one == judge(profile, one.bundle, standing.multimodal) for one in first.own if one.bundle)
    assert all(one == judge(profile, kin.bundle, kin.multimodal) for kin, one in first.inherited if kin.bundle)


@given(data=st.data(), profile=profiles, standing=standings)
def test_the_order_of_licenses_does_not_matter(data: Any, profile: Profile, standing: Standing) -> None:
    own = tuple(data.draw(st.permutations(standing.own)))

    assert Judge(profile).result(replace(standing, own=own)).verdict is Judge(profile).result(standing).verdict


# What a verdict says.

#: A sentence goes on in the page, so it neither begins nor ends in a mark; nothing in it was left to be filled in.
UNCLEAN = re.compile(r"^\W*$|^[\s.,;:]|[\s.,;:]$|None|[{}]|\s\s|“”|\(\)|\[|_|\bof of\b| ,| ;")


def clean(sentence: str) -> bool:
    return UNCLEAN.search(sentence) is None


@given(profile=profiles, bundle=bundles(), sees=multimodal)
def test_a_verdict_is_the_worst_of_its_findings_and_each_says_why(
    profile: Profile, bundle: Bundle, sees: bool | None
) -> None:
    found = judge(profile, bundle, sees)

    if bundle.terms.readings:
        assert found.verdict is worst([one.verdict for one in found.findings])
    for one in found.findings:
        sentences = [words for words in (one.outcome.says, one.outcome.must, *one.outcome.assumed) if words]
        assert sentences
        assert all(map(clean, sentences)), sentences
        if one.verdict is not Verdict.PERMITTED:
            assert one.outcome.says or one.outcome.must
        assert one.use_case
        assert one.condition
    assert all(one.outcome.must for one in found.deciding if one.verdict is Verdict.OBLIGATIONS)


@given(profile=profiles, standing=standings)
def test_a_result_is_the_worst_of_all_and_gives_a_reason(profile: Profile, standing: Standing) -> None:
    found = Judge(profile).result(standing)

    gate = [found.gate.verdict] if found.gate else []
    assert found.verdict is worst([one.verdict for one in found.judgments] + gate)
    assert (found.verdict is Verdict.PERMITTED) == (not found.reason)
    assert clean(found.reason or "go on")
    musts = [finding.outcome.must for _, finding in found.duties]
    assert len(musts) == len(set(musts))


@given(profile=profiles, bundle=bundles(), sees=multimodal)
def test_what_a_text_only_asks_for_changes_no_verdict(profile: Profile, bundle: Bundle, sees: bool | None) -> None:
    softened = {slug: replace(reading, strength=Strength.SHOULD) for slug, reading in bundle.terms.readings.items()}
    assume(softened)

    found = judge(profile, replace(bundle, terms=replace(bundle.terms, readings=softened)), sees)

    assert {one.answer for one in found.findings if one.verdict is not Verdict.PERMITTED} <= {
        Answer.UNREAD,
        Answer.SILENT,
    }


# There and back.


@given(profile=profiles)
def test_a_profile_comes_back_from_its_address(profile: Profile) -> None:
    form = ProfileForm(as_query(profile))

    assert not form.faults()
    assert form.profile() == profile


@given(profile=profiles)
def test_a_profile_comes_back_from_a_file(profile: Profile) -> None:
    form = of_mapping(dict(as_query(profile).lists()))

    assert not form.faults()
    assert form.profile() == profile


@given(found=terms())
def test_only_declared_kinds_are_judged(found: Terms) -> None:
    judged = {one.kind.slug for one in judge(Profile(), Bundle("a", "A", found)).findings}

    assert judged <= {kind.slug for kind in CLAUSES if kind.bearing}
