"""The recipes table: how K* and the gains move with the recipe of self-training.

A shift of K* is between the trajectories that both recipes ran, which share their draws of
trajectories and tasks, so that what they have in common leaves the shift alone.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import (
    Array,
    Measured,
    draw,
    intervals,
    mean_over_seeds,
    quantiles,
    resampled,
)
from crest.statistics.checkpoints import BASE, Checkpoint, checkpoints
from crest.statistics.crossing import budget, log2_crossings, spread, state
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.tables.crossing import mean_crossing

TABLES = ("crossover/samples",)
SETTINGS = ("confidence_level", "crossover_ks", "num_resamples", "pick_budget", "recipe", "seed")

GAINS = ("gain_first", "gain_budget", "gain_largest")

SCHEMA = {
    "method": pl.String,  # recipe
    "main": pl.Boolean,  # whether it is the study's own recipe
    "bank": pl.String,
    "round": pl.Int64,  # its last
    "n_seeds": pl.Int64,  # trajectories
    "n_tasks": pl.Int64,
    "n_samples": pl.Int64,
    "state": pl.String,  # of the mean curve, as in the crossing table
    "crossing_k": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "interval": pl.String,
    "probability": pl.Float64,
    "n_shared": pl.Int64,  # trajectories that the study's own recipe ran, too
    "log2_shift": pl.Float64,  # log2 K* minus that of the study's own recipe, over the shared ones
    "shift_low": pl.Float64,  # percentile bootstrap; null where it has no end
    "shift_high": pl.Float64,
    "p_lower": pl.Float64,  # share of draws in which its K* is the lower one; ties count half
    **{
        f"{name}{suffix}": pl.Float64
        for name in GAINS  # over the base at the smallest k, the pick budget and the largest k
        for suffix in ("", "_low", "_high")
    },
    "ci_level": pl.Float64,
    "n_resamples": pl.Int64,
    "rng_seed": pl.Int64,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return recipes_table(
        tables["crossover/samples"],
        settings.crossover_ks,
        settings.resampling,
        pick_budget=settings.pick_budget,
        recipe=settings.recipe,
    )


def recipes_table(
    samples: pl.DataFrame,
    ks: Sequence[int],
    resampling: Resampling,
    *,
    pick_budget: int,
    recipe: str,
) -> pl.DataFrame:
    """Return one row a recipe and bank, at the recipe's last round; `SCHEMA` has the columns.

    Args:
        samples: One row a checkpoint, bank and task.
        ks: Budgets, each at most half the samples a task.
        resampling: How intervals are made.
        pick_budget: One of the budgets.
        recipe: The study's own, which shifts are relative to; without it they are null.

    Raises:
        ValueError: The pick budget is no budget.
    """
    if pick_budget not in ks:
        raise ValueError(f"pick budget {pick_budget} is none of the budgets {list(ks)}; add it")
    trained = [each for each in checkpoints(samples, ks) if each.method != BASE]
    rows = [
        _row(each, _own(trained, recipe, each.bank), ks, resampling, pick_budget)
        for each in trained
        if each is _last(trained, each.method, each.bank)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _last(trained: Sequence[Checkpoint], method: str, bank: str) -> Checkpoint:
    mine = [each for each in trained if (each.method, each.bank) == (method, bank)]
    return max(mine, key=lambda each: each.round)


def _own(trained: Sequence[Checkpoint], recipe: str, bank: str) -> Checkpoint | None:
    """Return the last round of the study's own recipe; None where it has no trajectories."""
    return _last(trained, recipe, bank) if recipe in {each.method for each in trained} else None


def _row(
    checkpoint: Checkpoint,
    own: Checkpoint | None,
    ks: Sequence[int],
    resampling: Resampling,
    pick_budget: int,
) -> dict[str, Any]:
    gain = checkpoint.gain
    crossing = mean_crossing(gain, ks)
    drawn = _drawn(gain, checkpoint.bank, ks, resampling)
    found = spread(drawn, ks, resampling.confidence_level)
    return {
        "method": checkpoint.method,
        "main": own is not None and checkpoint.method == own.method,
        "bank": checkpoint.bank,
        "round": checkpoint.round,
        "n_seeds": len(gain.seeds),
        "n_tasks": len(gain.tasks),
        "n_samples": checkpoint.n_samples,
        "state": state(crossing),
        "crossing_k": budget(crossing),
        "ci_low": found.low,
        "ci_high": found.high,
        "interval": found.words,
        "probability": found.crosses,
        **(_shift(checkpoint, own, ks, resampling) if own else {}),
        **_gains(checkpoint, [0, list(ks).index(pick_budget), len(ks) - 1], resampling),
        "ci_level": resampling.confidence_level,
        "n_resamples": resampling.num_resamples,
        "rng_seed": resampling.seed,
    }


def _drawn(gain: Measured, bank: str, ks: Sequence[int], resampling: Resampling) -> Array:
    """Return log2 K* of the mean curve of each draw: float64[draw]."""
    draws = draw(len(gain.seeds), len(gain.tasks), resampling, "crossover", bank)
    return log2_crossings(resampled(gain, draws), ks)


def _shift(
    checkpoint: Checkpoint, own: Checkpoint, ks: Sequence[int], resampling: Resampling
) -> dict[str, float | None]:
    """Return the shift of K* over the trajectories that both ran; none without any."""
    shared = [seed for seed in checkpoint.gain.seeds if seed in own.gain.seeds]
    if not shared:
        return {"n_shared": 0}
    pair = [each.gain.of_seeds(shared) for each in (checkpoint, own)]
    mine, other = (np.array(mean_crossing(each, ks)) for each in pair)
    drawn, drawn_other = (_drawn(each, own.bank, ks, resampling) for each in pair)
    tail = (1 - resampling.confidence_level) / 2
    differences = np.sort(_difference(drawn, drawn_other))
    low, high = quantiles(differences, [tail, 1 - tail])
    return {
        "n_shared": len(shared),
        "log2_shift": _finite(float(_difference(mine, other))),
        "shift_low": _finite(low),
        "shift_high": _finite(high),
        "p_lower": float(np.mean((drawn < drawn_other) + 0.5 * (drawn == drawn_other))),
    }


def _difference(first: Array, second: Array) -> Array:
    """Return first minus second, zero where they are equal, infinities too."""
    same = first == second
    return np.where(same, 0.0, np.where(same, 0.0, first) - np.where(same, 0.0, second))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _gains(
    checkpoint: Checkpoint, columns: Sequence[int], resampling: Resampling
) -> dict[str, float | None]:
    gain = checkpoint.gain
    draws = draw(len(gain.seeds), len(gain.tasks), resampling, "crossover", checkpoint.bank)
    found = intervals(gain, draws, resampling.confidence_level)
    estimates = mean_over_seeds(gain.per_seed)
    row: dict[str, float | None] = {}
    for name, column in zip(GAINS, columns, strict=True):
        row[name] = float(estimates[column])
        row |= {f"{name}_low": found[column].low, f"{name}_high": found[column].high}
    return row
