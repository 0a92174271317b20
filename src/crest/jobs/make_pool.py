"""Draw one pool of tasks to train on, and prove that it shares no program with the banks."""

from collections.abc import Sequence

from crest.config import FlashfillConfig
from crest.jobs._banks import BANKS, read_banks
from crest.jobs._job import job
from crest.storage import write_parquet
from crest.tasks.flashfill.banks import draw_pool
from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.disjoint import prove_disjoint
from crest.tasks.flashfill.table import write_tasks


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw one pool of tasks, and prove that it shares no program with the banks."
    with job(argv, description, inputs=BANKS, outputs=("pool", "disjoint")) as this:
        config, name = this.config, this.spec["pool"]
        banks = read_banks(this)
        claimed = Claimed.by([task for tasks in banks.values() for task in tasks])
        tasks = FlashfillConfig.model_validate(config["tasks"])
        pool = draw_pool(tasks, name, config["size"], claimed)
        programs = {bank: [task.program for task in own] for bank, own in banks.items()}
        proof = prove_disjoint(programs, {name: [task.program for task in pool]})
        write_tasks(pool, this.files.pool, stamp=this.stamp)
        write_parquet(proof, this.files.disjoint, stamp=this.stamp)


if __name__ == "__main__":
    main()
