"""Simulate chains with known truth under controllers that set budgets."""

import logging
from collections.abc import Sequence

from crest.config import MonitorConfig
from crest.jobs._job import job
from crest.simulate.chain import Design
from crest.simulate.study import ARMS, simulate_study
from crest.simulate.watched import Monitor
from crest.storage import write_parquet

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Simulate chains with known truth under controllers that set budgets."
    with job(argv, description, outputs=("simulations",)) as this:
        config = this.config
        watched = MonitorConfig.model_validate(config["monitor"])
        monitor = Monitor(watched.num_problems, watched.num_generations)
        design = Design(config["campaigns"], config["max_steps"], monitor)
        table = simulate_study(design, ARMS, num_chains=config["num_chains"], seed=config["seed"])
        write_parquet(table, this.files.simulations, stamp=this.stamp)
        log.info("%d chains of %d campaigns", len(table), design.num_campaigns)


if __name__ == "__main__":
    main()
