"""What a clause asks one to do, in the imperative: the "you must" of a checklist, from the typed details."""

from __future__ import annotations

from dataclasses import dataclass

from .amounts import Effect
from .base import Answer
from .reading import Reading
from .sentence import joined
from .words import badge, conditions, full_amount, listed, name_word, sized

PARTS = {
    "copyright": "keep the copyright line",
    "license_copy": "hand over a copy of the license",
    "notice_file": "keep or add the notice file",
    "citation": "cite the publication it names",
    "model_card": "keep the model card along",
}
PLACES = {
    "website": "on a website",
    "user_interface": "in the user interface",
    "blogpost": "in a blog post",
    "about_page": "on an about page",
    "product_documentation": "in the product documentation",
    "model_card": "in the model card",
}
MEANS = {
    "form": "register with the licensor by its form",
    "written_permission": "get written permission",
    "questionnaire": "fill in the licensor’s questionnaire",
    "email": "register by e-mail",
}


#: The same as things.
THINGS = {
    "copyright": "the copyright line",
    "license_copy": "a copy of the license",
    "notice_file": "the notice file",
    "citation": "the citation",
    "model_card": "the model card",
}
#: Documents of a bundle by what has to be handed over, or by where its use policy stands: their roles.
POLICIES = ("acceptable_use_policy", "prohibited_use_policy")
ROLES = {
    "license_copy": ("agreement",),
    "notice_file": ("notice",),
    "model_card": ("model_card",),
    "attached": POLICIES,
    "by_reference": POLICIES,
}
#: Consequences of a size that are a duty; the others are limits.
DUE = frozenset({Effect.BRAND_DISPLAY, Effect.REGISTRATION, Effect.ROYALTY})


@dataclass(frozen=True, slots=True)
class Handling:
    """What it takes to do a duty, taken apart: `show` any one string, ship files, name, link.

    `show`, `notice` and `word` are exact; `naming` says what the word is to a name.
    `notice_elsewhere`: a notice file is due whose words are not written down here. `roles` are those of the
    documents that it is about. Links are http(s) alone.
    """

    show: tuple[str, ...] = ()
    notice: str = ""
    notice_elsewhere: bool = False
    word: str = ""
    naming: str = ""
    places: str = ""
    files: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    size: str = ""


def handling(reading: Reading, snapshot: str) -> Handling:
    """From the typed details, whatever the kind: a detail of the same name means the same in all of them."""
    word = text(reading, "word")
    due = tuple(threshold for threshold in reading.thresholds if threshold.effect in DUE)
    hinges = conditions(reading)
    return Handling(
        show=alternatives(text(reading, "string")),
        notice=text(reading, "notice"),
        notice_elsewhere="notice_file" in values(reading, "parts") and not text(reading, "notice"),
        word=word,
        naming=("contains" if reading.payload.get("place") == "contains" else "begins with") if word else "",
        places=where_to(reading),
        files=tuple(THINGS[part] for part in values(reading, "parts") if part in THINGS),
        roles=tuple(
            role for about in (*values(reading, "parts"), text(reading, "where")) for role in ROLES.get(about, ())
        ),
        links=tuple(link for name in ("address", "guidelines") if (link := web_address(text(reading, name)))),
        size=sized(due, full_amount, snapshot) + (f" ({hinges})" if hinges else "") if due else "",
    )


def text(reading: Reading, name: str) -> str:
    found = reading.payload.get(name)
    return found if isinstance(found, str) else ""


def alternatives(string: str) -> tuple[str, ...]:
    """`Built with X / Improved using X`: one of them is to be shown."""
    return tuple(part for part in (each.strip() for each in string.split(" / ")) if part)


