"""Small shapes that the catalogue's files share: slugs, identifiers, expressions, texts as long as their column."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Model
from license_expression import ExpressionError, get_spdx_licensing

from .shapes import Test, Text, Word, matches

slug = matches(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", "not a slug", "Use small letters, digits, “.” and “-”")
repository = matches(r"[\w.-]+/[\w.-]+", "not a repository", "Write it as owner/name")
organisation = matches(r"[\w.-]+", "not a Hub organisation", "Use its name in Hub addresses")
currency = matches(r"[A-Z]{3}", "not a currency", "Use its ISO 4217 code, such as USD")
sha256 = matches(r"[0-9a-f]{64}", "not a SHA-256", "Write the 64 hex digits, small letters, of the exact bytes")


def text_for(model: type[Model], name: str, *tests: Test, empty: bool = False, lines: bool = False) -> Text:
    """Text as long as the model's field holds; the entries of an array field likewise."""
    column = model._meta.get_field(name)
    column = getattr(column, "base_field", column)
    return Text(getattr(column, "max_length", None), empty=empty, lines=lines, tests=tests)


def words(enum: Any) -> Word:
    return Word(tuple(str(word.value) for word in enum))


@cache
def licensing() -> Any:
    return get_spdx_licensing()


def identifier(text: str) -> tuple[str, str] | None:
    """An id of the SPDX list, spelled as there, or a LicenseRef of our own."""
    if text in licensing().known_symbols or text.startswith("LicenseRef-"):
        return expression(text)
    return f"is “{text}”, not on the SPDX list", "Use the SPDX id, or LicenseRef-<slug> where there is none"


def expression(text: str) -> tuple[str, str] | None:
    cure = "Join SPDX ids and LicenseRefs with AND, OR, WITH"
    try:
        parsed = licensing().parse(text)
    except ExpressionError as error:
        return f"is “{text}”, not an SPDX expression ({str(error).splitlines()[0]})", cure
    unknown = [key for key in licensing().unknown_license_keys(parsed) if not key.startswith("LicenseRef-")]
    if unknown:
        return f"names {', '.join(unknown)}, not on the SPDX list", cure
    return None if parsed.render() == text else (f"is “{text}”", f"Write it as “{parsed.render()}”")
