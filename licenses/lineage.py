"""Terms that come down from what a model was made from, and what becomes of them (domain reference 6). Pure.

A finding compares readings with readings: the terms of an ancestor with the declared ones. Whether a notice travels
along or a badge is shown stands in files and pages that are not held here, so nothing is said of either.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .clauses import Answer, ClauseKind, Nature
from .clauses.credit import ATTRIBUTION_NOTICE, DERIVATIVE_NAMING, STATE_CHANGES
from .clauses.field import ACCEPTABLE_USE_POLICY, EXCLUDED_PARTIES, FIELD_OF_USE, GEO_EXCLUSION
from .clauses.grant import COMMERCIAL_USE, COPYLEFT_SHAREALIKE, HOSTED_SERVICE, MODIFICATION, REDISTRIBUTION
from .clauses.outputs import DISTILLATION_DERIVATIVE, MUST_PASS_ON_TERMS, OUTPUT_RIGHTS, OUTPUT_TRAINING
from .clauses.scale import MAU_CAP, REVENUE_CAP
from .clauses.sentence import first_few, joined
from .clauses.words import REGIONS, name_word
from .verdict import Bundle, Inherited

#: Edges along which no weights go: the teacher's terms reach the student only where its text says so.
LESSONS = frozenset({"distillation", "trained_on_outputs"})
#: Edges along which nothing new is made, so that nobody has anything of one's own to license.
COPIES = frozenset({"reupload", "quantized"})
RELATIONS = {
    "finetune": "fine-tuned from",
    "continued_pretraining": "further pretrained from",
    "pruning": "pruned from",
    "quantized": "quantized from",
    "adapter": "an adapter for",
    "merge": "merged from",
    "distillation": "distilled from",
    "trained_on_outputs": "trained on outputs of",
    "reupload": "a copy of",
}
#: Longer lines are a circle or a mistake.
FARTHEST = 20


@dataclass(frozen=True, slots=True)
class Kin:
    """One model in a line of descent. `owner` is who may set its terms anew; `parents` pair a name and a relation.

    `own` is empty, or holds None, where its license is not known; with `any_of` one of them may be chosen. `repos` are
    what it is called on the Hub. `multimodal` is None where nobody said.
    """

    name: str
    owner: str
    own: tuple[Bundle | None, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    repos: tuple[str, ...] = ()
    any_of: bool = False
    multimodal: bool | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One ancestor, by the name its child uses; None where it is not known here. `path` leads from the start to it."""

    name: str
    parent: Kin | None
    child: Kin
    path: tuple[str, ...]
    relations: tuple[str, ...]

    @property
    def relation(self) -> str:
        return self.relations[-1]

    @property
    def is_copy(self) -> bool:
        return COPIES.issuperset(self.relations)

    @property
    def is_lesson(self) -> bool:
        """Nothing but lessons came from it, and its text is read not to reach those."""
        return self.relation in LESSONS and self.parent is not None and teaches(self.parent) is False

    @property
    def is_doubtful(self) -> bool:
        """Nothing but lessons came from it, and nobody has read whether its text reaches those."""
        return self.relation in LESSONS and (self.parent is None or teaches(self.parent) is None)


def ancestors(start: Kin, known: Mapping[str, Kin]) -> Iterator[Step]:
    """Nearest first; a circle is walked once. Who taught a model may be the one it was made from, too."""
    seen = {(start.name, False), (start.name, True)}
    waiting: deque[tuple[Kin, tuple[str, ...], tuple[str, ...]]] = deque([(start, (), ())])
    while waiting:
        child, path, relations = waiting.popleft()
        for name, relation in child.parents:
            parent = known.get(name)
            step = Step(name, parent, child, (*path, name), (*relations, relation))
            met = (parent.name if parent else name, step.is_lesson)
            if met in seen or len(step.path) > FARTHEST:
                continue
            seen.add(met)
            yield step
            if parent is not None and not step.is_lesson:
                waiting.append((parent, step.path, step.relations))


def teaches(teacher: Kin) -> bool | None:
    """Its text makes a model trained on its outputs a derivative. None where nobody has read that."""
    readings = [bundle.terms.reading(DISTILLATION_DERIVATIVE) if bundle else None for bundle in teacher.own]
    if any(reading is not None and reading.answer in (Answer.YES, Answer.PARTLY) for reading in readings):
        return True
    return None if not readings or None in readings else False


