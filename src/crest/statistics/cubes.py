"""Arrays out of long tables: one row a seed and problem becomes values[seed, problem, column]."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from crest.statistics.bands import Array, Measured


def cube(
    frame: pl.DataFrame, columns: Sequence[str], weights: Mapping[str, str] | None = None
) -> Measured:
    """Return columns of a table as numbers of the same seeds and problems.

    Args:
        frame: With seed and task_id, one row each.
        columns: Numbers; null where not defined, for which the weight must be zero.
        weights: By column the column of its weights; a column without one counts wherever it has a
            value.

    Raises:
        ValueError: A seed lacks a problem that another has, or has it twice.
    """
    rows = frame.sort("seed", "task_id")
    chains, tasks = rows["seed"].unique().sort(), rows["task_id"].unique().sort()
    if (
        len(rows) != len(chains) * len(tasks)
        or rows.select("seed", "task_id").is_duplicated().any()
    ):
        raise ValueError(
            f"{len(chains)} seeds and {len(tasks)} tasks make {len(rows)} rows; "
            "measure every seed on the same tasks, once"
        )
    shape = (len(chains), len(tasks), len(columns))
    weighted = dict(weights or {})

    def array(of: Sequence[pl.Expr]) -> Array:
        numbers = [rows.select(each.cast(pl.Float64).fill_null(0.0)).to_series() for each in of]
        return np.stack([each.to_numpy() for each in numbers], axis=1).reshape(shape)

    known = [
        pl.col(weighted[name]) if name in weighted else pl.col(name).is_not_null()
        for name in columns
    ]
    return Measured(
        tuple(chains.to_list()),
        tuple(tasks.to_list()),
        array([pl.col(name) for name in columns]),
        array(known),
    )


def ragged(
    frame: pl.DataFrame,
    places: tuple[Sequence[int], Sequence[str]],
    columns: Sequence[str],
    weight: str,
) -> Measured:
    """Return columns of a table that has no row for some seeds and problems.

    Args:
        frame: With seed and task_id, at most one row each.
        places: Seeds and problems of the result, each ascending.
        columns: Numbers.
        weight: How much a row counts.
    """
    chains, tasks = tuple(places[0]), tuple(places[1])
    at = (
        np.searchsorted(chains, frame["seed"].to_numpy()),
        np.searchsorted(tasks, frame["task_id"].to_numpy()),
    )
    values = np.zeros((len(chains), len(tasks), len(columns)))
    weights = np.zeros_like(values)
    values[at] = frame.select(columns).to_numpy()
    weights[at] = frame[weight].to_numpy()[:, None]
    return Measured(chains, tasks, values, weights)
