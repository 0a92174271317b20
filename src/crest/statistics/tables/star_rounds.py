"""The star_rounds table: what each round of self-training brings, and whether gains decelerate.

All moves are paired by trajectory. Increments of neighbouring rounds share a measurement and so
are not independent, but their means are unbiased, and so is the deceleration: the first increment
minus the mean of the later ones, that is first gain minus what followed over the rounds it took.

Does not cover: bases. Trajectories of one base share what is peculiar to it, and are drawn as if
they did not, here as in the other tables of trajectories; `n_bases` says how many there are.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import Array, Measured, summaries
from crest.statistics.checkpoints import check, recipes, trajectories, with_rates
from crest.statistics.cubes import cube
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/samples", "crossover/harvest")
SETTINGS = ("confidence_level", "num_resamples", "pick_budget", "recipe", "seed")

POOL = "pool"
PASS, CEILING = "pass@1", "ceiling"
LEVELS = {
    "distinct_correct": pl.col("num_distinct_correct"),
    "distinct_share": pl.col("num_distinct") / pl.col("num_samples"),
    "fit_share": pl.col("num_visible_fit") / pl.col("num_samples"),
    "divergence": pl.col("num_behaviours") > 1,
}
"""Of a task: distinct programs that generalise; distinct programs over samples; samples that fit
the visible pairs; whether those behave in several ways on the held-out inputs."""
OF_FITTING = {
    "precision": pl.col("num_correct") / pl.col("num_visible_fit"),
    "concentration": pl.col("num_modal") / pl.col("num_visible_fit"),
    "behaviours": pl.col("num_behaviours"),
}
"""Of a task that a sample fits: the share of fitting samples that generalise; the share that behave
as most do; behaviours among them."""
HARVEST = {
    "kept": pl.col("num_kept").sum(),
    "solved": (pl.col("num_correct") > 0).mean(),
    "pool_pass@1": pl.col("num_correct").sum() / pl.col("num_samples").sum(),
}
"""Of a round's pool: programs kept to learn from; tasks with one at least; share of samples."""

