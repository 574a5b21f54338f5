"""The real client, kept to loopback."""

import socket

import pytest
from huggingface_hub import HfApi, constants
from huggingface_hub.utils import disable_progress_bars

TOKEN = "hf_a_token_of_a_test"


@pytest.fixture(autouse=True)
def _keep_the_client_to_itself(monkeypatch):
    """No telemetry, no other transport, and a default address where nobody listens.

    The client cuts its default address off the template, so both have to change together.
    """
    nobody = "http://127.0.0.1:9"
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, nobody)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", nobody)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", True)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    disable_progress_bars()


@pytest.fixture(autouse=True)
def _look_up_no_other_host(monkeypatch):
    really = socket.getaddrinfo

    def look_up(host, *args, **kwargs):
        assert host == "127.0.0.1", f"a test asked for {host}"
        return really(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.fixture
def impatient(monkeypatch):
    """The client waits as long as it likes, in no time; the waits it asked for are listed."""
    waits = []
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", waits.append)
    return waits


@pytest.fixture
def api(hub):
    return HfApi(endpoint=hub.endpoint, token=False)


@pytest.fixture
def member(hub):
    """The client of someone with a valid token, who may read acme/locked."""
    hub.welcomes(TOKEN, name="curator", may_read=["acme/locked"])
    return HfApi(endpoint=hub.endpoint, token=TOKEN)
