"""The gap that evaluation noise alone makes: what a policy that never changes would show.

The highest of T + 1 noisy evaluations exceeds the last one on average, though nothing fell. With
30 problems, one sample each and 21 evaluations that is 7 to 17 points. Every gap is printed beside
this one.

The distribution is computed, not simulated: under the null the numbers of passing samples at each
step are independent and equally distributed, a convolution of one binomial a problem, and the
maximum of T of them minus one more has a closed form. So it is exact and takes no seed.

Covers: the number of problems, samples and evaluations, and the spread of difficulty. Does not
cover: campaigns that their own curve ends (see `patience`); problems whose chance moves along the
campaign, for which their pooled rate stands.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special


@dataclass(frozen=True, slots=True)
class NullGap:
    """The gap of a policy that never changes, as a share of samples.

    Attributes:
        mean: Expected highest minus last evaluation.
        high: Upper quantile of the same.
        collapse_rate: Chance that it exceeds the threshold of a collapse.
    """

    mean: float
    high: float
    collapse_rate: float


def shrunk_rates(
    num_correct: NDArray[np.int64], num_samples: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return success probabilities, float64[problem], pulled to their mean by one pseudo-sample.

    Without it a problem that never passed would carry no noise, and the null gap come out short.
    """
    pooled = num_correct.sum() / num_samples.sum()
    return (num_correct + pooled) / (num_samples + 1)


def null_gap(
    rates: NDArray[np.float64],
    *,
    num_samples: int,
    num_evaluations: int,
    quantile: float = 0.95,
    threshold: float = 0.2,
) -> NullGap:
    """Return the distribution of highest minus last of equally distributed evaluations.

    With L the last number correct, M the highest of the T before it and F their distribution
    function, P(max(M, L) - L <= g) is the sum over l of P(L = l) F(l + g)^T.

    Args:
        rates: float64[problem], the chance that a sample passes.
        num_samples: Samples a problem in each evaluation.
        num_evaluations: T + 1, the evaluation before the first step included.
        quantile: Of the upper end.
        threshold: A gap above it counts as a collapse.
    """
    mass = _total_mass(rates, num_samples)
    top = len(mass) - 1
    below = np.minimum(np.cumsum(mass), 1.0) ** (num_evaluations - 1)
    totals = np.arange(top + 1)
    reach = np.minimum(totals[:, None] + totals[None, :], top)  # [gap, last total]
    within = np.minimum(below[reach] @ mass, 1.0)
    within[-1] = 1.0
    share = totals / top
    return NullGap(
        mean=float((1.0 - within).sum() / top),
        high=float(share[np.searchsorted(within, quantile)]),
        collapse_rate=float(1.0 - within[np.flatnonzero(share <= threshold + 1e-12)[-1]]),
    )


def fresh_gap_sd(rates: NDArray[np.float64], num_samples: int) -> float:
    """Return the noise of peak minus end when both are sampled afresh and nothing changed.

    The peak was chosen on other samples, so the mean of that gap is zero: the estimate that
    carries no winner's curse.

    Args:
        rates: float64[problem] on the split that is sampled afresh.
        num_samples: Fresh samples a problem at each checkpoint.
    """
    variance = (rates * (1 - rates)).sum() / num_samples / len(rates) ** 2
    return float(np.sqrt(2 * variance))


def _total_mass(rates: NDArray[np.float64], num_samples: int) -> NDArray[np.float64]:
    """Return the distribution of the number of passing samples over all problems."""
    counts = np.arange(num_samples + 1)
    ways = special.comb(num_samples, counts)
    mass = np.ones(1)
    for rate in rates:
        mass = np.convolve(mass, ways * rate**counts * (1 - rate) ** (num_samples - counts))
    return mass / mass.sum()
