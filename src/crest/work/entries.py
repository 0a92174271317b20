"""Entries of a work folder: files, then a marker that makes them count.

A marker holds the checksum of each file, of itself and of the marker before it, so that what was
cut off, changed, or put in from another folder is told from what was written.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crest.checksums import sha256_of
from crest.storage import naming, write_bytes

Writer = Callable[[Path], Any]
"""Fills a new file at a path."""


class TornError(ValueError):
    """What was written to a work folder is not there, or not as it was written."""


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file of an entry.

    Attributes:
        sha256: Of its bytes.
        transient: Whether it is needed only to go on, and dropped two entries later.
    """

    sha256: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A finished piece of a job.

    Attributes:
        work: Name of the work folder that it belongs to.
        number: Its place in the order of entries, from 0.
        before: Checksum of the marker before it, or nothing.
        reached: How far the job came with it, such as `step 7 of 20`.
        values: Plain values of the job, as JSON gives them back.
        files: Its files by name.
    """

    work: str
    number: int
    before: str
    reached: str
    values: Mapping[str, Any]
    files: Mapping[str, FileSum]

    @property
    def check(self) -> str:
        """Checksum of all of it."""
        text = json.dumps(asdict(self), sort_keys=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def marker_path(folder: Path, number: int) -> Path:
    """Return where an entry's marker lies."""
    return folder / f"entry-{number:05d}.json"


def file_path(folder: Path, number: int, name: str) -> Path:
    """Return where a file of an entry lies."""
    return folder / f"entry-{number:05d}-{name}"


def number_of(path: Path) -> int | None:
    """Return the number of the entry that a marker or file belongs to, or None for neither."""
    prefix, _, rest = path.name.partition("-")
    digits = rest[:5]
    return int(digits) if prefix == "entry" and digits.isdecimal() and len(digits) == 5 else None


def marker_numbers(folder: Path) -> list[int]:
    """Return the numbers of all entries that have a marker, whole or not."""
    numbered = [(number_of(path), path) for path in folder.glob("entry-*.json")]
    return [
        number
        for number, path in numbered
        if number is not None and path == marker_path(folder, number)
    ]


def write_file(path: Path, write: Writer) -> str:
    """Write a file of an entry and return its SHA-256; the marker's writing puts it on disk too."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        with naming(path):
            write(temporary)
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return digest


def write_marker(entry: Entry, folder: Path) -> None:
    """Write an entry's marker: from now on it counts."""
    text = json.dumps({"form": 1, **asdict(entry), "check": entry.check}, indent=1, sort_keys=True)
    write_bytes(f"{text}\n".encode(), marker_path(folder, entry.number))


def read_marker(path: Path) -> Entry:
    """Return the entry of a marker.

    Raises:
        TornError: It is missing or damaged.
    """
    try:
        value = json.loads(path.read_bytes())
        files = {name: FileSum(**each) for name, each in value.pop("files").items()}
        check = value.pop("check")
        del value["form"]
        entry = Entry(files=files, **value)
    except (FileNotFoundError, IsADirectoryError):
        raise TornError(f"{path.name} is missing") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TornError(f"{path.name} cannot be read ({type(error).__name__})") from None
    if entry.check != check:
        raise TornError(f"{path.name} does not hold what was written to it")
    return entry


def check_files(entry: Entry, folder: Path, *, transient: bool) -> None:
    """Check the files of an entry that are transient, or those that are not.

    Raises:
        TornError: One is missing or damaged.
    """
    for name, each in entry.files.items():
        if each.transient is transient:
            check_file(file_path(folder, entry.number, name), each.sha256)


def check_file(path: Path, sha256: str) -> None:
    """Check one file.

    Raises:
        TornError: It is missing or damaged.
    """
    try:
        found = sha256_of(path)
    except (FileNotFoundError, IsADirectoryError):
        raise TornError(f"{path.name} is missing") from None
    if found != sha256:
        raise TornError(f"{path.name} does not hold what was written to it")


def whole_entries(folder: Path, work: str) -> tuple[list[Entry], str]:
    """Return the longest row of entries from the first on that a job can go on from.

    Returns:
        The entries, and what is wrong with the one after them; nothing if there is none.
    """
    last = max(marker_numbers(folder), default=-1)
    entries: list[Entry] = []
    fault = ""
    try:
        for number in range(last + 1):
            entries.append(_whole_entry(folder, number, work, entries))
    except TornError as error:
        fault = str(error)
    while entries:
        try:
            check_files(entries[-1], folder, transient=True)
        except TornError as error:
            fault = fault or str(error)
            entries.pop()
        else:
            break
    return entries, fault


def _whole_entry(folder: Path, number: int, work: str, earlier: list[Entry]) -> Entry:
    path = marker_path(folder, number)
    entry = read_marker(path)
    before = earlier[-1].check if earlier else ""
    if (entry.work, entry.number, entry.before) != (work, number, before):
        raise TornError(f"{path.name} belongs to another row of entries")
    check_files(entry, folder, transient=False)
    return entry
