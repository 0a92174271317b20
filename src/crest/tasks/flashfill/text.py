"""Programs as text and back: `parse_program(print_program(p)) == p`, and the other way round.

The language has finitely many steps, so a step's text is looked up, not analysed.
"""

import re
from dataclasses import fields
from itertools import product

from crest.tasks.flashfill.program import (
    After,
    AfterLast,
    All,
    Chain,
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
from crest.tasks.flashfill.symbols import (
    CLASSES,
    DELIMITERS,
    INDICES,
    LENGTHS,
    MAX_PARTS,
    PLUS,
    POSITIONS,
    VARIABLE,
)

ALL_STEPS: tuple[Step, ...] = (
    *(Token(kind, index) for kind, index in product(CLASSES, INDICES)),
    *(Split(delimiter, index) for delimiter, index in product(DELIMITERS, INDICES)),
    *(Sub(start, end) for start, end in product(POSITIONS, POSITIONS)),
    *(UpTo(delimiter) for delimiter in DELIMITERS),
    *(After(delimiter) for delimiter in DELIMITERS),
    *(AfterLast(delimiter) for delimiter in DELIMITERS),
    *(All(kind) for kind in CLASSES),
    *(Upper(), Lower(), Title()),
    *(Head(length) for length in LENGTHS),
    *(Tail(length) for length in LENGTHS),
    *(Replace(old, new) for old, new in product(DELIMITERS, DELIMITERS)),
    *(Delete(delimiter) for delimiter in DELIMITERS),
    *(Reverse(), Trim()),
)
"""Every step of the language, in a fixed order."""

_DELIMITERS = frozenset(DELIMITERS)
_STEP = re.compile(r"\.[a-z]+\([^)]*\)")
_CONSTANTS: dict[str, Part] = {f"'{delimiter}'": Constant(delimiter) for delimiter in DELIMITERS}


def print_step(step: Step) -> str:
    """Return a step's text.

    Example:
        >>> print_step(Split("-", 2))
        ".split('-',2)"
    """
    values = [getattr(step, field.name) for field in fields(step)]
    arguments = [f"'{value}'" if value in _DELIMITERS else f"{value}" for value in values]
    return f".{type(step).__name__.lower()}({','.join(arguments)})"


STEP_TEXTS = {step: print_step(step) for step in ALL_STEPS}
_STEPS = {text: step for step, text in STEP_TEXTS.items()}


def print_part(part: Part) -> str:
    """Return a part's text."""
    if isinstance(part, Constant):
        return f"'{part.delimiter}'"
    return VARIABLE + "".join([STEP_TEXTS[step] for step in part.steps])


def print_program(program: Program) -> str:
    """Return a program's text."""
    return PLUS.join([print_part(part) for part in program.parts])


def parse_program(text: str) -> Program:
    """Return the program that a text is, spaces and line ends around it left out.

    Raises:
        ValueError: It is none; says what is not of the language, and what would be.

    Example:
        >>> parse_program("x.head(2) + '-'").parts
        (Chain(steps=(Head(length=2),)), Constant(delimiter='-'))
    """
    parts = text.strip().split(PLUS)
    if len(parts) > MAX_PARTS:
        raise ValueError(f"{text!r} has {len(parts)} parts: a program has at most {MAX_PARTS}")
    return Program(tuple([_parse_part(part) for part in parts]))


def _parse_part(text: str) -> Part:
    if not text.startswith(VARIABLE):
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        raise ValueError(
            f"{text!r} is no part of a program: write x and its steps, or a delimiter in quotes, "
            f"one of {' '.join(_CONSTANTS)}"
        )
    found = _STEP.findall(text, len(VARIABLE))
    if len(VARIABLE) + sum(map(len, found)) != len(text):
        raise ValueError(f"{text!r} is not x and its steps, such as x.head(2).upper()")
    return Chain(tuple([_find_step(step) for step in found]))


def _find_step(text: str) -> Step:
    if text not in _STEPS:
        name = text.partition("(")[0]
        known = [other for other in _STEPS if other.startswith(f"{name}(")]
        remedy = f"such as {known[len(known) > 1]}" if known else f"the steps are {_step_names()}"
        raise ValueError(f"{text!r} is no step of the language: {remedy}")
    return _STEPS[text]


def _step_names() -> str:
    return ", ".join(dict.fromkeys(text.partition("(")[0] for text in _STEPS))
