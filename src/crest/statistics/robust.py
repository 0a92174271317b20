"""Aggregates that one lucky seed cannot move (arXiv:2108.13264), written anew on numpy.

We differ from the paper in the unit: its scores are runs x games, ours one score a seed, since
problems are no games that each have a scale of their own.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def interquartile_mean(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of the last axis without its lowest and highest quarter, rounded down.

    Example:
        >>> float(interquartile_mean(np.array([0.0, 1.0, 2.0, 3.0, 100.0])))
        2.0
    """
    return np.asarray(stats.trim_mean(scores, 0.25, axis=-1))


def probability_of_improvement(
    scores: NDArray[np.float64], reference: NDArray[np.float64]
) -> float:
    """Return the chance that a random score exceeds a random reference score; ties count half.

    Args:
        scores: float64[seed] of one arm.
        reference: float64[seed] of the other, of any length.
    """
    differences = scores[:, None] - reference[None, :]
    return float(np.mean((differences > 0) + 0.5 * (differences == 0)))


def performance_profile(
    scores: NDArray[np.float64], thresholds: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the share of scores above each threshold: float64[threshold]."""
    return np.mean(scores.reshape(-1, 1) > thresholds[None, :], axis=0)
