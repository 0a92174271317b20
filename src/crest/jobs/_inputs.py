"""Inputs of a job: the bytes that their jobs wrote, and no time in the future.

Covers: one changed bit in any file that a job of this study wrote. Does not cover: a file without
a record, such as one that a user put there.
"""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from crest.checksums import DamagedFileError, how_to_remake
from crest.file_times import set_back
from crest.job_record import FileRecord, JobRecord, read_record, record_paths

log = logging.getLogger(__name__)


def check_as_made(read: Sequence[FileRecord], results: Path) -> None:
    """Check that files hold the bytes that their jobs wrote.

    Args:
        read: The files as they are.
        results: Folder of the results, which holds the records.

    Raises:
        DamagedFileError: One holds others.
    """
    waiting = {file.path: file for file in read}
    for path in record_paths(results):
        if not waiting:
            return
        for made in _outputs(path, waiting):
            present = waiting.pop(made.path, None)
            if present is not None and present.sha256 != made.sha256:
                raise DamagedFileError(_message(made.path, path, results))


def mend_times(named: Mapping[str, Sequence[Path]]) -> None:
    """Set times in the future to the present.

    A clock that is put back leaves them. Snakemake takes an output that is older than an input for
    a failure, and deletes what the job made.

    Args:
        named: The files that the job reads, by what it calls them.
    """
    files = [path for each in named.values() for path in each]
    for path in set_back({str(path): path.stat().st_mtime for path in files}, time.time()):
        log.warning("%s was from the future, so the clock was put back; it counts as new", path)


def _outputs(path: Path, wanted: Collection[str]) -> Sequence[FileRecord]:
    """Return the files that a record's job wrote, if the record names any of those wanted."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if not any(f'"{name}"' in text for name in wanted):
        return []
    record = _record(path)
    return record.output_files() if record else []


def _record(path: Path) -> JobRecord | None:
    """Return a record; None for a damaged one, which says nothing of any file."""
    try:
        return read_record(path)
    except ValueError:
        return None


def _message(name: str, record: Path, results: Path) -> str:
    path = results / name
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    by = record.relative_to(results)
    what = f"{path} does not hold the bytes that its job wrote, by {by}"
    return f"{what}; put them back, or {how_to_remake(path)}"
