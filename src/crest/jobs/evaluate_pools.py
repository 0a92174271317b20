"""Evaluate checkpoints of a chain on the pool of their campaign and on the pools before it."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.campaigns.pools import earlier_problems
from crest.campaigns.problems import training_pool
from crest.config import SamplingConfig
from crest.evaluate import evaluate
from crest.jobs._chain import Checkpoint, chain_checkpoints
from crest.jobs._execution import execution
from crest.jobs._job import Job, job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.records import Grade, Problem
from crest.storage import write_parquet
from crest.tasks.bank import read_problems
from crest.work import Kept

log = logging.getLogger(__name__)

COLUMNS = (
    *("pool", "pool_campaign", "task_id", "family"),
    *("num_problems", "num_samples", "num_correct"),
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    frame = job(
        argv,
        "Evaluate checkpoints of a chain on its pools, the present one and those before.",
        inputs=("train",),
        lists=("checkpoints",),
        outputs=("pools",),
    )
    with frame as this, execution(this) as grader:
        with Kept(job_work(this)) as kept:
            table = _table(this, grader.grade, kept)
        write_parquet(table, this.files.pools, stamp=this.stamp)


def _table(job: Job, grade: Grade, kept: Kept) -> pl.DataFrame:
    """Return a row for each problem and checkpoint; a campaign's equal weights share theirs."""
    train = read_problems(job.files.train)
    seen: dict[tuple[int, str], pl.DataFrame] = {}
    tables = []
    for checkpoint in chain_checkpoints(job.files.checkpoints):
        key = checkpoint.campaign, checkpoint.weights_sha256
        if key not in seen:
            seen[key] = _counts(checkpoint, train, grade, job, kept)
        tables.append(with_keys(seen[key], {**job.spec["keys"], **checkpoint.keys}))
    return pl.concat(tables)


def _counts(
    checkpoint: Checkpoint, train: Sequence[Problem], grade: Grade, job: Job, kept: Kept
) -> pl.DataFrame:
    """Return a row for each problem on which a checkpoint is evaluated."""
    problems, where = _problems(checkpoint.campaign, train, job)
    counts = evaluate(
        load_policy(checkpoint.folder),
        problems,
        grade,
        ("pools", job.spec["keys"]["seed"], checkpoint.place),
        num_generations=job.config["budget"]["num_generations"],
        sampling=SamplingConfig.model_validate(job.config["sampling"]),
        kept=kept,
        place=checkpoint.place,
    )
    table = pl.concat([where, counts], how="horizontal").select(COLUMNS)
    _tell(checkpoint.place, table)
    return table


def _problems(
    campaign: int, train: Sequence[Problem], job: Job
) -> tuple[list[Problem], pl.DataFrame]:
    """Return problems of a campaign's own pool and of those before, and a row of its pool each."""
    size, num = job.config["problems_per_campaign"], job.config["budget"]["num_problems"]
    place = {"seed": job.spec["keys"]["seed"], "campaign": campaign, "num_problems": size}
    own = [("own", campaign, problem) for problem in training_pool(train, **place)[:num]]
    earlier = [("earlier", *pair) for pair in earlier_problems(train, **place)[:num]]
    rows = [(pool, number, 1) for pool, number, _ in (*own, *earlier)]
    schema = {"pool": pl.String, "pool_campaign": pl.Int64, "num_problems": pl.Int64}
    return [one for *_, one in (*own, *earlier)], pl.DataFrame(rows, schema=schema, orient="row")


def _tell(place: str, table: pl.DataFrame) -> None:
    sums = pl.col("num_correct", "num_samples").sum()
    for pool, correct, samples in table.group_by("pool").agg(sums).sort("pool").iter_rows():
        log.info("%s: pass@1 on %s problems %.3f", place, pool, correct / samples)


if __name__ == "__main__":
    main()
