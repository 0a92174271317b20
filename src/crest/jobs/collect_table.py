"""Put one kind of table of all arms and seeds together."""

from collections.abc import Sequence

import polars as pl

from crest.jobs._arguments import parse
from crest.spec import check_code
from crest.storage import write_parquet


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Put one kind of table of all arms and seeds together."
    files = parse(argv, description, files=("table",), lists=("parts",))
    check_code(files.spec)
    frame = pl.concat([pl.read_parquet(path) for path in files.parts])
    write_parquet(frame, files.table, spec=files.spec)


if __name__ == "__main__":
    main()
