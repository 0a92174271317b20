import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from crest.statistics.bootstrap import bootstrap_interval
from crest.statistics.robust import interquartile_mean


def interval(values, seed=0, level=0.95, num_resamples=500, **more):
    return bootstrap_interval(
        np.asarray(values, dtype=float),
        rng=np.random.default_rng(seed),
        confidence_level=level,
        num_resamples=num_resamples,
        **more,
    )


def covers(found, truth):
    return found.low <= truth <= found.high


def test_nine_in_ten_intervals_of_skewed_data_cover_the_truth():
    rng = np.random.default_rng(1)
    found = [interval(rng.exponential(1.0, 30), seed, 0.9) for seed in range(300)]
    assert np.mean([covers(each, 1.0) for each in found]) == pytest.approx(0.9, abs=0.05)


def test_intervals_cover_the_truth_when_seeds_and_problems_are_both_random():
    rng = np.random.default_rng(2)
    hits = []
    for seed in range(200):
        values = 0.5 + rng.normal(0, 0.1, (12, 1)) + rng.normal(0, 0.3, (1, 40))
        found = interval(values + rng.normal(0, 0.2, (12, 40)), seed, 0.9)
        hits.append(covers(found, 0.5))
    assert np.mean(hits) == pytest.approx(0.9, abs=0.06)


def test_problems_of_one_seed_are_never_drawn_as_if_they_were_seeds():
    rng = np.random.default_rng(3)
    seed_effect = rng.normal(0, 1, (5, 1))
    many_problems = seed_effect + rng.normal(0, 0.01, (5, 400))
    found, by_seed = interval(many_problems), interval(seed_effect[:, 0])
    assert found.high - found.low == pytest.approx(by_seed.high - by_seed.low, rel=0.1)


def test_a_seed_wise_interval_is_scipys():
    values = np.random.default_rng(4).gamma(2.0, size=9)
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=500, method="BCa", rng=np.random.default_rng(0)
    ).confidence_interval
    found = interval(values)
    assert found.method == "bca"
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)


def test_two_equal_seeds_give_equal_intervals_and_two_others_do_not():
    values = np.random.default_rng(5).normal(size=(6, 20))
    assert interval(values, seed=7) == interval(values, seed=7)
    assert interval(values, seed=7) != interval(values, seed=8)


def test_the_global_generator_has_no_say():
    values = np.random.default_rng(6).normal(size=6)
    np.random.seed(0)  # noqa: NPY002 (the point of the test)
    first = interval(values)
    np.random.seed(1)  # noqa: NPY002
    assert interval(values) == first


@pytest.mark.parametrize("shape", [(4,), (4, 3)])
def test_equal_values_give_the_interval_that_is_the_value(shape):
    found = interval(np.full(shape, 0.3))
    assert (found.low, found.high, found.method) == (0.3, 0.3, "constant")


def test_where_bca_is_degenerate_the_interval_is_a_percentile_one_and_says_so():
    def num_distinct(values):  # no resample has more than the data: BCa's bias is infinite
        return (np.diff(np.sort(values, axis=-1)) > 0).sum(axis=-1) + 1.0

    found = interval(np.arange(12.0), statistic=num_distinct)
    assert found.method == "percentile"
    assert 1.0 <= found.low < found.high < 12.0


@pytest.mark.parametrize("values", [[], [0.2], [[0.2, 0.4]]])
def test_fewer_than_two_seeds_give_no_interval(values):
    found = interval(values)
    assert (found.low, found.high, found.method) == (None, None, "none")


def test_another_statistic_of_the_seeds_can_be_asked_for():
    values = np.array([*range(12), 500.0])
    assert interval(values, statistic=interquartile_mean).high < interval(values).high


@pytest.mark.parametrize("values", [np.zeros((2, 2, 2)), [0.1, np.nan], [0.1, np.inf]])
def test_other_ranks_and_values_that_are_not_finite_are_refused(values):
    with pytest.raises(ValueError, match=r"axes|not finite"):
        interval(values)


@settings(max_examples=40)
@given(arrays(float, st.integers(2, 6), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])))
def test_an_interval_is_ordered_and_within_the_data(values):
    found = interval(values, num_resamples=100)
    assert values.min() <= found.low <= found.high <= values.max()


@settings(max_examples=20)
@given(st.lists(st.integers(-20, 20), min_size=5, max_size=5), st.integers(1, 30))
def test_an_interval_moves_with_its_data(tenths, shift):
    values = np.array(tenths) / 10
    first, moved = interval(values), interval(values + shift / 10)
    expected = (first.low + shift / 10, first.high + shift / 10)
    assert (moved.low, moved.high) == pytest.approx(expected)
