"""The pool_stationarity table: does a frozen policy's reward drift along the campaigns' pools?

Every campaign of a chain draws another pool. A policy that never changes is sampled on each, so
that what it earns there is the pools' difficulty alone. Arms of one seed meet the same pools.
"""

from typing import Any

import numpy as np
import polars as pl

from crest.statistics.resampling import Resampling
from crest.statistics.scores import Scores, seed_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("stationarity",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

SCHEMA = {
    "campaign": pl.Int64,  # null where the number is of the whole chain
    "metric": pl.String,  # reward; of the chain: slope (a campaign) and spread (sd over campaigns)
    "n_pools": pl.Int64,  # different pools behind it, by their digests
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return pool_stationarity_table(tables["stationarity"], settings.resampling)


def pool_stationarity_table(stationarity: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a campaign, then slope and spread; `SCHEMA` has the columns.

    Args:
        stationarity: Passing samples of the frozen policy a seed, campaign and problem.
        resampling: How intervals are made.
    """
    keys = ["seed", "campaign"]
    pools = stationarity.group_by([*keys, "pool_sha256"]).agg(
        reward=(pl.col("num_correct") / pl.col("num_samples")).mean()
    )
    pools = pools.sort(keys)
    rows = [
        _row("reward", seed_scores(part, "reward"), part, resampling, campaign)
        for (campaign,), part in pools.sort("campaign").group_by("campaign", maintain_order=True)
    ]
    chains = pools.group_by("seed", maintain_order=True).agg(
        slope=_slope(), spread=pl.col("reward").std()
    )
    rows += [
        _row(metric, seed_scores(chains, metric), pools, resampling)
        for metric in ("slope", "spread")
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _slope() -> pl.Expr:
    """Return the least-squares slope of the reward over campaigns; null for a single campaign."""
    campaign, reward = pl.col("campaign").cast(pl.Float64), pl.col("reward")
    spread = (campaign - campaign.mean()).pow(2).sum()
    return pl.when(spread > 0).then(
        ((campaign - campaign.mean()) * (reward - reward.mean())).sum() / spread
    )


def _row(
    metric: str,
    scores: Scores,
    pools: pl.DataFrame,
    resampling: Resampling,
    campaign: Any = None,
) -> dict[str, Any]:
    tested = metric == "slope" and len(scores.seeds) > 0
    name = "all" if campaign is None else campaign
    return {
        "campaign": campaign,
        "metric": metric,
        "n_pools": pools["pool_sha256"].n_unique(),
        **summarise(scores, resampling, "pool_stationarity", metric, name),
        "p_value": sign_flip_p(np.asarray(scores.per_seed)) if tested else None,
        "test": TEST if tested else None,
    }
