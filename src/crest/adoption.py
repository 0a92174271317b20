"""Make Snakemake know again what it forgot: files whose bytes are those of their jobs' records.

Without its memory, as in a fresh clone with results copied in, Snakemake takes every file for
fresh. What matches its record is remembered again, as if it had been made here. What does not, or
has no record, counts as never finished, so that Snakemake makes it anew.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crest.acceptances import ACCEPTED
from crest.checksums import SUMS, read_sums
from crest.file_digests import FileDigests
from crest.file_times import settle_times
from crest.job_record import FOLDER, FileRecord, JobRecord, read_record
from crest.tracking import Memory, Tracking

NO_OUTPUTS = {FOLDER, "logs", "benchmarks", "reference", "README.md", ACCEPTED}
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was done about forgotten files.

    Attributes:
        results: The folder of results.
        adopted: Records of jobs whose files are known again.
        refused: Why a record's files are to be made anew, by record.
        unrecorded: Files that no record names; they are to be made anew.
        unsettled: Why times of files could not be put in order, if they could not.
    """

    results: str
    adopted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    unrecorded: tuple[str, ...] = ()
    unsettled: str = ""

    def news(self) -> list[str]:
        """Return what was adopted, in words."""
        jobs = len(self.adopted)
        return (
            [f"{self.results}: {jobs} finished jobs known again by their records"] if jobs else []
        )

    def warnings(self) -> list[str]:
        """Return what was not, in words."""
        lines: list[str] = []
        if self.refused:
            what = (
                "jobs are not as recorded, and will run anew; to keep them, copy their files again"
            )
            lines += self._list(f"{len(self.refused)} {what}", list(self.refused.values()))
        if self.unrecorded:
            what = "files have no record; those that a rule makes will be made anew"
            lines += self._list(f"{len(self.unrecorded)} {what}", self.unrecorded)
        if self.unsettled:
            what = f"times of files cannot be set ({self.unsettled})"
            lines.append(f"{self.results}: {what}; large files may look newer than they are")
        return lines

    def _list(self, what: str, items: Sequence[str]) -> list[str]:
        more = len(items) - SHOWN
        rest = [f"  and {more} more"] if more > 0 else []
        return [f"{self.results}: {what}", *(f"  {item}" for item in items[:SHOWN]), *rest]


def adopt(results: str, tracking: Tracking) -> Adoption:
    """Make Snakemake know the jobs of a folder of results that have a record.

    Costs a look at each record's name when nothing is forgotten.

    Args:
        results: The folder, as the rules write it.
        tracking: Snakemake's memory of the working directory.

    Raises:
        ValueError: Something is forgotten, and Snakemake's memory has a form unknown here.
    """
    present = list(_record_paths(results))
    unfinished = set(tracking.interrupted(present))
    asked = [path for path in present if path in unfinished or not tracking.knows(path)]
    if tracking.is_locked or not (asked or not present or tracking.is_empty):
        return Adoption(results)
    tracking.check_form()
    records, broken = _read(present)
    found = {path: records[path] for path in asked if path in records}
    faults = _faults(found, results) | {path: broken[path] for path in asked if path in broken}
    adopted = {path: record for path, record in found.items() if path not in faults}
    unrecorded = _unrecorded(results, records.values(), tracking)
    unsettled = _settle(adopted, results)
    tracking.write(_memories(adopted, results))
    tracking.complete([path for each in adopted for path in _outputs(each, found[each], results)])
    tracking.doubt([*faults, *unrecorded])
    return Adoption(results, tuple(adopted), faults, tuple(unrecorded), unsettled)


def _record_paths(results: str) -> Iterator[str]:
    for folder, _, names in os.walk(f"{results}/{FOLDER}"):
        yield from (f"{folder}/{name}" for name in sorted(names) if name.endswith(".json"))


def _unrecorded(results: str, records: Iterable[JobRecord], tracking: Tracking) -> list[str]:
    """Return the files that neither a record nor Snakemake knows."""
    named = {f"{results}/{file.path}" for each in records for file in each.output_files()}
    folders = {os.path.dirname(path) for path in named if path.endswith(f"/{SUMS}")}  # noqa: PTH120
    return [
        path
        for path in _files(results)
        if path not in named
        and os.path.dirname(path) not in folders  # noqa: PTH120
        and not tracking.knows(path)
    ]


