"""The critic_curve table: what a critic is worth by the number of tasks that trained it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import Array, summaries
from crest.statistics.picks import CRITICS, Picks, picks_of
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/picks",)
SETTINGS = ("confidence_level", "num_resamples", "pick_budget", "seed")

AGAINST = ("first", "likelihood", "vote", "runs_everywhere")
"""Selectors without a critic that the curve is drawn against."""

SCHEMA = {
    "bank": pl.String,
    "k": pl.Int64,  # candidates drawn
    "primary": pl.Boolean,  # at the pick budget
    "selector": pl.String,  # critic or critic_vote
    "metric": pl.String,  # correct; gain over the reference; slope of correct a doubling of tasks
    "reference": pl.String,  # of the gain; null elsewhere
    "critic_tasks": pl.Int64,  # that trained the critic; null of the slope
    **SUMMARY_SCHEMA,  # a seed is a split seed
    "p_value": pl.Float64,  # of a gain or slope of zero, over split seeds
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return critic_curve_table(
        tables["crossover/picks"], settings.resampling, pick_budget=settings.pick_budget
    )


def critic_curve_table(
    picks: pl.DataFrame, resampling: Resampling, *, pick_budget: int
) -> pl.DataFrame:
    """Return one row a bank, budget, critic, metric and size; `SCHEMA` has the columns.

    Args:
        picks: One row a split seed, bank, task, budget and selector.
        resampling: How intervals are made.
        pick_budget: The budget of the claims.
    """
    places = picks.select("bank", "k").unique().sort("bank", "k").rows()
    rows = []
    for bank, k in places:
        found = picks_of(picks, bank, k)
        keys = {"bank": bank, "k": k, "primary": k == pick_budget}
        for selector in CRITICS:
            rows += [{**keys, **row} for row in _rows(found, selector, resampling, bank)]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(
    found: Picks, selector: str, resampling: Resampling, bank: str
) -> Iterator[dict[str, Any]]:
    sizes = [tasks for name, tasks in found.cells if name == selector]
    if not sizes:
        return
    curve = np.stack([found.of((selector, size)) for size in sizes], axis=-1)
    columns: dict[tuple[str, str | None, int | None], Array] = {
        ("correct", None, size): curve[..., at] for at, size in enumerate(sizes)
    }
    for reference in (each for each in AGAINST if (each, 0) in found.cells):
        gains = curve - found.of((reference, 0))[..., None]
        columns |= {("gain", reference, size): gains[..., at] for at, size in enumerate(sizes)}
    if len(sizes) > 1:
        doublings = np.log2(sizes) - np.mean(np.log2(sizes))
        columns["slope", None, None] = curve @ doublings / (doublings @ doublings)
    measured = found.measured(np.stack(list(columns.values()), axis=-1), "all")
    found_rows = summaries(measured, resampling, "selection", bank)
    keyed = zip(columns, found_rows, measured.per_seed.T, strict=True)
    for (metric, against, size), row, per_seed in keyed:
        tested = metric != "correct"
        yield {
            "selector": selector,
            "metric": metric,
            "reference": against,
            "critic_tasks": size,
            **row,
            "p_value": sign_flip_p(per_seed) if tested else None,
            "test": TEST if tested else None,
        }
