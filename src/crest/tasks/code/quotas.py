"""How many problems or pairs each family gives."""

from collections.abc import Mapping

import numpy as np

from crest.tasks.code.families import FAMILIES


def apportion(total: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Return whole numbers in proportion to the weights that add up to `total`.

    The largest remainders are rounded up (Hamilton's method).

    Example:
        >>> apportion(10, {"cond": 1, "string": 2})
        {'cond': 3, 'string': 7}
    """
    shares = np.array(list(weights.values()), dtype=float)
    exact = total * shares / shares.sum()
    counts = np.floor(exact).astype(int)
    counts[np.argsort(counts - exact, kind="stable")[: total - counts.sum()]] += 1
    return dict(zip(weights, counts.tolist(), strict=True))


def check_weights(weights: Mapping[str, float]) -> None:
    """Raise unless the weights name families and one of them is positive.

    Raises:
        ValueError: A name is no family, a weight is negative, or all are zero.
    """
    if unknown := sorted(set(weights) - set(FAMILIES)):
        raise ValueError(
            f"family_weights names {', '.join(unknown)}: write only {', '.join(FAMILIES)}"
        )
    if min(weights.values(), default=0) < 0 or max(weights.values(), default=0) <= 0:
        raise ValueError(
            f"family_weights is {dict(weights)}: give every family 0 or more and one of them more"
        )
