"""Two to six releases, licenses or models side by side: lines, words under the answers, what differs, who is added."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from licenses.clauses import CLAUSES
from licenses.models import Artifact, Component, License, Release
from tests.factories import NOW, make_license, make_model, make_publisher, make_release, make_revision
from tests.pages import words

pytestmark = pytest.mark.django_db

TEXT = "Any use is fine. Above 700 million users a month you ask Acme first. Keep this notice."
PROFILE = "commercial=yes&use=product&product_users=800M&users=800M&users_at=2025-03:800M"


@pytest.fixture
def cast() -> None:
    """One with a cap, one without, one that nobody read, and two repositories."""
    capped = make_license(
        "Capped",
        commercial_use={"answer": "yes", "quote": "Any use is fine"},
        mau_cap={"answer": "yes", "thresholds": [{}], "quote": "you ask Acme first", "note": "Of the whole group."},
        copyleft_sharealike="silent",
    )
    License.objects.filter(pk=capped.pk).update(steward=make_publisher("Steward & Co"), released_on=date(2025, 4, 5))
    make_revision(capped.documents.get(), TEXT, effective_on=date(2025, 4, 5))
    free = make_license("Free", kind="standard", commercial_use="yes", mau_cap="no", copyleft_sharealike="silent")
    make_revision(free.documents.get(), "words that prove commercial_use. words that prove mau_cap.")
    big = make_release("Big 1", capped, publisher="Meta", repos=["meta/big-1"])
    Component.objects.create(release=big, name="dataset", value="no", assessor="OSI", as_of=date(2026, 1, 2))
    Component.objects.create(release=big, name="weights", value="yes", assessor="OSI", as_of=date(2026, 1, 2))
    make_release("Small 1", free, publisher="Alibaba")
    make_release("Dark 1", make_license("Dark"))
    make_model("meta/big-1", license=capped)
    make_model("acme/tuned", license=free, base_models=["meta/big-1"], base_relation="finetune")


def page(client: Client, query: str) -> str:
    found = client.get(f"/compare/?{query}")
    assert found.status_code == 200, words(found.content.decode())[:600]
    return str(found.content.decode())


def line(markup: str, head: str, *, after: str = "") -> list[str]:
    """The words of one row: its head and its cells."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", markup[markup.index(after) :], re.S)
    cells = [[words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]
    return next(row for row in cells if row and row[0].startswith(head))


def heads(markup: str) -> list[str]:
    return [words(head) for head in re.findall(r'<th scope="col">(.*?)</th>', markup, re.S)]


@pytest.mark.usefixtures("cast")
class TestTheGrid:
    def test_every_clause_kind_is_a_line_and_every_subject_a_column(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=licenses/free&with=acme/tuned")

        assert "<title>Big 1, Free and acme/tuned side by side" in markup
        assert [head.split(" Remove")[0] for head in heads(markup)] == [
            "Big 1 release · Meta Capped · custom",
            "Free license Free · standard",
            "acme/tuned model · acme Free · standard",
        ]
        for kind in CLAUSES:
            assert len(line(markup, kind.title, after=f'<tr id="{kind.slug}">')) == 4
        assert markup.count('<th scope="rowgroup"') >= 6

    def test_the_exact_words_stand_under_their_answer_and_lead_to_their_place(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1")
        text = License.objects.get(slug="capped").documents.get()
        wording = text.revisions.get()

        cell = line(markup, "User cap")[1]

        assert cell.startswith("yes license above 700M monthly users at release")
        assert "“you ask Acme first”Capped text, 2" in cell
        assert "Of the whole group." in cell
        assert f'href="/licenses/capped/text/agreement/?revision={wording.name}#q-mau_cap-1"' in markup
        assert 'href="/licenses/capped/clauses/mau_cap/"' in markup

    def test_what_stands_above_the_clauses(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=licenses/free&with=acme/tuned&with=dark-1")

        assert line(markup, "The catch")[1].startswith("Not fully read; needs a license from Acme if over 700 million")
        assert line(markup, "Kind of license")[1:] == ["custom", "standard", "standard", "custom"]
        assert line(markup, "Its documents")[1] == "Capped text agreement, 2025-04-05"
        assert line(markup, "Its documents")[4] == "Dark text agreement, undated, text not fetched yet"
        assert line(markup, "Terms it inherits")[1:] == [
            "none that we know of", "no model", "Capped, fine-tuned from meta/big-1", "none that we know of",
        ]  # fmt: skip
        assert "1 yes, 1 noweights: yesdata set: no" in line(markup, "Open components")[1]
        assert "Assessed by OSI, 2026-01-02" in line(markup, "Open components")[1]
        assert line(markup, "Open components")[2:] == [
            "no model", "not assessed: no release of ours holds it", "not assessed yet",
        ]  # fmt: skip

    def test_a_repository_has_the_components_of_its_release(self, client: Client) -> None:
        markup = page(client, "with=meta/big-1&with=small-1")

        assert "Of the release big-1, assessed by OSI" in line(markup, "Open components")[1]

    def test_unread_is_never_no_and_never_the_same(self, client: Client) -> None:
        markup = page(client, "with=small-1&with=dark-1")

        assert line(markup, "User cap") == ["User cap not read for all", line(markup, "User cap")[1], "not read yet"]
        assert "0 of 35 answers differ, 0 are the same, 35 are not read for all." in words(markup)

    def test_several_licenses_and_none_say_so(self, client: Client) -> None:
        make_release("Two 1", License.objects.get(slug="free"))
        Artifact.objects.filter(release__slug="two-1").update(license=None, expression="MIT AND BSD-3-Clause")
        make_model("acme/unknown")

        markup = page(client, "with=two-1&with=acme/unknown")

        assert line(markup, "The catch")[1] == "Several licenses together, read each: MIT, BSD-3-Clause."
        assert "no rule of ours recognises" in line(markup, "The catch")[2]
        assert line(markup, "User cap")[1:] == ["not read yet", "not read yet"]

    def test_strangers_words_stay_words(self, client: Client) -> None:
        License.objects.filter(slug="free").update(short_name="<b>Free</b>")

        assert "&lt;b&gt;Free&lt;/b&gt;" in page(client, "with=licenses/free&with=big-1")

    def test_a_page_of_six_asks_few_queries(self, client: Client, django_assert_num_queries: Any) -> None:
        make_release("Derived 1", License.objects.get(slug="free"), base_model="nobody/known", base_relation="finetune")
        address = "/compare/?with=big-1&with=small-1&with=dark-1&with=licenses/free&with=acme/tuned&with=meta/big-1"
        client.get(address)

        with django_assert_num_queries(7):
            assert client.get(address).status_code == 200


@pytest.mark.usefixtures("cast")
class TestWhatDiffers:
    def test_those_that_differ_stand_first_and_say_so(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1")

        assert line(markup, "User cap")[0] == "User cap differs"
        assert line(markup, "Copyleft")[0] == "Copyleft or share-alike"
        assert markup.index('id="mau_cap"') < markup.index('id="commercial_use"')
        assert "1 of 35 answers differ, 2 are the same, 32 are not read for all." in words(markup)

    def test_an_amount_differs_as_an_answer_does(self, client: Client) -> None:
        smaller = make_license("Smaller", mau_cap={"answer": "yes", "thresholds": [{"amount": 100_000_000}]})
        make_license("Vague", mau_cap={"answer": "yes", "thresholds": [{"whose": "licensee"}]})

        assert line(page(client, f"with=big-1&with=licenses/{smaller.slug}"), "User cap")[0] == "User cap differs"
        assert line(page(client, "with=big-1&with=vague"), "User cap")[0] == "User cap differs in details"

    def test_only_those_that_differ(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1&rows=differing")

        assert re.findall(r'<tr id="(\w+)">', markup) == ["mau_cap"]

    def test_all_in_our_order(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1&rows=all")

        assert re.findall(r'<tr id="(\w+)">', markup) == [kind.slug for kind in CLAUSES]

    def test_every_quote_can_be_open_at_once(self, client: Client) -> None:
        folded, open_ = (page(client, f"with=big-1&with=small-1{more}") for more in ("", "&quotes=open"))

        assert "<details open>" not in folded
        assert "<details><summary><b" not in open_
        assert "?with=big-1&amp;with=small-1&amp;quotes=open#grid" in folded


@pytest.mark.usefixtures("cast")
class TestWhoAsks:
    def test_a_profile_brings_a_verdict_and_its_reason(self, client: Client) -> None:
        markup = page(client, f"with=big-1&with=small-1&{PROFILE}")

        verdicts = line(markup, "For you it appears")
        assert verdicts[1].startswith("needs a license")
        assert 'href="/check/releases/big-1/?commercial=yes&amp;use=product' in markup
        assert "Information, not legal advice. Our reading of the text dated 2026-11-01" in words(markup)

    def test_it_is_carried_when_one_is_added_or_removed(self, client: Client) -> None:
        markup = page(client, f"with=big-1&with=small-1&rows=all&{PROFILE}")
        removed = re.findall(r'href="([^"]*)" aria-label="Remove Big 1"', markup)[0]

        assert removed.startswith("/compare/?with=small-1&amp;rows=all&amp;commercial=yes")
        assert removed.endswith("#grid")
        for name, value in (("with", "big-1"), ("rows", "all"), ("use", "product")):
            assert f'<input type="hidden" name="{name}" value="{value}">' in markup

    def test_without_one_the_page_asks(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1")

        assert "For you it appears" not in markup
        assert "What was assumed" not in markup
        assert 'May I use them? <a href="/check/?with=big-1&amp;with=small-1">Say who you are</a>' in markup

    def test_it_says_who_asks_and_what_was_assumed(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1&commercial=yes&use=product")

        assert "For somebody that builds it into a product, commercial." in words(markup)
        assert "What was assumed" in markup
        assert "are not stated: they are taken to be fewer." in words(markup)

    def test_who_says_who_they_are_comes_back_with_the_comparison(self, client: Client) -> None:
        asked = client.get(f"/check/?with=big-1&with=small-1&{PROFILE}").content.decode()

        assert asked.count('<input type="hidden" name="with" value="big-1">') == 2
        [back] = re.findall(r'<a href="([^"]+)">Back to the comparison</a>', asked)
        assert "For somebody that builds it into a product" in words(page(client, unescape(back).partition("?")[2]))
        assert "Back to the comparison" not in client.get("/check/").content.decode()

    def test_the_files_say_what_was_assumed(self, client: Client) -> None:
        query = "/compare/?with=big-1&with=small-1&commercial=yes&use=product"
        first = client.get(f"{query}&format=json").json()["subjects"][0]
        rows = {row[0]: row for row in csv.reader(client.get(f"{query}&format=csv").content.decode().splitlines())}

        assert any("not stated" in words for words in first["assumed"])
        assert rows["assumed"][2] == "; ".join(first["assumed"])

    @pytest.mark.parametrize(
        ("path", "handle"),
        [
            ("/releases/big-1/", "big-1"),
            ("/licenses/capped/", "licenses/capped"),
            ("/models/acme/tuned/", "acme/tuned"),
            ("/", "big-1"),
        ],
    )
    def test_a_page_leads_here(self, client: Client, path: str, handle: str) -> None:
        assert f'href="/compare/?with={handle}"' in client.get(path).content.decode()

    def test_the_table_carries_who_asks(self, client: Client) -> None:
        assert 'href="/compare/?commercial=yes&amp;with=big-1"' in client.get("/?commercial=yes").content.decode()


@pytest.mark.usefixtures("cast")
class TestWordsBesideWords:
    def test_two_texts_that_are_here_are_compared_word_by_word(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=licenses/capped&with=small-1&with=dark-1")
        links = re.findall(r'<li><a href="([^"]*diff[^"]*)">(.*?)</a>', markup)

        assert links == [("/licenses/free/text/agreement/diff/?with=capped", "Capped and Free")]
        assert client.get(links[0][0]).status_code == 200

    def test_one_license_has_nothing_to_compare(self, client: Client) -> None:
        assert "Compare the words" not in page(client, "with=big-1&with=dark-1")


@pytest.mark.usefixtures("cast")
class TestWhomToCompare:
    @pytest.mark.parametrize("query", ["", "with=", "with=big-1"])
    def test_one_or_none_is_asked_for_another(self, client: Client, query: str) -> None:
        markup = page(client, query)

        assert 'name="add"' in markup
        assert ("Chosen: one more" in markup) == ("big-1" in query)

    @pytest.mark.parametrize(
        ("add", "lands"),
        [
            ("small-1", "/compare/?with=big-1&with=small-1#grid"),
            (" licenses/free ", "/compare/?with=big-1&with=licenses%2Ffree#grid"),
            ("acme/tuned", "/compare/?with=big-1&with=acme%2Ftuned#grid"),
            ("big-1", "/compare/?with=big-1#grid"),
            ("releases/big-1", "/compare/?with=big-1#grid"),
        ],
    )
    def test_a_handle_is_added_at_once_and_only_once(self, client: Client, add: str, lands: str) -> None:
        found = client.get("/compare/", {"with": "big-1", "add": add})

        assert (found.status_code, found["Location"]) == (302, lands)

    def test_a_word_offers_what_it_may_mean(self, client: Client) -> None:
        markup = page(client, "with=big-1&rows=all&add=Small")
        both = page(client, "with=big-1&add=a")

        assert 'href="/compare/?with=big-1&amp;with=small-1&amp;rows=all#grid"' in markup
        assert "with=licenses%2Fcapped" in both
        assert "with=acme%2Ftuned" in both

    def test_a_word_for_nothing_says_so_and_keeps_the_others(self, client: Client) -> None:
        markup = page(client, "with=big-1&with=small-1&add=zzz")

        assert "Nothing here is called “zzz”" in words(markup)
        assert 'href="/compare/?with=big-1&amp;with=small-1#grid">Back to the comparison' in markup

    def test_a_word_asks_few_queries(self, client: Client, django_assert_num_queries: Any) -> None:
        client.get("/compare/?with=big-1")

        with django_assert_num_queries(7):
            page(client, "with=big-1&with=licenses/free&with=acme/tuned&add=a")

    def test_comparisons_to_begin_with_are_those_that_the_catalogue_has(self, client: Client) -> None:
        before = page(client, "commercial=yes")
        for slug in ("qwen2.5", "qwen2.5-3b", "qwen2.5-72b"):
            release = make_release(slug, License.objects.get(slug="free"))
            Release.objects.filter(pk=release.pk).update(slug=slug)

        markup = page(client, "commercial=yes")

        assert "To begin with" not in before
        three = "with=qwen2.5&amp;with=qwen2.5-3b&amp;with=qwen2.5-72b"
        assert re.findall(r'href="(/compare/[?][^"]*)"', markup) == [f"/compare/?commercial=yes&amp;{three}#grid"]

    @pytest.mark.parametrize(
        ("query", "field", "cure"),
        [
            ("with=big-2", "with", "“big-2” is no release, license or model here. Did you mean “big-1”"),
            ("with=licenses/cappd", "with", "Did you mean “licenses/capped”?"),
            ("with=meta/big-11", "with", "Did you mean “meta/big-1”"),
            ("with=%00&with=big-1", "with", "Write a release or a license as in its address"),
            ("with=a/b/c&with=big-1", "with", "is no release"),
            ("with=big-1&with=big-1", "with", "“big-1” is here twice. Name each once."),
            ("with=big-1&with=releases/big-1", "with", "“releases/big-1” is here twice"),
            ("&".join(f"with=x-{n}" for n in range(7)), "with", "These are 7. Compare at most 6"),
            ("with=big-1&with=small-1&rows=some", "rows", "Use differing or all"),
            ("with=big-1&with=small-1&quotes=shut", "quotes", "Use open"),
            ("with=big-1&with=small-1&format=xml", "format", "Use one of: csv, json."),
            ("with=big-1&format=json", "with", "A file is made of 2 to 6"),
            ("with=big-1&with=small-1&format=csv&add=x", "with", "nothing to add"),
            ("with=big-1&add=%00", "add", "This is no name"),
            (f"with=big-1&add={'x' * 201}", "add", "at most 200"),
            ("with=big-1&with=small-1&commercial=perhaps", "commercial", "Use one of: yes, no."),
            ("with=big-1&page=2", "page", "means nothing here"),
        ],
    )
    def test_what_cannot_be_names_the_field_and_the_cure(
        self, client: Client, query: str, field: str, cure: str
    ) -> None:
        found = client.get(f"/compare/?{query}")
        said = found.content.decode() if "format=json" not in query else str(found.json())

        assert found.status_code == 400
        assert field in said
        assert cure in words(said)

    def test_a_seventh_is_not_added(self, client: Client) -> None:
        for number in range(2, 6):
            make_release(f"Big {number}", License.objects.get(slug="free"))
        six = "&".join(f"with=big-{number}" for number in range(1, 6)) + "&with=dark-1"

        assert "Six is the most" in page(client, six)
        assert client.get(f"/compare/?{six}&add=small-1").status_code == 400


@pytest.mark.usefixtures("cast")
class TestForMachines:
    def test_json_has_answers_quotes_and_the_disclaimer(self, client: Client) -> None:
        found = client.get(f"/compare/?with=big-1&with=small-1&rows=differing&format=json&{PROFILE}").json()

        assert found["title"] == "Big 1 and Small 1 side by side"
        assert found["disclaimer"].startswith("Information, not legal advice. Our reading of the text dated 2026-11-01")
        assert found["rows"] == [{"kind": "mau_cap", "title": "User cap", "state": "differs"}]
        big = found["subjects"][0]
        assert big["verdict"] == "needs-license"
        assert big["clauses"]["mau_cap"]["answer"] == "yes"
        assert big["clauses"]["mau_cap"]["quotes"] == [{"exact": "you ask Acme first", "source": "Capped text, 2"}]

    def test_csv_has_a_column_for_each_and_runs_no_formula(self, client: Client) -> None:
        License.objects.filter(slug="free").update(short_name="=SUM(A1)")
        found = client.get("/compare/?with=licenses/free&with=big-1&format=csv")

        rows = {row[0]: row for row in csv.reader(io.StringIO(found.content.decode()))}

        assert found["Content-Disposition"] == 'attachment; filename="side-by-side.csv"'
        assert rows["name"] == ["name", "", "'=SUM(A1)", "Big 1"]
        assert rows["mau_cap"][1:] == ["differs", "no", "yes: license above 700M monthly users at release"]
        assert rows["geo_exclusion"][1:] == ["not read for all", "unread", "unread"]
        assert len(rows) == 7 + len(CLAUSES)


def test_a_text_is_dated_by_when_it_was_seen(client: Client) -> None:
    seen = make_license("Seen", mau_cap="no")
    make_revision(seen.documents.get(), "words that prove mau_cap", first_seen_at=NOW)

    markup = page(client, "with=seen&with=licenses/other" if make_license("Other") else "")

    assert line(markup, "Its documents")[1] == "Seen text agreement, seen 2026-11-21"
