"""Give the problems of all splits tests on the whole declared domain of their inputs."""

import logging
from collections.abc import Iterator, Sequence

import polars as pl

from crest.config import OracleConfig, TasksConfig
from crest.jobs._job import Job, job
from crest.records import Problem
from crest.storage import write_parquet
from crest.tasks.bank import read_problems, write_problems
from crest.tasks.code.domain import declared_domain, on_whole_domain
from crest.tasks.code.families import FAMILIES

log = logging.getLogger(__name__)

SPLITS = ("train", "select", "report")
SCHEMA = {
    "split": pl.String,
    "task_id": pl.String,
    "family": pl.String,
    "num_inputs": pl.Int64,  # in the declared domain of its family
    "num_defined": pl.Int64,  # of these, on which the reference has a value
    "num_hidden": pl.Int64,  # of these, which are hidden tests
}


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Test the problems of all splits on the whole declared domain of their inputs."
    outputs = (*(f"oracle-{split}" for split in SPLITS), "domains")
    with job(argv, description, inputs=SPLITS, outputs=outputs) as this:
        rows = [row for split in SPLITS for row in _make(this, split)]
        domains = pl.DataFrame(rows, schema=SCHEMA, orient="row")
        write_parquet(domains, this.files.domains, stamp=this.stamp)


def _make(job: Job, split: str) -> Iterator[tuple[str, str, str, int, int, int]]:
    """Write one split's problems, and yield a row on each."""
    problems = read_problems(getattr(job.files, split))
    domains = _domains(job, problems)
    tested = [on_whole_domain(problem, domains[problem.family]) for problem in problems]
    write_problems(tested, getattr(job.files, f"oracle_{split}"), stamp=job.stamp)
    calls = sum(problem.tests.num_tests for problem in tested)
    log.info("%s: %d problems, %.0f inputs each", split, len(tested), calls / len(tested))
    for before, after in zip(problems, tested, strict=True):
        num_inputs = len(domains[before.family])
        counts = num_inputs, after.tests.num_tests, before.tests.num_tests
        yield split, before.task_id, before.family, *counts


def _domains(job: Job, problems: Sequence[Problem]) -> dict[str, tuple[object, ...]]:
    tasks = TasksConfig.model_validate(job.config["tasks"])
    oracle = OracleConfig.model_validate(job.config["oracle"])
    families = sorted({problem.family for problem in problems})
    return {name: declared_domain(FAMILIES[name], tasks, oracle) for name in families}


if __name__ == "__main__":
    main()
