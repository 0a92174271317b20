"""The unbiased estimate of pass@k (arXiv:2107.03374, equation 1)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def pass_at_k(num_correct: ArrayLike, num_samples: ArrayLike, k: int) -> NDArray[np.float64]:
    """Return `1 - C(n - c, k) / C(n, k)`: the chance that one of k samples passes.

    The quotient of binomials is the product of `(n - c - j) / (n - j)` over j < k, so no large
    number arises and the result is exact to a few ulp.

    Args:
        num_correct: Passing samples c a problem; any shape.
        num_samples: Samples n a problem; a shape that broadcasts with `num_correct`.
        k: How many samples may be tried, from 1.

    Raises:
        ValueError: k is not in 1..n, or c is not in 0..n.

    Example:
        >>> pass_at_k([0, 1, 2], 4, k=2)
        array([0.        , 0.5       , 0.83333333])
    """
    correct, samples = np.broadcast_arrays(
        np.asarray(num_correct, dtype=np.int64), np.asarray(num_samples, dtype=np.int64)
    )
    _check(correct, samples, k)
    draws = np.arange(k)
    factors = (samples - correct)[..., None] - draws
    return 1.0 - np.prod(np.maximum(factors, 0) / (samples[..., None] - draws), axis=-1)


def _check(correct: NDArray[np.int64], samples: NDArray[np.int64], k: int) -> None:
    if k < 1:
        raise ValueError(f"k is {k}; pass@k is defined from k = 1")
    if samples.size and k > samples.min():
        raise ValueError(
            f"k is {k}, but a problem has only {samples.min()} samples; "
            "lower k or sample more completions a problem"
        )
    if np.any(correct < 0) or np.any(correct > samples):
        raise ValueError(
            "num_correct is outside 0..num_samples; count passing samples of the same problem"
        )
