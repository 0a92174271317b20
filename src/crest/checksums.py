"""Checksums of files, and of checkpoint folders in the format of `sha256sum`."""

import hashlib
from pathlib import Path

from crest.failures import MendableError

SUMS = "SHA256SUMS"
"""The file of a checkpoint folder that names its other files; written last, it makes it whole."""


class DamagedFileError(MendableError, ValueError):
    """A file does not hold what was written to it."""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def format_sums(folder: Path) -> str:
    """Return a line for each file of a folder, hidden ones left out, as `sha256sum` writes it."""
    files = (path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
    return "".join(f"{sha256_of(path)}  {path.name}\n" for path in files if path.name != SUMS)


def read_sums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that a checkpoint's `SHA256SUMS` names.

    Raises:
        FileNotFoundError: The folder has none, so it is no checkpoint, or half of one.
        DamagedFileError: A line is not one of `sha256sum`.
    """
    path = folder / SUMS
    sums = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, separator, name = line.partition("  ")
        if len(digest) != 64 or not separator or not name or "/" in name:
            raise DamagedFileError(_damage(path, f"has the line {line!r}"))
        sums[name] = digest
    return sums


def check_sums(folder: Path) -> None:
    """Check that a checkpoint's files are those that its `SHA256SUMS` names.

    Raises:
        FileNotFoundError: The folder is no checkpoint.
        DamagedFileError: A file is missing, or holds other bytes.
    """
    for name, digest in read_sums(folder).items():
        path = folder / name
        if not path.is_file():
            raise DamagedFileError(_damage(path, f"is missing, but {SUMS} names it"))
        if sha256_of(path) != digest:
            raise DamagedFileError(_damage(path, f"does not hold the bytes that {SUMS} names"))


def how_to_remake(path: Path) -> str:
    """Return what helps against a damaged file that a rule makes.

    Made alone, it has its old bytes before Snakemake looks at what was made from it, and that
    stays; otherwise all of that would be made anew as well.
    """
    return (
        f"delete {path}, run snakemake with that path as its first argument, which makes it anew,"
        " and then run snakemake again"
    )


def _damage(path: Path, what: str) -> str:
    return f"{path} {what}; {how_to_remake(path.parent / SUMS)}"
