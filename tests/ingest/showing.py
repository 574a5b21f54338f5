"""What a watched place shows over time: the real wordings in order, and between them what such places really show.

A third of what others tell as changes is noise of these kinds: error pages, empty files, cut files, and returns to a
text that was there before.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Showing:
    """The file at one look; None when it is not there. `is_real`: a wording that was not there before."""

    raw: bytes | None
    what: str
    is_real: bool = False


ERROR_PAGES = (
    b"404: Not Found", b"Entry not found", b'{"error":"Repository not found"}', b"Internal Server Error\n",
    b"<!DOCTYPE html>\n<html><head><title>504 Gateway Time-out</title></head><body></body></html>",
    b"<html><body><form action='/login'>Please sign in to continue</form></body></html>",
    b"429 Too Many Requests: we had to rate limit your IP", b"Access to model is restricted. Please log in.",
)  # fmt: skip
NO_TEXTS = (
    b"", b"\n\n \n", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", b"y" * (2**20 + 1),
    b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 7712\n",
)  # fmt: skip

Noise = Callable[[random.Random, Sequence[bytes]], Showing]


def error_page(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    return Showing(chance.choice(ERROR_PAGES), "error page")


def no_text(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    return Showing(chance.choice(NO_TEXTS), "no text")


def nothing(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    return Showing(None, "no file")


def cut_off(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    raw = seen[-1]
    return Showing(raw[: int(len(raw) * chance.uniform(0.05, 0.45))].rstrip(b".!\n "), "cut off")


def flip_back(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    return Showing(chance.choice(seen), "an earlier wording")


def other_bytes(chance: random.Random, seen: Sequence[bytes]) -> Showing:
    raw = seen[-1]
    ways = (raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), raw + b"\n\n", raw.replace(b"\n\n", b"\n\n\n"))
    return Showing(chance.choice(ways), "the same words in other bytes")


NOISE: tuple[Noise, ...] = (error_page, no_text, nothing, cut_off, flip_back, other_bytes)


def quietly(wordings: Sequence[bytes]) -> Iterator[Showing]:
    """The wordings alone, each once."""
    for raw in wordings:
        yield Showing(raw, "a wording", is_real=True)


def noisily(wordings: Sequence[bytes], *, seed: int, most: int = 4) -> Iterator[Showing]:
    """The wordings in order, and after each up to `most` faults in a row, which do not outlast a day at four looks."""
    chance = random.Random(seed)
    for number, raw in enumerate(wordings, 1):
        yield Showing(raw, "a wording", is_real=True)
        for _ in range(chance.randint(1, most)):
            yield chance.choice(NOISE)(chance, wordings[:number])
        if chance.random() < 0.7:
            yield Showing(raw, "the wording again")
