from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.statistics.pass_at_k import pass_at_k


@pytest.mark.parametrize("num_samples", range(1, 8))
def test_pass_at_k_equals_enumeration_for_small_n(num_samples):
    for num_correct in range(num_samples + 1):
        passed = [index < num_correct for index in range(num_samples)]
        for k in range(1, num_samples + 1):
            draws = [any(draw) for draw in combinations(passed, k)]
            expected = sum(draws) / len(draws)
            assert pass_at_k(num_correct, num_samples, k) == pytest.approx(expected, abs=1e-15)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(*[st.integers(0, n)] * 2, st.just(n))))
def test_pass_at_k_is_the_quotient_of_binomials_to_twelve_digits(case):
    k, num_correct, num_samples = case
    k = max(k, 1)
    exact = 1 - Fraction(comb(num_samples - num_correct, k), comb(num_samples, k))
    assert abs(float(pass_at_k(num_correct, num_samples, k)) - float(exact)) < 1e-12


@given(st.lists(st.integers(0, 16), min_size=1, max_size=5), st.integers(1, 15))
def test_pass_at_k_rises_with_k_and_keeps_the_shape(num_correct, k):
    lower, upper = pass_at_k(num_correct, 16, k), pass_at_k(num_correct, 16, k + 1)
    assert lower.shape == (len(num_correct),)
    assert np.all(lower <= upper + 1e-15)


def test_pass_at_1_is_the_share_that_passes():
    np.testing.assert_allclose(pass_at_k([[0, 3], [6, 8]], 8, 1), [[0, 0.375], [0.75, 1]])


def test_each_problem_may_have_its_own_number_of_samples():
    np.testing.assert_allclose(pass_at_k([1, 1], [2, 4], 2), [1.0, 0.5])


@pytest.mark.parametrize(
    ("num_correct", "num_samples", "k", "message"),
    [
        (1, [8, 4], 5, "k is 5, but a problem has only 4 samples"),
        (1, 4, 0, "defined from k = 1"),
        (5, 4, 1, r"outside 0\.\.num_samples"),
        (-1, 4, 1, r"outside 0\.\.num_samples"),
    ],
)
def test_what_has_no_pass_at_k_is_refused(num_correct, num_samples, k, message):
    with pytest.raises(ValueError, match=message):
        pass_at_k(num_correct, num_samples, k)
