"""Draw the many samples a task of both banks from which pass@K is estimated."""

from collections.abc import Sequence
from functools import partial

import polars as pl
import torch

from crest.config import EvaluationConfig, SamplingConfig
from crest.crossover.counts import SCHEMA, count_programs
from crest.crossover.problems import problems_of
from crest.jobs._banks import BANKS, read_banks
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.learning.kept_samples import from_samples
from crest.models.loading import load_policy
from crest.storage import write_parquet
from crest.tasks.flashfill.verifier import verify
from crest.work import Kept


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw many samples a task of both banks of one checkpoint."
    with job(argv, description, inputs=(*BANKS, "model"), outputs=("samples",)) as this:
        config, keys = this.config, this.spec["keys"]
        torch.set_num_threads(config["threads"])
        budget = EvaluationConfig.model_validate(config["budget"])
        policy = load_policy(this.files.model.parent, share_prefixes=True)
        parts = []
        with Kept(job_work(this)) as kept:
            for bank, tasks in read_banks(this).items():
                rows = from_samples(
                    policy,
                    problems_of(tasks[: budget.num_problems], config["split_seed"], config),
                    verify,
                    ("crossover", bank, keys["seed"]),
                    partial(count_programs, num_visible=config["num_visible"]),
                    num_generations=budget.num_generations,
                    sampling=SamplingConfig.model_validate(config["sampling"]),
                    kept=kept,
                    place=f"the {bank} bank",
                )
                parts.append(with_keys(pl.DataFrame(list(rows), schema=SCHEMA), {"bank": bank}))
        write_parquet(with_keys(pl.concat(parts), keys), this.files.samples, stamp=this.stamp)


if __name__ == "__main__":
    main()
