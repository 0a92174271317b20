"""How large a paired difference must be for so many seeds to show it, in units of its spread.

Differences are taken as normal. A test shows a difference that it finds significant in four of five
studies (power .8), both sides counted. The power of Student's t is an integral over the estimated
spread, that of the exact sign-flip test is simulated, with equal draws at every size of the
difference.
"""

from bisect import bisect_left
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from crest.statistics.sign_flip import smallest_p

POWER = 0.8
MOST_PAIRS = 10
"""Above it the sign-flip test is taken to need what Student's t needs: it then needs at most a
fiftieth more."""
_SIMULATIONS = 4000
_QUANTILES = 4000
_LARGEST = 200.0


@cache
def detectable_by_t(num_pairs: int, level: float) -> float:
    """Return the smallest mean over standard deviation that Student's t shows.

    Args:
        num_pairs: Paired seeds, at least two.
        level: Confidence level; the test's size is one minus it.
    """
    freedom = num_pairs - 1
    limit = float(stats.t.ppf((1 + level) / 2, freedom))
    shares = (np.arange(_QUANTILES) + 0.5) / _QUANTILES
    spread = np.sqrt(stats.chi2.ppf(shares, freedom) / freedom)  # of an estimate by the truth

    def power(ratio: float) -> float:
        shift = ratio * np.sqrt(num_pairs)
        both = special.ndtr(shift - limit * spread) + special.ndtr(-shift - limit * spread)
        return float(both.mean()) - POWER

    return float(optimize.brentq(power, 0.0, _LARGEST, xtol=1e-6))


def detectable_by_flips(num_pairs: int, level: float, rng: np.random.Generator) -> float | None:
    """Return the smallest mean over standard deviation that the exact sign-flip test shows.

    None where the test cannot reach significance with so few pairs, however large the difference.
    """
    if smallest_p(num_pairs) > 1 - level + 1e-12:
        return None
    if num_pairs > MOST_PAIRS:
        return detectable_by_t(num_pairs, level)
    noise = rng.standard_normal((_SIMULATIONS, num_pairs))
    low, high = 0.0, 2 * detectable_by_t(num_pairs, level)
    while high - low > 1e-3:
        middle = (low + high) / 2
        shown = np.mean(_flip_p(noise + middle) <= 1 - level + 1e-12)
        low, high = (low, middle) if shown >= POWER else (middle, high)
    return high


def seeds_needed(spread: float, difference: float, level: float, most: int = 200) -> int | None:
    """Return the paired seeds with which Student's t shows a difference; None above `most`.

    Args:
        spread: Standard deviation of a seed's difference.
        difference: The mean to be shown.
        level: Confidence level.
        most: Where to stop looking.
    """
    numbers = range(2, most + 1)
    first = bisect_left(numbers, 1, key=lambda n: detectable_by_t(n, level) * spread <= difference)
    return numbers[first] if first < len(numbers) else None


def _flip_p(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the two-sided p of each row of float64[study, pair], over all patterns of signs."""
    num = differences.shape[1]
    signs = 1 - 2 * (
        (np.arange(2 ** (num - 1))[:, None] >> np.arange(num)) & 1
    )  # half: by symmetry
    sums = np.abs(differences @ signs.T)
    return np.asarray(np.mean(sums >= sums[:, :1] - 1e-12 * sums.max(), axis=1))
