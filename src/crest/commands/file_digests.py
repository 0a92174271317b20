"""Checksums of many files, each hashed once, however many links lead to it."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from crest.checksums import sha256_of

AT_ONCE = 256
"""Files handed to a thread at a time; small ones cost less than handing them over."""


class FileDigests:
    """The SHA-256 of files, as they were when first asked for."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file's bytes, as 64 hex digits.

        Raises:
            OSError: It cannot be read.
        """
        inode = _inode(path)
        if inode not in self._known:
            self._known[inode] = sha256_of(path)
        return self._known[inode]

    def hash_all(self, paths: Iterable[Path], done: Callable[[int], None]) -> None:
        """Hash files on all cores; those that cannot be read are left out.

        Args:
            paths: The files.
            done: Called with a number of files, each time some more are finished.
        """
        files: dict[tuple[int, int], Path] = {}
        for path in paths:
            if path.is_file():
                files.setdefault(_inode(path), path)
        several = list(files.items())
        parts = [several[start : start + AT_ONCE] for start in range(0, len(several), AT_ONCE)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for known in pool.map(_hash_some, parts):
                self._known |= known
                done(len(known))


def _inode(path: Path) -> tuple[int, int]:
    stat = path.stat()
    return stat.st_dev, stat.st_ino


def _hash_some(files: Iterable[tuple[tuple[int, int], Path]]) -> dict[tuple[int, int], str]:
    known = {}
    for inode, path in files:
        try:
            known[inode] = sha256_of(path)
        except OSError:  # named when its digest is asked for
            continue
    return known
