"""manage.py reference: writes docs/clauses.md from the registry, or with --check says whether it is stale."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from licenses.clauses import CLAUSES, CORE, READ, READ_TWICE, ClauseKind, FieldType, PayloadField, Strength, amounts

ENUMS = (
    ("metric", amounts.Metric),
    ("period", amounts.Period),
    ("comparator", amounts.Comparator),
    ("measured", amounts.Measured),
    ("whose", amounts.Whose),
    ("applies_to", amounts.AppliesTo),
    ("effect", amounts.Effect),
)

HEAD = f"""\
# The clauses

Written by `manage.py reference` from `licenses/clauses/`; edit the declarations, not this page.

{len(CLAUSES)} questions are asked of every license; the {len(CORE)} marked *core* are columns of the comparison table.
The answers are `yes`, `no`, `partly`, `silent` (somebody read it and found nothing) and `unread` (nobody has read it).
*Open* are the answers that leave a reader free: `?<slug>=free` finds them. `?<slug>=unread` finds unread ones, and
nothing else does. `?<slug>!=<value>` finds the read answers that the value does not stand for.

Two people read the {len(READ_TWICE)} marked *read twice*: a curator's reading waits until a reviewer accepts it, a
reviewer's is published and waits to be confirmed. One person's reading of the others is published at once.
"""


def reference() -> str:
    """The whole page."""
    lines = [HEAD]
    for group, kinds in groupby(CLAUSES, key=lambda kind: kind.group):
        lines.append(f"## {group}\n")
        for kind in kinds:
            lines += section(kind)
    lines += amounts_section()
    return "\n".join(lines).rstrip() + "\n"


def section(kind: ClauseKind) -> Iterator[str]:
    yield f"### `{kind.slug}`: {kind.title}\n"
    yield f"{kind.question} {kind.guidance}\n"
    core = "core " if kind.core else ""
    twice = "; read twice" if kind.slug in READ_TWICE else ""
    meant = f"`?{kind.slug}=no` finds {answers(kind.means('no'))}"
    yield f"- {core}{kind.nature}; open: {answers(kind.open_answers)}; {meant}{twice}"
    if kind.osd or kind.eu:
        osd = f"Open Source Definition: {kind.osd}; " if kind.osd else ""
        yield f"- {osd}EU AI Act exemption: {kind.eu}"
    when = f"looks at it: {kind.bearing.when.words}" if kind.bearing else "does not look at it"
    yield f"- “May I use it?” {when}"
    if any(kind.filter_words):
        with_it, without = kind.filter_words
        same = with_it == without
        yield f"- in sentences: “{with_it}”" + ("" if same else f", “{without}”")
    rows = [name for name, has in (("thresholds", kind.has_thresholds), ("territories", kind.has_territories)) if has]
    if rows:
        yield f"- has {' and '.join(rows)}"
    yield from (detail(field) for field in kind.payload)
    yield ""


def answers(found: frozenset[Any]) -> str:
    return ", ".join(answer for answer in READ if answer in found)


def detail(field: PayloadField) -> str:
    how = {FieldType.CHOICE: " One of: ", FieldType.CHOICES: " Any of: "}.get(field.type, "")
    return f"- `{field.name}` ({field.type}). {field.help}{how}{', '.join(f'`{choice}`' for choice in field.choices)}"


def amounts_section() -> Iterator[str]:
    yield "## Thresholds, territories, strength\n"
    yield "A threshold has an `amount` in whole units, a `currency` when its metric is money, and the flags"
    yield "`or_equivalent` and `discretion` and the text `exceptions` where they apply. Its words:\n"
    for name, words in ENUMS:
        yield f"- `{name}`: {', '.join(f'`{word}`' for word in words)}"
    yield "\nA territory has `regions` (ISO 3166 codes; `EU` is the 27 members), `applies_to`, `exception`, and:\n"
    yield f"- `basis`: {', '.join(f'`{word}`' for word in amounts.Basis)}"
    yield f"- `effect`: {', '.join(f'`{word}`' for word in amounts.TerritoryEffect)}"
    yield f"\nEvery reading has a `strength`: {', '.join(f'`{word}`' for word in Strength)}."


class Command(BaseCommand):
    help = "Writes docs/clauses.md from the registry of clause kinds."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        page = Path(settings.BASE_DIR) / "docs" / "clauses.md"
        fresh = page.is_file() and page.read_text() == reference()
        if check and not fresh:
            raise CommandError("docs/clauses.md is stale: run manage.py reference")
        if not check:
            page.write_text(reference())
        self.stdout.write("docs/clauses.md is up to date.")