def inherited(start: Kin, known: Mapping[str, Kin]) -> tuple[Inherited, ...]:
    """The terms that come along with one's own. The owner of a base may put its child under any terms."""
    found: dict[tuple[str, str], Inherited] = {}
    own = set() if start.any_of and len(start.own) > 1 else {bundle.slug for bundle in start.own if bundle}
    for step in ancestors(start, known):
        if step.is_lesson or stays_with_its_owner(step, start):
            continue
        how = f"{RELATIONS.get(step.relation, 'made from')} {step.name}"
        multimodal = step.parent.multimodal if step.parent else None
        handed_down = step.parent.own if step.parent and not step.is_doubtful else ()
        for bundle in handed_down or (None,):
            if bundle is None or bundle.slug not in own:
                key = (step.name, bundle.slug if bundle else "")
                found.setdefault(key, Inherited(step.name, how, bundle, multimodal or start.multimodal))
    return tuple(found.values())


def is_multimodal(start: Kin, known: Mapping[str, Kin]) -> bool | None:
    """By itself; or by a base whose weights it carries under the same terms, as a copy may be tagged for text alone."""
    if start.multimodal:
        return True
    own = {bundle.slug for bundle in start.own if bundle}
    steps = [step for step in ancestors(start, known) if not LESSONS & set(step.relations)]
    kin = [step.parent for step in steps if step.parent and own & {bundle.slug for bundle in step.parent.own if bundle}]
    if any(one.multimodal for one in kin):
        return True
    stated = [one.multimodal for one in (start, *kin) if one.multimodal is not None]
    return stated[0] if stated else None


def stays_with_its_owner(step: Step, start: Kin) -> bool:
    return step.child.owner == start.owner and is_of_owner(step.name, step.parent, step.child)


def is_of_owner(name: str, parent: Kin | None, child: Kin) -> bool:
    """Whether a base and its child have one owner; of a base that is not known here its namespace tells."""
    if parent is not None:
        return parent.owner == child.owner
    return namespace(name) in {child.owner, *map(namespace, child.repos)}


def namespace(repo: str) -> str:
    return repo.partition("/")[0].lower()


# Findings.


class Level(StrEnum):
    """Worst first."""

    CONFLICT = "conflict"
    CANNOT_TELL = "cannot tell"
    DUTY = "duty"
    INFO = "info"
    OK = "ok"


LEVELS = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Finding:
    """How the declared terms stand to those of one ancestor. `code` is that of domain reference 6.4."""

    code: str
    level: Level
    sentence: str
    ancestor: str
    path: tuple[str, ...]


#: What a text leaves out of what it gives, or gives on terms.
LIMITS = frozenset({
    COMMERCIAL_USE, HOSTED_SERVICE, MAU_CAP, REVENUE_CAP, ACCEPTABLE_USE_POLICY, FIELD_OF_USE, EXCLUDED_PARTIES,
    OUTPUT_RIGHTS, OUTPUT_TRAINING,
})  # fmt: skip
#: These travel where a text asks to bind one's own users, whatever terms one's changes stand under.
USE_LIMITS = frozenset({ACCEPTABLE_USE_POLICY, FIELD_OF_USE})
#: Seen in files that are not held here, or spoken of by a finding of their own.
ELSEWHERE = frozenset({ATTRIBUTION_NOTICE, STATE_CHANGES, COPYLEFT_SHAREALIKE})


def findings(start: Kin, known: Mapping[str, Kin]) -> tuple[Finding, ...]:
    """One for each ancestor and thing to say of it, the worst first."""
    found: dict[tuple[str, str, str], Finding] = {}
    for step in ancestors(start, known):
        if not start.own:
            says = "It states no license, so what comes down to it cannot be told from its own terms."
            return (Finding("undeclared", Level.CANNOT_TELL, says, "", ()),)
        for one in of_step(step, start):
            found.setdefault((one.code, one.ancestor, one.sentence), one)
    return tuple(sorted(found.values(), key=lambda one: LEVELS[one.level]))


