"""Every mistake in a catalogue file is named with its file, its line and its cure, and nothing is loaded."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from licenses.catalogue import CatalogueRefused, check, load
from licenses.models import License, Publisher

LICENSE = """\
slug: acme-license
name: Acme License
short_name: Acme
identifier: LicenseRef-acme-license
kind: custom
label: vendor
family: acme
steward: acme
licensor: Acme
attributes:
  - {name: osi_approved, value: false, source: OSI list, date: 2026-08-22}
documents:
  - key: agreement
    role: agreement
    title: Acme License
    repo: acme/seven
    path: LICENSE
    revisions:
      - date: 2025-04-05
        source: "github:acme/seven@0123abc:LICENSE"
        sha256: 6b346865267ef58a4592287a99e9417178223c9300e9da361ce7801be6dea61f
identify:
  - {signal: name, value: acme-license}
read: {by: Ada, on: 2026-11-21}
clauses:
  commercial_use:
    answer: yes
    note: Any purpose.
    quotes:
      - {document: agreement, section: "1", words: "for any purpose whatsoever"}
  mau_cap:
    answer: yes
    thresholds:
      - {metric: mau, amount: 700, period: month, comparator: gt, measured: ongoing, whose: licensee,
         applies_to: any_use, effect: no_rights}
    quotes:
      - {document: agreement, section: "2", words: "more than 700 users"}
  acceptable_use_policy:
    answer: yes
    payload: {where: inside}
    quotes:
      - {document: agreement, section: "3", words: "you shall not"}
  geo_exclusion:
    answer: yes
    territories:
      - {regions: [EU], basis: [domicile], effect: no_grant}
    quotes:
      - {document: agreement, section: "4", words: "not in the European Union"}
silent: [revenue_cap, registration]
"""

PUBLISHER = """\
slug: acme
name: Acme
country: DE
hub_organisations: [acme]
releases:
  - slug: acme-7b
    name: Acme 7B
    released: 2025-04
    repos: [acme/seven]
    artifacts:
      weights: LicenseRef-acme-license
