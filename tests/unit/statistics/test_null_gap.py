from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crest.statistics.null_gap import fresh_gap_sd, null_gap, shrunk_rates


def simulated_gaps(rates, num_samples, num_evaluations, num=4000, seed=0):
    rng = np.random.default_rng(seed)
    shape = (num, num_evaluations, len(rates))
    curves = rng.binomial(num_samples, rates, shape).mean(axis=2) / num_samples
    return curves.max(axis=1) - curves[:, -1]


@pytest.mark.parametrize(
    ("num_problems", "num_samples", "num_evaluations"), [(30, 1, 21), (32, 8, 21), (6, 2, 4)]
)
def test_the_null_gap_is_that_of_a_direct_simulation(num_problems, num_samples, num_evaluations):
    rates = np.random.default_rng(1).beta(0.6, 1.4, num_problems)
    design = {"num_samples": num_samples, "num_evaluations": num_evaluations}
    found = null_gap(rates, **design, quantile=0.9, threshold=0.1)
    gaps = simulated_gaps(rates, **design)
    one = 1 / (num_problems * num_samples)
    assert found.mean == pytest.approx(gaps.mean(), abs=4 * gaps.std() / np.sqrt(len(gaps)))
    assert found.high == pytest.approx(np.quantile(gaps, 0.9), abs=one * 1.01)
    assert found.collapse_rate == pytest.approx(np.mean(gaps > 0.1 + 1e-9), abs=0.03)


def test_the_null_gap_of_one_coin_flipped_twice_by_enumeration():
    gaps = [max(flips) - flips[-1] for flips in product((0, 1), repeat=2)]
    found = null_gap(np.array([0.5]), num_samples=1, num_evaluations=2, threshold=0.5)
    assert found.mean == pytest.approx(np.mean(gaps))
    assert found.collapse_rate == pytest.approx(np.mean(gaps))
    assert found.high == 1.0


@pytest.mark.parametrize("mean_rate", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("concentration", [1.0, 4.0, 1000.0])
def test_thirty_problems_with_one_sample_each_show_seven_to_seventeen_points(
    mean_rate, concentration
):
    rates = np.random.default_rng(2).beta(
        mean_rate * concentration, (1 - mean_rate) * concentration, 30
    )
    found = null_gap(rates, num_samples=1, num_evaluations=21)
    assert 0.07 <= found.mean <= 0.175


def test_eight_samples_a_problem_shrink_the_null_gap_to_its_root():
    rates = np.full(32, 0.3)
    one = null_gap(rates, num_samples=1, num_evaluations=21)
    eight = null_gap(rates, num_samples=8, num_evaluations=21)
    assert eight.mean == pytest.approx(one.mean / np.sqrt(8), rel=0.05)
    assert eight.collapse_rate < 0.001 < one.collapse_rate


def test_a_policy_without_noise_has_no_null_gap():
    found = null_gap(np.array([0.0, 1.0]), num_samples=4, num_evaluations=21)
    assert (found.mean, found.high, found.collapse_rate) == (0, 0, 0)


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=6), st.integers(1, 4), st.integers(1, 20))
def test_the_null_gap_is_a_gap_and_grows_with_the_number_of_evaluations(rates, samples, steps):
    few = null_gap(np.array(rates), num_samples=samples, num_evaluations=steps)
    more = null_gap(np.array(rates), num_samples=samples, num_evaluations=steps + 1)
    assert -1e-12 <= few.mean <= more.mean + 1e-12
    assert few.high <= more.high <= 1
    assert 0 <= few.collapse_rate <= more.collapse_rate + 1e-12


def test_fresh_samples_of_an_unchanged_policy_show_a_gap_of_zero_with_the_stated_noise():
    rng = np.random.default_rng(3)
    rates = rng.beta(1, 2, 40)
    peak, end = rng.binomial(4, rates, (2, 20_000, 40)).mean(axis=2) / 4
    assert (peak - end).mean() == pytest.approx(0, abs=0.002)
    assert fresh_gap_sd(rates, 4) == pytest.approx((peak - end).std(), rel=0.03)


def test_shrinking_pulls_rates_to_their_mean_by_one_sample():
    found = shrunk_rates(np.array([0, 4, 8]), np.array([8, 8, 8]))
    np.testing.assert_allclose(found, [0.5 / 9, 4.5 / 9, 8.5 / 9])


def test_shrunk_rates_give_the_null_gap_of_the_true_ones():
    rng = np.random.default_rng(4)
    truth = rng.beta(0.5, 1.5, 32)
    design = {"num_samples": 4, "num_evaluations": 11}
    found = [
        null_gap(shrunk_rates(rng.binomial(44, truth), np.full(32, 44)), **design).mean
        for _ in range(50)
    ]
    assert np.mean(found) == pytest.approx(null_gap(truth, **design).mean, rel=0.03)
