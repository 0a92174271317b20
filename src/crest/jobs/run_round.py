"""Run one round of self-training: sample, verify, keep, fine-tune."""

import logging
from collections.abc import Sequence

import torch

from crest.config import RecipeConfig, SamplingConfig
from crest.crossover.harvest import gather, learn
from crest.crossover.pools import of_round
from crest.crossover.problems import problems_of
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policies
from crest.storage import write_parquet
from crest.tasks.flashfill.table import read_tasks
from crest.work import Kept

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Run one round of self-training."
    inputs, outputs = ("pool", "sampler", "start"), ("model", "harvest")
    with job(argv, description, inputs=inputs, outputs=outputs) as this:
        files, config, keys = this.files, this.config, this.spec["keys"]
        torch.set_num_threads(config["threads"])
        recipe = RecipeConfig.model_validate({"label": "", **config["recipe"]})
        folders = [files.sampler.parent, files.start.parent]
        sampler, policy = load_policies(folders, share_prefixes=True)
        tasks = of_round(read_tasks(files.pool), recipe, keys["round"])
        stream = ("self-training", keys["seed"], keys["round"])
        with Kept(job_work(this)) as kept:
            harvest = gather(
                sampler,
                problems_of(tasks, config["split_seed"], config),
                recipe,
                SamplingConfig.model_validate(config["sampling"]),
                stream,
                num_visible=config["num_visible"],
                kept=kept,
            )
        log.info("%d programs kept", len(harvest.examples))
        learn(policy, harvest.examples, recipe, stream)
        policy.save(files.model.parent, stamp=this.stamp)
        write_parquet(with_keys(harvest.table, keys), files.harvest, stamp=this.stamp)


if __name__ == "__main__":
    main()
