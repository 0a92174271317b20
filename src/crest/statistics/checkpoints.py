"""pass@K of every checkpoint of a study: arrays over trajectories, tasks and budgets.

The table has a row a checkpoint, bank and task. A trajectory's checkpoint is paired with the base
model that the trajectory started from, task by task.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest.statistics.bands import Measured
from crest.statistics.pass_at_k import pass_at_k

BASE = "base"
KEYS = ["method", "round", "bank"]
_ROW = [*KEYS, "seed", "task_id"]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One round of one recipe on one bank, over its trajectories.

    Attributes:
        method: The recipe, or `base`.
        round: From 1; 0 for the base.
        bank: Of tasks.
        n_samples: Fewest samples a task.
        n_bases: Base models that its trajectories started from.
        curve: pass@K: columns are budgets.
        base: pass@K of each trajectory's base, of the same shape; the base's own for the base.
    """

    method: str
    round: int
    bank: str
    n_samples: int
    n_bases: int
    curve: Measured
    base: Measured

    @property
    def gain(self) -> Measured:
        """Return pass@K minus that of the own base."""
        return Measured(self.curve.seeds, self.curve.tasks, self.curve.values - self.base.values)


def checkpoints(samples: pl.DataFrame, ks: Sequence[int]) -> list[Checkpoint]:
    """Return every checkpoint, the base first, recipes in the order of the table.

    Args:
        samples: One row a checkpoint, bank and task, with num_samples and num_correct. Rows of the
            base have the method `base`, round 0, and its seed as `seed` and `base_seed`.
        ks: Budgets, ascending.

    Raises:
        ValueError: A budget exceeds half the samples a task, a row occurs twice, trajectories
            answered different tasks, or a base is missing.
    """
    check(samples, ks)
    rates = with_rates(samples, ks)
    bases = {
        (row["bank"][0], int(seed)): row.sort("task_id")
        for (_, seed), row in rates.filter(pl.col("method") == BASE).group_by("bank", "seed")
    }
    groups = rates.group_by(KEYS, maintain_order=True)
    found = [_checkpoint(group.sort("seed", "task_id"), bases, len(ks)) for _, group in groups]
    order = {method: rank for rank, method in enumerate(recipes(samples))}
    return sorted(found, key=lambda each: (order.get(each.method, -1), each.bank, each.round))


def recipes(samples: pl.DataFrame) -> list[str]:
    """Return the recipes of a table in the order in which they appear, without the base."""
    methods = samples["method"].unique(maintain_order=True).to_list()
    return [method for method in methods if method != BASE]


def check(samples: pl.DataFrame, ks: Sequence[int]) -> None:
    """Refuse budgets that so few samples cannot estimate, and rows that occur twice."""
    fewest, largest = int(samples["num_samples"].min()), max(ks)  # type: ignore[arg-type]
    if fewest < 2 * largest:
        raise ValueError(
            f"k is {largest}, but a task has only {fewest} samples; near n the estimate is noise: "
            f"sample at least {2 * largest} or lower k"
        )
    repeated = samples.filter(pl.struct(_ROW).is_duplicated())
    if len(repeated):
        where = repeated.select(_ROW).row(0)
        raise ValueError(f"{len(repeated)} rows share their keys, the first {where}; collect once")


def with_rates(samples: pl.DataFrame, ks: Sequence[int]) -> pl.DataFrame:
    """Return the table with the column `rates`, an array of pass@K over the budgets."""
    drawn, correct = (samples[name].to_numpy() for name in ("num_samples", "num_correct"))
    rates = np.empty((len(samples), len(ks)))
    for num in np.unique(drawn):
        known = np.stack([pass_at_k(np.arange(num + 1), num, k) for k in ks], axis=1)
        rows = drawn == num
        rates[rows] = known[correct[rows]]
    return samples.with_columns(rates=pl.Series(rates, dtype=pl.Array(pl.Float64, len(ks))))


def _checkpoint(
    rows: pl.DataFrame, bases: dict[tuple[str, int], pl.DataFrame], num_ks: int
) -> Checkpoint:
    method, number, bank = rows.select(KEYS).row(0)
    seeds = rows["seed"].unique(maintain_order=True).to_list()
    tasks = rows["task_id"].unique().sort().to_list()
    own = rows.group_by("seed", maintain_order=True).agg(pl.col("base_seed").first())
    values = [_rates(rows.filter(pl.col("seed") == seed), tasks, num_ks) for seed in seeds]
    base = []
    for seed, base_seed in own.iter_rows():
        found = bases.get((bank, base_seed))
        if found is None:
            raise ValueError(
                f"{method} seed {seed}: its base {base_seed} has no samples on bank {bank}; "
                "sample the base model there"
            )
        base.append(_rates(found, tasks, num_ks))
    names = tuple(seeds), tuple(tasks)
    return Checkpoint(
        method,
        number,
        bank,
        int(rows["num_samples"].min()),  # type: ignore[arg-type]
        rows["base_seed"].n_unique(),
        Measured(*names, np.stack(values)),
        Measured(*names, np.stack(base)),
    )


def _rates(rows: pl.DataFrame, tasks: list[str], num_ks: int) -> NDArray[np.float64]:
    """Return pass@K of one model: float64[task, k].

    Raises:
        ValueError: It answered other tasks.
    """
    if rows["task_id"].to_list() != tasks:
        name = f"{rows['method'][0]} seed {rows['seed'][0]} round {rows['round'][0]}"
        raise ValueError(
            f"{name}: {len(rows)} tasks of bank {rows['bank'][0]}, others have {len(tasks)} or "
            "other ones; sample every checkpoint on the same tasks"
        )
    return rows["rates"].to_numpy().reshape(len(tasks), num_ks)


def trajectories(samples: pl.DataFrame, recipe: str) -> pl.DataFrame:
    """Return the rows of a recipe with those of each trajectory's base before them, as round 0.

    Raises:
        ValueError: A trajectory lacks a round or task that another one has, or its base.
    """
    mine = samples.filter(pl.col("method") == recipe)
    own = mine.select("seed", "base_seed").unique(maintain_order=True)
    base = (
        samples.filter(pl.col("method") == BASE)
        .drop("seed", "method")
        .join(own, on="base_seed", maintain_order="right")
        .with_columns(method=pl.lit(recipe))
        .select(mine.columns)
    )
    rows = pl.concat([base, mine]).sort("bank", "seed", "round", "task_id")
    counts = rows.group_by("bank", "round").len()
    uneven = counts.group_by("bank").agg(pl.col("len").unique())
    for bank, lengths in uneven.sort("bank").iter_rows():
        if len(lengths) > 1 or lengths[0] % len(own):
            raise ValueError(
                f"{recipe}: rounds of bank {bank} have {sorted(lengths)} rows over {len(own)} "
                "trajectories; sample every round of each, and its base, on the same tasks"
            )
    return rows
