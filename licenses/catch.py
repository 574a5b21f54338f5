"""The catch: what binds beyond keeping the notices, written from clauses, never typed.

Pure over values. The order is the reader's: what stops you first, what costs you next, what may change last.
"""

from __future__ import annotations

from collections.abc import Callable

from .clauses import CORE, KIND, Answer
from .clauses.credit import ATTRIBUTION_NOTICE, STATE_CHANGES
from .clauses.field import ACCEPTABLE_USE_POLICY
from .clauses.reading import Reading, Terms
from .clauses.scale import MAU_CAP, REGISTRATION, REVENUE_CAP
from .clauses.words import badge_sentence, cap_sentence, field_count, listed, name_word, territory_full

Sentence = Callable[[Reading, Terms], str]


def commercial_use(reading: Reading, terms: Terms) -> str:
    """Where only registration stands between, that sentence says it all."""
    purposes = listed(reading.payload.get("purposes"))
    if reading.answer is Answer.NO:
        return f"no commercial use ({purposes} only)" if purposes else "no commercial use"
    registration = terms.reading(REGISTRATION)
    if registration is not None and registration.answer is Answer.YES:
        return ""
    return f"free only for {purposes} use" if purposes else "commercial use within limits"


def hosted_service(reading: Reading, terms: Terms) -> str:
    """Its sizes, unless a cap on users or revenue has told them already."""
    caps = (terms.reading(MAU_CAP), terms.reading(REVENUE_CAP))
    told = {size for cap in caps if cap is not None for size in cap.thresholds}
    if reading.thresholds and told.issuperset(reading.thresholds):
        return ""
    if reading.thresholds:
        return f"hosting: {cap_sentence(reading, terms)}"
    return "no hosting for others" if reading.answer is Answer.NO else "hosting within limits"


def excluded_parties(reading: Reading, terms: Terms) -> str:
    who = reading.payload.get("who")
    return f"shuts out {who}" if who else "shuts out some users"


def field_of_use(reading: Reading, terms: Terms) -> str:
    """The forbidden fields together with the policy that lists them."""
    policy = terms.reading(ACCEPTABLE_USE_POLICY)
    count = field_count(reading)
    if policy is not None and policy.binds:
        return f"use policy ({count} forbidden)" if count else "use policy"
    return f"{count} forbidden" if count else "some purposes forbidden"


def acceptable_use_policy(reading: Reading, terms: Terms) -> str:
    """Said by the fields of use where they bind too."""
    fields = terms.readings.get("field_of_use")
    return "" if fields is not None and fields.binds else "use policy"


def output_training(reading: Reading, terms: Terms) -> str:
    models = {
        "llm": "other language models",
        "foundation_model": "other foundation models",
        "competing_model": "competing models",
        "one_field": "models of one field",
    }.get(str(reading.payload.get("scope")), "other models")
    return f"no training of {models} on its outputs" if reading.answer is Answer.NO else f"limits on training {models}"


def caps(reading: Reading, terms: Terms) -> str:
    return cap_sentence(reading, terms) or f"{reading.kind.title.lower()}: see the quote"


def registration(reading: Reading, terms: Terms) -> str:
    use = "commercial use" if reading.answer is Answer.YES else "some uses"
    how = "get written permission" if reading.payload.get("means") == "written_permission" else "register or ask"
    return cap_sentence(reading, terms) or f"{how} before {use}"


def derivative_naming(reading: Reading, terms: Terms) -> str:
    return f"model names {name_word(reading) or 'must carry a given word'}"


def revocable_at_will(reading: Reading, terms: Terms) -> str:
    return "can be ended at will" if reading.answer is Answer.YES else "may be revoked"


def unilateral_change(reading: Reading, terms: Terms) -> str:
    """What may move: the terms, the policy alone, or the version that one has to use."""
    what = {
        ("policy",): "the use policy can change under you",
        ("duty_to_update",): "you must move to newer versions",
    }.get(tuple(reading.payload.get("what", ())), "terms can change under you")
    return what if reading.answer is Answer.YES else f"{what} in part"


def remote_restriction(reading: Reading, terms: Terms) -> str:
    means = {"restrict": "restricted", "track": "tracked", "audit": "audited"}
    said = [means[one] for one in reading.payload.get("means", ()) if one in means]
    return f"use can be {' or '.join(said) or 'restricted'} from afar"


def says(words: str, in_part: str) -> Sentence:
    """One sentence for a yes, another for a partly."""
    return lambda reading, terms: in_part if reading.answer is Answer.PARTLY else words


def grants(nothing: str, in_part: str) -> Sentence:
    """The same for a permission: for a no, and for a partly."""
    return lambda reading, terms: nothing if reading.answer is Answer.NO else in_part


SENTENCES: dict[str, Sentence] = {
    "commercial_use": commercial_use,
    "redistribution": grants("may not be passed on", "passing on within limits"),
    "modification": grants("may not be changed", "changes within limits"),
    "geo_exclusion": lambda reading, terms: territory_full(reading) or "some places are left out",
    "mau_cap": caps,
    "revenue_cap": caps,
    "fees_royalties": says("fees or royalties", "fees or royalties for some"),
    "hosted_service": hosted_service,
    "excluded_parties": excluded_parties,
    "field_of_use": field_of_use,
    "acceptable_use_policy": acceptable_use_policy,
    "output_training": output_training,
    "distillation_derivative": says(
        "models trained on its outputs inherit the terms", "some models trained on its outputs inherit the terms"
    ),
    "copyleft_sharealike": says("derivatives under the same license", "some derivatives under the same license"),
    "must_pass_on_terms": says("bind your own users to the terms", "bind some of your users to the terms"),
    "branding_required": badge_sentence,
    "derivative_naming": derivative_naming,
    "registration": registration,
    "revocable_at_will": revocable_at_will,
    "unilateral_change": unilateral_change,
    "remote_restriction": remote_restriction,
}


#: All that the catch reads.
READS = frozenset({*SENTENCES, ATTRIBUTION_NOTICE.slug, STATE_CHANGES.slug})


def catches(terms: Terms) -> list[str]:
    """The short sentences of everything that binds, in reading order."""
    read = (terms.reading(KIND[slug]) for slug in SENTENCES)
    binding = sorted((r for r in read if r is not None and r.binds), key=reaches_some_models)
    return [sentence for r in binding if (sentence := SENTENCES[r.kind.slug](r, terms))]


def reaches_some_models(reading: Reading) -> bool:
    """What is for some models only comes last: it may not reach the one in hand."""
    return reading.answer is Answer.PARTLY and any(t.applies_to != "all_models" for t in reading.territories)


def notices(terms: Terms) -> str:
    """What even the freest license asks for: `keep the notices, state changes`."""
    attribution, changes = terms.reading(ATTRIBUTION_NOTICE), terms.reading(STATE_CHANGES)
    if attribution is None or attribution.answer in (Answer.NO, Answer.SILENT):
        return "nothing to keep"
    several = "notice_file" in attribution.payload.get("parts", [])
    keep = "keep the notices" if several else "keep the notice"
    return f"{keep}, state changes" if changes is not None and changes.answer is Answer.YES else keep


def the_catch(terms: Terms) -> str:
    """One line for the table: `None: keep the notices.`, the catches, or how far we have read."""
    if not terms.readings:
        return "Not read yet."
    found = catches(terms)
    unread = [kind for kind in CORE if terms.reading(kind) is None]
    if unread:
        return sentence_of(["Not fully read", *found])
    return sentence_of(found) if found else f"None: {notices(terms)}."


def sentence_of(parts: list[str]) -> str:
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
