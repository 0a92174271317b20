"""The exact sign-flip test of paired differences."""

import numpy as np
from numpy.typing import NDArray

MAX_PAIRS = 20
TEST = "exact sign-flip"


def sign_flip_p(differences: NDArray[np.float64]) -> float:
    """Return the two-sided p of mean difference zero, over all 2^n sign patterns.

    Under the null the differences are symmetric about zero, so every pattern of signs was as
    likely; p is the share of patterns whose mean is at least as far from zero as the observed
    one. It cannot go below 2 / 2^n: .0625 with five pairs.

    Args:
        differences: float64[pair], 1 to 20 of them.

    Raises:
        ValueError: No pairs, or more than can be enumerated.

    Example:
        >>> sign_flip_p(np.array([1.0, 2.0, 3.0]))
        0.25
    """
    num = len(differences)
    if not 1 <= num <= MAX_PAIRS:
        raise ValueError(
            f"{num} pairs; the test enumerates all signs of 1 to {MAX_PAIRS}: pair fewer seeds"
        )
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    rounding = 1e-12 * float(np.abs(differences).sum())
    return float(np.mean(np.abs(sums) >= abs(float(differences.sum())) - rounding))


def smallest_p(num_pairs: int) -> float:
    """Return the smallest two-sided p that so many pairs can reach."""
    return min(1.0, 2.0 ** (1 - num_pairs))


def drawn_flip_p(
    differences: NDArray[np.float64], rng: np.random.Generator, num_draws: int
) -> NDArray[np.float64]:
    """Return the two-sided p of mean difference zero of each column, over drawn sign patterns.

    For more pairs than can be enumerated. The observed pattern counts as one of those drawn
    (Phipson and Smyth 2010), so that no p is zero. Columns share their patterns.

    Args:
        differences: float64[pair, column].
        rng: Where patterns come from.
        num_draws: Patterns beside the observed one.

    Returns:
        float64[column].
    """
    signs = 1.0 - 2.0 * rng.integers(0, 2, (num_draws, len(differences)))
    rounding = 1e-12 * np.abs(differences).sum(axis=0)
    far = np.abs(signs @ differences) >= np.abs(differences.sum(axis=0)) - rounding
    return np.asarray((1 + far.sum(axis=0)) / (1 + num_draws))
