from collections import Counter

import pytest

from crest.tasks.flashfill.weighted import Weighted


class Fixed:
    """A generator that says what it is told."""

    def __init__(self, value):
        self._value = value

    def random(self):
        return self._value


def test_a_value_is_drawn_as_often_as_its_share_of_the_weights(rng):
    weighted = Weighted({"a": 1.0, "b": 3.0})
    counts = Counter(weighted.draw(rng) for _ in range(10_000))
    assert abs(counts["b"] - 7500) < 4 * (10_000 * 0.75 * 0.25) ** 0.5


def test_draws_at_the_bounds_have_a_value():
    weighted = Weighted(dict.fromkeys("abcdefghij", 0.1))  # whose sum is below one
    assert weighted.draw(Fixed(0.0)) == "a"
    assert weighted.draw(Fixed(1 - 2**-53)) == "j"


@pytest.mark.parametrize("weights", [{}, {"a": 0.0}, {"a": 1.0, "b": -1.0}])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(ValueError, match="give at least one, all of them above 0"):
        Weighted(weights)
