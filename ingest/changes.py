"""What differs between a model as we knew it and as the Hub shows it now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 400


@dataclass(frozen=True)
class State:
    """What subscribers are told about, of one model at one moment. `license` is what our rules made of it."""

    repo_id: str
    declared: tuple[str, ...] = ()
    declared_name: str = ""
    gate: str = ""
    gone: bool = False
    declared_link: str = ""
    license_id: int | None = None
    license: str = ""
    base_models: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The license as the Hub's page names it: `other` hides a name."""
        if self.declared == ("other",) and self.declared_name:
            return self.declared_name
        return ", ".join(self.declared)


@dataclass(frozen=True)
class Difference:
    """`cause`: metadata when they changed it, rules when we read the same words otherwise."""

    event: str
    before: str
    after: str
    weight: str = "substantive"
    cause: str = "metadata"


def differences(old: State, new: State) -> Iterator[Difference]:
    if old.gone and not new.gone:
        yield Difference("returned", "", new.repo_id)
    if old.repo_id != new.repo_id:
        yield Difference("renamed", old.repo_id, new.repo_id, weigh(old.repo_id, new.repo_id))
    if declared := next(declarations(old, new), None):
        before, after = declared
        yield Difference("license_changed", before[:LONGEST], after[:LONGEST], weigh(before, after))
    elif old.license_id != new.license_id:
        # Some rules ask for the owner: under another name the same words can mean another license.
        cause = "rules" if old.repo_id == new.repo_id else "metadata"
        yield Difference("license_changed", old.license, new.license, cause=cause)
    if old.gate != new.gate:
        yield Difference("gate_changed", old.gate, new.gate)
    if old.base_models != new.base_models:
        before, after = ", ".join(old.base_models), ", ".join(new.base_models)
        yield Difference("base_changed", before[:LONGEST], after[:LONGEST], weigh_bases(old, new))


def declarations(old: State, new: State) -> Iterator[tuple[str, str]]:
    """What moved in the declaration, the plainest first: what the Hub's page shows, a hidden name, the link."""
    pairs = (
        (old.shown, new.shown), (old.declared_name, new.declared_name), (old.declared_link, new.declared_link),
    )  # fmt: skip
    return ((before, after) for before, after in pairs if before != after)


def weigh(before: str, after: str) -> str:
    """Another spelling of the same is no news."""
    return "cosmetic" if plain(before) == plain(after) else "substantive"


def weigh_bases(old: State, new: State) -> str:
    """`gpt2` and `openai-community/gpt2` are one model under its short and its full name."""
    was, now = ({plain(base.rpartition("/")[2]) for base in state.base_models} for state in (old, new))
    return "cosmetic" if was == now else "substantive"


def plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
