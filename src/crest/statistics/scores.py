"""Arrays out of tables: one number a seed, or a seed and problem, with the seeds they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scores:
    """A metric of one arm.

    Attributes:
        seeds: Chain seeds, ascending: the rows of `values`.
        tasks: Problems, ascending: the columns of `values`; empty where the metric is no mean
            over problems.
        values: float64[seed] or float64[seed, problem].
    """

    seeds: tuple[int, ...]
    tasks: tuple[str, ...]
    values: NDArray[np.float64]

    @property
    def per_seed(self) -> NDArray[np.float64]:
        """Return one number a seed, the mean over problems: float64[seed]."""
        return self.values if self.values.ndim == 1 else self.values.mean(axis=1)


ArmScores = Mapping[str, Mapping[str, Scores]]
"""Metrics of arms: method, then metric, both in the order of tables."""


def seed_scores(frame: pl.DataFrame, value: str) -> Scores:
    """Return a column as one number a seed: its mean over the seed's rows that have a value."""
    kept = frame.drop_nulls(value).group_by("seed").agg(pl.col(value).cast(pl.Float64).mean())
    kept = kept.sort("seed")
    return Scores(tuple(kept["seed"].to_list()), (), kept[value].to_numpy())


def problem_scores(frame: pl.DataFrame, value: str) -> Scores:
    """Return a column as one number a seed and problem: its mean over their rows.

    Raises:
        ValueError: The seeds did not answer the same problems.
    """
    kept = frame.group_by("seed", "task_id").agg(pl.col(value).mean()).sort("seed", "task_id")
    chains, tasks = kept["seed"].unique().sort(), kept["task_id"].unique().sort()
    if len(kept) != len(chains) * len(tasks) or kept[value].null_count():
        raise ValueError(
            f"{value}: {len(chains)} seeds and {len(tasks)} problems make {len(kept)} pairs with "
            f"{kept[value].null_count()} gaps; evaluate every seed on the same problems"
        )
    values = kept[value].to_numpy().reshape(len(chains), len(tasks))
    return Scores(tuple(chains.to_list()), tuple(tasks.to_list()), values)


def paired(scores: Scores, reference: Scores, *, weight: float = 1.0) -> Scores:
    """Return scores minus `weight` times the reference's, over the seeds that both have.

    Raises:
        ValueError: The two were measured on different problems.
    """
    if scores.tasks != reference.tasks:
        raise ValueError(
            f"{len(scores.tasks)} and {len(reference.tasks)} problems are not the same ones; "
            "evaluate both arms on the same problems"
        )
    shared = [seed for seed in scores.seeds if seed in reference.seeds]
    first = scores.values[[scores.seeds.index(seed) for seed in shared]]
    second = reference.values[[reference.seeds.index(seed) for seed in shared]]
    return Scores(tuple(shared), scores.tasks, first - weight * second)


def methods_of(frame: pl.DataFrame) -> list[str]:
    """Return the arms of a table in the order in which they appear."""
    return frame["method"].unique(maintain_order=True).to_list()
