"""Intervals of many numbers at once: the bootstrap of `bootstrap`, with the draws in common.

A curve of pass@K has eight budgets, a study twenty checkpoints: hundreds of means over the same
seeds and problems. Here all of them are taken over the same drawn seeds and drawn problems, so that
their differences, crossings and bands belong together, and one product of matrices does the work.
As in `bootstrap`, seeds are drawn whole and, crossed with them, problems; the interval is BCa
(Efron 1987, with the acceleration of several samples as in scipy), percentile where that is
degenerate.

A number need not be defined for every seed and problem (a gain on tasks whose candidates disagree,
say), or may be a mean over more candidates there than elsewhere: then a seed's value is its
weighted mean over problems, and a drawn seed without any does not count in that draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from crest.statistics.bootstrap import Interval
from crest.statistics.resampling import Resampling
from crest.statistics.student import student_interval

Array = NDArray[np.float64]

_DECIMALS = 12  # ties must not hang on the order in which numbers were added


@dataclass(frozen=True, slots=True)
class Measured:
    """Numbers of the same seeds and problems.

    Attributes:
        seeds: Rows of `values`.
        tasks: Problems, the second axis; empty where the numbers are no means over problems: then
            that axis has length one.
        values: float64[seed, problem, column].
        weights: float64 of the same shape, how much each value counts, 0 where there is none; None
            where all count alike.
    """

    seeds: tuple[int, ...]
    tasks: tuple[str, ...]
    values: Array
    weights: Array | None = None

    @property
    def counts(self) -> Array:
        """Return how much each value counts: float64[seed, problem, column]."""
        return np.ones_like(self.values) if self.weights is None else self.weights

    @property
    def per_seed(self) -> Array:
        """Return each seed's weighted mean over problems, NaN without any: [seed, column]."""
        weights = self.counts
        return _ratio((self.values * weights).sum(axis=1), weights.sum(axis=1))

    def of_seeds(self, seeds: Sequence[int]) -> "Measured":
        """Return the rows of some seeds."""
        rows = [self.seeds.index(seed) for seed in seeds]
        weights = None if self.weights is None else self.weights[rows]
        return Measured(tuple(seeds), self.tasks, self.values[rows], weights)


@dataclass(frozen=True, slots=True)
class Draws:
    """How often each seed and each problem was drawn.

    Attributes:
        seeds: float64[resample, seed].
        tasks: float64[resample, problem].
    """

    seeds: Array
    tasks: Array


def draw(num_seeds: int, num_tasks: int, resampling: Resampling, *names: str | int) -> Draws:
    """Return the draws that the names stand for.

    Equal names give equal draws of so many tasks, with however many seeds, and the other way round.
    """
    num = resampling.num_resamples
    seeds, tasks = (resampling.generator(*names, unit) for unit in ("seeds", "tasks"))
    return Draws(_counts(seeds, num, num_seeds), _counts(tasks, num, num_tasks))


def resampled(measured: Measured, draws: Draws) -> Array:
    """Return the mean over seeds of each draw: float64[resample, column], NaN where none counts."""
    total = np.zeros((len(draws.seeds), measured.values.shape[2]))
    drawn = np.zeros_like(total)
    weights = measured.counts
    for index, row in enumerate(measured.values):
        counts = draws.tasks @ weights[index]
        means = _ratio(draws.tasks @ (row * weights[index]), counts)
        times = np.where(counts > 0, draws.seeds[:, index, None], 0.0)
        total += times * np.where(counts > 0, means, 0.0)
        drawn += times
    return np.round(_ratio(total, drawn), _DECIMALS)


def intervals(measured: Measured, draws: Draws, confidence_level: float) -> list[Interval]:
    """Return the interval of each column's mean over seeds of means over problems.

    Raises:
        ValueError: A value that counts is not finite.
    """
    if not np.isfinite(measured.values[measured.counts > 0]).all():
        raise ValueError("a value is not finite; give what is not defined the weight 0")
    estimates = mean_over_seeds(measured.per_seed)
    if len(measured.seeds) < 2:
        return [Interval(None, None, "none")] * len(estimates)
    scores = resampled(measured, draws)
    acceleration = _acceleration(measured)
    return [
        _interval(scores[:, column], estimates[column], acceleration[column], confidence_level)
        for column in range(len(estimates))
    ]


