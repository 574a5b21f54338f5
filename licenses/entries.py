"""The body of a feed's entry: the change itself as HTML, everything that strangers wrote escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.db.models.functions import Length
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .diffs import ALL, sentences
from .models import Change, Revision
from .telling import Sides, Told, plain

#: Longer texts are not compared for a feed, and of the sentences that differ the first are shown.
LONGEST_TEXT, SHOWN = 200_000, 6


def texts(changes: Iterable[Change]) -> dict[int, Sides]:
    """Change → its sentences, for those with two wordings at hand; all texts in one query."""
    pairs = {
        change.pk: (change.revision_before_id, change.revision_after_id)
        for change in changes
        if change.revision_before_id and change.revision_after_id
    }
    wanted = {pk for pair in pairs.values() for pk in pair}
    if not wanted:
        return {}
    short = Revision.objects.alias(length=Length("text")).filter(pk__in=wanted, length__range=(1, LONGEST_TEXT))
    words = dict(short.values_list("pk", "text"))
    return {
        pk: sentences(words[before], words[after], most=ALL)
        for pk, (before, after) in pairs.items()
        if before in words and after in words
    }


def content(told: Told, sides: Sides, absolute: Callable[[str], str]) -> SafeString:
    added, removed = sides
    parts = [
        format_html("<p>{}</p>", told.summary),
        answer(told),
        whose(told),
        values(told),
        moves(told),
        listed("Added", "ins", added),
        listed("Removed", "del", removed),
        format_html("<p>{}</p>", told.remark) if told.remark else "",
        links(told, absolute),
    ]
    return format_html_join("\n", "{}", ((part,) for part in parts if part))


def answer(told: Told) -> SafeString | str:
    """What it does to the answer for the reader's profile."""
    if told.effect is None:
        return ""
    return format_html("<p><b>{}</b><br><small>{}</small></p>", told.answer, told.effect.disclaimer)


def whose(told: Told) -> SafeString:
    change = told.change
    effect = f"Took effect {change.effective_on:%Y-%m-%d}; seen" if change.effective_on else "Seen"
    known = change.direction or told.waits
    direction = f" For whoever uses it: {change.get_direction_display()}." if known else ""
    return format_html(
        "<p><b>{}</b> ({}). {} {}.{} Weight: {}.</p>",
        told.whose, change.get_cause_display(), effect, f"{change.seen_at:%Y-%m-%d}", direction, change.weight,
    )  # fmt: skip


def values(told: Told) -> SafeString | str:
    if not (told.before or told.after):
        return ""
    return format_html("<p>{} → {}</p>", told.before or "none", told.after or "none")


def moves(told: Told) -> SafeString | str:
    if not told.moves:
        return ""
    rows = ((one.sign, one.verb, one.kind.title, one.words) for one in told.moves)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{} <b>{}</b> {}: {}</li>", rows))


def listed(head: str, tag: str, found: Sequence[str]) -> SafeString | str:
    """Sentences of the text, the first of them."""
    if not found:
        return ""
    rows = format_html_join("", "<li><{}>{}</{}></li>", ((tag, plain(one), tag) for one in found[:SHOWN]))
    more = f" (the first {SHOWN} of {len(found)})" if len(found) > SHOWN else ""
    return format_html("<p>{}{}:</p><ul>{}</ul>", head, more, rows)


def links(told: Told, absolute: Callable[[str], str]) -> SafeString:
    targets = [(absolute(told.subject_address), told.subject)]
    if told.diff_address:
        targets.append((absolute(told.diff_address), "the wordings side by side"))
    targets.append((absolute(told.change.get_absolute_url()), "this change"))
    return format_html("<p>{}</p>", format_html_join(" · ", '<a href="{}">{}</a>', targets))
