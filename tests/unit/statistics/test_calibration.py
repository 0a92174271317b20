import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from crest.statistics.calibration import (
    auc,
    bins_of,
    calibration_error,
    log_loss,
    null_calibration_error,
    probabilities,
)


def test_the_error_is_the_mean_distance_of_bins_from_the_diagonal():
    predicted = np.array([0.05, 0.05, 0.95, 0.95])
    correct = np.array([0.0, 1.0, 1.0, 1.0])
    assert calibration_error(predicted, correct, 10) == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)


def test_a_probability_of_one_lies_in_the_last_bin():
    assert bins_of(np.array([0.0, 0.099, 0.1, 0.999, 1.0]), 10).tolist() == [0, 0, 1, 9, 9]


def test_a_calibrated_critic_is_off_by_what_its_null_says_and_one_too_sure_by_more():
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 1.5, (60, 500))
    predicted = probabilities(scores)
    correct = (rng.random(scores.shape) < predicted).astype(float)
    null = np.mean([null_calibration_error(row, rng) for row in predicted[:5]])
    errors = [calibration_error(*rows) for rows in zip(predicted, correct, strict=True)]
    assert np.mean(errors) == pytest.approx(null, rel=0.08)
    sure = probabilities(3 * scores[0])
    assert calibration_error(sure, correct[0]) > 2 * null


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=12))
def test_the_auc_is_the_share_of_pairs_in_order_with_ties_as_halves(candidates):
    scores = np.array([float(score) for score, _ in candidates])
    correct = np.array([float(right) for _, right in candidates])
    pairs = [
        (right > wrong) + 0.5 * (right == wrong)
        for right in scores[correct > 0]
        for wrong in scores[correct == 0]
    ]
    assert auc(scores, correct) == (pytest.approx(np.mean(pairs)) if pairs else None)


def test_log_loss_is_minus_the_mean_log_likelihood_and_finite_for_sure_scores():
    scores, correct = np.array([0.3, -2.0, 1.0]), np.array([1.0, 0.0, 0.0])
    likelihood = np.where(correct > 0, special.expit(scores), 1 - special.expit(scores))
    assert log_loss(scores, correct) == pytest.approx(-np.log(likelihood).mean())
    assert log_loss(np.array([800.0]), np.array([0.0])) == pytest.approx(800)
