"""Facts of texts, kept from one process to the next.

They lie beside the bytecode of the package that they were read from, as one file. Facts are found
by the checksum of the text that they were read from, of the reading code, and the exact Python, so
that they can be missing but never out of date. A file that is torn, damaged or of other code is
read as empty; one that cannot be written is left. Nothing in it is more than a saving of time.
"""

import atexit
import gc
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from crest.digest.facts import Facts, facts_of, plain, read_facts

_LIMIT = 4000
"""Texts kept; the oldest beyond are dropped."""


class FactStore:
    """Facts by the checksum of a text.

    Attributes:
        path: The file that they are kept in.
        fresh: Whether some are not in the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fresh = False
        self._facts: dict[str, Facts] = {}
        self._kept: dict[str, list[Any]] | None = None

    def facts(self, content: bytes, checksum: str, name: str) -> Facts:
        """Return the facts of a text.

        Args:
            content: The text, in UTF-8.
            checksum: Its SHA-256.
            name: Names the text in errors.

        Raises:
            SyntaxError: It is no Python.
        """
        if checksum not in self._facts:
            if self._kept is None:
                self._kept = _read(self.path)
            if checksum in self._kept:
                self._facts[checksum] = facts_of(self._kept[checksum])
            else:
                with _no_collection():
                    self._facts[checksum] = read_facts(decoded(content), name)
                self.fresh = True
        return self._facts[checksum]

    def save(self) -> None:
        """Write what is not in the file yet, if the file can be written."""
        if not self.fresh:
            return
        self.fresh = False
        new = {checksum: plain(facts) for checksum, facts in self._facts.items()}
        kept = _read(self.path)
        older = [checksum for checksum in kept if checksum not in new]
        room = max(0, _LIMIT - len(new))
        facts = {checksum: kept[checksum] for checksum in older[len(older) - room :]} | new
        with suppress(OSError):
            _write(facts, self.path)


@cache
def store_of(package: Path) -> FactStore:
    """Return the store of a package's folder; it is saved when the process ends."""
    bytecode = Path(importlib.util.cache_from_source(str(package / "__init__.py")))
    store = FactStore(bytecode.with_name("digest.json"))
    atexit.register(store.save)
    return store


def decoded(content: bytes) -> str:
    """Return a file's text as Python reads it: every line end is a line feed."""
    text = content.decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Do not look for garbage meanwhile: a syntax tree is a crowd of objects, and none is any."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@cache
def _version() -> str:
    """Return what the form of facts depends on: this package's code, and Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read(path: Path) -> dict[str, list[Any]]:
    """Return the facts in a file, none where it is not whole or of other code."""
    with suppress(OSError, ValueError):
        head, _, body = path.read_bytes().partition(b"\n")
        if head.decode() == _head(body):
            kept: dict[str, list[Any]] = json.loads(body)
            return kept
    return {}


def _write(facts: dict[str, list[Any]], path: Path) -> None:
    body = json.dumps(facts, separators=(",", ":")).encode()
    path.parent.mkdir(parents=sys.pycache_prefix is not None, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(_head(body).encode() + b"\n" + body)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _head(body: bytes) -> str:
    return f"{_version()} {hashlib.sha256(body).hexdigest()}"
