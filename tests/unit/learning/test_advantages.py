import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from crest.learning.advantages import (
    batch_advantages,
    group_advantages,
    leave_one_out_advantages,
    moving_average_advantages,
    reinforce_advantages,
    to_range,
)

SHAPES = st.tuples(st.integers(1, 5), st.integers(2, 8))
BINARY = arrays(np.float64, SHAPES, elements=st.sampled_from([0.0, 1.0]))
REAL = arrays(np.float64, SHAPES, elements=st.floats(-1, 1))


def test_rewards_move_to_plus_and_minus_one():
    assert to_range(np.array([[0.0, 1.0]]), "plus_minus_one").tolist() == [[-1.0, 1.0]]
    assert to_range(np.array([[0.0, 1.0]]), "zero_one").tolist() == [[0.0, 1.0]]


def test_one_success_in_four_by_hand():
    rewards = np.array([[1.0, 0.0, 0.0, 0.0]])
    deviation = np.sqrt(3 / 16)
    assert np.allclose(
        group_advantages(rewards, scale_rewards="group"),
        np.array([[0.75, -0.25, -0.25, -0.25]]) / deviation,
    )
    assert np.allclose(leave_one_out_advantages(rewards), [[1.0, -1 / 3, -1 / 3, -1 / 3]])


@given(REAL)
def test_group_advantages_of_a_group_sum_to_zero(rewards):
    for scale in ("group", "batch", "none"):
        advantages = group_advantages(rewards, scale_rewards=scale)
        size = 1e-9 + np.abs(advantages).sum(axis=1)
        assert np.all(np.abs(advantages.sum(axis=1)) <= 1e-6 * size)


@given(BINARY)
def test_scaled_group_advantages_have_unit_or_zero_deviation(rewards):
    deviations = group_advantages(rewards, scale_rewards="group").std(axis=1)
    silent = np.ptp(rewards, axis=1) == 0
    assert np.allclose(deviations, np.where(silent, 0.0, 1.0))


def test_batch_scaling_divides_all_groups_by_the_deviation_of_the_batch_s_rewards():
    rewards = np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    deviation = np.sqrt(5 / 8 * 3 / 8)
    by_hand = np.array([[0.75, -0.25, -0.25, -0.25], [0.0, 0.0, 0.0, 0.0]]) / deviation
    assert np.allclose(group_advantages(rewards, scale_rewards="batch"), by_hand)


@given(REAL)
def test_batch_scaling_keeps_the_proportions_between_groups(rewards):
    plain = group_advantages(rewards, scale_rewards="none")
    scaled = group_advantages(rewards, scale_rewards="batch")
    deviation = rewards.std()
    assert np.allclose(scaled * deviation, plain if deviation > 0 else 0.0, atol=1e-12)


@given(st.floats(-1e3, 1e3), SHAPES)
def test_equal_rewards_give_exactly_zero(value, shape):
    rewards = np.full(shape, value)
    zero = np.zeros(shape)
    assert np.array_equal(group_advantages(rewards, scale_rewards="group"), zero)
    assert np.array_equal(group_advantages(rewards, scale_rewards="batch"), zero)
    assert np.array_equal(group_advantages(rewards, scale_rewards="none"), zero)
    assert np.array_equal(leave_one_out_advantages(rewards), zero)
    assert np.array_equal(batch_advantages(rewards), zero)


@given(REAL)
def test_leave_one_out_subtracts_the_mean_of_the_others(rewards):
    advantages = leave_one_out_advantages(rewards)
    for (problem, sample), reward in np.ndenumerate(rewards):
        others = np.delete(rewards[problem], sample)
        assert advantages[problem, sample] == pytest.approx(reward - others.mean(), abs=1e-12)


@given(BINARY, st.integers(0, 2**32 - 1))
def test_a_group_s_advantages_follow_a_permutation_of_its_samples(rewards, seed):
    order = np.random.default_rng(seed).permutation(rewards.shape[1])
    for advantages in (
        leave_one_out_advantages,
        lambda values: group_advantages(values, scale_rewards="group"),
    ):
        assert np.allclose(advantages(rewards)[:, order], advantages(rewards[:, order]))


def test_leave_one_out_refuses_a_single_sample():
    with pytest.raises(ValueError, match="set num_generations to 2"):
        leave_one_out_advantages(np.ones((3, 1)))


def test_moving_average_compares_with_earlier_batches_alone():
    good, bad = np.ones((1, 2)), np.zeros((1, 2))
    first, state = moving_average_advantages(np.array([[1.0, 0.0]]), {}, decay=0.8)
    assert first.tolist() == [[0.5, -0.5]]
    assert state == {"baseline": 0.5}
    second, state = moving_average_advantages(good, state, decay=0.8)
    assert second.tolist() == [[0.5, 0.5]]
    assert state["baseline"] == pytest.approx(0.8 * 0.5 + 0.2 * 1.0)
    third, _ = moving_average_advantages(bad, state, decay=0.8)
    assert np.allclose(third, -0.6)


def test_moving_average_leaves_the_given_state_alone():
    state = {"baseline": 0.5}
    moving_average_advantages(np.ones((1, 2)), state, decay=0.9)
    assert state == {"baseline": 0.5}


@given(BINARY)
def test_reward_range_doubles_advantages_under_a_baseline(rewards):
    for baseline in ("batch_mean", "leave_one_out"):
        plain, _ = reinforce_advantages(rewards, {}, baseline=baseline, decay=0.9)
        moved, _ = reinforce_advantages(2 * rewards - 1, {}, baseline=baseline, decay=0.9)
        assert np.allclose(moved, 2 * plain)


def test_no_baseline_returns_the_rewards():
    rewards = np.array([[1.0, 0.0]])
    advantages, state = reinforce_advantages(rewards, {}, baseline="none", decay=0.9)
    assert advantages.tolist() == rewards.tolist()
    assert state == {}
