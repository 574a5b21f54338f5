"""What to ask somebody who wants to know “may I use it?”: each question only where a license in view makes it matter.

Declared in the order in which a person answers. A question names the field of the profile that holds its answer, and
tells why it is asked, naming the licenses. Which licenses look at what is read off their typed rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .amounts import Basis, Measured, Metric, ThresholdValue, Whose
from .base import Answer, Strength
from .bearing import listed_in, passes_on
from .consequences import badge_is_due
from .countries import COUNTRIES
from .geography import RESIDENCE, USE
from .profile import Organisation, Profile, Student, Training, Use
from .purposes import PURPOSES
from .rates import PER_EURO
from .reading import Reading, Terms
from .sizes import MONTHS, all_users, concerns, passes, snapshot_month

#: The terms that bear on the rows in view, by the name of their license, in the order of the rows.
InView = Mapping[str, Terms]
#: In words why it is asked; empty where nothing in view asks for it.
Why = Callable[[Profile, InView], str]
Choices = tuple[tuple[str, str], ...]
Words = Callable[[Profile, InView], dict[str, tuple[str, str]]]

ALWAYS_ASKED = "Always asked: every license looks at it."
NOT_NEEDED = "No license in view looks at it."
#: For people who think of a country: the union that licenses name first.
PLACES: Choices = (("EU", "European Union"), *sorted(COUNTRIES.items(), key=lambda place: place[1]))


@dataclass(frozen=True, slots=True)
class Question:
    """`name` is the field of a profile. `parts`: one input for each, such as a month: part → its label and why."""

    name: str
    label: str
    needed: Why
    help: str = ""
    choices: Choices = ()
    several: bool = False
    parts: Words | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is put to one visitor."""

    question: Question
    label: str
    why: str
    part: str = ""
    choices: Choices = ()


def because(names: Iterable[str], verb: str, rest: str) -> str:
    """`Asked because Llama 4 and 5 others look at your users.` Empty for nobody. The verb is that of several."""
    found = list(dict.fromkeys(names))
    if not found:
        return ""
    if len(found) == 1:
        return f"Asked because {found[0]} {verb}s {rest}."
    others = found[1] if len(found) == 2 else f"{len(found) - 1} others"
    return f"Asked because {found[0]} and {others} {verb} {rest}."


def always(profile: Profile, in_view: InView) -> str:
    return ALWAYS_ASKED


# Sizes.


def sizes(profile: Profile, in_view: InView) -> Iterator[tuple[str, Terms, ThresholdValue]]:
    """Every size in view that this profile could reach."""
    for name, terms in in_view.items():
        for reading in terms.readings.values():
            if reading.thresholds and reading.binds and bears(reading, profile, terms):
                yield from ((name, terms, size) for size in reading.thresholds if concerns(size, profile))


def bears(reading: Reading, profile: Profile, terms: Terms) -> bool:
    bearing = reading.kind.bearing
    return bearing is not None and bearing.when.test(profile, terms)


def size(test: Callable[[ThresholdValue], bool], words: str) -> Why:
    def needed(profile: Profile, in_view: InView) -> str:
        return because((name for name, _, one in sizes(profile, in_view) if test(one)), "look", f"at {words}")

    return needed


def counts_people(one: ThresholdValue) -> bool:
    return not one.metric.is_money and one.metric is not Metric.DEVICES


def counts_all_users(one: ThresholdValue) -> bool:
    return counts_people(one) and one.whose is not Whose.PRODUCT and one.metric is not Metric.DAU


def counts_product_users(one: ThresholdValue) -> bool:
    return counts_people(one) and one.whose is Whose.PRODUCT


def money(*, monthly: bool, of_product: bool) -> Callable[[ThresholdValue], bool]:
    return lambda one: (
        one.metric.is_money and (one.period in MONTHS) is monthly and (one.whose is Whose.PRODUCT) is of_product
    )


def users_in_months(profile: Profile, in_view: InView) -> dict[str, tuple[str, str]]:
    """The months that licenses look at, once today's users would reach such a size or the month is stated."""
    stated = dict(profile.users_at)
    found: dict[str, tuple[Terms, list[str]]] = {}
    for name, terms, one in sizes(profile, in_view):
        if one.measured is not Measured.AT_RELEASE or one.metric.is_money:
            continue
        month = snapshot_month(terms)
        if month and (month in stated or passes(Fraction(all_users(profile) or 0), one)):
            found.setdefault(month, (terms, []))[1].append(name)
    words = {}
    for month in sorted(found, reverse=True):
        terms, names = found[month]
        words[month] = month_in_words(terms, list(dict.fromkeys(names)))
    return words


