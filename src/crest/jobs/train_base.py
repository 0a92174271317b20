"""Pretrain one base model from scratch on a corpus that shares no problem with the splits."""

from collections.abc import Sequence

import torch

from crest.components import Component
from crest.config import CorpusConfig, PretrainingConfig
from crest.jobs._job import job
from crest.jobs._work import job_work
from crest.models.organism.pretrain import PretrainingOptions, pretrain
from crest.models.organism.shape import load_shape
from crest.tasks.bank import read_problems
from crest.tasks.code.corpus import make_corpus


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Pretrain one base model from scratch."
    frame = job(argv, description, inputs=("train", "select", "report"), outputs=("model",))
    with frame as this:
        files, config, seed = this.files, this.config, this.spec["seed"]
        torch.set_num_threads(config["threads"])
        splits = (files.train, files.select, files.report)
        pairs = make_corpus(
            CorpusConfig.model_validate(config["corpus"]),
            seed,
            [problem for split in splits for problem in read_problems(split)],
        )
        shape = Component.model_validate(config["shape"])
        policy = pretrain(
            pairs,
            seed=seed,
            shape=load_shape(shape.kind, shape.options),
            options=PretrainingOptions(
                **PretrainingConfig.model_validate(config["pretraining"]).model_dump()
            ),
            work=job_work(this),
        )
        policy.save(files.model.parent, stamp=this.stamp)


if __name__ == "__main__":
    main()
