"""What happened is told once, from files under review: checked like the rest, and never told otherwise afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from licenses.catalogue import BUNDLED, check, dump, load, read_catalogue
from licenses.catalogue.events import direction, movement, sides
from licenses.catalogue.telling import source_text, source_values
from licenses.models import Change, Release, Revision
from tests.licenses.test_catalogue_check import LICENSE, catalogue
from tests.licenses.test_catalogue_load import rows

TIGHTER = """\
year: 2025
changes:
  - key: 2025-06-01-acme
    date: 2025-06-01
    event: text_changed
    direction: tighter
    license: acme-license
    covers: [weights]
    before: Acme, April
    after: Acme, June
    summary: Acme now leaves out everyone above 700 users.
    source: {host: github, repo: acme/seven, commit: 89abcde, path: LICENSE}
    document: agreement
    revision: "000000000000"
"""
BOLT = """\
  - key: 2025-07-01-acme-7b
    date: 2025-07-01
    event: license_changed
    direction: looser
    release: acme-7b
    covers: [weights, code]
    before: Acme
    after: Bolt
    license_before: acme-license
    license_after: bolt
    summary: Acme 7B is under the Bolt License.
    source: {host: hf, repo: acme/seven}
"""
LATER = f"""\
      - date: 2025-06-01
        source: "github:acme/seven@89abcde:LICENSE"
        sha256: {"0" * 64}
