"""Every metric of every arm as scores: what the tables of arms, gaps and comparisons share."""

import polars as pl

from crest.statistics.fresh import CAMPAIGN_METRICS, CHAIN_METRICS, fresh_rates, fresh_scores
from crest.statistics.scores import ArmScores, Scores, methods_of, seed_scores

CURVE_METRICS = {
    "shared_rise": "shared_rise",
    "shared_fall": "shared_fall",
    "curve_gap": "curve_gap",
    "null_gap": "null_gap",
    "excess_gap": "excess_gap",
    "peak_bias": "peak_bias",
    "collapse_rate": "collapsed",
    "curve_collapse_rate": "curve_collapsed",
    "null_collapse_rate": "null_collapse_rate",
    "cliff_share": "cliff_share",
    "onset_step": "onset_step",
    "select_carry_over": "select_carry_over",
}
"""Metrics that are no mean over problems, each with its column of the campaigns table."""


def chain_scores(chains: pl.DataFrame, evaluation: pl.DataFrame) -> dict[str, dict[str, Scores]]:
    """Return all metrics of chains by arm."""
    fresh = {
        method: {metric: scores[metric] for metric in CHAIN_METRICS}
        for method, scores in fresh_scores(fresh_rates(evaluation)).items()
    }
    whole = {
        method: {
            metric: seed_scores(chains.filter(pl.col("method") == method), metric)
            for metric in ("best_pass@1", "total_steps")
        }
        for method in methods_of(chains)
    }
    return merged(fresh, whole)


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


def merged(*parts: ArmScores) -> dict[str, dict[str, Scores]]:
    """Return the metrics of several sources together, arm by arm."""
    return {
        method: {metric: scores for part in parts for metric, scores in part[method].items()}
        for method in parts[0]
    }
