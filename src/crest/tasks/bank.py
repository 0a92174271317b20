"""Problems on disk: one Parquet row each, calls and expected values as JSON text."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from crest.records import Problem
from crest.storage import write_parquet

_SCHEMA = {
    "task_id": pl.String,
    "family": pl.String,
    "level": pl.Int64,
    "prompt": pl.String,
    "reference": pl.String,
    "entry": pl.String,
    "calls": pl.String,
    "expected": pl.String,
}
_TUPLE, _DICT = "tuple", "dict"


def problem_source(problem: Problem, completion: str) -> str:
    """Return the program that a completion makes of a problem's prompt."""
    return problem.prompt + completion


def write_problems(problems: Sequence[Problem], path: Path, *, spec: str | None = None) -> None:
    """Write problems atomically, in order.

    Raises:
        TypeError: A call or an expected value is no plain builtin.
    """
    rows = [
        {
            **{name: getattr(problem, name) for name in _SCHEMA},
            "calls": dump_value(problem.calls),
            "expected": dump_value(problem.expected),
        }
        for problem in problems
    ]
    write_parquet(pl.DataFrame(rows, schema=_SCHEMA), path, spec=spec)


def read_problems(path: Path) -> list[Problem]:
    """Return the problems that `write_problems` wrote, in order."""
    return [
        Problem(
            **{
                **row,
                "calls": load_value(row["calls"]),
                "expected": load_value(row["expected"]),
            }
        )
        for row in pl.read_parquet(path).select(list(_SCHEMA)).iter_rows(named=True)
    ]


def dump_value(value: Any) -> str:
    """Return a value as JSON text from which `load_value` restores value and types.

    None, truth values, numbers, texts and lists are written as they are; a tuple as
    `{"tuple": [...]}`, a dictionary as `{"dict": [[key, value], ...]}`.

    Raises:
        TypeError: The value holds something else.
    """
    return json.dumps(_encode(value), separators=(",", ":"), ensure_ascii=False)


def load_value(text: str) -> Any:
    """Return the value that `dump_value` wrote."""
    return _decode(json.loads(text))


def _encode(value: Any) -> Any:
    if value is None or type(value) in {bool, int, float, str}:
        return value
    if type(value) is list:
        return [_encode(item) for item in value]
    if type(value) is tuple:
        return {_TUPLE: [_encode(item) for item in value]}
    if type(value) is dict:
        return {_DICT: [[_encode(key), _encode(item)] for key, item in value.items()]}
    raise TypeError(
        f"a problem holds {value!r} of type {type(value).__name__}: calls and expected values may "
        "hold only None, bool, int, float, str, list, tuple and dict"
    )


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(item) for item in value]
    if isinstance(value, dict):
        if _TUPLE in value:
            return tuple(_decode(item) for item in value[_TUPLE])
        return {_decode(key): _decode(item) for key, item in value[_DICT]}
    return value
