"""Compute one table of results."""

from collections.abc import Sequence

from crest.config import StatisticsConfig
from crest.jobs._job import job
from crest.jobs._tables import read_tables
from crest.registry import Registry
from crest.statistics.settings import Settings
from crest.storage import write_parquet

STATISTICS = Registry("crest.statistics.tables")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Compute one table of results."
    with job(argv, description, lists=("tables",), outputs=("statistic",)) as this:
        settings = Settings.of(
            StatisticsConfig.model_validate(this.config["statistics"]),
            reference_arm=this.config["reference_arm"],
            ks=tuple(this.config["ks"]),
        )
        (name,) = this.spec["choices"][STATISTICS.package]
        frame = STATISTICS[name].compute(read_tables(this.spec, this.files.tables), settings)
        write_parquet(frame, this.files.statistic, stamp=this.stamp)


if __name__ == "__main__":
    main()
