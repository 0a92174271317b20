"""The work folder of a job that may last: opened by one process, checked, and gone on from.

Covers: a kill or a full disk at any moment; the folder then holds whole entries, the last one
included. Files that were cut off, changed or exchanged: they are set aside with a message, and the
job goes on from the last entry that is whole. A folder of another job: set aside as a whole.
Does not cover: a change that keeps every checksum.
"""

import json
import logging
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from crest.checksums import DamagedFileError
from crest.stopping import Stopped, finish_first, unmasked_stop
from crest.work import identity as identities
from crest.work.entries import (
    Entry,
    FileSum,
    TornError,
    Writer,
    check_file,
    file_path,
    marker_path,
    number_of,
    whole_entries,
    write_file,
    write_marker,
)
from crest.work.identity import Identity, identity_of
from crest.work.lock import is_held, locked

ROOT = Path(".crest/work")
SET_ASIDE = "set-aside"
"""Folder beside the root, of what was not as it should be; nothing in it is ever used."""

_KEPT_TRANSIENT = 2  # entries whose transient files are kept: the last may turn out to be torn
_DISCARDED = ".discarded"
log = logging.getLogger(__name__)


@contextmanager
def open_work(spec: str, inputs: Sequence[Path], *, root: Path = ROOT) -> Iterator["Work"]:
    """Open the work folder of a job for this process alone; log where it goes on from.

    Args:
        spec: The job's spec.
        inputs: All files that the job reads; for a checkpoint, its `SHA256SUMS`.
        root: Folder of all work folders.

    Raises:
        InUseError: Another process works in it.
    """
    identity = Identity.of(spec, inputs)
    folder = root / identity.name
    root.mkdir(parents=True, exist_ok=True)
    with locked(lock_of(folder), folder):
        shutil.rmtree(folder.with_suffix(_DISCARDED), ignore_errors=True)
        work = Work(folder, _opened(folder, identity))
        if work.last is not None:
            log.info("resumed after %s", work.last.reached)
        try:
            with unmasked_stop():
                yield work
        except Stopped as stop:
            stop.reached = "" if work.last is None else work.last.reached
            raise


def lock_of(folder: Path) -> Path:
    """Return the file whose lock says that a process works in a folder."""
    return folder.with_suffix(".lock")


def in_use(folder: Path) -> bool:
    """Return whether a live process works in a folder."""
    return is_held(lock_of(folder))


class Work:
    """Reads and writes of one work folder; made by `open_work`.

    Attributes:
        folder: Where it lies.
    """

    def __init__(self, folder: Path, entries: Sequence[Entry]) -> None:
        self.folder = folder
        self._entries = list(entries)

    @property
    def entries(self) -> Sequence[Entry]:
        """All entries, in order."""
        return tuple(self._entries)

    @property
    def last(self) -> Entry | None:
        """The last entry, if there is one."""
        return self._entries[-1] if self._entries else None

    def path(self, number: int, name: str) -> Path:
        """Return a file of an entry, whose bytes are those that were written.

        Raises:
            DamagedFileError: It was changed while the folder was open.
        """
        path = file_path(self.folder, number, name)
        try:
            check_file(path, self._entries[number].files[name].sha256)
        except TornError as error:
            raise DamagedFileError(
                f"{self.folder}: {error}; it was whole when this job opened it, so end what else"
                " writes there, and run again"
            ) from None
        return path

    def commit(
        self,
        reached: str,
        values: Mapping[str, Any],
        *,
        files: Mapping[str, Writer] | None = None,
        transient: Mapping[str, Writer] | None = None,
    ) -> Entry:
        """Add an entry; when this returns it outlives a kill, and before that it does not count.

        A signal to stop waits until then. After an error the folder holds what it held before.

        Args:
            reached: How far the job has come, for messages: `step 7 of 20`.
            values: Plain values, as JSON holds them.
            files: What fills each file, by the file's name.
            transient: Likewise, of files that are dropped two entries later.

        Raises:
            OSError: The disk is full, or cannot be written.
        """
        entry = Entry(
            work=self.folder.name,
            number=len(self._entries),
            before="" if self.last is None else self.last.check,
            reached=reached,
            values=json.loads(json.dumps(values, allow_nan=False)),
            files={},
        )
        with finish_first():
            try:
                entry = self._written(entry, files or {}, transient or {})
            except BaseException:
                with suppress(OSError):  # what is left is removed when the folder is next opened
                    self._remove(entry.number)
                raise
            self._entries.append(entry)
            self._drop_transient(entry.number - _KEPT_TRANSIENT)
        return entry

    def discard(self) -> None:
        """Delete the folder, once all outputs of its job are written."""
        with finish_first():
            discarded = self.folder.rename(self.folder.with_suffix(_DISCARDED))
            self._entries.clear()
            shutil.rmtree(discarded, ignore_errors=True)

    def _written(
        self, entry: Entry, files: Mapping[str, Writer], transient: Mapping[str, Writer]
    ) -> Entry:
        sums = {}
        for group, fleeting in ((files, False), (transient, True)):
            for name, write in group.items():
                path = file_path(self.folder, entry.number, name)
                sums[name] = FileSum(write_file(path, write), fleeting)
        whole = Entry(entry.work, entry.number, entry.before, entry.reached, entry.values, sums)
        write_marker(whole, self.folder)
        return whole

    def _remove(self, number: int) -> None:
        """Remove what there is of an entry, its marker before its files."""
        marker_path(self.folder, number).unlink(missing_ok=True)
        for path in _paths_of(self.folder, number):
            path.unlink(missing_ok=True)

    def _drop_transient(self, number: int) -> None:
        if number >= 0:
            for path in _transient_paths(self.folder, self._entries[number]):
                path.unlink(missing_ok=True)


