"""The critic_calibration table: whether a critic's scores order candidates and mean what they say.

A selector needs order within a task alone; the AUC over all candidates also rewards a critic that
knows easy tasks from hard ones. Both stand beside those of the generator's own log-probability.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from crest.statistics.bands import Measured, summaries
from crest.statistics.calibration import (
    auc,
    bins_of,
    calibration_error,
    log_loss,
    null_calibration_error,
    probabilities,
)
from crest.statistics.cubes import ragged
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA

TABLES = ("crossover/scores",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

NUM_BINS = 10
SCALARS = (
    "auc",
    "auc_log_prob",
    "base_rate",
    "mean_predicted",
    "ece",
    "ece_null",
    "brier",
    "log_loss",
)
WITHIN = {"auc_within": "score", "auc_within_log_prob": "log_prob"}
"""Chance that a right candidate scores above a wrong one of the same task, a mean over tasks with
both."""

SCHEMA = {
    "bank": pl.String,
    "critic_tasks": pl.Int64,  # that trained the critic
    "primary": pl.Boolean,  # whether it was trained on most tasks
    "metric": pl.String,  # observed, of a bin; auc, ece, brier and others of all candidates
    "bin": pl.Int64,  # from 0, equally wide in predicted probability; null of all candidates
    "predicted": pl.Float64,  # mean prediction in the bin
    "n_candidates": pl.Int64,
    **SUMMARY_SCHEMA,  # a seed is a split seed; the bins' intervals draw tasks, too
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return critic_calibration_table(tables["crossover/scores"], settings.resampling)


def critic_calibration_table(scores: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a bank, critic and metric; `SCHEMA` has the columns.

    The critic trained on most tasks has its bins, too.

    Metrics: `observed` share right; auc and auc_within of the score and of the generator's
    log-probability; base_rate, the share that is right; mean_predicted; ece, and ece_null, that of
    a calibrated critic with as many candidates; brier; log_loss.

    Args:
        scores: One row a candidate that fits the visible pairs.
        resampling: How intervals are made.
    """
    known = scores.with_columns(
        predicted=pl.Series(probabilities(scores["score"].to_numpy())),
        correct=pl.col("correct").cast(pl.Float64),
    )
    largest = known["critic_tasks"].max()
    ordered = known.sort("bank", "critic_tasks", "seed", "task_id", "sample_id")
    rows = []
    for (bank, tasks), mine in ordered.group_by("bank", "critic_tasks", maintain_order=True):
        keys = {"bank": bank, "critic_tasks": tasks, "primary": tasks == largest}
        keys["n_candidates"] = len(mine)
        for part in (_bins, _scalars, _within)[0 if tasks == largest else 1 :]:
            rows += [{**keys, **row} for row in part(mine, resampling, str(bank))]
    return pl.DataFrame(rows, schema=SCHEMA)


def _bins(rows: pl.DataFrame, resampling: Resampling, bank: str) -> Iterator[dict[str, Any]]:
    """Yield the bins that hold a candidate."""
    placed = rows.with_columns(bin=pl.Series(bins_of(rows["predicted"].to_numpy(), NUM_BINS)))
    means = placed.group_by("bin", "seed", "task_id").agg(
        pl.len(), pl.col("correct", "predicted").mean()
    )
    for (place,), held in means.sort("bin").group_by("bin", maintain_order=True):
        measured = ragged(held, _places(rows), ["correct", "predicted"], "len")
        observed, predicted = summaries(measured, resampling, "calibration", bank)
        keys = {"metric": "observed", "bin": place, "predicted": predicted["estimate"]}
        yield {**keys, "n_candidates": held["len"].sum(), **observed}


def _scalars(rows: pl.DataFrame, resampling: Resampling, bank: str) -> Iterator[dict[str, Any]]:
    """Yield numbers of all candidates, one a seed."""
    found = {
        int(seed): _of_seed(mine, resampling.generator("calibration null", bank, str(seed)))
        for (seed,), mine in rows.group_by("seed", maintain_order=True)
    }
    values = np.array([[each[name] for name in SCALARS] for each in found.values()], dtype=float)
    known = np.isfinite(values)[:, None, :]
    numbers = np.nan_to_num(values)[:, None, :]
    measured = Measured(tuple(found), (), numbers, known.astype(np.float64))
    for name, row in zip(SCALARS, summaries(measured, resampling, "calibration"), strict=True):
        yield {"metric": name, **row}


def _of_seed(rows: pl.DataFrame, rng: np.random.Generator) -> dict[str, float | None]:
    columns = ("score", "log_prob", "predicted", "correct")
    score, log_prob, predicted, correct = (rows[name].to_numpy() for name in columns)
    return {
        "auc": auc(score, correct),
        "auc_log_prob": auc(log_prob, correct),
        "base_rate": float(correct.mean()),
        "mean_predicted": float(predicted.mean()),
        "ece": calibration_error(predicted, correct),
        "ece_null": null_calibration_error(predicted, rng),
        "brier": float(np.mean((predicted - correct) ** 2)),
        "log_loss": log_loss(score, correct),
    }


def _within(rows: pl.DataFrame, resampling: Resampling, bank: str) -> Iterator[dict[str, Any]]:
    """Yield how scores order the candidates of one task, a mean over tasks with both kinds."""
    right, num = pl.col("correct").sum(), pl.len()
    orders = {
        metric: (
            pl.col(f"{score}_rank").filter(pl.col("correct") > 0).sum() - right * (right + 1) / 2
        )
        / (right * (num - right))
        for metric, score in WITHIN.items()
    }
    ranks = [
        pl.col(score).rank().over("seed", "task_id").alias(f"{score}_rank")
        for score in WITHIN.values()
    ]
    tasks = (
        rows.with_columns(ranks)
        .group_by("seed", "task_id", maintain_order=True)
        .agg(**orders, both=(right > 0) & (right < num))
        .filter(pl.col("both"))
    )
    measured = ragged(tasks, _places(rows), list(WITHIN), "both")
    for name, row in zip(WITHIN, summaries(measured, resampling, "calibration", bank), strict=True):
        yield {"metric": name, **row}


def _places(rows: pl.DataFrame) -> tuple[list[int], list[str]]:
    seeds, tasks = (rows[name].unique().sort().to_list() for name in ("seed", "task_id"))
    return seeds, tasks
