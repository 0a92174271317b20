"""What a program does on a fixed set of probes: equal signatures count as equal behaviour.

The first probes hold every delimiter twice and many segments, so that nearly every program has a
value on some of them; the others are records as tasks have them, regular and irregular.
"""

from functools import cache
from random import Random

from crest import seeds
from crest.tasks.flashfill.evaluate import Function, run
from crest.tasks.flashfill.inputs import (
    SEGMENTS,
    draw_format,
    draw_irregular,
    draw_record,
    draw_segment,
)
from crest.tasks.flashfill.symbols import DELIMITERS

NUM_RICH, NUM_RECORDS = 16, 112
PREFIX = 4
"""Probes that tell most programs apart; the rest are run only where these agree."""

Signature = tuple[str | None, ...]


@cache
def probes() -> tuple[str, ...]:
    """Return the texts on which behaviours are compared."""
    rng = Random(seeds.derive_seed("flashfill probes"))
    rich = [_draw_rich(rng) for _ in range(NUM_RICH)]
    draws = [draw_record, draw_irregular]
    records = [draws[number % 2](draw_format(rng), rng) for number in range(NUM_RECORDS)]
    return (*rich, *records)


def signature(function: Function) -> Signature:
    """Return a compiled program's values on all probes, None where it raises."""
    return run(function, probes())


class Behaviours:
    """A set of behaviours that is quick to say that one is not in it."""

    __slots__ = ("_by_prefix",)

    def __init__(self) -> None:
        self._by_prefix: dict[Signature, set[Signature]] = {}

    def add(self, function: Function) -> None:
        """Add the behaviour of a compiled program."""
        full = signature(function)
        self._by_prefix.setdefault(full[:PREFIX], set()).add(full)

    def __contains__(self, function: Function) -> bool:
        alike = self._by_prefix.get(run(function, probes()[:PREFIX]))
        return alike is not None and signature(function) in alike

    def __len__(self) -> int:
        return sum(map(len, self._by_prefix.values()))


def _draw_rich(rng: Random) -> str:
    """Return a text with every delimiter twice, in some order, between segments."""
    delimiters = list(DELIMITERS * 2)
    rng.shuffle(delimiters)
    pieces = [draw_segment(SEGMENTS.draw(rng), rng)]
    for delimiter in delimiters:
        pieces += (delimiter, draw_segment(SEGMENTS.draw(rng), rng))
    return "".join(pieces)
