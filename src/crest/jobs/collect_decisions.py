"""Put the decisions of all chains together, a row a campaign."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from crest.campaigns.decision_table import decision_rows
from crest.jobs._job import job
from crest.storage import read_json, write_parquet


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Put the decisions of all chains together."
    with job(argv, description, lists=("parts",), outputs=("table",)) as this:
        frame = pl.concat([_read(path) for path in this.files.parts])
        write_parquet(frame, this.files.table, stamp=this.stamp)


def _read(path: Path) -> pl.DataFrame:
    file = read_json(path)
    return decision_rows(file, file["stamp"]["config"]["settings"])


if __name__ == "__main__":
    main()
