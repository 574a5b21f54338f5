"""Terms that come down from what a model was made from (domain reference 6). Pure over values."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .clauses import Answer
from .clauses.outputs import DISTILLATION_DERIVATIVE
from .verdict import Bundle, Inherited

#: Edges along which no weights go: the teacher's terms reach the student only where its text says so.
LESSONS = frozenset({"distillation", "trained_on_outputs"})
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

    `own` is empty, or holds None, where its license is not known; with `any_of` one of them may be chosen.
    `multimodal` is None where nobody said.
    """

    name: str
    owner: str
    own: tuple[Bundle | None, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    any_of: bool = False
    multimodal: bool | None = None


def ancestors(start: Kin, known: Mapping[str, Kin]) -> Iterator[tuple[str, str, Kin | None, Kin]]:
    """Name, relation, the ancestor (None: not known here) and its child, nearest first; a circle is walked once."""
    seen = {start.name}
    waiting = deque([(start, 0)])
    while waiting:
        child, steps = waiting.popleft()
        for name, relation in child.parents:
            parent = known.get(name)
            met = parent.name if parent else name
            if met in seen or steps >= FARTHEST:
                continue
            seen.add(met)
            yield name, relation, parent, child
            if parent is not None and (relation not in LESSONS or teaches(parent)):
                waiting.append((parent, steps + 1))


def teaches(teacher: Kin) -> bool:
    """Its text makes a model trained on its outputs a derivative."""
    readings = (bundle.terms.reading(DISTILLATION_DERIVATIVE) for bundle in teacher.own if bundle)
    return any(reading is not None and reading.answer in (Answer.YES, Answer.PARTLY) for reading in readings)


def inherited(start: Kin, known: Mapping[str, Kin]) -> tuple[Inherited, ...]:
    """The terms that come along with one's own. The owner of a base may put its child under any terms."""
    found: dict[tuple[str, str], Inherited] = {}
    own = {bundle.slug for bundle in start.own if bundle}
    for name, relation, parent, child in ancestors(start, known):
        if owner_of(name, parent) == child.owner == start.owner:
            continue
        if relation in LESSONS and (parent is None or not teaches(parent)):
            continue
        how = f"{RELATIONS.get(relation, 'made from')} {name}"
        for bundle in (parent.own if parent else ()) or (None,):
            if bundle is None or bundle.slug not in own:
                found.setdefault((name, bundle.slug if bundle else ""), Inherited(name, how, bundle))
    return tuple(found.values())


def owner_of(name: str, parent: Kin | None) -> str:
    """Of a base that is not known here its namespace tells."""
    return parent.owner if parent else name.partition("/")[0].lower()