def web_address(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def values(reading: Reading, name: str) -> list[str]:
    found = reading.payload.get(name)
    return [str(value) for value in found] if isinstance(found, list | tuple) else []


def in_part(reading: Reading) -> str:
    """What every duty that holds for some cases only has to add; sizes say theirs themselves."""
    return ", where its case applies" if reading.answer is Answer.PARTLY and not reading.thresholds else ""


def notices(reading: Reading) -> str:
    parts = [PARTS[part] for part in values(reading, "parts") if part in PARTS] or ["keep its notices"]
    string = reading.payload.get("notice")
    return joined(parts) + (f", with the words “{string}”" if string else "") + in_part(reading)


def show_badge(reading: Reading) -> str:
    where = where_to(reading)
    return f"show {badge(reading) or 'the words it prescribes'}{f' {where}' if where else ''}{in_part(reading)}"


def where_to(reading: Reading) -> str:
    where = [PLACES[place] for place in values(reading, "where") if place in PLACES]
    return joined(where, "and" if reading.payload.get("how_many") == "all_of" else "or")


def name_it(reading: Reading) -> str:
    return f"let the name of your model {name_word(reading) or 'carry the word it prescribes'}{in_part(reading)}"


def follow_policy(reading: Reading) -> str:
    latest = "; the publisher can change it" if reading.payload.get("version") == "latest" else ""
    return f"follow its acceptable use policy{latest}"


def pass_on_terms(reading: Reading) -> str:
    whom = {"recipients_of_weights": "whoever gets the weights", "users_of_a_service": "the users of your service"}
    people = [whom[one] for one in values(reading, "to_whom") if one in whom] or ["your own users"]
    if reading.payload.get("form") == "enforceable_term":
        words = f"put its use limits into your terms for {' and for '.join(people)}, as binding terms"
    else:
        words = f"tell {joined(people)} of its use limits, by a notice"
    return words + in_part(reading)


def same_license(reading: Reading) -> str:
    published = listed(reading.payload.get("must_publish"))
    too = f" and publish its {published}" if published else ""
    return f"put your derivative under the same license{too}{in_part(reading)}"


def register(reading: Reading) -> str:
    how = MEANS.get(str(reading.payload.get("means")), "register with or ask the licensor")
    return f"{how} before commercial use{in_part(reading)}"


def pay(reading: Reading) -> str:
    rate, base = reading.payload.get("rate"), reading.payload.get("base")
    return "pay" + (f" {rate}" if rate else " what it asks") + (f", for {base}" if base else "")


def keep_safeguards(reading: Reading) -> str:
    ending = "; the license ends by itself otherwise" if reading.payload.get("consequence") == "automatic_end" else ""
    return f"keep its safeguards, or put others in their place{ending}{in_part(reading)}"


def disclose(reading: Reading) -> str:
    what = {"machine_made": "that content is machine-made", "known_dangers": "of the known dangers of your system"}
    things = [what[one] for one in values(reading, "what") if one in what]
    words = f"tell {told(reading)} {joined(things)}" if things else "disclose what it asks"
    return words + in_part(reading)


def told(reading: Reading) -> str:
    """Who is to be told, inside a sentence."""
    whom = text(reading, "to_whom")
    whom = whom[:1].lower() + whom[1:]
    return {"": "people", "end users": "your end users"}.get(whom, whom)


def respect_output_limits(reading: Reading) -> str:
    limits = reading.payload.get("limits")
    return f"keep to the limits on outputs: {limits}" if limits else "keep to its limits on outputs"


def accept_terms(reading: Reading) -> str:
    gate = reading.payload.get("gate")
    if gate == "manual":
        return "ask for access first: it is granted by hand"
    return "take the plan it is tied to" if gate == "subscription" else "accept its terms before the download"


def export_rules(reading: Reading) -> str:
    laws = reading.payload.get("laws")
    return f"export and sanctions rules apply: {laws}" if laws else "it calls on export or sanctions rules"


def others_terms(reading: Reading) -> str:
    which = reading.payload.get("which")
    return f"terms of others come along: {which}" if which else "terms of others come along"