def month_in_words(terms: Terms, names: list[str]) -> tuple[str, str]:
    they = "it" if len(names) == 1 else "they"
    why = because(names, "look", f"at your users {terms.snapshot}, the month before {they} came out")
    return f"Monthly users {terms.snapshot}", why


def any_month(profile: Profile, in_view: InView) -> str:
    return " ".join(why for _, why in users_in_months(profile, in_view).values())


def any_money(profile: Profile, in_view: InView) -> str:
    names = (name for name, _, one in sizes(profile, in_view) if one.metric.is_money)
    return because(names, "set", "a size in money")


# Places, purposes, parties, badges, students.


def reading(slug: str, terms: Terms) -> Reading | None:
    """What is read as yes or partly."""
    found = terms.readings.get(slug)
    return found if found and found.answer in (Answer.YES, Answer.PARTLY) else None


def closed_by(bases: Callable[[Profile, Terms], frozenset[Basis]], words: str) -> Why:
    def needed(profile: Profile, in_view: InView) -> str:
        names = (
            name
            for name, terms in in_view.items()
            if (geography := reading("geo_exclusion", terms))
            for place in geography.territories
            if bases(profile, terms).intersection(place.basis)
            and not (profile.merely_uses and place.exception == "end_users_of_products")
        )
        return because(names, "grant", words)

    return needed


def of_use(profile: Profile, terms: Terms) -> frozenset[Basis]:
    return USE | {Basis.PLACE_OF_DISTRIBUTION} if passes_on(profile, terms) else USE


def purposes(profile: Profile, in_view: InView) -> str:
    names = (name for name, terms in in_view.items() if listed_in(reading("field_of_use", terms), "fields"))
    return because(names, "list", "purposes that are closed")


def purposes_in_view(in_view: InView) -> frozenset[str]:
    return frozenset().union(*(listed_in(reading("field_of_use", terms), "fields") for terms in in_view.values()))


def shut_out(profile: Profile, in_view: InView) -> str:
    """By what somebody is; or nobody wrote down whom."""
    sorts = {str(sort) for sort in Organisation}
    names = []
    for name, terms in in_view.items():
        found = reading("excluded_parties", terms)
        parties = listed_in(found, "parties")
        if found and (not parties or parties & sorts):
            names.append(name)
    return because(names, "shut", "out some sort of user")


def badge(profile: Profile, in_view: InView) -> str:
    def is_due(terms: Terms) -> bool:
        found = reading("branding_required", terms)
        if found is None or found.strength is not Strength.MUST or not badge_is_due(profile, terms):
            return False
        return not found.thresholds or any(concerns(one, profile) for one in found.thresholds)

    return because((name for name, terms in in_view.items() if is_due(terms)), "want", "a name or badge shown")


def student(profile: Profile, in_view: InView) -> str:
    """What becomes of a trained model matters where terms reach it through its teacher's outputs."""
    if profile.training is None:
        return ""

    def reaches(terms: Terms) -> bool:
        marks = (listed_in(reading(kind, terms), "reaches") for kind in ("branding_required", "derivative_naming"))
        return reading("distillation_derivative", terms) is not None or any("outputs" in reached for reached in marks)

    return because((name for name, terms in in_view.items() if reaches(terms)), "reach", "models trained on outputs")


YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
NUMBER = "Such as 800M or 20 million."
GROUP = f"Affiliates and employer included. {NUMBER}"
PRODUCT = f"The product that the model is in. {NUMBER}"