def _opened(folder: Path, identity: Identity) -> list[Entry]:
    """Return the entries of a folder that is there, whole, and this job's, whatever it was."""
    fault = _foreign(folder, identity)
    entries: list[Entry] = []
    if not fault:
        entries, fault = whole_entries(folder, identity.name)
    if fault and not entries:
        place = _place_aside(folder)
        folder.rename(place)
        log.warning("%s: %s; set aside as %s, and started afresh", folder, fault, place)
    elif fault:
        place = _set_entries_aside(folder, first=len(entries))
        log.warning("%s: %s; set aside in %s", folder, fault, place)
    if not (folder / identities.FILE).exists():
        folder.mkdir(exist_ok=True)
        identity.write(folder)
    _remove_leftovers(folder, entries)
    return entries


def _foreign(folder: Path, identity: Identity) -> str:
    """Return why a folder is not one of this job's; nothing if it is, or if there is none."""
    if not folder.exists():
        return ""
    if not folder.is_dir():
        return "it is no folder"
    try:
        found = identity_of(folder)
    except FileNotFoundError:
        others = [path.name for path in folder.iterdir() if path.suffix != ".part"]
        return f"it has no {identities.FILE}" if others else ""
    except ValueError as error:
        return str(error)
    if (found.spec, found.inputs) != (identity.spec, identity.inputs):
        return f"its {identities.FILE} names another job or other inputs"
    return ""


def _place_aside(folder: Path) -> Path:
    """Return a path for what is set aside of a folder, where nothing lies yet."""
    aside = folder.parent.parent / SET_ASIDE
    aside.mkdir(exist_ok=True)
    number = 1
    while (place := aside / f"{folder.name}-{number}").exists():
        number += 1
    return place


def _set_entries_aside(folder: Path, *, first: int) -> Path:
    """Move all entries from one on; the last first, so that a kill leaves none in between."""
    place = _place_aside(folder)
    place.mkdir()
    numbered = [(number_of(path), path) for path in folder.glob("entry-*")]
    late = [(number, path) for number, path in numbered if number is not None and number >= first]
    for _, path in sorted(late, key=lambda pair: (-pair[0], pair[1].suffix != ".json")):
        path.rename(place / path.name)
    return place


def _remove_leftovers(folder: Path, entries: Sequence[Entry]) -> None:
    """Remove what a kill left of an entry that never counted, and files no longer needed."""
    for path in [*folder.glob(".*.part"), *_paths_of(folder, len(entries))]:
        path.unlink()
    for entry in entries[:-_KEPT_TRANSIENT]:
        for path in _transient_paths(folder, entry):
            path.unlink(missing_ok=True)


def _paths_of(folder: Path, number: int) -> list[Path]:
    """Return the files of an entry that are there, without its marker."""
    return list(folder.glob(f"{marker_path(folder, number).stem}-*"))


def _transient_paths(folder: Path, entry: Entry) -> list[Path]:
    return [
        file_path(folder, entry.number, name)
        for name, each in entry.files.items()
        if each.transient
    ]
