"""REINFORCE on a binary verifiable reward, as in arXiv:2606.21090.

Differences from the source: it publishes neither baseline nor token aggregation, so both are
options here; the defaults (mean of the batch, sum over tokens) are ours. One update a batch, on
the samples of the policy that is updated, so there is no importance ratio.
"""

from pydantic import Field

from crest.learning.advantages import (
    Baseline,
    RewardRange,
    Rewards,
    State,
    reinforce_advantages,
    to_range,
)
from crest.learning.losses import LossInputs, LossOutput, reinforce_loss
from crest.learning.options import ObjectiveOptions


class Options(ObjectiveOptions):
    """Options of REINFORCE."""

    baseline: Baseline = Field(
        default="batch_mean",
        description="What is subtracted from a reward: none, batch_mean, moving_average of "
        "earlier steps, or leave_one_out (mean of the group's other samples).",
    )
    reward_range: RewardRange = Field(
        default="zero_one",
        description="Rewards in {0, 1} (zero_one) or {-1, +1} (plus_minus_one). It matters under "
        "baseline none; otherwise it doubles the advantages.",
    )
    baseline_decay: float = Field(
        default=0.9,
        ge=0,
        lt=1,
        description="Weight of the past in the moving average; the other baselines ignore it.",
    )


def advantages(rewards: Rewards, options: Options, state: State) -> tuple[Rewards, State]:
    """Return rewards float64[problem, sample] minus the baseline, and the state."""
    return reinforce_advantages(
        to_range(rewards, options.reward_range),
        state,
        baseline=options.baseline,
        decay=options.baseline_decay,
    )


def loss(inputs: LossInputs, options: Options) -> LossOutput:
    """Return the policy-gradient loss of some rows."""
    return reinforce_loss(inputs)
