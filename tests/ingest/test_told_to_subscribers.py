"""Two stories that people were bitten by, from the files on the Hub to the feed: MiniMax-M2 and Kimi K2."""

from datetime import timedelta
from pathlib import Path

import pytest

from ingest.look import look
from licenses.texts import keep
from tests.factories import NOW, make_license
from tests.ingest.watching import place

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "license-texts"
if not CORPUS.exists():
    pytest.skip("the reference texts are not here", allow_module_level=True)

DISPLAY = {"branding_required": {"answer": "partly", "payload": {"string": "MiniMax M2"}}}


def raw(name):
    return (CORPUS / f"{name}.txt").read_bytes()


@pytest.fixture
def shelf():
    """MIT and Apache-2.0 as the directory knows them."""
    for name, text, patent in (("MIT", "mit", "partly"), ("Apache-2.0", "apache-2.0", "yes")):
        license = make_license(name, kind="standard", branding_required="silent", patent_grant=patent)
        keep(license.documents.get(), raw(text), source="file", now=NOW)


def watched(hub, client_of, license, texts, repo):
    place(license, repo=repo)
    hub.publishes(repo, files={})
    for number, text in enumerate(texts):
        hub.changes(repo, files={"LICENSE": text})
        look(repo, client_of, now=NOW + timedelta(hours=6 * number))


def feed(client, slug):
    return client.get(f"/licenses/{slug}/changes.json").json()["items"]


def test_minimax_m2_went_from_apache_to_mit_to_mit_with_a_display(hub, client_of, client, shelf):
    texts = [raw("apache-2.0"), raw("minimax-m2/2025-10-27"), raw("minimax-m2/2025-11-13")]

    watched(hub, client_of, make_license("MiniMax-M2"), texts, "MiniMaxAI/MiniMax-M2")

    display, relicensed = feed(client, "minimax-m2")
    assert "Was Apache-2.0; is now MIT." in relicensed["summary"]
    assert "patent_grant" in relicensed["content_html"] or "Patent grant" in relicensed["content_html"]
    assert "is now MIT plus 1 sentence; the file is headed “MIT License”" in display["summary"]
    assert "<ins>" in display["content_html"]
    assert "MiniMax M2" in display["content_html"], "the sentence itself is in the entry"
    page = client.get("/changes/?license=minimax-m2").content.decode()
    assert "the file is headed “MIT License”" in page


def test_kimi_k2_is_mit_and_one_paragraph(hub, client_of, client, shelf):
    license = make_license("Kimi K2")

    watched(hub, client_of, license, [raw("mit"), raw("kimi-k2-modified-mit")], "moonshotai/Kimi-K2")

    (entry,) = feed(client, "kimi-k2")
    assert "Was MIT; is now MIT plus 1 sentence" in entry["summary"]
    assert "100 million" in entry["content_html"]
    page = client.get("/licenses/kimi-k2/text/agreement/diff/?with=mit").content.decode()
    assert "<ins" in page
