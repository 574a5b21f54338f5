"""Reading a pasted list in tests, and bills of materials by hand, as short as they can be."""

from __future__ import annotations

import json

import pytest

from licenses.lists import Entry, Listing, Unreadable, read

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def handles(said: bytes | str | object) -> list[str]:
    return [entry.handle for entry in listing(said).entries]


def listing(said: bytes | str | object) -> Listing:
    return read(said if isinstance(said, bytes | str) else json.dumps(said))


def only(said: object) -> Entry:
    [entry] = listing(said).entries
    return entry


def refusal(said: bytes | str | object) -> Unreadable:
    with pytest.raises(Unreadable) as refused:
        listing(said)
    return refused.value


def bom(*components: object, **more: object) -> dict[str, object]:
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": list(components), **more}


def spdx_2(*packages: object) -> dict[str, object]:
    return {"spdxVersion": "SPDX-2.3", "packages": list(packages)}


def graph(*elements: object) -> dict[str, object]:
    return {"@context": CONTEXT, "@graph": list(elements)}
