"""Elastic weight consolidation: a spring to the campaign's start, stiff where it mattered.

The penalty is lambda/2 sum_i F_i (theta_i - start_i)^2 / diagonal_share, F being the diagonal of
the true Fisher information of completions, sampled from the campaign's start on the previous
campaign's problems (`crest.learning.fisher`). A chain's first campaign has no earlier problems and
no penalty.

lambda is in the unit of beta of `kl` under `sequence_sum`: with the whole Fisher matrix G,
1/2 d'Gd is KL in nats a completion to second order in the move d. The diagonal alone sees a small
share of it, because training moves many parameters together along gradients. Over 16 campaigns of
organisms at four learning rates, at the campaign's end, 1/2 d'Gd was 0.9 to 5.0 times KL(start ||
end) (median 1.4), and the diagonal's 1/2 sum_i F_i d_i^2 was 0.007 to 0.020 of KL(end || start)
(median 0.0155). `diagonal_share` divides by that share: the price is then within a factor of 2.2
of lambda KL on such moves. Moves made under the penalty bend into what the diagonal does not see:
four campaigns at the collapsing rate paid 0.25 to 1.0 of lambda KL.

Differences from the source (arXiv:1612.00796, equation 3): the division by `diagonal_share`, which
1 turns off; only the previous campaign is protected, not all earlier ones, since each start is
anchored anew; the samples are the policy's own, where the source has labelled data. A resumed
campaign computes F again, from the same samples.
"""

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from crest.learning.penalty import NO_PENALTY, Penalty, PenaltyContext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor


class Options(BaseModel):
    """Options of elastic weight consolidation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lambda_: float = Field(
        default=0.05,
        gt=0,
        allow_inf_nan=False,
        description="Price of one nat a completion, in rewards, as diagonal and diagonal_share "
        "estimate it.",
    )
    diagonal_share: float = Field(
        default=0.015,
        gt=0,
        le=1,
        description="Share of a campaign's divergence that the diagonal of the Fisher information "
        "sees along its move; measured on the organism, and another for other models. 1 is the "
        "published penalty.",
    )
    num_generations: int = Field(
        default=4,
        ge=1,
        description="Completions of each earlier problem from which the Fisher information is "
        "estimated; each costs a backward pass.",
    )


def prepare(context: PenaltyContext, options: Options) -> Penalty:
    """Return the penalty of a campaign, whose weight is lambda at every step."""
    if not context.problems:
        return NO_PENALTY
    from crest.learning.fisher import diagonal_fisher, sample_sequences  # noqa: PLC0415 (torch)

    sequences = sample_sequences(
        context.start,
        context.problems,
        context.stream,
        num_generations=options.num_generations,
        temperature=context.temperature,
        max_completion_length=context.max_completion_length,
    )
    fisher = diagonal_fisher(context.start, sequences, temperature=context.temperature)
    stiffness = [tensor / options.diagonal_share for tensor in fisher]
    anchor = [tensor.detach().clone() for tensor in context.start.parameters()]
    return Penalty(
        weight=lambda _: options.lambda_,
        parameters=lambda parameters: spring(parameters, anchor, stiffness),
    )


def spring(
    parameters: "Iterable[Tensor]", anchor: "Sequence[Tensor]", stiffness: "Sequence[Tensor]"
) -> "Tensor":
    """Return 1/2 sum_i stiffness_i (parameter_i - anchor_i)^2, a scalar with gradient."""
    terms = [
        (stiff * (tensor - fixed).square()).sum()
        for tensor, fixed, stiff in zip(parameters, anchor, stiffness, strict=True)
    ]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return 0.5 * total
