"""Apply the pilot's rule: which learning rate collapses, which is healthy."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.config import PilotConfig
from crest.jobs._job import job
from crest.statistics.pilot import choose_learning_rates
from crest.storage import read_table, write_json, write_parquet

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Choose the collapsing and the healthy learning rate from the pilot's chains."
    with job(argv, description, lists=("evaluations",), outputs=("choice", "table")) as this:
        pilot = PilotConfig.model_validate(this.config["pilot"])
        choice = choose_learning_rates(
            pl.concat([read_table(path) for path in this.files.evaluations]),
            this.config["learning_rates"],
            min_rise=pilot.min_rise,
            min_fall=pilot.min_fall,
            max_healthy_fall=pilot.max_healthy_fall,
        )
        table = pl.DataFrame(choice.pop("table"), infer_schema_length=None)
        for row in table.iter_rows(named=True):
            log.info("%s", {key: value for key, value in row.items() if value is not None})
        log.info("%s", choice)
        write_parquet(table, this.files.table, stamp=this.stamp)
        write_json(choice, this.files.choice, stamp=this.stamp)


if __name__ == "__main__":
    main()
