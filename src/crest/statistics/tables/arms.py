"""The arms table: chains of an arm together, with intervals."""

import polars as pl

from crest.statistics.metrics import chain_scores
from crest.statistics.resampling import Resampling
from crest.statistics.robust import interquartile_mean
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("chains", "evaluation")
SETTINGS = ("confidence_level", "num_resamples", "seed")

SCHEMA = {
    "method": pl.String,
    "metric": pl.String,
    **SUMMARY_SCHEMA,
    "iqm": pl.Float64,  # interquartile mean over seeds
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return arms_table(tables["chains"], tables["evaluation"], settings.resampling)


def arms_table(
    chains: pl.DataFrame, evaluation: pl.DataFrame, resampling: Resampling
) -> pl.DataFrame:
    """Return one row a method and metric; `SCHEMA` has the columns.

    Metrics: start_pass@1, end_pass@1, gain (end minus start), best_pass@1, total_steps.

    Args:
        chains: From `chains_table`.
        evaluation: Fresh samples of the same chains.
        resampling: How intervals are made.
    """
    rows = [
        {
            "method": method,
            "metric": metric,
            **summarise(scores, resampling, "arms", method, metric),
            "iqm": float(interquartile_mean(scores.per_seed)),
        }
        for method, metrics in chain_scores(chains, evaluation).items()
        for metric, scores in metrics.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA)
