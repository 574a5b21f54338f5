"""One verdict in full: the page, the same for machines and for a file."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from licenses import bundles
from licenses.clauses import KIND, Answer, Nature
from licenses.models import Artifact, License, Quote, Release, Revision
from tests.factories import make_license, make_model, make_release, make_revision
from tests.pages import words

pytestmark = pytest.mark.django_db

PLANS = "commercial=yes&seat=DE&use=product"
TEXT = "1 Grant. You may use it in any business. 2 Nobody in Europe gets rights. 3 Show the words Made with Acme."
EUROPE = {
    "answer": "yes",
    "quote": "Nobody in Europe gets rights",
    "territories": [{"regions": ["EU"], "basis": ["domicile"], "applies_to": "all_models", "effect": "no_grant"}],
}
BADGE = {
    "answer": "yes",
    "quote": "Show the words Made with Acme",
    "payload": {"string": "Made with Acme", "trigger": ["product_or_service"]},
}


def acme(name: str = "Acme Terms", **answers: Any) -> License:
    """A license of which everything is read, with its text: free, but for what is given."""
    free = {kind.slug: "yes" if kind.nature is Nature.PERMISSION else Answer.SILENT for kind in KIND.values()}
    license = make_license(name, **free | answers)
    make_revision(license.documents.get(), TEXT, effective_on=date(2025, 4, 5))
    return license


@pytest.fixture
def scout() -> Release:
    license = acme(geo_exclusion=EUROPE, branding_required=BADGE, unilateral_change="yes")
    return make_release("Acme Scout", license, repos=["acme/scout"])


GRANTED = {kind.slug: "yes" for kind in KIND.values() if kind.nature is Nature.PERMISSION}


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, words(answer.content.decode())
    return answer.content.decode()


def part(markup: str, name: str) -> str:
    """The words of one section, by its anchor."""
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', markup, re.S)
    return words(found[1]) if found else ""


def test_the_heading_says_it_and_the_clause_that_decided_proves_it(client: Client, scout: Release) -> None:
    shown = page(client, f"/check/releases/acme-scout/?{PLANS}")

    assert "Acme Scout: appears prohibited" in words(shown)
    assert "Our reading of the text dated 2026-11-01; the text itself governs." in words(shown)
    decided = part(shown, "decided")
    assert "It grants nothing in the EU: your seat is there (DE)." in decided
    assert "“Nobody in Europe gets rights”Acme Terms text, 2" in decided
    assert "First reader: Ada, 2026-11-01. Second reader: none yet" in decided
    assert re.search(r'href="/licenses/acme-terms/text/agreement/\?revision=\w{12}#q-geo_exclusion-1"', shown)
    assert 'href="/licenses/acme-terms/clauses/geo_exclusion/correct/"' in shown


def test_a_quote_whose_document_is_not_held_is_said_to_be_unchecked(client: Client) -> None:
    bare = make_license("Bare Terms", **GRANTED | {"commercial_use": "no"})
    make_release("Bare", bare)
    said = "Not held here: Bare Terms text; its quotes cannot be checked against a text."
    address = f"/check/releases/bare/?{PLANS}"

    assert said in words(page(client, address))
    assert "- Bare Terms text" in page(client, f"{address}&format=txt").split("Not held here")[1]
    assert client.get(f"{address}&format=json").json()["not_held"] == ["Bare Terms text"]


def test_a_document_that_is_held_is_not(client: Client, scout: Release) -> None:
    assert "Not held here" not in page(client, f"/check/releases/acme-scout/?{PLANS}")


def test_a_model_of_no_stated_license_is_said_to_be_one(client: Client) -> None:
    make_model("acme/base", license=acme())
    make_model("acme/child", base_models=["acme/base"], base_relation="finetune")

    assert "It states no license" in part(page(client, f"/check/models/acme/child/?{PLANS}"), "line")


def test_change_leads_to_the_form_and_its_own_row(client: Client, scout: Release) -> None:
    shown = page(client, f"/check/releases/acme-scout/?{PLANS}")
    [change] = re.findall(r'<a href="([^"]+)">Change</a>', shown)

    assert html.unescape(change) == "/check/?commercial=yes&use=product&seat=DE&q=Acme%20Scout"
    assert 'href="/check/releases/acme-scout/' in page(client, html.unescape(change))


def test_duties_are_use_case_condition_and_what_one_must(client: Client, scout: Release) -> None:
    duties = part(page(client, f"/check/releases/acme-scout/?{PLANS}"), "duties")

    assert duties.startswith("What to do, once nothing stands in the way")
    assert "Use case Showing the brand If you pass it on, build on it or publish a model made from it" in duties
    assert "You must show “Made with Acme”" in duties
    assert "“Show the words Made with Acme”" in duties


def test_risks_come_red_ones_first_and_in_words(client: Client) -> None:
    make_release("Acme Risky", acme(patent_retaliation="yes", indemnity="yes", unilateral_change="yes"))

    risks = part(page(client, f"/check/releases/acme-risky/?{PLANS}"), "risks")

    assert risks.startswith("Risks Serious: the licensor may change the terms later")
    assert risks.count("Serious:") == 1
    assert "you answer for losses of the licensor" in risks


def test_it_says_which_wording_it_rests_on(client: Client, scout: Release) -> None:
    wording = Revision.objects.get(document__license__slug="acme-terms")

    shown = page(client, f"/check/releases/acme-scout/?{PLANS}")

    assert f"Acme Terms text 2025-04-05 · sha256 {wording.name}" in part(shown, "rests")
    assert f'href="/licenses/acme-terms/text/agreement/?revision={wording.name}"' in shown


def test_every_change_that_it_tells_leads_to_the_verdict_that_it_tells(client: Client, scout: Release) -> None:
    shown = page(client, f"/check/releases/acme-scout/?{PLANS}")
    changes = re.findall(r'<li><a href="([^"]*)">([^<]*: [^<]*)</a></li>', shown)

    assert words(changes[0][1]) == "With your seat outside the EU: appears permitted with obligations"
    for address, told in changes:
        there = words(page(client, html.unescape(address)))
        assert f"Acme Scout: {html.unescape(told).rpartition(': ')[2]}" in there


def test_what_nobody_has_read_is_said_and_decides_nothing_good(client: Client) -> None:
    make_release("Acme Half", make_license("Half read", modification="yes"))

    shown = page(client, f"/check/releases/acme-half/?{PLANS}")

    assert "Acme Half: cannot tell" in words(shown)
    assert "Not read yet in Half read: Commercial use" in part(shown, "unread")
    assert "Nobody has read Half read for this yet. That is not a “no”." in part(shown, "decided")


def test_what_the_text_is_silent_on_is_said(client: Client, scout: Release) -> None:
    unread = part(page(client, f"/check/releases/acme-scout/?{PLANS}"), "unread")

    assert "Acme Terms is silent on" in unread
    assert "It is the publisher’s own text" in unread


def test_what_was_assumed_is_said(client: Client) -> None:
    make_release("Acme Big", acme(mau_cap={"answer": "yes", "thresholds": [{}]}))

    notes = part(page(client, "/check/releases/acme-big/?commercial=yes&users=5000"), "notes")

    assert "today’s number stands for them" in notes


def test_a_verdict_on_a_doubted_clause_says_so(client: Client, scout: Release) -> None:
    Quote.objects.filter(clause__kind="geo_exclusion").update(state="missing", missing_since=timezone.now())

    shown = words(page(client, f"/check/releases/acme-scout/?{PLANS}"))
    export = client.get(f"/check/releases/acme-scout/?{PLANS}&format=json").json()

    assert "It rests on clauses in doubt, as words that prove them are no longer in the text: Geography since" in shown
    assert export["in_doubt"] == [{"license": "acme-terms", "kind": "geo_exclusion"}]
    assert export["deciding"][0]["in_doubt_since"]


def test_a_doubted_clause_of_another_use_is_not_named(client: Client, scout: Release) -> None:
    Quote.objects.filter(clause__kind="modification").update(state="missing", missing_since=timezone.now())

    assert "in doubt" not in words(page(client, f"/check/releases/acme-scout/?{PLANS}"))


def test_without_plans_it_gives_no_verdict_and_leads_to_the_questions(client: Client, scout: Release) -> None:
    shown = page(client, "/check/releases/acme-scout/")

    assert "May I use Acme Scout?" in words(shown)
    assert "appears" not in words(shown)
    assert 'href="/check/"' in shown
    assert part(shown, "duties") == ""


def test_the_terms_of_a_base_model_come_with_their_way_and_their_own_verdict(client: Client) -> None:
    strict = acme("Strict Terms", geo_exclusion=EUROPE)
    make_model("other/base", license=strict)
    make_model("other/middle", license=acme("Free Terms"), base_models=["other/base"], base_relation="finetune")
    make_model(
        "me/tiny",
        license=License.objects.get(slug="free-terms"),
        base_models=["other/middle"],
        base_relation="quantized",
    )

    shown = page(client, f"/check/models/me/tiny/?{PLANS}")

    assert "me/tiny: appears prohibited" in words(shown)
    line = part(shown, "line")
    assert "other/base by way of other/middle" in line
    assert "conflict The declared terms appear to open it to places that other/base (Strict Terms) leaves out" in line
    assert "prohibited Fine-tuned from other/base: Strict Terms" in line
    assert "“Nobody in Europe gets rights”" in part(shown, "decided")


def test_an_unknown_base_is_said(client: Client) -> None:
    make_model("me/tiny", license=acme(), base_models=["lost/<b>base"], base_relation="finetune")

    shown = page(client, f"/check/models/me/tiny/?{PLANS}")

    assert "me/tiny: cannot tell" in words(shown)
    assert "lost/&lt;b&gt;base is not known here" in shown


def test_the_gate_of_a_repository_is_a_duty(client: Client) -> None:
    make_model("me/gated", license=acme(), gate="manual")

    shown = page(client, "/check/models/me/gated/?commercial=no")

    assert "me/gated: appears permitted with obligations" in words(shown)
    assert "You must ask for access on the Hub first: it is granted by hand" in part(shown, "duties")


def test_of_several_licenses_the_best_may_be_chosen(client: Client) -> None:
    closed, free = acme("Closed Terms", commercial_use="no"), acme("Free Terms")
    release = make_release("Acme Dual", closed)
    Artifact.objects.filter(release=release).update(expression=f"{closed.identifier} OR {free.identifier}")

    shown = words(page(client, f"/check/releases/acme-dual/?{PLANS}"))

    assert "Acme Dual: appears permitted" in shown
    assert "One of its licenses may be chosen" in shown


def test_a_license_by_itself(client: Client, scout: Release) -> None:
    shown = words(page(client, "/check/licenses/acme-terms/?commercial=yes&use=product"))

    assert "Acme Terms: appears permitted with obligations" in shown


def test_json_holds_all_that_the_page_says(client: Client, scout: Release) -> None:
    found = client.get(f"/check/releases/acme-scout/?{PLANS}&format=json").json()

    assert (found["verdict"], found["label"]) == ("prohibited", "appears prohibited")
    assert found["disclaimer"].startswith("Information, not legal advice.")
    assert found["profile"] == {"commercial": ["yes"], "use": ["product"], "seat": ["DE"]}
    assert found["deciding"][0]["quotes"] == [
        {"exact": "Nobody in Europe gets rights", "document": "Acme Terms text", "section": "2"}
    ]
    assert found["duties"][0]["you_must"] == "show “Made with Acme”"
    assert found["risks"][0]["tone"] == "red"
    assert len(found["rests_on"][0]["documents"][0]["sha256"]) == 64
    assert found["would_change"][0]["profile"]["seat"] == ["US"]
    assert found["silent"]["Acme Terms"]


def test_plain_text_holds_it_too(client: Client, scout: Release) -> None:
    answer = client.get(f"/check/releases/acme-scout/?{PLANS}&format=txt")
    text = answer.content.decode()

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert text.startswith("Acme Scout: appears prohibited\n\nInformation, not legal advice.")
    assert "“Nobody in Europe gets rights” Acme Terms text, 2" in text
    assert "you must: show “Made with Acme”" in text
    assert "- with your seat outside the EU: appears permitted with obligations" in text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("color=red", "color"),
        ("seat=XX", "seat"),
        ("users=many", "users"),
        (f"{PLANS}&format=csv", "format"),
        ("format=json", "format"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(client: Client, scout: Release, query: str, field: str) -> None:
    answer = client.get(f"/check/releases/acme-scout/?{query}")

    assert answer.status_code == 400
    assert field in answer.content.decode()


@pytest.mark.parametrize("path", ["releases/nope", "licenses/nope", "models/no/pe"])
def test_what_is_not_known_is_not_found(client: Client, path: str) -> None:
    page(client, f"/check/{path}/?{PLANS}", 404)
    page(client, f"/check/{path}/", 404)


def test_the_pages_of_the_things_themselves_lead_here(client: Client, scout: Release) -> None:
    make_model("acme/scout", license=License.objects.get(slug="acme-terms"))

    assert 'href="/check/releases/acme-scout/"' in page(client, "/releases/acme-scout/")
    assert 'href="/check/licenses/acme-terms/"' in page(client, "/licenses/acme-terms/")
    assert 'href="/check/models/acme/scout/"' in page(client, "/models/acme/scout/")


def test_it_leads_to_the_duty_sheet_and_to_the_comparison_with_the_same_plans(client: Client, scout: Release) -> None:
    shown = html.unescape(page(client, f"/check/releases/acme-scout/?{PLANS}"))

    assert f'href="/releases/acme-scout/duties/?{PLANS}"' in shown.replace("use=product&seat=DE", "seat=DE&use=product")
    assert 'href="/compare/?with=acme-scout&commercial=yes' in shown


def test_a_verdict_takes_nine_queries_at_most(
    client: Client, scout: Release, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    make_model("acme/scout", license=License.objects.get(slug="acme-terms"))
    make_model("other/deep", license=acme("Deep Terms"), base_models=["acme/scout"])
    make_model("me/tiny", license=acme("Free Terms"), base_models=["other/deep"], base_relation="merge")
    bundles.shelf()

    with django_assert_max_num_queries(9):
        page(client, f"/check/models/me/tiny/?{PLANS}")
    with django_assert_max_num_queries(9):
        page(client, f"/check/releases/acme-scout/?{PLANS}")
    with django_assert_num_queries(7):
        page(client, f"/check/licenses/acme-terms/?{PLANS}")


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("slug", ["llama-4", "qwen2.5-72b", "deepseek-r1-distill-llama-70b"])
def test_no_page_promises_or_accuses(client: Client, slug: str) -> None:
    shown = client.get(f"/check/releases/{slug}/?{PLANS}&use=host&use=publish").content.decode()
    said = words(re.sub(r"<blockquote>.*?</blockquote>", "", shown.split("<body>")[1], flags=re.S)).lower()

    assert len(shown) < 200_000
    assert shown.count("<") // 2 < 4_500
    assert "legal" not in said.replace("not legal advice", "").replace("illegal", "")
    assert not re.search(r"\b(safe|compliant|violates|certified)\b", said)
