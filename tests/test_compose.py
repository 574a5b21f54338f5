"""docker-compose.yml: valid by the published schema, and the same site as `manage.py up` runs."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema.validators import validator_for

from openness import programs
from openness.programs import Program

ROOT = Path(__file__).parent.parent
OURS = ["beat", "migrate", "web", "worker"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    return compose["services"]


def test_the_file_follows_the_compose_specification(compose: dict[str, Any]) -> None:
    published = "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
    schema = json.loads(Path(distribution("check-jsonschema").locate_file(published)).read_text())

    validator_for(schema)(schema).validate(compose)


@pytest.mark.parametrize(
    "program", [programs.web("0.0.0.0", 8000), programs.worker(), programs.beat()], ids=lambda program: program.name
)
def test_compose_runs_what_up_runs_and_ends_it_the_same_way(program: Program, services: dict[str, Any]) -> None:
    service = services[program.name]

    assert tuple(service["command"]) == program.command
    assert service["stop_signal"] == program.stop.name


def test_a_worker_is_given_longer_to_end_than_it_asks_for(services: dict[str, Any], settings: Any) -> None:
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT


def test_no_secret_has_a_default(services: dict[str, Any]) -> None:
    secrets = re.findall(r"\$\{((?:SECRET_KEY|\w*PASSWORD)[^}]*)\}", json.dumps(services))

    assert secrets
    assert all(re.match(r"\w+:\?set ", secret) for secret in secrets)


def test_workers_scale(services: dict[str, Any]) -> None:
    assert services["worker"].keys().isdisjoint({"container_name", "ports"})


@pytest.mark.parametrize("name", OURS)
def test_our_containers_write_nothing_but_their_data_and_gain_no_rights(name: str, services: dict[str, Any]) -> None:
    service = services[name]

    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_database_is_prepared(name: str, services: dict[str, Any]) -> None:
    assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_every_service_says_whether_it_is_well(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"migrate"}


def test_named_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {mount.split(":")[0] for service in compose["services"].values() for mount in service.get("volumes", [])}

    assert used == set(compose["volumes"])


def test_every_variable_reaches_a_setting(services: dict[str, Any]) -> None:
    settings_file = (ROOT / "openness" / "settings.py").read_text()

    unread = [name for name in services["web"]["environment"] if f'"{name}"' not in settings_file]

    assert unread == []


def test_the_image_runs_as_nobody_in_particular_and_holds_every_app() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert "USER openness" in lines
    for app in ("openness", "ingest", "licenses", "templates", "static"):
        assert f"COPY {app} {app}" in lines
        assert f"!{app}" in (ROOT / ".dockerignore").read_text().splitlines()
