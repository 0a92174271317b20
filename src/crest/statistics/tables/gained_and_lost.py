"""The gained_and_lost table: on which tasks the last round is better or worse than its base.

Amplification is a rise on tasks that the base solves too, if seldom; a new ability would be a rise
on tasks that it never solves. Tasks are told apart twice: by whether their rate changed beyond
noise, and by how often the base solves them. Where pass@K falls at large K, it may be by tasks that
were seldom solved, each of which changes less than its noise: the second division shows them.

For the second one the base's samples are split at random: one half says how often the base solves
a task, the other is compared with the last round, so that no regression to the mean is taken for a
change. Does not cover: what the base would solve with more samples than it was given; and in the
first division the same samples name a task as changed and measure the change, so that parts of
changed tasks are a little too large, by what the false discovery rate lets through.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import Array, Measured, summaries
from crest.statistics.changes import Counts, changed
from crest.statistics.checkpoints import check, recipes, trajectories, with_rates
from crest.statistics.cubes import cube
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/samples",)
SETTINGS = ("confidence_level", "crossover_ks", "num_resamples", "recipe", "seed")

CHANGES = ("gained", "gained new", "lost", "lost all", "same")
"""Rose, and a sample of the base solved it; rose, and none did; fell, and a sample of the last
round still solves it; fell, and none does; neither beyond noise."""

STRATA = {"never": 0.0, "seldom": 1 / 16, "often": 1 / 2, "mostly": 1.0}
"""How often the base solves a task: up to this share of its samples."""

SCHEMA = {
    "method": pl.String,  # recipe
    "main": pl.Boolean,
    "bank": pl.String,
    "round": pl.Int64,  # the last
    "by": pl.String,  # change, or base for how often the base solves the task
    "group": pl.String,  # of tasks: one of `CHANGES` or `STRATA`
    "metric": pl.String,  # share of tasks; part: what they add to the change of pass@k
    "k": pl.Int64,  # of the part: 1 or the largest that the samples allow; null of the share
    "n_samples": pl.Int64,
    **SUMMARY_SCHEMA,  # a seed is a trajectory
}


_Division = tuple[pl.DataFrame, pl.DataFrame, dict[str, Array], Sequence[int]]
"""First and last round; groups of tasks as float64[seed, task], one for their own; budgets."""


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return gained_and_lost_table(
        tables["crossover/samples"],
        settings.crossover_ks,
        settings.resampling,
        recipe=settings.recipe,
    )


def gained_and_lost_table(
    samples: pl.DataFrame, ks: Sequence[int], resampling: Resampling, *, recipe: str
) -> pl.DataFrame:
    """Return one row a recipe, bank, group of tasks and metric; `SCHEMA` has the columns.

    The shares of a division add up to one, its parts to the change of pass@k from base to last
    round.

    Args:
        samples: One row a checkpoint, bank and task.
        ks: Budgets; the largest is used, beside 1.
        resampling: How intervals are made; its level also says what is noise.
        recipe: The study's own.
    """
    check(samples, ks)
    rows = []
    for method in recipes(samples):
        whole = trajectories(samples, method)
        for (bank,), of_bank in whole.group_by("bank", maintain_order=True):
            keys = {"method": method, "main": method == recipe, "bank": bank}
            keys |= {"round": of_bank["round"].max(), "n_samples": of_bank["num_samples"].min()}
            first, last = (of_bank.filter(pl.col("round") == at) for at in (0, keys["round"]))
            halves = _halves(first, resampling, str(bank))
            divisions = {
                "change": (first, last, _changes(first, last, resampling.confidence_level), ks),
                "base": (halves[1], last, _strata(halves[0]), _allowed(ks, halves[1])),
            }
            for name, division in divisions.items():
                found = _rows(division, resampling, str(bank))
                rows += [{**keys, "by": name, **row} for row in found]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(division: _Division, resampling: Resampling, bank: str) -> Iterator[dict[str, Any]]:
    """Yield share and parts of each group of tasks."""
    first, last, groups, ks = division
    budgets = (1, max(ks))
    moves = [_move(first, last, k) for k in budgets]
    named = [("share", None), *(("part", k) for k in budgets)]
    whole = cube(first, ["num_correct"])
    for group, which in groups.items():
        values = np.stack([which, *(which * move for move in moves)], axis=-1)
        measured = Measured(whole.seeds, whole.tasks, values)
        found = summaries(measured, resampling, "crossover", bank)
        for (metric, k), row in zip(named, found, strict=True):
            yield {"group": group, "metric": metric, "k": k, **row}


def _changes(first: pl.DataFrame, last: pl.DataFrame, level: float) -> dict[str, Array]:
    """Return one where a task belongs to each of `CHANGES`: float64[seed, task]."""
    (before, after), tried = (
        [_whole(each, name) for each in (first, last)] for name in ("num_correct", "num_samples")
    )
    direction = changed(before, after, (tried[0], tried[1]), level)
    rose, fell = direction > 0, direction < 0
    classes = [rose & (before > 0), rose & (before == 0)]
    classes += [fell & (after > 0), fell & (after == 0), direction == 0]
    return {name: each.astype(np.float64) for name, each in zip(CHANGES, classes, strict=True)}


def _strata(half: pl.DataFrame) -> dict[str, Array]:
    """Return one where the base solves a task so often: float64[seed, task]."""
    rate = _whole(half, "num_correct") / _whole(half, "num_samples")
    edges = np.array(list(STRATA.values()))
    places = np.searchsorted(edges, rate)
    return {name: (places == at).astype(np.float64) for at, name in enumerate(STRATA)}


def _halves(base: pl.DataFrame, resampling: Resampling, bank: str) -> list[pl.DataFrame]:
    """Return the base's samples as two random halves, alike for trajectories of one base."""
    halves: list[list[pl.DataFrame]] = [[], []]
    for (seed,), rows in base.sort("task_id").group_by("base_seed", maintain_order=True):
        rng = resampling.generator("crossover halves", bank, str(seed))
        tasks = rows.unique("task_id", keep="first").sort("task_id")
        drawn, solved = (tasks[name].to_numpy() for name in ("num_samples", "num_correct"))
        size = drawn // 2
        part = rng.hypergeometric(solved, drawn - solved, size)
        for half, counts in zip(halves, ((size, part), (drawn - size, solved - part)), strict=True):
            names = ("num_samples", "num_correct")
            known = tasks.select("task_id").with_columns(
                pl.Series(name, values) for name, values in zip(names, counts, strict=True)
            )
            half.append(rows.drop(names).join(known, on="task_id", maintain_order="left"))
    return [pl.concat(half) for half in halves]


def _allowed(ks: Sequence[int], half: pl.DataFrame) -> list[int]:
    """Return the budgets of which half the samples are enough; 1 always is."""
    fewest = int(half["num_samples"].min())  # type: ignore[arg-type]
    return [1, *(k for k in ks if 2 * k <= fewest)]


def _move(first: pl.DataFrame, last: pl.DataFrame, k: int) -> Array:
    """Return the change of pass@k from base to last round: float64[seed, task]."""
    before, after = (
        cube(with_rates(each, [k]).with_columns(pl.col("rates").arr.get(0)), ["rates"])
        for each in (first, last)
    )
    return after.values[..., 0] - before.values[..., 0]


def _whole(rows: pl.DataFrame, column: str) -> Counts:
    return cube(rows, [column]).values[..., 0].astype(np.int64)
