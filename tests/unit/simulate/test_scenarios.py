import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.simulate.scenarios import (
    CEILING,
    FLOOR,
    JITTER,
    SCENARIOS,
    Fate,
    Kind,
    Scenario,
    draw_fates,
    jittered,
    true_curve,
)

STARTS = st.floats(FLOOR, CEILING)
STEPS = st.integers(1, 40)


def falls(scenario, num_campaigns=4000):
    fates = draw_fates(scenario, num_campaigns, np.random.default_rng(0))
    return np.array([fate.fall is not None for fate in fates])


def test_healthy_campaigns_never_fall_and_flat_ones_never_move():
    assert not falls(Scenario(Kind.HEALTHY, 0.0)).any()
    (fate,) = draw_fates(Scenario(Kind.FLAT, 0.0), 1, np.random.default_rng(0))
    assert set(true_curve(fate, 0.17, 20)) == {0.17}


def test_sporadic_campaigns_fall_at_their_rate_whatever_went_before():
    fell = falls(Scenario(Kind.SPORADIC, 0.2, 0.3, 0.3))
    assert fell.mean() == pytest.approx(0.3, abs=0.03)
    assert fell[1:][fell[:-1]].mean() == pytest.approx(0.3, abs=0.05)


def test_persistent_campaigns_fall_more_often_after_a_fall():
    fell = falls(Scenario(Kind.PERSISTENT, 0.2, 0.15, 0.85))
    assert fell[1:][fell[:-1]].mean() == pytest.approx(0.85, abs=0.03)
    assert fell[1:][~fell[:-1]].mean() == pytest.approx(0.15, abs=0.03)


def test_a_rebound_follows_a_fall():
    fates = draw_fates(Scenario(Kind.REBOUND, 0.1), 4000, np.random.default_rng(0))
    ends = np.array([fate.level for fate in fates[1:]])
    moves = np.diff(ends)
    assert np.corrcoef(moves[1:], moves[:-1])[0, 1] == pytest.approx(-0.5, abs=0.05)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_first_campaign_does_not_fall(scenario):
    first = draw_fates(scenario, 3, np.random.default_rng(1))[0]
    assert first.fall is None
    assert first.level is None


@given(start=STARTS, max_steps=STEPS, fall=st.sampled_from([None, 0.1, 0.3]))
def test_a_curve_starts_at_the_start_and_stays_a_share(start, max_steps, fall):
    curve = true_curve(Fate(fall=fall), start, max_steps)
    assert len(curve) == max_steps + 1
    assert curve[0] == pytest.approx(start)
    assert ((curve > 0) & (curve < 1)).all()


@given(start=STARTS, max_steps=STEPS)
def test_a_healthy_campaign_never_falls_and_closes_nine_tenths_of_the_distance(start, max_steps):
    curve = true_curve(Fate(), start, max_steps)
    assert (np.diff(curve) >= 0).all()
    assert CEILING - curve[-1] == pytest.approx(0.1 * (CEILING - start))


def test_a_campaign_that_falls_rises_first_and_ends_its_size_below_the_start():
    curve = true_curve(Fate(fall=0.2), 0.6, 20)
    assert curve.argmax() == 5
    assert curve.max() >= 0.63
    assert curve[-1] == pytest.approx(0.4)
    assert (np.diff(curve[5:]) < 0).all()


def test_nothing_falls_below_the_floor():
    assert true_curve(Fate(fall=0.3), 0.1, 20)[-1] == FLOOR


@given(start=STARTS, seed=st.integers(0, 99))
def test_a_jittered_course_starts_at_its_start_and_leaves_its_trend_by_two_deviations_at_most(
    start, seed
):
    trend = true_curve(Fate(), start, 20)
    course = jittered(trend, np.random.default_rng(seed))
    assert course[0] == trend[0]
    assert np.abs(course - trend).max() <= 2 * JITTER + 1e-12


def test_jitter_has_its_standard_deviation_and_no_drift():
    jumps = jittered(np.full(40_001, 0.5), np.random.default_rng(0))[1:] - 0.5
    assert jumps.mean() == pytest.approx(0, abs=0.0005)
    assert 0.93 * JITTER < jumps.std() < JITTER
