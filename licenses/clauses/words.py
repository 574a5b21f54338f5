"""Amounts, places and details in plain words: for a cell in short, for a sentence in full."""

from __future__ import annotations

from collections.abc import Callable

from .amounts import (
    AppliesTo,
    Basis,
    Comparator,
    Effect,
    Measured,
    Metric,
    Period,
    TerritoryValue,
    ThresholdValue,
    Whose,
)
from .base import Answer, FieldType, Strength
from .reading import Reading, Terms

LONGEST_BADGE = 36
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
REGIONS = {"EU": "the EU", "GB": "the UK", "KR": "South Korea", "CN": "China", "US": "the US", "RU": "Russia"}
PEOPLE = {
    Metric.MAU: "monthly users",
    Metric.DAU: "daily users",
    Metric.UNIQUE_USERS: "unique users",
    Metric.SERVICE_VISITS: "visits",
    Metric.DEVICES: "devices",
}
PER = {
    Period.MONTH: " a month",
    Period.CALENDAR_MONTH: " a month",
    Period.YEAR: " a year",
    Period.CALENDAR_YEAR: " a calendar year",
    Period.ANY_12_MONTHS: " in any 12 months",
    Period.NONE: "",
}
BRIEFLY_PER = {
    Period.MONTH: "/month",
    Period.CALENDAR_MONTH: "/month",
    Period.YEAR: "/year",
    Period.CALENDAR_YEAR: "/calendar year",
    Period.ANY_12_MONTHS: "/12 months",
    Period.NONE: "",
}
SCALES = ((1_000_000_000, "B", "billion"), (1_000_000, "M", "million"), (1_000, "k", "thousand"))


def counted(threshold: ThresholdValue) -> bool:
    """The metric does not say its period itself, as monthly users do."""
    return threshold.metric in (Metric.SERVICE_VISITS, Metric.UNIQUE_USERS)


def brief_number(amount: int) -> str:
    """700000000 → 700M"""
    for size, letter, _ in SCALES:
        if amount >= size:
            return f"{amount / size:g}{letter}"
    return str(amount)


def full_number(amount: int) -> str:
    """700000000 → 700 million; below a million with separators"""
    for size, _, word in SCALES[:2]:
        if amount >= size:
            return f"{amount / size:g} {word}"
    return f"{amount:,}"


def brief_amount(threshold: ThresholdValue) -> str:
    """`700M monthly users`, `$20M/month`"""
    number = brief_number(threshold.amount)
    if not threshold.metric.is_money:
        return f"{number} {PEOPLE[threshold.metric]}" + (BRIEFLY_PER[threshold.period] if counted(threshold) else "")
    sign = CURRENCY_SIGNS.get(threshold.currency)
    money = f"{sign}{number}" if sign else f"{number} {threshold.currency}"
    return money + BRIEFLY_PER[threshold.period]


def full_amount(threshold: ThresholdValue) -> str:
    """`700 million monthly users`, `20 million USD revenue a month`"""
    number = full_number(threshold.amount)
    if not threshold.metric.is_money:
        return f"{number} {PEOPLE[threshold.metric]}" + (PER[threshold.period] if counted(threshold) else "")
    of_what = "recurring revenue" if threshold.metric is Metric.RECURRING_REVENUE else "revenue"
    return f"{number} {threshold.currency} {of_what}{PER[threshold.period]}"


#: Comparator → preposition: beside a number in a cell, and in a condition.
BESIDE = {Comparator.GT: "above", Comparator.GTE: "from"}
IF = {Comparator.GT: "if over", Comparator.GTE: "if at least"}


def sized(
    thresholds: tuple[ThresholdValue, ...],
    amount: Callable[[ThresholdValue], str],
    snapshot: str,
    prepositions: dict[Comparator, str] = BESIDE,
) -> str:
    """`above 700M monthly users at release or from $10M a year`: joined by ANY, each with its own comparator.

    A size that is looked at once says so itself: joined to an ongoing one the two must not look alike.
    """
    parts: list[str] = []
    told: set[tuple[object, ...]] = set()
    previous = None
    for threshold in thresholds:
        kind = (threshold.comparator, threshold.measured)
        words = amount(threshold)
        if (kind, words) in told:
            continue
        told.add((kind, words))
        preposition = "" if kind == previous else f"{prepositions[threshold.comparator]} "
        tail = f" {snapshot}" if threshold.measured is Measured.AT_RELEASE else ""
        parts.append(f"{preposition}{words}{tail}")
        previous = kind
    return " or ".join(parts)


