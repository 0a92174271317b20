"""The flips table: how often the grader gave another verdict on the same program."""

import polars as pl

from crest.statistics.binomial import upper_bound
from crest.statistics.settings import Settings, Tables

TABLES = ("regrades",)
SETTINGS = ("confidence_level",)
ALL = "all"

SCHEMA = {
    "busy_per_core": pl.Int64,  # 0 with the machine idle
    "status": pl.String,  # as recorded before; "all" sums them up
    "n_programs": pl.Int64,
    "regrades": pl.Int64,
    "flips": pl.Int64,
    "back_stops": pl.Int64,  # re-grades ended by the wall-clock back-stop; no trials of the rate
    "flip_rate": pl.Float64,  # null without a trial
    "upper_bound": pl.Float64,  # of the rate, one-sided
    "ci_level": pl.Float64,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return flips_table(tables["regrades"], settings.confidence_level)


def flips_table(regrades: pl.DataFrame, confidence_level: float) -> pl.DataFrame:
    """Return one row a load and status, and one a load over all; `SCHEMA` has the columns.

    Args:
        regrades: One row a load and program.
        confidence_level: Of the bound.
    """
    both = pl.concat([regrades.with_columns(status=pl.lit(ALL)), regrades])
    sums = (
        both.group_by("busy_per_core", "status", maintain_order=True)
        .agg(pl.len().alias("n_programs"), pl.col("regrades", "flips", "back_stops").sum())
        .sort("busy_per_core", pl.col("status") == ALL, "status")
    )
    rows = [{**row, **_rate(row, confidence_level)} for row in sums.to_dicts()]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rate(row: dict[str, int], confidence_level: float) -> dict[str, float | None]:
    trials = row["regrades"] - row["back_stops"]
    if not trials:
        return {"flip_rate": None, "upper_bound": None, "ci_level": confidence_level}
    return {
        "flip_rate": row["flips"] / trials,
        "upper_bound": upper_bound(row["flips"], trials, confidence_level),
        "ci_level": confidence_level,
    }
