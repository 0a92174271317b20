"""Specs as Python: the body of the function, in either of two layouts.

A body is indented by one space. Its lines end in a newline, except the last.
"""

import ast
import functools
import re
from collections.abc import Sequence
from enum import StrEnum


class Ending(StrEnum):
    """What a body does with its result."""

    RETURN = "return {}"
    PRINT = "print({})"
    NOTHING = "{}"


def write_body(
    codes: Sequence[str],
    *,
    conditional: bool = False,
    nested: bool = False,
    ending: Ending = Ending.RETURN,
) -> str:
    """Return the body that computes the steps.

    Args:
        codes: One expression over `x` a step.
        conditional: The first code decides between the other two.
        nested: Write one expression where that repeats nothing, in place of a line per step.
        ending: What to do with the result.

    Example:
        >>> print(write_body(["sorted(x)", "x[:3]"]))
         x = sorted(x)
         return x[:3]
        >>> print(write_body(["sorted(x)", "x[:3]"], nested=True))
         return sorted(x)[:3]
    """
    if conditional:
        condition, holds, fails = codes
        if nested:
            return f" {ending.format(f'{holds} if {condition} else {fails}')}"
        return f" if {condition}:\n  {ending.format(holds)}\n {ending.format(fails)}"
    lines = _merge(codes) if nested else list(codes)
    return "\n".join([*(f" x = {code}" for code in lines[:-1]), f" {ending.format(lines[-1])}"])


def _merge(codes: Sequence[str]) -> list[str]:
    """Put each code into the next one that reads `x` once."""
    merged = [codes[0]]
    for code in codes[1:]:
        around = re.split(r"\bx\b", code)
        if len(around) == 2 and _is_atom(merged[-1]):
            merged[-1] = merged[-1].join(around)
        else:
            merged.append(code)
    return merged


@functools.cache
def _is_atom(code: str) -> bool:
    """Return whether the expression can stand anywhere without parentheses."""
    return not isinstance(ast.parse(code, mode="eval").body, ast.BinOp | ast.UnaryOp | ast.Compare)
