"""Picks of selectors as arrays: who was right, on which tasks, and where it mattered.

Where a task's candidates all behave alike on the held-out inputs, every selector is right or none
is: that selectors differ only where candidates diverge is true by construction.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from crest.statistics.bands import Array, Measured

FREE = (
    "first",
    "random",
    "majority",
    "vote",
    "likelihood",
    "runs_everywhere",
    "shortest",
)
"""Selectors that need no verifier and no critic: the baselines that a critic has to beat."""
CRITICS = ("critic", "critic_vote")
BLIND = "one_sample"
REFERENCES = (*FREE, BLIND, "oracle")
"""What critics are compared with: beside the free ones a sample drawn blindly and the best pick
that there is."""
SUBSETS = ("all", "fitting", "divergent", "agreeing")
"""All tasks; those that a candidate fits; of these, those whose candidates behave in several ways
on the held-out inputs, and those whose candidates behave alike."""
_CELL = ["selector", "critic_tasks"]


@dataclass(frozen=True, slots=True)
class Picks:
    """Whether the picks of one bank and budget were right.

    Attributes:
        seeds: Split seeds.
        tasks: Of the bank.
        cells: Selector and training tasks of its critic, 0 without one, in order.
        correct: float64[seed, task, cell].
        subsets: By name of `SUBSETS` float64[seed, task], one where the task belongs to it.
    """

    seeds: tuple[int, ...]
    tasks: tuple[str, ...]
    cells: tuple[tuple[str, int], ...]
    correct: Array
    subsets: dict[str, Array]

    def of(self, cell: tuple[str, int]) -> Array:
        """Return the picks of one selector: float64[seed, task]."""
        return self.correct[..., self.cells.index(cell)]

    def measured(self, values: Array, subset: str) -> Measured:
        """Return float64[seed, task, column] as numbers of a subset of tasks."""
        weights = np.broadcast_to(self.subsets[subset][..., None], values.shape)
        return Measured(self.seeds, self.tasks, values, weights)


def picks_of(picks: pl.DataFrame, bank: str, k: int) -> Picks:
    """Return the picks of one bank and budget.

    Raises:
        ValueError: A selector lacks the pick of a task or seed, has two, selectors disagree on
            whether a task's candidates diverge, or are not right together where they do not.
    """
    rows = picks.filter(pl.col("bank") == bank, pl.col("k") == k)
    chains, tasks = (rows[name].unique().sort().to_list() for name in ("seed", "task_id"))
    cells = rows.select(_CELL).unique().sort("critic_tasks", "selector").rows()
    ordered = rows.sort("seed", "task_id", "critic_tasks", "selector")
    keys = ordered.select("seed", "task_id", *_CELL)
    if len(rows) != len(chains) * len(tasks) * len(cells) or keys.is_duplicated().any():
        raise ValueError(
            f"bank {bank}, k {k}: {len(cells)} selectors, {len(chains)} split seeds and "
            f"{len(tasks)} tasks make {len(rows)} picks; let every selector pick once from each"
        )
    shape = (len(chains), len(tasks), len(cells))
    correct = ordered["correct"].cast(pl.Float64).to_numpy().reshape(shape)
    fits = _shared(ordered, pl.col("num_visible_fit") > 0, shape)
    divergent = fits * _shared(ordered, pl.col("divergent"), shape)
    subsets = (np.ones_like(fits), fits, divergent, fits - divergent)
    _refuse_differences(correct, 1 - divergent, cells, (bank, k))
    return Picks(
        tuple(chains), tuple(tasks), tuple(cells), correct, dict(zip(SUBSETS, subsets, strict=True))
    )


def _shared(rows: pl.DataFrame, flag: pl.Expr, shape: tuple[int, int, int]) -> Array:
    """Return a flag that all selectors share: float64[seed, task]."""
    values = rows.select(flag.cast(pl.Float64)).to_series().to_numpy().reshape(shape)
    if np.ptp(values, axis=-1).any():
        raise ValueError(
            "selectors disagree on which tasks have candidates that fit or diverge; "
            "let all of them pick from the same candidates"
        )
    return values[..., 0]


def _refuse_differences(
    correct: Array, agreeing: Array, cells: list[tuple[str, int]], place: tuple[str, int]
) -> None:
    """Refuse picks that differ where all candidates behave alike: one of the two is a mistake."""
    alike = [index for index, (name, _) in enumerate(cells) if name != BLIND]
    apart = np.ptp(correct[..., alike], axis=-1) * agreeing
    if apart.any():
        bank, k = place
        raise ValueError(
            f"bank {bank}, k {k}: on {int((apart > 0).sum())} tasks whose candidates behave alike "
            "selectors are not right together; divergence is of behaviours on held-out inputs"
        )
