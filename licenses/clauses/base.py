"""The shapes a clause kind is declared in. Plain Python: no Django, no database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from .bearing import Bearing


class Answer(StrEnum):
    """What our reading says. `UNREAD` has no row: nobody looked yet."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    SILENT = "silent"
    UNREAD = "unread"

    @property
    def is_read(self) -> bool:
        return self is not Answer.UNREAD


READ = tuple(answer for answer in Answer if answer.is_read)

#: Read, and not there, in words or by silence: what leaves a reader free of a limit, a duty or a risk.
NOT_THERE = frozenset({Answer.NO, Answer.SILENT})
#: For what binds nobody's plans, there or not.
EITHER_WAY = NOT_THERE | {Answer.YES}

#: A filter value beside the answers: whatever the registry calls open for the kind.
FREE = "free"


class Strength(StrEnum):
    """How hard a clause binds. A verdict gets worse by `MUST` alone."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


class Group(StrEnum):
    GRANT = "Grant"
    SCALE = "Scale and money"
    FIELD = "Field and people"
    GEOGRAPHY = "Geography"
    CREDIT = "Credit, brand, name"
    OUTPUTS = "Outputs"
    PASSING_ON = "Passing terms on"
    PATENTS = "Patents and liability"
    CONTINUITY = "Continuity"
    ACCESS = "Access and context"


class Nature(StrEnum):
    """What a "yes" does to the reader."""

    PERMISSION = "permission"
    RESTRICTION = "restriction"
    DUTY = "duty"
    RISK = "risk"
    FACT = "fact"


class EUEffect(StrEnum):
    """What a non-open answer does to the EU AI Act's open-source exemption (domain reference 5.4)."""

    DISQUALIFIES = "disqualifies"
    PROPORTIONALITY = "needs a proportionality judgment"
    ALLOWED = "allowed"
    NONE = "no effect"


class FieldType(StrEnum):
    """The type of one payload field."""

    TEXT = "text"
    #: Text again, in the publisher's exact words: when it differs, they changed it.
    VERBATIM = "verbatim"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    URL = "url"


Item = TypeVar("Item")


def by_group(items: Iterable[Item], kind: Callable[[Item], ClauseKind]) -> list[tuple[Group, list[Item]]]:
    """Items under the group of their clause kind, groups and items in the order they come."""
    groups: dict[Group, list[Item]] = {}
    for item in items:
        groups.setdefault(kind(item).group, []).append(item)
    return list(groups.items())


@dataclass(frozen=True, slots=True)
class PayloadField:
    """One typed detail that a reading of a kind may carry beside its answer."""

    name: str
    type: FieldType
    help: str
    choices: tuple[str, ...] = ()

    def fault(self, value: object) -> str | None:
        """Say what is wrong with a value, or None when it fits."""
        if self.type is FieldType.FLAG:
            return None if isinstance(value, bool) else "must be true or false"
        if self.type is FieldType.CHOICES:
            return self._choices_fault(value)
        if not isinstance(value, str) or not value.strip():
            return "must be text"
        if self.type is FieldType.CHOICE and value not in self.choices:
            return f"is “{value}”; use one of: {', '.join(self.choices)}"
        if self.type is FieldType.URL and not value.startswith(("https://", "http://")):
            return "must be an http or https address"
        return None

    def _choices_fault(self, value: object) -> str | None:
        if not isinstance(value, list) or not value:
            return "must be a list with at least one entry"
        unknown = [str(item) for item in value if item not in self.choices]
        return f"holds {', '.join(unknown)}; use: {', '.join(self.choices)}" if unknown else None


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """One question asked of every license, declared once for every page, filter and form.

    `open_answers` leave a reader free. `payload` names the typed details a reading may carry; thresholds
    and territories are rows of their own and are allowed where `has_thresholds` / `has_territories` says so.
    `osd` names a point of the Open Source Definition; a "?" marks it as our view. `bearing` says when it matters to
    somebody's plans and what each answer then means; a kind without one decides nothing.
    """

    slug: str
    title: str
    group: Group
    nature: Nature
    question: str
    guidance: str
    open_answers: frozenset[Answer]
    short: str = ""
    core: bool = False
    payload: tuple[PayloadField, ...] = ()
    has_thresholds: bool = False
    has_territories: bool = False
    osd: str = ""
    eu: EUEffect = EUEffect.NONE
    filter_words: tuple[str, str] = ("", "")
    bearing: Bearing | None = None

    @property
    def label(self) -> str:
        """The column head: the short title where there is one."""
        return self.short or self.title

    def means(self, value: str) -> frozenset[Answer]:
        """The answers that a filter value stands for.

        Where a yes would limit, bind or endanger, `no` also takes in silent; permissions and facts are taken
        to the letter. Unread is matched by `unread` alone.
        """
        if value == FREE:
            return self.open_answers
        answer = Answer(value)
        return NOT_THERE if answer is Answer.NO and self.binds else frozenset({answer})

    @property
    def binds(self) -> bool:
        """A yes limits, obliges or endangers; it neither permits nor just states."""
        return self.nature in (Nature.RESTRICTION, Nature.DUTY, Nature.RISK)

    def wants(self, values: list[str], *, negated: bool = False) -> frozenset[Answer]:
        """The answers that satisfy several values (OR); negated, the read answers outside them."""
        found = frozenset[Answer]().union(*(self.means(value) for value in values))
        return frozenset(READ) - found if negated else found

    def is_open(self, answer: Answer) -> bool:
        return answer in self.open_answers


def ground(kind: ClauseKind, answer: Answer, *, encouraged: bool = False) -> str:
    """What the colour says again: open, binds, binds-some, or unknown for the silent and the unread."""
    if kind.is_open(answer):
        return "open"
    if answer in (Answer.SILENT, Answer.UNREAD):
        return "unknown"
    return "binds-some" if answer is Answer.PARTLY or encouraged else "binds"
