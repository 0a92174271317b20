"""The code digest: one hash of all code of ours that a function can reach.

It holds still under comments, docstrings and formatting, on every Python from 3.11, and moves
with everything else. The jobs' specs carry it, so an edit reruns what it can have changed.

A module that reads files of the package, or starts them as programs, names them:
`DIGEST_FILES = ("inside/*.py", "page.html")`, patterns relative to its own folder.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

from crest.digest.closure import Closure, trace
from crest.digest.modules import Package
from crest.digest.pieces import Examiner
from crest.digest.snapshot import snapshot

__all__ = ["Closure", "code_closure", "code_digest", "snapshot"]

_ROOT = Path(__file__).parents[2]
_Choices = tuple[tuple[str, tuple[str, ...]], ...]


def code_digest(
    entry: str, choices: Mapping[str, Sequence[str]] | None = None, *, root: Path = _ROOT
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
    entry: str, choices: Mapping[str, Sequence[str]] | None = None, *, root: Path = _ROOT
) -> Closure:
    """Return the reached symbols with their own hashes; see `code_digest`.

    Our own code is read once in a process, so that all specs of a workflow describe the same
    moment. The files of another `root` are read at every call; equal files are traced once.
    """
    package = entry.partition(":")[0].partition(".")[0]
    chosen = tuple(sorted((name, tuple(keys)) for name, keys in (choices or {}).items()))
    if root == _ROOT:
        return _trace_own(package, entry, chosen)
    return _trace_other(root, snapshot(root / package), package, entry, chosen)


@lru_cache(maxsize=4096)
def _trace_own(package: str, entry: str, choices: _Choices) -> Closure:
    return trace(_own_examiner(package), entry, dict(choices))


@cache
def _own_examiner(package: str) -> Examiner:
    return Examiner(Package(_ROOT, package))


@lru_cache(maxsize=1024)
def _trace_other(root: Path, content: str, package: str, entry: str, choices: _Choices) -> Closure:
    return trace(_other_examiner(root, content, package), entry, dict(choices))


@lru_cache(maxsize=4)
def _other_examiner(root: Path, _content: str, package: str) -> Examiner:
    return Examiner(Package(root, package))