"""


def catalogue(folder: Path, *changes: tuple[str, str], publisher: str = PUBLISHER) -> Path:
    """A catalogue of one license and one publisher, with words of theirs exchanged."""
    license = LICENSE
    for old, new in changes:
        assert old in license + publisher, old
        license, publisher = license.replace(old, new), publisher.replace(old, new)
    (folder / "releases").mkdir(parents=True, exist_ok=True)
    (folder / "acme-license.yaml").write_text(license)
    (folder / "releases" / "acme.yaml").write_text(publisher)
    return folder


def test_a_catalogue_in_order_has_no_problems(tmp_path):
    assert check(catalogue(tmp_path)) == []


MISTAKES = [
    ("name: Acme License\nshort", "nome: Acme License\nshort", 2, "“nome” is not a key", "Did you mean “name”?"),
    ("name: Acme License\nshort", "short", 1, "“name” is missing", "Add “name: …”"),
    ("name: Acme License\nshort", "name: true\nshort", 2, "“name” is not text", "quotation marks"),
    ("short_name: Acme", f"short_name: {'A' * 41}", 3, "41 characters long", "at most 40"),
    ("short_name: Acme", 'short_name: "Ac\\u0007me"', 3, "control character U+0007", "Remove it"),
    ("short_name: Acme", 'short_name: "Ac\\u202Eme"', 3, "control character U+202E", "Remove it"),
    ("short_name: Acme", "name: Twice", 3, "“name” is given twice (first in line 2)", "Keep one"),
    ("short_name: Acme", "short_name: !!python/name:os.system x", 3, "a tag stands here", "Remove it"),
    ("short_name: Acme", "short_name: [", 5, "not valid YAML", "quotation marks"),
    ("slug: acme-license", "slug: acme", 1, "the slug is “acme”, the file “acme-license.yaml”", "the same"),
    ("slug: acme-license", "slug: ../acme", 1, "not a slug", "small letters"),
    ("identifier: LicenseRef-acme-license", "identifier: Acme-1.0", 4, "not on the SPDX list", "LicenseRef"),
    ("identifier: LicenseRef-acme-license", "identifier: apache-2.0", 4, "not on the SPDX list", "SPDX id"),
    ("kind: custom", "kind: bespoke", 5, "“kind” is “bespoke”", "Use one of: standard,"),
    ("label: vendor\n", "", 1, "the kind is custom, and “label” is empty", "Add one of"),
    ("kind: custom\nlabel: vendor", "kind: modified-standard", 1, "“modifies” is empty", "Name the license"),
    ("kind: custom\nlabel: vendor", "kind: standard", 1, "nothing says that the OSI approved it", "osi_approved"),
    ("steward: acme", "steward: acma", 8, "no publisher has that slug", "Did you mean “acme”?"),
    ("licensor: Acme", "supersedes: acme-license", 9, "names the license itself", "Name the other one"),
    ("licensor: Acme", "supersedes: acme-0", 9, "no license has that slug", "Add its file"),
    ("value: false", "value: no", 11, "neither true nor false", "words here"),
    ("date: 2026-08-22", "date: 2026-02-30", 11, "not a date", "YYYY-MM-DD"),
    ("path: LICENSE", "url: javascript:alert(1)", 17, "not an http or https address", "https://…"),
    ("path: LICENSE", "url: ftp://acme.example/LICENSE", 17, "not an http or https address", "https://…"),
    ("sha256: 6b34", "sha256: XX34", 21, "not a SHA-256", "64 hex digits"),
    ("value: acme-license", "value: _", 23, "the name “_” can never be met", "as models declare it"),
    ("read: {by: Ada, on: 2026-11-21}\n", "", 1, "“read” is missing", "Add “read:"),
    ("  mau_cap:", "  mau_capp:", 31, "“mau_capp” is not a key of the clause kinds", "Did you mean “mau_cap”?"),
    ("answer: yes\n    note", "answer: perhaps\n    note", 27, "“answer” is “perhaps”", "yes, no, partly, silent"),
    ("answer: yes\n    note", "answer: true\n    note", 27, "“answer” is “true”", "yes, no, partly, silent"),
    ("answer: yes\n    note", "answer: silent\n    note", 26, "is silent, and there are quotes", "remove them"),
    ("any purpose whatsoever", "any " * 14 + "purpose", 30, "has 16 words", "Quote at most 15"),
    (', words: "for any purpose whatsoever"', "", 30, "“words” is missing from a quote", "Add “words: …”"),
    ('"for any purpose whatsoever"', '""', 30, "“words” is empty", "Fill it in"),
    ('section: "1", ', "", 30, "“section” is missing from a quote", "Add “section: …”"),
    ("{document: agreement, section: \"1\"", "{document: agrement, section: \"1\"", 30, "no document", "“agreement”?"),
    ("metric: mau", "metric: muu", 34, "“metric” is “muu”", "Use one of: mau"),
    ("metric: mau", "metric: revenue", 34, "is money, and “currency” is missing", "ISO 4217"),
    ("amount: 700,", "amount: 700, currency: USD,", 34, "not money, and “currency” is given", "Remove it"),
    ("amount: 700,", "amount: 0,", 34, "not a whole number above 0", "digits only"),
    ("amount: 700,", "amount: 7.5e2,", 34, "not a whole number above 0", "digits only"),
    ("amount: 700, ", "", 34, "“amount” is missing from a threshold", "Add “amount: …”"),
    ("payload: {where: inside}", "payload: {where: outside}", 40, "“where” is “outside”", "use one of: inside"),
    ("payload: {where: inside}", "payload: {were: inside}", 40, "“were” is not a key of the payload", "“where”?"),
    ("payload: {where: inside}", "payload: {address: acme.example}", 40, "must be an http or https", "Its address"),
    ("payload: {where: inside}", "thresholds: []", 40, "has no thresholds", "Say it in the note"),
    ("regions: [EU]", "regions: [UK]", 46, "“regions[1]” is “UK”", "Use one of"),
    ("basis: [domicile]", "basis: []", 46, "“basis” is empty", "at least one"),
    ("silent: [revenue_cap,", "silent: [mau_cap, revenue_cap,", 49, "among the clauses and silent", "one place"),
    ("silent: [revenue_cap,", "silent: [revenue_cop,", 49, "“silent[1]” is “revenue_cop”", "“revenue_cap”?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "cure"), MISTAKES, ids=[f"{m[3]} ({i})" for i, m in enumerate(MISTAKES)]
)
def test_a_mistake_in_a_license_is_named_with_its_line_and_its_cure(tmp_path, old, new, line, what, cure):
    problems = check(catalogue(tmp_path, (old, new)))

    found = [problem for problem in problems if what in problem.what]
    assert [(problem.file, problem.line) for problem in found] == [("acme-license.yaml", line)], problems
    assert cure in found[0].cure + found[0].what


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("country: DE", "country: UK", 3, "“country” is “UK”"),
        ("country: DE", "country: no", 3, "“country” is “no”"),
        ("released: 2025-04", "released: April 2025", 8, "“released” is “April 2025”, not a date"),
        ("repos: [acme/seven]", "repos: [seven]", 9, "not a repository"),
        ("weights: LicenseRef-acme-license", "weights: LicenseRef-acme AND (", 11, "not an SPDX expression"),
        ("weights: LicenseRef-acme-license", "weights: Apache 2", 11, "not on the SPDX list"),
        ("weights: LicenseRef-acme-license", "weights: apache-2.0", 11, "“weights” is “apache-2.0”"),
        ("weights: LicenseRef-acme-license", "weights: MIT", 11, "no license has that identifier"),
        ("country: DE", "country: DE\nname: Ace", 4, "given twice"),
        ("released: 2025-04", "released: 2025-04\n    base_model: acme/six", 6, "“base_relation” is missing"),
        ("released: 2025-04", "released: 2025-04\n    base_relation: merge", 9, "“base_relation” is “merge”"),
        (
            "released: 2025-04",
            "released: 2025-04\n    components: {by: Ada, on: 2026-11-21, values: {weights: open}}",
            9,
            "“weights” is “open”",
        ),
    ],
)
def test_a_mistake_in_a_publisher_is_named_with_its_line(tmp_path, old, new, line, what):
    publisher = PUBLISHER.replace(old, new)

    problems = check(catalogue(tmp_path, publisher=publisher))

    assert [p.line for p in problems if what in p.what and p.file == "releases/acme.yaml"] == [line], problems


def test_two_files_cannot_claim_the_same(tmp_path):
    folder = catalogue(tmp_path)
    (folder / "bolt-license.yaml").write_text(LICENSE.replace("slug: acme-license", "slug: bolt-license"))
    (folder / "releases" / "bolt.yaml").write_text(PUBLISHER.replace("slug: acme\n", "slug: bolt\n"))

    said = [str(problem) for problem in check(folder)]

    first = "is taken already (acme-license.yaml:4). Remove one of them"
    assert f"bolt-license.yaml:4: the identifier “LicenseRef-acme-license” {first}" in said
    assert "the rule “name: acme-license” is taken already (acme-license.yaml:23)" in "\n".join(said)
    assert "releases/bolt.yaml:6: the release “acme-7b” is taken already (releases/acme.yaml:6)" in "\n".join(said)


RULE = "- {signal: name, value: acme-license}"
APACHE = "- {signal: tag, value: apache-2.0, author: acme}"


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        (APACHE, "- {signal: tag, value: Apache 2.0, author: Acme}"),
        ("- {signal: repo, value: acme/seven}", "- {signal: repo, value: Acme/Seven}"),
        (
            "- {signal: link, value: www.acme.example/LICENSE}",
            '- {signal: link, value: "https://acme.example/license"}',
        ),
    ],
    ids=["tag", "repo", "link"],
)
def test_two_licenses_cannot_claim_one_rule_in_two_spellings(tmp_path, rule, same):
    folder = catalogue(tmp_path, (RULE, rule))
    bolt = LICENSE.replace(RULE, same).replace("acme-license", "bolt")
    (folder / "bolt.yaml").write_text(bolt)

    (problem,) = check(folder)

    assert (problem.file, problem.line) == ("bolt.yaml", 23)
    assert "is taken already (acme-license.yaml:23)" in problem.what


def test_one_license_may_have_a_rule_in_two_spellings_but_not_twice(tmp_path):
    other = APACHE.replace("apache-2.0", "Apache 2.0")

    assert check(catalogue(tmp_path, (RULE, f"{APACHE}\n  {other}"))) == []
    assert "(acme-license.yaml:23)" in str(check(catalogue(tmp_path, (RULE, f"{APACHE}\n  {APACHE}")))[0])


def test_a_license_has_one_current_agreement(tmp_path):
    second = "documents:\n  - {key: second, role: agreement, title: Second}"

    assert "a second current agreement" in str(check(catalogue(tmp_path, ("documents:", second)))[0])
    assert check(catalogue(tmp_path, ("documents:", second.replace("}", ", retired: 2025-01-01}")))) == []


def test_a_publisher_that_nothing_needs_is_a_problem(tmp_path):
    folder = catalogue(tmp_path)
    (folder / "releases" / "bolt.yaml").write_text("slug: bolt\nname: Bolt\n")

    assert [problem.file for problem in check(folder)] == ["releases/bolt.yaml"]


def test_licenses_do_not_supersede_each_other_in_circles(tmp_path):
    folder = catalogue(tmp_path, ("licensor: Acme", "supersedes: acme-2"))
    second = LICENSE.replace("acme-license", "acme-2").replace("licensor: Acme", "supersedes: acme-license")
    (folder / "acme-2.yaml").write_text(second)

    assert {problem.line for problem in check(folder) if "leads back" in problem.what} == {9}


def test_all_problems_are_told_at_once(tmp_path):
    folder = catalogue(tmp_path, ("kind: custom", "kind: bespoke"), ("amount: 700", "amount: x"), ("DE", "Germany"))

    assert [(problem.file, problem.line) for problem in check(folder)] == [
        ("acme-license.yaml", 5),
        ("acme-license.yaml", 34),
        ("releases/acme.yaml", 3),
    ]


def test_yes_no_and_on_are_words(tmp_path):
    assert check(catalogue(tmp_path, ("note: Any purpose.", "note: no"), ("licensor: Acme", "licensor: on"))) == []


def test_files_that_are_no_text_are_named(tmp_path):
    folder = catalogue(tmp_path)
    (folder / "empty.yaml").write_text("")
    (folder / "latin.yaml").write_bytes("name: Société".encode("latin-1"))
    (folder / "list.yaml").write_text("- one")

    assert {problem.file for problem in check(folder)} == {"empty.yaml", "latin.yaml", "list.yaml"}
    assert check(tmp_path / "nowhere")[0].what == "there is no such folder"


@pytest.mark.django_db
def test_nothing_is_loaded_while_there_is_a_problem(tmp_path, now):
    folder = catalogue(tmp_path, ("amount: 700", "amount: x"))

    with pytest.raises(CatalogueRefused) as refused:
        load(folder, now=now)

    assert [problem.line for problem in refused.value.problems] == [34]
    assert not License.objects.exists()
    assert not Publisher.objects.exists()


def test_the_command_prints_each_problem_and_fails(tmp_path):
    folder = catalogue(tmp_path, ("kind: custom", "kind: bespoke"), ("country: DE", "country: UK"))
    said = StringIO()

    with pytest.raises(CommandError, match="2 problems in the catalogue"):
        call_command("catalogue", "check", str(folder), stderr=said)

    assert said.getvalue().splitlines()[0].startswith("acme-license.yaml:5: “kind” is “bespoke”. Use one of: standard")


def test_the_command_counts_when_all_is_well(tmp_path):
    said = StringIO()

    call_command("catalogue", "check", str(catalogue(tmp_path)), stdout=said)

    assert (
        said.getvalue()
        == "1 licenses (1 read), 1 releases, 6 readings (64.3% unread of core kinds), 0 of earlier wordings, "
        "0 changes.\n"
    )
