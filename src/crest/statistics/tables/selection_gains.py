"""The selection_gains table: critics against every other selector, paired by split seed and task.

Critics are those trained on most tasks; the critic_curve table has the others. Two tests stand side
by side. The exact sign flip over split seeds asks whether other visible pairs would give the same
sign; with six seeds no p of it lies below .031, and none corrected for seven baselines can reach
.05. The sign flip over tasks, of each task's mean over seeds, asks whether other tasks would.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import Measured, mean_over_seeds, summaries
from crest.statistics.holm import holm
from crest.statistics.picks import CRITICS, FREE, REFERENCES, SUBSETS, Picks, picks_of
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, drawn_flip_p, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/picks",)
SETTINGS = ("confidence_level", "num_resamples", "pick_budget", "seed")

SCHEMA = {
    "bank": pl.String,
    "k": pl.Int64,  # candidates drawn
    "primary": pl.Boolean,  # at the pick budget
    "subset": pl.String,  # all, fitting, divergent or agreeing
    "method": pl.String,  # critic or critic_vote
    "critic_tasks": pl.Int64,  # that trained it
    "reference": pl.String,
    "free": pl.Boolean,  # whether the reference needs no critic and no verifier
    **SUMMARY_SCHEMA,  # method minus reference, in share of picks that generalise
    "p_value": pl.Float64,  # over split seeds
    "test": pl.String,
    "p_holm": pl.Float64,  # over the free references of a bank, budget, subset and method
    "p_tasks": pl.Float64,  # sign flip over tasks, drawn
    "p_tasks_holm": pl.Float64,
    "seeds_better": pl.Int64,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return selection_gains_table(
        tables["crossover/picks"], settings.resampling, pick_budget=settings.pick_budget
    )


def selection_gains_table(
    picks: pl.DataFrame, resampling: Resampling, *, pick_budget: int
) -> pl.DataFrame:
    """Return one row a bank, budget, subset, critic and reference; `SCHEMA` has the columns.

    Args:
        picks: One row a split seed, bank, task, budget and selector.
        resampling: How intervals are made.
        pick_budget: The budget of the claims.
    """
    places = picks.select("bank", "k").unique().sort("bank", "k").rows()
    rows = [
        row for bank, k in places for row in _rows(picks_of(picks, bank, k), resampling, bank, k)
    ]
    keyed = [{**row, "primary": row["k"] == pick_budget} for row in rows]
    return pl.DataFrame(keyed, schema=SCHEMA)


def _rows(found: Picks, resampling: Resampling, bank: str, k: int) -> Iterator[dict[str, Any]]:
    largest = max(tasks for _, tasks in found.cells)
    critics = [(name, largest) for name in CRITICS if (name, largest) in found.cells]
    others = [cell for cell in found.cells if cell[0] in REFERENCES]
    for critic in critics:
        references = [*others, ("critic", critic[1])] if critic[0] != "critic" else others
        values = np.stack([found.of(critic) - found.of(each) for each in references], axis=-1)
        for subset in SUBSETS:
            measured = found.measured(values, subset)
            keys = {"bank": bank, "k": k, "subset": subset, "method": critic[0]}
            keys["critic_tasks"] = critic[1]
            tested = _tested(measured, [name for name, _ in references], resampling, bank)
            yield from ({**keys, **row} for row in tested)


def _tested(
    measured: Measured, references: list[str], resampling: Resampling, bank: str
) -> list[dict[str, Any]]:
    """Return the rows of one critic and subset, Holm's p among the free references."""
    over_tasks = mean_over_seeds(
        np.where(measured.counts > 0, measured.values, np.nan)
    )  # NaN: in the subset for no seed
    p_tasks = drawn_flip_p(
        np.nan_to_num(over_tasks),
        resampling.generator("selection flips", bank),
        resampling.num_resamples,
    )
    rows = []
    summary = summaries(measured, resampling, "selection", bank)
    for index, (reference, row) in enumerate(zip(references, summary, strict=True)):
        known = measured.per_seed[:, index]
        known = known[np.isfinite(known)]
        rows.append(
            {
                "reference": reference,
                "free": reference in FREE,
                **row,
                "p_value": sign_flip_p(known) if len(known) else None,
                "test": TEST,
                "p_tasks": float(p_tasks[index]) if len(known) else None,
                "seeds_better": int((known > 0).sum()),
            }
        )
    return _corrected(rows)


def _corrected(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    family = [row for row in rows if row["free"] and row["p_value"] is not None]
    for name, corrected in (("p_value", "p_holm"), ("p_tasks", "p_tasks_holm")):
        for row, p_value in zip(family, holm([row[name] for row in family]), strict=True):
            row[corrected] = float(p_value)
    return rows
