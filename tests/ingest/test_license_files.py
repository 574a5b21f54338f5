"""Which files are license texts, and which words of a model card are."""

import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import MOST_FILES, Listed, blob_of, chosen, is_license, is_pointer, license_section, listed

HASH = "a" * 40
IS_LICENSE = {
    "LICENSE": True, "license": True, "LICENSE.md": True, "License.txt": True, "LICENSE-MODEL": True, "LICENCE": True,
    "COPYING": True, "COPYING.LESSER": True, "USE_POLICY.md": True, "NOTICE": True, "Notice.txt": True,
    "gemma-license.txt": True, "MODEL_LICENSE.md": True, "ltxv-13b.license.txt": True, "LICENSE.pdf": True,
    "LICENSE.html": True, "original/LICENSE": True, "original/USE_POLICY.md": True,
    "README.md": False, "a/b/LICENSE": False, "license.py": False, "license_utils.py": False, "LICENSE.json": False,
    "notice.png": False, "docs/our-license.md": False, "config.json": False, "model.safetensors": False,
    "a-license.pdf": False,
}  # fmt: skip


@pytest.mark.parametrize(("path", "expected"), IS_LICENSE.items(), ids=IS_LICENSE)
def test_license_files_are_known_by_their_names(path, expected):
    assert is_license(path) is expected


def of(*siblings):
    return list(listed({"siblings": list(siblings)}))


def named(*paths):
    return [Listed(path, HASH, 1, False) for path in paths]


def test_a_file_is_listed_with_hash_and_size():
    assert of(
        {"rfilename": "LICENSE", "blobId": HASH, "size": 7},
        {"rfilename": "w.bin", "blobId": HASH, "size": 8, "lfs": {"size": 8}},
    ) == [Listed("LICENSE", HASH, 7, False), Listed("w.bin", HASH, 8, True)]


@pytest.mark.parametrize("path", [
    None, 7, "", "/LICENSE", "a//LICENSE", "../LICENSE", "a/../LICENSE", "./LICENSE", "a\\LICENSE", "LICENSE\0",
    "LICENSE\n", "LICENSE\ud800", "L" * 301,
])  # fmt: skip
def test_what_is_no_plain_path_is_left_out(path):
    assert of({"rfilename": path, "blobId": HASH, "size": 1}) == []


@pytest.mark.parametrize("odd", [None, 7, "A" * 40, "a" * 39, "a" * 41, ["a"]])
def test_what_is_no_hash_is_none(odd):
    assert of({"rfilename": "LICENSE", "blobId": odd, "size": 1})[0].blob == ""


@pytest.mark.parametrize("odd", [None, -1, True, 1.5, "7"])
def test_what_is_no_size_is_none(odd):
    assert of({"rfilename": "LICENSE", "blobId": HASH, "size": odd})[0].size == 0


@pytest.mark.parametrize("record", [None, [], "x", {}, {"siblings": None}, {"siblings": {}}, {"siblings": [None, 7]}])
def test_a_record_without_files_lists_none(record):
    assert list(listed(record)) == []


def test_a_path_is_listed_once():
    assert len(of(*[{"rfilename": "LICENSE", "blobId": HASH}] * 3)) == 1


def test_watched_files_and_the_card_come_before_the_limit():
    many = named(*(f"sub{number:03}/LICENSE" for number in range(500)), "LICENSE", "README.md", "odd name.pdf")

    paths = [file.path for file in chosen(many, {"odd name.pdf"})]

    assert paths[:4] == ["README.md", "odd name.pdf", "LICENSE", "sub000/LICENSE"]
    assert len(paths) == MOST_FILES


def test_a_blob_has_the_name_git_gives_it(tmp_path):
    (tmp_path / "LICENSE").write_bytes("Ünder.\r\n".encode())

    told = subprocess.run(
        ["git", "hash-object", "--no-filters", "LICENSE"], cwd=tmp_path, capture_output=True, text=True
    )

    assert told.stdout.strip() == blob_of("Ünder.\r\n".encode())


def test_a_pointer_is_no_text():
    assert is_pointer(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    assert not is_pointer(b"version 2")


CARDS = {
    "none": ("# Model\n\nWords.\n", ""),
    "header only": ("---\nlicense: mit\n---\n# Model\n", ""),
    "to the next of its rank": ("# M\n\n## License\n\nMIT.\n\n### More\n\nYes.\n\n## Usage\n\nRun.\n",
                                "## License\n\nMIT.\n\n### More\n\nYes."),
    "to the end": ("# M\n## Licence\nMIT.\n", "## Licence\nMIT."),
    "two": ("# M\n## License\nA.\n## X\nB.\n## Terms of use\nC.\n", "## License\nA.\n\n## Terms of use\nC."),
    "neighbors": ("# M\n## License\nA.\n## Use policy\nB.\n# X\n", "## License\nA.\n\n## Use policy\nB."),
    "underlined": ("M\n=\n\nLicense\n-------\nA.\n\nNext\n----\nB.\n", "License\n-------\nA."),
    "in a code block": ("# M\n```\n# License\nno\n```\n## X\n", ""),
    "code in a sentence": ("# M\n```pip install x```\n## License\nA.\n", "## License\nA."),
    "a block in a language": ("# M\n```sh\n# License\n```\n~~~ a`b\n# License\n~~~\n", ""),
    "code in a sentence ends no block": ("# M\n```\n```x```\n# License\n```\n## License\nA.\n", "## License\nA."),
    "a block within a block": ("# M\n````\n```\n# License\n````\n## License\nA.\n", "## License\nA."),
    "header left out": ("---\nx: 1\n# License\n---\n# License\nA.\n# B\n", "# License\nA."),
    "an open header is words": ("---\n# M\n## License\nA.\n", "## License\nA."),
    "title speaks of it": ("# OpenRAIL License Model\nA.\n## Use\nB.\n", "# OpenRAIL License Model\nA."),
    "in terms of": ("# M\n## In terms of speed\nfast\n", ""),
    "Windows": ("\ufeff---\r\nx: 1\r\n---\r\n# M\r\n## License\r\nA.\r\n", "## License\nA."),
    "Chinese": ("# M\n## 使用许可\nA.\n## 引用\n", "## 使用许可\nA."),
    "empty": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("card", "section"), CARDS.values(), ids=CARDS)
def test_the_license_section_of_a_card(card, section):
    assert license_section(card) == section


@given(st.text(alphabet="#`-=~\n \tLicense terms", max_size=300))
def test_any_card_has_a_section_made_of_its_own_lines(card):
    lines = {line.strip() for line in card.replace("\r", "\n").split("\n")}

    assert {line.strip() for line in license_section(card).split("\n")} <= lines | {""}


@pytest.mark.parametrize("card", [
    "# License\n" * 100_000, "#" * 2**20, "# " + " " * 2**20, "`" * 2**20, "```\n" * 250_000, "-" * 2**20,
    "License\n---\n\n" * 80_000, "# " + "license " * 2**17, "\n" * 2**20, "---\n" * 2**18,
    "`" * 2**19 + "x`" * 2**18, "```" + "x" * 2**20 + "`",
], ids=range(12))  # fmt: skip
def test_no_card_takes_long(card):
    started = time.perf_counter()

    license_section(card)

    assert time.perf_counter() - started < 10
