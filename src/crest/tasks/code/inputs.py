"""The candidate inputs that problems are compared on and hidden tests are chosen from."""

import functools
from typing import Any

import numpy as np

from crest import seeds
from crest.tasks.code.families import Family
from crest.tasks.code.primitive import Kind

_LETTERS = list("aaaaeeiioubdlmnrst")


def takes_text(family: Family) -> bool:
    """Return whether the tasks of a family work on a text; the others work on a list."""
    return any(Kind.STRING in form[0] for form in family.forms)


@functools.cache
def candidate_inputs(family: Family, num: int, seed: int) -> tuple[Any, ...]:
    """Return `num` different inputs for the tasks of a family.

    Lists hold 1 to 8 small integers, half of them from a narrow range, so that values repeat and
    comparisons meet their boundary. Texts hold one to four short words, some with capitals.
    """
    of_text = takes_text(family)
    rng = seeds.generator("code tasks", seed, "texts" if of_text else "lists")
    draw = _draw_text if of_text else _draw_list
    found: list[Any] = []
    while len(found) < num:
        value = draw(rng)
        if value not in found:
            found.append(value)
    return tuple(found)


def _draw_list(rng: np.random.Generator) -> list[int]:
    low, high = ((-5, 13), (-2, 8))[rng.integers(2)]
    return [int(value) for value in rng.integers(low, high, size=rng.integers(1, 9))]


def _draw_text(rng: np.random.Generator) -> str:
    return " ".join(_draw_word(rng) for _ in range(rng.integers(1, 5)))


def _draw_word(rng: np.random.Generator) -> str:
    word = "".join(rng.choice(_LETTERS, size=rng.integers(2, 6)))
    return (word, word, word.title(), word.upper())[rng.integers(4)]
