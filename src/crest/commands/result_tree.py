"""A folder of results as its records describe it: which job made which file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crest.acceptances import ACCEPTED
from crest.checksums import SUMS
from crest.job_record import FOLDER, FileRecord, JobRecord, read_record, record_paths


@dataclass(frozen=True, slots=True)
class ResultTree:
    """The records of one folder of results. All paths are relative to it.

    Attributes:
        folder: The folder.
        records: By the path of the record.
        broken: What is wrong with records that cannot be read, by path.
        makers: The record of the job that wrote a file, by the file's path.
        outputs: What is recorded of the files that jobs wrote, by path.
        rivals: Files that more than one record names as written by its job, with those records.
    """

    folder: Path
    records: Mapping[str, JobRecord]
    broken: Mapping[str, str]
    makers: Mapping[str, str]
    outputs: Mapping[str, FileRecord]
    rivals: Mapping[str, tuple[str, ...]]

    def path(self, relative: str) -> Path:
        """Return where a file lies now."""
        return self.folder / relative

    def maker_of(self, target: Path) -> str:
        """Return the record that describes a result file, a checkpoint folder or a record.

        Raises:
            FileNotFoundError: No record describes it.
        """
        relative = target.resolve().relative_to(self.folder.resolve()).as_posix()
        if relative in self.records:
            return relative
        if relative in self.broken:
            raise FileNotFoundError(self.broken[relative])
        inside = Path(relative).parent / SUMS
        for name in (relative, f"{relative}/{SUMS}", inside.as_posix()):
            if name in self.makers:
                return self.makers[name]
        if not target.exists():
            raise FileNotFoundError(f"{target}: no such file, and no record names it")
        raise FileNotFoundError(
            f"{target}: no record under {self.folder / FOLDER} names it, so no job of this study "
            "wrote it; name a result file, a checkpoint folder or a record (crest verify looks at "
            "whole folders)"
        )


def is_given(path: str) -> bool:
    """Return whether a recorded file is given to the study, so that no job of it made it.

    Example:
        >>> is_given("../data/problems.jsonl"), is_given("tasks/train.parquet")
        (True, False)
    """
    return path.startswith("../") or path == ACCEPTED


def results_folder(target: Path) -> Path:
    """Return the folder of results that something lies in.

    Raises:
        FileNotFoundError: It lies in none.
    """
    for folder in (target.absolute(), *target.absolute().parents):
        if (folder / FOLDER).is_dir() and folder.name != FOLDER:
            return _as_given(folder)
    raise FileNotFoundError(
        f"{target}: it lies in no folder with {FOLDER}/, so nothing is recorded of it; name a "
        "file in a folder of results"
    )


def read_tree(folder: Path) -> ResultTree:
    """Return the records of a folder of results.

    Raises:
        FileNotFoundError: No such folder, or no record in it.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such folder; name the folder of results")
    records: dict[str, JobRecord] = {}
    broken: dict[str, str] = {}
    for path in record_paths(folder):
        name = path.relative_to(folder).as_posix()
        try:
            records[name] = read_record(path)
        except (OSError, ValueError) as error:
            broken[name] = str(error)
    if not records and not broken:
        raise FileNotFoundError(
            f"{folder}: no records in {folder / FOLDER}, so nothing can be said of its files; "
            "name a folder that `snakemake` filled"
        )
    writers: dict[str, list[str]] = {}
    outputs: dict[str, FileRecord] = {}
    for name, record in records.items():
        for file in record.output_files():
            writers.setdefault(file.path, []).append(name)
            outputs.setdefault(file.path, file)
    makers = {path: names[0] for path, names in writers.items()}
    rivals = {path: tuple(names) for path, names in writers.items() if len(names) > 1}
    return ResultTree(folder, records, broken, makers, outputs, rivals)


def _as_given(folder: Path) -> Path:
    """Return a folder relative to the working directory where it lies below it."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
