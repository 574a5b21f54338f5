"""What differs between a model as we knew it and as the Hub shows it now. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 400


@dataclass(frozen=True)
class State:
    """What subscribers are told about, of one model at one moment."""

    repo_id: str
    declared: tuple[str, ...] = ()
    declared_name: str = ""
    gate: str = ""
    gone: bool = False

    @property
    def license(self) -> str:
        """The license as the Hub's page names it: `other` hides a name."""
        if self.declared == ("other",) and self.declared_name:
            return self.declared_name
        return ", ".join(self.declared)


@dataclass(frozen=True)
class Difference:
    event: str
    before: str
    after: str
    weight: str = "substantive"


def differences(old: State, new: State) -> Iterator[Difference]:
    if old.gone and not new.gone:
        yield Difference("returned", "", new.repo_id)
    if old.repo_id != new.repo_id:
        yield Difference("renamed", old.repo_id, new.repo_id, weigh(old.repo_id, new.repo_id))
    if old.license != new.license:
        weight = weigh(old.license, new.license)
        yield Difference("license_changed", old.license[:LONGEST], new.license[:LONGEST], weight)
    if old.gate != new.gate:
        yield Difference("gate_changed", old.gate, new.gate)


def weigh(before: str, after: str) -> str:
    """Another spelling of the same is no news."""
    return "cosmetic" if plain(before) == plain(after) else "substantive"


def plain(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