def of_step(step: Step, start: Kin) -> Iterator[Finding]:
    def found(code: str, level: Level, sentence: str) -> Finding:
        return Finding(code, level, sentence, step.name, step.path)

    if stays_with_its_owner(step, start):
        yield found("owner_may_relicense", Level.OK, f"Same publisher as {step.name}: free to choose new terms.")
    elif step.parent is None:
        says = f"{step.name} is not known here, so nobody can say which of its terms come along."
        yield found("unknown_parent", Level.CANNOT_TELL, says)
    else:
        for bundle in step.parent.own or (None,):
            for code, level, sentence in of_terms(step, bundle, start):
                yield found(code, level, sentence)


Said = tuple[str, Level, str]


def of_terms(step: Step, bundle: Bundle | None, start: Kin) -> Iterator[Said]:
    """One license of an ancestor against all that are declared."""
    if bundle is None or not bundle.terms.readings:
        yield "cannot_tell", Level.CANNOT_TELL, f"The terms of {step.name} are not read here yet."
    elif step.is_lesson:
        yield from of_lessons(step, bundle)
    else:
        yield from of_name(step, bundle, start)
        declared = [one for one in start.own if one and one.terms.readings]
        if bundle.slug in {one.slug for one in declared}:
            yield from of_same_terms(step, bundle)
        elif len(declared) < len(start.own):
            yield "cannot_tell", Level.CANNOT_TELL, f"Its own terms are not read here yet; {step.name} has others."
        else:
            yield from of_other_terms(step, bundle, declared)


def of_lessons(step: Step, bundle: Bundle) -> Iterator[Said]:
    reading = bundle.terms.reading(OUTPUT_TRAINING)
    if reading and reading.binds:
        level = Level.CONFLICT if reading.answer is Answer.NO else Level.INFO
        says = f"{origin(step, bundle)} appears to limit the training of other models on its outputs."
        yield "output_terms", level, says


def of_name(step: Step, bundle: Bundle, start: Kin) -> Iterator[Said]:
    reading = bundle.terms.reading(DERIVATIVE_NAMING)
    if reading is None or not reading.binds or step.is_copy:
        return
    word, place = str(reading.payload.get("word") or ""), str(reading.payload.get("place") or "prefix")
    if word and not all(carries(repo, word, place) for repo in start.repos):
        says = f"{origin(step, bundle)} asks that the name {name_word(reading)}; this one does not appear to."
        yield "name_missing", Level.DUTY, says


def carries(name: str, word: str, place: str) -> bool:
    """After the slash, in any case; `Llama` is followed by a separator, a digit or the end."""
    said, wanted = plain(name.rpartition("/")[2]), plain(word)
    if place == "contains":
        return wanted in said
    return said.startswith(wanted) and not said[len(wanted) : len(wanted) + 1].isalpha()


def plain(name: str) -> str:
    return "".join(character if character.isalnum() else "-" for character in name.lower())


def of_same_terms(step: Step, bundle: Bundle) -> Iterator[Said]:
    """A text that lets nothing be shared is not met by carrying it along."""
    if closed(step, bundle):
        yield not_shared(step, bundle)
    else:
        yield "ok", Level.OK, f"The declared terms hold those of {origin(step, bundle)}."


def closed(step: Step, bundle: Bundle) -> bool:
    kinds = [REDISTRIBUTION] if step.is_copy else [MODIFICATION, REDISTRIBUTION]
    readings = [bundle.terms.reading(kind) for kind in kinds]
    return any(reading is not None and reading.answer is Answer.NO for reading in readings)


def not_shared(step: Step, bundle: Bundle) -> Said:
    says = f"{origin(step, bundle)} does not appear to let what is made from it be shared."
    return "derivative_not_allowed", Level.CONFLICT, says


def of_other_terms(step: Step, bundle: Bundle, declared: Sequence[Bundle]) -> Iterator[Said]:
    said = [
        *([not_shared(step, bundle)] if closed(step, bundle) else []),
        *of_clauses(step, bundle, declared),
        *of_the_whole(step, bundle, declared),
    ]
    if said:
        yield from said
    elif any(dropped(one, [bundle]) for one in declared):
        yield "stricter", Level.INFO, f"The declared terms appear to be stricter than those of {origin(step, bundle)}."
    else:
        yield "ok", Level.OK, f"The declared terms appear to cover those of {origin(step, bundle)}."


