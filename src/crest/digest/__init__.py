"""The code digest: one hash of all code of ours that a function can reach.

It holds still under comments, docstrings and formatting, on every Python from 3.11, and moves
with everything else that a function can reach, but not with where that lies. The jobs' specs
carry it, so an edit reruns what it can have changed.

A module that reads files of the package, or starts them as programs, names them:
`DIGEST_FILES = ("inside/*.py", "page.html")`, patterns relative to its own folder.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from crest.digest.closure import Closure, trace
from crest.digest.modules import Package
from crest.digest.pieces import Examiner, Key, Piece
from crest.digest.snapshot import snapshot

__all__ = [
    "OWN_ROOT",
    "Closure",
    "code_closure",
    "code_digest",
    "code_pieces",
    "code_snapshot",
    "code_texts",
]

OWN_ROOT = Path(__file__).parents[2]
"""Folder that holds the package whose code is running."""

_Choices = tuple[tuple[str, tuple[str, ...]], ...]


def code_digest(
    entry: str, choices: Mapping[str, Sequence[str]] | None = None, *, root: Path = OWN_ROOT
) -> str:
    """Return the SHA-256 of all code that a function can reach, as 64 hex digits.

    Args:
        entry: The function, as `crest.jobs.run_campaign:main`.
        choices: For each package behind a `Registry`, the entries that this use can name, as
            `{"crest.control": ["early_stop"]}`. All entries of a package without a choice join.
        root: Folder that holds the top-level package.

    Raises:
        ValueError: No such function, registry entry or file.
    """
    return code_closure(entry, choices, root=root).digest


def code_closure(
    entry: str, choices: Mapping[str, Sequence[str]] | None = None, *, root: Path = OWN_ROOT
) -> Closure:
    """Return the reached symbols with their own hashes; see `code_digest`.

    Our own code is read once in a process, so that all specs of a workflow describe the same
    moment. The files of another `root` are read at every call; equal files are traced once.
    """
    package = _package_of(entry)
    chosen = tuple(sorted((name, tuple(keys)) for name, keys in (choices or {}).items()))
    return _trace(root, _moment(root, package), package, entry, chosen)


def code_pieces(entry: str, keys: Iterable[Key], *, root: Path = OWN_ROOT) -> dict[Key, Piece]:
    """Return those of some pieces that there are, whether or not the entry is still there."""
    package = _package_of(entry)
    examiner = _examiner(root, _moment(root, package), package)
    found = {key: examiner.piece(key) for key in keys}
    return {key: piece for key, piece in found.items() if piece is not None}


def code_texts(entry: str, keys: Iterable[Key], *, root: Path = OWN_ROOT) -> dict[str, bytes]:
    """Return the files that some pieces lie in, by checksum."""
    package = _package_of(entry)
    examiner = _examiner(root, _moment(root, package), package)
    contents = {examiner.content(key) for key in keys}
    return {hashlib.sha256(content).hexdigest(): content for content in contents}


def code_snapshot(entry: str, *, root: Path = OWN_ROOT) -> str:
    """Return one SHA-256 over all files of an entry's package as they lie on disk now.

    Equal snapshots have equal digests, on one Python.
    """
    return snapshot(root / _package_of(entry))


def _package_of(entry: str) -> str:
    return entry.partition(":")[0].partition(".")[0]


def _moment(root: Path, package: str) -> str:
    """Return which state of the files is meant: for our own code, that of the first look."""
    return "" if root == OWN_ROOT else snapshot(root / package)


@lru_cache(maxsize=4096)
def _trace(root: Path, moment: str, package: str, entry: str, choices: _Choices) -> Closure:
    return trace(_examiner(root, moment, package), entry, dict(choices))


@lru_cache(maxsize=8)
def _examiner(root: Path, _moment: str, package: str) -> Examiner:
    return Examiner(Package(root, package))
