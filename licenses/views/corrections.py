"""“Something wrong?”: the form under every clause, open to everybody."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_client_ip_address
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import URLValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from licenses import proposed, tables
from licenses.clauses import KIND
from licenses.correcting import Sent, TooMany
from licenses.correcting import correct as hand_in
from licenses.models import License, Proposal
from licenses.telling import plain
from licenses.throttle import NotNow

from .answers import refused, takes

SHORTEST, LONGEST = 20, 2000
#: Of a text that is too long, this much is handed back.
KEPT = 8000
#: Nobody reads and writes faster; and what lay open longer may be about another reading.
FASTEST, SLOWEST = timedelta(seconds=3), timedelta(days=1)
PUBLISHER = "publisher"


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label="What is wrong?",
        widget=forms.Textarea(attrs={"rows": 7, "minlength": SHORTEST, "maxlength": LONGEST}),
        help_text=f"{SHORTEST} to {LONGEST:,} characters, shown to all. It helps to name the section that says so.",
    )
    evidence = forms.URLField(
        label="A link that shows it (optional)",
        required=False,
        max_length=500,
        help_text="It starts with https://. Shown to all.",
    )
    email = forms.EmailField(
        label="Your e-mail address (optional)",
        required=False,
        max_length=254,
        help_text="Not shown, for a question back, deleted with the decision.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput)
    #: A person never sees it.
    subject = forms.CharField(required=False)

    def __init__(self, *args: Any, about: str, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.signer, self.now = Signer(salt=f"correction of {about}"), now
        self.fields["begun"].initial = self.stamp()

    def stamp(self) -> str:
        return self.signer.sign(f"{self.now.timestamp():.0f}")

    def clean_text(self) -> str:
        text = "\n".join(plain(line) for line in self.cleaned_data["text"].splitlines()).strip()
        if len(text) < SHORTEST:
            raise ValidationError(f"That is {len(text)} characters. Say in at least {SHORTEST} what is wrong.")
        if len(text) > LONGEST:
            raise ValidationError(f"That is {len(text):,} characters. Use at most {LONGEST:,}.")
        return text

    def clean_evidence(self) -> str:
        address: str = self.cleaned_data["evidence"]
        if address:
            URLValidator(schemes=["http", "https"])(address)
        if address != plain(address):
            raise ValidationError("Has characters that are not shown. Copy the address anew.")
        return address

    def clean(self) -> None:
        if fault := self.haste():
            self.add_error(None, fault)

    def age(self) -> timedelta | None:
        """How long ago the form was opened; None for a time that is not ours."""
        try:
            opened = int(self.signer.unsign(self.data.get("begun", "")))
        except (BadSignature, ValueError):
            return None
        return timedelta(seconds=self.now.timestamp() - opened)

    def haste(self) -> str:
        age = self.age()
        if age is None:
            return "This form did not come from here. Look it over and send it again."
        if age < FASTEST:
            return "That was quicker than a person writes. Wait a moment and send it again."
        if age > SLOWEST:
            return "This form lay open for more than a day. See what we read now, and send it again."
        return ""

    def again(self) -> None:
        """As it was sent, nothing lost; with a new time where the old one is of no use."""
        kept = dict(self.data.items())
        kept["text"] = kept.get("text", "")[:KEPT]
        age = self.age()
        if age is None or age > SLOWEST:
            kept["begun"] = self.stamp()
        self.data = kept


class PublisherForm(CorrectionForm):
    """Of somebody who says to speak for a publisher: for whom, and where it can be seen."""

    speaks_for = forms.CharField(
        label="The organisation you speak for",
        max_length=70,
        help_text="Shown to all, as not verified.",
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )

    field_order = ("speaks_for", "text", "evidence", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].required = True
        self.fields["evidence"].label = "A link that shows it"

    def clean_speaks_for(self) -> str:
        name = plain(self.cleaned_data["speaks_for"]).replace("”", "'")
        if not name:
            raise ValidationError("Say for whom.")
        return name


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes("as")
def correct(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What we read and its proof, and a form for whoever knows better."""
    if kind not in KIND:
        raise Http404(f"{kind} is no kind of clause.")
    role = request.GET.get("as", "")
    if role not in ("", PUBLISHER):
        return refused(request, {"as": [f"“{role[:60]}” cannot be used with “as”. Use {PUBLISHER}."]})
    license = get_object_or_404(License.objects.with_readings([KIND[kind]]), slug=slug)
    form_of = PublisherForm if role else CorrectionForm
    form = form_of(request.POST if request.method == "POST" else None, about=f"{slug}/{kind}", now=timezone.now())
    return send(request, license, kind, form) if form.is_bound else page(request, license, kind, form)


def send(request: HttpRequest, license: License, kind: str, form: CorrectionForm) -> HttpResponse:
    if not form.is_valid():
        return page(request, license, kind, form, status=400)
    written = form.cleaned_data
    sent = Sent(written["text"], written["evidence"], written["email"], written.get("speaks_for", ""))
    if written["subject"]:
        return as_if(request, license, kind, sent, now=form.now)
    try:
        found = hand_in(license, KIND[kind], sent, address=get_client_ip_address(request), now=form.now)
    except TooMany as too_many:
        form.add_error(None, str(too_many))
        return page(request, license, kind, form, status=429)
    except NotNow as not_now:
        form.add_error(None, str(not_now))
        return page(request, license, kind, form, status=503)
    return redirect(found)


def page(request: HttpRequest, license: License, kind: str, form: CorrectionForm, *, status: int = 200) -> HttpResponse:
    if form.is_bound:
        form.again()
    context = {
        "license": license,
        "cell": tables.face(license, [KIND[kind]]).cells[0],
        "clause": license.clause(KIND[kind]),
        "form": form,
        "is_publisher": isinstance(form, PublisherForm),
    }
    return render(request, "licenses/correct.html", context, status=status)


def as_if(request: HttpRequest, license: License, kind: str, sent: Sent, *, now: datetime) -> HttpResponse:
    """What fills in what nobody sees is no person: it gets the page of a success, and nothing is kept."""
    unsaved = Proposal(
        key=str(uuid.uuid4()), license=license, kind=kind, origin=Proposal.Origin.VISITOR, text=sent.text, made_at=now
    )
    return render(request, "licenses/proposal.html", {"shown": proposed.Shown(unsaved)})
