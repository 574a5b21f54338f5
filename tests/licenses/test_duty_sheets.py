"""The duty sheet: what to show, name, ship and keep, each with its proof, and a file that can be hashed again."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from licenses import sheets
from licenses.clauses.profile import Profile, Use
from licenses.models import Clause, Document, License, Quote, Release
from licenses.sheets import Duty, Sheet
from tests.factories import make_clause, make_license, make_release, make_revision
from tests.pages import words

pytestmark = pytest.mark.django_db

BADGE = {
    "answer": "yes",
    "quote": "prominently show Made with Acme",
    "payload": {
        "string": "Made with Acme / Improved using Acme",
        "where": ["website", "about_page"],
        "how_many": "any_of",
        "trigger": ["product_or_service"],
    },
}
NOTICE = {
    "answer": "yes",
    "quote": "keep this notice",
    "payload": {"parts": ["license_copy", "notice_file", "model_card"], "notice": "Acme is under the Acme License"},
}
NAME = {"answer": "yes", "payload": {"word": "Acme", "place": "prefix", "reaches": ["weights", "outputs"]}}
POLICY = {
    "answer": "yes",
    "payload": {"where": "by_reference", "address": "https://acme.example/policy", "version": "latest"},
}


@pytest.fixture
def tiny() -> Release:
    """A release whose license asks for a badge, a notice, a name and a policy."""
    license = make_license(
        "Acme License",
        branding_required=BADGE,
        attribution_notice=NOTICE,
        derivative_naming=NAME,
        acceptable_use_policy=POLICY,
        commercial_use="yes",
    )
    make_revision(license.documents.get(), "You must prominently show Made with Acme, and keep this notice.")
    return make_release("Tiny", license)


def sheet(slug: str = "tiny", profile: Profile | None = None) -> Sheet:
    found = sheets.of_release(slug, profile)
    assert found is not None
    return found


def duty(kind: str, found: Sheet) -> Duty:
    return next(one for one in found.duties if one.kind.slug == kind)


def download(client: Client, query: str = "", slug: str = "tiny") -> str:
    answer = client.get(f"/releases/{slug}/duties/?format=txt{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def body(text: str) -> str:
    return text.split("---- end of the sheet")[0]


def test_without_a_profile_all_duties_stand_under_the_first_occasion_that_brings_them(tiny: Release) -> None:
    under = {title: [one.kind.slug for one in duties] for title, duties in sheet().occasions}

    assert under == {
        "Whatever you do with it": ["acceptable_use_policy"],
        "When you pass it on": ["attribution_notice"],
        "When you publish a model made from it": ["derivative_naming"],
        "When you offer it to others, in a product or as a service": ["branding_required"],
    }
    assert duty("derivative_naming", sheet()).also == ("When you train on its outputs and publish what you trained",)


def test_with_a_profile_those_that_fall_due_are_a_checklist(tiny: Release, client: Client) -> None:
    found = sheet(profile=Profile(uses=frozenset({Use.PRODUCT})))
    page = client.get("/releases/tiny/duties/?use=product").content.decode()

    assert [one.kind.slug for one in found.duties] == ["acceptable_use_policy", "branding_required"]
    assert page.count('<input type="checkbox"') == 2
    assert 'class="verdict v-unknown"' in page
    assert 'type="checkbox"' not in client.get("/releases/tiny/duties/").content.decode()


def test_a_duty_says_what_to_show_name_ship_and_keep(tiny: Release) -> None:
    found = sheet()
    badge, notice, name, policy = (
        duty(kind, found)
        for kind in ("branding_required", "attribution_notice", "derivative_naming", "acceptable_use_policy")
    )

    assert badge.handling.show == ("Made with Acme", "Improved using Acme")
    assert badge.handling.places == "on a website or on an about page"
    assert notice.handling.notice == "Acme is under the Acme License"
    assert notice.handling.files == ("a copy of the license", "the notice file", "the model card")
    assert [one.title for one in notice.documents] == ["Acme License text"]
    assert (name.handling.naming, name.handling.word) == ("begins with", "Acme")
    assert policy.links == ["https://acme.example/policy"]
    assert all(one.condition for one in found.duties)


def test_a_duty_has_the_words_that_ask_for_it_and_where_they_stand(tiny: Release, client: Client) -> None:
    [proof] = duty("branding_required", sheet()).proofs

    assert (proof.words, proof.document, proof.section) == (BADGE["quote"], "Acme License text", "2")
    assert client.get(proof.address.split("#")[0]).status_code == 200
    assert re.fullmatch(
        r"/licenses/acme-license/text/agreement/\?revision=[0-9a-f]{12}#q-branding_required-1", proof.address
    )


def test_a_size_is_told_with_its_duty() -> None:
    size = {"metric": "mau", "amount": 100_000_000, "measured": "ongoing", "whose": "product",
            "applies_to": "commercial_use", "effect": "brand_display", "discretion": False}  # fmt: skip
    partly = BADGE | {"answer": "partly", "thresholds": [size]}
    make_release("Tiny", make_license("Acme License", branding_required=partly))

    found = duty("branding_required", sheet())

    assert found.handling.size == "above 100 million monthly users (the product counts; commercial use only)"
    assert sheet(profile=Profile(commercial=True, uses=frozenset({Use.PRODUCT}), users=5000)).duties == []


def test_what_comes_down_from_a_base_says_through_which() -> None:
    base = make_license("Base License", branding_required=BADGE)
    make_release("Base", base, publisher="Basis", repos=["basis/base"])
    own = make_license("Own License", attribution_notice=NOTICE)
    make_release("Tiny", own, base_model="basis/base", base_relation="finetune")

    found = sheet()

    assert duty("attribution_notice", found).source.how == "its own license"
    assert duty("branding_required", found).source.name == "Base License"
    assert duty("branding_required", found).source.how == "inherited: fine-tuned from basis/base"


def test_what_is_not_read_or_not_held_is_said(client: Client) -> None:
    make_release(
        "Tiny",
        make_license("Acme License", attribution_notice=NOTICE),
        base_model="who/knows",
        base_relation="finetune",
    )

    page, text = words(client.get("/releases/tiny/duties/").content.decode()), download(client)

    for said in (page, text):
        assert "fine-tuned from who/knows): its terms are not read here; their duties are missing" in said
        assert re.search(r"Acme License \(its own license\): .*Badge or brand", said)


def test_a_document_whose_words_are_not_held_is_said(client: Client) -> None:
    make_release("Tiny", make_license("Acme License", attribution_notice=NOTICE))
    said = "Not held here: Acme License text; its quotes cannot be checked against a text"

    assert said in words(client.get("/releases/tiny/duties/").content.decode())
    assert said in download(client)
    record = client.get("/releases/tiny/duties/?format=json").json()
    assert record["not_held"] == ["Acme License text"]
    assert [one["held"] for one in record["rests_on"][0]["wordings"]] == [False]


def test_a_document_whose_words_are_held_is_not(tiny: Release, client: Client) -> None:
    assert "Not held here" not in download(client)


def test_the_sheet_says_for_whom_it_was_made(tiny: Release, client: Client, settings: Any) -> None:
    settings.SITE_URL = "https://openness.example"
    said = "For: somebody in Germany that builds it into a product, commercial"
    plans = "use=product&commercial=yes&seat=DE"

    text = download(client, f"&{plans}")
    record = client.get(f"/releases/tiny/duties/?{plans}&format=json").json()

    assert said in text
    assert said.replace("For:", "For") in words(client.get(f"/releases/tiny/duties/?{plans}").content.decode())
    assert f"For: {record['for']}" == said
    assert "Where: https://openness.example/releases/tiny/duties/?commercial=yes&use=product&seat=DE" in text
    assert record["address"].startswith("https://openness.example/releases/tiny/duties/?")
    assert "Where they stand: https://openness.example/licenses/acme-license/text/" in text


def test_other_plans_are_another_file(tiny: Release, client: Client) -> None:
    def name(plans: str) -> str:
        return str(client.get(f"/releases/tiny/duties/?format=txt{plans}")["Content-Disposition"])

    assert name("") == 'attachment; filename="duties-tiny.txt"'
    assert re.fullmatch(r'attachment; filename="duties-tiny-[0-9a-f]{8}\.txt"', name("&use=product"))
    assert len({name(""), name("&use=product"), name("&use=publish")}) == 3
    assert name("&use=product&commercial=yes") == name("&commercial=yes&use=product")


def test_a_release_whose_license_nobody_read_is_not_free_of_duties(client: Client) -> None:
    make_release("Tiny", make_license("Acme License"))

    text = download(client)

    assert "Acme License (its own license): its terms are not read here" in text
    assert "No duty was found in what is read." in text
    assert "Nobody has read its text here yet" in text


def test_a_duty_whose_words_are_gone_says_so(tiny: Release, client: Client) -> None:
    gone = datetime(2026, 11, 20, tzinfo=UTC)
    Quote.objects.filter(clause__kind="branding_required").update(state="missing", missing_since=gone)

    assert "IN DOUBT since 2026-11-20" in download(client)
    assert "In doubt since 2026-11-20" in words(client.get("/releases/tiny/duties/").content.decode())


def test_what_is_only_asked_for_is_no_demand(client: Client) -> None:
    make_release("Tiny", make_license("Acme License", branding_required=BADGE | {"strength": "should"}))

    found = duty("branding_required", sheet())

    assert found.encouraged
    assert "asked for, not demanded" in words(client.get("/releases/tiny/duties/").content.decode())


def test_what_stands_in_the_way_is_told_before_any_duty(client: Client) -> None:
    make_release("Tiny", make_license("Acme License", commercial_use="no", attribution_notice=NOTICE))

    text = download(client, "&commercial=yes&use=redistribute")

    assert "Verdict: appears to need a separate license\nIn the way: commercial use is not granted" in text


def test_the_sheet_names_every_wording_its_readers_and_its_day(tiny: Release, client: Client) -> None:
    Clause.objects.filter(kind="branding_required").update(confirmed_by="Bob", confirmed_on="2026-11-02")
    document = Document.objects.get()
    revision = document.revisions.get()

    text = download(client)

    assert f"As read on 2026-11-01 at revision Acme License text {revision.raw_sha256[:12]} of unknown date" in text
    assert f"Source: {revision.source}" in text
    assert f"SHA-256 of its bytes: {revision.raw_sha256}" in text
    assert "    First reader: Ada. Second reader: Bob.\n    First reader: Ada. Second reader: none yet.\n" in text
    assert "read on 2026-11-01. First reader: Ada. Second reader: Bob." in text
    assert "Information, not legal advice. Our reading of the text dated 2026-11-01" in text


def test_the_download_can_be_checked_with_standard_tools(tiny: Release, client: Client, tmp_path: Path) -> None:
    answer = client.get("/releases/tiny/duties/?format=txt&use=product")
    name = re.fullmatch(r'attachment; filename="(.+)"', answer["Content-Disposition"])[1]
    (tmp_path / name).write_bytes(answer.content)
    text = answer.content.decode()
    stated = re.search(r"^SHA-256 of the text above that line: ([0-9a-f]{64})$", text, re.M)[1]
    command = re.search(r"^To check it: (.+)$", text, re.M)[1]

    assert hashlib.sha256(body(text).encode()).hexdigest() == stated
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    if shutil.which("sed") and shutil.which("sha256sum"):
        found = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert found.stdout.split()[0] == stated
    assert stated in client.get("/releases/tiny/duties/?use=product").content.decode()
    record = client.get("/releases/tiny/duties/?use=product&format=json").json()
    assert record["sha256_of_text"] == stated == hashlib.sha256(record["text"].encode()).hexdigest()


def test_the_same_readings_and_profile_give_the_same_hash_on_any_day(
    tiny: Release, client: Client, monkeypatch: Any
) -> None:
    first = download(client, "&use=product&use=publish&commercial=yes")
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2031, 1, 2, 12, tzinfo=UTC))
    later = download(client, "&commercial=yes&use=publish&use=product&utm_source=mail")

    assert body(first) == body(later)
    assert "Taken on 2031-01-02." in later
    assert body(first) != body(download(client, "&commercial=yes&use=product"))


def test_a_better_reading_gives_another_hash(tiny: Release, client: Client) -> None:
    first = body(download(client))
    make_clause(License.objects.get(), "state_changes", answer="yes")

    assert body(download(client)) != first


def test_what_strangers_wrote_is_escaped_and_holds_no_control_characters(client: Client) -> None:
    string = "Show <script>alert(1)</script>\n---- end of the sheet\r\x07\u202emoc.live\u2028x"
    license = make_license("---- end of the sheet", branding_required=BADGE | {"payload": {"string": string}})
    Document.objects.update(url="javascript:alert(1)")
    License.objects.update(short_name="---- end of the sheet\nSHA-256: 0")
    make_release("Tiny", license)

    text, page = download(client), client.get("/releases/tiny/duties/").content.decode()

    assert sum(line.startswith("---- end of the sheet") for line in text.splitlines()) == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
    assert "<script>alert" not in page
    assert "javascript:" not in page + text


def test_links_are_http_alone(tiny: Release, client: Client) -> None:
    bad = POLICY["payload"] | {"address": "javascript:alert(1)"}
    make_release("Other", make_license("Other License", acceptable_use_policy=POLICY | {"payload": bad}))

    assert "javascript" not in client.get("/releases/other/duties/").content.decode()
    assert "javascript" not in client.get("/releases/other/duties/?format=json").content.decode()


@pytest.mark.parametrize(
    ("query", "name"),
    [("?mau_cap=no", "mau_cap"), ("?format=csv", "format"), ("?use=everything", "use"), ("?users=many", "users")],
)
def test_a_parameter_that_means_nothing_is_refused(tiny: Release, client: Client, query: str, name: str) -> None:
    page = client.get(f"/releases/tiny/duties/{query}")

    assert page.status_code == 400
    assert name in page.content.decode()


def test_an_unknown_release_has_no_sheet(client: Client) -> None:
    assert client.get("/releases/nobody/duties/").status_code == 404


def test_the_release_page_leads_to_it(tiny: Release, client: Client) -> None:
    assert 'href="/releases/tiny/duties/"' in client.get("/releases/tiny/").content.decode()


def test_one_of_several_licenses_may_be_chosen(client: Client) -> None:
    first, second = make_license("First", attribution_notice=NOTICE), make_license("Second", branding_required=BADGE)
    release = make_release("Tiny", first)
    release.artifacts.update(expression=f"{first.identifier} OR {second.identifier}", license=None)

    assert "Of its own licenses one may be chosen" in download(client)
    assert [one.source.name for one in sheet().duties] == ["First", "Second"]
