"""What conclusions are about: a tagged model, evidence, a file of its own."""

from __future__ import annotations

from ingest.concluding import Evidence
from licenses.models import Document, License, OpenModel
from tests.factories import make_model, make_revision

SHOWN = Evidence("Its card says so in the first line.", "https://hub.example/acme/tiny")


def tagged(apache: License) -> OpenModel:
    return make_model("acme/tiny", declared=["apache-2.0"], declared_name="Gemma", license=apache,
                      resolved_by="tag:apache-2.0", downloads=7)  # fmt: skip


def standing() -> tuple[str | None, str]:
    return OpenModel.objects.values_list("license__short_name", "resolved_by").get()


def own_file(model: OpenModel, reads_as: License, role: str = "agreement", key: str = "license") -> Document:
    file = Document.objects.create(model=model, key=key, role=role, title=key.upper(), reads_as=reads_as)
    make_revision(file, "Do as you like.")
    return file
