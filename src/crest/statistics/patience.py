"""Whether an arm's campaigns end a fixed number of steps after their best one.

The null gap assumes that the number of evaluations was fixed beforehand. Where the curve itself
ends a campaign, some steps after its highest value, the highest minus the last value of a policy
that never changes has another distribution, and the null gap would be wrong.

Covers: what the tables show of it, the lengths of campaigns and their peaks. Of an arm whose
campaigns differ in length, those that ended before the longest must all have run the same number
of steps, at least one, beyond their peak, and the longest no more than that. Does not cover: an arm
of which every campaign ran equally long, where patience leaves no trace; and a few campaigns of
lengths that were planned may fit by chance, which costs them their null gap and nothing else.
"""

import numpy as np
from numpy.typing import NDArray


def stops_by_patience(num_steps: NDArray[np.int64], peak_steps: NDArray[np.int64]) -> bool:
    """Return whether an arm's campaigns look as if their curves had ended them.

    Args:
        num_steps: int64[campaign], steps run, over all seeds of the arm.
        peak_steps: int64[campaign], the first step of the highest value.
    """
    beyond = num_steps - peak_steps
    cut = num_steps < num_steps.max()
    if not cut.any():
        return False
    patience = beyond[cut][0]
    return bool(patience >= 1 and (beyond[cut] == patience).all() and (beyond <= patience).all())
