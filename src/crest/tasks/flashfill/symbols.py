"""The letters and symbols of the string language, and the cut of a program's text into symbols.

Strings are made of `LETTERS` in both cases, digits and `DELIMITERS`. The letters are chosen so that
no string spells a symbol of the language: a program symbol can be one token of a model without
swallowing part of a prompt.
"""

import re
from typing import Literal, get_args

CharClass = Literal["word", "number", "alnum", "upper", "lower"]
"""Maximal runs of: letters, digits, letters and digits, capital letters, small letters (ASCII)."""

Position = int | Literal["end"]
"""A place between characters: from 0 at the start, negative from the end, `end` behind the last."""

CLASSES: tuple[CharClass, ...] = get_args(CharClass)
DELIMITERS = " -.,/_:@"
INDICES = (1, 2, 3, -1, -2)
POSITIONS: tuple[Position, ...] = (*range(7), *range(-5, 0), "end")
LENGTHS = (1, 2, 3, 4)
MAX_PARTS = 4
LETTERS = "abcdfghijkmn"
DIGITS = "0123456789"

INPUT, VARIABLE, PLUS = "x", "x", " + "
PAIR, PAIRS, ASK = " > ", " ; ", " =>"
"""What stands between input and output, between pairs, and at the end of a prompt."""

_DELIMITED = tuple(f"'{delimiter}'" for delimiter in DELIMITERS)
PROMPT_SYMBOLS = (PAIR, PAIRS, ASK)
PROGRAM_SYMBOLS = (
    VARIABLE,
    PLUS,
    *_DELIMITED,
    *(f"{delimiter})" for delimiter in _DELIMITED),
    *(f",{delimiter})" for delimiter in _DELIMITED),
    *(f".{name}(" for name in ("token", "split", "upto", "after", "afterlast")),
    *(f".{name}(" for name in ("all", "head", "tail", "replace", "delete")),
    *(f".sub({start}" for start in POSITIONS),
    *(f",{place})" for place in dict.fromkeys((*INDICES, *POSITIONS))),
    *CLASSES,
    *(f"{name})" for name in CLASSES),
    *(f"{length})" for length in LENGTHS),
    *(f".{name}()" for name in ("upper", "lower", "title", "reverse", "trim")),
)
"""Symbols of which every program is made, each once; none occurs in a string but for a part of
one, so a model may take each as one token."""

_SYMBOL = re.compile("|".join(map(re.escape, sorted(PROGRAM_SYMBOLS, key=len, reverse=True))))


def split_symbols(text: str) -> list[str]:
    """Return the symbols of a program's text, the longest first where several fit.

    Raises:
        ValueError: Something in the text is no symbol.

    Example:
        >>> split_symbols("x.token(word,1) + '-'")
        ['x', '.token(', 'word', ',1)', ' + ', "'-'"]
    """
    found = _SYMBOL.findall(text)
    if "".join(found) != text:
        raise ValueError(f"{text!r} holds what is no symbol of the language; see PROGRAM_SYMBOLS")
    return found
