"""The form of one clause: generated from its kind, filled with what was typed, blamed where `licenses.offers` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.datastructures import MultiValueDict

from .clauses import READ, ClauseKind, FieldType, PayloadField, Strength, amounts
from .offers import Faults
from .typed import ROWS, Typed, rows

Choices = list[tuple[str, str]]

ANSWERS = {"yes": "Yes", "no": "No", "partly": "Partly", "silent": "Silent: the text says nothing"}
STRENGTHS = {"must": "must: it binds", "should": "should: asked only", "may": "may: offered only"}
METRICS = {
    "mau": "monthly active users", "dau": "daily active users", "unique_users": "unique users",
    "service_visits": "visits of a service", "devices": "devices", "revenue": "revenue",
    "recurring_revenue": "recurring revenue",
}  # fmt: skip
PERIODS = {
    "month": "a month", "calendar_month": "a calendar month", "year": "a year", "calendar_year": "a calendar year",
    "any_12_months": "any 12 months", "none": "no period is named",
}  # fmt: skip
COMPARATORS = {"gt": "more than", "gte": "at least"}
MEASURED = {"at_release": "once, in the month before the release", "ongoing": "at any time"}
WHOSE = {
    "licensee": "the licensee's", "licensee_and_affiliates": "the licensee's and its affiliates'",
    "group_or_employer": "the whole group's or the employer's", "product": "the product's",
}  # fmt: skip
APPLIES_TO = {
    "any_use": "any use", "commercial_use": "commercial use only", "model_as_a_service": "the model as a service only",
    "ai_assistant_product": "AI assistant products only", "distribution": "distribution only",
}  # fmt: skip
EFFECTS = {
    "separate_license": "a separate license is needed", "no_rights": "no rights are left",
    "brand_display": "a brand must be shown", "registration": "registration is due", "royalty": "a royalty is due",
    "security_review": "a security review is due",
}  # fmt: skip
BASES = {
    "domicile": "where they are at home", "principal_place_of_business": "their principal place of business",
    "place_of_use": "where it is used", "place_of_distribution": "where it is passed on",
    "output_use": "where its outputs are used",
}  # fmt: skip
TERRITORY_EFFECTS = {"no_grant": "nothing is granted there", "prohibited": "use is forbidden there"}
#: Every word that a field offers, against the words that are declared: a test holds them together.
SPOKEN: dict[Any, Mapping[str, str]] = {
    READ: ANSWERS, Strength: STRENGTHS, amounts.Metric: METRICS, amounts.Period: PERIODS,
    amounts.Comparator: COMPARATORS, amounts.Measured: MEASURED, amounts.Whose: WHOSE, amounts.AppliesTo: APPLIES_TO,
    amounts.Effect: EFFECTS, amounts.Basis: BASES, amounts.TerritoryEffect: TERRITORY_EFFECTS,
}  # fmt: skip


def one_of(words: Mapping[str, str] | Choices, label: str, *, empty: str = "choose", hint: str = "") -> forms.Field:
    choices = list(words.items()) if isinstance(words, Mapping) else words
    return forms.CharField(label=label, help_text=hint, widget=forms.Select(choices=[("", empty), *choices]))


def line(label: str, *, hint: str = "", size: int = 24, **attrs: str) -> forms.Field:
    return forms.CharField(label=label, help_text=hint, widget=forms.TextInput({"size": size, **attrs}))


def lines(label: str, *, hint: str = "", height: int = 2) -> forms.Field:
    return forms.CharField(label=label, help_text=hint, widget=forms.Textarea({"rows": height, "cols": 40}))


def several(words: Mapping[str, str] | Choices, label: str, chosen: list[str]) -> forms.Field:
    """Boxes to tick; a reading that names them in an order of its own keeps it."""
    choices = dict(words)
    known = [value for value in chosen if value in choices]
    if known != [value for value in choices if value in known]:
        choices = {value: choices[value] for value in known} | choices
    return forms.MultipleChoiceField(label=label, choices=list(choices.items()), widget=forms.CheckboxSelectMultiple)


class Part(forms.Form):
    """Fields named by their path. They are judged as the whole that they are a part of, by `licenses.offers`."""

    use_required_attribute = False

    def add_prefix(self, field_name: str) -> str:
        return f"{self.prefix}.{field_name}" if self.prefix else field_name

    def full_clean(self) -> None:
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}


class ThresholdForm(Part):
    comparator = one_of(COMPARATORS, "More than, or at least")
    amount = line("Amount", hint="700 million, 20M or 20,000,000", size=14)
    metric = one_of(METRICS, "Of what")
    period = one_of(PERIODS, "Within")
    measured = one_of(MEASURED, "Looked at")
    whose = one_of(WHOSE, "Whose size counts")
    applies_to = one_of(APPLIES_TO, "Which use it is about")
    effect = one_of(EFFECTS, "Beyond it")
    exceptions = line("Exceptions, in our words", size=32)
    currency = line("Currency, for money only", hint="such as USD", size=5, autocapitalize="characters")
    or_equivalent = forms.BooleanField(label="or the same sum in other currencies")
    discretion = forms.BooleanField(label="the licensor alone decides whether to grant it")


class TerritoryForm(Part):
    regions = line("Places left out", hint="Countries by name or code; EU stands for its 27 states.", list="places")
    basis = forms.MultipleChoiceField(
        label="What ties somebody to the place", choices=list(BASES.items()), widget=forms.CheckboxSelectMultiple
    )
    applies_to = line("Which models", hint="Empty for all of them.")
    exception = line("Exceptions")
    effect = one_of(TERRITORY_EFFECTS, "Effect")

    @property
    def named(self) -> list[str]:
        """One field for each place, and one more."""
        given: list[str] = self.data.getlist(self.add_prefix("regions"))  # type: ignore[attr-defined]
        return [*(name for name in given if name.strip()), ""]


class QuoteForm(Part):
    words = lines("Words")
    section = line("Section", size=20)
    document = forms.CharField(widget=forms.HiddenInput)


SINGULAR = {"thresholds": "Size", "territories": "Place", "quotes": "Quote"}
PARTS: dict[str, type[Part]] = {"thresholds": ThresholdForm, "territories": TerritoryForm, "quotes": QuoteForm}


class ReadingForm(Part):
    """The fields that a reading has once."""

    answer = forms.ChoiceField(choices=list(ANSWERS.items()), widget=forms.RadioSelect)
    strength = forms.CharField(label="How hard it binds", widget=forms.Select(choices=list(STRENGTHS.items())))
    note = lines("Note, in our own words", hint="Shown with the quote.", height=3)
    reason = lines("Why it reads so", hint="A sentence, shown to all with the change.")

    def __init__(self, kind: ClauseKind, typed: Typed, days: Iterable[tuple[str, str]]) -> None:
        super().__init__(MultiValueDict(typed))
        self.fields["answer"].label = kind.question
        self.fields["answer"].help_text = kind.guidance
        for part in kind.payload:
            self.fields[f"payload.{part.name}"] = detail(part, typed)
        new = [(day, f"The words changed on {day}{where}") for day, where in days]
        self.has_new_words = bool(new)
        if new:
            choices = [("", "We read it better: the words said so before, too"), *new]
            self.fields["since"] = forms.ChoiceField(
                label="The text has other words than those we quoted", choices=choices, widget=forms.RadioSelect
            )

    @property
    def details(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("payload.")]


def detail(part: PayloadField, typed: Typed) -> forms.Field:
    """The field of one detail, by its type."""
    label = part.name.replace("_", " ").capitalize()
    words = {choice: choice.replace("_", " ") for choice in part.choices}
    if part.type is FieldType.CHOICES:
        field = several(words, label, typed.get(f"payload.{part.name}", []))
        field.help_text = part.help
        return field
    if part.type is FieldType.CHOICE:
        return one_of(words, label, empty="not said", hint=part.help)
    if part.type is FieldType.FLAG:
        return one_of({"yes": "yes", "no": "no"}, label, empty="not said", hint=part.help)
    return line(label, hint=part.help, size=40, **({"inputmode": "url"} if part.type is FieldType.URL else {}))


@dataclass(frozen=True, slots=True)
class Blame:
    """A line of the summary: the field's id, its name, and what is wrong with it."""

    target: str
    label: str
    words: str


