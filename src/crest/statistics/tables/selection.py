"""The selection table: how often each selector's pick generalises."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import mean_over_seeds, summaries
from crest.statistics.picks import SUBSETS, picks_of
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/picks",)
SETTINGS = ("confidence_level", "num_resamples", "pick_budget", "seed")

SCHEMA = {
    "bank": pl.String,
    "k": pl.Int64,  # candidates drawn
    "primary": pl.Boolean,  # at the pick budget; of critics, the one trained on most tasks
    "subset": pl.String,  # all, fitting, divergent or agreeing
    "tasks_share": pl.Float64,  # share of the bank's tasks in it, mean over seeds
    "selector": pl.String,
    "critic_tasks": pl.Int64,  # that trained the critic; 0 without one
    **SUMMARY_SCHEMA,  # share of picks that generalise; a seed is a split seed
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return selection_table(
        tables["crossover/picks"], settings.resampling, pick_budget=settings.pick_budget
    )


def selection_table(
    picks: pl.DataFrame, resampling: Resampling, *, pick_budget: int
) -> pl.DataFrame:
    """Return one row a bank, budget, subset of tasks and selector; `SCHEMA` has the columns.

    A task without a candidate that fits is in `all` alone, and counts as wrong for each selector.

    Args:
        picks: One row a split seed, bank, task, budget and selector.
        resampling: How intervals are made.
        pick_budget: The budget of the claims.
    """
    places = picks.select("bank", "k").unique().sort("bank", "k").rows()
    rows = [row for bank, k in places for row in _rows(picks, bank, k, resampling)]
    largest = max(row["critic_tasks"] for row in rows)
    for row in rows:
        row["primary"] = row["k"] == pick_budget and row["critic_tasks"] in (0, largest)
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(
    picks: pl.DataFrame, bank: str, k: int, resampling: Resampling
) -> Iterator[dict[str, Any]]:
    found = picks_of(picks, bank, k)
    for subset in SUBSETS:
        measured = found.measured(found.correct, subset)
        share = float(np.mean(mean_over_seeds(found.subsets[subset])))
        summary = summaries(measured, resampling, "selection", bank)
        for (selector, critic_tasks), row in zip(found.cells, summary, strict=True):
            keys = {"bank": bank, "k": k, "subset": subset, "tasks_share": share}
            yield {**keys, "selector": selector, "critic_tasks": critic_tasks, **row}
