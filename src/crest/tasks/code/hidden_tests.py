"""Choosing the few inputs that tell a problem from its near misses."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crest.tasks.code.behaviour import RAISED

_REPEAT = 0.05
"""Worth of telling a program apart once more, relative to the time before."""
_NEW_VALUE = 0.01
"""Worth of an expected value that no chosen test has; it only breaks near ties."""


def differences(expected: Sequence[Any], programs: Sequence[Sequence[Any]]) -> NDArray[np.bool_]:
    """Return where each program's outputs differ from the expected ones: bool[program, input].

    Values are compared as Python does, so that 2 and 2.0 and True and 1 count as equal. An
    input without an expected value, where the reference raises, tells nothing apart.
    """
    return np.array(
        [
            [
                want is not RAISED and bool(got != want)
                for got, want in zip(row, expected, strict=True)
            ]
            for row in programs
        ]
    )


def choose_tests(expected: Sequence[Any], differs: NDArray[np.bool_], num_tests: int) -> list[int]:
    """Return the inputs to test on, chosen greedily, in their original order.

    Each choice takes the input that tells apart most programs not told apart before; further
    choices tell them apart again, the least often told first.

    Args:
        expected: The reference's output for each input; `RAISED` is never chosen.
        differs: As `differences` returns it, bool[program, input].
        num_tests: How many to choose; at most the number of inputs with a value.
    """
    open_inputs = [i for i, value in enumerate(expected) if value is not RAISED]
    times_told = np.zeros(differs.shape[0])
    chosen: list[int] = []
    while len(chosen) < num_tests:
        seen = {repr(expected[i]) for i in chosen}
        worth = (_REPEAT**times_told) @ differs
        gains = [worth[i] + _NEW_VALUE * (repr(expected[i]) not in seen) for i in open_inputs]
        best = open_inputs.pop(int(np.argmax(gains)))
        times_told += differs[:, best]
        chosen.append(best)
    return sorted(chosen)
