"""Choose among values by weight, quickly."""

from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values and the cumulated shares of their weights."""

    __slots__ = ("_bounds", "_values")

    def __init__(self, weights: Mapping[T, float]) -> None:
        """Take values and positive weights, which need not sum to one.

        Raises:
            ValueError: There are no values, or a weight is not positive.
        """
        if not weights or min(weights.values()) <= 0:
            raise ValueError(f"weights are {dict(weights)}: give at least one, all of them above 0")
        total = sum(weights.values())
        self._values = tuple(weights)
        self._bounds = [bound / total for bound in accumulate(weights.values())]
        self._bounds[-1] = 1.0  # whatever the sums rounded to; draws lie below

    def draw(self, rng: Random) -> T:
        """Return a value; the chance of each is its share of the weights."""
        return self._values[bisect_right(self._bounds, rng.random())]
