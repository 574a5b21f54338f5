"""What our own words never say: that a use is legal, safe, compliant or certified, or that it violates something.

Every public address is crawled, as are exports, refusals and the documents that visitors read. Quotes, license
texts, addresses and what visitors wrote are not our words, and are taken out by the element that holds them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import redis
from django.test import Client
from django.urls import get_resolver

from licenses import bundles
from licenses.clauses.bearing import Verdict
from licenses.clauses.words import particulars
from licenses.models import AuditEntry, Change, Clause, Document, License, Proposal, Threshold
from tests.factories import NOW, make_license, make_model, make_person, make_release, make_revision
from tests.licenses.conftest import catalogue  # noqa: F401 - a fixture
from tests.test_access import addresses

HERE = Path(__file__).resolve().parent.parent
#: Read by visitors; decisions and the changelog speak to those who build it.
DOCUMENTS = [HERE / "README.md", *sorted((HERE / "docs").glob("*.md"))]

SAYS = re.compile(
    r"\b(?:(?<!not )legal(?! advice)|(?<!not )legal(?= advice)|safe|compliant|violates?|certified"
    r"|osi[- ]certified|eu[- ]compliant|g7[- ]approved)\b",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"Information, not legal advice\. (?:Our reading of the text dated 20|Nobody has read its text)"
)

NOT_OURS = frozenset({"q", "blockquote", "code", "script", "style", "textarea"})
#: Classes of elements with a license's text, the difference of two, or a visitor's words.
NOT_OURS_BY_CLASS = frozenset({"wording", "diff", "said", "exact"})
VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "wbr", "source", "path", "line", "rect", "circle"})
SPOKEN = ("title", "aria-label", "alt", "placeholder")
#: Keys of exports whose values are quotes, texts, addresses or names.
QUOTED = frozenset({
    "quotes", "quote", "exact", "words", "prefix", "suffix", "text", "url", "address", "links", "source", "sources",
    "id", "home_page_url", "feed_url", "external_url", "_links", "show_one_of", "notice",
})  # fmt: skip

PROFILE = (
    "commercial=yes&use=product&use=publish&seat=DE&organisation=company&users=5000&train=own-llm&student=published"
)
WORRIED = "commercial=yes&seat=FR&use=host&badge=no&revenue_year=20M&field=military&field=automated_legal_decisions"
RELEASES = (
    "llama-4",
    "llama-3.3",
    "kimi-k2",
    "flux.1-dev",
    "deepseek-r1-distill-llama-70b",
    "indextts-2",
    "hy-world-2",
)

#: Pages that show a verdict for a profile, with some addresses each.
VERDICTS = {
    "check": ["/check/?{}", "/check/?{}&format=csv", "/check/?{}&format=json"],
    "check-release": [f"/check/releases/{slug}/?{{}}" for slug in RELEASES],
    "check-license": ["/check/licenses/llama-4/?{}", "/check/licenses/mit/?{}"],
    "check-model": ["/check/models/acme/tiny/?{}"],
    "compare": ["/compare/?with=llama-4&with=kimi-k2&{}", "/compare/?with=llama-4&with=kimi-k2&{}&format=json"],
    "duties": [
        f"/releases/{slug}/duties/?{{}}{more}" for slug in RELEASES[:4] for more in ("", "&format=txt", "&format=json")
    ],
    "comparison": ["/?{}", "/?{}&format=csv", "/?{}&format=json"],
    "models": ["/models/?{}"],
}
#: Those that a profile may pass through without a verdict.
MAY_SHOW_NONE = frozenset({"comparison", "models"})

PAGES = {
    "comparison": ["/", "/?mau_cap=no&branding_required!=yes", "/?format=csv", "/?format=json", "/?mau_cap=maybe"],
    "licenses": ["/licenses/", "/licenses/?family=llama", "/licenses/?format=csv", "/licenses/?format=json"],
    "license": [
        "/licenses/llama-4/",
        "/licenses/kimi-k3/",
        "/licenses/flux-1-dev-nc/?as_of=2025-06-26",
        "/licenses/mit/?as_of=never",
    ],
    "clause": ["/licenses/llama-4/clauses/mau_cap/", "/licenses/deepseek-license-1.0/clauses/field_of_use/"],
    "correct": ["/licenses/llama-4/clauses/mau_cap/correct/"],
    "clause-history": ["/licenses/llama-4/clauses/mau_cap/history/"],
    "text": ["/licenses/own-words/text/agreement/", "/licenses/llama-4/text/agreement/"],
    "text-diff": ["/licenses/own-words/text/agreement/diff/"],
    "release": [f"/releases/{slug}/" for slug in RELEASES],
    "publisher": ["/publishers/meta/", "/publishers/moonshot-ai/"],
    "models": ["/models/", "/models/?q=tiny", "/models/?after=never"],
    "model": ["/models/acme/tiny/"],
    "model-text": ["/models/acme/tiny/text/license/"],
    "model-text-diff": ["/models/acme/tiny/text/license/diff/"],
    "clauses": ["/clauses/"],
    "check": ["/check/", "/check/?users=many"],
    "check-list": ["/check/list/"],
    "compare": ["/compare/", "/compare/?with=llama-4&with=kimi-k2"],
    "check-release": [],
    "check-license": [],
    "check-model": [],
    "duties": [f"/releases/{slug}/duties/" for slug in RELEASES]
    + [
        "/releases/kimi-k2/duties/?format=txt",
        "/releases/kimi-k2/duties/?format=json",
        "/releases/mit/duties/?format=pdf",
    ],
    "changes": ["/changes/", "/changes/?direction=tighter", "/changes/?weight=heavy"],
    "change": ["{change}"],
    "feed": ["/changes.atom", "/changes.rss", "/changes.json"],
    "license-feed": ["/licenses/llama-4/changes.json"],
    "release-feed": ["/releases/llama-4/changes.json"],
    "publisher-feed": ["/publishers/meta/changes.json"],
    "model-feed": ["/models/acme/tiny/changes.json"],
    "proposal": ["{proposal}"],
    "curators": ["/curators/"],
    "curator": ["{curator}"],
    "audit": ["/audit.jsonl"],
    "healthz": ["/healthz"],
    "readyz": ["/readyz"],
}
ADDRESSES = [(name, path) for name, paths in PAGES.items() for path in paths]
WITH_PROFILE = [
    (name, path.format(profile)) for name, paths in VERDICTS.items() for path in paths for profile in (PROFILE, WORRIED)
]


class OwnWords(HTMLParser):
    """The words of a page that are ours, spoken attributes included."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        foreign = tag in NOT_OURS or not NOT_OURS_BY_CLASS.isdisjoint(named.get("class", "").split())
        if not (foreign or any(self.open)):
            self.found += [named[name] for name in SPOKEN if name in named]
            self.found += [named.get("content", "")] if tag == "meta" else []
        if tag not in VOID:
            self.open.append(foreign)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open):
            self.found.append(data)


