"""The workbench's pages on whole groups of models: what a spelling means, what one model's license is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from licenses.models import Conclusion, License, OpenModel, Rule, UnresolvedName
from licenses.roles import CURATE
from licenses.spelling import spelling
from licenses.views.answers import refused
from licenses.views.guard import allowed, whoever

from . import binding, concluding
from .binding import Faults, Outcome, Refused, Spelling
from .concluding import Evidence
from .likely import likely

#: Models that a list shows; the rest is counted.
SHOWN = 10
NAMES_SHOWN = 50


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def bind(request: HttpRequest) -> HttpResponse:
    """A spelling: who uses it, what it may mean, what a rule would do; and the rule."""
    fields = request.POST if request.method == "POST" else request.GET
    if not fields.get("value"):
        return names(request)
    try:
        wanted = binding.spelled(typed(fields, "signal"), typed(fields, "value"))
    except Refused as error:
        return refused(request, error.faults)
    if request.method == "POST":
        return save(request, wanted, request.POST)
    return bind_page(request, wanted, fields, {})


def names(request: HttpRequest) -> HttpResponse:
    """Where no spelling is named: those for which most models wait."""
    found = UnresolvedName.objects.order_by("-total", "-downloads", "pk")[:NAMES_SHOWN]
    return render(request, "curation/names.html", {"names": found})


def save(request: HttpRequest, wanted: Spelling, fields: QueryDict) -> HttpResponse:
    try:
        spelled, license = chosen(wanted, fields)
        done = binding.bind(spelled, license, reason=typed(fields, "reason"), by=whoever(request), now=timezone.now())
    except Refused as error:
        return bind_page(request, wanted, fields, error.faults)
    messages.success(request, bound_in_words(license, done))
    return HttpResponseRedirect(address(wanted))


def bound_in_words(license: License, done: Outcome) -> str:
    said = f"Bound to {license.short_name}: {in_words(done)}."
    if License.objects.read().filter(pk=license.pk).exists():
        return said
    address = reverse("reader", args=[license.slug])
    return format_html('{} Nobody has read that license. <a href="{}">Now read it</a>.', said, address)


def previewed(wanted: Spelling, fields: QueryDict, rows: list[Any]) -> tuple[Outcome | None, Faults]:
    """What the rule that a form asks for would do, or why there can be none; neither where it asks for none."""
    if not (fields.get("license") or fields.get("author")):
        return None, {}
    try:
        spelled, license = chosen(wanted, fields)
        return binding.preview(spelled, license, rows if spelled == wanted else None), {}
    except Refused as error:
        return None, error.faults


def chosen(wanted: Spelling, fields: QueryDict) -> tuple[Spelling, License]:
    """The rule that a form asks for. Raises Refused."""
    license = license_named(typed(fields, "license"))
    spelled = binding.spelled(wanted.signal, wanted.value, typed(fields, "author"))
    if license is None:
        raise Refused({"license": [unknown(typed(fields, "license"))]})
    return spelled, license


def typed(fields: QueryDict, name: str) -> str:
    """What somebody typed, without what the database refuses."""
    return str(fields.get(name, "")).replace("\0", "").strip()


def license_named(text: str) -> License | None:
    """By slug, identifier or short name."""
    same = Q(slug=text) | Q(identifier=text) | Q(short_name__iexact=text)
    return License.objects.filter(same).order_by("pk").first() if text else None


def unknown(text: str) -> str:
    cure = "Choose one of the list, or enter it first."
    return f"is “{text[:80]}”, which is no license here. {cure}" if text.strip() else f"is missing. {cure}"


def address(wanted: Spelling) -> str:
    return f"{reverse('bind')}?{urlencode({'signal': wanted.signal, 'value': wanted.value})}"


def in_words(done: Outcome) -> str:
    parts = {"resolved": done.resolved, "moved from another license": done.moved, "resolved no longer": done.lost}
    said = [f"{len(found):,} model{'' if len(found) == 1 else 's'} {what}" for what, found in parts.items() if found]
    return ", ".join(said) or "no model moved"


def bind_page(request: HttpRequest, wanted: Spelling, fields: QueryDict, faults: Faults) -> HttpResponse:
    rows = binding.uses(wanted)
    outcome, found = previewed(wanted, fields, rows)
    faults = faults or found
    column = {"name": "declared_name", "link": "declared_link"}.get(wanted.signal, "declared")
    ways = dict.fromkeys(str(way) for row in rows for way in ways_of(getattr(row, column), wanted))
    context = {
        "wanted": wanted,
        "signal": Rule.Signal(wanted.signal).label,
        "ways": list(ways)[:SHOWN],
        "more_ways": max(len(ways) - SHOWN, 0),
        "total": len(rows),
        "waiting": sum(row.license_id is None for row in rows),
        "models": rows[:SHOWN],
        "single": next((place for row in rows[:SHOWN] if (place := single(row.repo_id))), ""),
        "bound": binding.bound(wanted),
        "likely": likely(wanted.value, rows[0].pk if rows else None),
        "outcome": outcome,
        "license": license_named(typed(fields, "license")) if outcome else None,
        **form(fields, faults),
    }
    return render(request, "curation/bind.html", context, status=400 if faults else 200)


def single(repo_id: str) -> str:
    """Where one concludes about this model alone; a repository without a namespace has no such page."""
    try:
        return reverse("conclude", args=repo_id.split("/", 1))
    except NoReverseMatch:
        return ""


def ways_of(said: Any, wanted: Spelling) -> list[str]:
    """How one model writes it; of several tags only those that are meant."""
    return [said] if isinstance(said, str) else [tag for tag in said if spelling(tag) == wanted.value]


def form(fields: QueryDict, faults: Faults) -> dict[str, Any]:
    """What every form here needs: what was typed, what is wrong with it, and the licenses to choose from."""
    return {
        "typed": {name: value[:4000] for name, value in fields.items()},
        "faults": faults,
        "licenses": License.objects.by_name().values_list("slug", "short_name"),
    }


@allowed(CURATE)
@require_POST
def retire_rule(request: HttpRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(Rule, pk=pk)
    try:
        done = binding.retire(rule, reason=typed(request.POST, "reason"), by=whoever(request), now=timezone.now())
        messages.success(request, f"{rule} is retired: {in_words(done)}.")
    except Refused as error:
        messages.error(request, " ".join(f"The {name} {' '.join(said)}" for name, said in error.faults.items()))
    return HttpResponseRedirect(address(Spelling(rule.signal, rule.value)))


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, org: str, name: str) -> HttpResponse:
    """What each signal of a model says; and what a curator concludes."""
    found = OpenModel.objects.named(f"{org}/{name}").select_related("license").first()
    if found is None:
        raise Http404(f"No model {org}/{name} is known here.")
    if request.method != "POST":
        return conclude_page(request, found, request.GET, {})
    fields = request.POST
    try:
        license = withdrawn(request, found) if fields.get("do") == "withdraw" else made(request, found)
    except Refused as error:
        return conclude_page(request, found, fields, error.faults)
    messages.success(request, f"{found}: {license.short_name if license else 'its license is not known here'}.")
    return HttpResponseRedirect(reverse("conclude", args=[org, name]))


def withdrawn(request: HttpRequest, found: OpenModel) -> License | None:
    return concluding.withdraw(found, reason=typed(request.POST, "reason"), by=whoever(request), now=timezone.now())


def made(request: HttpRequest, found: OpenModel) -> License | None:
    fields = request.POST
    license, seen = concluded(fields), fields.get("seen") == "yes"
    evidence = Evidence(typed(fields, "reason"), typed(fields, "evidence"), typed(fields, "quote"))
    concluding.conclude(found, license, evidence, by=whoever(request), now=timezone.now(), seen=seen)
    return license


def concluded(fields: QueryDict) -> License | None:
    """The license that a form names; none where it says that it is not known here."""
    if fields.get("known") == "no":
        return None
    license = license_named(typed(fields, "license"))
    if license is None:
        raise Refused({"license": [unknown(typed(fields, "license"))]})
    return license


def conclude_page(request: HttpRequest, found: OpenModel, fields: QueryDict, faults: Faults) -> HttpResponse:
    conclusions = Conclusion.objects.filter(model=found).select_related("license").order_by("-made_at", "-pk")
    preview, odd = weighed(found, fields)
    context = {
        "model": found,
        "signals": concluding.signals(found),
        "conclusions": list(conclusions),
        "disagreement": getattr(found, "disagreement", None),
        "preview": preview,
        "withdrawing": fields.get("do") == "withdraw",
        "carried": [(name, typed(fields, name)) for name in ("reason", "evidence", "quote") if fields.get(name)],
        **form(fields, odd | faults),
    }
    return render(request, "curation/conclude.html", context, status=400 if faults or odd else 200)


def weighed(found: OpenModel, fields: QueryDict) -> tuple[dict[str, Any] | None, Faults]:
    """The license that is chosen and what speaks against it; nothing where none is chosen, or its fault."""
    if not (fields.get("license") or fields.get("known")):
        return None, {}
    try:
        license = concluded(fields)
    except Refused as error:
        return None, error.faults
    return {"license": license, "against": concluding.against(found, license)}, {}
