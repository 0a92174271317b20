"""The campaigns table: where each campaign started, peaked and ended, and what noise explains.

The null gap and what follows from it are null for arms whose curves end their campaigns: it is the
gap of a number of evaluations that was fixed beforehand (see `patience`).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest.statistics.curve import cliff_share, curve_gap, onset_step
from crest.statistics.fresh import CAMPAIGN_KEYS, CAMPAIGN_METRICS, fresh_rates
from crest.statistics.null_gap import fresh_gap_sd, null_gap, shrunk_rates
from crest.statistics.patience import stops_by_patience
from crest.statistics.settings import Settings, Tables
from crest.statistics.shared_peak import shared_moves

TABLES = ("evaluation", "select")
SETTINGS = ("collapse_gap", "confidence_level")

SCHEMA = {
    "method": pl.String,
    "seed": pl.Int64,
    "campaign": pl.Int64,
    "start": pl.Float64,  # fresh pass@1
    "peak": pl.Float64,  # fresh pass@1 of the step that was highest on select
    "end": pl.Float64,  # fresh pass@1
    "peak_step": pl.Int64,
    "num_steps": pl.Int64,  # steps run
    "rise": pl.Float64,  # peak - start
    "shared_rise": pl.Float64,  # select: at the other seeds' peak - first; null if steps differ
    "shared_fall": pl.Float64,  # select: at the other seeds' peak - last
    "curve_gap": pl.Float64,  # select: highest - last; carries the winner's curse
    "fresh_gap": pl.Float64,  # peak - end; does not
    "null_gap": pl.Float64,  # curve gap expected of a policy that never changes; see above
    "null_gap_high": pl.Float64,  # its upper quantile
    "null_fresh_sd": pl.Float64,  # noise of the fresh gap of such a policy, whose mean is 0
    "null_collapse_rate": pl.Float64,  # chance that such a policy's curve gap is a collapse
    "excess_gap": pl.Float64,  # curve_gap - null_gap
    "peak_bias": pl.Float64,  # curve_gap - fresh_gap
    "collapsed": pl.Boolean,  # fresh_gap above the threshold
    "curve_collapsed": pl.Boolean,  # curve_gap above the threshold
    "cliff_share": pl.Float64,  # largest one-step drop / drop from peak to end; null without a drop
    "onset_step": pl.Int64,  # first step from which the curve stays below the middle of that drop
    "carry_over": pl.Float64,  # next start - this end
    "carried_gain": pl.Float64,  # next start - the chain's first start
    "select_carry_over": pl.Float64,  # select: first of the next campaign - last of this one
}

NULLS = ("null_gap", "null_gap_high", "null_collapse_rate")

_Key = tuple[str, int, int]
_Curves = Mapping[_Key, NDArray[np.float64]]


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return campaigns_table(
        tables["evaluation"],
        tables["select"],
        collapse_gap=settings.collapse_gap,
        quantile=settings.confidence_level,
    )


def campaigns_table(
    evaluation: pl.DataFrame,
    select: pl.DataFrame,
    *,
    collapse_gap: float,
    quantile: float = 0.95,
) -> pl.DataFrame:
    """Return one row a method, seed and campaign; `SCHEMA` has the columns.

    Args:
        evaluation: Fresh samples of the checkpoints.
        select: Passing samples a step and problem.
        collapse_gap: A campaign collapsed when its gap exceeds this.
        quantile: Of `null_gap_high`.

    Raises:
        ValueError: The two tables are not of the same campaigns.
    """
    fresh = _fresh_columns(evaluation)
    watched = dict(select.group_by(CAMPAIGN_KEYS, maintain_order=True))
    rows, curves = [], {}
    for row in fresh.iter_rows(named=True):
        key = tuple(row[name] for name in CAMPAIGN_KEYS)
        if key not in watched:
            raise ValueError(f"{key} has no select curve; collect select of the same campaigns")
        counts, samples = _counts(watched[key], row)
        curves[key] = counts.sum(axis=1) / (samples * counts.shape[1])
        rows.append(row | _curve_columns(row, counts, samples, collapse_gap, quantile))
    shared, carried = _shared_columns(curves), _select_carry_over(curves)
    rows = [row | shared[key] | carried[key] for row, key in zip(rows, curves, strict=True)]
    table = _without_wrong_nulls(pl.DataFrame(rows, schema_overrides=SCHEMA)).with_columns(
        excess_gap=pl.col("curve_gap") - pl.col("null_gap"),
        peak_bias=pl.col("curve_gap") - pl.col("fresh_gap"),
        collapsed=pl.col("fresh_gap") > collapse_gap,
        curve_collapsed=pl.col("curve_gap") > collapse_gap,
    )
    return table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def _without_wrong_nulls(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table without null gaps for arms that patience stops."""
    stopped = [
        method
        for (method,), rows in table.group_by("method", maintain_order=True)
        if stops_by_patience(rows["num_steps"].to_numpy(), rows["peak_step"].to_numpy())
    ]
    known = ~pl.col("method").is_in(stopped)
    return table.with_columns(pl.when(known).then(pl.col(name)).alias(name) for name in NULLS)


