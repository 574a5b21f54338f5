"""What comes down to a model, along which line, and how its declared terms stand to it."""

from __future__ import annotations

from typing import Any

import pytest

from licenses import bundles, lineage
from licenses.clauses import KIND, Answer, Nature
from licenses.clauses.amounts import Basis, TerritoryEffect, TerritoryValue
from licenses.clauses.reading import Reading, Terms
from licenses.lineage import Kin, Level
from licenses.models import Release
from licenses.verdict import Bundle
from tests.factories import make_license, make_model, make_release

OWN_TERMS = ("copyleft_sharealike", Answer.NO, {"own_terms_allowed": True})
SHARE_ALIKE = ("copyleft_sharealike", Answer.YES, {"own_terms_allowed": False})


def text(slug: str, *readings: Any, custom: bool = True, places: tuple[TerritoryValue, ...] = ()) -> Bundle:
    """Everything open, but for the readings that are given: a kind that binds, or kind, answer and payload."""
    found = {
        kind.slug: Reading(kind, Answer.YES if kind.nature is Nature.PERMISSION else Answer.NO)
        for kind in KIND.values()
    }
    for reading in readings:
        kind, answer, payload = reading if isinstance(reading, tuple) else (reading, None, {})
        binding = Answer.NO if KIND[kind].nature is Nature.PERMISSION else Answer.YES
        found[kind] = Reading(KIND[kind], answer or binding, payload=payload)
    if places:
        found["geo_exclusion"] = Reading(KIND["geo_exclusion"], Answer.YES, territories=places)
    return Bundle(slug, slug.title(), Terms("Acme", None, found), custom)


def outside(*regions: str, models: str = "all_models") -> TerritoryValue:
    return TerritoryValue(regions, (Basis.PLACE_OF_USE,), TerritoryEffect.NO_GRANT, models)


MIT = text("mit", custom=False)
APACHE = text("apache-2.0", OWN_TERMS, custom=False)
GPL = text("gpl-3.0", SHARE_ALIKE, custom=False)
AGPL = text("agpl-3.0", SHARE_ALIKE, custom=False)
CC_NC = text("cc-by-nc-4.0", "commercial_use", OWN_TERMS, custom=False)
CC_ND = text("cc-by-nd-4.0", "modification", custom=False)
DISPLAY = text("kimi-k2-modified-mit", "branding_required", custom=False)
LLAMA = text(
    "llama", "mau_cap", "acceptable_use_policy", "field_of_use",
    ("derivative_naming", Answer.YES, {"word": "Llama", "place": "prefix", "reaches": ["weights", "outputs"]}),
)  # fmt: skip
LLAMA_2 = text("llama-2", "mau_cap", "acceptable_use_policy", "field_of_use")
QWEN = text("qwen-license", "mau_cap", "branding_required", OWN_TERMS)
GEMMA = text("gemma", "acceptable_use_policy", "must_pass_on_terms", "distillation_derivative", OWN_TERMS)
HUNYUAN = text("hunyuan", OWN_TERMS, places=(outside("EU", "GB"),))
STRICT_TEACHER = text("tongyi", "output_training")
UNREAD = Bundle("unread", "Unread", Terms("", None, {}))

