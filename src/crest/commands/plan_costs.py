"""What a job will cost, from what jobs like it have cost before."""

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from crest.commands.cells import cell_of
from crest.commands.plan_jobs import PlannedJob
from crest.job_record import FOLDER, JobRecord, read_record, record_paths
from crest.plan.specs import BASE, FROZEN

BENCHMARKS = "benchmarks"
OWN, SAME_ARM, SAME_RULE, UNKNOWN = "own", "same arm", "same rule", "unknown"
JOB_OF_RULE = {"sample_base_pass_at_k": "sample_pass_at_k"}
"""Rules that are not named as the job that they run."""

KIN = ("study", "model", "method")
"""What jobs of equal cost share, beside their rule: length of campaigns, network and arm."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a finished job took; a job that was resumed counts its last part alone.

    Attributes:
        wall_s: Seconds from its start to its end.
        cpu_s: Seconds of all its cores together.
        bytes: Size of the files that it wrote; None if no record tells.
    """

    wall_s: float
    cpu_s: float
    bytes: float | None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a planned job is expected to take.

    Attributes:
        run: The expectation; None if no job of its rule was ever measured.
        basis: Which past jobs it is the mean of.
        runs: How many they are.
    """

    run: Run | None
    basis: str
    runs: int


class PastRuns:
    """Finished jobs of a folder of results, by job and arm.

    Args:
        results: The folder; its records say which job a benchmark file belongs to.
    """

    def __init__(self, results: Path) -> None:
        self._of_arm: dict[tuple[str, ...], list[Run]] = {}
        self._of_job: dict[str, list[Run]] = {}
        for path in record_paths(results):
            self._add(path, results)

    def cost(self, job: PlannedJob) -> Cost:
        """Return what a planned job is expected to take: as its own last run, or those like it."""
        own = _own_run(job)
        name = JOB_OF_RULE.get(job.rule, job.rule)
        for basis, runs in (
            (OWN, [own] if own else []),
            (SAME_ARM, self._of_arm.get((name, *_kin(job.wildcards)), [])),
            (SAME_RULE, self._of_job.get(name, [])),
        ):
            if runs:
                return Cost(_mean(runs), basis, len(runs))
        return Cost(None, UNKNOWN, 0)

    def _add(self, path: Path, results: Path) -> None:
        record = _record(path)
        stem = path.relative_to(results / FOLDER).with_suffix(".tsv")
        run = _run(results / BENCHMARKS / stem, record)
        if record is None or run is None:
            return
        cell = cell_of(record.spec)
        if cell.get("method") in {BASE, FROZEN}:  # no wildcards of their rules
            cell = {"model": cell["model"]}
        self._of_arm.setdefault((record.job, *_kin(cell)), []).append(run)
        self._of_job.setdefault(record.job, []).append(run)


def read_benchmark(path: Path) -> tuple[float, float] | None:
    """Return the wall and CPU seconds of a benchmark file: the mean of its rows.

    Returns:
        None if there is no such file, or nothing was measured. Snakemake measures no CPU time of
        jobs that end within its first look; they count as having used none.
    """
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except FileNotFoundError:
        return None
    walls = _numbers(rows, "s")
    return (fmean(walls), fmean(_numbers(rows, "cpu_time") or [0.0])) if walls else None


def _kin(cell: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(cell.get(name, "-")) for name in KIN)


def _own_run(job: PlannedJob) -> Run | None:
    record = _record(Path(job.record)) if job.record else None
    return _run(Path(job.benchmark), record) if job.benchmark else None


def _run(benchmark: Path, record: JobRecord | None) -> Run | None:
    times = read_benchmark(benchmark)
    if times is None:
        return None
    return Run(*times, None if record is None else _size(record))


def _size(record: JobRecord) -> int:
    """Return the bytes that a job added to the disk: checkpoints of equal bytes are links."""
    read = {file.sha256 for file in record.input_files()}
    wrote = {file.sha256: file.bytes for file in record.output_files()}
    return sum(size for digest, size in wrote.items() if digest not in read)


def _record(path: Path) -> JobRecord | None:
    try:
        return read_record(path)
    except (OSError, ValueError):
        return None  # the job runs anew whatever it says


def _mean(runs: Sequence[Run]) -> Run:
    sizes = [run.bytes for run in runs if run.bytes is not None]
    return Run(
        fmean(run.wall_s for run in runs),
        fmean(run.cpu_s for run in runs),
        fmean(sizes) if sizes else None,
    )


def _numbers(rows: Iterable[Mapping[str, str | None]], column: str) -> list[float]:
    numbers = []
    for row in rows:
        try:
            value = float(row.get(column) or "")
        except ValueError:  # `-` or `NA`: not measured
            continue
        if math.isfinite(value):
            numbers.append(value)
    return numbers
