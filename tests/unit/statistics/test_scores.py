import numpy as np
import polars as pl
import pytest

from crest.statistics.scores import Scores, paired, problem_scores, seed_scores


def frame(rows):
    return pl.DataFrame(rows, schema=["seed", "task_id", "rate"], orient="row")


def test_scores_are_sorted_whatever_the_order_of_rows():
    rows = [(1, "b", 0.4), (0, "b", 0.2), (1, "a", 0.3), (0, "a", 0.1)]
    scores = problem_scores(frame(rows), "rate")
    assert (scores.seeds, scores.tasks) == ((0, 1), ("a", "b"))
    assert scores.values.tolist() == [[0.1, 0.2], [0.3, 0.4]]
    np.testing.assert_allclose(scores.per_seed, [0.15, 0.35])


def test_seeds_with_different_problems_are_refused():
    with pytest.raises(ValueError, match="evaluate every seed on the same problems"):
        problem_scores(frame([(0, "a", 0.1), (1, "b", 0.2)]), "rate")


def test_a_seed_without_a_value_is_left_out():
    scores = seed_scores(frame([(0, "a", None), (1, "a", 0.5), (1, "b", 0.7)]), "rate")
    assert scores.seeds == (1,)
    np.testing.assert_allclose(scores.values, [0.6])


def test_pairs_are_made_of_shared_seeds_only():
    first = Scores((0, 1, 3), (), np.array([1.0, 2.0, 4.0]))
    second = Scores((1, 2, 3), (), np.array([0.5, 9.0, 1.0]))
    difference = paired(first, second)
    assert difference.seeds == (1, 3)
    assert difference.values.tolist() == [1.5, 3.0]
    assert paired(first, second, weight=0.5).values.tolist() == [1.75, 3.5]


def test_arms_measured_on_different_problems_are_not_compared():
    first = Scores((0,), ("a",), np.ones((1, 1)))
    second = Scores((0,), ("b",), np.ones((1, 1)))
    with pytest.raises(ValueError, match="the same problems"):
        paired(first, second)
