"""What differs between the spec that a record holds and the spec that its job would have today."""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from crest.commands.libraries import installed_version
from crest.plan import Plan
from crest.plan.present import present_spec
from crest.spec import parse_spec, present_closure

_COMPARED_APART = {"code", "libraries", "python", "choices"}
ABSENT = "(none)"
SHOWN_CHARACTERS = 60


class Kind(StrEnum):
    """Why a job would not give today what it gave then."""

    CODE = "code"
    """A function, class or constant that it can reach was edited."""
    VALUE = "value"
    """A value of its configuration is another."""
    LIBRARY = "library"
    """A library has another version."""
    PYTHON = "python"
    """Python has another version."""
    GONE = "gone"
    """The job, or a plug-in that it names, is no longer in the code."""
    INPUT = "input"
    """A file that it read is another, or missing."""


HARMLESS = frozenset({Kind.CODE, Kind.LIBRARY, Kind.PYTHON})
"""What can leave every byte of a result as it was; other values and inputs ask for others."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Attributes:
        kind: Of what.
        text: Which, and how.
    """

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A recorded spec beside the present one.

    Attributes:
        spec: The fields of the present one; None if the study has no such cell any more.
        changes: What differs; none means that the spec is the same.
    """

    spec: Mapping[str, Any] | None
    changes: tuple[Change, ...]


def compare_specs(recorded: Mapping[str, Any], plan: Plan | None) -> Comparison:
    """Compare a recorded spec with today's code, libraries, Python and configuration.

    Args:
        recorded: The record's spec.
        plan: The study; None leaves the values of the configuration out.
    """
    try:
        text = present_spec(plan, recorded) if plan else None
        present = _answered_today(recorded) if plan is None else text and parse_spec(text)
    except ValueError as error:
        return Comparison(None, (Change(Kind.GONE, str(error)),))
    except (KeyError, TypeError) as error:
        why = f"its spec is of an older form, without {error}"
        return Comparison(None, (Change(Kind.GONE, why),))
    if not present:
        return Comparison(None, ())
    if present == recorded:
        return Comparison(present, ())
    return Comparison(present, tuple(spec_changes(recorded, present)))


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Return the plain values of nested mappings by their dotted path; lists stay whole.

    Example:
        >>> flatten({"config": {"seeds": [1, 2], "shape": {"width": 3}}})
        {'config.seeds': [1, 2], 'config.shape.width': 3}
    """
    if not isinstance(value, Mapping) or not value:
        return {path: value}
    dotted = f"{path}." if path else ""
    return {
        key: item for name in value for key, item in flatten(value[name], f"{dotted}{name}").items()
    }


def values_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec's values of the configuration and of its cell, by dotted path."""
    return flatten({name: spec[name] for name in spec if name not in _COMPARED_APART})


def _answered_today(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec with the code, libraries and Python of today."""
    return {
        **recorded,
        "code": present_closure(recorded).digest,
        "libraries": {name: _version(name) for name in recorded.get("libraries", {})},
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


@cache
def _version(library: str) -> str:
    return installed_version(library).partition("+")[0]


def spec_changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what differs between two specs; of the code, its digests alone."""
    if then["code"] != now["code"]:
        yield Change(Kind.CODE, f"{then['code'][:12]} -> {now['code'][:12]}")
    for text in _differing(values_of(then), values_of(now)):
        yield Change(Kind.VALUE, text)
    for text in _differing(then.get("libraries", {}), now["libraries"]):
        yield Change(Kind.LIBRARY, text.replace(":", "", 1).replace('"', ""))
    if then.get("python") != now["python"]:
        yield Change(Kind.PYTHON, f"{then.get('python')} -> {now['python']}")


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield `path: before -> after` for each value that differs."""
    for path in sorted(then.keys() | now.keys()):
        before, after = (_shown(side, path) for side in (then, now))
        if before != after:
            yield f"{path}: {_short(before)} -> {_short(after)}"


def _shown(values: Mapping[str, Any], path: str) -> str:
    return json.dumps(values[path], sort_keys=True) if path in values else ABSENT


def _short(text: str) -> str:
    if len(text) <= SHOWN_CHARACTERS:
        return text
    half = SHOWN_CHARACTERS // 2
    return f"{text[:half]} ... {text[-half:]}"
