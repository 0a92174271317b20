"""Pretrain one base model from scratch on a corpus that shares no problem with the splits."""

from collections.abc import Sequence

import torch

from crest.campaigns.work import open_work, work_folder
from crest.config import CorpusConfig, PretrainingConfig, ShapeConfig
from crest.jobs._arguments import parse
from crest.jobs._log import start_log
from crest.models.organism import NetworkShape
from crest.models.organism.pretrain import PretrainingOptions, pretrain
from crest.spec import check_code
from crest.tasks.bank import read_problems
from crest.tasks.code.corpus import make_corpus


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Pretrain one base model from scratch."
    files = parse(argv, description, files=("train", "select", "report", "model"))
    start_log()
    spec = check_code(files.spec)
    config = spec["config"]
    torch.set_num_threads(config["threads"])
    splits = (files.train, files.select, files.report)
    pairs = make_corpus(
        CorpusConfig.model_validate(config["corpus"]),
        spec["seed"],
        [problem for split in splits for problem in read_problems(split)],
    )
    with open_work(work_folder(files.spec, splits)) as work:
        policy = pretrain(
            pairs,
            seed=spec["seed"],
            shape=NetworkShape(**ShapeConfig.model_validate(config["shape"]).model_dump()),
            options=PretrainingOptions(
                **PretrainingConfig.model_validate(config["pretraining"]).model_dump()
            ),
            work_folder=work.folder,
        )
        policy.save(files.model, spec=files.spec)
        work.discard()


if __name__ == "__main__":
    main()
