"""What becomes of a text that a watched place shows: known, the same words, a fault, held, or a change that is told."""

from datetime import date, datetime, timedelta

import pytest

from licenses import texts
from licenses.models import Change, Clause, Quote, Revision
from tests.factories import NOW, make_change, make_clause, make_license, make_model, make_release
from tests.licenses.terms import DISPLAY, PERMISSIVE, TERMS, without

pytestmark = pytest.mark.django_db

CAPPED = {"mau_cap": {"answer": "yes", "thresholds": [{"amount": 100_000_000}],
                      "quote": "with more than 100 million monthly users needs a separate license"}}  # fmt: skip
UNCAPPED = without(TERMS, "2. Size")


@pytest.fixture
def agreement():
    return make_license("Acme License", **CAPPED).documents.get()


def show(document, text, *, days=0.0, source="hf:acme/tiny@c0ffee:LICENSE"):
    raw = text if isinstance(text, bytes) else text.encode()
    return texts.keep(document, raw, source=source, now=NOW + timedelta(days=days))


def told():
    return list(Change.objects.substantive().order_by("pk"))


def test_the_first_look_tells_nothing_and_finds_the_quotes(agreement):
    kept = show(agreement, TERMS)

    quote = Quote.objects.get()
    assert (kept.outcome, told()) == ("first", [])
    assert (quote.state, quote.revision.text[quote.start : quote.end]) == ("found", quote.exact)
    assert quote.prefix
    assert quote.suffix


def test_the_same_text_again_is_known_and_writes_nothing(agreement):
    show(agreement, TERMS)

    assert show(agreement, TERMS, days=1).outcome == "known"
    assert Revision.objects.count() == 1
    assert not Change.objects.exists()


def test_other_words_are_told_once_with_the_sentences_that_went(agreement):
    show(agreement, TERMS)

    kept = show(agreement, UNCAPPED, days=1)
    show(agreement, UNCAPPED, days=2)

    (change,) = told()
    assert kept.outcome == "changed"
    assert (change.license, change.cause, change.event) == (agreement.license, "text", "text_changed")
    assert (change.revision_before.text, change.revision_after) == (Revision.objects.earliest("pk").text, kept.revision)
    assert change.summary == "2 sentences removed. In doubt: user cap. Nobody has read it again yet."
    assert change.direction == "", "nobody read it, so nobody knows"


def test_a_quote_that_is_gone_puts_its_clause_in_doubt_and_the_answer_stays(agreement):
    show(agreement, TERMS)
    show(agreement, UNCAPPED, days=1)

    (clause,) = Clause.objects.in_doubt()
    quote = clause.quotes.get()
    assert (clause.answer, quote.state, quote.missing_since) == ("yes", "missing", NOW + timedelta(days=1))
    assert "needs a separate license" in quote.revision.text, "it says where it last stood"

    show(agreement, TERMS + "\n6. Law. The law of Freedonia applies to these terms.", days=2)

    assert not Clause.objects.in_doubt().exists()


@pytest.mark.parametrize("noise", [
    TERMS.replace("\n", "\r\n"), "\ufeff" + TERMS, TERMS.replace("2024", "2025"), TERMS.replace("\n\n", "\n\n\n"),
    TERMS.encode("utf-16"), TERMS.replace(" ", "\u00a0"),
])  # fmt: skip
def test_the_same_words_written_otherwise_are_cosmetic_and_told_once(agreement, noise):
    show(agreement, TERMS)

    assert show(agreement, noise, days=1).outcome == "cosmetic"
    assert show(agreement, TERMS, days=2).outcome == "known"
    assert show(agreement, noise, days=3).outcome == "known"
    assert Change.objects.count() == 1
    assert told() == []


@pytest.mark.parametrize("fault", [
    b"", b"\n \n", b"<!DOCTYPE html><html><body>Sign in</body></html>", b"%PDF-1.7\n\x00\x01", b"404: Not Found",
    b'{"error": "Entry not found"}', TERMS.encode()[:300], b"\x00\x01\x02" * 400, b"x" * (2**20 + 1),
    b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n",
])  # fmt: skip
def test_what_is_no_wording_leaves_everything_as_it_was(agreement, fault):
    show(agreement, TERMS)

    kept = show(agreement, fault, days=1)

    assert (kept.outcome, Revision.objects.count(), Change.objects.count()) == ("fault", 1, 0)
    assert len(kept.note) > 10, "curators are told why"


