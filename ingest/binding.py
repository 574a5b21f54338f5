"""A spelling that no rule knows becomes a rule: what that would move, and doing it; and a rule's end.

Looking before and doing it afterwards ask the same engine about the same models, so what was shown is what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q

from licenses.curation import note
from licenses.models import Cause, Deed, License, OpenModel, OpenModelQuerySet, Rule
from licenses.spelling import address, normal, spelling

from .ending import shift
from .merge import rules
from .models import wait_for_others
from .resolve import READ, Moved, move, moves
from .rules.identify import FAMILIES, LONGEST, RuleRow
from .tally import tally_disagreements, tally_names

Faults = dict[str, list[str]]
#: What a spelling can stand in. Of a single repository one concludes instead.
SIGNALS = (Rule.Signal.TAG, Rule.Signal.NAME, Rule.Signal.LINK)
LONGEST_REASON = 400


class Refused(Exception):
    """Nothing was written: the fields that are wrong, and how to cure them."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(next(f"{name} {said[0]}" for name, said in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Spelling:
    """One signal as rules write it; with an `author`, as the Hub writes it, only for models of that namespace."""

    signal: str
    value: str
    author: str = ""

    def to(self, license: License) -> RuleRow:
        return RuleRow(self.signal, self.value, self.author.casefold(), license.pk)


def spelled(signal: str, value: str, author: str = "") -> Spelling:
    """Raises Refused for what no rule can ever meet."""
    if signal not in SIGNALS:
        raise Refused({"signal": [f"is “{signal[:60]}”. Use {', '.join(SIGNALS)}."]})
    found = normal(signal, value)
    if not found or (signal == Rule.Signal.LINK and "." not in found.partition("/")[0]):
        cure = "Give a web address with a host." if signal == Rule.Signal.LINK else "Give the words that models use."
        raise Refused({"value": [f"says nothing. {cure}"]})
    if len(found) > LONGEST:
        raise Refused({"value": [f"has {len(found):,} characters. A rule has room for {LONGEST}."]})
    if signal == Rule.Signal.TAG and found in FAMILIES:
        cure = "Bind the license_name or the link, or conclude a single model's license."
        raise Refused({"value": [f"is “{found}”, which hides which license is meant. {cure}"]})
    if author and not OpenModel.objects.live().filter(author=author).exists():
        raise Refused({"author": [f"is “{author[:100]}”, of which no model is known. Write it as the Hub does."]})
    return Spelling(signal, found, author)


# Which models a rule could speak for.


def uses(wanted: Spelling) -> list[Any]:
    """The live models that declare it, in whatever spelling, most downloaded first; each as READ has it."""
    rows = WHERE[wanted.signal](wanted).values_list(*READ, named=True)
    found = [row for row in rows.iterator() if is_for(wanted, row)]
    return sorted(found, key=lambda row: (-row.downloads, -row.pk))


def is_for(wanted: Spelling, row: Any) -> bool:
    return not wanted.author or row.author.casefold() == wanted.author.casefold()


def with_name(wanted: Spelling) -> OpenModelQuerySet:
    named = OpenModel.objects.live().exclude(declared_name="")
    return named.filter(declared_name__in=written(named, "declared_name", spelling, wanted.value))


def with_link(wanted: Spelling) -> OpenModelQuerySet:
    linked = OpenModel.objects.live().exclude(declared_link="")
    return linked.filter(declared_link__in=written(linked, "declared_link", address, wanted.value))


def written(models: OpenModelQuerySet, column: str, spell: Any, value: str) -> list[str]:
    """Every way in which models write it, from the index of the column alone."""
    ways = models.order_by().values_list(column, flat=True).distinct()
    return [way for way in ways.iterator() if spell(way) == value]


def with_tag(wanted: Spelling) -> OpenModelQuerySet:
    """Those whose tags did not decide: they wait for a rule, or a weaker signal spoke. A rule for one namespace may
    also stand against a general one that did."""
    tags = {spelling(tag) for tag in Rule.objects.in_force().filter(signal="tag").values_list("value", flat=True)}
    others = [*FAMILIES, *(tags - {wanted.value})]
    says_more = ~Q(declared_name="") | ~Q(declared_link="")
    undecided = Q(license__isnull=True) & (~Q(declared=[]) | says_more) | says_more
    whose = Q(author=wanted.author) if wanted.author else undecided
    found = OpenModel.objects.live().filter(whose).exclude(declared__contained_by=others)
    ways = {tag for tags in found.order_by().values_list("declared", flat=True).distinct() for tag in tags}
    return found.filter(declared__overlap=[way for way in ways if spelling(way) == wanted.value])


WHERE: dict[str, Callable[[Spelling], OpenModelQuerySet]] = {
    Rule.Signal.TAG: with_tag, Rule.Signal.NAME: with_name, Rule.Signal.LINK: with_link,
}  # fmt: skip


