"""The profile in feeds and on the page of changes: only what alters the answer for whoever asks is told."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from licenses import altering
from licenses.models import Change, Clause, License
from tests.factories import NOW, make_change, make_clause, make_license, make_model, make_publisher, make_release
from tests.feeds import ids
from tests.pages import words

pytestmark = pytest.mark.django_db

FORMS = ("rss", "atom", "json")
BIG = "commercial=yes&organisation=company&use=product&seat=DE&users=900M"
SMALL = "commercial=yes&organisation=company&use=product&seat=DE&users=5000"
AT_HOME = "commercial=no&organisation=person"
CAP = {"answer": "yes", "thresholds": [{"measured": "ongoing"}]}
EUROPE = {"regions": ["EU"], "basis": ["domicile"], "effect": "no_grant"}
TURN = date(2026, 6, 1)
FREE = {
    "commercial_use": "yes", "mau_cap": "no", "revenue_cap": "no", "acceptable_use_policy": "no", "field_of_use": "no",
    "geo_exclusion": "no", "branding_required": "no", "output_rights": "yes",
}  # fmt: skip
NOT_LEGAL_ADVICE = "Information, not legal advice."


def free(name: str = "Acme", **answers: Any) -> License:
    """A license that lets everybody use it, but for what is said."""
    return make_license(name, **FREE | answers)


def once_said(license: License, kind: str, was: str | dict[str, Any], **facts: Any) -> None:
    make_clause(license, kind, effective_to=TURN, **(was if isinstance(was, dict) else {"answer": was}), **facts)


def turns(license: License, kind: str, was: str | dict[str, Any], **facts: Any) -> Change:
    """The words of a license said otherwise before the first of June, and we have read both."""
    once_said(license, kind, was)
    row = {"event": "text_changed", "cause": "text", "direction": "tighter", "effective_on": TURN, "key": "turn"}
    return make_change(license=license, license_before=license, license_after=license, **row | facts)


def told(client: Client, profile: str, path: str = "/changes") -> dict[str, str]:
    """Key → what the feed says that the change does to the answer."""
    page = client.get(f"{path}.json?{profile}")
    assert page.status_code == 200, page.content
    found = {}
    for item in json.loads(page.content)["items"]:
        assert NOT_LEGAL_ADVICE in item["content_html"]
        assert NOT_LEGAL_ADVICE in item["summary"]
        said = re.search(r"<b>(For this profile.*?)</b>", item["content_html"])
        assert said, item
        found[item["url"].rstrip("/").rpartition("/")[2]] = unescape(said[1])
    return found


class TestWhoIsTold:
    def test_a_new_cap_is_told_to_the_big_company_and_not_to_the_small_one(self, client: Client) -> None:
        turns(free(mau_cap=CAP), "mau_cap", "no")

        assert told(client, BIG)["turn"].startswith(
            "For this profile: appears permitted → appears to need a separate license"
            " (because you have over 700 million monthly users"
        )
        assert told(client, SMALL) == told(client, AT_HOME) == {}

    def test_a_cap_that_falls_is_told_with_what_stood_before(self, client: Client) -> None:
        turns(free(), "mau_cap", CAP, direction="looser")

        assert told(client, BIG)["turn"].startswith(
            "For this profile: appears to need a separate license → appears permitted"
            " (before: you have over 700 million monthly users"
        )
        assert told(client, SMALL) == {}

    def test_a_territory_is_told_to_those_who_sit_there(self, client: Client) -> None:
        turns(free(geo_exclusion={"answer": "yes", "territories": [EUROPE]}), "geo_exclusion", "no")

        assert "appears permitted → appears prohibited (because" in told(client, SMALL)["turn"]
        assert told(client, SMALL.replace("DE", "US")) == {}

    def test_a_duty_that_comes_or_goes_is_told_with_the_same_answer(self, client: Client) -> None:
        turns(free("One", acceptable_use_policy="yes", registration="yes"), "registration", "no", key="new")
        turns(free("Two", acceptable_use_policy="yes", registration="no"), "registration", "yes", key="gone")

        said = told(client, SMALL)

        assert said["new"].startswith(
            "For this profile: same answer (appears permitted with obligations); new duty: register"
        )
        assert "obligations); duty gone: register" in said["gone"]
        assert told(client, AT_HOME) == {}

    def test_a_change_of_what_the_profile_does_not_do_is_not_told(self, client: Client) -> None:
        turns(free(attribution_notice="yes"), "attribution_notice", "no")

        assert told(client, SMALL) == {}
        assert "new duty" in told(client, f"{SMALL}&use=redistribute")["turn"]

    def test_our_better_reading_is_told_as_ours(self, client: Client) -> None:
        license = free()
        later = NOW + timedelta(days=1)
        before = license.clauses.get(kind="mau_cap")
        Clause.objects.filter(pk=before.pk).update(superseded_at=later)
        make_clause(license, "mau_cap", supersedes=before, recorded_at=later, **CAP)
        make_change(
            license=license, license_after=license, event="read", cause="reading", seen_at=later, key="read",
            moved=[{"kind": "mau_cap", "before": "no", "after": "yes"}],
        )  # fmt: skip

        assert "appears permitted → appears to need a separate license" in told(client, BIG)["read"]
        assert told(client, SMALL) == {}
        assert "Our reading:" in client.get(f"/changes.atom?{BIG}").content.decode()

    def test_another_license_is_told_by_what_both_say(self, client: Client) -> None:
        research = free("Research", commercial_use="no")
        acme = free()
        facts = {"release": make_release("Tiny", acme), "cause": "text", "direction": "looser", "effective_on": TURN}
        make_change(license_before=research, license_after=acme, key="freed", **facts)

        assert (
            "appears to need a separate license → appears permitted (before: commercial use"
            in (told(client, SMALL)["freed"])
        )
        assert told(client, AT_HOME) == {}

    def test_terms_of_the_code_alone_are_said_to_be_so(self, client: Client) -> None:
        facts = {"cause": "text", "direction": "looser", "covers": ["code"], "key": "code"}
        make_change(
            release=make_release("Tiny", free()), license_after=License.objects.get(),
            license_before=free("Research", commercial_use="no"), **facts,
        )  # fmt: skip

        assert told(client, SMALL)["code"].startswith("For this profile, by the terms of the code: appears to need")

    def test_the_next_version_is_laid_beside_the_one_before(self, client: Client) -> None:
        one, two = free("One"), free("Two", mau_cap=CAP)
        make_change(license=two, license_before=one, event="next_version", cause="text", direction="tighter", key="two")

        assert list(told(client, BIG)) == ["two"]
        assert told(client, SMALL) == {}

    def test_what_a_model_takes_in_counts_where_the_text_asks(self, client: Client) -> None:
        limited = free("Limited", geo_exclusion={
            "answer": "yes", "territories": [EUROPE | {"applies_to": "multimodal_only"}],
        })  # fmt: skip
        before = free()
        for modality in ("text", "multimodal"):
            release = make_release(modality, limited, modality=modality)
            make_change(release=release, license_before=before, license_after=limited, cause="text", key=modality)

        assert "appears prohibited" in told(client, SMALL)["multimodal"]
        assert "appears prohibited" not in told(client, SMALL).get("text", "")

    def test_a_gate_is_a_duty_and_no_verdict(self, client: Client) -> None:
        make_release("Tiny", free(), repos=["acme/tiny"])
        model = make_model("acme/tiny")
        make_change(model=model, event="gate_changed", before="", after="manual", key="gate")

        assert told(client, SMALL) == {
            "gate": "For this profile: at its gate; new duty: ask for access on the Hub first: it is granted by hand."
        }
        assert told(client, "commercial=yes&end_user=yes") == {}


class TestWhatCannotBeWorkedOut:
    def test_a_side_that_nobody_read_is_told_to_everyone(self, client: Client) -> None:
        facts = {"cause": "text", "direction": "neither", "release": make_release("Tiny", free())}
        make_change(
            license_before=make_license("Unread"), license_after=License.objects.get(slug="acme"), key="a", **facts
        )
        make_change(license_before=License.objects.get(slug="acme"), key="b", **facts)
        make_change(key="c", **facts)

        for profile in (BIG, SMALL, AT_HOME):
            said = told(client, profile)
            assert said["a"].startswith("For this profile: cannot tell → appears permitted (before: ")
            assert said["b"].startswith("For this profile: appears permitted → cannot tell (because its terms are not")
            assert said["c"].startswith("For this profile: cannot tell → cannot tell (because")

    def test_a_duty_is_not_called_new_where_nobody_read_what_stood_before(self, client: Client) -> None:
        license = free(acceptable_use_policy="yes")
        facts = {"cause": "text", "direction": "neither", "key": "a", "license_before": make_license("Unread")}
        make_change(license=license, license_after=license, event="next_version", **facts)

        assert "appears permitted with obligations (before: its terms are not held here" in told(client, SMALL)["a"]
        assert "; duty: follow its acceptable use policy." in told(client, SMALL)["a"]

    def test_new_words_are_told_until_somebody_reads_them(self, client: Client) -> None:
        license = free()
        facts = {"license": license, "license_before": license, "license_after": license, "cause": "text"}
        make_change(event="text_changed", effective_on=TURN, key="new", **facts)
        assert "→ cannot tell (because nobody has read the new words yet)" in told(client, SMALL)["new"]

        once_said(license, "mau_cap", CAP)

        assert told(client, SMALL) == {}
        assert "appears to need a separate license → appears permitted" in told(client, BIG)["new"]

    def test_where_our_readings_do_not_reach_back_the_change_itself_says_what_stood_before(
        self, client: Client
    ) -> None:
        license = free(registration="yes", mau_cap=CAP)
        facts = {"license": license, "event": "text_changed", "cause": "text", "direction": "tighter"}
        make_change(moved=[{"kind": "registration", "before": "no", "after": "yes"}], key="duty", **facts)
        make_change(moved=[{"kind": "mau_cap", "before": "yes", "after": "yes"}], key="size", **facts)
        make_change(key="nothing", **facts)

        said = told(client, SMALL)

        assert said["duty"] == "For this profile: appears permitted → appears permitted with obligations; " + (
            "new duty: register with or ask the licensor before commercial use."
        )
        assert "cannot tell → appears permitted" in said["size"]
        assert "cannot tell → appears permitted" in said["nothing"]
        assert "duty" not in told(client, AT_HOME)

    def test_a_file_that_went_leaves_nobody_sure(self, client: Client) -> None:
        license = free()
        facts = {"license": license, "license_before": license, "license_after": license, "cause": "text"}
        make_change(event="text_gone", key="gone", **facts)
        make_change(event="base_changed", model=None, key="base", **facts)

        said = told(client, SMALL)

        assert "appears permitted → cannot tell" in said["gone"]
        assert "what it is made from changed" in said["base"]

    def test_names_and_departures_alter_no_answer(self, client: Client) -> None:
        make_release("Tiny", free(), repos=["acme/tiny"])
        model = make_model("acme/tiny")
        for event in ("renamed", "gone", "returned"):
            make_change(model=model, event=event, before="a/b", after="c/d")

        assert told(client, SMALL) == {}
        assert len(json.loads(client.get("/changes.json").content)["items"]) == 3


@pytest.mark.parametrize("form", FORMS)
class TestTheFeed:
    def test_it_is_valid_and_says_for_whom_it_is(self, client: Client, form: str) -> None:
        turns(free(mau_cap=CAP), "mau_cap", "no")

        address = f"/changes.{form}?{BIG}"
        body = client.get(address).content.decode()

        assert ids(client, address) == ["turn"]
        assert ids(client, f"/changes.{form}?{SMALL}") == []
        assert "Changes that alter the answer for this profile: a company in Germany" in body
        assert "appears to need a separate license" in body
        assert NOT_LEGAL_ADVICE in body

    def test_feeds_of_one_thing_take_a_profile(self, client: Client, form: str) -> None:
        license = free(mau_cap=CAP)
        License.objects.update(steward=make_publisher())
        make_release("Tiny", license, repos=["acme/tiny"])
        make_model("acme/tiny", license=license)
        turns(license, "mau_cap", "no")

        for path in ("/licenses/acme", "/releases/tiny", "/publishers/acme", "/models/acme/tiny"):
            assert ids(client, f"{path}/changes.{form}?{BIG}") == ["turn"], path
            assert ids(client, f"{path}/changes.{form}?{SMALL}") == [], path

    def test_filters_and_a_profile_go_together(self, client: Client, form: str) -> None:
        turns(free("One", mau_cap=CAP), "mau_cap", "no", key="one")
        turns(free("Two", mau_cap=CAP), "mau_cap", "no", key="two")

        assert ids(client, f"/changes.{form}?license=one&{BIG}") == ["one"]
        assert ids(client, f"/changes.{form}?direction=looser&{BIG}") == []

    def test_who_asks_again_is_told_when_a_reading_judges_an_old_change_otherwise(
        self, client: Client, form: str, django_assert_num_queries: Any
    ) -> None:
        license = free(mau_cap=CAP)
        turns(license, "mau_cap", "no", direction="neither")
        address = f"/changes.{form}?{BIG}"
        page = client.get(address)
        known = {"If-None-Match": page.headers["ETag"]}
        assert "Last-Modified" not in page.headers

        with django_assert_num_queries(2):
            assert client.get(address, headers=known).status_code == 304

        before = license.clauses.get(kind="mau_cap", effective_to=TURN)
        Clause.objects.filter(pk=before.pk).update(superseded_at=NOW)
        once_said(license, "mau_cap", CAP, supersedes=before)

        assert client.get(address, headers=known).status_code == 200
        assert ids(client, address) == []

    def test_it_has_no_archives_and_at_most_a_hundred_entries(self, client: Client, form: str) -> None:
        many(150)

        assert ids(client, f"/changes.{form}?{BIG}") == [f"k{n:05}" for n in range(149, 49, -1)]
        assert "prev-archive" not in client.get(f"/changes.{form}?{BIG}").content.decode()
        assert "no archives" in client.get(f"/changes.{form}?{BIG}").content.decode()
        page = client.get(f"/changes.{form}?{BIG}&archive=1")
        assert page.status_code == 400
        assert "has no archives" in page.content.decode()

    @pytest.mark.parametrize("wrong", ["commercial=maybe", "seat=XX", "users=many", "users_at=2025-13:1", "currency=e"])
    def test_a_profile_that_cannot_be_is_refused(self, client: Client, form: str, wrong: str) -> None:
        name = wrong.partition("=")[0]

        assert client.get(f"/changes.{form}?{wrong}").status_code == 400
        assert name in json.loads(client.get(f"/changes.json?{wrong}").content)["errors"]
        assert client.get(f"/changes/?{wrong}").status_code == 400

    def test_few_queries(self, client: Client, form: str, django_assert_max_num_queries: Any) -> None:
        many(1_000)
        address = f"/changes.{form}?{BIG}"

        with django_assert_max_num_queries(7):
            page = client.get(address)
        with django_assert_max_num_queries(5):
            client.get(address)
        with django_assert_max_num_queries(2):
            assert client.get(address, headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


def many(number: int) -> None:
    """Changes of one license that came to have a cap."""
    license = free(mau_cap=CAP)
    once_said(license, "mau_cap", "no")
    row = {"event": "text_changed", "cause": "text", "weight": "substantive", "direction": "tighter", "seen_at": NOW}
    sides = {"license_before": license, "license_after": license, "effective_on": TURN}
    Change.objects.bulk_create(Change(license=license, key=f"k{n:05}", **row, **sides) for n in range(number))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE licenses_change")


class TestThePage:
    def test_it_says_what_each_change_does_to_the_answer(self, client: Client) -> None:
        turns(free(mau_cap=CAP), "mau_cap", "no")

        page = words(client.get(f"/changes/?{BIG}").content.decode())

        assert "For this profile: appears permitted → appears to need a separate license (because" in page
        assert NOT_LEGAL_ADVICE in page
        assert "Changes that alter the answer for this profile: a company in Germany that builds" in page
        assert "By quarter" not in page
        assert "No change fits all of this." in words(client.get(f"/changes/?{SMALL}").content.decode())

    def test_the_profile_is_a_chip_that_takes_it_away(self, client: Client) -> None:
        make_license()

        page = client.get(f"/changes/?direction=tighter&{SMALL}").content.decode()

        assert re.search(r'<a class="chip" href="/changes/\?direction=tighter" aria-label="for this profile,', page)
        assert '<input type="hidden" name="seat" value="DE">' in page
        assert f'href="/changes.atom?direction=tighter&amp;{SMALL.replace("&", "&amp;")}"' in page

    def test_pages_follow_by_key_and_hold_all(self, client: Client, django_assert_max_num_queries: Any) -> None:
        many(120)
        seen, address = [], f"/changes/?{BIG}"
        while address:
            with django_assert_max_num_queries(8):
                page = client.get(address).content.decode()
            seen += re.findall(r'<a class="told" href="/changes/(\w+)/"', page)
            found = re.search(r'<a rel="next" href="([^"]+)"', page)
            address = unescape(found[1]) if found else ""

        assert seen == [f"k{n:05}" for n in range(119, -1, -1)]

    def test_a_page_that_looked_at_its_share_says_so_and_goes_on(self, client: Client, monkeypatch: Any) -> None:
        monkeypatch.setattr(altering, "MOST", 10)
        many(25)

        first = client.get(f"/changes/?{BIG}").content.decode()
        small = client.get(f"/changes/?{SMALL}").content.decode()

        assert len(re.findall('class="told"', first)) == 10
        assert 'rel="next"' in first
        assert 'rel="next"' in small
        assert "changes for a profile; the next one goes on." in words(small)

    def test_lists_lead_to_the_feed_of_their_profile(self, client: Client) -> None:
        make_release("Tiny", free())
        profile = "commercial=yes&seat=DE"

        for path, more in (("/", ""), ("/models/", "&amp;models=all")):
            page = client.get(f"{path}?{profile}&mau_cap=no").content.decode()
            assert f'href="/changes.atom?{profile.replace("&", "&amp;")}&amp;mau_cap=no{more}"' in page
