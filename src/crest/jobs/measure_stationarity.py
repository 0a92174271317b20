"""Measure the reward of the base model, which never changes, on every pool of a chain."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.campaigns.problems import training_pool
from crest.config import SamplingConfig
from crest.evaluate import evaluate
from crest.jobs._execution import execution
from crest.jobs._job import Job, job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.records import Grade
from crest.storage import write_parquet
from crest.tasks.bank import read_problems
from crest.tasks.problem_set import problem_set_sha256
from crest.work import Kept

log = logging.getLogger(__name__)

COLUMNS = ("task_id", "family", "num_samples", "num_correct")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Measure the reward of a frozen policy on every pool of a chain."
    frame = job(argv, description, inputs=("train", "model"), outputs=("stationarity",))
    with frame as this, execution(this) as grader:
        with Kept(job_work(this)) as kept:
            table = _table(this, grader.grade, kept)
        write_parquet(table, this.files.stationarity, stamp=this.stamp)


def _table(job: Job, grade: Grade, kept: Kept) -> pl.DataFrame:
    """Return a row for each problem of each campaign's pool."""
    config, keys = job.config, job.spec["keys"]
    train, policy = read_problems(job.files.train), load_policy(job.files.model.parent)
    tables = []
    for campaign in range(1, config["campaigns"] + 1):
        size = config["problems_per_campaign"]
        pool = training_pool(train, seed=keys["seed"], campaign=campaign, num_problems=size)
        counts = evaluate(
            policy,
            pool,
            grade,
            ("stationarity", keys["seed"], campaign),
            num_generations=config["budget"]["num_generations"],
            sampling=SamplingConfig.model_validate(config["sampling"]),
            kept=kept,
            place=f"the pool of campaign {campaign}",
        ).select(COLUMNS)
        correct, samples = counts["num_correct", "num_samples"].sum().row(0)
        log.info("campaign %d: reward %.3f", campaign, correct / samples)
        digest = problem_set_sha256(pool)
        tables.append(with_keys(counts, {**keys, "campaign": campaign, "pool_sha256": digest}))
    return pl.concat(tables)


if __name__ == "__main__":
    main()
