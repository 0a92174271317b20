import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crest.statistics.robust import (
    interquartile_mean,
    performance_profile,
    probability_of_improvement,
)

SCORES = st.lists(st.integers(0, 20), min_size=1, max_size=8).map(lambda v: np.array(v) / 20)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([3.0, 1.0, 100.0, 2.0], 2.5),
        ([1.0, 2.0, 3.0, 4.0, 1000.0], 3.0),
        ([5.0, 1.0, 6.0, 2.0, 7.0, 3.0, 8.0, -90.0], 4.0),
        ([0.2, 0.6], 0.4),
    ],
)
def test_the_interquartile_mean_by_hand(scores, expected):
    assert float(interquartile_mean(np.array(scores))) == pytest.approx(expected)


def test_the_interquartile_mean_is_taken_along_the_last_axis():
    found = interquartile_mean(np.array([[0.0, 1.0, 2.0, 9.0], [4.0, 4.0, 4.0, 4.0]]))
    assert found.tolist() == [1.5, 4.0]


def test_the_probability_of_improvement_by_hand():
    assert probability_of_improvement(np.array([1.0, 2.0]), np.array([0.0, 1.0, 3.0])) == 3.5 / 6


@given(SCORES, SCORES)
def test_the_probability_of_improvement_is_mann_whitneys_u(scores, reference):
    found = probability_of_improvement(scores, reference)
    statistic = stats.mannwhitneyu(scores, reference).statistic
    assert found == pytest.approx(statistic / len(scores) / len(reference))
    assert found + probability_of_improvement(reference, scores) == pytest.approx(1)


@given(SCORES)
def test_a_performance_profile_falls_from_all_to_none(scores):
    profile = performance_profile(scores, np.linspace(-0.1, 1.0, 23))
    assert profile[0] == 1
    assert profile[-1] == 0
    assert np.all(np.diff(profile) <= 0)


def test_a_performance_profile_by_hand():
    profile = performance_profile(np.array([0.1, 0.4, 0.4, 0.9]), np.array([0.0, 0.1, 0.4, 0.5]))
    assert profile.tolist() == [1.0, 0.75, 0.25, 0.25]