def test_a_fault_at_the_first_look_is_no_first_wording(agreement):
    assert show(agreement, "404: Not Found").outcome == "fault"
    assert show(agreement, TERMS, days=1).outcome == "first"


def test_a_text_that_was_there_before_is_held_and_forgotten_when_it_goes(agreement):
    show(agreement, TERMS)
    show(agreement, UNCAPPED, days=1)

    assert show(agreement, TERMS, days=2).outcome == "held"
    assert show(agreement, TERMS, days=3).outcome == "held"
    assert show(agreement, UNCAPPED, days=4).outcome == "known"
    texts.remain(agreement, now=NOW + timedelta(days=30))
    assert len(told()) == 1


def test_a_return_that_lasts_is_told(agreement):
    show(agreement, TERMS)
    show(agreement, UNCAPPED, days=1)
    show(agreement, TERMS, days=2)

    texts.remain(agreement, now=NOW + timedelta(days=4.9))
    assert len(told()) == 1
    texts.remain(agreement, now=NOW + timedelta(days=5))
    texts.remain(agreement, now=NOW + timedelta(days=6))

    there, back = told()
    assert (there.revision_before, there.revision_after) == (back.revision_after, back.revision_before)
    assert not Clause.objects.in_doubt().exists()


def test_a_return_lasts_from_when_it_can_be_read_again(agreement):
    show(agreement, TERMS)
    show(agreement, UNCAPPED, days=1)
    show(agreement, TERMS, days=2)
    show(agreement, b"%PDF-1.7", days=4)

    assert show(agreement, TERMS, days=6).outcome == "held"
    assert show(agreement, TERMS, days=7).outcome == "changed"


def test_a_wording_that_comes_back_after_two_others_is_no_old_news(agreement):
    for day, text in enumerate((TERMS, UNCAPPED, TERMS + "6. Law. None at all, anywhere."), 1):
        show(agreement, text, days=day)

    assert show(agreement, UNCAPPED, days=4).outcome == "held"
    assert show(agreement, UNCAPPED, days=7).outcome == "changed"
    assert len(told()) == 3


def test_a_known_wording_of_the_catalogue_is_told_with_the_clauses_that_moved():
    license, turn = make_license("Acme License"), date(2025, 2, 1)
    document = license.documents.get()
    make_clause(license, "mau_cap", answer="silent", effective_from=turn)
    make_clause(license, "mau_cap", effective_to=turn, **CAPPED["mau_cap"])
    for text, day in ((TERMS, date(2025, 1, 1)), (UNCAPPED, turn)):
        texts.wording(document, text.encode(), source="github:acme/tiny@c0ffee:LICENSE", day=day)

    show(document, TERMS)
    show(document, UNCAPPED, days=1)

    (change,) = told()
    assert (change.direction, change.effective_on, change.happened_on) == ("looser", turn, turn)
    assert [(move["kind"], move["before"], move["after"]) for move in change.moved] == [("mau_cap", "yes", "silent")]
    assert change.summary == "User cap: yes (license above 100M monthly users at release) → silent."


def test_what_the_catalogue_told_before_is_not_told_again(agreement):
    show(agreement, TERMS)
    revision = texts.wording(agreement, UNCAPPED.encode(), source="github:acme/tiny@c0ffee:LICENSE")
    make_change(
        key="2025-02-01-acme", license=agreement.license, document=agreement, revision_after=revision, cause="text"
    )

    assert show(agreement, UNCAPPED, days=1).outcome == "known"
    assert len(told()) == 1
    assert Clause.objects.in_doubt().exists(), "its quotes were looked for all the same"


