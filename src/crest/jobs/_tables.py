"""Tables of a job, by the names that its spec gives them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from crest.storage import read_table


def read_tables(spec: dict[str, Any], paths: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """Return a job's tables by name; the paths stand in the order of the spec's names."""
    pairs = zip(spec["tables"], paths, strict=True)
    return {name: read_table(path) for name, path in pairs}
