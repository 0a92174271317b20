"""Pretrain one generator from scratch on programs that share none with the banks."""

from collections.abc import Sequence

import torch

from crest.components import Component
from crest.config import FlashfillConfig, PretrainingConfig
from crest.jobs._banks import BANKS, read_banks
from crest.jobs._job import job
from crest.jobs._work import job_work
from crest.models.organism.pretrain import PretrainingOptions, pretrain
from crest.models.organism.shape import load_shape
from crest.models.organism.tokenizer import Tokenizer
from crest.storage import write_parquet
from crest.tasks.flashfill.banks import draw_corpus
from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.disjoint import prove_disjoint
from crest.tasks.flashfill.symbols import PROGRAM_SYMBOLS, PROMPT_SYMBOLS


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Pretrain one generator from scratch."
    with job(argv, description, inputs=BANKS, outputs=("model", "disjoint")) as this:
        files, config, seed = this.files, this.config, this.spec["seed"]
        torch.set_num_threads(config["threads"])
        banks = read_banks(this)
        claimed = Claimed.by([task for tasks in banks.values() for task in tasks])
        tasks = FlashfillConfig.model_validate(config["tasks"])
        corpus = list(draw_corpus(tasks, seed, config["corpus_size"], claimed))
        programs = {bank: [task.program for task in own] for bank, own in banks.items()}
        proof = prove_disjoint(programs, {f"corpus{seed}": [each.program for each in corpus]})
        shape = Component.model_validate(config["shape"])
        policy = pretrain(
            [(each.prompt, each.program) for each in corpus],
            seed=seed,
            shape=load_shape(shape.kind, shape.options),
            tokenizer=Tokenizer.of_symbols((*PROMPT_SYMBOLS, *PROGRAM_SYMBOLS)),
            options=PretrainingOptions(
                **PretrainingConfig.model_validate(config["pretraining"]).model_dump()
            ),
            work=job_work(this),
        )
        policy.save(files.model.parent, stamp=this.stamp)
        write_parquet(proof, files.disjoint, stamp=this.stamp)


if __name__ == "__main__":
    main()
