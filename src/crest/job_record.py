"""What a job leaves of itself: its spec, and the checksums of what it read and wrote.

Results hold nothing of the code that made them, so that code which changes nothing leaves every
byte as it was. The record beside them does: one file a job, under `records/` of the results.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crest.checksums import SUMS, sha256_of
from crest.spec import canonical, parse_spec
from crest.storage import read_json, write_json

FOLDER = "records"
"""Folder of the records, directly under that of the results."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as a job read or wrote it.

    Attributes:
        path: Relative to the folder of the results. A checkpoint stands under its `SHA256SUMS`.
        sha256: Of its bytes, as 64 hex digits.
        bytes: Its size; with a checkpoint's, that of the files which it names.
    """

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One finished job.

    Attributes:
        spec: The fields of its spec: all that decided its output, apart from its inputs.
        inputs: Files that it read, by the name that the job has for them.
        outputs: Files that it wrote, likewise.
        history: Accepted changes, oldest first: `spec` before, `why`, `by`, `at`, `changes`.
    """

    spec: Mapping[str, Any]
    inputs: Mapping[str, Sequence[FileRecord]]
    outputs: Mapping[str, Sequence[FileRecord]]
    history: Sequence[Mapping[str, Any]] = ()

    @property
    def job(self) -> str:
        """Name of the job's module in `crest.jobs`."""
        return str(self.spec["job"])

    @property
    def spec_text(self) -> str:
        """The spec as Snakemake compares it."""
        return canonical(self.spec)

    def input_files(self) -> list[FileRecord]:
        """Return all files that the job read."""
        return [file for files in self.inputs.values() for file in files]

    def output_files(self) -> list[FileRecord]:
        """Return all files that the job wrote."""
        return [file for files in self.outputs.values() for file in files]


def results_of(record: Path) -> Path:
    """Return the folder of results that a record's path lies in.

    Raises:
        ValueError: The path has no folder `records`.
    """
    for parent in record.absolute().parents:
        if parent.name == FOLDER:
            return parent.parent
    raise ValueError(f"{record}: a record lies in a folder named {FOLDER}/ of the results")


def record_file(path: Path, results: Path) -> FileRecord:
    """Return a file's record.

    Args:
        path: The file; for a checkpoint, its `SHA256SUMS`.
        results: Folder of the results.
    """
    stands_for = path.parent.iterdir() if path.name == SUMS else [path]
    size = sum(each.stat().st_size for each in stands_for if not each.name.startswith("."))
    relative = os.path.relpath(path.absolute(), results.absolute())
    return FileRecord(Path(relative).as_posix(), sha256_of(path), size)


def write_record(record: JobRecord, path: Path) -> None:
    """Write a record atomically."""
    write_json({"form": 1, **asdict(record)}, path)


def read_record(path: Path) -> JobRecord:
    """Return a record.

    Raises:
        FileNotFoundError: No such file.
        ValueError: It is no record of this form, or damaged.
    """
    try:
        value = read_json(path)
        form = {1: _read_form_1}[value["form"]]
        return form(value)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path}: no record of a job ({error}); delete it, and run snakemake again"
        ) from None


def _read_form_1(value: Mapping[str, Any]) -> JobRecord:
    spec = parse_spec(json.dumps(value["spec"]))
    inputs, outputs = (_files(value[side]) for side in ("inputs", "outputs"))
    return JobRecord(spec, inputs, outputs, tuple(value["history"]))


def record_paths(results: Path) -> Iterator[Path]:
    """Return the paths of all records under a folder of results, sorted."""
    return iter(sorted((results / FOLDER).rglob("*.json")))


def _files(side: Mapping[str, Any]) -> dict[str, tuple[FileRecord, ...]]:
    return {name: tuple(FileRecord(**file) for file in files) for name, files in side.items()}
