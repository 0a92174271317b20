import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crest.statistics.cluster_ratio import deviations, ratio, ratio_interval, sum_interval

CLUSTERS = st.lists(
    st.integers(1, 9).flatmap(lambda trials: st.tuples(st.integers(0, trials), st.just(trials))),
    min_size=2,
    max_size=12,
)


def arrays(clusters):
    events, trials = np.array(clusters, dtype=float).T
    return events, trials


@given(clusters=CLUSTERS)
def test_a_rate_lies_in_its_interval_and_the_interval_in_the_unit_interval(clusters):
    events, trials = arrays(clusters)
    low, high = ratio_interval(events, trials, 0.95)
    assert 0 <= low <= ratio(events, trials) + 1e-12
    assert ratio(events, trials) - 1e-12 <= high <= 1


@given(clusters=CLUSTERS)
def test_deviations_sum_to_nought(clusters):
    assert deviations(*arrays(clusters)).sum() == pytest.approx(0, abs=1e-9)


def test_with_one_trial_a_cluster_it_is_student_s_interval_of_a_mean():
    events = np.array([0.0, 1.0, 1.0, 0.0, 1.0])
    mean, error = events.mean(), stats.sem(events)
    expected = stats.t.interval(0.9, 4, mean, error)
    assert ratio_interval(events, np.ones(5), 0.9) == pytest.approx(
        (max(expected[0], 0), min(expected[1], 1))
    )


def test_a_rate_that_was_never_seen_has_an_exact_bound():
    trials = np.full(20, 7.0)
    assert ratio_interval(np.zeros(20), trials, 0.95) == pytest.approx((0, 1 - 0.025 ** (1 / 20)))
    assert ratio_interval(trials, trials, 0.95) == pytest.approx((0.025 ** (1 / 20), 1))


def test_equal_trials_that_are_counted_twice_do_not_narrow_the_interval():
    rng = np.random.default_rng(0)
    once = rng.binomial(1, 0.3, 40).astype(float)
    assert ratio_interval(9 * once, np.full(40, 9.0), 0.95) == pytest.approx(
        ratio_interval(once, np.ones(40), 0.95)
    )


def test_intervals_cover_the_truth_where_clusters_differ():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(1000):
        trials = rng.integers(1, 10, 50)
        rates = rng.beta(2, 4, 50)  # clusters have rates of their own; a third on average
        low, high = ratio_interval(rng.binomial(trials, rates) * 1.0, trials * 1.0, 0.95)
        covered += low <= 1 / 3 <= high
    assert 920 <= covered <= 975


def test_the_interval_of_a_sum_knows_that_its_parts_share_clusters():
    events, trials = arrays([(1, 4), (3, 4), (0, 4), (2, 4)])
    part = deviations(events, trials)
    low, high = sum_interval(0.0, [part, -part], 0.95)
    assert (low, high) == pytest.approx((0, 0))
