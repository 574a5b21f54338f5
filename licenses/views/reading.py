"""The workbench proper: a license's text beside what we read in it, and the form of one clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from licenses import curation, desk, drafting
from licenses.catalogue.places import REGION_NAMES
from licenses.clauses import CLAUSES, KIND, ClauseKind
from licenses.curation import Conflict
from licenses.forms import Blame, Sheet
from licenses.models import AuditEntry, Clause, Draft, Proposal
from licenses.offers import Bundle, Faults, Offer, Refused, Text, bundle, values_of
from licenses.roles import CURATE, may_publish_alone
from licenses.tables import Cell
from licenses.turning import is_same
from licenses.typed import LONGEST_DRAFT, ROWS, Typed, added, fields_of, first, is_too_long, removed, rows, typed_of

from .guard import allowed, whoever

TOO_LONG = f"This is too long to keep: drafts hold {LONGEST_DRAFT:,} characters. Shorten the note or the reason."


@dataclass(slots=True)
class Work:
    """The form of one clause as it stands before somebody: from today's reading, a draft, or what was just sent."""

    user: User
    license: Any
    bundle: Bundle
    text: Text | None
    kind: ClauseKind
    typed: Typed
    based_on: int | None
    draft: Draft | None
    correction: Proposal | None

    @property
    def clause(self) -> Clause | None:
        found: Clause | None = self.license.clause(self.kind)
        return found

    @property
    def address(self) -> str:
        path = reverse("read", args=[self.license.slug, self.kind.slug])
        return f"{path}?{urlencode({'document': self.text.document.key})}" if self.text else path

    @property
    def is_moved(self) -> bool:
        """Another reading stands there than when this was begun."""
        return self.based_on != (self.clause.pk if self.clause else None)

    @property
    def is_stale(self) -> bool:
        return self.draft is not None and self.is_moved

    def offer(self) -> tuple[Offer, Faults]:
        days = drafting.new_days(self.clause, self.bundle)
        return drafting.offer(self.kind, self.typed, based_on=self.based_on, proposal=self.correction, days=days)

    def keep(self) -> None:
        self.draft = drafting.keep(
            self.license, self.kind, self.typed, user=self.user, based_on=self.based_on, proposal=self.correction,
            now=timezone.now(),
        )  # fmt: skip


@allowed(CURATE)
@require_http_methods(["GET", "HEAD"])
def reader(request: HttpRequest, slug: str) -> HttpResponse:
    """The text on one side, every kind with how far it is read on the other."""
    license = get_object_or_404(desk.licenses(whoever(request)), slug=slug)
    found = bundle(license)
    text = asked(request, found)
    context = {
        "license": license,
        "texts": found.texts.values(),
        "text": text,
        "page": desk.page(license, text, found) if text else None,
        "groups": desk.entries(license),
        "here": reverse("reader", args=[slug]),
        "kinds": len(CLAUSES),
    }
    return render(request, "curation/reader.html", context)


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One clause: the form keeps itself as a draft, takes quotes from the text, previews and hands in."""
    work = begun(request, slug, kind)
    if request.method != "POST":
        return shown(request, work, work.offer()[1] if "check" in request.GET else None)
    deed, _, what = request.POST.get("do", "").partition(":")
    if deed in UPON_DRAFTS:
        return UPON_DRAFTS[deed](request, work)
    if is_too_long(work.typed):
        return shown(request, work, {"whole": [TOO_LONG]}, status=413)
    return DEEDS.get(deed, kept)(request, work, what)


@allowed(CURATE)
@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """All drafts of a license at once, or none."""
    user = whoever(request)
    license = get_object_or_404(desk.licenses(user), slug=slug)
    found = bundle(license)
    drafts = list(Draft.objects.filter(user=user, license=license).select_related("proposal").order_by("kind"))
    faulty: dict[str, Faults] = {}
    try:
        done = drafting.hand_in_drafts(license, drafts, found, by=user, now=timezone.now())
    except Refused as refused:
        faulty, status = refused.faults, 422
    except Conflict as conflict:
        faulty, status = {kind: {"whole": [OVERTAKEN]} for kind in conflict.found}, 409
    else:
        messages.success(request, handed_in(done, license) if drafts else "There is no draft to publish.")
        return redirect("reader", slug)
    typed = {draft.kind: draft.fields for draft in drafts}
    blamed = [(KIND[kind], blames(KIND[kind], typed[kind], wrong)) for kind, wrong in faulty.items()]
    return render(request, "curation/refused.html", {"license": license, "blamed": blamed}, status=status)


@allowed(CURATE)
@require_POST
def revert(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """An earlier reading again, in place of today's."""
    declared = known(kind)
    earlier = get_object_or_404(
        Clause.objects.select_related("license"),
        license__slug=slug, kind=kind, pk=number(request.POST.get("clause", "")) or 0,
    )  # fmt: skip
    reason, based_on = request.POST.get("reason", ""), number(request.POST.get("based_on", ""))
    faults: Faults = {}
    try:
        curation.revert(earlier, by=whoever(request), now=timezone.now(), reason=reason, based_on=based_on)
    except Refused as refused:
        faults, status = refused.faults[kind], 422
    except Conflict:
        faults, status = {"whole": [OVERTAKEN]}, 409
    except PermissionDenied:
        faults, status = {"whole": ["Two read this kind: open its form and hand it in for a second reader."]}, 403
    else:
        messages.success(request, public_link("The earlier reading stands again: {}.", earlier.license, declared))
        return redirect("reader", slug)
    context = {"license": earlier.license, "blamed": [(declared, blames(declared, {}, faults))]}
    return render(request, "curation/refused.html", context, status=status)


