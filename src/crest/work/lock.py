"""Locks that say who holds them: one process at a time, refused at once, gone with the process.

Covers: processes of one machine, and of several wherever their shared file system has `flock`, as
NFS does. Does not cover: a shared file system mounted with locks of each machine alone.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from crest.failures import MendableError
from crest.storage import naming

_TRIES, _PAUSE_S = 3, 0.02
"""A holder may just be removing the lock, and one who only asks holds it for a moment."""


class InUseError(MendableError, BlockingIOError):
    """Another live process holds the lock."""


@contextmanager
def locked(path: Path, what: Path) -> Iterator[None]:
    """Hold a lock during the block.

    Args:
        path: The lock's file, made and removed here.
        what: That which is locked, for the message.

    Raises:
        InUseError: Another process holds it; names the process, its machine and since when.
        MendableError: The file system has no locks.
    """
    with _taken(path, what) as file:
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        try:
            with naming(path):
                os.truncate(file.fileno(), 0)
                os.write(file.fileno(), json.dumps(holder).encode())
            yield
        finally:
            path.unlink(missing_ok=True)


def is_held(path: Path) -> bool:
    """Return whether a live process holds a lock's file."""
    try:
        file = path.open("r+", encoding="utf-8")
    except FileNotFoundError:
        return False
    with file:
        return not _lock(file, path)


def _taken(path: Path, what: Path) -> IO[str]:
    """Return the lock's open file, locked."""
    holder = "another process"
    for _ in range(_TRIES):
        file = path.open("a+", encoding="utf-8")
        if _lock(file, path):
            if _names(path, file):
                return file
        else:
            holder = _holder(file)
        file.close()
        time.sleep(_PAUSE_S)
    raise InUseError(f"{what}: {holder} works in it; wait for that process, or end it")


def _lock(file: IO[str], path: Path) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        file.close()
        raise MendableError(
            f"{path}: this file system has no locks ({error.strerror}); make .crest a link to a"
            " folder on one that has"
        ) from None
    return True


def _names(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _holder(file: IO[str]) -> str:
    file.seek(0)
    try:
        holder = json.loads(file.read())
        return f"process {holder['pid']} on {holder['host']} (since {holder['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
