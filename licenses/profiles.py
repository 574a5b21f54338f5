"""A profile in an address, in a file, in a form: the same names everywhere, and back again.

Nothing of it is stored: the address is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from .clauses.countries import COUNTRIES
from .clauses.field import FIELDS_OF_USE
from .clauses.profile import Organisation, Profile, Student, Training, Use
from .clauses.sentence import joined

LARGEST = 10**15
SIZES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9}
NUMBER = re.compile(r"(\d{1,16}(?:\.\d{1,6})?) ?([a-z]*)", re.IGNORECASE | re.ASCII)
#: Between the thousands of a number.
SEPARATOR = re.compile(r"(?<=\d)[ ,_’](?=\d{3}(?!\d))", re.ASCII)
MONTH = re.compile(r"(20\d\d-(?:0[1-9]|1[0-2])):(.+)", re.ASCII)
YES_OR_NO = [("yes", "yes"), ("no", "no")]
#: The EU as a whole counts as a place.
PLACES = {"EU": "European Union"} | COUNTRIES


def choices(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(word), str(word)) for word in words]


class Amount(forms.IntegerField):
    """A whole number, also as people write it: `700M`, `20 million`, `1,000,000`."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        found = NUMBER.fullmatch(SEPARATOR.sub("", text))
        size = SIZES.get(found[2].lower()) if found else None
        if found is None or size is None:
            raise forms.ValidationError(f"“{text[:40]}” is no number. Write 700000000, 700M or 20 million.")
        # A point before three digits, or alone, is a thousand to some and a fraction to others.
        if "." in found[1] and (size == 1 or len(found[1].partition(".")[2]) == 3):
            raise forms.ValidationError(
                f"“{text[:40]}” can be read in two ways. Write 20,000 or 20k, and 1.5M or 1500k."
            )
        amount = int(Decimal(found[1]) * size)
        if amount > LARGEST:
            raise forms.ValidationError(f"“{text[:40]}” is more than anybody has. Write at most {LARGEST}.")
        return amount


class YesNo(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(choices=YES_OR_NO, required=False)


class Several(forms.MultipleChoiceField):
    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(choices=choices(words), required=False)

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if one]


