"""Which tasks' success rates changed by more than the noise of their samples."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


def changed(
    before: Counts, after: Counts, num_samples: tuple[Counts, Counts], level: float
) -> Array:
    """Return 1 where a rate rose, -1 where it fell and 0 where neither is beyond noise.

    Fisher's exact test of each task, twice the smaller tail; over the tasks of a row the false
    discovery rate is held at 1 - level (Benjamini and Hochberg 1995), so that of the changes named,
    that share is noise on average.

    Args:
        before: int64[row, task], passing samples.
        after: int64[row, task].
        num_samples: Samples before and after, of the same shapes.
        level: Confidence level.

    Returns:
        float64[row, task].
    """
    tried_before, tried_after = num_samples
    total, passed = tried_before + tried_after, before + after
    after_null = stats.hypergeom(total, passed, tried_after)
    tails = np.minimum(after_null.cdf(after), after_null.sf(after - 1))
    p_values = np.minimum(1.0, 2 * tails)
    controlled = np.stack([stats.false_discovery_control(row) for row in p_values])
    direction = np.sign(after / tried_after - before / tried_before)
    return np.where(controlled <= 1 - level, direction, 0.0)
