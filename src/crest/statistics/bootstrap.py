"""The one interval of every table: a bootstrap over seeds, then problems.

Unit: a seed is a chain and is drawn whole, with all its campaigns and checkpoints. Where a number
is a mean over problems, the problems are drawn too. All seeds answer the same problems, so the two
are crossed and drawn independently, a drawn problem counting for every drawn seed: the pigeonhole
bootstrap (Owen 2007, doi:10.1214/07-AOAS122), which errs on the wide side. Samples of one
problem are not drawn: their noise is part of what differs between problems and seeds.

Covers: equal generators give equal bytes. Does not cover: few seeds. With five, a percentile
interval covers less than it says, so every table has Student's interval and the exact sign-flip
p beside it.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

SeedStatistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""What is estimated: reduces the last axis, one value a seed, of an array of any shape."""

_BATCH = 500  # resamples at a time; keeps the drawn problems in the processor's cache
_DECIMALS = 12  # BCa counts ties, which must not hang on the order in which numbers were added


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval and how it came about.

    Attributes:
        low: Lower end; None where there is no interval.
        high: Upper end; None where there is no interval.
        method: `bca`; `percentile` where BCa is degenerate; `constant` where all values are equal
            and the interval is that value; `none` with fewer than two seeds.
    """

    low: float | None
    high: float | None
    method: str


def mean_over_seeds(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last axis."""
    return np.asarray(values.mean(axis=-1))


def bootstrap_interval(
    values: NDArray[np.float64],
    *,
    rng: np.random.Generator,
    confidence_level: float,
    num_resamples: int,
    statistic: SeedStatistic = mean_over_seeds,
) -> Interval:
    """Return the BCa interval of a statistic of per-seed means.

    Args:
        values: float64[seed] or float64[seed, problem]; with problems, the statistic sees each
            seed's mean over them. A single problem is as none.
        rng: Where the draws come from.
        confidence_level: In (0, 1).
        num_resamples: Bootstrap resamples.
        statistic: What is estimated.

    Raises:
        ValueError: A value is not finite, or the array has another rank.
    """
    _check(values)
    if len(values) < 2:
        return Interval(None, None, "none")
    if np.ptp(values) == 0:
        return Interval(float(values.flat[0]), float(values.flat[0]), "constant")
    rows = [np.arange(len(values))]
    if values.ndim == 2 and values.shape[1] > 1:
        rows.append(np.arange(values.shape[1]))
    draw = _resampled(values.reshape(len(values), -1), statistic)
    options: dict[str, Any] = {"confidence_level": confidence_level, "vectorized": True, "axis": -1}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # degenerate data warn; what then happens is below
        bca = stats.bootstrap(
            rows, draw, n_resamples=num_resamples, batch=_BATCH, method="BCa", rng=rng, **options
        )
        if np.isfinite(bca.confidence_interval).all():
            return _interval(bca, "bca")
        percentile = stats.bootstrap(
            rows, draw, n_resamples=0, method="percentile", bootstrap_result=bca, **options
        )
    return _interval(percentile, "percentile")


def _interval(result: Any, method: str) -> Interval:
    low, high = result.confidence_interval
    return Interval(float(low), float(high), method)


def _resampled(values: NDArray[np.float64], statistic: SeedStatistic) -> Callable[..., object]:
    """Return the statistic as a function of drawn seeds and drawn problems, both as positions."""
    whole = values.mean(axis=1)

    def of_draw(
        drawn_seeds: NDArray[np.int64],
        drawn_problems: NDArray[np.int64] | None = None,
        axis: int = -1,  # noqa: ARG001 (scipy passes it; positions are always on the last axis)
    ) -> NDArray[np.float64]:
        chosen = np.asarray(drawn_seeds, dtype=np.intp)
        if drawn_problems is None:
            return rounded(whole[chosen])
        problems = np.asarray(drawn_problems, dtype=np.intp)
        means = np.stack([row[problems].mean(axis=-1) for row in values], axis=-1)
        return rounded(np.take_along_axis(means, chosen, axis=-1))

    def rounded(scores: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(statistic(scores), _DECIMALS)

    return of_draw


def _check(values: NDArray[np.float64]) -> None:
    if values.ndim not in {1, 2}:
        raise ValueError(f"values have {values.ndim} axes; give [seed] or [seed, problem]")
    if not np.isfinite(values).all():
        raise ValueError("a value is not finite; leave out seeds without a value, by name")
