from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.control._hypervolume import hypervolume

COORDINATE = st.sampled_from([round(0.1 * tenth, 1) for tenth in range(11)]) | st.floats(0, 1)


@st.composite
def fronts(draw, most=5):
    size = draw(st.integers(1, 4))
    point = st.tuples(*[COORDINATE] * size)
    return draw(st.lists(point, max_size=most)), (0.0,) * size


def by_inclusion_and_exclusion(points, reference):
    """Add and take away the boxes that all points of each subset dominate."""
    total = 0.0
    for size in range(1, len(points) + 1):
        for subset in combinations(points, size):
            corner = np.min(subset, axis=0)
            total += (-1) ** (size + 1) * np.maximum(corner - reference, 0).prod()
    return total


@given(front=fronts())
def test_the_volume_is_what_inclusion_and_exclusion_gives(front):
    points, reference = front
    expected = by_inclusion_and_exclusion(points, np.array(reference))
    assert hypervolume(points, reference) == pytest.approx(expected, abs=1e-9)


@given(front=fronts(), order=st.randoms(use_true_random=False))
def test_neither_order_nor_repeats_matter(front, order):
    points, reference = front
    shuffled = [*points, *points]
    order.shuffle(shuffled)
    assert hypervolume(shuffled, reference) == pytest.approx(hypervolume(points, reference))


@given(front=fronts(), data=st.data())
def test_one_more_point_adds_nothing_exactly_where_another_dominates_it(front, data):
    points, reference = front
    point = data.draw(st.tuples(*[COORDINATE] * len(reference)))
    before, after = hypervolume(points, reference), hypervolume([*points, point], reference)
    assert after >= before - 1e-12
    if any(all(np.array(other) >= point) for other in points):
        assert after == pytest.approx(before)


def test_a_point_that_does_not_exceed_the_reference_adds_nothing():
    assert hypervolume([(0.5, 0.0)], (0.0, 0.0)) == 0.0
    assert hypervolume([], (0.0,)) == 0.0


def test_a_volume_is_measured_from_the_reference():
    assert hypervolume([(0.4, 0.4)], (-0.1, -0.1)) == pytest.approx(0.25)