class Sheet:
    """All parts of the form, filled and blamed."""

    def __init__(
        self, kind: ClauseKind, typed: Typed, faults: Faults | None = None, *, days: Iterable[tuple[str, str]] = ()
    ) -> None:
        self.kind = kind
        self.main = ReadingForm(kind, typed, days)
        data = MultiValueDict(typed)
        self.rows = {
            name: [PARTS[name](data, prefix=f"{name}.{n}") for n in range(len(rows(typed, name)))] for name in ROWS
        }
        self.pasted = data.get("paste.words", "")
        #: What is wrong with the quotes as a whole, with words that were pasted, and with the form as a whole.
        self.apart: dict[str, ErrorList] = {name: ErrorList() for name in ("quotes", "paste", "whole")}
        self.summary = [self.blame(path, words) for path, said in (faults or {}).items() for words in said]

    def blame(self, path: str, words: str) -> Blame:
        part, field = self.place(path)
        if part is None or field not in part.fields:
            name = {"": "quotes", "quotes": "quotes", "paste.words": "paste"}.get(path, "whole")
            self.apart[name].append(words)
            label = {"quotes": "Quotes", "paste": "Words to add", "whole": "Form"}[name]
            return Blame({"paste": "paste-words"}.get(name, name), label, words)
        part.add_error(field, words)
        number = "" if part is self.main else f" {int(str(part.prefix).split('.')[1]) + 1}"
        owner = "" if part is self.main else f"{SINGULAR[str(part.prefix).split('.')[0]]}{number}, "
        label = "Answer" if field == "answer" else str(part[field].label)
        return Blame(part[field].id_for_label or part[field].auto_id, f"{owner}{label}", words)

    def place(self, path: str) -> tuple[Part | None, str]:
        """The part and the field of a path; of a row as a whole only the currency is blamed."""
        name, _, rest = path.partition(".")
        if name not in ROWS:
            return self.main, ".".join(path.split(".")[:2]) if name == "payload" else path
        number, _, key = rest.partition(".")
        if not number.isdigit() or int(number) >= len(self.rows[name]):
            return None, ""
        return self.rows[name][int(number)], key.split(".")[0] or "currency"

    @property
    def thresholds(self) -> list[Part]:
        return self.rows["thresholds"]

    @property
    def territories(self) -> list[Part]:
        return self.rows["territories"]

    @property
    def quotes(self) -> list[Part]:
        return self.rows["quotes"]
