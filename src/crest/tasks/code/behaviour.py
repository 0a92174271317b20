"""What specs and their near misses return on inputs.

Only expressions of this package are evaluated here. What a model wrote goes to the grader.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crest.tasks.code.spec import Spec


class Raised:
    """Stands for the result of a call that raised."""

    def __repr__(self) -> str:
        return "raised"


RAISED = Raised()


def outputs(spec: Spec, inputs: Sequence[Any]) -> list[Any]:
    """Return what the spec returns for each input, `RAISED` where it raises."""
    return run([step.code for step in spec.steps], inputs, conditional=spec.family.conditional)


def run(codes: Sequence[str], inputs: Sequence[Any], *, conditional: bool = False) -> list[Any]:
    """Return what the steps, given as expressions over `x`, return for each input."""
    functions = [compile_step(code) for code in codes]
    program = _branch(*functions) if conditional else _chain(functions)
    return [_call(program, value) for value in inputs]


def near_misses(spec: Spec) -> Iterator[list[str]]:
    """Yield the programs in which one step is replaced by one of its near misses."""
    codes = [step.code for step in spec.steps]
    for i, step in enumerate(spec.steps):
        for mutant in step.mutants:
            yield [*codes[:i], mutant, *codes[i + 1 :]]


def shortened(spec: Spec) -> Iterator[list[str]]:
    """Yield the programs in which one step is left out, or one branch always taken."""
    codes = [step.code for step in spec.steps]
    if spec.family.conditional:
        yield from ([code] for code in codes[1:])
    else:
        yield from ([*codes[:i], *codes[i + 1 :]] for i in range(len(codes)))


@functools.cache
def compile_step(code: str) -> Callable[[Any], Any]:
    """Return a step's expression as a function of `x`."""
    function: Callable[[Any], Any] = eval(f"lambda x: {code}", {})  # noqa: S307 (our own expression)
    return function


def _chain(functions: Sequence[Callable[[Any], Any]]) -> Callable[[Any], Any]:
    def program(x: Any) -> Any:
        for function in functions:
            x = function(x)
        return x

    return program


def _branch(
    condition: Callable[[Any], Any], holds: Callable[[Any], Any], fails: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    return lambda x: holds(x) if condition(x) else fails(x)


def _call(program: Callable[[Any], Any], value: Any) -> Any:
    try:
        return program(value)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return RAISED
