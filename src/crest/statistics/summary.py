"""One metric's row: estimate, bootstrap interval, Student's interval, and what they rest on."""

from typing import Any

import polars as pl

from crest.statistics.bootstrap import bootstrap_interval
from crest.statistics.resampling import Resampling
from crest.statistics.scores import Scores
from crest.statistics.student import student_interval

SUMMARY_SCHEMA = {
    "n_seeds": pl.Int64,  # chains behind the estimate
    "n_tasks": pl.Int64,  # problems behind it; 0 where it is no mean over problems
    "estimate": pl.Float64,  # mean over seeds of the mean over problems
    "ci_low": pl.Float64,  # bootstrap; null with fewer than two seeds
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
    "ci_method": pl.String,  # bca, percentile, constant or none
    "resampled": pl.String,  # what the bootstrap drew: "seed" or "seed, problem"
    "t_low": pl.Float64,  # Student's interval over the seeds' means
    "t_high": pl.Float64,
    "n_resamples": pl.Int64,
    "rng_seed": pl.Int64,
}


def summarise(scores: Scores, resampling: Resampling, *names: str | int) -> dict[str, Any]:
    """Return the columns of `SUMMARY_SCHEMA`.

    Args:
        scores: The metric; without any seed all numbers come out null.
        resampling: How intervals are made.
        names: What the row is, unique over all tables: it names the row's random stream.
    """
    row: dict[str, Any] = {
        "n_seeds": len(scores.seeds),
        "n_tasks": len(scores.tasks),
        "estimate": None,
        "ci_level": resampling.confidence_level,
        "ci_method": "none",
        "resampled": "seed, problem" if scores.tasks else "seed",
        "n_resamples": resampling.num_resamples,
        "rng_seed": resampling.seed,
    }
    if not scores.seeds:
        return row
    interval = bootstrap_interval(
        scores.values,
        rng=resampling.generator(*names),
        confidence_level=resampling.confidence_level,
        num_resamples=resampling.num_resamples,
    )
    student = student_interval(scores.per_seed, resampling.confidence_level)
    low, high = student or (None, None)
    return row | {
        "estimate": float(scores.per_seed.mean()),
        "ci_low": interval.low,
        "ci_high": interval.high,
        "ci_method": interval.method,
        "t_low": low,
        "t_high": high,
    }
