"""One checksum of a package as it lies on disk: another byte anywhere, another checksum."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

_BYTECODE = "__pycache__"


def snapshot(package: Path) -> str:
    """Return the SHA-256 over the names and bytes of a package's files, bytecode left out."""
    digest = hashlib.sha256()
    for path in sorted(_files(str(package))):
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 (a third of the time)
            content = file.read()
        digest.update(f"{path[len(str(package)) :]}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                if entry.name != _BYTECODE:
                    yield from _files(entry.path)
            elif entry.is_file() and not entry.name.endswith(".pyc"):
                yield entry.path
