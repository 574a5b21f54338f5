"""What a pasted list names, in each form that people have; tables of cases, hostile input, and bounds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenses.lists import Entry, Form, Unreadable, read
from licenses.lists.reading import LARGEST
from tests.licenses.pasting import bom, graph, handles, listing, only, refusal, spdx_2

KEYS = (
    *(
        "type",
        "@type",
        "name",
        "group",
        "purl",
        "url",
        "components",
        "metadata",
        "component",
        "licenses",
        "license",
        "id",
    ),
    *(
        "externalReferences",
        "externalRefs",
        "referenceType",
        "referenceLocator",
        "packages",
        "@graph",
        "spdxId",
        "from",
    ),
    *("to", "relationshipType", "externalIdentifier", "externalIdentifierType", "identifier", "software_packageUrl"),
    *("specVersion", "expression", "primaryPackagePurpose", "downloadLocation", "software_primaryPurpose", "@id"),
)


class TestLines:
    @pytest.mark.parametrize(
        "line",
        [
            "acme/Tiny-1.5",
            "  acme/Tiny-1.5\t",
            "- acme/Tiny-1.5",
            "* acme/Tiny-1.5,",
            "• `acme/Tiny-1.5`",
            "-acme/Tiny-1.5",
            "-e git+https://huggingface.co/acme/Tiny-1.5",
            "12. acme/Tiny-1.5.",
            "'acme/Tiny-1.5',",
            '"acme/Tiny-1.5";',
            "**acme/Tiny-1.5**",
            "acme/Tiny-1.5  # what we use",
            "acme/\u200bTiny-1.5\0",
            "\u00a0acme/Tiny-1.5",
            "acme/Tiny-1.5==0a1b2c",
            "acme/Tiny-1.5 == 0a1b2c",
            "acme/Tiny-1.5@refs/pr/1",
            "acme/Tiny-1.5==0a1b2c --hash=sha256:abc --hash sha256:def",
            "acme/Tiny-1.5>=1.0",
            "https://huggingface.co/acme/Tiny-1.5",
            "https://www.huggingface.co/acme/Tiny-1.5/",
            "HTTPS://HuggingFace.co/acme/Tiny-1.5/tree/main",
            "https://huggingface.co/acme/Tiny-1.5/blob/main/LICENSE?raw=true#L1",
            "<https://hf.co/acme/Tiny-1.5>",
            "huggingface.co/acme/Tiny-1.5",
            "git+https://huggingface.co/acme/Tiny-1.5.git@main",
            "tiny @ https://huggingface.co/acme/Tiny-1.5/resolve/main/tiny.whl",
            "hf://acme/Tiny-1.5@main/model.safetensors",
            "pkg:huggingface/acme/Tiny-1.5@Main",
            "pkg:HuggingFace/acme/Tiny-1.5",
            "PKG:huggingface/acme/Tiny-1.5",
            "pkg:huggingface/acme/Tiny-1.5@main?repository_url=https://huggingface.co#config.json",
            "pkg:huggingface/acme/Tiny%2D1.5",
        ],
    )
    def test_a_line_names_a_model_with_its_case(self, line: str) -> None:
        found = read(line)

        assert (found.form, [entry.handle for entry in found.entries]) == (Form.LINES, ["acme/Tiny-1.5"])
        assert found.entries[0].why == ""

    @pytest.mark.parametrize("slug", ["apache-2-0", "licenses/apache-2-0", "releases/tiny-2", "LLAMA_3"])
    def test_a_line_names_what_we_have_by_its_slug(self, slug: str) -> None:
        assert handles(slug) == [slug]

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("https://huggingface.co/datasets/acme/words", "a data set of the Hub, not a model"),
            ("hf://datasets/acme/words@main/a.csv", "a data set of the Hub, not a model"),
            ("datasets/acme/words", "a data set of the Hub, not a model"),
            ("spaces/demo", "a Space of the Hub, not a model"),
            ("pkg:huggingface/datasets/acme/words", "a data set of the Hub, not a model"),
            ("https://hf.co/spaces/acme/demo", "a Space of the Hub, not a model"),
            ("https://huggingface.co/docs/transformers", "a page of the Hub, not a model"),
            ("https://huggingface.co/acme", "no owner: write it as owner/name"),
            ("https://huggingface.co", "no owner: write it as owner/name"),
            ("https://huggingface.co@evil.example/acme/tiny", "an address outside the Hub"),
            ("https://example.org/acme/tiny", "an address outside the Hub"),
            ("pkg:huggingface/tiny", "no owner: write pkg:huggingface/owner/name@revision"),
            ("pkg:huggingface/acme/tiny?x", "no package URL: write pkg:huggingface/owner/name@revision"),
            ("pkg:huggingface/acme/tiny/large", "not a model name: write it as owner/name"),
            ("pkg:pypi/torch@2.1", "a package of another kind (pypi), not a model of the Hub"),
            (
                "pkg:huggingface/acme/tiny?repository_url=https://hub.example",
                "from another hub, whose models we do not know",
            ),
            ("acme/tiny/large", "not a model name: write it as owner/name"),
            ("@acme/tiny", "not a model name: write it as owner/name"),
            ("/acme/tiny", "not a model name: write it as owner/name"),
            ("模型", "not a model name: write it as owner/name"),
            ("a" * 97, "not a model name: write it as owner/name"),
            ("-r models.txt", "another file, which is not read from here"),
            ("--requirement models.txt", "another file, which is not read from here"),
        ],
    )
    def test_what_is_no_model_is_kept_and_says_why(self, line: str, why: str) -> None:
        assert only(line) == Entry("", "line 1", line, why=why)

    def test_several_stand_on_one_line_or_each_on_its_own(self) -> None:
        found = read("# ours\r\nacme/a, acme/b;acme/c\r\n\r\n---\r\n| acme/d | we ask |\racme/e")

        assert [(entry.handle, entry.place) for entry in found.entries] == [
            *(("acme/a", "line 2"), ("acme/b", "line 2"), ("acme/c", "line 2")),
            *(("acme/d", "line 5"), ("we", "line 5"), ("ask", "line 5"), ("acme/e", "line 6")),
        ]

    def test_a_requirements_file_keeps_its_revisions_as_said(self) -> None:
        found = read(
            "--index-url https://example.org/simple\n-i x\n# models\n\n"
            "acme/a==0a1b \\\n    --hash=sha256:00ff\nacme/b@v2\n"
        )

        assert found.entries == (Entry("acme/a", "line 5", "acme/a==0a1b"), Entry("acme/b", "line 7", "acme/b@v2"))

    def test_an_option_of_another_program_hides_no_model(self) -> None:
        assert handles("--model acme/a --served acme/b") == ["model", "acme/a", "", "acme/b"]

    def test_a_name_counts_once_with_its_first_place(self) -> None:
        found = read("acme/a\nacme/b\nacme/a@v2\nhttps://hf.co/acme/a\n@x/y\n@x/y")

        assert [entry.place for entry in found.entries] == ["line 1", "line 2", "line 5", "line 6"]
        assert found.notes == ("acme/a is listed 3 times.",)

    def test_no_more_is_noted_than_a_person_reads(self) -> None:
        found = read("\n".join(f"acme/{number % 30}" for number in range(60)))

        assert (len(found.notes), found.notes[-1]) == (21, "10 more are listed more than once.")

    def test_what_was_said_is_bounded(self) -> None:
        assert only("@" + "x" * 1_900).said == "@" + "x" * 199


class TestJsonLists:
    def test_names_and_records_of_the_hub(self) -> None:
        found = listing(["acme/a", {"id": "acme/b", "likes": 3}, {"modelId": "acme/c"}, "https://hf.co/acme/d", ""])

        assert found.form == Form.JSON
        assert [(entry.handle, entry.place) for entry in found.entries] == [
            *(("acme/a", "[0]"), ("acme/b", "[1].id"), ("acme/c", "[2].modelId"), ("acme/d", "[3]"), ("", "[4]")),
        ]

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            (["a/b", 5], '[1]: is a number; write a name such as "owner/name".'),
            ([["a/b"]], '[0]: is a list; write a name such as "owner/name".'),
            ([None], '[0]: is nothing; write a name such as "owner/name".'),
            ([{"id": {}}], "[0].id: is an object; a name is text."),
            ([{"modelId": True}], "[0].modelId: is true or false; a name is text."),
        ],
    )
    def test_other_items_are_refused_with_their_place(self, said: object, message: str) -> None:
        assert str(refusal(said)) == message


class TestWhole:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_encodings_that_say_what_they_are(self, encoding: str) -> None:
        assert handles("acme/tiny # für uns".encode(encoding)) == ["acme/tiny"]
        assert handles(json.dumps(["acme/tiny"]).encode(encoding)) == ["acme/tiny"]

    def test_characters_that_no_text_has_are_dropped(self) -> None:
        assert handles("\ufeffac\0me/ti\ud800ny") == ["acme/tiny"]
        assert only('["@\\ud800\\u0000x"]').said == "@x"

    @pytest.mark.parametrize(
        ("said", "message"),
        [
            (b"", "this is empty: paste one name a line, such as owner/name."),
            (" \r\n\t\0", "this is empty: paste one name a line, such as owner/name."),
            ("# nothing\n---\n", "this names nothing: paste one name a line, such as owner/name."),
            (b"acme/tiny\n\xff", "this file is not UTF-8 text (byte 11): save it as UTF-8."),
            (b"\xff\xfea\0b", "this file is not UTF-16 text (byte 5): save it as UTF-8."),
            ("a\n" + "x" * 2_001, "line 2: longer than 2,000 characters: write one name a line."),
            ("a\n" + "\n" * 100_000, "more than 100,000 lines: take out empty ones, or split the list."),
            ("a\n" * 20_001, "line 20001: more than 20,000 entries: split the list."),
            (b"a" * (LARGEST + 1), "more than 5 MiB: split the list."),
            ("é" * (LARGEST // 2 + 1), "more than 5 MiB: split the list."),
            ('<?xml version="1.0"?><bom/>', "line 1: this is XML: export the bill of materials as JSON."),
            ("<rdf:RDF >", "line 1: this is XML: export the bill of materials as JSON."),
            (
                "# x\nSPDXVersion: SPDX-2.3",
                "line 2: this is a bill of materials, but not in JSON: export it as JSON.",
            ),
            ("{", "line 1, column 2: this begins as JSON and goes on as none: export or copy it again."),
            ("[1,\n2", "line 2, column 2: this begins as JSON and goes on as none: export or copy it again."),
            ("[" * 100_000, "nested more than 100 deep: no bill of materials is. Export it again."),
            ("[" * 101 + "]" * 101, "nested more than 100 deep: no bill of materials is. Export it again."),
            ("[" + "{}," * 250_000 + "{}]", "more than 250,000 objects and lists in it: split the list."),
            (
                '{"a": NaN, "a": ' + "1" * 10_000 + "}",
                'this JSON is no list of models: paste CycloneDX or SPDX JSON, or a list such as ["owner/name"].',
            ),
        ],
        ids=lambda said: repr(said)[:30],
    )
    def test_what_cannot_be_read_names_its_place_and_the_cure(self, said: bytes | str, message: str) -> None:
        assert str(refusal(said)) == message

    def test_a_file_that_is_called_json_is_read_as_json(self) -> None:
        with pytest.raises(Unreadable, match="line 1, column 1: is not valid JSON, although the file"):
            read("acme/tiny", "bom.JSON")
        with pytest.raises(Unreadable, match="no list of models"):
            read('"acme/tiny"', "names.json")

    @given(st.binary() | st.text() | st.from_regex(r"\A(?:pkg:|hf://|[a-z@:/%?#\[\]=. -]){1,30}\Z"))
    def test_anything_is_read_or_refused(self, said: bytes | str) -> None:
        self.check(said)

    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.floats()
            | st.text(max_size=5)
            | st.sampled_from(["pkg:huggingface/a/b", "a/b"]),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
            max_leaves=20,
        ),
        st.sampled_from([bom(), spdx_2(), graph()]),
    )
    def test_any_json_is_read_or_refused(self, inner: object, outer: dict[str, object]) -> None:
        self.check(json.dumps(inner))
        if isinstance(inner, dict):
            self.check(json.dumps(outer | inner))
        self.check(json.dumps({key: [inner] if isinstance(value, list) else value for key, value in outer.items()}))

    def check(self, said: bytes | str) -> None:
        try:
            found = read(said)
        except Unreadable:
            return
        for entry in found.entries:
            assert bool(entry.handle) != bool(entry.why)
            assert len(entry.said) <= 200
            assert "".join((entry.handle, entry.place, entry.said, entry.why, *entry.licenses)).isprintable()
        for note in found.notes:
            assert note.isprintable()
            assert note.encode()
            assert len(note) < 300

    @given(st.text() | st.sampled_from(["\ud800", "\u202e1.6", "1\x07", "9" * 1_000]))
    def test_a_version_that_is_no_version_is_noted_in_clean_words(self, version: str) -> None:
        self.check(json.dumps(bom(specVersion=version)))


class TestRequirements:
    LIST = (
        'vllm\ntorch==2.4\nnumpy>=1.26,<3 ; python_version > "3.9" and (sys_platform == "linux")\n'
        "scipy < 2\nvllm[a,b] ~= 0.6 --hash=sha256:00ff\nacme/a==0a1b; extra == 'gpu'\ntiny-2\n"
    )

    def test_bare_names_are_told_from_models(self) -> None:
        found = read(self.LIST).entries

        assert [entry.handle for entry in found if not entry.is_package] == ["acme/a"]
        assert [entry.handle for entry in found if entry.is_package] == ["vllm", "torch", "numpy", "scipy", "tiny-2"]

    @pytest.mark.parametrize(
        "line",
        ["-r other.txt", "torch==2.4", "torch>2", "x --hash=sha256:0", 'torch; python_version < "3.9"', "x[a]~=1.0"],
    )
    def test_one_line_is_enough_to_tell_such_a_file(self, line: str) -> None:
        assert next(entry for entry in read(f"{line}\ntiny").entries if entry.handle == "tiny").is_package

    @pytest.mark.parametrize("line", ["acme/a==0a1b", "acme/a@main", "acme/a; acme/b", "tiny, small", "a -> b"])
    def test_other_lists_have_no_packages(self, line: str) -> None:
        assert not any(entry.is_package for entry in read(f"{line}\ntiny").entries)

    def test_a_condition_hides_no_model_behind_it(self) -> None:
        assert handles('acme/a; python_version > "3.9" acme/b; acme/c, <https://hf.co/acme/d>; acme/e < 3d/f') == [
            *("acme/a", "acme/b", "acme/c", "acme/d", "acme/e", "3d/f")
        ]


class TestWords:
    @pytest.mark.parametrize("line", ["Llama 4", "- Phi-4 mini (new)", "Qwen 2.5", "gemma mistral"])
    def test_a_name_of_several_words_is_one_entry_that_nobody_can_look_up(self, line: str) -> None:
        assert (only(line).handle, only(line).why) == ("", "not a model name: write it as owner/name")

    def test_slugs_and_ids_beside_each_other_are_as_many(self) -> None:
        assert handles("tiny-2 small-3.1") == ["tiny-2", "small-3.1"]
        assert handles("acme/a and acme/b") == ["acme/a", "and", "acme/b"]
