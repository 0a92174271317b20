"""Problems on disk: one Parquet row each, the tests as JSON text."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from crest.records import Problem
from crest.storage import read_table, write_parquet
from crest.tasks.origin import Origin
from crest.tasks.program_text import program_text, with_prelude
from crest.testing import FunctionTests, ProgramTests, ReplayTests, Tests, TextRule, ValueRule

_SCHEMA = {
    "task_id": pl.String,
    "family": pl.String,
    "level": pl.Int64,
    "prompt": pl.String,
    "reference": pl.String,
    "tests": pl.String,
    "continues_prompt": pl.Boolean,
    "prelude": pl.String,
}
_ORIGIN = {
    "source": "name",
    "format": "format",
    "licence": "licence",
    "sha256": "sha256",
    "revision": "revision",
}
_KINDS = {"function": FunctionTests, "program": ProgramTests, "replay": ReplayTests}
_RULES = {"function": ValueRule, "program": TextRule}
_WORD = 1 << 63


def problem_source(problem: Problem, completion: str) -> str:
    """Return the program that a completion makes of a problem's prompt; empty if it holds none."""
    program = problem.prompt + completion if problem.continues_prompt else program_text(completion)
    return with_prelude(problem.prelude, program)


def write_problems(
    problems: Sequence[Problem],
    path: Path,
    *,
    stamp: str | None = None,
    origin: Origin | None = None,
) -> None:
    """Write problems atomically, in order.

    Args:
        problems: What to write.
        path: A Parquet file.
        stamp: What made them.
        origin: The data set that they are from; None for problems made here.

    Raises:
        TypeError: A call or an expected value is no plain builtin.
    """
    rows = [
        {
            **{name: getattr(problem, name) for name in _SCHEMA},
            "tests": dump_tests(problem.tests),
        }
        for problem in problems
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA)
    if origin is not None:
        frame = frame.with_columns(
            pl.lit(getattr(origin, field)).alias(column) for column, field in _ORIGIN.items()
        )
    write_parquet(frame, path, stamp=stamp)


def read_problems(path: Path) -> list[Problem]:
    """Return the problems that `write_problems` wrote, in order.

    Raises:
        FileNotFoundError: No such file.
        DamagedFileError: The file is no whole table, or lacks a column.
    """
    return [
        Problem(**{**row, "tests": load_tests(row["tests"])})
        for row in read_table(path, list(_SCHEMA)).iter_rows(named=True)
    ]


def read_origin(path: Path) -> Origin | None:
    """Return the data set that the problems of a file are from, None for problems made here."""
    rows = pl.scan_parquet(path).head(1).collect().to_dicts()
    if not rows or "source" not in rows[0]:
        return None
    return Origin(**{field: rows[0][column] for column, field in _ORIGIN.items()})


def dump_tests(tests: Tests) -> str:
    """Return tests as JSON text from which `load_tests` restores them.

    Raises:
        TypeError: A call or an expected value is no plain builtin.
    """
    kind = next(name for name, each in _KINDS.items() if type(tests) is each)
    values = {field.name: getattr(tests, field.name) for field in fields(tests)}
    if kind in _RULES:
        rule = values["rule"]
        values["rule"] = {field.name: getattr(rule, field.name) for field in fields(rule)}
    return dump_value({"kind": kind, **values})


def load_tests(text: str) -> Tests:
    """Return the tests that `dump_tests` wrote."""
    values = load_value(text)
    kind = values.pop("kind")
    if kind in _RULES:
        values["rule"] = _RULES[kind](**values["rule"])
    tests: Tests = _KINDS[kind](**values)
    return tests


def dump_value(value: Any) -> str:
    """Return a value as JSON text in ASCII from which `load_value` restores value and types.

    None, truth values, texts, lists, finite floats and integers of 64 bits are JSON as they are.
    All else is an object with one key: `tuple`, `set`, `frozenset` (lists), `dict` (a list of
    pairs), `int` (hexadecimal, of any length), `float` (nan, inf, -inf), `complex` (two floats)
    and `bytes` (hexadecimal). Equal sets make equal text.

    Raises:
        TypeError: The value holds something else.

    Example:
        >>> dump_value([1, (True, {2}), b"x"])
        '[1,{"tuple":[true,{"set":[2]}]},{"bytes":"78"}]'
    """
    return json.dumps(_encode(value), separators=(",", ":"), allow_nan=False)


def load_value(text: str) -> Any:
    """Return the value that `dump_value` wrote."""
    return json.loads(text, object_hook=_build)


def _encode(value: Any) -> Any:
    if value is None or type(value) in {bool, str}:
        return value
    if type(value) is list:
        return [_encode(item) for item in value]
    if type(value) is int:
        return value if -_WORD <= value < _WORD else {"int": f"{value:x}"}
    if type(value) is float:
        return value if isfinite(value) else {"float": repr(value)}
    if type(value) in _TAGGED:
        return {type(value).__name__: _TAGGED[type(value)](value)}
    raise TypeError(
        f"a problem holds {value!r} of type {type(value).__name__}: calls and expected values may "
        "hold only None, bool, int, float, complex, str, bytes, list, tuple, dict, set and "
        "frozenset"
    )


def _encode_items(items: Iterable[Any]) -> list[Any]:
    return [_encode(item) for item in items]


def _encode_set(items: Iterable[Any]) -> list[Any]:
    return sorted(_encode_items(items), key=json.dumps)


def _encode_pairs(pairs: dict[Any, Any]) -> list[Any]:
    return [_encode_items(pair) for pair in pairs.items()]


def _encode_complex(value: complex) -> list[Any]:
    return [_encode(value.real), _encode(value.imag)]


_TAGGED: dict[type, Callable[[Any], Any]] = {
    tuple: _encode_items,
    set: _encode_set,
    frozenset: _encode_set,
    dict: _encode_pairs,
    complex: _encode_complex,
    bytes: bytes.hex,
}
_BUILDERS: dict[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict": dict,
    "complex": lambda parts: complex(*parts),
    "bytes": bytes.fromhex,
    "int": lambda digits: int(digits, 16),
    "float": float,
}


def _build(tagged: dict[str, Any]) -> Any:
    ((tag, payload),) = tagged.items()
    return _BUILDERS[tag](payload)