def summaries(
    measured: Measured, resampling: Resampling, *names: str | int
) -> list[dict[str, Any]]:
    """Return the columns of `SUMMARY_SCHEMA` for each column of the values.

    Args:
        measured: The numbers.
        resampling: How intervals are made.
        names: What is drawn for: numbers of equal names, seeds and problems share their draws.
    """
    draws = draw(len(measured.seeds), measured.values.shape[1], resampling, *names)
    per_seed = measured.per_seed
    found = intervals(measured, draws, resampling.confidence_level)
    return [
        _summary(measured, per_seed[:, column], interval, resampling)
        for column, interval in enumerate(found)
    ]


def mean_over_seeds(per_seed: Array) -> Array:
    """Return the mean of the first axis over the seeds that have a value; NaN without any."""
    known = np.isfinite(per_seed)
    return _ratio(np.where(known, per_seed, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64))


def quantiles(sorted_values: Array, shares: Sequence[float]) -> list[float]:
    """Return values below which a share of draws lies, the infinite ones included.

    No interpolation: a quantile is one of the values, so that draws without a crossing may stand
    at either end.

    Args:
        sorted_values: float64[draw], ascending, possibly with infinities.
        shares: Each in [0, 1].
    """
    last = len(sorted_values) - 1
    return [float(sorted_values[min(last, max(0, round(share * last)))]) for share in shares]


def _summary(
    measured: Measured, per_seed: Array, interval: Interval, resampling: Resampling
) -> dict[str, Any]:
    known = per_seed[np.isfinite(per_seed)]
    student = student_interval(known, resampling.confidence_level)
    low, high = student or (None, None)
    return {
        "n_seeds": len(known),
        "n_tasks": len(measured.tasks),
        "estimate": float(known.mean()) if len(known) else None,
        "ci_low": interval.low,
        "ci_high": interval.high,
        "ci_level": resampling.confidence_level,
        "ci_method": interval.method,
        "resampled": "seed, problem" if measured.tasks else "seed",
        "t_low": low,
        "t_high": high,
        "n_resamples": resampling.num_resamples,
        "rng_seed": resampling.seed,
    }


def _counts(rng: np.random.Generator, num_resamples: int, size: int) -> Array:
    """Return how often each of `size` units was drawn: float64[resample, unit]."""
    drawn = rng.integers(0, size, (num_resamples, size))
    drawn += np.arange(num_resamples)[:, None] * size
    counts = np.bincount(drawn.ravel(), minlength=num_resamples * size)
    return counts.reshape(-1, size).astype(np.float64)


def _interval(scores: Array, estimate: float, acceleration: float, level: float) -> Interval:
    """Return the interval of one column from its draws."""
    kept = np.sort(scores[np.isfinite(scores)])
    if not len(kept) or not np.isfinite(estimate):
        return Interval(None, None, "none")
    if kept[0] == kept[-1]:
        return Interval(float(kept[0]), float(kept[0]), "constant")
    shares = np.array([(1 - level) / 2, (1 + level) / 2])
    middle = np.round(estimate, _DECIMALS)
    below = (np.searchsorted(kept, middle) + np.searchsorted(kept, middle, "right")) / 2
    bias = special.ndtri(below / len(kept))
    method = "bca" if np.isfinite(bias) and np.isfinite(acceleration) else "percentile"
    if method == "bca":
        reach = bias + special.ndtri(shares)
        shares = special.ndtr(bias + reach / (1 - acceleration * reach))
    low, high = np.quantile(kept, shares)
    return Interval(float(low), float(high), method)


def _acceleration(measured: Measured) -> Array:
    """Return BCa's acceleration of each column, over seeds and over problems: float64[column]."""
    third, second = (np.zeros(measured.values.shape[2]) for _ in range(2))
    for left_out in (_without_seeds(measured), _without_tasks(measured)):
        num = len(left_out)
        if num < 2:
            continue
        influence = (num - 1) * (left_out.mean(axis=0) - left_out) / num
        third += (influence**3).sum(axis=0)
        second += (influence**2).sum(axis=0)
    return _ratio(third, 6 * second**1.5)


def _without_seeds(measured: Measured) -> Array:
    """Return the estimate without each seed: float64[seed, column]."""
    per_seed = measured.per_seed
    keep = ~np.eye(len(per_seed), dtype=bool)
    return np.stack([mean_over_seeds(per_seed[rows]) for rows in keep])


def _without_tasks(measured: Measured) -> Array:
    """Return the estimate without each problem: float64[problem, column]."""
    weights = measured.counts
    values = measured.values * weights
    totals, counts = values.sum(axis=1, keepdims=True), weights.sum(axis=1, keepdims=True)
    means = _ratio(totals - values, counts - weights)  # seed, problem, column
    return mean_over_seeds(means)


def _ratio(numerator: Array, denominator: Array) -> Array:
    """Return the quotient, NaN where the denominator is zero."""
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out