#: declared, base, relation, name of the child → codes, worst first
ROWS = [
    ("a permissive base under a permissive text", (MIT,), APACHE, "finetune", ["ok"]),
    ("the text of the base", (LLAMA_2,), LLAMA_2, "finetune", ["ok"]),
    ("the text of the base among others", (MIT, LLAMA_2), LLAMA_2, "finetune", ["ok"]),
    ("a user cap dropped", (APACHE,), LLAMA_2, "continued_pretraining", ["terms_missing"]),
    ("own terms for one's changes", (MIT,), QWEN, "finetune", ["terms_missing"]),
    ("a name that does not begin so", (MIT, LLAMA), LLAMA, "finetune", ["name_missing", "ok"]),
    ("use limits that travel, in a copy", (APACHE,), GEMMA, "quantized", ["restriction_dropped", "terms_missing"]),
    ("use limits that travel", (APACHE,), GEMMA, "finetune", ["restriction_dropped", "terms_missing"]),
    ("a limit to other than business", (APACHE,), CC_NC, "merge", ["restriction_dropped"]),
    ("nothing may be made from it", (CC_ND,), CC_ND, "finetune", ["derivative_not_allowed"]),
    ("a copy of what may be copied", (CC_ND,), CC_ND, "reupload", ["ok"]),
    ("a display dropped", (MIT,), DISPLAY, "finetune", ["duty_dropped"]),
    ("places opened", (MIT,), HUNYUAN, "finetune", ["territory_dropped", "terms_missing"]),
    ("share-alike under another text", (MIT,), GPL, "finetune", ["sharealike_broken"]),
    ("two share-alike texts", (AGPL,), GPL, "finetune", ["cannot_tell"]),
    ("stricter than asked", (CC_NC,), APACHE, "finetune", ["stricter"]),
    ("no license stated", (), APACHE, "finetune", ["undeclared"]),
    ("own text not read", (UNREAD,), APACHE, "finetune", ["cannot_tell"]),
    ("own text not held", (None,), APACHE, "finetune", ["cannot_tell"]),
    ("text of the base not read", (MIT,), UNREAD, "finetune", ["cannot_tell"]),
    ("text of the base not held", (MIT,), None, "finetune", ["cannot_tell"]),
    ("lessons from a teacher that forbids them", (MIT,), STRICT_TEACHER, "distillation", ["output_terms"]),
    ("lessons from a teacher that says nothing", (MIT,), LLAMA_2, "distillation", []),
    ("lessons that make a derivative", (APACHE,), GEMMA, "distillation", ["restriction_dropped", "terms_missing"]),
]


