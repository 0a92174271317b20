"""The gate-errors table: how often controllers cut and reject simulated campaigns wrongly."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.cluster_ratio import (
    Array,
    deviations,
    ratio,
    ratio_interval,
    sum_interval,
)
from crest.statistics.settings import Settings, Tables
from crest.statistics.student import student_interval

TABLES = ("simulations",)
SETTINGS = ("confidence_level",)

RATES = {
    "false_alarm": ("num_sound_cut", "num_sound"),
    "false_rejection": ("num_sound_rejected", "num_sound"),
    "miss": ("num_regressing_full", "num_regressing"),
    "true_rejection": ("num_regressing_rejected", "num_regressing"),
    "trained_after_rejection": ("num_trained_after_rejection", "num_after_rejection"),
}
"""Events and trials of each rate. A campaign is sound if it would not have regressed in full: cut
or rejected, it is a false alarm. One that would have regressed is missed if it runs in full. The
last: of campaigns after a chain's first rejection, those that took steps."""

SCHEMA = {
    "scenario": pl.String,
    "size": pl.Float64,
    "method": pl.String,
    "metric": pl.String,
    "n_chains": pl.Int64,
    "n_trials": pl.Int64,  # campaigns of a rate; chains of a mean
    "estimate": pl.Float64,  # null without a trial
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return gate_errors_table(tables["simulations"], settings.confidence_level)


def gate_errors_table(simulations: pl.DataFrame, confidence_level: float) -> pl.DataFrame:
    """Return one row a scenario, arm and metric; `SCHEMA` has the columns.

    `informedness` is 1 - false alarms - misses (Youden 1950): 0 for cuts that are thrown by dice at
    any rate, 1 for a perfect gate, below 0 for one that is wrong more often than dice.
    `end_pass@1` is true pass@1 at the end of the chain, a mean over chains.

    Args:
        simulations: One row a scenario, arm and chain.
        confidence_level: Of intervals, which go over chains.
    """
    rows = []
    for keys, chains in simulations.group_by("scenario", "size", "method", maintain_order=True):
        named = dict(zip(("scenario", "size", "method"), keys, strict=True))
        shared = {"n_chains": len(chains), "ci_level": confidence_level}
        rows += [{**named, **shared, **row} for row in _metrics(chains, confidence_level)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _metrics(chains: pl.DataFrame, level: float) -> Iterator[dict[str, Any]]:
    counts = {
        name: (_floats(chains, events), _floats(chains, trials))
        for name, (events, trials) in RATES.items()
    }
    for name, (events, trials) in counts.items():
        yield {"metric": name, "n_trials": int(trials.sum())} | _rate(events, trials, level)
    alarms, misses = counts["false_alarm"], counts["miss"]
    both = int(alarms[1].sum() + misses[1].sum())
    yield {"metric": "informedness", "n_trials": both} | _informedness(alarms, misses, level)
    ends = _floats(chains, "end_pass@1")
    interval = student_interval(ends, level)
    yield {"metric": "end_pass@1", "n_trials": len(ends)} | _row(float(ends.mean()), interval)


def _rate(events: Array, trials: Array, level: float) -> dict[str, float | None]:
    if not trials.any():
        return _row(None, None)
    return _row(ratio(events, trials), ratio_interval(events, trials, level))


def _informedness(
    alarms: tuple[Array, Array], misses: tuple[Array, Array], level: float
) -> dict[str, float | None]:
    if not (alarms[1].any() and misses[1].any()):
        return _row(None, None)
    estimate = 1 - ratio(*alarms) - ratio(*misses)
    parts = [deviations(*alarms), deviations(*misses)]
    return _row(estimate, sum_interval(estimate, parts, level))


def _row(estimate: float | None, interval: tuple[float, float] | None) -> dict[str, float | None]:
    low, high = interval or (None, None)
    return {"estimate": estimate, "ci_low": low, "ci_high": high}


def _floats(chains: pl.DataFrame, column: str) -> Array:
    return chains[column].to_numpy().astype(np.float64)