# What a rule would do.


@dataclass(frozen=True)
class Outcome:
    """The models that come to stand under another license, most downloaded first."""

    news: list[Moved] = field(default_factory=list)

    @cached_property
    def resolved(self) -> list[Moved]:
        """They had none."""
        return [each for each in self.news if each.model.license_id is None]

    @cached_property
    def moved(self) -> list[Moved]:
        """From one to another."""
        return [each for each in self.news if each.model.license_id and each.license_id]

    @cached_property
    def lost(self) -> list[Moved]:
        return [each for each in self.news if each.license_id is None]

    @property
    def downloads(self) -> int:
        return sum(each.model.downloads for each in self.resolved)


def outcome(moved: Iterable[Moved]) -> Outcome:
    return Outcome([each for each in moved if each.is_news])


def preview(wanted: Spelling, license: License, found: list[Any] | None = None) -> Outcome:
    """What `bind` would do, to the models of `uses`, if they are at hand. Raises Refused as it would."""
    refuse_what_is_bound(wanted)
    found = uses(wanted) if found is None else found
    return outcome(moves(found, rules().also(wanted.to(license))))


@transaction.atomic
def bind(wanted: Spelling, license: License, *, reason: str, by: User, now: datetime) -> Outcome:
    """A new rule, at once on every model that it speaks for."""
    wait_for_others()
    refuse_what_is_bound(wanted)
    refuse_without(reason)
    row = wanted.to(license)
    rule = Rule(
        signal=row.signal, value=row.value, author=row.author, license=license,
        added_by=by, added_at=now, reason=reason.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:  # A load of the catalogue wrote it at the same moment.
        refuse_what_is_bound(wanted)
        raise
    note(Deed.BOUND, reason, by=by, now=now, license=license, after=f"{row} → {license.short_name}")
    return settle(uses(wanted), now=now)


@transaction.atomic
def retire(rule: Rule, *, reason: str, by: User, now: datetime) -> Outcome:
    """A curator's rule ends; the models it spoke for are asked anew. Those of the catalogue end in its files."""
    wait_for_others()
    rule = Rule.objects.select_for_update(of=("self",)).select_related("license").get(pk=rule.pk)
    if rule.added_at is None or rule.retired_at is not None:
        state = "is of the catalogue's files: take it out there" if rule.added_at is None else "is retired already"
        raise Refused({"rule": [f"{state}."]})
    refuse_without(reason)
    found = list(resolved_with(rule))
    rule.retired_at = now
    rule.save(update_fields=["retired_at"])
    note(Deed.UNBOUND, reason, by=by, now=now, license=rule.license, before=f"{rule} → {rule.license.short_name}")
    return settle(found, now=now)


def resolved_with(rule: Rule) -> Iterator[Any]:
    """The models that a rule may have resolved; of several tags it need not be the one that is named, and against the
    others it may have left them without a license."""
    wanted = Spelling(rule.signal, normal(rule.signal, rule.value), rule.author)
    if rule.signal != Rule.Signal.TAG:
        yield from uses(wanted)
        return
    under, several = Q(license=rule.license), Q(declared__len__gt=1)
    asked = under & (Q(resolved_by=str(rule)[:300]) | several) | Q(license__isnull=True) & several
    for row in OpenModel.objects.live().filter(asked).by_downloads().values_list(*READ, named=True).iterator():
        if is_for(wanted, row) and wanted.value in map(spelling, row.declared):
            yield row


def settle(found: list[Any], *, now: datetime) -> Outcome:
    """Today's rules on some models, and every count that goes with it."""
    book = rules()
    moved = list(moves(found, book))
    move(moved, cause=Cause.RULES, now=now)
    shift(((each.model.license_id, each.license_id, each.model.downloads) for each in moved if each.is_news), now=now)
    tally_names(book, now=now)
    tally_disagreements(book, now=now)
    return outcome(moved)


def refuse_what_is_bound(wanted: Spelling) -> None:
    there = bound(wanted).filter(author=wanted.author.casefold()).first()
    if there:
        whose = f" of {wanted.author}" if wanted.author else ""
        cure = "Retire that rule first." if there.added_at else "Change it in the catalogue's files."
        raise Refused({"value": [f"means {there.license.short_name}{whose} already. {cure}"]})


def bound(wanted: Spelling) -> Any:
    """The rules in force on a spelling, that for all models first."""
    rows = Rule.objects.in_force().filter(signal=wanted.signal, value=wanted.value)
    return rows.select_related("license", "added_by").order_by("author", "pk")


def refuse_without(reason: str) -> None:
    if not reason.strip():
        raise Refused({"reason": ["is missing. Say how you know, in a sentence; it is shown to all."]})
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused({"reason": [f"has {len(reason.strip()):,} characters. Use at most {LONGEST_REASON}."]})
