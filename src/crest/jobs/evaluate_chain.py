"""Evaluate the start, peak, end and next checkpoint of every campaign of a chain."""

import logging
from collections.abc import Sequence
from typing import Any

import polars as pl

from crest.config import EvaluationConfig, SamplingConfig
from crest.evaluate import evaluate
from crest.grading import Grader
from crest.jobs._chain import Checkpoint, chain_checkpoints
from crest.jobs._execution import execution
from crest.jobs._job import Job, job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.records import Grade, Problem
from crest.seeds import generator
from crest.storage import read_json, write_parquet
from crest.tasks.bank import read_problems
from crest.tasks.deal import deal_evenly
from crest.work import Kept

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    frame = job(
        argv,
        "Evaluate the checkpoints of a chain with fresh samples.",
        inputs=("problems", "decision"),
        lists=("checkpoints",),
        outputs=("evaluation",),
    )
    with frame as this, execution(this) as grader:
        with Kept(job_work(this)) as kept:
            table = _table(this, grader, kept)
        write_parquet(table, this.files.evaluation, stamp=this.stamp)


def _table(job: Job, grader: Grader, kept: Kept) -> pl.DataFrame:
    """Return the counts of all checkpoints."""
    files, spec = job.files, job.spec
    budget = EvaluationConfig.model_validate(spec["config"]["budget"])
    dealt = deal_evenly(read_problems(files.problems), generator(spec["split"]))
    problems = dealt[: budget.num_problems]
    steps = _steps(read_json(files.decision))
    seen: dict[str, pl.DataFrame] = {}
    tables = []
    for checkpoint in chain_checkpoints(files.checkpoints):
        digest = checkpoint.weights_sha256
        if digest not in seen:
            seen[digest] = _evaluate(checkpoint, problems, grader.grade, spec, kept)
        keys = {
            **spec["keys"],
            **checkpoint.keys,
            "step": steps[checkpoint.campaign, checkpoint.name],
            "weights_sha256": digest,
            "split": spec["split"],
            "grader": str(grader.level),
        }
        tables.append(with_keys(seen[digest], keys))
    return pl.concat(tables)


def _evaluate(
    checkpoint: Checkpoint,
    problems: Sequence[Problem],
    grade: Grade,
    spec: dict[str, Any],
    kept: Kept,
) -> pl.DataFrame:
    """Return counts of a checkpoint; equal weights are evaluated once."""
    place = checkpoint.place
    counts = evaluate(
        load_policy(checkpoint.folder),
        problems,
        grade,
        (spec["split"], spec["keys"]["seed"], place),
        num_generations=spec["config"]["budget"]["num_generations"],
        sampling=SamplingConfig.model_validate(spec["config"]["sampling"]),
        kept=kept,
        place=place,
    )
    correct, samples = counts["num_correct", "num_samples"].sum().row(0)
    log.info("%s: %s pass@1 %.3f", place, spec["split"], correct / samples)
    return counts


def _steps(decision: dict[str, Any]) -> dict[tuple[int, str], int]:
    """Return the step of every checkpoint within its campaign."""
    return {
        (past["campaign"], name): step
        for past in (*decision["history"], decision)
        for name, step in (
            ("start", 0),
            ("peak", past["peak_step"]),
            ("end", past["steps_run"]),
            ("next", past["roll_forward_step"]),
        )
    }


if __name__ == "__main__":
    main()
