"""A curator binds a spelling to a license: what is shown before is what happens."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.contrib.auth.models import User

from ingest import binding
from ingest.binding import Refused, bind, preview, retire, spelled
from ingest.resolve import resolve
from ingest.tally import tally
from licenses.models import AuditEntry, Change, License, LicenseCount, OpenModel, Rule, UnresolvedName
from tests.factories import make_clause, make_license, make_model, make_person
from tests.ingest.conftest import known_by
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_person("ada", "curator")


@pytest.fixture
def kimi() -> License:
    return make_license("Kimi K2")


def standing() -> dict[str, tuple[str | None, str]]:
    rows = OpenModel.objects.values_list("repo_id", "license__short_name", "resolved_by")
    return {repo: (license, rule) for repo, license, rule in rows}


def counts() -> dict[str | None, tuple[int, int]]:
    rows = LicenseCount.objects.values_list("license__short_name", "total", "downloads")
    return {license: (total, downloads) for license, *(total, downloads) in rows}


def named(outcome: binding.Outcome) -> tuple[list[str], list[str], list[str]]:
    return tuple([each.model.repo_id for each in part] for part in (outcome.resolved, outcome.moved, outcome.lost))


def many_spellings(apache: License) -> License:
    """Models that write one name in many ways, some with a stronger signal, some resolved by a weaker one."""
    gemma = known_by(make_license("Gemma"), link="ai.example/gemma")
    make_model("a/one", declared=["other"], declared_name="Kimi K2", downloads=5)
    make_model("b/two", declared=["other"], declared_name="kimi_k2", downloads=90)
    make_model("c/three", declared_name="KIMI-K2", downloads=1)
    make_model("c/tagged", declared=["apache-2.0"], declared_name="kimi-k2", license=apache,
               resolved_by="tag:apache-2.0")  # fmt: skip
    make_model("c/linked", declared=["other"], declared_name="Kimi  K2", license=gemma,
               resolved_by="link:ai.example/gemma", declared_link="https://ai.example/gemma")  # fmt: skip
    make_model("c/two-tags", declared=["other", "mit"], declared_name="kimi-k2")
    make_model("d/other", declared=["other"], declared_name="kimi-k2.5")
    make_model("d/gone", declared=["other"], declared_name="kimi-k2", gone_at=datetime(2026, 1, 1).astimezone())
    return gemma


def test_what_is_shown_before_is_what_happens(apache, kimi, ada, now):
    many_spellings(apache)
    tally(now=now)
    wanted = spelled("name", "Kimi_K2")

    shown = preview(wanted, kimi)
    done = bind(wanted, kimi, reason="Their README says so.", by=ada, now=now)

    assert named(shown) == named(done) == (["b/two", "a/one", "c/three"], ["c/linked"], [])
    assert shown.downloads == 96
    assert standing()["c/tagged"] == ("Apache 2.0", "tag:apache-2.0")
    theirs = {repo for repo, found in standing().items() if found == ("Kimi K2", "name:kimi-k2")}
    assert theirs == {"a/one", "b/two", "c/three", "c/linked"}
    assert resolve(now=now) == 0


def test_nothing_is_written_by_looking(apache, kimi, now):
    many_spellings(apache)
    before = standing()

    preview(spelled("name", "kimi-k2"), kimi)

    assert (standing(), Rule.objects.count(), Change.objects.count()) == (before, 2, 0)


def test_counts_names_changes_and_the_trail_go_along(apache, kimi, ada, now):
    many_spellings(apache)
    tally(now=now)

    bind(spelled("name", "kimi-k2"), kimi, reason="Their README says so.", by=ada, now=now)

    kept = counts()
    tally(now=now)
    assert kept == counts()
    assert not UnresolvedName.objects.filter(value="kimi-k2").exists()
    change = Change.objects.filter(lead__isnull=True, license_before=None).get()
    assert (change.cause, change.event, change.after, change.followers.count()) == (
        "rules", "license_changed", "Kimi K2", 2,
    )  # fmt: skip
    deed = AuditEntry.objects.get()
    assert (deed.deed, deed.license, deed.after, deed.reason, deed.by) == (
        "bound", kimi, "name:kimi-k2 → Kimi K2", "Their README says so.", ada,
    )  # fmt: skip


def test_before_the_first_count_nothing_is_counted(apache, kimi, ada, now):
    many_spellings(apache)

    bind(spelled("name", "kimi-k2"), kimi, reason="Their README says so.", by=ada, now=now)
    assert counts() == {}

    tally(now=now)
    assert counts()["Kimi K2"] == (4, 96)


def test_only_for_one_namespace(apache, kimi, ada, now):
    many_spellings(apache)
    wanted = spelled("name", "kimi-k2", "c")

    shown = preview(wanted, kimi)
    done = bind(wanted, kimi, reason="So they say.", by=ada, now=now)

    assert named(shown) == named(done) == (["c/three"], ["c/linked"], [])
    assert standing()["a/one"] == (None, "")
    assert Rule.objects.get(value="kimi-k2").author == "c"


@pytest.mark.parametrize(("signal", "value", "declared"), [
    ("link", "https://www.ai.example/K2/LICENSE", {"declared_link": "https://ai.example/k2/license/?x=1"}),
    ("link", "hub.example/a/b/LICENSE", {"declared_link": "https://hub.example/a/b/blob/main/LICENSE"}),
    ("tag", "odd tag", {"declared": ["Odd_Tag"]}),
    ("tag", "odd tag", {"declared": ["odd-tag", "odd-tag "]}),
    ("tag", "odd tag", {"declared": ["odd-tag"], "declared_name": "mine", "declared_link": "https://a.example"}),
])  # fmt: skip
def test_every_signal_binds(signal, value, declared, apache, kimi, ada, now):
    make_model("acme/tiny", **declared)
    make_model("acme/other", declared=["other"], declared_link="https://b.example", declared_name="odd tag")
    wanted = spelled(signal, value)

    shown = preview(wanted, kimi)
    done = bind(wanted, kimi, reason="So they say.", by=ada, now=now)

    assert named(shown) == named(done) == (["acme/tiny"], [], [])
    assert resolve(now=now) == 0


def test_a_tag_means_something_else_in_one_namespace(apache, kimi, ada, now):
    make_model("Acme/tiny", declared=["apache-2.0"], license=apache, resolved_by="tag:apache-2.0")
    make_model("other/tiny", declared=["apache-2.0"], license=apache, resolved_by="tag:apache-2.0")
    wanted = spelled("tag", "apache-2.0", "Acme")

    shown = preview(wanted, kimi)
    done = bind(wanted, kimi, reason="Theirs has a paragraph more.", by=ada, now=now)

    assert named(shown) == named(done) == ([], ["Acme/tiny"], [])
    assert retire_rule(ada, now) == ([], ["Acme/tiny"], [])
    assert standing()["Acme/tiny"] == ("Apache 2.0", "tag:apache-2.0")


def retire_rule(by: User, now: datetime) -> tuple[list[str], ...]:
    return named(retire(Rule.objects.get(added_at__isnull=False), reason="It was wrong.", by=by, now=now))


@pytest.mark.parametrize("signal", ["name", "link", "tag"])
def test_a_retired_rule_takes_its_licenses_along(signal, apache, kimi, ada, now):
    field = {
        "name": {"declared_name": "odd"},
        "link": {"declared_link": "https://odd.example"},
        "tag": {"declared": ["odd"]},
    }
    make_model("acme/tiny", downloads=3, **field[signal])
    make_model("acme/more", declared=["odd", "odd "]) if signal == "tag" else None
    tally(now=now)
    before = counts(), list(UnresolvedName.objects.values_list("signal", "value", "total"))
    value = "odd.example" if signal == "link" else "odd"
    bind(spelled(signal, value), kimi, reason="So they say.", by=ada, now=now)

    assert "acme/tiny" in retire_rule(ada, now)[2]

    assert standing()["acme/tiny"] == (None, "")
    assert (counts(), list(UnresolvedName.objects.values_list("signal", "value", "total"))) == before
    assert list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True)) == ["bound", "unbound"]
    assert resolve(now=now) == 0


def test_a_retired_rule_frees_tags_that_it_kept_apart(apache, kimi, ada, now):
    known_by(apache, tag="acme-terms")
    model = make_model("acme/tiny", declared=["apache-2.0", "acme-terms"])
    bind(spelled("tag", "acme-terms", "acme"), kimi, reason="So they say.", by=ada, now=now)
    model.refresh_from_db()
    assert model.license is None

    assert retire_rule(ada, now) == (["acme/tiny"], [], [])
    assert not resolve(now=now)


def test_a_retired_spelling_may_be_bound_again(kimi, ada, now):
    make_model("acme/tiny", declared_name="odd")
    for _ in range(2):
        bind(spelled("name", "odd"), kimi, reason="So they say.", by=ada, now=now)
        retire_rule_in_force(ada, now)

    assert Rule.objects.count() == 2


def retire_rule_in_force(by: User, now: datetime) -> None:
    retire(Rule.objects.in_force().get(), reason="No.", by=by, now=now)


@pytest.mark.parametrize(("signal", "value", "author", "field", "said"), [
    ("name", " _ ", "", "value", "says nothing"),
    ("link", "LICENSE", "", "value", "web address"),
    ("tag", "Other", "", "value", "hides which license is meant"),
    ("name", "x" * 301, "", "value", "301 characters"),
    ("repo", "acme/tiny", "", "signal", "Use tag, name, link"),
    ("name", "fine", "nobody", "author", "no model is known"),
])  # fmt: skip
def test_what_no_rule_can_meet_is_refused(signal, value, author, field, said):
    with pytest.raises(Refused) as refused:
        spelled(signal, value, author)

    assert said in refused.value.faults[field][0]


def test_a_spelling_means_one_license(apache, kimi, ada, now):
    with pytest.raises(Refused) as refused:
        bind(spelled("tag", "Apache 2.0"), kimi, reason="No.", by=ada, now=now)

    assert "means Apache 2.0 already" in refused.value.faults["value"][0]


def test_a_rule_says_why(kimi, ada, now):
    with pytest.raises(Refused) as refused:
        bind(spelled("name", "odd"), kimi, reason="  ", by=ada, now=now)

    assert "is missing" in refused.value.faults["reason"][0]
    assert not Rule.objects.exists()


def test_rules_of_the_files_are_not_retired_here(apache, ada, now):
    with pytest.raises(Refused, match="catalogue's files"):
        retire(Rule.objects.get(), reason="No.", by=ada, now=now)


# The page.

NAMES = "/curate/names/"
K2 = {"signal": "name", "value": "Kimi K2"}


def test_the_page_shows_who_uses_a_spelling_and_what_it_may_mean(curator, apache, kimi):
    many_spellings(apache)

    page = curator.get(NAMES, K2)

    text = words(page.content.decode())
    assert "6, of which 4 have no license here" in text
    assert all(way in text for way in ("Kimi K2", "kimi_k2", "KIMI-K2"))
    assert "Kimi K2 has a name like it" in text
    assert text.index("b/two") < text.index("a/one")


def test_the_preview_needs_no_script_and_changes_nothing(curator, apache, kimi):
    many_spellings(apache)

    page = curator.get(NAMES, K2 | {"license": "kimi-k2"})

    text = words(page.content.decode())
    assert "it would resolve 3 models (96 downloads); 1 model would move from another license" in text
    assert not Rule.objects.filter(value="kimi-k2").exists()


def test_who_binds_to_a_license_that_was_read_is_done(curator, apache, kimi):
    make_clause(kimi, "mau_cap", answer="silent")
    many_spellings(apache)

    page = curator.post(NAMES, K2 | {"license": "kimi-k2", "reason": "Their README."}, follow=True)

    assert "Bound to Kimi K2" in page.content.decode()
    assert "Now read it" not in page.content.decode()


def test_a_curator_binds_and_sees_it(curator, apache, kimi):
    many_spellings(apache)

    page = curator.post(NAMES, K2 | {"license": "kimi-k2", "reason": "Their README."}, follow=True)

    text = words(page.content.decode())
    assert "Bound to Kimi K2: 3 models resolved, 1 model moved from another license. Nobody has read that" in text
    assert '<a href="/curate/kimi-k2/">Now read it</a>' in page.content.decode()
    assert "since" in text
    assert "by Ada: Their README." in text
    rule = Rule.objects.get(value="kimi-k2")
    assert (rule.added_by.username, rule.reason) == ("ada", "Their README.")
    assert words(curator.get("/models/b/two/").content.decode()).count("Kimi K2") >= 1


def test_a_curator_retires_a_rule(curator, apache, kimi):
    many_spellings(apache)
    curator.post(NAMES, K2 | {"license": "kimi-k2", "reason": "Their README."})
    rule = Rule.objects.get(value="kimi-k2")

    page = curator.post(f"/curate/rules/{rule.pk}/retire/", {"reason": "It was wrong."}, follow=True)

    text = words(page.content.decode())
    assert "name:kimi-k2 is retired: 1 model moved from another license, 3 models resolved no longer." in text
    assert standing()["c/linked"] == ("Gemma", "link:ai.example/gemma")


@pytest.mark.parametrize(("fields", "said"), [
    ({"license": "kimi-k2"}, "Reason is missing."),
    ({"license": "kimi-k2", "reason": "x" * 401}, "Reason has 401 characters."),
    ({"license": "nothing", "reason": "So."}, "License is “nothing”, which is no license here."),
    ({"reason": "So."}, "License is missing."),
    ({"license": "kimi-k2", "author": "nobody", "reason": "So."}, "Author is “nobody”, of which no model is known."),
])  # fmt: skip
def test_a_faulty_form_comes_back_with_its_fault_and_what_was_typed(fields, said, curator, apache, kimi):
    many_spellings(apache)

    page = curator.post(NAMES, K2 | fields)

    assert page.status_code == 400
    assert said in words(page.content.decode())
    assert fields.get("author", "") in page.content.decode()
    assert not Rule.objects.filter(value="kimi-k2").exists()


@pytest.mark.parametrize("query", [
    {"signal": "tag", "value": "other"}, {"signal": "odd", "value": "x"}, {"signal": "name", "value": "--"},
    {"signal": "name", "value": "x" * 301},
])  # fmt: skip
def test_a_spelling_that_no_rule_can_meet_has_no_page(query, curator):
    assert curator.get(NAMES, query).status_code == 400


def test_a_bound_spelling_says_to_what(curator, apache, kimi):
    page = curator.get(NAMES, {"signal": "tag", "value": "apache-2.0", "license": "kimi-k2"})

    assert page.status_code == 400
    assert "Value means Apache 2.0 already. Change it in the catalogue's files." in words(page.content.decode())


def test_without_a_spelling_the_page_lists_those_that_wait(curator, apache, now):
    many_spellings(apache)
    tally(now=now)

    page = curator.get(NAMES)

    assert "kimi_k2" in page.content.decode()
    assert "signal=name&amp;value=kimi-k2" in page.content.decode()


HOSTILE = '<script>alert(1)</script>\u202eevil & "quoted"'


def test_what_strangers_wrote_is_shown_and_harmless(curator, kimi, now):
    make_model("acme/tiny", declared=["other"], declared_name=HOSTILE)
    make_model("gpt2", declared=["other"], declared_name=HOSTILE.upper(), downloads=9)
    tally(now=now)

    pages = [
        curator.get(NAMES),
        curator.get(NAMES, {"signal": "name", "value": HOSTILE, "license": "kimi-k2"}),
        curator.post(NAMES, {"signal": "name", "value": HOSTILE, "license": HOSTILE, "author": HOSTILE}),
    ]

    for page in pages:
        assert b"<script>alert" not in page.content.lower()
        assert b"&lt;script&gt;alert(1)" in page.content.lower()


def test_a_nul_is_dropped(curator, kimi):
    make_model("acme/tiny", declared_name="odd")

    page = curator.post(NAMES, {"signal": "name", "value": "o\0dd", "license": "kimi-k2\0", "reason": "So\0."})

    assert page.status_code == 302
    assert Rule.objects.get().value == "odd"


def test_visitors_are_asked_who_they_are(visitor):
    for page in (visitor.get(NAMES, K2), visitor.post(NAMES, K2), visitor.post("/curate/rules/1/retire/")):
        assert page.status_code == 302
        assert "login" in page.headers["Location"]


def test_the_page_takes_few_queries(curator, apache, kimi, django_assert_num_queries):
    many_spellings(apache)
    for number in range(30):
        make_model(f"more/{number}", declared_name="kimi k2")
    curator.get(NAMES, K2)

    with django_assert_num_queries(16):
        curator.get(NAMES, K2 | {"license": "kimi-k2"})
