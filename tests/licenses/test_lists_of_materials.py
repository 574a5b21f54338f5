"""What a bill of materials names: CycloneDX and SPDX, by hand in tables of cases, and as other tools write them."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from spdx_python_model.bindings import v3_0_1 as spdx

from licenses.lists import Form, read
from tests.licenses.pasting import CONTEXT, bom, graph, listing, only, refusal, spdx_2


def model(**more: object) -> dict[str, object]:
    return {"type": "machine-learning-model", "name": "tiny", **more}


def link(*urls: str) -> list[dict[str, str]]:
    return [{"type": "website", "url": url} for url in urls]


class TestCycloneDX:
    @pytest.mark.parametrize(
        ("component", "handle", "place"),
        [
            (model(purl="pkg:huggingface/acme/Tiny@0a1b"), "acme/Tiny", "purl"),
            ({"type": "file", "name": "x", "purl": "pkg:huggingface/acme/Tiny"}, "acme/Tiny", "purl"),
            (model(group="acme"), "acme/tiny", "name"),
            (model(name="acme/Tiny", group=None), "acme/Tiny", "name"),
            (model(externalReferences=link("https://x.example", "https://hf.co/acme/T")), "acme/T", "[1].url"),
            (model(group="org.acme", externalReferences=link("https://hf.co/acme/T")), "acme/T", "[0].url"),
            (model(purl="pkg:generic/x", externalReferences=link("https://hf.co/acme/T")), "acme/T", "[0].url"),
            (model(group="b", externalReferences=link("https://hf.co/a/x", "https://hf.co/b/tiny")), "b/tiny", "name"),
        ],
    )
    def test_a_model_is_found_by_what_its_component_says(self, component: object, handle: str, place: str) -> None:
        entry = only(bom({"type": "library", "name": "numpy", "purl": "pkg:pypi/numpy@2"}, component))

        assert (entry.handle, entry.why) == (handle, "")
        assert entry.place.startswith("components[1].")
        assert entry.place.endswith(place)

    @pytest.mark.parametrize(
        ("component", "said"),
        [
            (model(), "tiny"),
            (model(name=None), ""),
            (model(purl="pkg:mlflow/acme/tiny", group="acme"), "pkg:mlflow/acme/tiny"),
            (model(purl="pkg:huggingface/datasets/acme/x"), "pkg:huggingface/datasets/acme/x"),
            (model(purl="pkg:huggingface"), "pkg:huggingface"),
            (model(group="c", externalReferences=link("https://hf.co/a/x", "https://hf.co/b/y")), "c/tiny"),
        ],
    )
    def test_a_model_that_cannot_be_told_is_kept_without_a_handle(self, component: object, said: str) -> None:
        entry = only(bom(component))

        assert (entry.handle, entry.said) == ("", said)
        assert entry.why

    def test_components_nest_and_the_subject_counts(self) -> None:
        inner = model(purl="pkg:huggingface/acme/b")
        for _ in range(45):
            inner = {"type": "library", "name": "x", "components": [inner]}

        found = listing(bom(inner, metadata={"component": model(purl="pkg:huggingface/acme/a")}))

        assert [entry.handle for entry in found.entries] == ["acme/a", "acme/b"]
        assert found.entries[0].place == "metadata.component.purl"
        assert found.entries[1].place.startswith("components[0].components[0].components[0]")
        assert found.notes == ("45 other parts do not claim to be a model, and nothing was looked up for them.",)

    def test_licenses_that_it_states_are_kept_beside(self) -> None:
        licenses = [{"license": {"id": "MIT"}}, {"license": {"name": "Own\nterms"}}, {"expression": "A OR B"}, {}]

        entry = only(
            bom(
                model(purl="pkg:huggingface/acme/a", licenses=licenses),
                model(purl="pkg:huggingface/acme/a@2", licenses=[{"license": {"name": "x" * 300}}]),
            )
        )

        assert entry.licenses == ("MIT", "Own terms", "A OR B", "x" * 200)

    def test_a_file_without_models_is_no_error(self) -> None:
        found = listing(bom({"type": "library", "name": "numpy"}))

        assert found.entries == ()
        assert found.notes == ("1 other part does not claim to be a model, and nothing was looked up for it.",)

    def test_a_version_that_we_do_not_know_is_noted(self) -> None:
        [note] = listing(bom(specVersion="2.0")).notes

        assert note == "CycloneDX 2.0: we know 1.5 to 1.7, and may miss models in others."

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            (
                bom({}, {}, {"purl": 5}),
                "components[2].purl: is a number; a package URL is text such as pkg:huggingface/org/name.",
            ),
            (bom(model(purl={})), "components[0].purl: is an object; a package URL is text such as"),
            (bom() | {"components": 5}, "components: is a number; a list in brackets belongs there."),
            (bom("acme/tiny"), "components[0]: is a text; an object in braces belongs there."),
            (bom(model(components={})), "components[0].components: is an object; a list in brackets"),
            (bom(model(name=[])), "components[0].name: is a list; a name is text."),
            (bom(model(externalReferences=link(5))), "components[0].externalReferences[0].url: is a number"),  # type: ignore[arg-type]
            (bom(model(licenses=[{"license": "MIT"}])), "components[0].licenses[0].license: is a text"),
            (bom(model(licenses=[{"license": {"id": 5}}])), "components[0].licenses[0].license.id: is a number"),
            (bom(metadata=[]), "metadata: is a list"),
            (bom(metadata={"component": 1}), "metadata.component: is a number"),
            (bom(specVersion=1.6), "specVersion: is a number"),
        ],
    )
    def test_a_wrong_type_is_refused_with_its_place(self, said: object, message: str) -> None:
        refused = refusal(said)

        assert str(refused).startswith(message)
        assert refused.place == message.partition(":")[0]


def package(*purls: str, **more: object) -> dict[str, object]:
    references = [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": p} for p in purls
    ]
    return {"name": "tiny", "SPDXID": "SPDXRef-1", "externalRefs": references, **more}


class TestSpdx2:
    @pytest.mark.parametrize(
        ("part", "handle", "place"),
        [
            (package("pkg:pypi/x", "pkg:huggingface/acme/Tiny"), "acme/Tiny", "externalRefs[1].referenceLocator"),
            (package(downloadLocation="git+https://huggingface.co/acme/T@main"), "acme/T", "downloadLocation"),
            (package(name="acme/tiny", primaryPackagePurpose="MODEL"), "acme/tiny", "name"),
            (package(primaryPackagePurpose="MACHINE_LEARNING_MODEL"), "", "name"),
        ],
    )
    def test_a_model_is_found_by_what_its_package_says(self, part: object, handle: str, place: str) -> None:
        found = listing(spdx_2(package("pkg:pypi/numpy", name="numpy", downloadLocation="NOASSERTION"), part))

        assert found.form == Form.SPDX_2
        assert [(entry.handle, entry.place) for entry in found.entries] == [(handle, f"packages[1].{place}")]
        assert len(found.notes) == 1

    def test_licenses_that_it_states_are_kept_beside(self) -> None:
        part = package("pkg:huggingface/acme/a", licenseConcluded="NOASSERTION", licenseDeclared="LicenseRef-own")

        assert only(spdx_2(part)).licenses == ("LicenseRef-own",)

    @pytest.mark.parametrize(
        ("said", "place"),
        [
            ({"spdxVersion": "SPDX-2.3", "packages": {}}, "packages"),
            (spdx_2(5), "packages[0]"),
            (spdx_2(package(externalRefs=5)), "packages[0].externalRefs"),
            (spdx_2(package(5)), "packages[0].externalRefs[0].referenceLocator"),  # type: ignore[arg-type]
            (spdx_2(package(licenseDeclared=[])), "packages[0].licenseDeclared"),
            (spdx_2(package(downloadLocation=5)), "packages[0].downloadLocation"),
            (spdx_2(package(primaryPackagePurpose={})), "packages[0].primaryPackagePurpose"),
        ],
    )
    def test_a_wrong_type_is_refused_with_its_place(self, said: object, place: str) -> None:
        assert refusal(said).place == place


def ai(**more: object) -> dict[str, object]:
    return {"type": "ai_AIPackage", "spdxId": "urn:p", "name": "tiny", **more}


def purl_identifier(purl: Any, kind: str = "packageUrl") -> dict[str, Any]:
    return {"type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": purl}


class TestSpdx3:
    @pytest.mark.parametrize(
        ("element", "handle", "place"),
        [
            (ai(software_packageUrl="pkg:huggingface/acme/Tiny@1"), "acme/Tiny", "software_packageUrl"),
            (ai(packageUrl="pkg:huggingface/acme/Tiny@1"), "acme/Tiny", "packageUrl"),
            (ai(type="AIPackage", name="acme/tiny"), "acme/tiny", "name"),
            ({"@type": ["https://spdx.org/rdf/3.0.1/terms/AI/AIPackage"], "name": "acme/tiny"}, "acme/tiny", "name"),
            (ai(type="software_Package", software_primaryPurpose="model", name="a/b"), "a/b", "name"),
            (ai(type="software_Package", software_packageUrl="pkg:huggingface/a/b"), "a/b", "software_packageUrl"),
            (
                ai(externalIdentifier=[purl_identifier("x", "cpe23"), purl_identifier("pkg:huggingface/a/b")]),
                "a/b",
                "externalIdentifier[1].identifier",
            ),
            (ai(externalIdentifier=purl_identifier("pkg:huggingface/a/b", "PackageURL")), "a/b", "[0].identifier"),
            (ai(software_downloadLocation="https://huggingface.co/a/b"), "a/b", "software_downloadLocation"),
            (ai(software_packageUrl="pkg:generic/a/b", name="a/b"), "", "software_packageUrl"),
            (ai(), "", "name"),
        ],
    )
    def test_a_model_is_found_by_what_its_package_says(self, element: object, handle: str, place: str) -> None:
        found = listing(graph({"type": "software_Package", "name": "numpy"}, element))

        [entry] = found.entries
        assert (found.form, entry.handle) == (Form.SPDX_3, handle)
        assert entry.place.startswith("@graph[1].")
        assert entry.place.endswith(place)

    def test_a_package_may_stand_alone_or_inside_another_element(self) -> None:
        assert only({"@context": CONTEXT} | ai(name="a/b")).place == "$.name"
        assert only(graph({"type": "SpdxDocument", "rootElement": [ai(name="a/b")]})).place == (
            "@graph[0].rootElement[0].name"
        )

    def test_relationships_tell_its_licenses(self) -> None:
        given = {"type": "Relationship", "from": "urn:p", "relationshipType": "hasDeclaredLicense"}

        entry = only(
            graph(
                ai(name="a/b"),
                {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "licenseExpression": "MIT AND X"},
                given | {"to": ["urn:l", "https://spdx.org/licenses/MIT", "expandedlicensing_NoAssertionLicense", 5]},
                given | {"relationshipType": "hasConcludedLicense", "to": {"type": "CustomLicense", "name": "Own"}},
                given | {"relationshipType": "dependsOn", "to": ["urn:x"]},
                given | {"relationshipType": {}, "from": [], "to": None},
            )
        )

        assert entry.licenses == ("MIT AND X", "MIT", "Own")

    @pytest.mark.parametrize(
        ("element", "place"),
        [
            (ai(software_packageUrl=5), "@graph[0].software_packageUrl"),
            (ai(name={}), "@graph[0].name"),
            (ai(externalIdentifier=5), "@graph[0].externalIdentifier"),
            (ai(externalIdentifier=[purl_identifier(5)]), "@graph[0].externalIdentifier[0].identifier"),
        ],
    )
    def test_a_wrong_type_is_refused_with_its_place(self, element: object, place: str) -> None:
        assert refusal(graph(element)).place == place


@pytest.mark.parametrize("version", [SchemaVersion.V1_5, SchemaVersion.V1_6, SchemaVersion.V1_7])
def test_what_cyclonedx_writes_is_read(version: SchemaVersion) -> None:
    tiny = Component(
        name="Tiny-2B",
        group="acme",
        type=ComponentType.MACHINE_LEARNING_MODEL,
        purl=PackageURL("huggingface", "acme", "Tiny-2B", "0a1b2c"),
        licenses=[DisjunctiveLicense(name="Acme terms")],
    )
    hub = ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri("https://huggingface.co/acme/base"))
    base = Component(name="base", type=ComponentType.MACHINE_LEARNING_MODEL, external_references=[hub])
    numpy = Component(name="numpy", type=ComponentType.LIBRARY, purl=PackageURL("pypi", name="numpy", version="2"))
    shop = Component(name="shop", type=ComponentType.APPLICATION, components=[base])
    written = Bom(components=[tiny, numpy])
    written.metadata.component = shop
    written.register_dependency(shop, [tiny, numpy])

    found = read(make_outputter(written, OutputFormat.JSON, version).output_as_string())

    assert found.form == Form.CYCLONEDX
    assert [(entry.handle, entry.said, entry.licenses) for entry in found.entries] == [
        ("acme/base", "https://huggingface.co/acme/base", ()),
        ("acme/Tiny-2B", "pkg:huggingface/acme/Tiny-2B@0a1b2c", ("Acme terms",)),
    ]
    assert found.notes == ("2 other parts do not claim to be a model, and nothing was looked up for them.",)


def test_what_spdx_writes_is_read() -> None:
    made = spdx.CreationInfo(specVersion="3.0.1", created=datetime(2026, 1, 1, tzinfo=UTC))

    def element(kind: Any, name: str, **more: Any) -> Any:
        return kind(spdxId=f"https://acme.example/{name}", creationInfo=made, name=name, **more)

    ada = element(spdx.Person, "Ada")
    made.createdBy = [ada]
    tiny = element(spdx.ai_AIPackage, "tiny", software_packageUrl="pkg:huggingface/acme/Tiny-2B@0a1b2c")
    base = element(spdx.ai_AIPackage, "base")
    identifier = spdx.ExternalIdentifier(identifier="pkg:huggingface/acme/base")
    identifier.externalIdentifierType = spdx.ExternalIdentifierType.packageUrl
    base.externalIdentifier = [identifier]
    numpy = element(spdx.software_Package, "numpy", software_packageUrl="pkg:pypi/numpy@2")
    terms = element(spdx.simplelicensing_LicenseExpression, "terms")
    terms.simplelicensing_licenseExpression = "LicenseRef-acme"
    says = element(spdx.Relationship, "says", to=[terms], relationshipType=spdx.RelationshipType.hasDeclaredLicense)
    says.from_ = tiny
    document = element(spdx.SpdxDocument, "bom", rootElement=[tiny, base])
    file = io.BytesIO()
    spdx.JSONLDSerializer().write(spdx.SHACLObjectSet([document, tiny, base, numpy, terms, says, ada]), file)

    found = read(file.getvalue())

    assert found.form == Form.SPDX_3
    assert {(entry.handle, entry.said, entry.licenses) for entry in found.entries} == {
        ("acme/Tiny-2B", "pkg:huggingface/acme/Tiny-2B@0a1b2c", ("LicenseRef-acme",)),
        ("acme/base", "pkg:huggingface/acme/base", ()),
    }
    assert found.notes == ("1 other part does not claim to be a model, and nothing was looked up for it.",)
