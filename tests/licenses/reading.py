"""A text of our own, its addresses in the workbench, and what a curator fills in."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.pages import words
from tests.submitting import submit

TEXT = """1. Grant
You may use the model for any purpose, and sell what you make with it.

2. Large Services
If you have more than 100 million monthly active users, ask for a license first. You may not use it in Atlantis.

3. Names
Every model made from it begins with the word Acme, wherever it is published and whoever made it in the end.
"""
ACME = "/curate/acme/"
CAP = f"{ACME}clauses/mau_cap/"
NAMING = f"{ACME}clauses/governing_law/"
SIZE = {
    "amount": "100 million", "metric": "mau", "period": "month", "comparator": "gt", "measured": "ongoing",
    "whose": "licensee", "applies_to": "any_use", "effect": "separate_license",
}  # fmt: skip
SIZED = {f"thresholds__0__{key}": value for key, value in SIZE.items()}
USERS = "more than 100 million monthly active users"


def page_words(page: Any) -> str:
    return words(page.content.decode())


def read_the_cap(client: Client) -> Any:
    submit(client, CAP, "quote", paste__words=USERS)
    return submit(client, CAP, "publish", answer="yes", reason="The second section says so.", **SIZED)
