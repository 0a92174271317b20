"""Make the problems of all splits and prove that the splits share none."""

import logging
from collections.abc import Sequence

from crest.config import TasksConfig
from crest.jobs._job import job
from crest.storage import write_parquet
from crest.tasks.bank import write_problems
from crest.tasks.code import make_splits

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Make the problems of the train, select and report splits."
    outputs = ("train", "select", "report", "mutation")
    with job(argv, description, outputs=outputs) as this:
        splits = make_splits(TasksConfig.model_validate(this.config["tasks"]))
        for name in ("train", "select", "report"):
            problems = getattr(splits, name)
            write_problems(problems, getattr(this.files, name), stamp=this.stamp)
            log.info("%s: %d problems", name, len(problems))
        write_parquet(splits.mutation_table, this.files.mutation, stamp=this.stamp)
        killed, made = splits.mutation_table["num_killed", "num_mutants"].sum().row(0)
        log.info("near-miss mutants killed by the hidden tests: %d of %d", killed, made)
        log.info("drawn and turned down: %s", splits.rejected)


if __name__ == "__main__":
    main()