class Months(forms.Field):
    """`users_at=2025-03:800000000`, once for each month."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> tuple[tuple[str, int], ...]:
        found = {}
        for said in filter(str.strip, value or ()):
            match = MONTH.fullmatch(said.strip())
            if match is None:
                cure = "Write a month and its number of users, such as 2025-03:800M."
                raise forms.ValidationError(f"“{said[:40]}” is no month with a number. {cure}")
            found[match[1]] = Amount(required=True).clean(match[2])
        return tuple(sorted(found.items()))


class ProfileForm(forms.Form):
    """What a visitor plans. Each field is a parameter of an address and a key of a profile file.

    `strangers` are keys of a file that mean nothing here; an address may carry other parameters.
    """

    strangers: tuple[str, ...] = ()

    commercial = YesNo()
    use = Several(Use)
    train = forms.ChoiceField(choices=choices(Training), required=False)
    student = Several(Student)
    end_user = YesNo()
    organisation = forms.ChoiceField(choices=choices(Organisation), required=False)
    seat = forms.ChoiceField(choices=choices(PLACES), required=False)
    place = Several(PLACES)
    field = Several(FIELDS_OF_USE)
    badge = YesNo()
    users = Amount(required=False)
    users_at = Months(required=False)
    product_users = Amount(required=False)
    daily_users = Amount(required=False)
    devices = Amount(required=False)
    revenue_year = Amount(required=False)
    revenue_month = Amount(required=False)
    product_revenue_year = Amount(required=False)
    product_revenue_month = Amount(required=False)
    currency = forms.RegexField(r"^[A-Z]{3}$", required=False, strip=True)

    def faults(self) -> dict[str, list[str]]:
        """Name → what is wrong, with the cure. Empty when all is well."""
        found = {name: [self._cure(name)] for name in self.errors}
        legal = ", ".join(NAMES)
        return found | {name: [f"“{name}” is no part of a profile. Use: {legal}."] for name in self.strangers}

    def _cure(self, name: str) -> str:
        legal = [str(value) for value, _ in getattr(self.fields[name], "choices", [])]
        if name == "currency":
            return "Write the currency as its three letters, such as EUR."
        if not legal:
            return " ".join(str(error) for error in self.errors[name])
        values = self.data.getlist(name) if isinstance(self.data, QueryDict) else [str(self.data.get(name))]
        wrong = joined([f"“{value[:40]}”" for value in values if value not in legal][:3])
        shown = legal if len(legal) <= 60 else ["two letters, such as DE or US; EU for the European Union"]
        return f"{wrong or 'This value'} cannot be used with “{name}”. Use one of: {', '.join(shown)}."

    def profile(self) -> Profile:
        """Needs a form without faults."""
        data = self.cleaned_data
        numbers = {name: data[name] for name in NUMBERS}
        assumed = not data["commercial"]
        return Profile(
            commercial=data["commercial"] == "yes" or (assumed and earns(data)),
            commercial_assumed=assumed,
            uses=frozenset(map(Use, data["use"])),
            training=Training(data["train"]) if data["train"] else None,
            student=frozenset(map(Student, data["student"])),
            end_user=data["end_user"] == "yes",
            organisation=Organisation(data["organisation"]) if data["organisation"] else None,
            seat=data["seat"],
            places=frozenset(data["place"]),
            fields=frozenset(data["field"]),
            can_show_brand=data["badge"] != "no",
            users_at=data["users_at"] or (),
            currency=data["currency"] or "USD",
            **numbers,
        )


def earns(data: Mapping[str, Any]) -> bool:
    """What speaks for a business where nobody said whether it is one."""
    sells = {Use.SELL_ACCESS, Use.SELL_OUTPUTS} & set(data["use"])
    sums = (data[name] for name in NUMBERS if "revenue" in name)
    return bool(sells) or data["organisation"] == Organisation.COMPANY or any(sums)


NUMBERS = tuple(name for name, field in ProfileForm.base_fields.items() if isinstance(field, Amount))
#: Every parameter that belongs to a profile, wherever it is carried.
NAMES = tuple(ProfileForm.base_fields)


def stated(query: QueryDict) -> bool:
    """The address says something of who asks."""
    return any(any(query.getlist(name)) for name in NAMES)


def carried(query: QueryDict) -> QueryDict:
    """The profile of an address alone, to be carried to another page."""
    copy = QueryDict(mutable=True)
    for name in NAMES:
        if values := [value for value in query.getlist(name) if value]:
            copy.setlist(name, values)
    return copy


def tidied(query: QueryDict) -> QueryDict:
    """The same address, said short: what a form sends empty is left out, and each month joins its number.

    A form has an input for every month that matters, named `users_at-2025-03`.
    """
    copy = QueryDict(mutable=True)
    for name, values in query.lists():
        field, _, month = name.partition("-")
        said = [value for value in values if value]
        if field == "users_at" and month:
            copy.setlistdefault(field).extend(f"{month}:{value}" for value in said)
        elif said:
            copy.setlistdefault(name).extend(said)
    return copy


def without(query: QueryDict) -> QueryDict:
    """The other parameters: filters, order, page."""
    copy = query.copy()
    for name in NAMES:
        copy.pop(name, None)
    return copy


def as_query(profile: Profile) -> QueryDict:
    """The address of a profile: what is not stated is left out."""
    said: dict[str, Iterable[Any]] = {
        "commercial": [] if profile.commercial_assumed else ["yes"] if profile.commercial else ["no"],
        "use": sorted(profile.uses),
        "train": [profile.training] if profile.training else [],
        "student": sorted(profile.student),
        "end_user": ["yes"] if profile.end_user else [],
        "organisation": [profile.organisation] if profile.organisation else [],
        "seat": [profile.seat] if profile.seat else [],
        "place": sorted(profile.places),
        "field": sorted(profile.fields),
        "badge": [] if profile.can_show_brand else ["no"],
        "users_at": [f"{month}:{number}" for month, number in profile.users_at],
        "currency": [profile.currency] if profile.currency != "USD" else [],
    }
    for name in NUMBERS:
        said[name] = [] if getattr(profile, name) is None else [getattr(profile, name)]
    query = QueryDict(mutable=True)
    for name in NAMES:
        if values := [str(value) for value in said[name]]:
            query.setlist(name, values)
    return query


def of_mapping(values: Mapping[str, Any]) -> ProfileForm:
    """A form from a file's mapping: single values or lists, numbers or text. A misspelled key is a fault."""
    query = QueryDict(mutable=True)
    for name, value in values.items():
        many = value if isinstance(value, list | tuple) else [value]
        query.setlist(str(name), [spelled(name, one) for one in many if one is not None])
    form = ProfileForm(query)
    form.strangers = tuple(name[:40] for name in query if name not in NAMES)[:3]
    return form


def spelled(name: str, value: object) -> str:
    """YAML reads `yes` as true and `no` as false, Norway too."""
    if isinstance(value, bool):
        return "yes" if value else "NO" if name in ("seat", "place") else "no"
    return str(value)
