"""What people fill in. The display name is one field: names do not split into two everywhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from licenses.roles import ROLES

from . import people, second_factor

ROLE_CHOICES = [(role, role) for role in ROLES]


def presentable(name: str) -> None:
    if "@" in name:
        raise ValidationError("It is shown to everybody: no e-mail address.")
    if not name.isprintable():
        raise ValidationError("It has signs that cannot be seen. Type it anew.")


class DisplayName(forms.CharField):
    default_validators = [presentable]

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Shown on public pages beside what is read and decided.")
        super().__init__(label="Display name", max_length=80, **options)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


def own_name(name: str, *, of: User | None) -> str:
    """Two people under one name would let one person look like two, and what one did like another's."""
    others = people.shown_as(name)
    if (others.exclude(pk=of.pk) if of else others).exists():
        raise ValidationError("Somebody else is shown by that name. Choose another.")
    is_kept = of is not None and of.get_full_name().casefold() == name.casefold()
    if not is_kept and people.on_record_as(name, of=of):
        raise ValidationError("What somebody else did is on record under that name. Choose another.")
    return name


def rename(user: User, name: str) -> None:
    user.first_name, user.last_name = name, ""


class CodeForm(forms.Form):
    """The second step of a login, after the password."""

    passed = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        max_length=20,
        help_text="Six digits from your app, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        user = second_factor.half_way(given.get("passed", ""))
        if user is None:
            raise ValidationError("That took too long. Begin again with your password.")
        if code := given.get("code"):
            too_soon = second_factor.too_soon_for(user, code)
            found = authenticate(self.request, username=user.get_username(), passed=given["passed"], token=code)
            if not isinstance(found, User):
                wrong = "That code is not right, or was used before. Wait for the next one."
                self.add_error("code", too_soon or wrong)
            else:
                self.user = found
        return given

    def get_user(self) -> User | None:
        return self.user


class NameForm(forms.Form):
    name = DisplayName(widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"initial": {"name": user.get_full_name()}} | options)
        self.user = user

    def clean_name(self) -> str:
        return own_name(self.cleaned_data["name"], of=self.user)

    def save(self) -> None:
        rename(self.user, self.cleaned_data["name"])
        self.user.save(update_fields=["first_name", "last_name"])


class WelcomeForm(SetPasswordForm):  # type: ignore[type-arg]
    """Accepting an invitation: how I am shown, and my password."""

    name = DisplayName(widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "new_password1", "new_password2"]

    def __init__(self, user: User, *args: Any, **options: Any) -> None:
        super().__init__(user, *args, **options)
        self.initial["name"] = user.get_full_name()

    def clean_name(self) -> str:
        return own_name(self.cleaned_data["name"], of=self.user)

    def save(self, commit: bool = True) -> User:
        rename(self.user, self.cleaned_data["name"])
        user: User = super().save(commit)
        return user


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail", max_length=254, help_text="Never shown outside Django’s admin and here.")
    name = DisplayName(help_text="They may change it.")
    role = forms.ChoiceField(choices=ROLE_CHOICES)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("Somebody with this address is here already; see the list.")
        return email

    def clean_name(self) -> str:
        return own_name(self.cleaned_data["name"], of=None)


class SetupForm(forms.Form):
    code = forms.CharField(
        max_length=10,
        help_text="The six digits that the app shows now.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ProofForm(forms.Form):
    proof = forms.CharField(
        label="Your password, or a code of your app",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
