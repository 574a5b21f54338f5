"""A pasted list: a verdict for each name, the duties once for all, and nothing unknown that passes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from random import randrange
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.html import escape

from tests.factories import make_license, make_model, make_release

YES, NO, SILENT = "yes", "no", "silent"
WHO = "commercial=yes&use=product&use=redistribute&seat=DE"
ADDRESS = f"/check/list/?{WHO}"
#: What every kind that a profile can make decisive says in a license that leaves all open.
GRANTS = ("commercial_use", "modification", "redistribution", "hosted_service", "output_rights", "output_training")
LIMITS = ("mau_cap", "revenue_cap", "geo_exclusion", "copyleft_sharealike")
FREE = dict.fromkeys(GRANTS, YES) | dict.fromkeys(LIMITS, NO)


@pytest.fixture
def client() -> Client:
    """Somebody else for every test, as lists are counted."""
    return Client(REMOTE_ADDR=f"10.{randrange(256)}.{randrange(256)}.{randrange(256)}")


@pytest.fixture
def models(db: None) -> None:
    """One of each verdict, and one that nobody read."""
    free = make_license("Free", **FREE)
    make_model("acme/free", license=free)
    make_model("acme/free-too", license=free)
    make_model("acme/notices", license=make_license("Notices", **FREE, attribution_notice=YES))
    make_model("acme/research", license=make_license("Research", **FREE | {"commercial_use": NO}))
    europe = {"regions": ["EU"], "basis": ["domicile"], "effect": "no_grant"}
    make_model(
        "acme/far", license=make_license("Far", **FREE | {"geo_exclusion": {"answer": YES, "territories": [europe]}})
    )
    make_model("acme/unread", license=make_license("Unread"))
    make_model("acme/other")


pytestmark = pytest.mark.usefixtures("models")
LIST = "acme/free\nacme/notices\nacme/research\nacme/far\nacme/unread\nacme/other\nnobody/knows\n"
VERDICTS = {
    "acme/far": "prohibited",
    "acme/research": "needs-license",
    "acme/unread": "unknown",
    "acme/other": "unknown",
    "nobody/knows": "unknown",
    "acme/notices": "obligations",
    "acme/free": "permitted",
}


def posted(client: Client, text: str = LIST, *, address: str = ADDRESS, **fields: Any) -> Any:
    return client.post(address, {"list": text, **fields})


def test_each_name_has_its_verdict_worst_first(client: Client) -> None:
    rows = posted(client, format="json").json()["models"]

    assert {row["name"]: row["verdict"] for row in rows} == VERDICTS
    order = [row["verdict"] for row in rows]
    assert order == sorted(order, key=["prohibited", "needs-license", "unknown", "obligations", "permitted"].index)
    assert all("not legal advice" in row["disclaimer"] for row in rows)


def test_what_is_not_known_here_is_never_fine(client: Client) -> None:
    page = posted(client, "nobody/knows\n").content.decode()

    assert "cannot tell" in page
    assert "not known here" in page
    assert "v-permitted" not in page


def test_a_duty_is_told_once_for_all_who_ask_for_it(client: Client) -> None:
    second = make_license("Notices too", **FREE, attribution_notice=YES)
    make_model("acme/notices-too", license=second)

    duties = posted(client, "acme/notices\nacme/notices-too\nacme/free", format="json").json()["duties"]

    assert [duty["for"] for duty in duties] == [["acme/notices", "acme/notices-too"]]
    assert all(duties[0][part] for part in ("use_case", "if", "you_must"))


def test_a_release_and_a_license_may_stand_in_a_list(client: Client) -> None:
    make_release("Far One", make_license("Far two", **FREE))

    rows = posted(client, "far-one\nlicenses/research", format="json").json()["models"]

    assert {row["name"]: row["verdict"] for row in rows} == {
        "far-one": "permitted",
        "licenses/research": "needs-license",
    }


def test_a_repository_that_only_a_release_names_is_known(client: Client) -> None:
    make_release("New", make_license("Far two", **FREE), repos=["acme/new"])

    assert posted(client, "acme/new", format="json").json()["models"][0]["verdict"] == "permitted"


def test_a_bill_of_materials_that_states_another_license_is_told(client: Client) -> None:
    component = {
        "type": "machine-learning-model",
        "name": "research",
        "purl": "pkg:huggingface/acme/research@abc",
        "licenses": [{"license": {"id": "MIT"}}],
    }
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]}
    file = SimpleUploadedFile("bom.json", json.dumps(bom).encode())

    page = client.post(ADDRESS, {"list": "", "file": file}).content.decode()

    assert "the list states MIT" in page
    assert "components[0]" in page


def test_the_same_as_csv_with_cells_that_no_spreadsheet_runs(client: Client) -> None:
    response = posted(client, "acme/free\n=cmd\n", format="csv")

    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert rows[0][:3] == ["name", "verdict", "because"]
    assert {row[0] for row in rows[1:]} == {"acme/free", "'=cmd"}


def test_a_row_says_whom_it_answers_and_its_page_answers_the_same(client: Client) -> None:
    response = posted(client, "acme/free\nacme/unread", format="csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    found = posted(client, "acme/free\nacme/unread", format="json").json()

    assert {row["profile"] for row in rows} == {"commercial=yes&use=product&use=redistribute&seat=DE"}
    assert {"contradicted", "assumed", "not_read"} <= set(rows[0])
    assert rows[0]["name"] == "acme/unread"
    assert [row["page"] for row in rows] == [model["page"] for model in found["models"]]
    assert all(row["page"].endswith(f"/check/models/{row['name']}/?{row['profile']}") for row in rows)
    assert client.get(f"/{rows[1]['page'].split('/', 3)[3]}").status_code == 200


def test_what_was_assumed_is_said_once(client: Client) -> None:
    korea = {"regions": ["KR"], "basis": ["place_of_use"], "effect": "no_grant"}
    for name in ("Near", "Nearer"):
        license = make_license(name, **FREE | {"geo_exclusion": {"answer": YES, "territories": [korea]}})
        make_model(f"acme/{name.lower()}", license=license)
    rows = posted(client, "acme/near\nacme/nearer", format="json").json()["models"]
    page = posted(client, "acme/near\nacme/nearer").content.decode()

    [words] = {words for row in rows for words in row["assumed"]}
    assert page.count("What was assumed") == 1
    assert page.count(f"<li>{escape(words[:1].upper() + words[1:])}.</li>") == 1


def test_the_line_for_a_shell_carries_the_answers(client: Client) -> None:
    page = client.get(ADDRESS).content.decode()

    asked = WHO.replace("&", "&amp;")
    assert f'curl -F file=@models.txt "{settings.SITE_URL}/check/list/?{asked}&amp;format=json"' in page
    assert "curl" not in client.get("/check/list/").content.decode()


def test_a_program_that_asks_for_json_gets_it(client: Client) -> None:
    def send(text: str, address: str = ADDRESS) -> Any:
        return client.post(address, {"list": text}, headers={"accept": "application/json"})

    assert send("acme/free").json()["models"][0]["verdict"] == "permitted"
    assert "XML" in send("<bom/>").json()["errors"]["list"][0]
    assert "who asks" in send("acme/free", "/check/list/").json()["errors"]["profile"][0]


@pytest.mark.parametrize("accept", ["*/*", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""])
def test_a_browser_gets_a_page(client: Client, accept: str) -> None:
    response = client.post(ADDRESS, {"list": "acme/free"}, headers={"accept": accept})

    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "acme/free\n"),
        ("text/plain; charset=utf-8", "acme/free\n"),
        ("application/json", '["acme/free"]'),
        ("application/json", '{"bomFormat": "CycloneDX", "components": [{"purl": "pkg:huggingface/acme/free"}]}'),
    ],
)
def test_a_list_may_be_the_body_itself(client: Client, kind: str, body: str) -> None:
    response = client.post(f"{ADDRESS}&format=json", body, content_type=kind)

    assert [row["name"] for row in response.json()["models"]] == ["acme/free"]


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    response = client.post(f"{ADDRESS}&format=json", "a/b\n" * 1_400_000, content_type="text/plain")

    assert response.status_code == 400
    assert "more than 5 MiB" in response.json()["errors"]["list"][0]


def test_without_an_answer_usual_plans_are_offered_and_the_list_stays(client: Client) -> None:
    asked = client.get("/check/list/").content.decode()
    page = posted(client, "acme/free", address="/check/list/").content.decode()

    assert '<a href="/check/list/?commercial=yes&amp;use=product">A business with a product built on it</a>' in asked
    assert 'formaction="/check/list/?commercial=yes&amp;use=product"' in page
    assert "acme/free</textarea>" in page
    assert "<dt>The profile</dt>" in page


def test_a_card_on_a_phone_keeps_the_names_of_its_columns(client: Client) -> None:
    page = posted(client).content.decode()

    for name in ("Appears", "Because", "License", "Place in the list", "If", "You must", "For"):
        assert f'<td data-label="{name}">' in page


@pytest.mark.parametrize(
    ("address", "text", "said"),
    [
        (ADDRESS, "", "empty"),
        (ADDRESS, '{"bomFormat": "CycloneDX", "components": 5}', "components"),
        (ADDRESS, "[" * 100_000, "nested"),
        (ADDRESS, "<bom/>", "XML"),
        ("/check/list/", LIST, "Say first who asks"),
        ("/check/list/?commercial=maybe", LIST, "“maybe” cannot be used with “commercial”"),
        (f"{ADDRESS}&format=pdf", LIST, "Use one of: csv, json"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_and_cure(client: Client, address: str, text: str, said: str) -> None:
    response = posted(client, text, address=address)

    assert response.status_code == 400
    assert said in response.content.decode()


def test_a_refusal_can_be_had_as_json(client: Client) -> None:
    response = posted(client, "<bom/>", format="json")

    assert response.status_code == 400
    assert "XML" in response.json()["errors"]["list"][0]


def test_more_than_five_mebibytes_are_refused_before_they_are_taken_in(client: Client) -> None:
    response = posted(client, "a/b\n" * 1_400_000)

    assert response.status_code == 400
    assert "more than 5 MiB" in response.content.decode()


def test_nothing_of_a_list_stays(client: Client, django_assert_num_queries: Any) -> None:
    posted(client, "acme/free")

    with django_assert_num_queries(2):  # what moved, and the models of these names
        response = posted(client)
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_names_of_strangers_are_escaped(client: Client) -> None:
    page = posted(client, "<script>alert(1)</script>\n").content.decode()

    assert "<script>alert" not in page


def test_a_long_list_is_shown_in_part_and_exported_whole(client: Client) -> None:
    text = "".join(f"nobody/model-{number}\n" for number in range(400))

    page = posted(client, text).content.decode()

    assert "100 more are in the CSV and JSON; none has a worse verdict." in page
    assert len(posted(client, text, format="json").json()["models"]) == 400


# The same from the shell.


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    listing, profile = tmp_path / "models.txt", tmp_path / "profile.yaml"
    listing.write_text(LIST)
    profile.write_text("commercial: yes\nuse: [product, redistribute]\nseat: DE\n")
    return str(listing), str(profile)


@pytest.mark.parametrize(
    ("text", "fail_on", "code"),
    [
        (LIST, "unknown", 1),
        ("acme/free", "unknown", 0),
        ("acme/notices", "unknown", 0),
        ("acme/notices", "obligations", 1),
        ("acme/unread", "unknown", 1),
        ("nobody/knows", "needs-license,unknown", 1),
        ("acme/unread", "needs-license", 0),
        ("acme/far", "needs-license", 1),  # worse than what was named
        ("acme/research", "prohibited", 0),
    ],
)
def test_a_build_stops_at_what_it_named_and_at_worse(
    files: tuple[str, str], text: str, fail_on: str, code: int
) -> None:
    Path(files[0]).write_text(text)
    said, ended = io.StringIO(), 0

    try:
        call_command("check", files[0], f"--profile={files[1]}", f"--fail-on={fail_on}", stdout=said)
    except CommandError as error:
        ended = error.returncode

    assert ended == code
    assert text.split("\n", maxsplit=1)[0] in said.getvalue()
    assert "the text itself governs" in said.getvalue() or text == "nobody/knows"


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("commercial: maybe", "commercial"),
        ("comercial: yes", "“comercial” is no part of a profile"),
        ("- a\n- b", "one name and value a line"),
        ("a: [", "neither YAML nor JSON"),
        ("users: many", "users"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_with_its_field(files: tuple[str, str], profile: str, said: str) -> None:
    Path(files[1]).write_text(profile)

    with pytest.raises(CommandError, match=said) as error:
        call_command("check", files[0], f"--profile={files[1]}", stdout=io.StringIO())

    assert error.value.returncode == 2


def test_a_list_that_cannot_be_read_is_told_with_its_place(files: tuple[str, str], tmp_path: Path) -> None:
    Path(files[0]).write_text("<bom/>")

    with pytest.raises(CommandError, match="XML") as unreadable:
        call_command("check", files[0], f"--profile={files[1]}", stdout=io.StringIO())
    with pytest.raises(CommandError, match="No such file") as missing:
        call_command("check", str(tmp_path / "none"), f"--profile={files[1]}", stdout=io.StringIO())

    assert (unreadable.value.returncode, missing.value.returncode) == (2, 2)


def test_the_report_of_a_build_can_be_json(files: tuple[str, str]) -> None:
    said = io.StringIO()

    with pytest.raises(CommandError):
        call_command("check", files[0], f"--profile={files[1]}", "--format=json", stdout=said)

    assert {row["name"]: row["verdict"] for row in json.loads(said.getvalue())["models"]} == VERDICTS


def test_without_a_profile_it_is_djangos_own_check(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", "licenses")
    call_command("check")


def test_a_flood_of_lists_is_told_to_wait(client: Client) -> None:
    statuses = {posted(client, "acme/free").status_code for _ in range(31)}

    assert statuses == {200, 429}
    assert posted(client, "acme/free").content.decode() == "At most 30 lists a minute; try again in a minute.\n"
    refused = posted(client, "acme/free", format="json")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert "30 lists a minute" in refused.json()["errors"]["list"][0]
