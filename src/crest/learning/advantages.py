"""Advantages: by how much a sample's reward beats what was to be expected.

Every function takes rewards as float64[problem, sample], one row a group, and returns advantages
of the same shape. A baseline that does not depend on a sample's own completion leaves the expected
gradient as it is and lowers its variance; `batch_means` and `group_means` include the sample's own
reward, which scales the expected gradient by (n - 1)/n, n being the number of rewards averaged.
"""

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Rewards = NDArray[np.float64]
Baseline = Literal["none", "batch_mean", "moving_average", "leave_one_out"]
RewardRange = Literal["zero_one", "plus_minus_one"]
ScaleRewards = Literal["group", "batch", "none"]
State = Mapping[str, float]
"""What an objective carries from step to step: JSON values, empty before the first step."""


def to_range(rewards: Rewards, reward_range: RewardRange) -> Rewards:
    """Return rewards of {0, 1} as they are, or moved to {-1, +1}."""
    return rewards if reward_range == "zero_one" else 2.0 * rewards - 1.0


def batch_advantages(rewards: Rewards) -> Rewards:
    """Return each reward minus the mean over the whole batch; all zero when rewards are equal."""
    if np.ptp(rewards) == 0:  # the mean of equal floats may miss them by an ulp
        return np.zeros_like(rewards)
    return rewards - rewards.mean()


def group_advantages(rewards: Rewards, *, scale_rewards: ScaleRewards) -> Rewards:
    """Return each reward minus its group's mean, in units of a deviation of rewards if asked.

    Args:
        rewards: At least one sample a problem.
        scale_rewards: `group` divides by the population deviation of the group, the GRPO form
            (arXiv:2402.03300, section 4.1.2). `batch` divides by that of all rewards of the
            step, one factor for all groups (arXiv:2508.08221). `none` leaves the difference, so
            that problems near pass rates of 0 and 1 are not amplified (arXiv:2503.20783). TRL
            differs: it divides by the sample deviation (n - 1) plus 1e-4.

    Returns:
        Advantages whose rows sum to zero up to rounding. A group of equal rewards gets exact
        zeros: it says nothing about which completion was better.

    Example:
        >>> group_advantages(np.array([[1.0, 0.0, 0.0, 1.0]]), scale_rewards="group")
        array([[ 1., -1., -1.,  1.]])
    """
    centred = rewards - rewards.mean(axis=1, keepdims=True)
    silent = np.ptp(rewards, axis=1, keepdims=True) == 0
    centred = np.where(silent, 0.0, centred)  # rounding of the mean must not become a signal
    if scale_rewards == "none":
        return centred
    axis = 1 if scale_rewards == "group" else None
    deviation = rewards.std(axis=axis, keepdims=True)  # 0 also where squares underflow
    return np.divide(centred, deviation, out=np.zeros_like(centred), where=deviation > 0)


def leave_one_out_advantages(rewards: Rewards) -> Rewards:
    """Return each reward minus the mean of the other samples of its group (arXiv:2402.14740).

    Equal to the difference from the group's mean times n/(n - 1).

    Raises:
        ValueError: A group has a single sample, so there is no other.

    Example:
        >>> leave_one_out_advantages(np.array([[1.0, 0.0, 0.0]]))
        array([[ 1. , -0.5, -0.5]])
    """
    samples = rewards.shape[1]
    if samples < 2:
        raise ValueError(
            f"baseline leave_one_out: {samples} sample a problem; set num_generations to 2 or more",
        )
    return group_advantages(rewards, scale_rewards="none") * (samples / (samples - 1))


def moving_average_advantages(
    rewards: Rewards, state: State, *, decay: float
) -> tuple[Rewards, State]:
    """Return each reward minus a running mean of earlier batches, and the running mean's new state.

    The baseline of a step is known before its samples are drawn, except at the first step, where
    the batch's own mean stands in for the missing past.

    Args:
        rewards: Rewards of one step.
        state: `{"baseline": value}`, or empty before the first step.
        decay: Weight of the past in [0, 1): new = decay * old + (1 - decay) * batch mean.
    """
    mean = float(rewards.mean())
    if "baseline" not in state:
        return batch_advantages(rewards), {"baseline": mean}
    baseline = state["baseline"]
    return rewards - baseline, {"baseline": decay * baseline + (1.0 - decay) * mean}


def reinforce_advantages(
    rewards: Rewards, state: State, *, baseline: Baseline, decay: float
) -> tuple[Rewards, State]:
    """Return advantages under one of the baselines of REINFORCE, and the state for the next step.

    Args:
        rewards: Rewards of one step.
        state: From the previous step; only `moving_average` has one.
        baseline: What is subtracted from every reward.
        decay: See `moving_average_advantages`.
    """
    match baseline:
        case "none":
            return rewards.copy(), state
        case "batch_mean":
            return batch_advantages(rewards), state
        case "leave_one_out":
            return leave_one_out_advantages(rewards), state
        case "moving_average":
            return moving_average_advantages(rewards, state, decay=decay)