WHOSE = {
    Whose.LICENSEE: "",
    Whose.LICENSEE_AND_AFFILIATES: "affiliates count",
    Whose.GROUP_OR_EMPLOYER: "the whole group or the employer counts",
    Whose.PRODUCT: "the product counts",
}
APPLIES_TO = {
    AppliesTo.ANY_USE: "",
    AppliesTo.COMMERCIAL_USE: "commercial use only",
    AppliesTo.MODEL_AS_A_SERVICE: "model as a service only",
    AppliesTo.AI_ASSISTANT_PRODUCT: "AI assistant products only",
    AppliesTo.DISTRIBUTION: "distribution only",
}


def conditions(reading: Reading) -> str:
    """What a size or a place hangs on: `affiliates count; the licensor decides alone; end users … exempt`."""
    found = []
    for threshold in reading.thresholds:
        found += [WHOSE[threshold.whose], APPLIES_TO[threshold.applies_to]]
        found += ["the licensor decides alone"] if threshold.discretion else []
        found += ["or the same in other currencies"] if threshold.or_equivalent else []
        found += [f"except: {threshold.exceptions}"] if threshold.exceptions else []
    found += [f"except: {t.exception.replace('_', ' ')}" for t in reading.territories if t.exception]
    return "; ".join(dict.fromkeys(condition for condition in found if condition))


def by_effect(reading: Reading) -> list[tuple[Effect, tuple[ThresholdValue, ...]]]:
    """A reading's thresholds, those with the same consequence together."""
    effects = dict.fromkeys(threshold.effect for threshold in reading.thresholds)
    return [(effect, tuple(t for t in reading.thresholds if t.effect is effect)) for effect in effects]


def consequence(effect: Effect, reading: Reading) -> str:
    shown = reading.payload.get("string")
    return {
        Effect.SEPARATE_LICENSE: "license",
        Effect.NO_RIGHTS: "no rights",
        Effect.BRAND_DISPLAY: f"display “{shown}”" if shown else "display the brand",
        Effect.REGISTRATION: "register",
        Effect.ROYALTY: "royalty due",
        Effect.SECURITY_REVIEW: "security review",
    }[effect]


def places(territory: TerritoryValue) -> str:
    names = [REGIONS.get(region, region) for region in territory.regions]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def variants(territory: TerritoryValue) -> str:
    """Which models a territory reaches: empty for all."""
    words = {"all_models": "", "multimodal_only": "multimodal"}
    return words.get(territory.applies_to, territory.applies_to.replace("_", " "))


def listed(values: object) -> str:
    """`["non_production", "research"]` → `non-production, research`"""
    return ", ".join(str(value).replace("_", "-") for value in values) if isinstance(values, list) else ""


def territory_brief(reading: Reading) -> str:
    """`not in EU, UK, South Korea (multimodal)`"""
    found = []
    for territory in reading.territories:
        names = ", ".join(REGIONS.get(region, region).removeprefix("the ") for region in territory.regions)
        found.append(f"not in {names}" + (f" ({variants(territory)})" if variants(territory) else ""))
    return "; ".join(found)


def territory_full(reading: Reading) -> str:
    """Whom or which use the territory leaves out, and for which models."""
    sentences = []
    for territory in reading.territories:
        resident = {Basis.DOMICILE, Basis.PRINCIPAL_PLACE_OF_BUSINESS} & set(territory.basis)
        where = places(territory)
        text = f"no grant to people and companies based in {where}" if resident else f"no use in {where}"
        if Basis.OUTPUT_USE in territory.basis:
            text += ", outputs included"
        if territory.exception == "end_users_of_products":
            text += ", except as end users of a product"
        some = variants(territory) if reading.answer is Answer.PARTLY else ""
        sentences.append(f"for {some} models, {text}" if some else text)
    return "; ".join(sentences)


def name_word(reading: Reading) -> str:
    word = reading.payload.get("word")
    verb = "contain" if reading.payload.get("place") == "contains" else "begin with"
    return f"{verb} “{word}”" if word else ""


def name_brief(reading: Reading) -> str:
    """`begins “Llama”`"""
    return name_word(reading).replace("begin with", "begins").replace("contain ", "contains ")


def badge(reading: Reading) -> str:
    string = reading.payload.get("string")
    return f"“{string}”" if string else ""


