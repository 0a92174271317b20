"""Group Relative Policy Optimization (arXiv:2402.03300).

Differences from the source: the group's deviation is the population's, with no constant added to
it, and a group without deviation gets advantage zero; the loss has no KL term, which is a penalty
of its own here (`penalty: {kind: kl, estimator: k3}` is the source's); the clipping range may be
asymmetric (arXiv:2503.14476). With one update a batch the ratio is exactly 1 and nothing is ever
clipped.

`scale_rewards: none` with `aggregation: constant` is Dr. GRPO (arXiv:2503.20783); `token_mean` with
`epsilon_high: 0.28` is the loss of DAPO, without its dynamic sampling.
"""

from pydantic import Field

from crest.learning.advantages import Rewards, ScaleRewards, State, group_advantages
from crest.learning.losses import Aggregation, LossInputs, LossOutput, grpo_loss
from crest.learning.options import ObjectiveOptions


class Options(ObjectiveOptions):
    """Options of GRPO, under TRL's names."""

    aggregation: Aggregation = Field(
        default="sequence_mean",
        description="How the tokens of a batch are averaged into the loss: sequence_sum, "
        "sequence_mean, token_mean or constant.",
    )
    scale_rewards: ScaleRewards = Field(
        default="group",
        description="Divide advantages by the deviation of their group's rewards (group), of the "
        "whole batch's (batch), or not (none).",
    )
    epsilon: float = Field(
        default=0.2,
        gt=0,
        lt=1,
        description="A probability ratio is clipped from below at 1 - epsilon.",
    )
    epsilon_high: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="A probability ratio is clipped from above at 1 + epsilon_high; null takes "
        "epsilon.",
    )
    num_iterations: int = Field(
        default=1,
        ge=1,
        description="Gradient updates on one batch of rollouts.",
    )

    @property
    def updates_per_batch(self) -> int:
        """Return how many gradient updates one batch of rollouts serves."""
        return self.num_iterations


def advantages(rewards: Rewards, options: Options, state: State) -> tuple[Rewards, State]:
    """Return rewards float64[problem, sample] relative to their group; the state is unused."""
    return group_advantages(rewards, scale_rewards=options.scale_rewards), state


def loss(inputs: LossInputs, options: Options) -> LossOutput:
    """Return the clipped-ratio loss of some rows."""
    high = options.epsilon if options.epsilon_high is None else options.epsilon_high
    return grpo_loss(inputs, epsilon=options.epsilon, epsilon_high=high)
