"""Tables of a job: those that it reads by name, and the keys of those that it writes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from crest.storage import read_table


def read_tables(spec: dict[str, Any], paths: Sequence[Path]) -> dict[str, pl.DataFrame]:
    """Return a job's tables by name; the paths stand in the order of the spec's names."""
    pairs = zip(spec["tables"], paths, strict=True)
    return {name: read_table(path) for name, path in pairs}


def with_keys(frame: pl.DataFrame, keys: Mapping[str, str | int]) -> pl.DataFrame:
    """Return the table with key columns in front."""
    return frame.select(*(pl.lit(value).alias(name) for name, value in keys.items()), pl.all())
