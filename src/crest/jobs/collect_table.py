"""Put one kind of table of all arms and seeds together."""

from collections.abc import Sequence

import polars as pl

from crest.jobs._job import job
from crest.storage import read_table, write_parquet


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Put one kind of table of all arms and seeds together."
    with job(argv, description, lists=("parts",), outputs=("table",)) as this:
        frame = pl.concat([read_table(path) for path in this.files.parts])
        write_parquet(frame, this.files.table, stamp=this.stamp)


if __name__ == "__main__":
    main()
