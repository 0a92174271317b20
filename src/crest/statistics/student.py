"""Student's t interval of a mean over seeds."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def student_interval(
    values: NDArray[np.float64], confidence_level: float
) -> tuple[float, float] | None:
    """Return the two-sided t interval of the mean of float64[seed]; None below two seeds.

    Equal values give the interval that is that value.
    """
    num = len(values)
    if num < 2:
        return None
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / np.sqrt(num)
    reach = float(stats.t.ppf((1 + confidence_level) / 2, num - 1)) * error
    return mean - reach, mean + reach
