"""What is told of a model that changed, as a table of cases."""

import pytest

from ingest.changes import Difference, State, differences

NAME = "acme/tiny"
NOTHING = State(NAME)
MIT = State(NAME, ("mit",))
KIMI = State(NAME, ("other",), "modified-mit")


@pytest.mark.parametrize(("old", "new", "told"), [
    (NOTHING, NOTHING, []),
    (NOTHING, MIT, [Difference("license_changed", "", "mit")]),
    (MIT, NOTHING, [Difference("license_changed", "mit", "")]),
    (MIT, KIMI, [Difference("license_changed", "mit", "modified-mit")]),
    (KIMI, State(NAME, ("other",)), [Difference("license_changed", "modified-mit", "other")]),
    (KIMI, State(NAME, ("other",), "Modified MIT"),
     [Difference("license_changed", "modified-mit", "Modified MIT", "cosmetic")]),
    (MIT, State(NAME, ("mit",), "hidden name"), [Difference("license_changed", "", "hidden name")]),
    (MIT, State(NAME, ("mit",), declared_link="LICENSE"), [Difference("license_changed", "", "LICENSE")]),
    (MIT, State(NAME, ("mit",), declared_link="x" * 500), [Difference("license_changed", "", "x" * 400)]),
    (KIMI, State(NAME, ("other",), "other-name", declared_link="LICENSE"),
     [Difference("license_changed", "modified-mit", "other-name")]),
    (MIT, State(NAME, ("mit",), license_id=1, license="MIT"),
     [Difference("license_changed", "", "MIT", cause="rules")]),
    (State(NAME, license_id=1, license="MIT"), State(NAME, license_id=2, license="Modified MIT"),
     [Difference("license_changed", "MIT", "Modified MIT", cause="rules")]),
    (NOTHING, State(NAME, ("mit",), license_id=1, license="MIT"), [Difference("license_changed", "", "mit")]),
    (State(NAME, license_id=1, license="MIT"), State("acme/small"),
     [Difference("renamed", NAME, "acme/small"), Difference("license_changed", "MIT", "")]),
    (MIT, State(NAME, ("mit", "apache-2.0")), [Difference("license_changed", "mit", "mit, apache-2.0")]),
    (MIT, State(NAME, ("mit",), gate="manual"), [Difference("gate_changed", "", "manual")]),
    (State(NAME, gate="auto"), State(NAME, gate="manual"), [Difference("gate_changed", "auto", "manual")]),
    (NOTHING, State(NAME, base_models=("gpt2",)), [Difference("base_changed", "", "gpt2")]),
    (State(NAME, base_models=("gpt2",)), State(NAME, base_models=("openai-community/gpt2",)),
     [Difference("base_changed", "gpt2", "openai-community/gpt2", "cosmetic")]),
    (State(NAME, base_models=("gpt2",)), State(NAME, base_models=("qwen/qwen3", "gpt2")),
     [Difference("base_changed", "gpt2", "qwen/qwen3, gpt2")]),
    (NOTHING, State("acme/small"), [Difference("renamed", NAME, "acme/small")]),
    (NOTHING, State("Acme/Tiny"), [Difference("renamed", NAME, "Acme/Tiny", "cosmetic")]),
    (State(NAME, gone=True), NOTHING, [Difference("returned", "", NAME)]),
    (State(NAME, gone=True), MIT, [Difference("returned", "", NAME), Difference("license_changed", "", "mit")]),
    (MIT, State(NAME, ("x" * 100,) * 20), [Difference("license_changed", "mit", ", ".join(["x" * 100] * 20)[:400])]),
])  # fmt: skip
def test_a_difference_is_told_once_and_weighed(old, new, told):
    assert list(differences(old, new)) == told
