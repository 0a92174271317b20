import numpy as np
import pytest
from scipy import stats

from crest.statistics.student import student_interval


@pytest.mark.parametrize("num", [2, 5, 30])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_is_scipys(num, level):
    values = np.random.default_rng(num).normal(2, 3, num)
    expected = stats.ttest_1samp(values, 0).confidence_interval(level)
    assert student_interval(values, level) == pytest.approx(tuple(expected), abs=1e-12)


def test_equal_values_give_the_interval_that_is_the_value():
    assert student_interval(np.array([0.1, 0.1, 0.1]), 0.95) == (0.1, 0.1)


def test_one_value_gives_no_interval():
    assert student_interval(np.array([0.1]), 0.95) is None
