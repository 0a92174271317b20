"""Compare the labels of hidden tests and of the oracle on all rollouts of a chain."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.audit.labels import COUNTS, label_counts
from crest.jobs._chain import campaign_of
from crest.jobs._grader import remembering_grader
from crest.jobs._job import Job, job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.records import Grade
from crest.storage import read_table, write_parquet
from crest.tasks.bank import read_problems
from crest.work import Kept

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    frame = job(
        argv,
        "Compare the labels of hidden tests and of the oracle on the rollouts of a chain.",
        inputs=("hidden", "oracle"),
        lists=("rollouts",),
        outputs=("labels",),
    )
    with frame as this, remembering_grader(this.config["grading"]) as grader:
        with Kept(job_work(this)) as kept:
            table = _table(this, grader.grade, kept)
        write_parquet(table, this.files.labels, stamp=this.stamp)


def _table(job: Job, grade: Grade, kept: Kept) -> pl.DataFrame:
    """Return the counts of all campaigns."""
    hidden, oracle = (
        {problem.task_id: problem for problem in read_problems(path)}
        for path in (job.files.hidden, job.files.oracle)
    )
    tables = []
    for path in job.files.rollouts:
        campaign = campaign_of(path)
        name = f"campaign {campaign}"
        rows = kept.recall(name)
        if rows is None:
            rows = label_counts(read_table(path), hidden, oracle, grade).to_dicts()
            kept.put(name, rows, f"{name} of {len(job.files.rollouts)}")
        counts = pl.DataFrame(rows, schema=COUNTS)
        _tell(name, counts)
        tables.append(with_keys(counts, {**job.spec["keys"], "campaign": campaign}))
    return pl.concat(tables)


def _tell(name: str, counts: pl.DataFrame) -> None:
    differing = counts.filter(pl.col("hidden_passed") != pl.col("oracle_passed"))
    programs, rollouts = differing["num_programs", "num_rollouts"].sum().row(0)
    log.info("%s: the labels of %d programs differ, of %d rollouts", name, programs, rollouts)


if __name__ == "__main__":
    main()
