"""A proposal before a reviewer: what is proposed beside what stands, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from licenses import curation, proposed, tables
from licenses.models import License, Proposal
from licenses.offers import Refused
from licenses.roles import CURATE, REVIEW

from .guard import allowed, whoever

#: What the form may ask for → the verb, and how it is told afterwards.
VERBS: dict[str, tuple[Callable[..., Any], str]] = {
    "accept": (curation.accept, "Accepted: it is published, confirmed by two."),
    "decline": (curation.decline, "Declined. Everybody sees why."),
    "withdraw": (curation.withdraw, "Withdrawn."),
}


class DecisionForm(forms.Form):
    do = forms.ChoiceField(choices=[(verb, verb) for verb in VERBS])
    reason = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)


@allowed(CURATE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Who may accept, decline and withdraw is for the verbs to say."""
    proposal = get_object_or_404(Proposal.objects.for_page(), key=key)
    if request.method != "POST":
        return page(request, proposal)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return page(request, proposal, status=400, faults=form.errors)
    verb, told = VERBS[form.cleaned_data["do"]]
    try:
        verb(proposal, by=whoever(request), now=timezone.now(), reason=form.cleaned_data["reason"])
    except Refused as refusal:
        return page(request, proposal, status=400, faults=refusal.faults[proposal.kind])
    except curation.Conflict:
        proposal.refresh_from_db()
        return page(request, proposal, status=409)
    messages.success(request, told)
    return redirect("decide", key)


def page(request: HttpRequest, proposal: Proposal, *, status: int = 200, faults: Any = None) -> HttpResponse:
    kind = proposal.declaration
    license = License.objects.with_readings([kind]).get(pk=proposal.license_id)
    today = license.clause(kind)
    context = {
        "shown": proposed.checked(proposal),
        "license": license,
        "cell": tables.face(license, [kind]).cells[0],
        "clause": today,
        "is_stale": proposal.is_waiting and (today.pk if today else None) != proposal.based_on_id,
        "is_own": proposal.made_by == whoever(request),
        "following": None if proposal.is_waiting else following(whoever(request)),
        "answered": proposal.answered_by.for_page().order_by("pk"),
        "faults": faults,
        "reason": request.POST.get("reason", "")[:4000],
        "is_conflict": status == 409,
    }
    return render(request, "curation/decide.html", context, status=status)


def following(by: User) -> Proposal | None:
    """What a reviewer may decide next: what waits longest."""
    others = Proposal.objects.waiting().of_others(by).oldest().for_page()
    return others.first() if by.has_perm(REVIEW) else None