def of_clauses(step: Step, bundle: Bundle, declared: Sequence[Bundle]) -> Iterator[Said]:
    """What must travel, whatever else the declared terms are."""
    gone = dropped(bundle, declared)
    if limits := [kind for kind in gone if kind in LIMITS and travels(kind, bundle)]:
        says = f"The declared terms appear to leave out limits of {origin(step, bundle)}: {first_few(limits)}."
        yield "restriction_dropped", Level.CONFLICT, says
    if regions := opened(bundle, declared):
        named = joined([REGIONS.get(region, region) for region in regions])
        says = f"The declared terms appear to open it to places that {origin(step, bundle)} leaves out: {named}."
        yield "territory_dropped", Level.CONFLICT, says
    duties = [kind for kind in gone if kind.nature is Nature.DUTY]
    if duties and not bundle.custom:
        says = f"The declared terms appear to leave out duties of {origin(step, bundle)}: {first_few(duties)}."
        yield "duty_dropped", Level.CONFLICT, says
    yield from of_copyleft(step, bundle, declared)


def of_copyleft(step: Step, bundle: Bundle, declared: Sequence[Bundle]) -> Iterator[Said]:
    """Which share-alike texts fit each other, nobody can say from readings."""
    if not binds(bundle, COPYLEFT_SHAREALIKE) or own_terms_allowed(bundle):
        return
    asks = f"{origin(step, bundle)} asks for the same license on what is made from it"
    if any(binds(one, COPYLEFT_SHAREALIKE) for one in declared):
        yield "cannot_tell", Level.CANNOT_TELL, f"{asks}; whether the declared terms are close enough is not known."
    else:
        yield "sharealike_broken", Level.CONFLICT, f"{asks}; the declared terms appear to be others."


def of_the_whole(step: Step, bundle: Bundle, declared: Sequence[Bundle]) -> Iterator[Said]:
    """A publisher's own text goes along as a whole; one's own changes may stand under others where it says so."""
    if not bundle.custom:
        return
    missing = f"The terms of {origin(step, bundle)} are not among the declared ones"
    gone = dropped(bundle, declared)
    if gone and (step.is_copy or not own_terms_allowed(bundle)):
        more = f"{missing}, which alone appear to leave out: {first_few(gone)}."
        yield "terms_missing", Level.CONFLICT, more
    elif own_terms_allowed(bundle) and not step.is_copy:
        own = f"{missing}. Changes of one’s own may stand under others; the rest appears to come along."
        yield "terms_missing", Level.DUTY, own
    else:
        yield "terms_missing", Level.DUTY, f"{missing}, and appear to come along."


def origin(step: Step, bundle: Bundle) -> str:
    return f"{step.name} ({bundle.name})"


def binds(bundle: Bundle, kind: ClauseKind) -> bool:
    reading = bundle.terms.reading(kind)
    return reading is not None and reading.binds


def dropped(bundle: Bundle, declared: Sequence[Bundle]) -> list[ClauseKind]:
    """Limits and duties that bind here, and by all declared terms, as far as they are read, do not."""
    return [
        reading.kind
        for reading in bundle.terms.readings.values()
        if reading.binds
        and (reading.kind in LIMITS or (reading.kind.nature is Nature.DUTY and reading.kind not in ELSEWHERE))
        and all(one.terms.reading(reading.kind) for one in declared)
        and not any(binds(one, reading.kind) for one in declared)
    ]


def travels(kind: ClauseKind, bundle: Bundle) -> bool:
    if kind in USE_LIMITS and binds(bundle, MUST_PASS_ON_TERMS):
        return True
    return kind is COMMERCIAL_USE or not bundle.custom


def opened(bundle: Bundle, declared: Sequence[Bundle]) -> list[str]:
    """Regions that are left out here for every model, and nowhere in the declared terms."""
    return sorted(regions(bundle, "all_models") - frozenset().union(*(regions(one) for one in declared)))


def regions(bundle: Bundle, applies_to: str = "") -> frozenset[str]:
    reading = bundle.terms.reading(GEO_EXCLUSION)
    limits = reading.territories if reading else ()
    return frozenset(one for limit in limits if applies_to in ("", limit.applies_to) for one in limit.regions)


def own_terms_allowed(bundle: Bundle) -> bool:
    reading = bundle.terms.reading(COPYLEFT_SHAREALIKE)
    return reading is not None and reading.payload.get("own_terms_allowed") is True
