"""Judge the sources' claims by their rules."""

import logging
from collections.abc import Sequence

from crest.jobs._job import job
from crest.jobs._tables import read_tables
from crest.statistics.judge import judge_claims
from crest.storage import write_parquet

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Judge the sources' claims by their rules."
    with job(argv, description, lists=("tables",), outputs=("claims",)) as this:
        claims = judge_claims(read_tables(this.spec, this.files.tables))
        for row in claims.iter_rows(named=True):
            log.info("%s %s: %s", row["id"], row["verdict"], row["sentence"])
        write_parquet(claims, this.files.claims, stamp=this.stamp)


if __name__ == "__main__":
    main()
