"""Losses: from log-probabilities and advantages to a number to minimise.

Pure functions of tensors of shape [row, token], one row a completion. How tokens and rows are
averaged is a weight for each row, computed once for the whole batch (`row_weights`). A loss is
then a plain weighted sum, so the losses of any partition of the rows add up to the loss of the
batch, and so do their gradients.

This file uses tensor methods alone and does not import torch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Aggregation = Literal["sequence_sum", "sequence_mean", "token_mean", "constant"]


@dataclass(frozen=True, slots=True)
class LossInputs:
    """What a loss sees of some rows of a batch.

    Attributes:
        log_probs: [row, token], of the completion's tokens, with gradient.
        old_log_probs: [row, token], under the policy that sampled, without gradient.
        advantages: [row].
        mask: [row, token], 1 on the completion's tokens and 0 on padding.
        weights: [row], what one token of the row weighs in the loss (see `row_weights`).
        counts: [row], how many samples of the batch the row stands for, when equal samples are
            computed once. Already contained in `weights`; here it weighs the diagnostics.
    """

    log_probs: "Tensor"
    old_log_probs: "Tensor"
    advantages: "Tensor"
    mask: "Tensor"
    weights: "Tensor"
    counts: "Tensor"


@dataclass(frozen=True, slots=True)
class LossOutput:
    """A loss and what to log beside it; each adds up over a partition of the rows.

    Attributes:
        loss: Scalar with gradient.
        num_clipped: Completion tokens whose ratio is clipped, so that they have no gradient.
    """

    loss: "Tensor"
    num_clipped: "Tensor"


def row_weights(
    lengths: Sequence[int], aggregation: Aggregation, *, max_completion_length: int
) -> NDArray[np.float64]:
    """Return what one token of each row weighs in the loss of the batch.

    Args:
        lengths: Number of tokens of every completion in the whole batch.
        aggregation: `sequence_sum`: mean over rows of the sum over tokens, the policy gradient of
            a whole completion. `sequence_mean`: mean over rows of the mean over tokens, as GRPO
            (arXiv:2402.03300). `token_mean`: mean over all tokens, as DAPO (arXiv:2503.14476).
            `constant`: sum over tokens divided by rows times the cap, as Dr. GRPO
            (arXiv:2503.20783).
        max_completion_length: The cap on a completion's tokens; used by `constant`.

    Example:
        >>> row_weights([1, 3], "sequence_mean", max_completion_length=4).round(3).tolist()
        [0.5, 0.167]
    """
    tokens = np.asarray(lengths, dtype=np.float64)
    match aggregation:
        case "sequence_sum":
            return np.full_like(tokens, 1.0 / len(tokens))
        case "sequence_mean":
            return 1.0 / (len(tokens) * np.maximum(tokens, 1.0))
        case "token_mean":
            return np.full_like(tokens, 1.0 / max(tokens.sum(), 1.0))
        case "constant":
            return np.full_like(tokens, 1.0 / (len(tokens) * max_completion_length))


def weighted_sum(values: "Tensor", inputs: LossInputs) -> "Tensor":
    """Return the sum over completion tokens of values [row, token] under the rows' weights."""
    return ((values * inputs.mask).sum(1) * inputs.weights).sum()


def token_sum(values: "Tensor", inputs: LossInputs) -> "Tensor":
    """Return the sum of values [row, token] over the completion tokens of all samples."""
    return ((values * inputs.mask).sum(1) * inputs.counts).sum()


def reinforce_loss(inputs: LossInputs) -> LossOutput:
    """Return -A log pi, whose gradient is the policy gradient (Williams 1992)."""
    nothing = inputs.counts.new_zeros(())
    per_token = -inputs.advantages[:, None] * inputs.log_probs
    return LossOutput(weighted_sum(per_token, inputs), num_clipped=nothing)


def grpo_loss(inputs: LossInputs, *, epsilon: float, epsilon_high: float) -> LossOutput:
    """Return -min(ratio A, clip(ratio) A) (arXiv:2402.03300, equation 3, without its penalty).

    Args:
        inputs: Of some rows.
        epsilon: A ratio below 1 - epsilon is clipped where A < 0.
        epsilon_high: A ratio above 1 + epsilon_high is clipped where A > 0 (arXiv:2503.14476).
    """
    ratio = (inputs.log_probs - inputs.old_log_probs).exp()
    advantages = inputs.advantages[:, None]
    clipped = ratio.clamp(1.0 - epsilon, 1.0 + epsilon_high)
    per_token = -(ratio * advantages).minimum(clipped * advantages)
    too_low = (ratio < 1.0 - epsilon) & (advantages < 0)
    too_high = (ratio > 1.0 + epsilon_high) & (advantages > 0)
    num_clipped = token_sum((too_low | too_high).to(ratio.dtype), inputs)
    return LossOutput(weighted_sum(per_token, inputs), num_clipped=num_clipped)
