"""Profiles and terms for tests of verdicts: written out, and as strategies for any that could be."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import QueryDict
from hypothesis import strategies as st

from licenses.clauses import CLAUSES, KIND, READ, Answer, ClauseKind, FieldType, PayloadField, Strength
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
from licenses.clauses.field import FIELDS_OF_USE
from licenses.clauses.profile import Organisation, Profile, Student, Training, Use
from licenses.clauses.reading import Reading, Terms
from licenses.profiles import LARGEST, ProfileForm
from licenses.verdict import GATES, Bundle, Inherited, Judgment, Standing

#: From a small pool, so that sizes and numbers meet exactly now and then.
NUMBERS = st.sampled_from([1, 12, 900, 1_000, 12_000, 1_000_000, 700_000_000]) | st.integers(1, LARGEST)
#: The last has no rate.
CURRENCIES = st.sampled_from(["USD", "EUR", "CNY", "XAF"])
COUNTRIES = st.sampled_from(["EU", "DE", "FR", "GB", "KR", "US", "CH"])
MONTHS = st.sampled_from(["2024-01", "2025-03", "2026-10"])
WORDS = st.sampled_from(["words of its own", "Acme", "10 % of sales"])


def several(words: Any, least: int = 0) -> st.SearchStrategy[list[Any]]:
    known = list(words)
    return st.lists(st.sampled_from(known), min_size=least, max_size=min(4, len(known)), unique=True)


stated = st.none() | st.just(0) | NUMBERS
profiles = st.builds(
    Profile,
    commercial=st.booleans(),
    uses=several(Use).map(frozenset),
    training=st.none() | st.sampled_from(Training),
    student=several(Student).map(frozenset),
    users=stated,
    users_at=st.dictionaries(MONTHS, NUMBERS, max_size=3).map(lambda found: tuple(sorted(found.items()))),
    product_users=stated,
    daily_users=stated,
    devices=stated,
    revenue_year=stated,
    revenue_month=stated,
    product_revenue_year=stated,
    product_revenue_month=stated,
    currency=CURRENCIES,
    seat=st.just("") | COUNTRIES,
    places=st.frozensets(COUNTRIES, max_size=2),
    fields=several(FIELDS_OF_USE[:40]).map(frozenset),
    organisation=st.none() | st.sampled_from(Organisation),
    can_show_brand=st.booleans(),
    end_user=st.booleans(),
)


@st.composite
def thresholds(draw: st.DrawFn) -> ThresholdValue:
    metric = draw(st.sampled_from(Metric))
    return ThresholdValue(
        metric,
        draw(NUMBERS),
        draw(st.sampled_from(Period)),
        draw(st.sampled_from(Comparator)),
        draw(st.sampled_from(Measured)),
        draw(st.sampled_from(Whose)),
        draw(st.sampled_from(AppliesTo)),
        draw(st.sampled_from(Effect)),
        currency=draw(CURRENCIES) if metric.is_money else "",
        discretion=draw(st.booleans()),
        exceptions=draw(st.sampled_from(["", "non-profits"])),
    )


territories = st.builds(
    TerritoryValue,
    regions=st.lists(COUNTRIES, min_size=1, max_size=3, unique=True).map(tuple),
    basis=several(Basis, least=1).map(tuple),
    effect=st.sampled_from(TerritoryEffect),
    applies_to=st.sampled_from(["all_models", "multimodal_only", "the_large_one"]),
    exception=st.sampled_from(["", "end_users_of_products"]),
)


def value_of(field: PayloadField) -> st.SearchStrategy[Any]:
    return {
        FieldType.FLAG: st.booleans(),
        FieldType.CHOICE: st.sampled_from(field.choices or ("",)),
        FieldType.CHOICES: several(field.choices or ("",), least=1),
        FieldType.URL: st.just("https://example.org/policy"),
    }.get(field.type, WORDS)


#: Details that bearings look for whether or not the kind declares them yet.
LOOKED_FOR: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "commercial_use": {"license_offered": st.booleans()},
    "excluded_parties": {"parties": several([*Organisation, "competitor", "model_service"], least=1)},
}


@st.composite
def details(draw: st.DrawFn, kind: ClauseKind) -> dict[str, Any]:
    known = LOOKED_FOR.get(kind.slug, {}) | {field.name: value_of(field) for field in kind.payload}
    return {name: draw(value) for name, value in known.items() if draw(st.booleans())}


@st.composite
def readings(draw: st.DrawFn, kind: ClauseKind) -> Reading:
    answer = draw(st.sampled_from(READ))
    if answer is Answer.SILENT:
        return Reading(kind, answer)
    return Reading(
        kind,
        answer,
        draw(st.sampled_from([Strength.MUST, Strength.MUST, *Strength])),
        draw(details(kind)),
        tuple(draw(st.lists(thresholds(), max_size=2))) if kind.has_thresholds else (),
        tuple(draw(st.lists(territories, max_size=2))) if kind.has_territories else (),
    )


#: Everything read, and nothing in the way: so that the few clauses which are drawn decide.
FREELY = (Answer.NO, Answer.YES, Answer.SILENT)
OPEN = {kind.slug: Reading(kind, next(filter(kind.is_open, FREELY))) for kind in CLAUSES}


@st.composite
def terms(draw: st.DrawFn, *, least: int = 0) -> Terms:
    """Some kinds read, any of all, and the others open, or not read at all."""
    kinds = draw(st.lists(st.sampled_from(CLAUSES), min_size=least, max_size=5, unique=True))
    others = draw(st.sampled_from([OPEN, OPEN, {}]))
    found = {**others, **{kind.slug: draw(readings(kind)) for kind in kinds}}
    return Terms(draw(st.sampled_from(["", "Acme"])), draw(st.sampled_from([None, date(2025, 4, 5)])), found)


@st.composite
def bundles(draw: st.DrawFn, *, least: int = 0) -> Bundle:
    slug = draw(st.uuids()).hex[:8]
    read_on = draw(st.none() | st.just(date(2026, 11, 1)))
    return Bundle(slug, slug.title(), draw(terms(least=least)), custom=draw(st.booleans()), read_on=read_on)


inherited = st.builds(Inherited, WORDS, st.just("fine-tuned from acme/base"), st.none() | bundles())
multimodal = st.sampled_from([None, True, False])
standings = st.builds(
    Standing,
    st.lists(st.none() | bundles(), max_size=2).map(tuple),
    any_of=st.booleans(),
    inherited=st.lists(inherited, max_size=2).map(tuple),
    multimodal=multimodal,
    gate=st.sampled_from(["", *GATES]),
)


# Written out.


def plan(address: str) -> Profile:
    """No business, unless the address says so."""
    form = ProfileForm(QueryDict(f"commercial=no&{address}"))
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
