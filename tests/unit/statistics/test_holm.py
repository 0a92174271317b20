import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crest.statistics.holm import holm

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def test_holm_by_hand():
    found = holm([0.01, 0.04, 0.03, 0.005])
    np.testing.assert_allclose(found, [0.03, 0.06, 0.06, 0.02])


def test_a_family_of_one_is_left_alone_and_none_is_allowed():
    assert holm([0.2]).tolist() == [0.2]
    assert holm([]).tolist() == []


@given(P_VALUES)
def test_adjusted_values_lie_between_the_raw_ones_and_bonferroni(values):
    raw = np.array(values)
    adjusted = holm(raw)
    assert np.all(adjusted >= raw)
    assert np.all(adjusted <= np.minimum(1, raw * len(raw)) + 1e-15)


@given(P_VALUES, st.randoms())
def test_the_order_of_a_family_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    assert holm([values[index] for index in order]).tolist() == holm(values)[order].tolist()