def test_pages_say_what_is_in_doubt_and_since_when(client, agreement):
    make_release("Tiny", agreement.license)
    show(agreement, TERMS)
    show(agreement, UNCAPPED, days=1)

    license = client.get("/licenses/acme-license/").content.decode()
    proof = client.get("/licenses/acme-license/clauses/mau_cap/").content.decode()
    table = client.get("/").content.decode()
    export = client.get("/?format=json").json()

    assert "Its words changed, seen on 2026-11-22, and nobody has read them again yet" in license
    assert license.count("In doubt since 2026-11-22") == proof.count("In doubt since 2026-11-22") == 1
    assert "no longer in the text since 2026-11-22" in proof
    assert table.count("· in doubt") == 1
    assert "In doubt, as the words changed: user cap." in table
    assert "(in doubt since 2026-11-22)" in client.get("/?format=csv").content.decode()
    assert export["rows"][0]["clauses"]["mau_cap"]["in_doubt_since"] == "2026-11-22"
    diff = client.get("/licenses/acme-license/text/agreement/diff/").content.decode()
    assert "Nobody has read both of these wordings yet" in diff
    assert client.get("/?mau_cap=yes").content.decode().count("· in doubt") == 1, "filters take it as it was read"


def test_a_model_goes_from_one_standard_text_to_another_and_then_adds_a_paragraph():
    plain = make_license("Plain", kind="standard", mau_cap="no", branding_required="silent")
    acme = make_license("Acme License", **CAPPED)
    for license, text in ((plain, PERMISSIVE), (acme, TERMS)):
        texts.keep(license.documents.get(), text.encode(), source="file", now=NOW)
    file = make_model("acme/tiny").documents.create(key="license", role="agreement", title="LICENSE", path="LICENSE")

    show(file, TERMS)
    show(file, PERMISSIVE.replace("The Plain Authors", "Acme"), days=1)
    show(file, PERMISSIVE.replace("The Plain Authors", "Acme") + "\n" + DISPLAY, days=2)

    relicensed, modified = told()
    assert (relicensed.event, relicensed.license_before, relicensed.license_after) == ("license_changed", acme, plain)
    assert (relicensed.direction, relicensed.moved[0]["kind"]) == ("looser", "mau_cap")
    assert (modified.event, modified.direction) == ("text_changed", "")
    assert "Plain plus 1 sentence" in modified.summary
    assert "headed “Plain License”" in modified.summary


def test_what_a_model_card_says_of_the_license_is_a_statement_and_may_be_short():
    card = make_model("acme/tiny").documents.create(key="readme-md", role="model_card", title="README.md")

    assert show(card, "## License\nSee LICENSE.").outcome == "first"
    show(card, "## License\nSee LICENSE. Ask us before you sell it.", days=1)

    (change,) = told()
    assert (change.event, change.summary) == ("stated", "1 sentence added. Nobody has read it again yet.")


@pytest.mark.parametrize("hostile", [
    TERMS + "<script>alert(1)</script>", TERMS + "\x00", TERMS + "\u202egnp.exe\u202c", TERMS + "word " * 200_000,
    TERMS.encode() + b"\xff\xfe\x80", TERMS.encode() + b"\xed\xa0\x80", "x" * 2**20,
])  # fmt: skip
def test_hostile_texts_are_kept_or_refused_and_never_raise(agreement, hostile):
    show(agreement, TERMS)

    kept = show(agreement, hostile, days=1)

    assert kept.outcome in ("changed", "cosmetic", "fault", "known")
    assert not Revision.objects.filter(text__contains="\u202e").exists()


def test_two_documents_of_one_license_do_not_know_each_other(agreement):
    policy = agreement.license.documents.create(key="policy", role="acceptable_use_policy", title="Policy")
    show(agreement, TERMS)

    assert show(policy, TERMS).outcome == "first"
    assert show(policy, UNCAPPED, days=1).outcome == "changed"
    assert show(agreement, TERMS, days=2).outcome == "known"


def test_words_that_somebody_brought_are_no_change_when_the_place_shows_its_own(now: datetime) -> None:
    document = make_license("Acme License").documents.get()
    texts.keep(document, TERMS.encode(), source="https://acme.example/license", now=now, in_place=False)

    kept = texts.keep(document, f"{TERMS}\n\nYou pay 5%.".encode(), source="hf:acme/x@1:LICENSE", now=now)

    document.refresh_from_db()
    assert (kept.outcome, document.head) == ("first", kept.revision)
    assert not Change.objects.exists()
