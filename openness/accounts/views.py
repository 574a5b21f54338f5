"""Pages of people's own accounts, and of those who invite."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as begin_session
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from licenses.models import AuditEntry, Proposal
from licenses.proposed import Shown
from licenses.roles import INVITE, display_name
from licenses.throttle import NotNow, network, times
from licenses.views.guard import allowed, whoever
from openness.health import visitor_address

from . import mail, people, second_factor
from .forms import ROLE_CHOICES, CodeForm, InvitationForm, NameForm, ProofForm, SetupForm

RESETS_PER_HOUR = 5
#: The account lists what was decided so lately, and no longer lists than this.
LATELY, MOST = timedelta(days=90), 100


@sensitive_post_parameters("password", "passed", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Name and password, then a code from those who have a second factor."""
    second = "passed" in request.POST
    form = (CodeForm if second else AuthenticationForm)(request, data=request.POST or None)
    if form.is_valid() and isinstance(user := form.get_user(), User):
        if second or not second_factor.is_on(user):
            begin_session(request, user)
            return redirect(onward(request))
        form = CodeForm(request, initial={"passed": second_factor.pass_for(user)})
    return render(request, "account/login.html", {"form": form, "next": onward(request)})


def onward(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponseBase:
    """Django's, but not without end. A mailbox is counted whether we know it or not."""
    if request.method == "POST":
        mailbox = request.POST.get("email", "").strip().lower()
        try:
            counts = [times("resets", mark) for mark in (network(visitor_address(request)), mailbox) if mark]
        except NotNow as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
        if max(counts) > RESETS_PER_HOUR:
            return render(request, "account/too_often.html", status=429)
    return PasswordResetView.as_view(
        template_name="account/reset.html",
        email_template_name="account/reset_mail.txt",
        subject_template_name="account/reset_subject.txt",
        extra_email_context={"site_url": settings.SITE_URL},
    )(request)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = whoever(request)
    form = NameForm(user, request.POST or None)
    if form.is_valid():
        form.save()
        messages.success(request, "You are shown by this name from now on; what is on record keeps the earlier one.")
        return redirect("account")
    shown = {
        "form": form,
        "has_second_factor": second_factor.is_on(user),
        "role": people.role_of(user),
        "has_deeds": AuditEntry.objects.of_person(user.pk).exists(),
    }
    return render(request, "account/account.html", shown | proposals_of(user, now=timezone.now()))


def proposals_of(user: User, *, now: datetime) -> dict[str, Any]:
    """What somebody proposed: what waits still, and what became of the rest lately."""
    own = Proposal.objects.made_by(user).for_page()
    return {
        "waiting": own.waiting().newest()[:MOST],
        "decided": [Shown(each) for each in own.decided_since(now - LATELY)[:MOST]],
        "most": MOST,
    }


@sensitive_post_parameters("proof", "code")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    answer = ANSWERS.get(request.POST.get("do", ""), factor_page)
    return answer(request)


def factor_page(request: HttpRequest, **found: Any) -> HttpResponse:
    user = whoever(request)
    device = second_factor.waiting(user)
    shown = {
        "is_on": second_factor.is_on(user),
        "left": second_factor.recovery_codes_left(user),
        "secret": second_factor.secret(device) if device else "",
        "picture": second_factor.picture(device) if device else None,
        "setup": SetupForm(),
        "proof": ProofForm(),
    }
    return render(request, "account/second_factor.html", shown | found)


def begin_factor(request: HttpRequest) -> HttpResponse:
    if not second_factor.is_on(whoever(request)):
        second_factor.begin(whoever(request))
    return redirect("second-factor")


def confirm_factor(request: HttpRequest) -> HttpResponse:
    form = SetupForm(request.POST)
    too_soon = second_factor.too_soon(second_factor.waiting(whoever(request)))
    if form.is_valid():
        if codes := second_factor.confirm(whoever(request), form.cleaned_data["code"]):
            return factor_page(request, codes=codes)
        wrong = "That code is not right. Wait for the next one, and see that the phone’s clock is."
        form.add_error("code", too_soon or wrong)
    return factor_page(request, setup=form)


def renew_codes(request: HttpRequest) -> HttpResponse:
    form = proven(request)
    if form.is_valid():
        return factor_page(request, codes=second_factor.write_recovery_codes(whoever(request)))
    return factor_page(request, proof=form)


def remove_factor(request: HttpRequest) -> HttpResponse:
    form = proven(request)
    if form.is_valid():
        second_factor.remove(whoever(request))
        messages.success(request, "The second factor is removed: your password alone lets you in.")
        return redirect("second-factor")
    return factor_page(request, proof=form)


def proven(request: HttpRequest) -> ProofForm:
    form, user = ProofForm(request.POST), whoever(request)
    if form.is_valid():
        proof = form.cleaned_data["proof"]
        too_soon = second_factor.looks_like_app(proof.strip()) and second_factor.too_soon_for(user, proof)
        if not second_factor.is_proven(request, user, proof):
            form.add_error("proof", too_soon or "That is neither your password nor the code of this moment.")
    return form


ANSWERS = {"begin": begin_factor, "confirm": confirm_factor, "codes": renew_codes, "remove": remove_factor}


@allowed(INVITE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        user = people.invite(**form.cleaned_data, by=whoever(request), now=timezone.now())
        return hand_over(request, user)
    return people_page(request, form)


@allowed(INVITE)
@require_POST
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What an admin does with one person: another role, another link, the end."""
    user, by, now = get_object_or_404(User, pk=pk), whoever(request), timezone.now()
    do, role = request.POST.get("do"), request.POST.get("role", "")
    if do == "link":
        return hand_over(request, people.invite_again(user, by=by, now=now))
    if do == "deactivate":
        return let_go(request, user)
    if do == "role" and (role, role) in ROLE_CHOICES:
        people.give_role(user, role, by=by, now=now)
        messages.success(request, f"{display_name(user)} is {role} from now on.")
    else:
        messages.error(request, "Nothing was changed: choose a role, a new link or the end.")
    return redirect("invitations")


def let_go(request: HttpRequest, user: User) -> HttpResponse:
    """Asked once more first."""
    by, name = whoever(request), display_name(user)
    if "sure" not in request.POST:
        people.permit(user, by)
        return people_page(request, InvitationForm(), leaving=name, leaving_pk=user.pk)
    people.deactivate(user, by=by, now=timezone.now())
    messages.success(request, f"{name} is deactivated and logged out everywhere.")
    return redirect("invitations")


def hand_over(request: HttpRequest, user: User) -> HttpResponse:
    """The link is mailed, and shown once to who invited: mail gets lost, or is not set up."""
    link = mail.welcome_link(user)
    mailed = mail.send_invitation(user, link, by=whoever(request))
    return people_page(request, InvitationForm(), invited=user, link=link, mailed=mailed)


def people_page(request: HttpRequest, form: InvitationForm, **found: Any) -> HttpResponse:
    shown = {"form": form, "people": people.everybody(whoever(request)), "roles": [role for role, _ in ROLE_CHOICES]}
    return render(request, "account/invitations.html", shown | found)
