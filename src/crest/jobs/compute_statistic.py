"""Compute one table of results."""

from collections.abc import Sequence

from crest.config import StatisticsConfig
from crest.jobs._arguments import parse
from crest.jobs._tables import read_tables
from crest.registry import Registry
from crest.spec import check_code
from crest.statistics.settings import Settings
from crest.storage import write_parquet

STATISTICS = Registry("crest.statistics.tables")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    files = parse(argv, "Compute one table of results.", files=("statistic",), lists=("tables",))
    spec = check_code(files.spec)
    config = spec["config"]
    settings = Settings.of(
        StatisticsConfig.model_validate(config["statistics"]),
        reference_arm=config["reference_arm"],
        ks=tuple(config["ks"]),
    )
    (name,) = spec["choices"][STATISTICS.package]
    frame = STATISTICS[name].compute(read_tables(spec, files.tables), settings)
    write_parquet(frame, files.statistic, spec=files.spec)


if __name__ == "__main__":
    main()
