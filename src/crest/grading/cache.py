"""Verdicts known from earlier, in a SQLite file that several processes share.

A verdict is a function of its key: program, calls, expected values, limits, level of the jail,
Python version, and the grader's own version. So the file may be deleted at any time, and no run
depends on it but in speed. Verdicts of the wall-clock back-stop are not in it.
"""

import hashlib
import marshal
import platform
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from crest.failures import MendableError
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import SandboxLevel
from crest.grading.version import grader_version
from crest.records import Status, Submission, Verdict
from crest.testing import Tests

T = TypeVar("T")
LOOK_UP_ROWS = 500  # variables in one statement
BUSY_S = 60.0
SCHEMA = """CREATE TABLE IF NOT EXISTS verdicts
(key BLOB PRIMARY KEY, status TEXT NOT NULL, flags TEXT NOT NULL) WITHOUT ROWID"""


def submission_keys(
    submissions: Sequence[Submission], limits: GradingLimits, level: SandboxLevel
) -> list[bytes]:
    """Return for each submission the SHA-256 over all that decides its verdict, in order.

    Tests that several submissions share are read once.

    Raises:
        ValueError: A call or an expected value is no plain builtin.
    """
    conditions = _conditions(limits, level)
    digests: dict[int, bytes] = {}
    keys = []
    for submission in submissions:
        tests = submission.tests
        if id(tests) not in digests:
            digests[id(tests)] = conditions + _tests_digest(tests)
        source = marshal.dumps(submission.source, 2)  # knows lone surrogates too
        keys.append(hashlib.sha256(digests[id(tests)] + source).digest())
    return keys


def _tests_digest(tests: Tests) -> bytes:
    try:  # version 2 knows no references: equal values, equal bytes
        content = marshal.dumps((type(tests).__name__, *_fields(tests)), 2)
    except ValueError as error:
        raise ValueError(
            f"calls or expected values are not plain: use builtins ({error}): {tests}"
        ) from error
    return hashlib.sha256(content).digest()


def _fields(value: Any) -> tuple[Any, ...]:
    """Return a test's fields, those of its rule in the rule's place."""
    values = (getattr(value, each.name) for each in fields(value))
    return tuple(_fields(each) if is_dataclass(each) else each for each in values)


class CacheError(MendableError, RuntimeError):
    """The file of verdicts cannot be used."""


class VerdictCache:
    """A table from keys to verdicts, in the file `path`; open one a process.

    Raises:
        CacheError: The file is of another kind or damaged, or its disk is full or read-only. So
            do `look_up` and `store`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection = self._open()

    def look_up(self, keys: Sequence[bytes], level: str = "") -> dict[bytes, Verdict]:
        """Return the known verdicts among `keys`, which are all of one level."""
        rows: list[tuple[bytes, str, str]] = []
        for start in range(0, len(keys), LOOK_UP_ROWS):
            rows += self._rows(keys[start : start + LOOK_UP_ROWS])
        return {key: _verdict(status, flags, level) for key, status, flags in rows}

    def store(self, verdicts: Mapping[bytes, Verdict]) -> None:
        """Add verdicts; those already there stay."""
        rows = [(key, each.status.value, _flags(each)) for key, each in verdicts.items()]
        self._persistently(lambda connection: _insert(connection, rows))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, str, str]]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, status, flags FROM verdicts WHERE key IN ({marks})"  # noqa: S608
        return self._persistently(lambda connection: connection.execute(query, keys).fetchall())

    def _persistently(self, act: Callable[[sqlite3.Connection], T]) -> T:
        """Act on the file; if it was deleted meanwhile, on a new one."""
        try:
            return act(self._connection)
        except sqlite3.OperationalError:
            self._connection.close()
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error
        try:
            return act(self._connection)
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = sqlite3.connect(self.path, timeout=BUSY_S, isolation_level=None)
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
        except sqlite3.DatabaseError as error:
            connection.close()
            raise self._unusable(error) from error
        return connection

    def _unusable(self, error: sqlite3.DatabaseError) -> CacheError:
        """Return the failure as one line: SQLite's operational errors are those of the machine."""
        if isinstance(error, sqlite3.OperationalError):
            return CacheError(
                f"{self.path}: verdicts cannot be kept ({error}); make its disk writable, with free"
                f" space, or make {self.path.parent} a link to a folder elsewhere"
            )
        return CacheError(
            f"{self.path} is no verdict cache ({error}): delete it and what lies beside it under"
            f" the same name ({self.path.name}-*); nothing is lost"
        )


@cache
def _conditions(limits: GradingLimits, level: SandboxLevel) -> bytes:
    python = (platform.python_implementation(), platform.python_version())
    conditions = (astuple(limits), astuple(level), python, grader_version())
    return hashlib.sha256(repr(conditions).encode()).digest()


def _insert(connection: sqlite3.Connection, rows: Iterable[tuple[bytes, str, str]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        connection.executemany("INSERT OR IGNORE INTO verdicts VALUES (?, ?, ?)", rows)


def _flags(verdict: Verdict) -> str:
    return "".join("1" if passed else "0" for passed in verdict.passed_tests)


def _verdict(status: str, flags: str, level: str) -> Verdict:
    return Verdict(Status(status), tuple(flag == "1" for flag in flags), level)
