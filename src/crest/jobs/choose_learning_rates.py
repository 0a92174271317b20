"""Apply the pilot's rule: which learning rate collapses, which is healthy."""

import logging
from collections.abc import Sequence

import polars as pl

from crest.config import PilotConfig
from crest.jobs._arguments import parse
from crest.jobs._log import start_log
from crest.spec import check_code
from crest.statistics.pilot import choose_learning_rates
from crest.storage import write_json, write_parquet

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Choose the collapsing and the healthy learning rate from the pilot's chains."
    files = parse(argv, description, files=("choice", "table"), lists=("evaluations",))
    start_log()
    spec = check_code(files.spec)
    pilot = PilotConfig.model_validate(spec["config"]["pilot"])
    choice = choose_learning_rates(
        pl.concat([pl.read_parquet(path) for path in files.evaluations]),
        spec["config"]["learning_rates"],
        min_rise=pilot.min_rise,
        min_fall=pilot.min_fall,
        max_healthy_fall=pilot.max_healthy_fall,
    )
    table = pl.DataFrame(choice.pop("table"), infer_schema_length=None)
    for row in table.iter_rows(named=True):
        log.info("%s", {key: value for key, value in row.items() if value is not None})
    log.info("%s", choice)
    write_parquet(table, files.table, spec=files.spec)
    write_json(choice, files.choice, spec=files.spec)


if __name__ == "__main__":
    main()
