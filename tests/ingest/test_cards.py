"""Any JSON to a Card or to a reason, never to an exception of another kind."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import cards
from ingest.cards import Unreadable
from ingest.wire import parse

HUB_ID = "621ffdc036468d709f17434d"


def card(**record):
    return cards.read({"_id": HUB_ID, "id": "acme/tiny"} | record)


@pytest.mark.parametrize(("license", "tags", "declared"), [
    ("mit", [], ("mit",)),
    (["mit", "apache-2.0", "mit"], [], ("mit", "apache-2.0")),
    ("mit", ["license:apache-2.0"], ("mit",)),
    (None, ["license:apache-2.0"], ("apache-2.0",)),
    ("", ["license:apache-2.0"], ("apache-2.0",)),
    (7, ["license:a", "license:b"], ("a", "b")),
    (False, [], ()),
    ({"name": "mit"}, [], ()),
    ([None, 3, ["x"]], [], ()),
    ("m\0i\ud800t ", [], ("mit",)),
    ("x" * 5_000_000, [], ("x" * 100,)),
    ([f"l{n}" for n in range(2_000)], [], tuple(f"l{n}" for n in range(20))),
])  # fmt: skip
def test_the_declared_license(license, tags, declared):
    assert card(cardData={"license": license}, tags=tags).declared == declared


@pytest.mark.parametrize(("gated", "gate"), [
    (False, ""), (None, ""), ("auto", "auto"), ("manual", "manual"), (True, "manual"), ("later", "manual"), (0, ""),
    ({}, ""),
])  # fmt: skip
def test_a_gate_we_cannot_name_is_still_a_gate(gated, gate):
    assert card(gated=gated).gate == gate


@pytest.mark.parametrize(("value", "number"), [
    (12, 12), (0, 0), (2**63 - 1, 2**63 - 1), (2**63, None), (-1, None), (True, None), (1.5, None), ("12", None),
    (None, None), ([], None),
])  # fmt: skip
def test_numbers_are_whole_and_fit(value, number):
    found = card(downloads=value, likes=value, safetensors={"total": value})

    assert found.parameters == number
    assert found.downloads == (number or 0)
    assert found.likes == min(number or 0, 2**31 - 1)


@pytest.mark.parametrize(("value", "moment"), [
    ("2026-04-22T06:04:45.000Z", datetime(2026, 4, 22, 6, 4, 45, tzinfo=UTC)),
    ("2026-04-22T06:04:45+00:00", datetime(2026, 4, 22, 6, 4, 45, tzinfo=UTC)),
    ("2026-04-22T08:04:45+02:00", datetime(2026, 4, 22, 6, 4, 45, tzinfo=UTC)),
    ("2026-04-22", None), ("soon", None), (1776837885, None), (None, None), ("9" * 5_000, None),
    ("0001-01-01T00:00:00+14:00", None),
])  # fmt: skip
def test_moments_have_a_zone(value, moment):
    assert card(createdAt=value).created_at == moment


@pytest.mark.parametrize(("card_data", "tags", "bases", "relation"), [
    ({"base_model": "a/b", "base_model_relation": "merge"}, [], ("a/b",), "merge"),
    ({"base_model": ["a/b", "c/d", "a/b"]}, ["base_model:quantized:a/b"], ("a/b", "c/d"), "quantized"),
    ({"base_model": None, "base_model_relation": "stolen"}, [], (), ""),
    ({"base_model": {"a": "b"}, "base_model_relation": ["merge"]}, ["base_model:a/b"], (), ""),
    ({"base_model": ["x" * 300] + [str(n) for n in range(30)]}, [], ("x" * 200, *(str(n) for n in range(19))), ""),
])  # fmt: skip
def test_what_it_was_made_from(card_data, tags, bases, relation):
    found = card(cardData=card_data, tags=tags)

    assert (found.base_models, found.base_relation) == (bases, relation)


@pytest.mark.parametrize(("link", "kept"), [
    ("LICENSE", "LICENSE"), ("javascript:alert(1)", "javascript:alert(1)"), (["LICENSE.md"], "LICENSE.md"), (3, ""),
    ("https://" + "x" * 900, "https://" + "x" * 492),
])  # fmt: skip
def test_the_link_is_kept_as_it_was_written(link, kept):
    assert card(cardData={"license_link": link}).declared_link == kept


@pytest.mark.parametrize(("repo_id", "author"), [("acme/tiny", "acme"), ("gpt2", "someone")])
def test_the_author_is_the_namespace(repo_id, author):
    assert card(id=repo_id, author="someone").author == author


@pytest.mark.parametrize(("record", "reason"), [
    (None, "no object"), ([], "no object"), ("model", "no object"), ({}, "`_id`"), ({"id": "acme/tiny"}, "`_id`"),
    ({"_id": HUB_ID}, "`id`"), ({"_id": HUB_ID, "id": None}, "`id`"), ({"_id": HUB_ID, "id": "a/b/c"}, "`id`"),
    ({"_id": HUB_ID, "id": "a/../b"}, "`id`"), ({"_id": HUB_ID, "id": "a/.."}, "path"),
    ({"_id": HUB_ID, "id": "a/<b>"}, "`id`"), ({"_id": HUB_ID, "id": "a\0/b"}, "`id`"),
    ({"_id": HUB_ID, "id": "a/" + "b" * 5_000_000}, "`id`"), ({"_id": "zz" * 12, "id": "a/b"}, "`_id`"),
    ({"_id": 7, "id": "a/b"}, "`_id`"), ({"_id": "a" * 5_000_000, "id": "a/b"}, "`_id`"),
])  # fmt: skip
def test_what_is_no_record_is_refused_with_a_reason(record, reason):
    with pytest.raises(Unreadable) as refusal:
        cards.read(record)

    assert reason in refusal.value.reason


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3), max_leaves=8,
)  # fmt: skip
FIELDS = ["author", "cardData", "createdAt", "downloads", "gated", "lastModified", "library_name", "likes",
          "pipeline_tag", "private", "safetensors", "tags", "disabled"]  # fmt: skip
CARD_FIELDS = ["license", "license_name", "license_link", "base_model", "base_model_relation", "tags"]


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, values)),
       st.none() | st.fixed_dictionaries({}, optional=dict.fromkeys(CARD_FIELDS, values)))  # fmt: skip
def test_anything_in_the_fields_is_read_and_can_be_stored(record, card_data):
    found = card(**record | ({"cardData": card_data} if card_data else {}))

    texts = [found.author, found.task, found.library, found.declared_name, found.declared_link, *found.declared]
    assert all("\0" not in each for each in texts)
    assert all(each.encode() or True for each in texts)


@pytest.mark.parametrize(("body", "content"), [
    (b'[{"a": 1}, 2]', [{"a": 1}, 2]),
    (b'[{"n": ' + b"9" * 10_000 + b"}]", [{"n": None}]),
    (b'[{"a": "]\\"["}, {"deep": ' + b"[" * 5_000 + b"]" * 5_000 + b'}, {"b": [1, {"c": 2}]}]',
     [{"a": ']"['}, '{"deep": ' + "[" * 3_991, {"b": [1, {"c": 2}]}]),
])  # fmt: skip
def test_one_monstrous_record_does_not_cost_its_page(body, content):
    found = parse(body)

    assert [each.strip() if isinstance(each, str) else each for each in found] == content


@pytest.mark.parametrize("body", [b"", b"<html>", b"[{", b'[{"a": ' + b"[" * 5_000, b"\xff\xfe["])
def test_half_an_answer_is_none(body):
    with pytest.raises(ValueError):  # noqa: PT011 - any kind of it means the same
        parse(body)
