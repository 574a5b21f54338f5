"""What a text is made of: said on its page, and to curators where it is not what we recorded."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from licenses.models import Document, License
from tests.factories import make_license, make_revision
from tests.licenses.terms import DISPLAY, PERMISSIVE, TERMS
from tests.pages import words

pytestmark = pytest.mark.django_db

MADE_FROM = PERMISSIVE + "\n" + DISPLAY
TEXT, DIFF = "/licenses/made/text/agreement/", "/licenses/made/text/agreement/diff/"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def make(name: str, text: str, kind: str = "custom", **fields: Any) -> Document:
    license = make_license(name, kind=kind if kind != "modified-standard" else "custom")
    if kind == "modified-standard":
        fields |= {"kind": kind, "modifies": License.objects.get(slug="plain")}
    License.objects.filter(pk=license.pk).update(**fields)
    document = Document.objects.get(license=license)
    make_revision(document, text)
    return document


@pytest.fixture
def plain() -> Document:
    return make("Plain", PERMISSIVE, "standard", family="plain")


def test_a_modified_text_says_from_which_and_shows_the_sentence(client: Client, plain: Document) -> None:
    make("Made", MADE_FROM, "modified-standard")

    shown = page(client, TEXT)

    assert "Plain plus 1 sentence; the file is headed “Plain License” — compare word by word" in words(shown)
    assert f'href="{DIFF}?with=plain"' in shown
    assert f"Added to Plain:{DISPLAY}" in words(shown.replace("\n", ""))
    assert "Left out of" not in words(shown)


def test_it_can_be_compared_with_its_template(client: Client, plain: Document) -> None:
    make("Made", MADE_FROM, "modified-standard")

    shown = page(client, f"{DIFF}?with=plain")

    assert '<option value="plain" selected>Plain</option>' in shown
    assert "1 added" in words(shown)
    assert DISPLAY in words(shown)


def test_an_earlier_wording_is_the_one_compared(client: Client, plain: Document) -> None:
    document = make("Made", MADE_FROM, "modified-standard")
    before = document.revisions.get()
    make_revision(document, MADE_FROM + "\n\nThe law of Acme applies to all of this.")

    shown = page(client, f"{TEXT}?revision={before.name}")

    assert "Plain plus 1 sentence;" in words(shown)
    assert f'href="{DIFF}?with=plain&amp;to={before.name}"' in shown


@pytest.mark.parametrize(("text", "kind"), [(TERMS, "custom"), (MADE_FROM, "custom"), (MADE_FROM, "standard")])
def test_a_page_says_nothing_of_strangers_and_where_our_record_is_in_doubt(
    client: Client, plain: Document, text: str, kind: str
) -> None:
    make("Made", text, kind)

    assert 'class="kin"' not in page(client, TEXT)


def test_a_standard_text_is_not_made_from_its_copies(client: Client, plain: Document) -> None:
    make("Made", MADE_FROM, "modified-standard")

    assert 'class="kin"' not in page(client, "/licenses/plain/text/agreement/")


def test_nor_is_anything_said_of_a_policy(client: Client, plain: Document) -> None:
    make("Made", MADE_FROM, "modified-standard")
    Document.objects.filter(license__slug="made").update(role="notice")

    assert 'class="kin"' not in page(client, TEXT)


PLUS = "Plain plus 1 sentence; the file is headed “Plain License” (modified-standard)"


@pytest.mark.parametrize(
    ("text", "kind", "family", "said"),
    [
        (MADE_FROM, "standard", "", f"made is recorded as standard; its words are {PLUS}"),
        (MADE_FROM, "custom", "", f"made is recorded as custom; its words are {PLUS}"),
        (MADE_FROM, "modified-standard", "", ""),
        (MADE_FROM, "standard", "plain", ""),
        (PERMISSIVE, "custom", "", "is recorded as custom; its words are the words of Plain (standard)"),
        (
            PERMISSIVE,
            "modified-standard",
            "",
            "- kind: made is recorded as modified-standard; its words are the words of",
        ),
        (TERMS, "custom", "", ""),
        (TERMS, "standard", "plain", ""),
        (TERMS, "modified-standard", "", "its words are near no text that we know (custom)"),
    ],
)
def test_the_command_names_what_was_recorded_otherwise(
    plain: Document, tmp_path: Path, text: str, kind: str, family: str, said: str
) -> None:
    make("Made", text, kind, family=family)
    out = StringIO()

    call_command("texts", str(tmp_path), stdout=out)

    lines = [line for line in out.getvalue().splitlines() if line.startswith("- kind:")]
    assert len(lines) == bool(said)
    assert said in "".join(lines)
