"""Compute one table of results."""

from collections.abc import Sequence

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
        (name,) = this.spec["choices"][STATISTICS.package]
        frame = STATISTICS[name].compute(
            read_tables(this.spec, this.files.tables), Settings(this.config)
        )
        write_parquet(frame, this.files.statistic, stamp=this.stamp)


if __name__ == "__main__":
    main()
