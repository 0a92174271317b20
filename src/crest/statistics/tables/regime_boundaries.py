"""The regime_boundaries table: at which learning rate each objective begins to collapse."""

import polars as pl

from crest.statistics.regime_cells import COLUMNS
from crest.statistics.regime_rules import crossing, falls
from crest.statistics.settings import Settings, Tables

TABLES = ("regime_causes",)
SETTINGS = ()

SCHEMA = {
    "objective": pl.String,
    "prompts_per_step": COLUMNS["prompts_per_step"],
    "campaigns": pl.Int64,  # 1, or the length of the chain
    "n_rates": pl.Int64,
    "n_falling": pl.Int64,  # rates whose mean fall counts as one
    "lowest_rate": pl.Float64,
    "highest_rate": pl.Float64,
    "below": pl.Float64,  # the rate before the first that falls; null without a boundary
    "boundary": pl.Float64,  # where the fall crosses the threshold between the two
    "above": pl.Float64,  # the first rate that falls
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    del settings  # it needs none
    return regime_boundaries_table(tables["regime_causes"])


def regime_boundaries_table(causes: pl.DataFrame) -> pl.DataFrame:
    """Return one row an objective, prompts a step and horizon; `SCHEMA` has the columns.

    Without a boundary, `n_falling` says whether every rate falls or none.
    """
    keys = ["objective", "prompts_per_step", "campaigns"]
    rows = []
    for key, line in causes.sort("learning_rate").group_by(keys, maintain_order=True):
        rates, drops = line["learning_rate"].to_list(), line["fall"].to_list()
        below, boundary, above = crossing(rates, drops) or (None, None, None)
        rows.append(
            {
                **dict(zip(keys, key, strict=True)),
                "n_rates": len(rates),
                "n_falling": sum(map(falls, drops)),
                "lowest_rate": rates[0],
                "highest_rate": rates[-1],
                "below": below,
                "boundary": boundary,
                "above": above,
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA).sort(keys)
