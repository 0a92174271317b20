from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crest.tasks.code.behaviour import RAISED
from crest.tasks.code.hidden_tests import choose_tests, differences

MATRICES = st.lists(st.lists(st.booleans(), min_size=9, max_size=9), min_size=1, max_size=9)


def test_outputs_are_compared_as_python_compares():
    told = differences([2, 1, [0], RAISED], [[2.0, True, [1], 5], [3, RAISED, [0], RAISED]])
    assert told.tolist() == [[False, False, True, False], [True, True, False, False]]


def test_the_first_choice_tells_apart_most_programs():
    differs = np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]], dtype=bool)
    assert choose_tests([0, 0, 0, 0], differs, 1) == [1]
    assert choose_tests([0, 0, 0, 0], differs, 2) == [1, 3]


def test_among_equals_a_new_expected_value_is_preferred():
    differs = np.zeros((1, 4), dtype=bool)
    assert choose_tests([5, 5, 5, 6], differs, 2) == [0, 3]


def test_an_input_on_which_the_reference_raises_is_never_chosen():
    differs = np.zeros((1, 3), dtype=bool)
    assert choose_tests([RAISED, 1, 2], differs, 2) == [1, 2]


@given(MATRICES)
def test_whatever_can_be_told_apart_is_when_there_is_a_test_for_each(rows):
    differs = np.array(rows)
    chosen = choose_tests(range(9), differs, min(len(rows), 9))
    assert (differs[:, chosen].any(axis=1) == differs.any(axis=1)).all()


@given(MATRICES)
def test_greedy_choice_is_within_its_known_bound_of_the_best(rows):
    differs = np.array(rows)
    told = differs[:, choose_tests(range(9), differs, 3)].any(axis=1).sum()
    best = max(differs[:, list(some)].any(axis=1).sum() for some in combinations(range(9), 3))
    assert told >= (1 - (2 / 3) ** 3) * best