def field_count(reading: Reading) -> str:
    fields = reading.payload.get("fields")
    return f"{len(fields)} field{'s' * (len(fields) != 1)}" if isinstance(fields, list) else ""


#: Kinds whose details belong into the cell, beside thresholds, which every kind shows alike.
DETAILS: dict[str, Callable[[Reading], str]] = {
    "field_of_use": field_count,
    "geo_exclusion": territory_brief,
    "branding_required": badge,
    "derivative_naming": name_brief,
}


def detail(reading: Reading) -> str:
    """The words beside an answer: `license above 700M monthly users at release`."""
    if reading.thresholds:
        return "; ".join(
            f"{consequence(effect, reading)} {sized(thresholds, brief_amount, 'at release')}"
            for effect, thresholds in by_effect(reading)
        )
    if reading.answer in (Answer.SILENT, Answer.UNREAD) or reading.kind.slug not in DETAILS:
        return ""
    return DETAILS[reading.kind.slug](reading)


def brief(reading: Reading) -> str:
    """The same as a narrow cell holds it; its proof has all of it."""
    if reading.thresholds and reading.kind.slug == "hosted_service":
        return "by size"
    if reading.kind.slug == "branding_required" and not reading.thresholds and len(badge(reading)) > LONGEST_BADGE:
        return f"{badge(reading)[: LONGEST_BADGE - 2].rstrip()}…”"
    return detail(reading)


def particulars(reading: Reading) -> list[tuple[str, str]]:
    """Every detail of a reading by the name of its field, for pages that have the room."""
    found = []
    for part in reading.kind.payload:
        value = reading.payload.get(part.name)
        if value is None or part.type is FieldType.URL:
            continue
        words = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        verbatim = part.type in (FieldType.TEXT, FieldType.VERBATIM)
        each = [
            str(word) if verbatim else spoken(str(word)) for word in (words if isinstance(words, list) else [words])
        ]
        found.append((spoken(part.name), ", ".join(each)))
    return found


#: Slugs whose bare words would say more than we do.
SPOKEN = {
    "automated_legal_decisions": "automated decisions on people’s rights",
    "must_certify": "must confirm it in writing",
}


def spoken(slug: str) -> str:
    """A slug of a choice or a detail in plain words."""
    return SPOKEN.get(slug, slug.replace("_", " "))


def business(thresholds: tuple[ThresholdValue, ...]) -> str:
    """Whom a size catches, where that is one kind of business: ` (model as a service only)`."""
    kinds = {threshold.applies_to for threshold in thresholds} - {AppliesTo.ANY_USE, AppliesTo.COMMERCIAL_USE}
    whole = len(kinds) == len({threshold.applies_to for threshold in thresholds})
    words = " and ".join(sorted(APPLIES_TO[kind].removesuffix(" only") for kind in kinds))
    return f" ({words} only)" if kinds and whole else ""


def cap_sentence(reading: Reading, terms: Terms) -> str:
    """`needs a license from Meta if over 700 million monthly users in March 2025`"""
    license = f"needs a license from {terms.licensor}" if terms.licensor else "needs a separate license"
    sentences = []
    for effect, thresholds in by_effect(reading):
        start = license if effect is Effect.SEPARATE_LICENSE else consequence(effect, reading)
        sentences.append(f"{start} {sized(thresholds, full_amount, terms.snapshot, IF)}{business(thresholds)}")
    return "; ".join(sentences)


def badge_sentence(reading: Reading, terms: Terms) -> str:
    """What to show, where, and from which size or on which occasion."""
    show = f"show {badge(reading) or 'the required words'}"
    if reading.payload.get("where") == ["user_interface"]:
        show += " in the interface"
    if reading.thresholds:
        product = all(size.whose is Whose.PRODUCT for size in reading.thresholds)
        commercial = all(size.applies_to is AppliesTo.COMMERCIAL_USE for size in reading.thresholds)
        of_product = f" of a {'commercial ' if commercial else ''}product" if product else ""
        return f"{show}{of_product} {sized(reading.thresholds, full_amount, terms.snapshot)}"
    occasions = {
        "distribution": "distributing",
        "product_or_service": "building a product on it",
        "derivative_model": "publishing a model made from it",
    }
    when = [occasions[trigger] for trigger in reading.payload.get("trigger", []) if trigger in occasions]
    if reading.answer is Answer.PARTLY and reading.strength is Strength.MUST:
        show += " in some cases"
    return f"{show} when {' or '.join(when)}" if when else show
