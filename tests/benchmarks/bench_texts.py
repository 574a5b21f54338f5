"""How long it takes to tell which known text a license is, over generated texts: milliseconds each."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from licenses.likeness import Known, Shelf, read

TEXTS, FAMILIES, SENTENCES = 120, 30, 150
STARTS = ("ba", "de", "fi", "go", "lu", "mo", "na", "pe", "ri", "so", "tu", "va")
WORDS = [start + end for start in STARTS for end in ("ck", "ld", "m", "nt", "ple", "rst")]


def sentence(chance: random.Random) -> str:
    return f"The {' '.join(chance.choices(WORDS, k=14))}."


def generated() -> list[str]:
    """Families of wordings, each a tenth apart, of some 2,200 words: what a community license has."""
    chance = random.Random(7)
    families = [[sentence(chance) for _ in range(SENTENCES)] for _ in range(FAMILIES)]
    return [
        "\n\n".join(sentence(chance) if chance.random() < 0.1 else line for line in families[number % FAMILIES])
        for number in range(TEXTS)
    ]


def best(work: Callable[[], object], times: int = 3) -> float:
    """The best of several: what it takes when nothing else is in the way."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken) * 1000


def test_a_text_is_told_from_all_others_in_a_bounded_multiple_of_reading_it() -> None:
    texts = generated()
    started = time.perf_counter()
    shelf = Shelf(Known(number, f"Text {number}", "custom", text) for number, text in enumerate(texts))
    shelf.nearest(texts[0], apart_from={0})
    built = time.perf_counter() - started

    reading = [best(lambda text=text: read(text)) for text in texts]  # type: ignore[misc]
    same = [best(lambda text=text: shelf.nearest(text)) for text in texts]  # type: ignore[misc]
    near = [best(lambda at=at: shelf.nearest(texts[at], apart_from={at})) for at in range(TEXTS)]  # type: ignore[misc]
    hostile = best(lambda: shelf.nearest("\n\n".join(WORDS * 3000)))

    print(f"\n{'a license text':<45}{'median ms':>10}{'most ms':>10}")
    for name, taken in {"read": reading, "the same as a known one": same, f"near one of {TEXTS - 1}": near}.items():
        print(f"{name:<45}{sorted(taken)[len(taken) // 2]:>10.1f}{max(taken):>10.1f}")
    print(f"{'a mebibyte of loose words':<55}{hostile:>10.1f}")
    print(f"{f'a shelf of {TEXTS} texts':<55}{1000 * built:>10.1f}")
    assert sum(near) < 20 * sum(reading)
