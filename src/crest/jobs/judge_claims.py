"""Judge the sources' claims by their rules."""

import logging
from collections.abc import Sequence

from crest.jobs._arguments import parse
from crest.jobs._log import start_log
from crest.jobs._tables import read_tables
from crest.spec import check_code
from crest.statistics.judge import judge_claims
from crest.storage import write_parquet

log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Judge the sources' claims by their rules."
    files = parse(argv, description, files=("claims",), lists=("tables",))
    start_log()
    spec = check_code(files.spec)
    claims = judge_claims(read_tables(spec, files.tables))
    for row in claims.iter_rows(named=True):
        log.info("%s %s: %s", row["id"], row["verdict"], row["sentence"])
    write_parquet(claims, files.claims, spec=files.spec)


if __name__ == "__main__":
    main()
