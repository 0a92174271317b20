"""The chains table: where each chain began, how high it came, what rolled out of it."""

import polars as pl

from crest.statistics.fresh import CHAIN_METRICS, fresh_rates
from crest.statistics.settings import Settings, Tables

TABLES = ("evaluation", "steps")
SETTINGS = ()

SCHEMA = {
    "method": pl.String,
    "seed": pl.Int64,
    "n_campaigns": pl.Int64,
    "start_pass@1": pl.Float64,  # fresh, before the first campaign
    "end_pass@1": pl.Float64,  # fresh, of what rolls out of the last campaign
    "best_pass@1": pl.Float64,  # highest fresh value along the chain; biased upwards by noise
    "total_steps": pl.Int64,  # gradient steps over all campaigns
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    del settings  # it needs none
    return chains_table(tables["evaluation"], tables["steps"])


def chains_table(evaluation: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return one row a method and seed; `SCHEMA` has the columns.

    Args:
        evaluation: Fresh samples of the checkpoints.
        steps: One row a step and campaign.
    """
    keys = ["method", "seed"]
    means = fresh_rates(evaluation).group_by([*keys, "campaign"], maintain_order=True)
    chains = (
        means.agg(pl.col("first_start", "start", "peak", "end", "successor").mean())
        .group_by(keys, maintain_order=True)
        .agg(
            n_campaigns=pl.len(),
            best=pl.max_horizontal(pl.col("start", "peak", "end", "successor").max()),
            **CHAIN_METRICS,
        )
        .rename({"best": "best_pass@1"})
    )
    run = steps.group_by([*keys, "campaign"]).agg(pl.col("step").max())
    totals = run.group_by(keys).agg(total_steps=pl.col("step").sum())
    table = chains.join(totals, on=keys, how="left", maintain_order="left")
    if table["total_steps"].null_count():
        row = table.filter(pl.col("total_steps").is_null()).row(0, named=True)
        raise ValueError(
            f"{row['method']} seed {row['seed']} has no steps; collect steps of the same chains"
        )
    return table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