identify:
"""
HISTORY = "history:\n  - until: 2025-06-01\n    silent: [mau_cap]\n"


def events(folder: Path, text: str = TIGHTER + BOLT, year: int = 2025) -> Path:
    """Two licenses, one of which capped its users in June 2025, and what files tell of it."""
    acme = (LICENSE + HISTORY).replace("identify:\n", LATER)
    catalogue(folder)
    (folder / "acme-license.yaml").write_text(acme)
    bolt = LICENSE.replace("acme-license", "bolt").replace("silent: [revenue_cap", "silent: [mau_cap, revenue_cap")
    cap = bolt.index("  mau_cap:")
    (folder / "bolt.yaml").write_text(bolt[:cap] + bolt[bolt.index("  acceptable_use_policy:") :])
    (folder / "changes").mkdir(exist_ok=True)
    (folder / "changes" / f"{year}.yaml").write_text(text)
    return folder


def test_events_in_order_have_no_problems(tmp_path):
    assert check(events(tmp_path)) == []


MISTAKES = [
    ("year: 2025", "year: 2024", 1, "the year is “2024”, the file “2025.yaml”", "Make them the same"),
    ("year: 2025", "year: soon", 1, "“year” is not a whole number", "digits only"),
    ("key: 2025-06-01-acme\n", "key: acme\n", 3, "“acme”, not a key", "2025-11-13-minimax-m2"),
    ("key: 2025-06-01-acme\n", "key: 2025-06-02-acme\n", 3, "is of another day", "Begin it with 2025-06-01-"),
    ("key: 2025-06-01-acme\n", "key: 2025-06-01-acme-3.1\n", 3, "not a key", "Write its date"),
    ("2025-07-01", "2025-06-01-acme\n    date: 2025-06-01\n#", 15, "“2025-06-01-acme” is taken already", "Remove one"),
    ("date: 2025-06-01\n", "date: 2024-06-01\n", 4, "in the file of another year", "Move it to changes/2024.yaml"),
    ("date: 2025-06-01\n", "date: June 2025\n", 4, "not a date", "YYYY-MM-DD"),
    ("text_changed", "changed", 5, "“event” is “changed”", "Use one of: text_changed, license_changed,"),
    ("text_changed", "read", 5, "“event” is “read”", "stated, text_gone"),
    ("direction: tighter", "cause: rules", 6, "“cause” is “rules”", "Use one of: text, metadata"),
    ("direction: tighter", "weight: fault", 6, "“weight” is “fault”", "Use one of: substantive, cosmetic"),
    ("direction: tighter", "direction: worse", 6, "“direction” is “worse”", "looser, tighter, mixed, neither"),
    ("direction: tighter", "direction: looser", 6, "readings say tighter (mau_cap silent → yes", "in “remark” why"),
    ("direction: looser", "direction: neither", 18, "our readings say looser (mau_cap yes (no", "“remark”"),
    ("license: acme-license", "license: acme-lisense", 7, "no license has that slug", "Did you mean “acme-license”?"),
    ("release: acme-7b", "release: acme-8b", 19, "no release has that slug", "Did you mean “acme-7b”?"),
    ("release: acme-7b", "publisher: akme", 19, "no publisher has that slug", "Did you mean “acme”?"),
    ("license_after: bolt", "license_after: volt", 24, "no license has that slug", "Did you mean “bolt”?"),
    ("license_after: bolt", "license_after: zzz", 24, "no license has that slug", "Add its file, or correct"),
    ("release: acme-7b", "release: acme-7b\n    publisher: acme", 15, "about release and publisher", "most precise"),
    ("    release: acme-7b\n", "", 15, "nothing says what it is about", "Name one of license, release, publisher"),
    ("covers: [weights]", "covers: []", 8, "“covers” is empty", "at least one"),
    ("covers: [weights]", "covers: [wheights]", 8, "“covers[1]” is “wheights”", "weights, code, data, policy, outputs"),
    ("covers: [weights]", "covers: [weights, weights]", 8, "names weights twice", "Keep one"),
    ("after: Acme, June", f"after: {'A' * 121}", 10, "121 characters long", "at most 120"),
    ("Acme 7B is under the", "A" * 220, 25, "characters long", "at most 220"),
    ("commit: 89abcde", "commit: main", 12, "“main”, not a commit", "7 to 40 hex digits"),
    ("host: hf", "host: gitlab", 26, "“host” is “gitlab”", "Use one of: github, hf"),
    ("repo: acme/seven, commit", "repo: seven, commit", 12, "not a repository", "owner/name"),
    ("document: agreement", "document: agrement", 13, "no document “agrement”", "Did you mean “agreement”?"),
    ("    document: agreement\n", "", 3, "“document” is missing beside the other", "Say both, or neither"),
    ('"000000000000"', '"6b346865267e"', 14, "begins with 6b346865267e", "Use one of: 6b346865267e of 2025-04-05"),
    ('"000000000000"', '"00000000"', 14, "not the beginning of a SHA-256", "first 12 hex digits"),
    ("    source: {host: hf, repo: acme/seven}\n", "", 15, "“source” is missing", "Add “source: …”"),
    ("covers: [weights]", "cover: [weights]", 8, "“cover” is not a key of an event", "Did you mean “covers”?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "cure"), MISTAKES, ids=[f"{m[3]} ({i})" for i, m in enumerate(MISTAKES)]
)
def test_a_mistake_in_an_event_is_named_with_its_line_and_its_cure(tmp_path, old, new, line, what, cure):
    text = TIGHTER + BOLT
    assert old in text, old

    problems = check(events(tmp_path, text.replace(old, new, 1)))

    found = [problem for problem in problems if what in problem.what]
    assert [(problem.file, problem.line) for problem in found] == [("changes/2025.yaml", line)], problems
    assert cure in found[0].cure


def test_an_event_may_go_another_way_than_our_readings_if_it_says_why(tmp_path):
    other = "direction: neither\n    remark: Nobody has so many users."

    assert check(events(tmp_path, TIGHTER.replace("direction: tighter", other))) == []


def test_events_of_two_years_cannot_share_a_key(tmp_path):
    events(tmp_path)

    found = [str(problem) for problem in check(events(tmp_path, TIGHTER.replace("year: 2025", "year: 2026"), 2026))]

    assert any("is taken already (changes/2025.yaml:3)" in said for said in found), found


@pytest.mark.django_db
def test_an_event_is_told_with_what_moved(tmp_path, now):
    report = load(events(tmp_path), now=now)

    change = Change.objects.get(key="2025-06-01-acme")
    old, new = Revision.objects.filter(document__license__slug="acme-license").in_order()
    assert (change.license.slug, change.event, change.cause, change.weight, change.direction) == (
        *("acme-license", "text_changed", "text", "substantive", "tighter"),
    )
    assert (change.license_before, change.license_after) == (change.license, change.license)
    assert (change.document.key, change.revision_before, change.revision_after) == ("agreement", old, new)
    assert (change.happened_on, change.seen_at) == (date(2025, 6, 1), now)
    assert change.source == "github:acme/seven@89abcde:LICENSE"
    assert (change.covers, change.evidence) == (["weights"], "primary")
    assert change.moved == [
        {
            "kind": "mau_cap",
            "before": "silent",
            "after": "yes",
            "direction": "tighter",
            "words": "silent → yes (no rights above 700 monthly users)",
        }
    ]
    assert (report.told, report.changes, report.differences) == (2, 2, [])
    assert str(report).endswith("changes: 2 told now of 2")


@pytest.mark.django_db
def test_a_model_that_changed_its_license_leads_from_one_to_the_other(tmp_path, now):
    load(events(tmp_path), now=now)

    change = Change.objects.get(key="2025-07-01-acme-7b")
    assert (change.subject, change.license_before.slug, change.license_after.slug) == (
        *(Release.objects.get(), "acme-license", "bolt"),
    )
    assert [(move["kind"], move["direction"]) for move in change.moved] == [("mau_cap", "looser")]
    assert change.source == "hf:acme/seven"


@pytest.mark.django_db
def test_a_second_load_tells_nothing(tmp_path, now):
    load(events(tmp_path), now=now)
    before = rows()

    report = load(tmp_path, now=now + timedelta(days=1))

    assert rows() == before
    assert (report.told, report.changes, report.differences) == (0, 2, [])


@pytest.mark.django_db
def test_what_was_told_stays_as_told(tmp_path, now):
    load(events(tmp_path), now=now)

    report = load(events(tmp_path, TIGHTER.replace("above 700", "above seven hundred")), now=now)

    assert Change.objects.get(key="2025-06-01-acme").summary == "Acme now leaves out everyone above 700 users."
    assert report.differences == [
        "2025-06-01-acme: stays as told; the file has another summary. Add a new event instead.",
        "2025-07-01-acme-7b: no file has the event; it stays told.",
    ]


@pytest.mark.django_db
def test_a_better_reading_does_not_change_what_was_told(tmp_path, now):
    load(events(tmp_path), now=now)
    acme = tmp_path / "acme-license.yaml"
    acme.write_text(acme.read_text().replace("mau_cap:\n    answer: yes", "mau_cap:\n    answer: partly"))

    report = load(tmp_path, now=now)

    assert (report.written, report.differences) == (1, [])
    assert [move["words"] for move in Change.objects.get(key="2025-06-01-acme").moved] == [
        "silent → yes (no rights above 700 monthly users)"
    ]


@pytest.mark.django_db
def test_a_text_change_that_we_saw_ourselves_is_not_told_twice(tmp_path, now):
    load(events(tmp_path, f"{TIGHTER.partition('changes:')[0]}changes:\n{BOLT}"), now=now)
    new = Revision.objects.get(raw_sha256="0" * 64)
    seen = Change.objects.create(
        license=new.document.license, event="text_changed", cause="text", weight="substantive", seen_at=now,
        document=new.document, revision_after=new,
    )  # fmt: skip
    seen.refresh_from_db()

    report = load(events(tmp_path), now=now)

    assert not Change.objects.filter(key="2025-06-01-acme").exists()
    assert report.differences == [
        f"2025-06-01-acme: that text change was told when we saw it ({seen.key}); not told again."
    ]


@pytest.mark.django_db
def test_a_release_of_which_a_change_tells_is_kept(tmp_path, now):
    load(events(tmp_path), now=now)
    file = events(tmp_path, TIGHTER) / "releases" / "acme.yaml"
    file.write_text(file.read_text().replace("slug: acme-7b", "slug: acme-8b"))

    report = load(tmp_path, now=now)

    assert Release.objects.filter(slug="acme-7b").exists()
    assert "acme-7b: no file has the release; changes of it were told, so it is kept." in report.differences


@pytest.mark.django_db
def test_a_dump_writes_the_events_back_to_the_byte(tmp_path, now):
    load(events(tmp_path / "in"), now=now)

    dump(tmp_path / "out")

    assert (tmp_path / "out" / "changes" / "2025.yaml").read_text() == TIGHTER + BOLT


@pytest.mark.django_db
def test_a_dump_of_what_we_ship_writes_every_year_back_to_the_byte(tmp_path, now):
    load(now=now)

    dump(tmp_path)

    shipped = {path.name: path.read_bytes() for path in (BUNDLED / "changes").iterdir()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "changes").iterdir()} == shipped


names = st.from_regex(r"[a-z][a-z.-]{0,9}/[a-z][a-z.-]{0,9}", fullmatch=True)


@given(
    host=st.sampled_from(["github", "hf"]),
    repo=names,
    commit=st.just("") | st.from_regex(r"[0-9a-f]{7,40}", fullmatch=True),
    path=st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30).map(str.strip),
)
def test_a_source_is_read_back_from_its_line(**source):
    assert source_values(source_text(source)) == source


@pytest.fixture(scope="module")
def bundled():
    return read_catalogue(BUNDLED)[0]


def test_the_timeline_starts_in_2019(bundled):
    days = sorted(event["date"] for event in bundled.changes.values())

    assert len(days) >= 55
    assert days[0] == date(2019, 7, 30)
    assert {day.year for day in days} == {2019, *range(2022, 2027)}


def test_every_event_goes_the_way_of_our_readings_or_says_why_not(bundled):
    read = [event for event in bundled.changes.values() if movement(event, bundled.licenses) is not None]
    astray = [event["key"] for event in read if direction(movement(event, bundled.licenses)) != event["direction"]]

    assert len(read) >= 40
    assert all(bundled.changes[key]["remark"] for key in astray)
    assert len(astray) < len(read) / 3


def test_every_license_that_an_event_names_is_ours(bundled):
    named = {slug for event in bundled.changes.values() for slug in sides(event) if slug}

    assert named <= bundled.licenses.keys()
    assert len(named) >= 30


def test_a_list_that_erred_is_no_event(bundled):
    assert not any("baichuan" in key for key in bundled.changes)


@pytest.mark.parametrize(
    ("key", "before", "after", "way", "says"),
    [
        ("2025-10-27-minimax-m2", "Apache-2.0", "MIT", "mixed", "headed MIT License"),
        ("2025-11-13-minimax-m2", "MIT", "MIT + display of “MiniMax M2”", "tighter", "still headed MIT License"),
        ("2026-01-31-kimi-k2-5", "MIT + display of “Kimi K2”", "MIT + display of “Kimi K2.5”", "neither", "one added"),
        ("2025-10-30-kimi-linear", "MIT + display of “Kimi K2” (Kimi K2)", "MIT", "looser", "plain MIT"),
        ("2025-06-26-flux-1-dev", "FLUX.1 [dev], November 2024", "FLUX.1 [dev] 1.1", "tighter", "is gone"),
        ("2025-06-27-flux-1-dev", "FLUX.1 [dev] 1.1", "FLUX.1 [dev] 1.1.1", "looser", "is back"),
        ("2026-04-02-gemma-4", "Gemma terms", "Apache-2.0", "looser", "Apache-2.0"),
    ],
)
def test_the_known_turns_are_told_as_they_were(bundled, key, before, after, way, says):
    event = bundled.changes[key]

    assert (event["before"], event["after"], event["direction"]) == (before, after, way)
    assert says in event["summary"]


def test_the_command_counts_the_events():
    said = StringIO()

    call_command("catalogue", "check", stdout=said)

    assert "60 changes" in said.getvalue()
