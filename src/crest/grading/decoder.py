"""Read what a program claims to have returned, without trusting a byte of it.

Covers: size, nesting, unknown tags, wrong payloads, integers too long to convert, and colliding
hashes: sets and dicts are never built, their items stay lists. Does not cover: whether the value
is right.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

HEXADECIMAL = re.compile(r"-?0x[0-9a-f]+")
NOT_FINITE = ("nan", "inf", "-inf")


class UndecodableError(ValueError):
    """The bytes are no encoded plain value."""


@dataclass(frozen=True, slots=True)
class SetItems:
    """The items of a set as they came: in any order, perhaps repeated."""

    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class DictItems:
    """The pairs of a dict as they came: keys perhaps repeated."""

    items: tuple[tuple[Any, Any], ...]


def decode(data: bytes) -> Any:
    r"""Return the value that tagged JSON stands for, its sets and dicts as items.

    Raises:
        UndecodableError: The data are not what the encoder writes.

    Example:
        >>> decode(b'{"set":[1,{"tuple":[2,"\\u00e9"]}]}')
        SetItems(items=(1, (2, 'é')))
    """
    try:
        return DECODER.decode(data.decode("ascii"))
    except UndecodableError:
        raise
    except (ValueError, RecursionError) as error:
        raise UndecodableError(f"not tagged JSON: {error}") from None


def _untag(pairs: list[tuple[str, Any]]) -> Any:
    if len(pairs) != 1 or pairs[0][0] not in TAGS:
        raise UndecodableError("an object must have one key, a known tag")
    tag, payload = pairs[0]
    kind, build = TAGS[tag]
    if type(payload) is not kind:
        raise UndecodableError(f"the payload of {tag} must be a {kind.__name__}")
    return build(payload)


def _integer(text: str) -> int:
    if not HEXADECIMAL.fullmatch(text):
        raise UndecodableError("an integer must be hexadecimal")
    return int(text, 16)


def _not_finite(text: str) -> float:
    if text not in NOT_FINITE:
        raise UndecodableError("a tagged float must be nan, inf or -inf")
    return float(text)


def _complex(parts: list[Any]) -> complex:
    if [type(part) for part in parts] != [float, float]:
        raise UndecodableError("a complex number has two floats")
    return complex(*parts)


def _dict_items(pairs: list[Any]) -> DictItems:
    if any(type(pair) is not list or len(pair) != 2 for pair in pairs):
        raise UndecodableError("a dict holds pairs")
    return DictItems(tuple((key, value) for key, value in pairs))


def _set_items(items: list[Any]) -> SetItems:
    return SetItems(tuple(items))


def _refuse_constant(name: str) -> NoReturn:
    raise UndecodableError(f"{name} is no JSON")


TAGS: dict[str, tuple[type, Any]] = {
    "int": (str, _integer),
    "float": (str, _not_finite),
    "bytes": (str, bytes.fromhex),
    "tuple": (list, tuple),
    "set": (list, _set_items),
    "dict": (list, _dict_items),
    "complex": (list, _complex),
}
DECODER = json.JSONDecoder(object_pairs_hook=_untag, parse_constant=_refuse_constant)
