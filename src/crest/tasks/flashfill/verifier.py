"""The exact verifier: parse, run on every pair, compare. A `Grade` without a process or a jail.

A program of the language can do nothing but return a text within its limits, so it needs no jail,
and the verdict is a function of program and tests alone. Covers whatever a model may write: text
that is no program is a verdict, never an exception.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from crest.records import Status, Submission, Verdict
from crest.tasks.flashfill.evaluate import Function, compile_program, run
from crest.tasks.flashfill.symbols import INPUT
from crest.tasks.flashfill.text import parse_program
from crest.testing import FunctionTests, Tests

LEVEL = "interpreter"
"""What stands in a verdict for the level of a jail."""


class Outcome(StrEnum):
    """What became of a candidate, by the pairs that were shown and those that were not."""

    ERROR = "error"
    """It is no program, or raises or reaches a limit, and does not fit every visible pair."""
    WRONG = "wrong"
    """It runs everywhere, and a visible output differs."""
    VISIBLE_FIT = "visible_fit"
    """Every visible pair is right; a held-out one is not, because it differs or raises."""
    GENERALISES = "generalises"
    """Every pair is right."""


def verify(submissions: Sequence[Submission]) -> list[Verdict]:
    """Return the verdict on each submission, in order.

    Raises:
        ValueError: The tests are not those of a string transformation.
    """
    return [_verdict(each.source, *_pairs(each.tests)) for each in submissions]


def outcome(verdict: Verdict, num_visible: int) -> Outcome:
    """Return what a verdict says of the visible and the held-out pairs.

    Args:
        verdict: With one flag a pair, the visible ones first.
        num_visible: How many of them.
    """
    if verdict.passed:
        return Outcome.GENERALISES
    if all(verdict.passed_tests[:num_visible]):
        return Outcome.VISIBLE_FIT
    return Outcome.WRONG if verdict.status is Status.WA else Outcome.ERROR


def candidate_outputs(text: str, inputs: Sequence[str]) -> tuple[str | None, ...] | None:
    """Return a candidate's value on each input, None where it raises; None if it is no program."""
    function = _function(text)
    return None if function is None else run(function, inputs)


@lru_cache(maxsize=1 << 15)
def _function(text: str) -> Function | None:
    """Return a program as a function, None if it does not parse; models repeat themselves."""
    try:
        return compile_program(parse_program(text))
    except ValueError:
        return None


def _pairs(tests: Tests) -> tuple[list[str], tuple[str, ...]]:
    if not isinstance(tests, FunctionTests) or tests.entry != INPUT:
        raise ValueError(
            f"{type(tests).__name__} is not what a string transformation is tested by: grade "
            "problems of other families with crest.grading"
        )
    return [call[0] for call in tests.calls], tests.expected


def _verdict(text: str, inputs: list[str], expected: tuple[str, ...]) -> Verdict:
    if not text.strip():
        return Verdict(Status.NOCODE, (False,) * len(inputs), LEVEL)
    values = candidate_outputs(text, inputs)
    if values is None:
        return Verdict(Status.CE, (False,) * len(inputs), LEVEL)
    flags = tuple([value == wanted for value, wanted in zip(values, expected, strict=True)])
    if None in values:
        return Verdict(Status.EXC, flags, LEVEL)
    return Verdict(Status.PASS if all(flags) else Status.WA, flags, LEVEL)
