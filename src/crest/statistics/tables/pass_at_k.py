"""The pass@k table: what a budget of k samples a problem solves."""

from collections.abc import Sequence

import polars as pl

from crest.statistics.pass_at_k import pass_at_k
from crest.statistics.resampling import Resampling
from crest.statistics.scores import methods_of, problem_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("samples",)
SETTINGS = ("confidence_level", "ks", "num_resamples", "seed")

SCHEMA = {
    "method": pl.String,  # an arm at the end of its chain, or "base"
    "k": pl.Int64,
    "n_samples": pl.Int64,  # samples a problem that the estimate rests on
    **SUMMARY_SCHEMA,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return pass_at_k_table(tables["samples"], settings.ks, settings.resampling)


def pass_at_k_table(
    samples: pl.DataFrame, ks: Sequence[int], resampling: Resampling
) -> pl.DataFrame:
    """Return one row a method and k; `SCHEMA` has the columns.

    Args:
        samples: Passing samples a method, seed and problem: ends of chains and base models, whose
            method is `base` and whose seed is the base seed.
        ks: Budgets; each at most the samples a problem.
        resampling: How intervals are made.

    Raises:
        ValueError: A k exceeds the samples a problem, or seeds answered different problems.
    """
    rows = []
    for method in methods_of(samples):
        mine = samples.filter(pl.col("method") == method)
        correct, drawn = mine["num_correct"].to_numpy(), mine["num_samples"].to_numpy()
        for k in ks:
            rates = mine.with_columns(rate=pl.Series(pass_at_k(correct, drawn, k)))
            rows.append(
                {
                    "method": method,
                    "k": k,
                    "n_samples": int(drawn.min()),
                    **summarise(problem_scores(rates, "rate"), resampling, "pass_at_k", method, k),
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)
