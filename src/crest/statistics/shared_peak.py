"""Rise and fall at a peak that other seeds chose: what campaigns of an arm have in common.

A curve that jitters from step to step without drift still has a highest step, and rises to it and
falls from it. That step is its own. Chosen by the mean curve of the other seeds of the same
campaign, the step knows neither the evaluation noise nor the jitter of this seed, so that without
a common drift rise and fall are zero on average. With drift they are that of the common curve,
less where the seeds' peaks lie apart.

Does not cover: the seeds' values are not quite independent, as each has a hand in the others'
peaks. For five seeds that only jitter (ten campaigns of 21 evaluations), Student's 95% interval
lay above zero in 5.6% of simulated studies instead of 2.5%, for rise and fall at once in 1.3%.
"""

import numpy as np
from numpy.typing import NDArray

_DECIMALS = 12  # of equal peaks the first counts, however the numbers were added


def shared_moves(curves: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each seed's rise to the others' peak and its fall from there: float64[seed] each.

    Args:
        curves: float64[seed, step], select pass@1 of one campaign of at least two seeds.
    """
    peaks = shared_peaks(curves)
    at_peak = curves[np.arange(len(curves)), peaks]
    return at_peak - curves[:, 0], at_peak - curves[:, -1]


def shared_peaks(curves: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return for each seed where the mean curve of the others is highest, first: intp[seed]."""
    others = np.round(curves.sum(axis=0) - curves, _DECIMALS)
    return others.argmax(axis=1)
