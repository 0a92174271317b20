"""Say what every selector hands in, task by task, and gather all critics' scores."""

from collections.abc import Sequence

import polars as pl

from crest.crossover.picks import pick
from crest.jobs._banks import BANKS, read_banks
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.storage import read_table, write_parquet


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Say what every selector hands in, task by task."
    inputs, outputs = (*BANKS, "trials"), ("picks", "scores")
    with job(argv, description, inputs=inputs, lists=("critics",), outputs=outputs) as this:
        files = this.files
        tasks = [
            {"bank": bank, "task_id": task.task_id, "level": task.level}
            for bank, own in read_banks(this).items()
            for task in own
        ]
        scores = pl.concat([read_table(path) for path in files.critics])
        picks = pick(read_table(files.trials), pl.DataFrame(tasks), scores, this.config["budgets"])
        write_parquet(with_keys(picks, this.spec["keys"]), files.picks, stamp=this.stamp)
        write_parquet(scores, files.scores, stamp=this.stamp)


if __name__ == "__main__":
    main()
