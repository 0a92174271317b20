"""The forgetting table: what campaigns lose on their own pool and on the pools of earlier ones.

Fresh samples of the same problems at the campaign's start, peak and end. The peak was chosen on
select, so that neither pool chose it. Campaigns without earlier ones are left out of every number,
so that both pools are of the same campaigns. The pools of earlier campaigns count by problem.
"""

import polars as pl

from crest.statistics.resampling import Resampling
from crest.statistics.scores import methods_of, seed_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("pools",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

POOLS = ("own", "earlier")
CHECKPOINTS = ("start", "peak", "end")
LEVELS = tuple(f"{pool}_{checkpoint}" for pool in POOLS for checkpoint in CHECKPOINTS)
MOVES = {
    "own_gain": pl.col("own_peak") - pl.col("own_start"),
    "own_drop": pl.col("own_peak") - pl.col("own_end"),
    "earlier_gain": pl.col("earlier_peak") - pl.col("earlier_start"),
    "earlier_drop": pl.col("earlier_peak") - pl.col("earlier_end"),
}
"""Moves of pass@1 from start to peak and from peak to end."""
FORGOTTEN = {
    "own_beyond_half": pl.col("own_drop") - pl.col("earlier_drop") / 2,
    "forgotten": pl.col("earlier_drop") - pl.col("own_drop"),
}
"""Above zero: the own pool loses more than half of what earlier pools lose; earlier pools lose more
than the own one."""

SCHEMA = {
    "method": pl.String,
    "metric": pl.String,
    "n_campaigns": pl.Int64,
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return forgetting_table(tables["pools"], settings.resampling)


def forgetting_table(pools: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a method and metric; `SCHEMA` has the columns.

    Args:
        pools: Passing samples a campaign, checkpoint and pool, in one row or more.
        resampling: How intervals are made.
    """
    wide = _by_campaign(pools)
    rows = []
    for method in methods_of(wide):
        mine = wide.filter(pl.col("method") == method)
        for metric in (*LEVELS, *MOVES, *FORGOTTEN):
            scores = seed_scores(mine, metric)
            tested = metric not in LEVELS
            rows.append(
                {
                    "method": method,
                    "metric": metric,
                    "n_campaigns": len(mine),
                    **summarise(scores, resampling, "forgetting", method, metric),
                    "p_value": sign_flip_p(scores.per_seed) if tested else None,
                    "test": TEST if tested else None,
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)


def _by_campaign(pools: pl.DataFrame) -> pl.DataFrame:
    """Return one row a campaign that has earlier ones: pass@1 by pool and checkpoint, and moves."""
    keys = ["method", "seed", "campaign"]
    rates = pools.group_by([*keys, "checkpoint", "pool"], maintain_order=True).agg(
        rate=pl.col("num_correct").sum() / pl.col("num_samples").sum()
    )
    named = rates.with_columns(level=pl.format("{}_{}", "pool", "checkpoint"))
    wide = named.pivot(on="level", index=keys, values="rate", maintain_order=True)
    for level in LEVELS:
        if level not in wide.columns:
            pool, _, checkpoint = level.partition("_")
            raise ValueError(f"no {checkpoint} on the {pool} pool in pools; evaluate it")
    both = wide.drop_nulls([f"earlier_{checkpoint}" for checkpoint in CHECKPOINTS])
    return both.with_columns(**MOVES).with_columns(**FORGOTTEN).sort(keys)