def _fresh_columns(evaluation: pl.DataFrame) -> pl.DataFrame:
    """Return means over problems, the noise of the fresh gap, and the steps of the checkpoints."""
    rates = fresh_rates(evaluation)
    means = rates.group_by(CAMPAIGN_KEYS, maintain_order=True).agg(
        pl.col("start", "peak", "end").mean(),
        **{name: value.mean() for name, value in CAMPAIGN_METRICS.items()},
    )
    steps = evaluation.group_by(CAMPAIGN_KEYS).agg(
        peak_step=pl.col("step").filter(pl.col("checkpoint") == "peak").first(),
        num_steps=pl.col("step").filter(pl.col("checkpoint") == "end").first(),
    )
    noise = [
        {**dict(zip(CAMPAIGN_KEYS, key, strict=True)), "null_fresh_sd": _fresh_noise(rows)}
        for key, rows in evaluation.group_by(CAMPAIGN_KEYS, maintain_order=True)
    ]
    return means.join(steps, on=CAMPAIGN_KEYS, maintain_order="left").join(
        pl.DataFrame(noise), on=CAMPAIGN_KEYS, maintain_order="left"
    )


def _fresh_noise(evaluation: pl.DataFrame) -> float:
    pooled = evaluation.group_by("task_id").agg(pl.col("num_correct", "num_samples").sum())
    pooled = pooled.sort("task_id")
    rates = shrunk_rates(pooled["num_correct"].to_numpy(), pooled["num_samples"].to_numpy())
    return fresh_gap_sd(rates, int(evaluation["num_samples"].min()))  # type: ignore[arg-type]


def _shared_columns(curves: _Curves) -> dict[_Key, dict[str, float | None]]:
    """Return rise and fall at the peak of the arm's other seeds, by campaign."""
    columns: dict[_Key, dict[str, float | None]] = {
        key: {"shared_rise": None, "shared_fall": None} for key in curves
    }
    together = defaultdict(list)
    for key in curves:
        method, _, campaign = key
        together[method, campaign].append(key)
    for keys in together.values():
        if len(keys) < 2 or len({len(curves[key]) for key in keys}) > 1:
            continue
        rises, falls = shared_moves(np.stack([curves[key] for key in keys]))
        for key, rise, fall in zip(keys, rises, falls, strict=True):
            columns[key] = {"shared_rise": float(rise), "shared_fall": float(fall)}
    return columns


def _select_carry_over(curves: _Curves) -> dict[_Key, dict[str, float | None]]:
    """Return the next campaign's first value minus the last of this one, by campaign."""
    columns = {}
    for key, curve in curves.items():
        method, seed, campaign = key
        following = curves.get((method, seed, campaign + 1))
        carried = None if following is None else float(following[0] - curve[-1])
        columns[key] = {"select_carry_over": carried}
    return columns


def _curve_columns(
    row: dict[str, Any],
    num_correct: NDArray[np.int64],
    num_samples: int,
    collapse_gap: float,
    quantile: float,
) -> dict[str, Any]:
    curve = num_correct.sum(axis=1) / (num_samples * num_correct.shape[1])
    if len(curve) != row["num_steps"] + 1 or curve[row["peak_step"]] < curve.max() - 1e-9:
        raise ValueError(
            f"{row['method']} seed {row['seed']} campaign {row['campaign']}: evaluated peak "
            f"{row['peak_step']} and end {row['num_steps']} do not fit a select curve of "
            f"{len(curve) - 1} steps with its peak at {int(curve.argmax())}; "
            "evaluate and collect the same campaigns again"
        )
    pooled = np.full(num_correct.shape[1], num_samples * len(curve))
    null = null_gap(
        shrunk_rates(num_correct.sum(axis=0), pooled),
        num_samples=num_samples,
        num_evaluations=len(curve),
        quantile=quantile,
        threshold=collapse_gap,
    )
    return {
        "curve_gap": curve_gap(curve),
        "null_gap": null.mean,
        "null_gap_high": null.high,
        "null_collapse_rate": null.collapse_rate,
        "cliff_share": cliff_share(curve),
        "onset_step": onset_step(curve),
    }


def _counts(select: pl.DataFrame, row: dict[str, Any]) -> tuple[NDArray[np.int64], int]:
    """Return passing samples int64[step, problem] and the samples a problem and step."""
    ordered = select.sort("step", "task_id")
    num_steps, num_tasks = ordered["step"].n_unique(), ordered["task_id"].n_unique()
    samples = ordered["num_samples"].unique()
    if len(ordered) != num_steps * num_tasks or len(samples) != 1:
        raise ValueError(
            f"{row['method']} seed {row['seed']} campaign {row['campaign']}: steps were monitored "
            "on different problems or numbers of samples; monitor every step alike"
        )
    counts = ordered["num_correct"].to_numpy().reshape(num_steps, num_tasks)
    return counts, int(samples[0])