OVERTAKEN = "Somebody published another reading meanwhile. Open the form: it shows both."


def begun(request: HttpRequest, slug: str, kind: str) -> Work:
    """What the form holds, before anything is done with it."""
    declared, user = known(kind), whoever(request)
    license = get_object_or_404(desk.licenses(user), slug=slug)
    found = bundle(license)
    draft = Draft.objects.filter(user=user, license=license, kind=kind).select_related("proposal").first()
    clause = license.clause(declared)
    sent = request.method == "POST"
    if sent:
        typed, based_on = fields_of(declared, dict(request.POST.lists())), number(request.POST.get("based_on", ""))
    elif draft:
        typed, based_on = draft.fields, draft.based_on_id
    else:
        typed, based_on = (typed_of(values_of(clause)), clause.pk) if clause else ({}, None)
    key = (request.POST if sent else request.GET).get("answers", "")
    correction = answered(license, kind, key) if key else draft.proposal if draft and not sent else None
    return Work(user, license, found, asked(request, found), declared, typed, based_on, draft, correction)


def known(kind: str) -> ClauseKind:
    if kind not in KIND:
        raise Http404(f"{kind} is no kind of clause.")
    return KIND[kind]


def asked(request: HttpRequest, found: Bundle) -> Text | None:
    key = request.GET.get("document", "")
    text = desk.chosen(found, key)
    if key and text is None:
        raise Http404("No such document binds today.")
    return text


def answered(license: Any, kind: str, key: str) -> Proposal:
    """The correction that a reading is made for."""
    return get_object_or_404(Proposal.objects.corrections(), license=license, kind=kind, key=key.replace("\0", ""))


def number(said: str) -> int | None:
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


# What the form does.


