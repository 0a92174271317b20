"""Draw the candidates that train the critics of one split seed, and those that try them."""

from collections.abc import Mapping, Sequence

import polars as pl
import torch

from crest.config import SamplingConfig
from crest.crossover.candidates import draw_candidates
from crest.crossover.problems import problems_of
from crest.jobs._banks import BANKS, read_banks
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.storage import write_parquet
from crest.tasks.flashfill.table import read_tasks
from crest.tasks.flashfill.task import Task
from crest.work import Kept


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw the candidates that train and try the critics of one split seed."
    inputs, outputs = ("pool", *BANKS, "model"), ("candidates", "trials")
    with job(argv, description, inputs=inputs, outputs=outputs) as this:
        files, config, keys = this.files, this.config, this.spec["keys"]
        torch.set_num_threads(config["threads"])
        policy = load_policy(files.model.parent, share_prefixes=True)
        pool = {"pool": read_tasks(files.pool)[: config["num_tasks"]]}
        with Kept(job_work(this)) as kept:

            def drawn(tasks: Mapping[str, Sequence[Task]], num_generations: int) -> pl.DataFrame:
                parts = [
                    with_keys(
                        draw_candidates(
                            policy,
                            problems_of(own, config["split_seed"], config),
                            SamplingConfig.model_validate(config["sampling"]),
                            ("candidates", keys["seed"]),
                            num_generations=num_generations,
                            num_visible=config["num_visible"],
                            kept=kept,
                            place=bank,
                        ),
                        {"bank": bank},
                    )
                    for bank, own in tasks.items()
                ]
                return pl.concat(parts)

            candidates = drawn(pool, config["num_generations"])
            trials = drawn(read_banks(this), config["num_trials"])
        write_parquet(candidates, files.candidates, stamp=this.stamp)
        write_parquet(trials, files.trials, stamp=this.stamp)


if __name__ == "__main__":
    main()
