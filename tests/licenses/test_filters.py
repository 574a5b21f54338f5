"""The filters' grammar: OR, AND, negation, free, unread; and what happens to values we do not have."""

from __future__ import annotations

from operator import attrgetter

import pytest
from django.test import Client
from django.utils.http import urlencode

from licenses.clauses import CLAUSES, FREE, READ, Answer, ClauseKind, Nature
from licenses.models import Artifact, License, Release
from tests.factories import make_license, make_model, make_publisher, make_release
from tests.pages import listed, names_on, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def five() -> None:
    """One release for each answer to the user cap."""
    for answer in Answer:
        cap = {} if answer is Answer.UNREAD else {"mau_cap": answer}
        make_release(f"Model {answer}", make_license(f"License {answer}", **cap))


def found(client: Client, query: str) -> set[str]:
    return {name.removeprefix("Model ") for name in listed(client, query)}


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("?mau_cap=no", {"no", "silent"}),
        ("?mau_cap=yes", {"yes"}),
        ("?mau_cap=partly", {"partly"}),
        ("?mau_cap=silent", {"silent"}),
        ("?mau_cap=unread", {"unread"}),
        ("?mau_cap=free", {"no", "silent"}),
        ("?mau_cap=yes&mau_cap=partly", {"yes", "partly"}),
        ("?mau_cap!=yes", {"no", "partly", "silent"}),
        ("?mau_cap!=yes&mau_cap!=partly", {"no", "silent"}),
        ("?mau_cap!=unread", {"yes", "no", "partly", "silent"}),
        ("?mau_cap!=no", {"yes", "partly"}),
        ("?mau_cap=unread&mau_cap=yes", {"unread", "yes"}),
        ("?mau_cap!=silent&mau_cap=no", {"no"}),
        ("?mau_cap=yes&revenue_cap=unread", {"yes"}),
        ("?mau_cap=yes&revenue_cap=no", set()),
        ("", {"yes", "no", "partly", "silent", "unread"}),
    ],
)
def test_a_value_finds_what_it_says(client: Client, query: str, answers: set[str]) -> None:
    assert found(client, query) == answers


@pytest.mark.parametrize("kind", CLAUSES, ids=attrgetter("slug"))
def test_a_license_nobody_read_is_found_under_unread_alone(client: Client, kind: ClauseKind) -> None:
    make_release("Unread", make_license("Unread License"))

    lists = {value: listed(client, f"?{kind.slug}={value}") for value in (FREE, *Answer)}
    negated = {value: listed(client, f"?{kind.slug}!={value}") for value in Answer}

    assert lists.pop(Answer.UNREAD) == ["Unread"]
    assert not any(lists.values())
    assert not any(negated.values())


@pytest.mark.parametrize("kind", CLAUSES, ids=attrgetter("slug"))
def test_every_kind_answers_as_its_nature_says(kind: ClauseKind) -> None:
    widened = kind.nature in (Nature.RESTRICTION, Nature.DUTY, Nature.RISK)

    assert kind.means("no") == ({Answer.NO, Answer.SILENT} if widened else {Answer.NO})
    assert kind.means("yes") == {Answer.YES}
    assert kind.means("free") == kind.open_answers
    assert all(Answer.UNREAD not in kind.means(value) for value in (FREE, *READ))


def test_a_permission_that_is_silent_is_not_refused(client: Client) -> None:
    make_release("Silent", make_license("Silent License", hosted_service="silent"))

    assert listed(client, "?hosted_service=no") == []
    assert listed(client, "?hosted_service=silent") == ["Silent"]


def test_weights_under_several_licenses_are_unread_until_we_can_judge_them(client: Client) -> None:
    release = make_release("Both", make_license("MIT", kind="standard", mau_cap="silent"))
    Artifact.objects.filter(release=release).update(expression="MIT AND LicenseRef-other", license=None)

    assert listed(client, "?mau_cap=no") == []
    assert listed(client, "?mau_cap=unread") == ["Both"]
    assert "MIT AND LicenseRef-other" in words(client.get("/").content.decode())


def test_facts_narrow_as_well(client: Client) -> None:
    make_release("Llama 4", make_license("Llama 4 License"), publisher="Meta")
    make_release("Qwen3", make_license("Apache-2.0", kind="standard"), publisher="Alibaba")

    assert listed(client, "?kind=standard") == ["Qwen3"]
    assert listed(client, "?publisher=meta") == ["Llama 4"]
    assert listed(client, "?license=apache-20") == ["Qwen3"]
    assert listed(client, "?license=apache-20&license=llama-4-license&sort=name") == ["Llama 4", "Qwen3"]
    assert listed(client, "?q=meta+llama") == ["Llama 4"]
    assert listed(client, "?q=%25") == []
    assert listed(client, "?q=llama4") == listed(client, "?q=LLAMA-4") == ["Llama 4"]


