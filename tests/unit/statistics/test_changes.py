import numpy as np
import pytest
from scipy import stats

from crest.statistics.changes import changed


def of(before, after, num=128, level=0.95):
    before, after = (np.atleast_2d(each).astype(np.int64) for each in (before, after))
    tried = np.full_like(before, num)
    return changed(before, after, (tried, tried), level)


def test_large_moves_are_named_with_their_direction_and_small_ones_are_not():
    assert of([0, 64, 30, 128, 2], [30, 0, 32, 128, 3]).tolist() == [[1, -1, 0, 0, 0]]


def test_a_single_task_is_fishers_exact_test_of_twice_the_smaller_tail():
    tail = stats.fisher_exact([[12, 128 - 12], [3, 128 - 3]], alternative="greater").pvalue
    assert of([3], [12], level=1 - 2 * tail * 1.001) == 1
    assert of([3], [12], level=1 - 2 * tail * 0.999) == 0


def test_of_tasks_that_did_not_change_hardly_any_is_named():
    rng = np.random.default_rng(0)
    rates = rng.beta(0.5, 1.5, (50, 100))
    before, after = (rng.binomial(128, rates) for _ in range(2))
    assert np.mean(of(before, after).any(axis=1)) < 0.08


def test_of_the_tasks_named_at_most_the_stated_share_did_not_change():
    rng = np.random.default_rng(1)
    rates = rng.uniform(0.2, 0.6, (40, 100))
    moved = rng.random(rates.shape) < 0.3
    before = rng.binomial(128, rates)
    named = of(before, rng.binomial(128, rates + 0.2 * moved)) != 0
    assert (named & ~moved).sum() / named.sum() < 0.06
    assert (named & moved).sum() / moved.sum() == pytest.approx(0.8, abs=0.15)
