"""Settings: what is missing or wrong is named, with the cure."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from openness import settings as the_file  # noqa: TID251 - its small functions are what is tested
from openness.celery import timetable
from openness.management.commands.prepare import close_mailbox
from tests.processes import bare_environment

ROOT = Path(__file__).parent.parent
GIVEN = {"DATABASE_URL": "postgresql:///x", "REDIS_URL": "unix:///x", "SECRET_KEY": "x"}


def check(data_dir: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in an environment with these of our variables and no others."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=bare_environment(DATA_DIR=str(data_dir)) | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", GIVEN)
def test_a_missing_variable_is_named_with_its_cure(missing: str, tmp_path: Path) -> None:
    result = check(tmp_path, {name: value for name, value in GIVEN.items() if name != missing})

    assert result.returncode != 0
    assert f"{missing} is not set: set {missing}" in result.stderr
    assert "Traceback" not in result.stderr


def test_with_nothing_set_and_nothing_running_the_cure_is_make_run(tmp_path: Path) -> None:
    result = check(tmp_path, {})

    assert "start `make run` first" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("PORT", "http", "a whole number"),
        ("DEBUG", "maybe", "yes or no"),
        ("SWEEP", "all", "polite or full"),
        ("SITE_URL", "openness.example", "the address people use"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("EMAIL_URL", "mail.example:587", "smtp://"),
        ("EMAIL_URL", "smtp://mail.example:many", "smtp://"),
        ("EMAIL_URL", "smtp://mail.example/?tls=1", "tls=yes"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(name: str, value: str, cure: str, tmp_path: Path) -> None:
    result = check(tmp_path, GIVEN | {name: value})

    assert result.returncode != 0
    assert name in result.stderr
    assert cure in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40ss@db.example:5433/site",
            {"USER": "ann", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433", "NAME": "site", "OPTIONS": {}},
        ),
        (
            "postgresql:///site?host=/run/pg&user=ann",
            {"USER": "ann", "PASSWORD": "", "HOST": "/run/pg", "PORT": "", "NAME": "site", "OPTIONS": {}},
        ),
        ("postgres://db/site?sslmode=require", {"HOST": "db", "NAME": "site", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_a_database_address_is_read(url: str, expected: dict[str, object]) -> None:
    assert the_file.database(url).items() >= expected.items()


@pytest.mark.parametrize("url", ["sqlite:///file", "postgresql://host", "nonsense"])
def test_an_address_that_names_no_postgres_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must look like"):
        the_file.database(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp://ann:p%40ss@mail.example:2525/?tls=yes",
            {"EMAIL_HOST_USER": "ann", "EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_PORT": 2525, "EMAIL_USE_TLS": True},
        ),
        ("smtp://mail.example", {"EMAIL_HOST": "mail.example", "EMAIL_PORT": 25, "EMAIL_USE_TLS": False}),
        ("smtp://mail.example?tls=yes", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
        ("smtps://mail.example", {"EMAIL_PORT": 465, "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True}),
    ],
)
def test_a_mail_servers_address_is_read(url: str, expected: dict[str, object]) -> None:
    assert the_file.mail_server(url).items() >= expected.items()


def test_mails_that_are_files_are_for_their_owner(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir(mode=0o755)

    close_mailbox(tmp_path / "mail")

    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_a_variable_set_to_nothing_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_WORDS", " ")

    assert the_file.words("SOME_WORDS", default=["one", "two"]) == ["one", "two"]


@pytest.mark.parametrize(("sweep", "kind", "recent"), [("polite", "top", False), ("full", "full", True)])
def test_the_whole_hub_is_swept_only_when_asked(sweep: str, kind: str, recent: bool) -> None:
    entries = timetable(sweep)

    assert entries["sweep"]["kwargs"] == {"kind": kind}
    assert ("recent" in entries) is recent


@pytest.mark.parametrize("site_url", ["https://openness.example", "http://openness.example"])
def test_a_site_with_tls_keeps_its_cookies_to_it(site_url: str, tmp_path: Path) -> None:
    shown = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0)"

    result = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=ROOT,
        env=bare_environment(
            **GIVEN, SITE_URL=site_url, DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="openness.settings"
        ),
        capture_output=True,
        text=True,
        check=True,
    )

    assert result.stdout.split() == [str(site_url.startswith("https"))] * 2
