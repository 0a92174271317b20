"""Run programs: compile once to a closure, which returns a text or raises `EvaluationError`.

A step is compiled once for the life of the process, since there are finitely many, so that to
compile a program is to put closures together. Covers: anything the language can say, in time linear
in the input, with at most `MAX_STEPS` steps and `MAX_OUTPUT` characters. Loops do not exist.
"""

import re
from collections.abc import Callable, Iterable
from typing import assert_never

from crest.tasks.flashfill.program import (
    After,
    AfterLast,
    All,
    Constant,
    Delete,
    Head,
    Lower,
    Part,
    Program,
    Replace,
    Reverse,
    Split,
    Step,
    Sub,
    Tail,
    Title,
    Token,
    Trim,
    Upper,
    UpTo,
)
from crest.tasks.flashfill.symbols import CharClass, Position
from crest.tasks.flashfill.text import ALL_STEPS

MAX_STEPS = 32
"""Steps of a whole program; one with more raises on every input."""
MAX_OUTPUT = 256
"""Characters of a value; more raise."""

Function = Callable[[str], str]

_RANGES = {
    "word": "A-Za-z",
    "number": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
}


class EvaluationError(ValueError):
    """A program has no value on an input: something is not there, or a limit is reached."""


def compile_program(program: Program) -> Function:
    """Return a program as a function of its input.

    The function raises `EvaluationError` where the program has no value, and nothing else.
    """
    if program.num_steps > MAX_STEPS:
        return _beyond_steps(program.num_steps)
    functions = [_compile_part(part) for part in program.parts]
    return _guarded(functions[0] if len(functions) == 1 else _joined(functions))


def run(function: Function, inputs: Iterable[str]) -> tuple[str | None, ...]:
    """Return a compiled program's value on each input, None where it has none."""
    values: list[str | None] = []
    for text in inputs:
        try:
            values.append(function(text))
        except EvaluationError:
            values.append(None)
    return tuple(values)


def evaluate(program: Program, text: str) -> str:
    """Return a program's value on one input.

    Raises:
        EvaluationError: It has none.
    """
    return compile_program(program)(text)


def step_function(step: Step) -> Function:
    """Return a step as a function of a text; it raises IndexError or ValueError where it has none.

    `ValueError` and `IndexError` are what Python's own string methods raise.
    """
    return _FUNCTIONS[step]


def _guarded(function: Function) -> Function:
    def guarded(text: str) -> str:
        try:
            value = function(text)
        except (IndexError, ValueError) as error:
            raise EvaluationError(str(error)) from None
        if len(value) > MAX_OUTPUT:
            raise EvaluationError(f"the value has {len(value)} characters, over {MAX_OUTPUT}")
        return value

    return guarded


def _beyond_steps(num_steps: int) -> Function:
    def refuse(_: str) -> str:
        raise EvaluationError(f"the program has {num_steps} steps, over {MAX_STEPS}")

    return refuse


def _joined(functions: list[Function]) -> Function:
    if len(functions) == 2:
        first, second = functions
        return lambda text: first(text) + second(text)
    return lambda text: "".join([function(text) for function in functions])


def _compile_part(part: Part) -> Function:
    if isinstance(part, Constant):
        delimiter = part.delimiter
        return lambda _: delimiter
    return _composed([_FUNCTIONS[step] for step in part.steps])


def _composed(functions: list[Function]) -> Function:
    if not functions:
        return lambda text: text
    if len(functions) == 1:
        return functions[0]
    if len(functions) == 2:
        first, second = functions
        return lambda text: second(first(text))

    def in_turn(text: str) -> str:
        for function in functions:
            text = function(text)
        return text

    return in_turn


def _compile_step(step: Step) -> Function:  # noqa: C901, PLR0911, PLR0912 (one case a step)
    match step:
        case Token(kind, index):
            return _token(kind, index)
        case Split(delimiter, index):
            return _split(delimiter, index)
        case Sub(start, end):
            return _sub(start, end)
        case UpTo(delimiter):
            return lambda text: text[: text.index(delimiter)]
        case After(delimiter):
            return lambda text: text[text.index(delimiter) + 1 :]
        case AfterLast(delimiter):
            return lambda text: text[text.rindex(delimiter) + 1 :]
        case All(kind):
            return _all(kind)
        case Upper():
            return str.upper
        case Lower():
            return str.lower
        case Title():
            return str.title
        case Head(length):
            return _sub(0, length)
        case Tail(length):
            return _sub(-length, "end")
        case Replace(old, new):
            return _replaced(old, new)
        case Delete(delimiter):
            return _replaced(delimiter, "")
        case Reverse():
            return lambda text: text[::-1]
        case Trim():
            return lambda text: text.strip(" ")
        case _:  # pragma: no cover
            assert_never(step)


def _token(kind: CharClass, index: int) -> Function:
    runs = re.compile(f"[{_RANGES[kind]}]+").findall
    place = index - 1 if index > 0 else index
    return lambda text: runs(text)[place]


def _split(delimiter: str, index: int) -> Function:
    place = index - 1 if index > 0 else index

    def split(text: str) -> str:
        fields = text.split(delimiter)
        if len(fields) == 1:
            raise ValueError(f"no {delimiter!r}")
        return fields[place]

    return split


def _sub(start: Position, end: Position) -> Function:
    def sub(text: str) -> str:
        length = len(text)
        first = length if start == "end" else start if start >= 0 else length + start
        last = length if end == "end" else end if end >= 0 else length + end
        if 0 <= first < last <= length:
            return text[first:last]
        raise IndexError(f"no characters from {start} to {end}")

    return sub


def _all(kind: CharClass) -> Function:
    others = re.compile(f"[^{_RANGES[kind]}]+")

    def keep(text: str) -> str:
        kept = others.sub("", text)
        if not kept:
            raise ValueError(f"no character of {kind}")
        return kept

    return keep


def _replaced(old: str, new: str) -> Function:
    def replace(text: str) -> str:
        if old not in text:
            raise ValueError(f"no {old!r}")
        return text.replace(old, new)

    return replace


_FUNCTIONS = {step: _compile_step(step) for step in ALL_STEPS}