QUESTIONS: tuple[Question, ...] = (
    Question("commercial", "Is it for a business, or for money?", always, choices=YES_NO),
    Question(
        "use",
        "What will you do with it?",
        always,
        help="Running it for yourself needs no tick. "
        "If it ships inside an app or device, tick “Pass its weights on” too.",
        several=True,
        choices=(
            (Use.EVALUATE, "Try it out"),
            (Use.PRODUCT, "Build it into a product or service"),
            (Use.HOST, "Offer it as an API for others"),
            (Use.SELL_ACCESS, "Sell access to the model as such"),
            (Use.REDISTRIBUTE, "Pass its weights on"),
            (Use.FINE_TUNE, "Fine-tune it for yourself"),
            (Use.PUBLISH, "Publish a model made from it"),
            (Use.SELL_OUTPUTS, "Sell its outputs"),
        ),
    ),
    Question(
        "train",
        "Will you train another model on its outputs?",
        always,
        choices=(
            ("", "No"),
            (Training.OWN_LLM, "Yes, a language model of our own"),
            (Training.COMPETING, "Yes, one that competes with it"),
        ),
    ),
    Question(
        "student",
        "That other model…",
        student,
        several=True,
        choices=((Student.PUBLISHED, "will be published"), (Student.ALIKE, "is to perform alike")),
    ),
    Question(
        "end_user",
        "Do you only use somebody else’s product?",
        always,
        choices=(("", "No"), ("yes", "Yes, the model is inside it")),
    ),
    Question(
        "organisation",
        "Who are you?",
        shut_out,
        choices=(
            ("", "not said"),
            (Organisation.COMPANY, "A company"),
            (Organisation.NON_PROFIT, "A non-profit"),
            (Organisation.PUBLIC_BODY, "A public body"),
            (Organisation.UNIVERSITY, "A university"),
            (Organisation.PERSON, "A person"),
        ),
    ),
    Question(
        "seat",
        "Where are you based?",
        closed_by(lambda profile, terms: RESIDENCE, "nothing to those who sit in some places"),
        help="Your home, or your business’s main place.",
        choices=(("", "not said"), *PLACES),
    ),
    Question(
        "place",
        "Where is it used?",
        closed_by(of_use, "nothing in some places of use"),
        help="The model, or its outputs.",
        choices=PLACES,
        several=True,
    ),
    Question("users", "Monthly users today", size(counts_all_users, "your users"), help=GROUP),
    Question("users_at", "Monthly users in a month before a release", any_month, parts=users_in_months),
    Question("product_users", "Monthly users of the product", size(counts_product_users, "its users"), help=PRODUCT),
    Question("daily_users", "Daily users", size(lambda one: one.metric is Metric.DAU, "your daily users"), help=GROUP),
    Question("devices", "Devices it runs on", size(lambda one: one.metric is Metric.DEVICES, "devices"), help=NUMBER),
    Question(
        "revenue_year", "Revenue a year", size(money(monthly=False, of_product=False), "your revenue"), help=GROUP
    ),
    Question(
        "revenue_month",
        "Revenue a month",
        size(money(monthly=True, of_product=False), "your monthly revenue"),
        help=GROUP,
    ),
    Question(
        "product_revenue_year",
        "Revenue of the product, a year",
        size(money(monthly=False, of_product=True), "what the product earns"),
        help=PRODUCT,
    ),
    Question(
        "product_revenue_month",
        "Revenue of the product, a month",
        size(money(monthly=True, of_product=True), "what the product earns in a month"),
        help=PRODUCT,
    ),
    Question(
        "currency",
        "In which currency?",
        any_money,
        choices=(("", "USD"), *((one, one) for one in sorted({"EUR", *PER_EURO} - {"USD"}))),
    ),
    Question(
        "badge",
        "Can you show a badge or a name?",
        badge,
        help="Such as “Built with …” beside your product.",
        choices=(("", "Yes"), ("no", "No")),
    ),
    Question("field", "Is it for one of these?", purposes, choices=PURPOSES, several=True),
)


def asked(profile: Profile, in_view: InView, stated: Collection[str] = ()) -> list[Asked]:
    """The questions that matter to this profile; one that is answered stays, whether or not it still matters."""
    found = []
    for question in QUESTIONS:
        if question.parts:
            months = question.parts(profile, in_view)
            kept = {month: (f"Monthly users in {month}", NOT_NEEDED) for month, _ in profile.users_at}
            parts = (kept | months).items()
            found += [Asked(question, label, why, part) for part, (label, why) in sorted(parts, reverse=True)]
        elif (why := question.needed(profile, in_view)) or question.name in stated:
            choices = offered(question, profile, in_view)
            found.append(Asked(question, question.label, why or NOT_NEEDED, choices=choices))
    return found


def offered(question: Question, profile: Profile, in_view: InView) -> Choices:
    """Of the purposes those that some license in view closes, and those that are ticked."""
    if question.name != "field":
        return question.choices
    shown = purposes_in_view(in_view) | profile.fields
    known = tuple((slug, words) for slug, words in question.choices if slug in shown)
    others = sorted(profile.fields - dict(question.choices).keys())
    return known + tuple((slug, slug.replace("_", " ")) for slug in others)
