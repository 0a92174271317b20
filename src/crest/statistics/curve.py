"""The shape of one campaign: how far its select curve falls, how suddenly, and when.

A curve is float64[step], pass@1 on the select split before any step (position 0) and after each.
"""

import numpy as np
from numpy.typing import NDArray


def curve_gap(curve: NDArray[np.float64]) -> float:
    """Return the highest value minus the last: biased upwards by noise, see `null_gap`."""
    return float(curve.max() - curve[-1])


def cliff_share(curve: NDArray[np.float64]) -> float | None:
    """Return the largest one-step drop after the peak over the drop from peak to end.

    Near 1 the campaign fell off a cliff, near 1 / steps it slid; above 1 it rose again after the
    cliff. None where the curve ends at its peak.
    """
    peak, drop = int(curve.argmax()), curve_gap(curve)
    if drop <= 0:
        return None
    return float(-np.diff(curve[peak:]).min() / drop)


def onset_step(curve: NDArray[np.float64]) -> int | None:
    """Return the first step from which the curve stays below the middle of peak and end [ours].

    None where the curve ends at its peak.
    """
    if curve_gap(curve) <= 0:
        return None
    middle = (curve.max() + curve[-1]) / 2
    return int(np.flatnonzero(curve >= middle)[-1]) + 1
