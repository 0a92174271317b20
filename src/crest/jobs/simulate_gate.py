"""Simulate chains with known truth under the controllers of some arms."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from crest.components import Component
from crest.jobs._job import job
from crest.registry import Registry
from crest.simulate.chain import Arm, Design
from crest.simulate.study import simulate_study
from crest.simulate.watched import Monitor
from crest.storage import write_parquet

CONTROLLERS = Registry("crest.control")
log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Simulate chains with known truth under the controllers of some arms."
    with job(argv, description, outputs=("simulations",)) as this:
        config = this.config
        design = Design(config["campaigns"], config["max_steps"], Monitor(**config["monitor"]))
        arms = {name: _arm(values) for name, values in config["controllers"].items()}
        table = simulate_study(design, arms, config["num_chains"])
        write_parquet(table, this.files.simulations, stamp=this.stamp)
        log.info("%d chains of %d campaigns under %s", len(table), config["campaigns"], [*arms])


def _arm(values: Mapping[str, Any]) -> Arm:
    component = Component.model_validate(values)
    controller = CONTROLLERS[component.kind]
    return Arm(controller, controller.Options.model_validate(component.options))


if __name__ == "__main__":
    main()