def kept(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    """As it is typed; a script that keeps it gets the preview back."""
    work.keep()
    if request.headers.get("HX-Request"):
        return render(request, "curation/_preview.html", {"draft": work.draft, "preview": previewed(work)})
    messages.success(request, "Kept as your draft; nobody else sees it.")
    return redirect(f"{work.address}#preview")


def quoted(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    """Words that were marked or pasted become a quote, where the text has them."""
    work.typed, wrong = drafting.quote(work.bundle, work.typed)
    work.keep()
    return shown(request, work, wrong, status=422) if wrong else HttpResponseRedirect(f"{work.address}#quotes")


def grown(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    if what in ROWS:
        work.typed = added(work.typed, what)
    work.keep()
    return redirect(f"{work.address}#{what if what in ROWS else 'sheet'}")


def shrunk(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    part, _, row = what.partition(".")
    if part in ROWS and (at := number(row)) is not None:
        work.typed = removed(work.typed, part, at)
    work.keep()
    return redirect(f"{work.address}#{part if part in ROWS else 'sheet'}")


def handed(request: HttpRequest, work: Work, what: str) -> HttpResponse:
    """Published, or proposed to a second reader where the policy asks for one. Pasted words are meant as a quote."""
    if is_done(work):
        return finished(work)
    wrong: Faults = {}
    if first(work.typed, "paste.words").strip():
        work.typed, wrong = drafting.quote(work.bundle, work.typed)
    work.keep()
    if wrong:
        return shown(request, work, wrong, status=422)
    offer, wrong = work.offer()
    if wrong:
        return shown(request, work, wrong, status=422)
    try:
        done = drafting.hand_in(work.license, [offer], by=work.user, now=timezone.now())
    except Refused as refused:
        return shown(request, work, refused.faults[work.kind.slug], status=422)
    except Conflict:
        work.license = desk.licenses(work.user).get(pk=work.license.pk)
        return finished(work) if is_done(work) else overtaken(request, work)
    said = handed_in(done, work.license, work.kind)
    if following := desk.next_unread(work.license, work.kind):
        address = reverse("read", args=[work.license.slug, following.slug])
        said = format_html('{} Next, not read yet: <a href="{}">{}</a>.', said, address, following.title)
    messages.success(request, said)
    return redirect("reader", work.license.slug)


def is_done(work: Work) -> bool:
    """The same form once more, as after a double click: what it holds was published by the first."""
    if not (work.is_moved and work.clause and work.clause.reader_id == work.user.pk):
        return False
    offer, wrong = work.offer()
    return not wrong and is_same(offer, work.clause)


def finished(work: Work) -> HttpResponse:
    Draft.objects.filter(user=work.user, license=work.license, kind=work.kind.slug).delete()
    return redirect("reader", work.license.slug)


DEEDS: dict[str, Callable[[HttpRequest, Work, str], HttpResponse]] = {
    "keep": kept, "quote": quoted, "add": grown, "remove": shrunk, "publish": handed,
}  # fmt: skip


def discarded(request: HttpRequest, work: Work) -> HttpResponse:
    if work.draft:
        messages.info(request, f"Thrown away, your draft: {drafting.told(work.draft)}.")
        work.draft.delete()
    return redirect(work.address)


def rebased(request: HttpRequest, work: Work) -> HttpResponse:
    """On top of the reading that was shown: another one after it is a conflict again."""
    if work.draft:
        drafting.keep(
            work.license, work.kind, work.draft.fields, user=work.user, based_on=work.based_on,
            proposal=work.draft.proposal, now=timezone.now(),
        )  # fmt: skip
    return redirect(work.address)


UPON_DRAFTS: dict[str, Callable[[HttpRequest, Work], HttpResponse]] = {"discard": discarded, "rebase": rebased}


# What is shown.


def shown(request: HttpRequest, work: Work, faults: Faults | None = None, *, status: int = 200) -> HttpResponse:
    days = [(str(day), "") for day in drafting.new_days(work.clause, work.bundle)]
    context = sides(work) if work.is_stale else {}
    context |= {
        "license": work.license,
        "kind": work.kind,
        "clause": work.clause,
        "texts": work.bundle.texts.values(),
        "text": work.text,
        "page": desk.page(work.license, work.text, work.bundle, work.kind, work.typed) if work.text else None,
        "sheet": Sheet(work.kind, work.typed, faults, days=days),
        "based_on": work.based_on,
        "seen": work.bundle.mark,
        "has_new_words": first(work.typed, "seen") not in ("", work.bundle.mark),
        "is_anothers": work.clause is not None and not work.clause.is_by(work.user),
        "draft": work.draft,
        "correction": work.correction,
        "preview": previewed(work),
        "is_stale": work.is_stale,
        "alone": may_publish_alone(work.user, work.kind.slug),
        "places": REGION_NAMES.values() if work.kind.has_territories else (),
        "here": reverse("read", args=[work.license.slug, work.kind.slug]),
        "address": work.address,
    }
    return render(request, "curation/read.html", context, status=status)


def previewed(work: Work) -> desk.Preview:
    offer, wrong = work.offer()
    return desk.preview(work.license, offer, len(wrong.keys() - {"reason", "since"}))


def overtaken(request: HttpRequest, work: Work) -> HttpResponse:
    """Both readings side by side; the draft is kept."""
    context = {"license": work.license, "kind": work.kind, "address": work.address, **sides(work)}
    return render(request, "curation/conflict.html", context, status=409)


def sides(work: Work) -> dict[str, Any]:
    """Theirs with who, when and why; mine as it was typed."""
    deed = AuditEntry.objects.filter(clause=work.clause).newest().first() if work.clause else None
    terms = work.license.terms()
    mine = previewed(work).new_cell or Cell(work.kind)
    return {
        "theirs": work.clause,
        "their_cell": Cell(work.kind, terms.reading(work.kind)),
        "their_reason": deed.reason if deed else "",
        "my_cell": mine,
        "my_answer": first(work.typed, "answer"),
        "my_quotes": [first(row, "words") for row in rows(work.typed, "quotes")],
        "my_note": first(work.typed, "note"),
        "my_reason": first(work.typed, "reason"),
    }


def blames(kind: ClauseKind, typed: Typed, faults: Faults) -> list[Blame]:
    return Sheet(kind, typed, faults).summary


def handed_in(done: drafting.HandedIn, license: Any, kind: ClauseKind | None = None) -> SafeString | str:
    """What became of it, with a link to where everybody sees it."""
    if kind:
        if done.change:
            return public_link("Published: {}.", license, kind)
        address = done.proposals[0].get_absolute_url()
        return format_html('Handed in: <a href="{}">your proposal</a> waits for a second reader.', address)
    said = [f"{len(done.proposals)} handed in for a second reader"] if done.proposals else []
    said += ["the rest published" if said else "All published"] if done.change else []
    return public_link(f"{', '.join(said).capitalize()}: {{}}.", license)


def public_link(words: str, license: Any, kind: ClauseKind | None = None) -> SafeString:
    address = reverse("clause", args=[license.slug, kind.slug]) if kind else license.get_absolute_url()
    name = f"{kind.title} in {license.short_name}" if kind else license.short_name
    return format_html(words, format_html('<a href="{}">{}</a>', address, name))
