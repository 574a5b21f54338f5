"""The form of questions: each as a control, with what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from licenses.clauses.profile import Profile
from licenses.clauses.questions import ALWAYS_ASKED, PLACES, Asked, InView, asked

#: As many choices as stand side by side; more are a list to choose from.
SIDE_BY_SIDE = 3
#: More boxes than this open on demand.
BOXES = 12


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """`shape`: text, radio, select, checkbox; many: boxes that open on demand; add: the chosen ones as boxes, and a
    list to choose one more from."""

    asked: Asked
    id: str
    name: str
    shape: str
    value: str = ""
    options: list[Option] = field(default_factory=list)
    faults: Sequence[str] = ()

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.chosen]

    @property
    def is_always_asked(self) -> bool:
        return self.asked.why == ALWAYS_ASKED

    @property
    def is_answered(self) -> bool:
        return bool(self.value or any(option.chosen and option.value for option in self.options))


def controls(query: QueryDict, profile: Profile, in_view: InView, faults: Mapping[str, Sequence[str]]) -> list[Control]:
    """The questions that matter to this profile; what was typed stands where it was typed, right or wrong."""
    stated = [name for name in query if any(query.getlist(name))]
    return [control(one, query, faults.get(one.question.name, ())) for one in asked(profile, in_view, stated)]


def control(one: Asked, query: QueryDict, faults: Sequence[str]) -> Control:
    name = one.question.name
    if one.part:
        values = [value.partition(":")[2] for value in query.getlist(name) if value.startswith(f"{one.part}:")]
        part = f"{name}-{one.part}"
        return Control(one, f"p-{part}", part, "text", "".join(values[-1:]), [], faults if values else ())
    values = query.getlist(name)
    if not one.choices:
        return Control(one, f"p-{name}", name, "text", "".join(values[-1:]), [], faults)
    known = {value for value, _ in one.choices}
    strangers = [(value, value) for value in values if value not in known]
    options = [
        Option(f"p-{name}-{value or 'none'}", value, label, value in (values or [""]))
        for value, label in (*one.choices, *strangers)
    ]
    return Control(one, f"p-{name}", name, shape(one), "", options, faults)


def shape(one: Asked) -> str:
    if one.question.several:
        if one.choices == PLACES:
            return "add"
        return "many" if len(one.choices) > BOXES else "checkbox"
    return "select" if len(one.choices) > SIDE_BY_SIDE else "radio"