@pytest.mark.parametrize(("what", "declared", "base", "relation", "codes"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_said_of_a_base(what: str, declared: Any, base: Bundle | None, relation: str, codes: list[str]) -> None:
    child = Kin("acme/tiny", "acme", declared, (("other/base", relation),), ("acme/tiny",))

    found = lineage.findings(child, {"other/base": Kin("other/base", "other", (base,))})

    assert [one.code for one in found] == codes, [one.sentence for one in found]
    assert not any(word in one.sentence for one in found for word in ("violat", "illegal", "breach"))


def test_a_cap_dropped_is_a_conflict_and_a_duty_where_own_terms_are_allowed() -> None:
    def level(base: Bundle, relation: str = "finetune") -> Level:
        child = Kin("a/child", "a", (MIT,), (("b/base", relation),))
        return lineage.findings(child, {"b/base": Kin("b/base", "b", (base,))})[0].level

    assert level(LLAMA_2) is Level.CONFLICT
    assert level(QWEN) is Level.DUTY
    assert level(QWEN, "quantized") is Level.CONFLICT


def test_models_that_take_in_text_only_are_not_measured_by_a_rule_for_others() -> None:
    multimodal = text("llama-4", OWN_TERMS, places=(outside("EU", models="multimodal_only"),))
    child = Kin("a/child", "a", (MIT,), (("b/base", "finetune"),))

    found = lineage.findings(child, {"b/base": Kin("b/base", "b", (multimodal,))})

    assert [one.code for one in found] == ["terms_missing"]


NAMES = [
    ("meta/Llama-3-8B", "Llama", "prefix", True),
    ("meta/llama3", "Llama", "prefix", True),
    ("meta/Llama", "Llama", "prefix", True),
    ("me/llamaindex", "Llama", "prefix", False),
    ("me/DeepSeek-R1-Distill-Llama-8B", "Llama", "prefix", False),
    ("me/DeepSeek-R1-Distill-Llama-8B", "Llama", "contains", True),
    ("me/Llama_3.1-Tulu", "Llama 3", "prefix", True),
    ("me/EXAONE-tiny", "EXAONE", "prefix", True),
]


@pytest.mark.parametrize(("name", "word", "place", "carried"), NAMES)
def test_the_name_check(name: str, word: str, place: str, carried: bool) -> None:
    assert lineage.carries(name, word, place) is carried


def test_a_merge_has_several_parents() -> None:
    child = Kin("a/merge", "a", (APACHE,), (("b/open", "merge"), ("c/closed", "merge")))
    known = {"b/open": Kin("b/open", "b", (APACHE,)), "c/closed": Kin("c/closed", "c", (CC_NC,))}

    found = lineage.findings(child, known)

    assert [(one.code, one.ancestor) for one in found] == [("restriction_dropped", "c/closed"), ("ok", "b/open")]
    assert [one.name for one in lineage.inherited(child, known)] == ["c/closed"]


def test_a_longer_line_keeps_its_path() -> None:
    start = Kin("a/gguf", "a", (MIT,), (("b/tuned", "quantized"),))
    known = {
        "b/tuned": Kin("b/tuned", "b", (MIT,), (("c/base", "finetune"),)),
        "c/base": Kin("c/base", "c", (LLAMA_2,)),
    }

    found = lineage.findings(start, known)

    assert found[0].path == ("b/tuned", "c/base")
    assert [(one.name, one.how) for one in lineage.inherited(start, known)] == [("c/base", "fine-tuned from c/base")]


def test_a_circle_ends() -> None:
    known = {
        "a/x": Kin("a/x", "a", (MIT,), (("b/y", "merge"),)),
        "b/y": Kin("b/y", "b", (APACHE,), (("a/x", "merge"),)),
    }

    assert [step.name for step in lineage.ancestors(known["a/x"], known)] == ["b/y"]
    assert [one.code for one in lineage.findings(known["a/x"], known)] == ["ok"]


def test_a_line_without_end_is_cut() -> None:
    known = {f"a/{i}": Kin(f"a/{i}", str(i), (MIT,), ((f"a/{i + 1}", "finetune"),)) for i in range(100)}

    assert len(list(lineage.ancestors(known["a/0"], known))) == lineage.FARTHEST


def test_the_owner_of_the_base_may_set_new_terms() -> None:
    child = Kin("acme/new", "acme", (MIT,), (("acme/old", "finetune"), ("acme/unseen", "finetune")))
    known = {"acme/old": Kin("acme/old", "acme", (LLAMA_2,))}

    assert lineage.inherited(child, known) == ()
    assert {one.code for one in lineage.findings(child, known)} == {"owner_may_relicense"}


def test_a_base_that_nobody_saw_is_its_owners_where_the_namespace_is_the_same() -> None:
    """The publisher may have another name here than on the Hub."""
    child = Kin(
        "Acme-AI/new", "acme", (MIT,), (("acme-ai/unseen", "finetune"), ("other/unseen", "finetune")), ("Acme-AI/new",)
    )

    assert [one.name for one in lineage.inherited(child, {})] == ["other/unseen"]


def test_what_the_owner_built_on_others_still_comes_along() -> None:
    child = Kin("acme/new", "acme", (MIT,), (("acme/old", "finetune"),))
    known = {
        "acme/old": Kin("acme/old", "acme", (MIT,), (("meta/base", "finetune"),)),
        "meta/base": Kin("meta/base", "meta", (LLAMA_2,)),
    }

    assert [one.bundle for one in lineage.inherited(child, known)] == [LLAMA_2]


def test_an_unknown_parent_is_not_no_parent() -> None:
    child = Kin("a/child", "a", (MIT,), (("b/lost", "finetune"),))

    assert [(one.name, one.bundle) for one in lineage.inherited(child, {})] == [("b/lost", None)]
    assert [one.code for one in lineage.findings(child, {})] == ["unknown_parent"]


def test_a_teacher_hands_down_nothing_but_where_its_text_says_so() -> None:
    child = Kin("a/student", "a", (MIT,), (("b/teacher", "distillation"),))

    def handed_down(base: Bundle) -> list[Bundle | None]:
        return [one.bundle for one in lineage.inherited(child, {"b/teacher": Kin("b/teacher", "b", (base,))})]

    assert handed_down(LLAMA_2) == []
    assert handed_down(GEMMA) == [GEMMA]


def test_a_teacher_whose_text_nobody_read_leaves_it_open() -> None:
    child = Kin("a/student", "a", (MIT,), (("b/teacher", "distillation"),))
    unread = Bundle("new", "New", Terms("New", None, {}), custom=True)

    assert [one.bundle for one in lineage.inherited(child, {})] == [None]
    assert [one.bundle for one in lineage.inherited(child, {"b/teacher": Kin("b/teacher", "b", (unread,))})] == [None]


def test_a_choice_of_licenses_does_not_hide_what_comes_down() -> None:
    either = Kin("a/child", "a", (MIT, LLAMA_2), (("meta/base", "finetune"),), any_of=True)

    assert [one.bundle for one in lineage.inherited(either, {"meta/base": Kin("meta/base", "meta", (LLAMA_2,))})] == [
        LLAMA_2
    ]


def test_a_copy_takes_in_what_its_base_takes_in() -> None:
    known = {"meta/base": Kin("meta/base", "meta", (LLAMA_2,), multimodal=True)}
    tagged = Kin("a/copy", "a", (LLAMA_2,), (("meta/base", "quantized"),), multimodal=False)
    untagged = Kin("a/copy", "a", (MIT,), (("meta/base", "adapter"),))

    assert lineage.is_multimodal(tagged, known) is True
    assert [one.multimodal for one in lineage.inherited(untagged, known)] == [True]


def test_who_taught_a_model_and_lies_in_its_line_too_hands_its_terms_down() -> None:
    child = Kin("a/student", "a", (MIT,), (("b/teacher", "distillation"), ("c/tuned", "finetune")))
    known = {
        "b/teacher": Kin("b/teacher", "b", (LLAMA_2,)),
        "c/tuned": Kin("c/tuned", "c", (MIT,), (("b/teacher", "finetune"),)),
    }

    assert [one.bundle for one in lineage.inherited(child, known)] == [LLAMA_2]


#: release, codes in any order, level of the worst (domain reference 6.4)
WORKED = [
    ("deepseek-r1", {"owner_may_relicense"}, Level.OK),
    ("deepseek-r1-distill-qwen-32b", {"ok"}, Level.OK),
    ("deepseek-r1-distill-llama-70b", {"ok", "name_missing"}, Level.DUTY),
    ("kimi-dev-72b", {"terms_missing"}, Level.DUTY),
    ("jais-adapted-70b", {"terms_missing"}, Level.CONFLICT),
    ("dolly-v2-12b", {"ok"}, Level.OK),
    ("vicuna-13b-v1.5", {"ok"}, Level.OK),
]


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(("slug", "codes", "worst"), WORKED, ids=[row[0] for row in WORKED])
def test_a_worked_row(slug: str, codes: set[str], worst: Level) -> None:
    _, found = bundles.traced(Release.objects.with_weights().get(slug=slug), bundles.shelf())

    assert ({one.code for one in found}, found[0].level) == (codes, worst), [one.sentence for one in found]


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_a_quantization_of_gemma_under_apache_leaves_its_limits_out() -> None:
    held = bundles.shelf()
    child = Kin("me/gguf", "me", held.named("Apache-2.0"), (("google/gemma-3-27b-it", "quantized"),))
    known = {"google/gemma-3-27b-it": Kin("google/gemma-3", "google", held.named("LicenseRef-gemma-terms"))}

    found = lineage.findings(child, known)

    assert "restriction_dropped" in {one.code for one in found}
    assert found[0].level is Level.CONFLICT


@pytest.mark.django_db
def test_a_line_of_models_takes_one_query_however_long(django_assert_num_queries: Any) -> None:
    base = make_license("Base terms", kind="custom", mau_cap="yes")
    make_release("Base", base, publisher="Other", repos=["other/base"])
    make_model("a/0", license=make_license("Tiny", kind="custom"), base_models=["a/1"], base_relation="quantized")
    for number in range(1, 6):
        make_model(f"a/{number}", base_models=[f"a/{number + 1}" if number < 5 else "other/base"])
    held = bundles.shelf()
    model = make_model("b/child", base_models=["a/0", "nobody/lost"], base_relation="merge")

    with django_assert_num_queries(1):
        standing, found = bundles.traced(model, held)

    assert {one.name for one in standing.inherited} == {"nobody/lost", "other/base", *(f"a/{i}" for i in range(6))}
    assert [one.code for one in found] == ["undeclared"]
