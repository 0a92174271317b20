"""Train a critic on a generator's labelled candidates, and let it score those of the banks."""

import logging
from collections.abc import Sequence

import polars as pl
import torch

from crest.config import CriticConfig
from crest.crossover.labelled import labelled, pairs_of
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.models.organism.critic import OrganismCritic
from crest.models.organism.policy import OrganismPolicy
from crest.selection.critic import CriticOptions, score, train_critic
from crest.storage import read_table, write_parquet
from crest.tasks.flashfill.table import read_tasks

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Train a critic, and let it score the candidates of the banks."
    inputs, outputs = ("pool", "candidates", "trials", "model"), ("critic", "scores")
    with job(argv, description, inputs=inputs, outputs=outputs) as this:
        files, config, keys = this.files, this.config, this.spec["keys"]
        num_tasks = this.spec["num_tasks"]
        torch.set_num_threads(config["threads"])
        critic = OrganismCritic.on(OrganismPolicy.load(files.model.parent), keys["seed"])
        told = [task.task_id for task in read_tasks(files.pool)[:num_tasks]]
        options = CriticOptions(**CriticConfig.model_validate(config["critic"]).model_dump())
        problems = labelled(read_table(files.candidates), told)
        metrics = train_critic(critic, problems, options, ("critic", keys["seed"]))
        log.info("%d tasks with candidates, loss %.3f", len(problems), metrics[-1]["loss"])
        trials = read_table(files.trials)
        scores = trials.select(
            "bank",
            "task_id",
            "sample_id",
            critic_tasks=pl.lit(num_tasks),
            score=pl.Series(score(critic, pairs_of(trials)), dtype=pl.Float64),
            log_prob="log_prob",
            correct="correct",
        )
        critic.save(files.critic.parent, stamp=this.stamp)
        write_parquet(with_keys(scores, keys), files.scores, stamp=this.stamp)


if __name__ == "__main__":
    main()