def own_words(markup: str) -> str:
    reader = OwnWords()
    reader.feed(markup)
    return " ".join(reader.found)


def strings(value: Any) -> Iterator[str]:
    """Of JSON, without what is quoted."""
    if isinstance(value, dict):
        yield from (one for key, each in value.items() if key not in QUOTED for one in strings(each))
    elif isinstance(value, list):
        yield from (one for each in value for one in strings(each))
    elif isinstance(value, str):
        yield own_words(value) if "<" in value else value


def ours(answer: Any) -> str:
    """Our own words of any answer, by its type."""
    kind, said = answer["Content-Type"], b"".join(answer).decode()
    if "jsonl" in answer.request["PATH_INFO"] or "ndjson" in kind:
        return " ".join(one for line in said.splitlines() for one in strings(json.loads(line)))
    if "json" in kind:
        return " ".join(strings(json.loads(said)))
    if "html" in kind:
        return own_words(said)
    if "xml" in kind:
        return own_words(html.unescape(said))
    return re.sub(r"^ +(?:Its words|Words to show[^:]*|Notice|Link|Source): .*$", "", said, flags=re.M)


def forbidden(said: str) -> list[str]:
    """With what stands around each. Addresses and what stands in quotation marks are nobody's verdict."""
    said = re.sub(r"\w+://\S+|\S*\.\w+/\S*|“[^”]*”", " ", " ".join(said.split()))
    return [said[max(0, found.start() - 60) : found.end() + 40] for found in SAYS.finditer(said)]


def shows_a_verdict(answer: Any) -> bool:
    said = b"".join(answer).decode()
    values = "|".join(Verdict)
    marks = rf'class="verdict |"verdict": ?"(?:{values})"|^Verdict: |(?:^|,)(?:{values})(?:,|$)'
    return bool(re.search(marks, said, re.M))


