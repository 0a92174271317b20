"""Equality of plain values, on text: both sides are written in one canonical form and compared.

As in Python, `1 == 1.0 == True`, the order of sets and dicts does not matter, and text is never
bytes. Unlike Python, a list equals a tuple of the same items (reference answers that went through
JSON have no tuples), and NaN equals NaN. Hashes play no part, so colliding keys cost nothing.
"""

from _json import encode_basestring_ascii as quote
from math import isfinite
from typing import Any

from crest.grading.decoder import DictItems, SetItems

NESTING = 400


def equal(value: Any, expected: Any) -> bool:
    """Return whether two plain or decoded values are equal.

    Example:
        >>> equal([1.0, (2,)], (True, [2])), equal("1", 1)
        (True, False)
    """
    return canonical(value) == canonical(expected)


def canonical(value: Any, nesting: int = NESTING) -> str:
    """Return text that is the same for equal values and for them alone.

    Raises:
        ValueError: The value is nested too deeply, or not plain.
    """
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int | float | complex):
        return _number(value)
    if value is None:
        return "none"
    if isinstance(value, bytes | bytearray):
        return f"b{value.hex()}"
    if nesting < 1:
        raise ValueError(f"nested deeper than {NESTING}")
    return _container(value, nesting - 1)


def _container(value: Any, nesting: int) -> str:
    match value:
        case list() | tuple():
            return f"[{','.join([canonical(item, nesting) for item in value])}]"
        case set() | frozenset():
            return _sorted(value, nesting)
        case SetItems(items):
            return _sorted(items, nesting)
        case dict():
            return _pairs(value.items(), nesting)
        case DictItems(items):
            return _pairs(items, nesting)
    raise ValueError(f"{type(value).__name__} is no plain value")


def _sorted(items: Any, nesting: int) -> str:
    return f"{{{','.join(sorted([canonical(item, nesting) for item in items]))}}}"


def _pairs(pairs: Any, nesting: int) -> str:
    texts = [f"{canonical(key, nesting)}:{canonical(item, nesting)}" for key, item in pairs]
    return f"<{','.join(sorted(texts))}>"


def _number(value: complex) -> str:
    if isinstance(value, int):
        return f"{value:x}"
    if isinstance(value, float):
        return f"{int(value):x}" if isfinite(value) and value.is_integer() else float.hex(value)
    if value.imag == 0:
        return _number(value.real)
    return f"({_number(value.real)};{_number(value.imag)})"