@pytest.mark.parametrize(
    ("query", "field", "cure"),
    [
        ("?mau_cap=maybe", "mau_cap", "free, yes, no, partly, silent, unread"),
        ("?mau_cap!=perhaps", "mau_cap!", "free, yes, no"),
        ("?kind=open", "kind", "standard, standard-other, modified-standard, custom"),
        ("?license=unknown", "license", "apache-20"),
        ("?publisher=nobody", "publisher", "acme"),
        ("?sort=random", "sort", "-released"),
        ("?format=xml", "format", "csv, json"),
        ("?page=0", "page", "whole number"),
        ("?page=-1", "page", "whole number"),
        ("?page=one", "page", "whole number"),
        ("?after=1-1", "after", "is not a filter"),
        ("?" + "mau_cap=no&" * 101, "filters", "more than 100 values"),
        ("?mau_capp=no", "mau_capp", "Did you mean “mau_cap”?"),
        ("?mau_cap=no&mau_cap=%3Cscript%3E", "mau_cap", "“<script>” cannot be used"),
        ("?q=" + "x" * 101, "q", "100 characters"),
    ],
)
def test_a_value_we_do_not_have_is_refused_by_name(client: Client, query: str, field: str, cure: str) -> None:
    make_release("Qwen3", make_license("Apache-2.0", kind="standard"))

    page = client.get(f"/{query}")
    as_json = client.get(f"/{query}&format=json") if "format" not in query else None

    assert page.status_code == 400
    assert field in words(page.content.decode())
    assert cure in words(page.content.decode())
    assert "<script>&" not in page.content.decode()
    assert as_json is None or (as_json.status_code == 400 and field in as_json.json()["errors"])


def test_a_page_past_the_last_is_refused(client: Client) -> None:
    make_release("Qwen3", make_license("Apache-2.0"))

    page = client.get("/?page=2")

    assert page.status_code == 400
    assert "“2” is past the last page. Use 1 to 1." in words(page.content.decode())


def test_parameters_that_newsletters_add_do_no_harm(client: Client) -> None:
    make_release("Qwen3", make_license("Apache-2.0"))

    assert listed(client, "?utm_source=news") == ["Qwen3"]


def test_models_filter_by_the_same_words(client: Client) -> None:
    capped, free = make_license("Capped", mau_cap="yes"), make_license("Free", mau_cap="silent")
    make_model("a/capped", license=capped, downloads=3)
    make_model("a/free", license=free, downloads=2)
    make_model("a/unknown", downloads=1)

    assert names_on(client.get("/models/?mau_cap=no")) == ["a/free"]
    assert names_on(client.get("/models/?mau_cap!=no")) == ["a/capped"]
    assert names_on(client.get("/models/?mau_cap=unread")) == ["a/unknown"]
    assert names_on(client.get("/models/")) == ["a/capped", "a/free", "a/unknown"]


def test_querysets_read_aloud() -> None:
    make_release("Qwen3", make_license("Apache-2.0", mau_cap="silent"))
    make_release("Unread", make_license("Unread License"))

    licenses = License.objects.without_mau_cap()

    assert [license.name for license in licenses] == ["Apache-2.0"]
    assert [release.name for release in Release.objects.under(licenses)] == ["Qwen3"]


def test_the_filter_is_said_in_english(client: Client) -> None:
    make_publisher("Meta")
    make_release("Qwen3", make_license("Apache-2.0", kind="standard", mau_cap="no", acceptable_use_policy="silent"))

    def title(**query: str) -> str:
        return client.get("/", query).content.decode().split("<title>")[1].split(" · ")[0]

    assert title() == "Models"
    assert title(mau_cap="no", acceptable_use_policy="no") == "Models with no user cap and no use policy"
    assert title(commercial_use="yes") == "Models with commercial use allowed"
    assert title(geo_exclusion="unread") == "Models with geography not read yet"
    assert title(**{"mau_cap!": "yes"}) == "Models with user cap read as other than yes"
    assert title(kind="standard", publisher="meta") == "Models under a standard license from Meta"
    assert title(q="<b>") == "Models matching “&lt;b&gt;”"


@pytest.mark.parametrize("kind", CLAUSES, ids=attrgetter("slug"))
def test_a_declared_kind_shows_on_every_face(client: Client, kind: ClauseKind) -> None:
    binding = "no" if kind.nature is Nature.PERMISSION else "yes"
    make_release("Bound", make_license("Binding", **{kind.slug: {"answer": binding, "quote": "the proving words"}}))

    table, page, taxonomy = client.get("/"), client.get("/licenses/binding/"), client.get("/clauses/")
    as_json = client.get("/?format=json").json()["rows"][0]["clauses"]
    as_csv = client.get("/?format=csv").content.decode()

    assert f'name="{kind.slug}"' in table.content.decode()
    assert (f"/licenses/binding/clauses/{kind.slug}/" in table.content.decode()) == kind.core
    assert "the proving words" in words(client.get(f"/licenses/binding/clauses/{kind.slug}/").content.decode())
    assert "the proving words" in words(page.content.decode())
    assert f'id="{kind.slug}"' in taxonomy.content.decode()
    assert as_json[kind.slug]["answer"] == binding
    assert kind.slug in as_csv.splitlines()[0].split(",")


def test_every_link_the_page_makes_can_be_opened(client: Client) -> None:
    """The controls and the address say the same: whatever is clicked, the page understands it."""
    import html
    import re

    make_release("Qwen3", make_license("Apache-2.0", kind="standard", mau_cap="no"))
    make_release("Llama 4", make_license("Llama", mau_cap="yes", geo_exclusion="yes"))
    start = "/?" + urlencode(
        {"mau_cap": ["yes", "no"], "geo_exclusion!": "partly", "q": "a", "sort": "name"}, doseq=True
    )

    for page in ("/", start, "/models/", "/models/?mau_cap=no"):
        links = re.findall(r'href="(/[^"#]*)', client.get(page).content.decode())
        for link in {html.unescape(link) for link in links if not link.startswith(("/static/", "/curate/"))}:
            assert client.get(link).status_code == 200, link
