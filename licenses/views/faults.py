"""What is wrong with a form, in the words that the form has for its fields."""

from __future__ import annotations

from collections.abc import Mapping

from licenses.offers import Faults

#: A fault that begins so has the field as its subject.
VERBS = ("is ", "are ", "was ", "were ", "has ", "names ", "gives ", "contains ")


def worded(faults: Faults, labels: Mapping[str, str]) -> Faults:
    """Whole sentences, by field."""
    return {name: [sentence(name, said, labels) for said in found] for name, found in faults.items()}


def sentence(name: str, said: str, labels: Mapping[str, str]) -> str:
    said, label = said.removeprefix(f"“{name}” "), labels.get(name, name)
    for key, its_label in labels.items():
        said = said.replace(f"“{key}”", f"“{its_label}”")
    return f"{label} {said}" if said.startswith(VERBS) else f"{label}: {said}"