@pytest.fixture(scope="module")
def whole(catalogue: None, django_db_blocker: Any) -> dict[str, str]:  # noqa: F811 - the fixture
    """The catalogue, and what no catalogue holds: texts, a model, a proposal, a curator."""
    with django_db_blocker.unblock():
        ada = make_person("ada", "curator")
        own = make_license("Own Words", mau_cap={"answer": "no", "quote": "Anyone may"})
        make_release("Own", own)
        model = make_model(
            "acme/tiny", license=License.objects.get(slug="llama-4"), base_models=["meta-llama/Llama-3.3-70B"]
        )
        file = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE", repo="acme/tiny")
        for document in (own.documents.get(), file):
            make_revision(document, "Anyone may use it in a legal way.")
            make_revision(document, "Anyone may use it in a safe way.\n\nIt violates nothing.", first_seen_at=NOW)
        proposal = Proposal.objects.create(
            license=own, kind="mau_cap", origin="visitor", text="Not legal.", made_at=NOW
        )
        AuditEntry.objects.create(at=NOW, by=ada, by_name="Ada", deed="bound", license=own, model=model)
        return {
            "change": Change.objects.order_by("pk")[0].get_absolute_url(),
            "proposal": proposal.get_absolute_url(),
            "curator": f"/curators/{ada.pk}/",
        }


@pytest.fixture(autouse=True)
def nobody_fetches_the_trail(settings: Any) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as counts:
        counts.delete("turn:audit", *counts.scan_iter("audit:*"))


@pytest.fixture
def fetch(client: Client, whole: dict[str, str], db: None) -> Any:
    def get(name: str, path: str) -> Any:
        answer = client.get(path.format(**whole))
        assert answer.status_code in (200, 400), path
        return answer

    return get


def test_every_public_address_is_crawled() -> None:
    guarded = ("admin/", "account/", "curate/")
    names = {entry.name for path, entry in addresses(get_resolver()) if not path.startswith(guarded)}

    assert names - PAGES.keys() == set()
    assert VERDICTS.keys() - PAGES.keys() == set()


@pytest.mark.parametrize(("name", "path"), ADDRESSES, ids=[path for _, path in ADDRESSES])
def test_a_page_never_says_them_and_disclaims_every_verdict(fetch: Any, name: str, path: str) -> None:
    answer = fetch(name, path)

    assert forbidden(ours(answer)) == []
    assert not shows_a_verdict(answer) or DISCLAIMER.search(b"".join(answer).decode())


@pytest.mark.parametrize(("name", "path"), WITH_PROFILE, ids=[path for _, path in WITH_PROFILE])
def test_a_page_for_a_profile_never_says_them_and_disclaims_every_verdict(fetch: Any, name: str, path: str) -> None:
    answer = fetch(name, path)

    assert answer.status_code == 200
    assert forbidden(ours(answer)) == []
    if shows_a_verdict(answer) or name not in MAY_SHOW_NONE:
        assert DISCLAIMER.search(b"".join(answer).decode())


def test_no_note_of_a_reading_says_them(whole: dict[str, str], db: None) -> None:
    """All of the catalogue, where the pages above are a few."""
    notes = Clause.objects.standing().order_by("pk").values_list("license__slug", "kind", "note")
    sizes = Threshold.objects.order_by("pk").values_list("clause__license__slug", "clause__kind", "exceptions")

    assert [(slug, kind, said) for slug, kind, note in [*notes, *sizes] if (said := forbidden(note))] == []


def test_no_detail_of_a_reading_says_them(whole: dict[str, str], db: None) -> None:
    readings = (reading for bundle in bundles.shelf().by_pk.values() for reading in bundle.terms.readings.values())
    details = {(name, said) for reading in readings for name, said in particulars(reading)}

    assert [one for one in sorted(details) if forbidden(" ".join(one))] == []


@pytest.mark.parametrize("path", ["/nowhere/", "/licenses/nobody/", "/?mau_cap=maybe", "/changes/?weight=heavy"])
def test_no_refusal_says_them(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in (400, 404)
    assert forbidden(ours(answer)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_no_document_says_them(document: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|“[^”]*”|\"[^\"\n]*\"", " ", document.read_text(), flags=re.S)

    assert forbidden(prose) == []


@pytest.mark.parametrize(
    ("said", "is_forbidden"),
    [
        ("This use is legal.", True),
        ("It is legal advice.", True),
        ("Information, not legal advice.", False),
        ("A SAFE choice", True),
        ("This violates its terms.", True),
        ("an OSI certified license", True),
        ("EU-compliant", True),
        ("G7 approved", True),
        ("OSI-approved", False),
        ("illegal activity, safeguards, compliance", False),
        ("<q>legal</q> <blockquote>it violates</blockquote> <p class='said'>safe</p>", False),
        ('<img alt="certified">', True),
    ],
)
def test_the_test_itself_finds_them(said: str, is_forbidden: bool) -> None:
    assert bool(forbidden(own_words(said))) is is_forbidden