SCHEMA = {
    "method": pl.String,  # recipe
    "main": pl.Boolean,  # whether it is the study's own recipe
    "bank": pl.String,  # or "pool" for what was harvested
    "metric": pl.String,
    "k": pl.Int64,  # samples of pass@1 and of the ceiling; null elsewhere
    "round": pl.Int64,  # 0: the base; null: over all rounds
    "n_bases": pl.Int64,  # base models that the trajectories started from
    **SUMMARY_SCHEMA,  # a seed is a trajectory
    "p_value": pl.Float64,  # of a move of zero; null of levels
    "test": pl.String,
    "seeds_better": pl.Int64,  # trajectories that moved upwards
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return star_rounds_table(
        tables["crossover/samples"],
        tables["crossover/harvest"],
        settings.resampling,
        pick_budget=settings.pick_budget,
        recipe=settings.recipe,
    )


def star_rounds_table(
    samples: pl.DataFrame,
    harvest: pl.DataFrame,
    resampling: Resampling,
    *,
    pick_budget: int,
    recipe: str,
) -> pl.DataFrame:
    """Return one row a recipe, bank, metric and round; `SCHEMA` has the columns.

    Metrics beside those of `LEVELS`, `OF_FITTING` and `HARVEST`: pass@1 and ceiling (pass@k at the
    pick budget); of both, `_gain` (minus the base), `_increment` (minus the round before) and, over
    all rounds, `_mean_gain`, `_later` (mean increment after the first round) and `_deceleration`
    (first increment minus that).

    Args:
        samples: One row a checkpoint, bank and task.
        harvest: One row a recipe, trajectory, round and pool task.
        resampling: How intervals are made.
        pick_budget: The ceiling's k.
        recipe: The study's own.
    """
    ks = (1, pick_budget)
    check(samples, ks)
    rates = with_rates(samples, ks).with_columns(
        pl.col("rates").arr.get(0).alias(PASS), pl.col("rates").arr.get(1).alias(CEILING)
    )
    rows: list[dict[str, Any]] = []
    for method in recipes(samples):
        whole = trajectories(rates, method)
        keys = {"method": method, "main": method == recipe}
        keys["n_bases"] = whole["base_seed"].n_unique()
        for (bank,), of_bank in whole.group_by("bank", maintain_order=True):
            found = _bank_rows(of_bank, ks, resampling, str(bank))
            rows += [{**keys, "bank": bank, **row} for row in found]
        harvested = _harvest_rows(harvest.filter(pl.col("method") == method), resampling)
        rows += [{**keys, "bank": POOL, **row} for row in harvested]
    return pl.DataFrame(rows, schema=SCHEMA)


def _bank_rows(
    rows: pl.DataFrame, ks: tuple[int, int], resampling: Resampling, bank: str
) -> Iterator[dict[str, Any]]:
    numbers = {PASS: pl.col(PASS), CEILING: pl.col(CEILING), **LEVELS, **OF_FITTING}
    fits = pl.col("num_visible_fit") > 0
    known = rows.with_columns(
        pl.when(fits if name in OF_FITTING else pl.lit(value=True)).then(value).alias(name)
        for name, value in numbers.items()
    )
    rounds = known["round"].unique().sort().to_list()
    cubes = [cube(known.filter(pl.col("round") == each), list(numbers)) for each in rounds]
    budgets = dict(zip((PASS, CEILING), ks, strict=True))
    for number, levels in zip(rounds, cubes, strict=True):
        for name, row in zip(
            numbers, summaries(levels, resampling, "crossover", bank), strict=True
        ):
            yield {"metric": name, "k": budgets.get(name), "round": number, **row}
    values = np.stack([each.values for each in cubes])
    for column, (name, k) in enumerate(budgets.items()):
        moves = _moves(values[..., column], name)
        measured = Measured(cubes[0].seeds, cubes[0].tasks, np.stack(list(moves.values()), axis=-1))
        found = summaries(measured, resampling, "crossover", bank)
        for (metric, number), row, per_seed in zip(moves, found, measured.per_seed.T, strict=True):
            yield {"metric": metric, "k": k, "round": number, **row, **_test(per_seed)}


def _moves(values: Array, name: str) -> dict[tuple[str, int | None], Array]:
    """Return the moves of a level by metric and round.

    Args:
        values: float64[round, seed, task], the base first.
        name: Of the level.

    Returns:
        Each float64[seed, task].
    """
    increments = np.diff(values, axis=0)
    gains = values[1:] - values[0]
    moves: dict[tuple[str, int | None], Array] = {}
    for index in range(len(gains)):
        moves[f"{name}_increment", index + 1] = increments[index]
        moves[f"{name}_gain", index + 1] = gains[index]
    moves[f"{name}_mean_gain", None] = gains.mean(axis=0)
    if len(gains) > 1:
        later = increments[1:].mean(axis=0)
        moves[f"{name}_later", None] = later
        moves[f"{name}_deceleration", None] = increments[0] - later
    return moves


def _harvest_rows(harvest: pl.DataFrame, resampling: Resampling) -> Iterator[dict[str, Any]]:
    sizes = harvest.group_by("round", "seed").agg(
        value.cast(pl.Float64).alias(name) for name, value in HARVEST.items()
    )
    for (number,), rows in sizes.sort("round", "seed").group_by("round", maintain_order=True):
        values = rows.select(*HARVEST).to_numpy()[:, None, :]
        measured = Measured(tuple(rows["seed"].to_list()), (), values)
        found = summaries(measured, resampling, "crossover", POOL)
        for name, row in zip(HARVEST, found, strict=True):
            yield {"metric": name, "round": number, **row}


def _test(per_seed: Array) -> dict[str, Any]:
    better = int((per_seed > 0).sum())
    return {"p_value": sign_flip_p(per_seed), "test": TEST, "seeds_better": better}
