import numpy as np
import pytest

from crest.statistics.shared_peak import shared_moves


def test_shared_moves_by_hand_with_the_first_of_equal_peaks():
    curves = np.array([[0.1, 0.5, 0.2], [0.2, 0.3, 0.6], [0.0, 0.4, 0.1]])
    rise, fall = shared_moves(curves)
    np.testing.assert_allclose(rise, [0.4, 0.1, 0.4])
    np.testing.assert_allclose(fall, [0.3, -0.3, 0.3])


def test_jitter_without_drift_shows_neither_rise_nor_fall():
    moves = [shared_moves(curves) for curves in np.random.default_rng(0).normal(size=(2000, 5, 21))]
    rise, fall = np.mean(moves, axis=(0, 2))
    assert rise == pytest.approx(0, abs=0.06)
    assert fall == pytest.approx(0, abs=0.06)


def test_a_common_rise_and_fall_is_found_beneath_jitter():
    drift = np.array([0, 1, 2, 3, 2, 1, 0.5])
    rng = np.random.default_rng(1)
    moves = [shared_moves(drift + rng.normal(0, 0.3, (5, 7))) for _ in range(500)]
    rise, fall = np.mean(moves, axis=(0, 2))
    assert rise == pytest.approx(3, abs=0.05)
    assert fall == pytest.approx(2.5, abs=0.05)
