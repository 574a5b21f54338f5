"""The pages of a conclusion: before it is made, while it stands, when it is taken back; and the model's own page."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.concluding import Evidence, conclude
from licenses.models import (
    Conclusion,
    Document,
    OpenModel,
)
from tests.factories import make_model, make_revision
from tests.ingest.concluding import SHOWN, own_file, standing, tagged
from tests.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/curate/models/acme/tiny/"


def test_the_page_shows_what_each_signal_says(curator, apache, gemma):
    model = tagged(apache)
    OpenModel.objects.update(declared_link="https://odd.example/license")
    document = Document.objects.create(model=model, key="license", role="agreement", title="LICENSE", reads_as=gemma)
    make_revision(document, "Do as you like.")

    text = words(curator.get(PAGE).content.decode().replace("<", " <"))

    assert "tag apache-2.0 Apache 2.0" in text
    assert "name Gemma Gemma" in text
    assert "link https://odd.example/license nothing that we know" in text
    assert "file LICENSE Gemma" in text
    assert "stands under Apache 2.0 , by tag:apache-2.0" in text
    assert f"/models/acme/tiny/text/{document.key}/" in curator.get(PAGE).content.decode()


def test_a_look_beforehand_says_what_speaks_against_it(curator, apache, gemma):
    model = tagged(apache)
    assert "Before it is saved" not in curator.get(PAGE).content.decode()
    own_file(model, gemma)

    page = curator.get(PAGE, {"license": "apache-20"})

    text = words(page.content.decode())
    assert "As Apache 2.0: 1 model, 7 downloads, stays where it is." in text
    assert "its LICENSE by itself means Gemma" in text
    assert "I have seen that its file says otherwise" in text
    text = words(curator.get(PAGE, {"license": "gemma"}).content.decode())
    assert "As Gemma: 1 model, 7 downloads, would move from Apache 2.0." in text
    assert "I have seen" not in text
    assert "With no license that is known here" in words(curator.get(PAGE, {"known": "no"}).content.decode())
    assert curator.get(PAGE, {"license": "odd"}).status_code == 400


def test_the_page_asks_for_the_tick_and_takes_it(curator, apache, gemma):
    own_file(tagged(apache), gemma)
    fields = {"license": "apache-20", "reason": "The file is of a part.", "quote": "of the tokenizer"}

    page = curator.post(PAGE, fields)

    assert page.status_code == 400
    assert "The tick is missing: its file, LICENSE, by itself means Gemma." in words(page.content.decode())
    assert not Conclusion.objects.exists()
    assert curator.post(PAGE, fields | {"seen": "yes"}).status_code == 302


def test_a_curator_goes_back_to_what_the_signals_say(curator, apache, gemma):
    tagged(apache)
    curator.post(PAGE, {"license": "gemma", "reason": "So it says.", "quote": "words"})
    assert "Back to what its signals say" in curator.get(PAGE).content.decode()

    page = curator.post(PAGE, {"do": "withdraw", "reason": " "})
    assert "Why is missing." in words(page.content.decode())
    page = curator.post(PAGE, {"do": "withdraw", "reason": "It does not."}, follow=True)

    assert "acme/tiny: Apache 2.0." in words(page.content.decode())
    assert "Back to what its signals say" not in page.content.decode()
    assert curator.post(PAGE, {"do": "withdraw", "reason": "Again."}).status_code == 400


def test_the_public_page_says_who_concluded_it_and_from_what(visitor, apache, gemma, ada, now):
    model = tagged(apache)
    assert "by the rule tag:apache-2.0" in words(visitor.get("/models/acme/tiny/").content.decode())

    conclude(model, gemma, SHOWN, by=ada, now=now)

    page = visitor.get("/models/acme/tiny/").content.decode()
    said = f"Gemma, concluded by Ada on {now:%Y-%m-%d}: Its card says so in the first line. https://hub.example"
    assert said in words(page)
    assert '<a href="https://hub.example/acme/tiny" rel="nofollow' in page
    assert "concluded:" not in page


def test_the_public_page_says_that_it_is_concluded_to_be_unknown(visitor, apache, ada, now):
    conclude(tagged(apache), None, Evidence("The file is empty.", quote="no words"), by=ada, now=now)

    text = words(visitor.get("/models/acme/tiny/").content.decode())

    assert "what this repository declares is not its license, and which one is, nobody here knows" in text
    assert f"not resolved, concluded by Ada on {now:%Y-%m-%d}: The file is empty.no words" in text


def test_the_public_page_takes_few_queries(visitor, apache, gemma, ada, now, django_assert_max_num_queries: Any):
    conclude(tagged(apache), gemma, SHOWN, by=ada, now=now)

    with django_assert_max_num_queries(8):
        visitor.get("/models/acme/tiny/")


def test_a_curator_concludes_and_sees_it(curator, apache, gemma):
    tagged(apache)

    page = curator.post(PAGE, {"license": "gemma", "reason": "So it says.", "quote": "under  Gemma terms"}, follow=True)

    text = words(page.content.decode())
    assert "acme/tiny: Gemma." in text
    assert "Ada: Gemma. So it says." in text
    assert Conclusion.objects.get().quote == "under Gemma terms"
    assert "Gemma" in curator.get("/models/acme/tiny/").content.decode()


def test_a_curator_says_that_it_is_not_known(curator, apache):
    tagged(apache)

    curator.post(PAGE, {"known": "no", "reason": "The file is empty.", "evidence": "https://hub.example/acme/tiny"})

    assert standing() == (None, "")


@pytest.mark.parametrize(("fields", "said"), [
    ({"license": "gemma", "reason": "So."}, "Address is missing."),
    ({"reason": "So.", "quote": "words"}, "License is missing."),
    ({"license": "odd", "reason": "So.", "quote": "words"}, "License is “odd”, which is no license here."),
])  # fmt: skip
def test_a_faulty_form_comes_back(fields, said, curator, apache, gemma):
    tagged(apache)

    page = curator.post(PAGE, fields)

    assert page.status_code == 400
    assert said in words(page.content.decode())
    assert all(value in page.content.decode() for value in fields.values())


def test_nothing_is_concluded_of_what_is_gone(curator, apache, now):
    tagged(apache)
    OpenModel.objects.update(gone_at=now)

    assert curator.post(PAGE, {"license": "apache-20", "reason": "So.", "quote": "words"}).status_code == 400
    assert not Conclusion.objects.exists()
    assert curator.get("/curate/models/acme/nothing/").status_code == 404


def test_what_strangers_wrote_is_shown_and_harmless(curator, apache):
    hostile = "<script>alert(1)</script>\u202eevil"
    make_model("acme/tiny", declared=[hostile], declared_name=hostile, declared_link=f"javascript:alert(1)//{hostile}")

    page = curator.post(PAGE, {"license": hostile, "reason": hostile, "quote": hostile}).content.decode()

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
    assert page.count("&lt;script&gt;") >= 5


def test_visitors_are_asked_who_they_are(visitor, apache):
    tagged(apache)

    assert visitor.get(PAGE).status_code == visitor.post(PAGE).status_code == 302


def test_the_page_takes_few_queries(curator, apache, gemma, django_assert_num_queries: Any):
    model = tagged(apache)
    for number in range(6):
        Document.objects.create(
            model=model, key=f"d{number}", role="agreement", title=f"LICENSE-{number}", reads_as=gemma
        )

    with django_assert_num_queries(13):
        curator.get(PAGE)
