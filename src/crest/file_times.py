"""Times of files in the order in which they were made, after a copy that set them in any order."""

import os
from collections.abc import Iterable, Mapping, Sequence

TOLERANCE_S = 1.0
"""By how much a file may be ahead: clocks of machines that share a disk differ a little."""


def settle_times(jobs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> None:
    """Make no file older than what it was made from; times only rise, to those of other files.

    Args:
        jobs: Paths of the files that each job read, and of those that it wrote. Missing ones count
            for nothing. A cycle of jobs comes to rest, too: at one time for all.

    Raises:
        OSError: A time cannot be set.
    """
    clock = _Clock()
    waiting = list(jobs)
    raised = True
    while raised:
        raised = False
        for inputs, outputs in waiting:
            newest = max((clock.of(path) for path in inputs), default=0)
            for path in outputs:
                raised |= clock.raise_to(path, newest)
    clock.set_all()


def set_back(times: Mapping[str, float], now: float) -> list[str]:
    """Give files from the future the present as their time; return their paths.

    Args:
        times: Of files, by path, in seconds since 1970.
        now: The present, likewise.

    Raises:
        OSError: A time cannot be set.
    """
    late = [path for path, at in times.items() if at > now + TOLERANCE_S]
    for path in late:
        os.utime(path, (now, now))
    return late


class _Clock:
    """Times of files in ns, one for all links to a file."""

    def __init__(self) -> None:
        self._inodes: dict[str, tuple[int, int] | None] = {}
        self._times: dict[tuple[int, int], int] = {}
        self._raised: dict[tuple[int, int], str] = {}

    def of(self, path: str) -> int:
        """Return a file's time; 0 if it is missing."""
        inode = self._look(path)
        return self._times[inode] if inode else 0

    def raise_to(self, path: str, time: int) -> bool:
        """Make a file no older than a time; return whether it was."""
        inode = self._look(path)
        if inode is None or self._times[inode] >= time:
            return False
        self._times[inode] = time
        self._raised[inode] = path
        return True

    def set_all(self) -> None:
        """Set the times that were raised."""
        for inode, path in self._raised.items():
            os.utime(path, ns=(self._times[inode], self._times[inode]))

    def _look(self, path: str) -> tuple[int, int] | None:
        if path not in self._inodes:
            try:
                stat = os.stat(path)  # noqa: PTH116 - a path object costs more than the look
            except FileNotFoundError:
                self._inodes[path] = None
                return None
            self._inodes[path] = stat.st_dev, stat.st_ino
            self._times.setdefault((stat.st_dev, stat.st_ino), stat.st_mtime_ns)
        return self._inodes[path]
