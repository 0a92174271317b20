"""The gaps table: what campaigns of an arm lose, beside what noise alone would show."""

import polars as pl

from crest.statistics.bootstrap import Resampling
from crest.statistics.fresh import CAMPAIGN_METRICS, fresh_rates, fresh_scores, merged
from crest.statistics.scores import Scores, methods_of, seed_scores
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

CURVE_METRICS = {
    "curve_gap": "curve_gap",
    "null_gap": "null_gap",
    "excess_gap": "excess_gap",
    "peak_bias": "peak_bias",
    "collapse_rate": "collapsed",
    "curve_collapse_rate": "curve_collapsed",
    "null_collapse_rate": "null_collapse_rate",
    "cliff_share": "cliff_share",
    "onset_step": "onset_step",
}
"""Metrics that are no mean over problems, each with its column of the campaigns table."""

TESTED = ("rise", "fresh_gap", "excess_gap", "peak_bias", "carry_over", "kept_gain")
"""Metrics whose null value is zero, so that a sign-flip test of them means something."""

GAPS_SCHEMA = {
    "method": pl.String,
    "metric": pl.String,
    "n_campaigns": pl.Int64,  # campaigns that have a value
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def gaps_table(
    campaigns: pl.DataFrame, evaluation: pl.DataFrame, resampling: Resampling
) -> pl.DataFrame:
    """Return one row a method and metric; `GAPS_SCHEMA` has the columns.

    A number is the mean over a chain's campaigns, then over seeds. Fresh metrics are means over
    problems, and the bootstrap draws problems too; metrics of the select curve are not.

    Args:
        campaigns: From `campaigns_table`.
        evaluation: Fresh samples of the same campaigns.
        resampling: How intervals are made.
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
                    **summarise(scores, resampling, "gaps", method, metric),
                    "p_value": sign_flip_p(scores.per_seed) if tested else None,
                    "test": TEST if tested else None,
                }
            )
    return pl.DataFrame(rows, schema=GAPS_SCHEMA)


def campaign_scores(
    campaigns: pl.DataFrame, evaluation: pl.DataFrame
) -> dict[str, dict[str, Scores]]:
    """Return all metrics of campaigns by arm, means over each chain's campaigns."""
    fresh = {
        method: {metric: scores[metric] for metric in CAMPAIGN_METRICS}
        for method, scores in fresh_scores(fresh_rates(evaluation)).items()
    }
    return merged(fresh, curve_scores(campaigns))


def curve_scores(campaigns: pl.DataFrame) -> dict[str, dict[str, Scores]]:
    """Return the metrics that are no mean over problems by arm, one number a seed."""
    return {
        method: {
            metric: seed_scores(campaigns.filter(pl.col("method") == method), column)
            for metric, column in CURVE_METRICS.items()
        }
        for method in methods_of(campaigns)
    }
