"""Evaluate checkpoints of a chain again and again, to see how far evaluations differ."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.config import SamplingConfig
from crest.evaluate import evaluate
from crest.jobs._chain import Checkpoint, chain_checkpoints
from crest.jobs._execution import execution
from crest.jobs._job import Job, job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.records import Grade, Problem
from crest.seeds import generator
from crest.storage import write_parquet
from crest.tasks.bank import read_problems
from crest.tasks.deal import deal_evenly
from crest.work import Kept

log = logging.getLogger(__name__)

TOTALS = (
    pl.len().cast(pl.Int64).alias("num_problems"),
    pl.col("num_samples", "num_correct").sum(),
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    frame = job(
        argv,
        "Evaluate checkpoints of a chain several times, each time with fresh samples.",
        inputs=("problems",),
        lists=("checkpoints",),
        outputs=("repeats",),
    )
    with frame as this, execution(this) as grader:
        with Kept(job_work(this)) as kept:
            table = _table(this, grader.grade, kept)
        write_parquet(table, this.files.repeats, stamp=this.stamp)


def _table(job: Job, grade: Grade, kept: Kept) -> pl.DataFrame:
    """Return a row for each repeat of each checkpoint; equal weights are evaluated once."""
    dealt = deal_evenly(read_problems(job.files.problems), generator("repeats"))
    problems = dealt[: job.config["budget"]["num_problems"]]
    seen: dict[str, pl.DataFrame] = {}
    tables = []
    for checkpoint in chain_checkpoints(job.files.checkpoints):
        weights = checkpoint.weights_sha256
        if weights not in seen:
            seen[weights] = _repeats(checkpoint, problems, grade, job, kept)
        tables.append(with_keys(seen[weights], {**job.spec["keys"], **checkpoint.keys}))
    return pl.concat(tables)


def _repeats(
    checkpoint: Checkpoint, problems: Sequence[Problem], grade: Grade, job: Job, kept: Kept
) -> pl.DataFrame:
    """Return a row a repeat: samples of all problems, and how many of them pass."""
    policy, budget = load_policy(checkpoint.folder), job.config["budget"]
    totals = []
    for repeat in range(1, budget["repeats"] + 1):
        counts = evaluate(
            policy,
            problems,
            grade,
            ("repeat", repeat, job.spec["keys"]["seed"], checkpoint.place),
            num_generations=budget["num_generations"],
            sampling=SamplingConfig.model_validate(job.config["sampling"]),
            kept=kept,
            place=f"{checkpoint.place}, repeat {repeat}",
        )
        totals.append(with_keys(counts.select(TOTALS), {"repeat": repeat}))
    table = pl.concat(totals)
    shares = (table["num_correct"] / table["num_samples"]).to_list()
    log.info("%s: pass@1 %s", checkpoint.place, " ".join(f"{share:.3f}" for share in shares))
    return table


if __name__ == "__main__":
    main()
