"""Judge a sample of rollouts again and again, with the machine idle and loaded."""

import logging
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np
import polars as pl

from crest.audit.busy import available_cores, busy_processes
from crest.audit.program import Program
from crest.audit.regrade import Auditor, Count
from crest.audit.sample import sampled_programs
from crest.audit.written import LIMITS, written_programs
from crest.config import AuditConfig
from crest.jobs._grader import open_grader
from crest.jobs._job import Job, job
from crest.jobs._work import job_work
from crest.seeds import generator
from crest.storage import read_table, write_parquet
from crest.tasks.bank import read_problems
from crest.work import Kept

log = logging.getLogger(__name__)

SCHEMA = {
    "busy_per_core": pl.Int64,  # processes that burned CPU time on each core meanwhile
    "origin": pl.String,  # rollout, or written for the audit
    "task_id": pl.String,  # of a rollout
    "completion": pl.String,  # of a rollout
    "status": pl.String,  # recorded in training, or what the program was written for
    "grader_level": pl.String,  # of the jail in which it was judged again
    "regrades": pl.Int64,
    "flips": pl.Int64,
    "back_stops": pl.Int64,
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Judge a sample of rollouts again, with the machine idle and loaded."
    frame = job(argv, description, inputs=("problems",), lists=("rollouts",), outputs=("regrades",))
    with frame as this:
        with Kept(job_work(this)) as kept:
            table = _table(this, kept)
        write_parquet(table, this.files.regrades, stamp=this.stamp)


def _table(job: Job, kept: Kept) -> pl.DataFrame:
    """Return the counts of all programs, with the machine idle and loaded."""
    audit = AuditConfig.model_validate(job.config["audit"])
    grading = job.config["grading"]
    with ExitStack() as stack:
        auditors = []
        for name, programs, limits in (
            ("rollouts", _rollouts(job.files, audit.num_programs), grading),
            ("written programs", written_programs(), {**grading, **LIMITS}),
        ):
            grader = stack.enter_context(open_grader(limits))
            auditor = Auditor(programs, grader.grade, generator("audit", "order"), kept)
            auditors.append((name, auditor, grader.level.name))
        rows = [
            row
            for busy_per_core in (0, audit.oversubscription)
            for row in _rows_under_load(auditors, busy_per_core, audit.repeats)
        ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rollouts(files: Namespace, num: int) -> list[Program]:
    rollouts = pl.concat([read_table(path) for path in files.rollouts])
    problems = read_problems(files.problems)
    return sampled_programs(rollouts, problems, num, generator("audit", "sample"))


def _rows_under_load(
    auditors: Sequence[tuple[str, Auditor, str]], busy_per_core: int, repeats: int
) -> Iterator[dict[str, Any]]:
    with busy_processes(busy_per_core * available_cores()):
        for name, auditor, level in auditors:
            counts = auditor.regrade(repeats, f"{name} with {busy_per_core} busy a core")
            _tell(busy_per_core, auditor.times_ms, counts)
            for program, count in zip(auditor.programs, counts, strict=True):
                row = _row(program, count)
                yield {"busy_per_core": busy_per_core, "grader_level": level, **row}


def _row(program: Program, count: Count) -> dict[str, Any]:
    return {
        "origin": program.origin,
        "task_id": program.task_id,
        "completion": program.completion,
        "status": program.status.value,
        "regrades": count.regrades,
        "flips": count.flips,
        "back_stops": count.back_stops,
    }


def _tell(busy_per_core: int, times_ms: Sequence[float], counts: Sequence[Count]) -> None:
    """Log times: they differ from run to run, and so they stand in no table."""
    log.info(
        "%d busy processes a core: %d flips and %d back-stops in %d re-grades of %d programs",
        busy_per_core,
        sum(count.flips for count in counts),
        sum(count.back_stops for count in counts),
        sum(count.regrades for count in counts),
        len(counts),
    )
    if times_ms:
        mean_ms, p99_ms = np.mean(times_ms), np.percentile(times_ms, 99)
        log.info("%d of them now, %.2f ms each, p99 %.2f ms", len(times_ms), mean_ms, p99_ms)


if __name__ == "__main__":
    main()
