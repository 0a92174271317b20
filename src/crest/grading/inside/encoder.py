"""Plain values as tagged JSON in ASCII: the only form in which a program's output travels.

None, booleans, strings, lists, finite floats and integers of 64 bits are JSON as they are. All
else is an object with one key, its tag: `int` (hexadecimal, because decimal conversion of long
integers is refused), `float` (nan, inf, -inf), `tuple`, `set`, `dict` (a list of pairs),
`complex`, `bytes` (hexadecimal). Instances of subclasses travel as their builtin base class, read
by that class's own methods, so that nothing they override matters.
"""

from _json import encode_basestring_ascii as quote
from collections import deque
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

NESTING = 200
WORD = 1 << 63


class NotPlainError(ValueError):
    """The value holds something other than plain builtins, or is nested too deeply."""


def encode(value: object, nesting: int = NESTING) -> str:
    r"""Return a value as tagged JSON.

    Args:
        value: Any object.
        nesting: How many containers may still lie inside one another.

    Raises:
        NotPlainError: The value is no plain value.

    Example:
        >>> encode([1, (True, None), "é"])
        '[1,{"tuple":[true,null]},"\\u00e9"]'
    """
    encoder = EXACT.get(type(value))
    if encoder is None:
        encoder = _inherited(value)
    return encoder(value, nesting)


def _inherited(value: object) -> Callable[[Any, int], str]:
    for kind, encoder in EXACT.items():
        if isinstance(value, kind) and issubclass(type(value), kind):
            return encoder
    raise NotPlainError(f"{type(value).__name__} is no plain value")


def _encode_none(_value: None, _nesting: int) -> str:
    return "null"


def _encode_bool(value: bool, _nesting: int) -> str:  # noqa: FBT001 (the value itself)
    return "true" if value else "false"


def _encode_int(value: int, _nesting: int) -> str:
    exact = int.__int__(value)
    return repr(exact) if -WORD <= exact < WORD else f'{{"int":"{exact:#x}"}}'


def _encode_float(value: float, _nesting: int) -> str:
    text = float.__repr__(value)
    return text if isfinite(float.__float__(value)) else f'{{"float":"{text}"}}'


def _encode_str(value: str, _nesting: int) -> str:
    return quote(str.__str__(value))


def _encode_complex(value: complex, _nesting: int) -> str:
    real, imaginary = complex.real.__get__(value), complex.imag.__get__(value)
    return f'{{"complex":[{_encode_float(real, 0)},{_encode_float(imaginary, 0)}]}}'


def _encode_bytes(value: bytes, _nesting: int) -> str:
    return f'{{"bytes":"{bytes.hex(value)}"}}'


def _encode_bytearray(value: bytearray, _nesting: int) -> str:
    return f'{{"bytes":"{bytearray.hex(value)}"}}'


def _items(items: Iterable[object], nesting: int) -> str:
    if nesting < 1:
        raise NotPlainError(f"nested deeper than {NESTING}")
    return "[" + ",".join([encode(item, nesting - 1) for item in items]) + "]"


def _encode_list(value: list[object], nesting: int) -> str:
    return _items(list.__iter__(value), nesting)


def _encode_deque(value: deque[object], nesting: int) -> str:
    return _items(deque.__iter__(value), nesting)


def _encode_tuple(value: tuple[object, ...], nesting: int) -> str:
    return f'{{"tuple":{_items(tuple.__iter__(value), nesting)}}}'


def _encode_set(value: set[object], nesting: int) -> str:
    return f'{{"set":{_items(set.__iter__(value), nesting)}}}'


def _encode_frozenset(value: frozenset[object], nesting: int) -> str:
    return f'{{"set":{_items(frozenset.__iter__(value), nesting)}}}'


def _encode_dict(value: dict[object, object], nesting: int) -> str:
    pairs = [_items(pair, nesting - 1) for pair in dict.items(value)]
    return f'{{"dict":[{",".join(pairs)}]}}'


EXACT: dict[type, Callable[[Any, int], str]] = {
    type(None): _encode_none,
    bool: _encode_bool,
    int: _encode_int,
    float: _encode_float,
    str: _encode_str,
    list: _encode_list,
    tuple: _encode_tuple,
    dict: _encode_dict,
    set: _encode_set,
    frozenset: _encode_frozenset,
    bytes: _encode_bytes,
    bytearray: _encode_bytearray,
    complex: _encode_complex,
    deque: _encode_deque,
}
