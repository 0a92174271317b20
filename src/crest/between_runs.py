"""What happened to results between two runs: times in the future, and files with other bytes.

Snakemake deletes what a job made before it runs the job anew. So a damaged file must be found
before that, not by the job that cannot read it; and with an input from the future, which a clock
put back leaves, Snakemake deletes what each finished job made.

Covers: files that a record names, changed after the last job ended. Does not cover: files changed
without a change of time, or while jobs run; a job finds them by the record of their maker.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from crest.checksums import SUMS, how_to_remake, sha256_of
from crest.file_times import set_back
from crest.job_record import FOLDER, JobRecord, read_record, record_paths
from crest.tracking import Tracking

_NOT_MADE = {"logs", "benchmarks"}
SHOWN = 5


def mend_times(results: str) -> list[str]:
    """Set times in the future to the present, and return what to say about it.

    Args:
        results: Folder of the results.

    Raises:
        OSError: A time cannot be set.
    """
    late = set_back(_times(results), time.time())
    if not late:
        return []
    what = f"{len(late)} files were from the future ({late[0]} ...), so the clock was put back"
    return [f"{results}: {what}; they count as made now, and nothing is lost"]


def find_changed(results: str, tracking: Tracking) -> list[str]:
    """Return what to say about files that do not hold the bytes that their jobs wrote.

    Costs a look at each file's time when nothing was changed since the last job ended.

    Args:
        results: Folder of the results.
        tracking: Snakemake's memory. Jobs that it does not know, or never saw to end, are left
            out: their files are adopted or made anew.
    """
    times = _times(results)
    last_job = max((at for path, at in times.items() if _is_record(path, results)), default=0.0)
    younger = {
        path for path, at in times.items() if at > last_job and not _is_record(path, results)
    }
    if not younger:
        return []
    changed = list(_changed(younger, results, tracking))
    more = [f"and {len(changed) - SHOWN} more"] if len(changed) > SHOWN else []
    return [*changed[:SHOWN], *more]


def _changed(paths: Iterable[str], results: str, tracking: Tracking) -> Iterator[str]:
    left = set(paths)
    for record_path, record in _records(results):
        own = {f"{results}/{file.path}": file.sha256 for file in record.output_files()}
        suspects = left & own.keys()
        if not suspects or not tracking.knows(record_path) or tracking.interrupted([record_path]):
            continue
        for path in sorted(suspects):
            if sha256_of(Path(path)) != own[path]:
                what = f"{path} does not hold the bytes that its job wrote, by {record_path}"
                yield f"{what}; put them back, or {how_to_remake(Path(path))}"


def _records(results: str) -> Iterator[tuple[str, JobRecord]]:
    for path in record_paths(Path(results)):
        try:
            yield str(path), read_record(path)
        except ValueError:  # it says nothing of any file; `crest verify` names it
            continue


def _is_record(path: str, results: str) -> bool:
    return path.startswith(f"{results}/{FOLDER}/")


def _times(results: str) -> Mapping[str, float]:
    """Return the time of every file that jobs read or write, in seconds since 1970."""
    times = {}
    for folder, folders, names in os.walk(results):
        if folder == results:
            folders[:] = [name for name in folders if name not in _NOT_MADE]
        for name in names:
            path = f"{folder}/{name}"
            if SUMS in names and name != SUMS:
                continue  # Snakemake knows a checkpoint by this file
            try:
                times[path] = os.stat(path).st_mtime  # noqa: PTH116 (thousands of files)
            except FileNotFoundError:
                continue
    return times
