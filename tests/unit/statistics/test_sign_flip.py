from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crest.statistics.sign_flip import drawn_flip_p, sign_flip_p, smallest_p

WHOLE = st.lists(st.integers(-50, 50), min_size=1, max_size=9)


@given(WHOLE)
def test_p_equals_brute_force_over_all_signs(differences):
    observed = abs(sum(differences))
    flipped = [
        abs(sum(sign * value for sign, value in zip(signs, differences, strict=True)))
        for signs in product((1, -1), repeat=len(differences))
    ]
    expected = np.mean([value >= observed for value in flipped])
    assert sign_flip_p(np.array(differences, dtype=float)) == expected


@given(WHOLE, st.sampled_from([-1.0, 0.1, 1e-6]))
def test_p_does_not_depend_on_unit_or_direction(differences, factor):
    values = np.array(differences, dtype=float)
    assert sign_flip_p(values) == sign_flip_p(factor * values)


def test_p_is_scipys_permutation_test_of_pairs():
    values = np.random.default_rng(0).normal(0.5, 1, 8)
    found = stats.permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip_p(values) == pytest.approx(found.pvalue)


@pytest.mark.parametrize(("num", "least"), [(1, 1.0), (2, 0.5), (5, 0.0625), (10, 2 / 1024)])
def test_no_p_is_smaller_than_the_number_of_pairs_allows(num, least):
    assert smallest_p(num) == least
    assert sign_flip_p(np.arange(1.0, num + 1)) == least


def test_no_difference_at_all_gives_p_one():
    assert sign_flip_p(np.zeros(5)) == 1.0


def test_equal_differences_are_compared_beyond_rounding():
    assert sign_flip_p(np.full(5, 0.1)) == 0.0625


def test_twenty_pairs_are_enumerated():
    assert sign_flip_p(np.ones(20)) == 2.0**-19


@pytest.mark.parametrize("num", [0, 21])
def test_what_cannot_be_enumerated_is_refused(num):
    with pytest.raises(ValueError, match=f"{num} pairs"):
        sign_flip_p(np.ones(num))


def test_drawn_patterns_give_the_p_of_all_patterns():
    differences = np.random.default_rng(1).normal(0.3, 1, (12, 4))
    differences[:, 3] = 0
    found = drawn_flip_p(differences, np.random.default_rng(0), 20_000)
    exact = [sign_flip_p(column) for column in differences.T]
    assert found == pytest.approx(exact, abs=0.015)
    assert found[3] == 1


def test_no_drawn_p_is_zero():
    sure = np.ones((60, 1))
    assert drawn_flip_p(sure, np.random.default_rng(0), 99) == pytest.approx([0.01])