def _files(results: str) -> Iterator[str]:
    """Return the files that rules may have made, other studies' folders left out."""
    for folder, folders, names in os.walk(results):
        skipped = NO_OUTPUTS if folder == results else set()
        if folder != results and FOLDER in folders:
            folders.clear()
            continue
        folders[:] = [name for name in folders if name not in skipped]
        files = (name for name in names if name not in skipped and not name.startswith("."))
        yield from (f"{folder}/{name}" for name in files)


def _read(paths: Iterable[str]) -> tuple[dict[str, JobRecord], dict[str, str]]:
    records, broken = {}, {}
    for path in paths:
        try:
            records[path] = read_record(Path(path))
        except (OSError, ValueError) as error:
            broken[path] = str(error)
    return records, broken


def _faults(records: Mapping[str, JobRecord], results: str) -> dict[str, str]:
    """Return what keeps jobs from being adopted, by record."""
    digests = FileDigests()
    digests.hash_all(_bytes_of(records.values(), results), lambda _: None)
    faults = {path: _fault(record, results, digests) for path, record in records.items()}
    return {path: why for path, why in faults.items() if why}


def _bytes_of(records: Iterable[JobRecord], results: str) -> Iterator[Path]:
    for record in records:
        for file in (*record.output_files(), *record.input_files()):
            path = Path(results, file.path)
            yield path
            if path.name == SUMS and path.parent.is_dir():
                yield from path.parent.iterdir()


def _fault(record: JobRecord, results: str, digests: FileDigests) -> str:
    """Return why a job's files are not as recorded; nothing if they are.

    A file that is gone is no fault: Snakemake makes it when something needs it.
    """
    for file in record.output_files():
        path = Path(results, file.path)
        if path.exists() and digests.of(path) != file.sha256:
            return f"{path} does not hold the bytes that its job wrote"
        if path.exists() and path.name == SUMS:
            torn = _torn(path.parent, digests)
            if torn:
                return f"{torn} does not hold the bytes that its job wrote"
    for file in record.input_files():
        path = Path(results, file.path)
        if path.exists() and digests.of(path) != file.sha256:
            made = record.output_files()[0].path
            return f"{results}/{made} was made from another {path}"
    return ""


def _torn(folder: Path, digests: FileDigests) -> Path | None:
    """Return the first file of a checkpoint that is not as its checksums say."""
    for name, digest in read_sums(folder).items():
        path = folder / name
        if not path.is_file() or digests.of(path) != digest:
            return path
    return None


def _memories(records: Mapping[str, JobRecord], results: str) -> dict[str, Memory]:
    """Return what Snakemake shall remember of all outputs of some jobs, records included."""
    memories: dict[str, Memory] = {}
    for path, record in records.items():
        inputs = record.input_files()
        memory = Memory(
            rule=record.job,
            inputs={_seen(results, file): file.sha256 for file in inputs},
            files=[_seen(results, file) for file in inputs],
            params=[record.spec_text],
            made_at=Path(path).stat().st_mtime,
        )
        memories |= dict.fromkeys(_outputs(path, record, results), memory)
    return memories


def _outputs(path: str, record: JobRecord, results: str) -> list[str]:
    return [path, *(_seen(results, file) for file in record.output_files())]


def _seen(results: str, file: FileRecord) -> str:
    """Return a recorded path as the rules write it."""
    joined = f"{results}/{file.path}"
    return os.path.normpath(joined) if file.path.startswith("..") else joined


def _settle(records: Mapping[str, JobRecord], results: str) -> str:
    """Set times as if nothing had been copied; return why that cannot be, if it cannot.

    Snakemake compares the times of files that are too large for it to hash, and every file here
    is known to hold the bytes that its readers read. A benchmark counts as an output there.
    """
    try:
        settle_times(
            (
                [_seen(results, file) for file in record.input_files()],
                [*_outputs(path, record, results), _benchmark(path, results)],
            )
            for path, record in records.items()
        )
    except OSError as error:
        return str(error)
    return ""


def _benchmark(path: str, results: str) -> str:
    """Return where a job's times lie: under the name of its record."""
    stem = path.removeprefix(f"{results}/{FOLDER}/").removesuffix(".json")
    return f"{results}/benchmarks/{stem}.tsv"
