"""The crossover_pass_at_k table: pass@K of the base and of every round, and gains over the base."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from crest.statistics.bands import Measured, summaries
from crest.statistics.checkpoints import BASE, Checkpoint, checkpoints
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/samples",)
SETTINGS = ("confidence_level", "crossover_ks", "num_resamples", "recipe", "seed")

LEVEL, GAIN = "pass@k", "gain"

SCHEMA = {
    "method": pl.String,  # recipe, or "base"
    "main": pl.Boolean,  # whether it is the study's own recipe
    "round": pl.Int64,  # 0 for the base
    "last": pl.Boolean,  # whether it is the recipe's last round
    "bank": pl.String,
    "metric": pl.String,  # pass@k; gain: minus that of the trajectory's own base
    "k": pl.Int64,
    "n_samples": pl.Int64,  # samples a task, at least twice k
    "n_bases": pl.Int64,  # base models that the trajectories started from
    **SUMMARY_SCHEMA,  # a seed is a trajectory; of the base, a base seed
    "p_value": pl.Float64,  # of a gain of zero
    "test": pl.String,
    "seeds_better": pl.Int64,  # trajectories with a gain above zero
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return crossover_pass_at_k_table(
        tables["crossover/samples"],
        settings.crossover_ks,
        settings.resampling,
        recipe=settings.recipe,
    )


def crossover_pass_at_k_table(
    samples: pl.DataFrame, ks: Sequence[int], resampling: Resampling, *, recipe: str
) -> pl.DataFrame:
    """Return one row a checkpoint, bank, metric and budget; `SCHEMA` has the columns.

    Bands draw trajectories whole and, crossed with them, tasks. All rows of a bank share their
    draws of tasks, so that bands of several rounds and budgets can be read together.

    Args:
        samples: One row a checkpoint, bank and task.
        ks: Budgets, each at most half the samples a task.
        resampling: How intervals are made.
        recipe: The study's own.
    """
    found = checkpoints(samples, ks)
    last = {each.method: max(o.round for o in found if o.method == each.method) for each in found}
    rows = [
        {
            "method": each.method,
            "main": each.method == recipe,
            "round": each.round,
            "last": each.round == last[each.method],
            "bank": each.bank,
            "n_samples": each.n_samples,
            "n_bases": each.n_bases,
            **row,
        }
        for each in found
        for row in _rows(each, ks, resampling)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(
    checkpoint: Checkpoint, ks: Sequence[int], resampling: Resampling
) -> Iterator[dict[str, Any]]:
    names = ("crossover", checkpoint.bank)
    for k, row in zip(ks, summaries(checkpoint.curve, resampling, *names), strict=True):
        yield {"metric": LEVEL, "k": k, **row}
    if checkpoint.method == BASE:
        return
    gain = checkpoint.gain
    tested = zip(ks, summaries(gain, resampling, *names), _tests(gain), strict=True)
    for k, row, test in tested:
        yield {"metric": GAIN, "k": k, **row, **test}


def _tests(gain: Measured) -> list[dict[str, Any]]:
    """Return the test of each budget's gain over trajectories."""
    return [
        {
            "p_value": sign_flip_p(column),
            "test": TEST,
            "seeds_better": int((column > 0).sum()),
        }
        for column in gain.per_seed.T
    ]
