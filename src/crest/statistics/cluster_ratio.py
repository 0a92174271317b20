"""A rate over trials that come in clusters: its interval goes over the clusters.

Trials of one cluster, such as the campaigns of a chain, are not independent, so that an interval
from the number of trials would come out too short.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from crest.statistics.binomial import upper_bound

Array = NDArray[np.float64]


def ratio(events: Array, trials: Array) -> float:
    """Return events over trials, both summed over clusters."""
    return float(events.sum() / trials.sum())


def deviations(events: Array, trials: Array) -> Array:
    """Return how much each cluster moves the ratio: float64[cluster], its linearisation.

    Their sample variance over the number of clusters is that of the ratio to first order (Cochran
    1977, eq. 6.13). Of several ratios over the same clusters they add up.
    """
    return (events - ratio(events, trials) * trials) / trials.mean()


def ratio_interval(events: Array, trials: Array, confidence_level: float) -> tuple[float, float]:
    """Return the two-sided interval of a rate within [0, 1].

    Student's from the deviations of clusters. Where all or none of the trials are events, that has
    no width; then it reaches as far as the exact bound (Clopper and Pearson 1934) of the share of
    clusters with one other trial, which is at least as wide as that of trials.

    Args:
        events: float64[cluster], at most the trials.
        trials: float64[cluster], at least one in some cluster.
        confidence_level: Of the interval.
    """
    rate = ratio(events, trials)
    if rate in (0.0, 1.0):
        reach = upper_bound(0, int((trials > 0).sum()), (1 + confidence_level) / 2)
        return (0.0, reach) if rate == 0 else (1 - reach, 1.0)
    low, high = sum_interval(rate, [deviations(events, trials)], confidence_level)
    return max(low, 0.0), min(high, 1.0)


def sum_interval(
    estimate: float, parts: Sequence[Array], confidence_level: float
) -> tuple[float, float]:
    """Return Student's interval of a sum of ratios over the same clusters.

    Args:
        estimate: The sum.
        parts: Deviations of each ratio, float64[cluster], with the signs they have in the sum.
        confidence_level: Of the interval.
    """
    total = np.sum(parts, axis=0)
    num = len(total)
    error = float(total.std(ddof=1)) / np.sqrt(num)
    reach = float(stats.t.ppf((1 + confidence_level) / 2, num - 1)) * error
    return estimate - reach, estimate + reach
