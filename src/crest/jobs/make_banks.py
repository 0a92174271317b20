"""Draw the two banks of tasks that the crossover study measures on."""

import logging
from collections.abc import Sequence

from crest.config import FlashfillConfig
from crest.jobs._job import job
from crest.tasks.flashfill.banks import draw_banks
from crest.tasks.flashfill.table import write_tasks

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw the two banks of tasks that the crossover study measures on."
    with job(argv, description, outputs=("easy", "hard")) as this:
        banks = draw_banks(FlashfillConfig.model_validate(this.config["tasks"]))
        for name in ("easy", "hard"):
            write_tasks(getattr(banks, name), getattr(this.files, name), stamp=this.stamp)
        log.info("drawn and turned down: %s", banks.rejected)


if __name__ == "__main__":
    main()
