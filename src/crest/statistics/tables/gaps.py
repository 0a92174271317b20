"""The gaps table: what campaigns of an arm lose, beside what noise alone would show."""

from collections.abc import Sequence

import polars as pl

from crest.statistics.metrics import CURVE_METRICS, campaign_scores
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("campaigns", "evaluation")
SETTINGS = ("confidence_level", "num_resamples", "seed")

TESTED = (
    "rise",
    "fresh_gap",
    "shared_rise",
    "shared_fall",
    "excess_gap",
    "peak_bias",
    "carry_over",
    "carried_gain",
    "select_carry_over",
)
"""Metrics whose null value is zero, so that a sign-flip test of them means something."""

SCHEMA = {
    "method": pl.String,
    "metric": pl.String,
    "n_campaigns": pl.Int64,  # campaigns that have a value
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return gaps_table(tables["campaigns"], tables["evaluation"], settings.resampling)


def gaps_table(
    campaigns: pl.DataFrame,
    evaluation: pl.DataFrame,
    resampling: Resampling,
    names: Sequence[str] = ("gaps",),
) -> pl.DataFrame:
    """Return one row a method and metric; `SCHEMA` has the columns.

    A number is the mean over a chain's campaigns, then over seeds. Fresh metrics are means over
    problems, and the bootstrap draws problems too; metrics of the select curve are not.

    Args:
        campaigns: From `campaigns_table`.
        evaluation: Fresh samples of the same campaigns.
        resampling: How intervals are made.
        names: Of the table, unique over all tables: they name its random streams.
    """
    rows = []
    for method, metrics in campaign_scores(campaigns, evaluation).items():
        mine = campaigns.filter(pl.col("method") == method)
        for metric, scores in metrics.items():
            column = CURVE_METRICS.get(metric, metric)
            tested = metric in TESTED and len(scores.seeds) > 0
            rows.append(
                {
                    "method": method,
                    "metric": metric,
                    "n_campaigns": len(mine) - mine[column].null_count(),
                    **summarise(scores, resampling, *names, method, metric),
                    "p_value": sign_flip_p(scores.per_seed) if tested else None,
                    "test": TEST if tested else None,
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)
