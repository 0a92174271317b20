"""A disk of a few MB that a test can fill, empty and make read-only, in a namespace of its own.

Only programs that are started in the namespace see the mount, so nothing of it outlives the test.
The test itself looks at it by the `/proc/PID/root` of the process that holds the namespace.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest

FILLER = "filler"
BLOCK = 4096


@dataclass(frozen=True)
class SmallDisk:
    """A mounted disk.

    Attributes:
        folder: Where the test finds it.
    """

    folder: Path
    _holder: subprocess.Popen[str]
    _mounted: Path

    def inside(self, folder: Path) -> list[str]:
        """Return the start of a command line that runs the rest in a folder, with the disk."""
        target = f"--target={self._holder.pid}"
        return [
            "nsenter",
            target,
            "--user",
            "--mount",
            "--preserve-credentials",
            f"--wdns={folder}",
        ]

    def fill(self, *, free: int) -> None:
        """Leave no more than some bytes free, in whole blocks."""
        filler = self.folder / FILLER
        with filler.open("wb") as file:
            left = os.statvfs(self.folder).f_bavail * BLOCK
            os.posix_fallocate(file.fileno(), 0, max(left - free, 1))

    def empty(self) -> None:
        """Free what `fill` took."""
        (self.folder / FILLER).unlink()

    def make_read_only(self) -> None:
        """Let nobody write, root neither."""
        self._do(f"mount -o remount,ro {self._mounted}")

    def make_writable(self) -> None:
        """Let everybody write again."""
        self._do(f"mount -o remount,rw {self._mounted}")

    def _do(self, command: str) -> None:
        assert self._holder.stdin is not None
        assert self._holder.stdout is not None
        print(f"{command} 2>&1 && echo done", file=self._holder.stdin, flush=True)
        answer = self._holder.stdout.readline()
        if answer != "done\n":
            pytest.skip(f"no disk of our own can be mounted here: {command}: {answer.strip()}")


@contextmanager
def small_disk(place: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk over a folder, for programs inside alone; skip where that is denied.

    Args:
        place: The folder; made here if it is not there. What lies in it is hidden.
        megabytes: Size of the disk.
    """
    place.mkdir(parents=True, exist_ok=True)
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=STDOUT, text=True) as holder:
        try:
            disk = SmallDisk(Path(f"/proc/{holder.pid}/root{place}"), holder, place)
            disk._do(f"mount -t tmpfs -o size={megabytes}m tmpfs {place}")
            yield disk
        finally:
            holder.kill()
